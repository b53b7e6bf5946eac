"""How a configuration may have versions numbered and tags named."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_changelog.config.complaint import BadValueError
from dvc_changelog.config.version import calendar, calendar_words, initial_version, is_tag_name, tag_format


@pytest.mark.parametrize(
    "value", ["", "v{version}", "{version}", "{artifact}@v{version}", "release/{version}", "{version}-final"]
)
def test_a_tag_format_holds_the_version_once(value: str) -> None:
    assert value == tag_format(value)


@pytest.mark.parametrize(
    ("value", "what", "remedy"),
    [
        ("v", "must hold `{version}` once", '"v{version}"'),
        ("{version}-{version}", "must hold `{version}` once", '"v{version}"'),
        ("{artifact}/{artifact}@{version}", "holds `{artifact}` twice", "{artifact}@v{version}"),
        ("{name}-{version}", "holds a field that there is not", "`{artifact}`"),
        ("v {version}", "no name that Git takes", "v{version}"),
        ("v:{version}", "no name that Git takes", "v{version}"),
        ("-{version}", "no name that Git takes", "v{version}"),
        ("{version}.", "no name that Git takes", "v{version}"),
        ("y2{version}", "does not set the version apart", '"-"'),
        ("{version}{artifact}", "does not set the version apart", '"-"'),
    ],
)
def test_a_tag_format_that_makes_no_tag_is_refused(value: str, what: str, remedy: str) -> None:
    with pytest.raises(BadValueError, match=re.escape(what)) as caught:
        tag_format(value)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    "value",
    [
        *("", "none", "YYYY", "YYYY.MM", "YYYY.0M.0D", "YYYY.MM.MICRO", "YY.MM", "0Y.0M.MICRO", "YYYY-0M-0D"),
        *("YYYY_0M", "YYYY0M0D", "YYYY0M0D.MICRO", "YYYY.WW", "YYYY.0W.MICRO", "YYYY.MICRO"),
    ],
)
def test_a_calendar_goes_from_the_year_down(value: str) -> None:
    assert value == calendar(value)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("yyyy.mm", "not made of calendar words"),
        ("%Y.%m", "not made of calendar words"),
        ("YYYY.", "not made of calendar words"),
        (".YYYY", "not made of calendar words"),
        ("YYYY..MM", "not made of calendar words"),
        ("v{YYYY}", "not made of calendar words"),
        ("MM.YYYY", "from the year down"),
        ("MM.DD", "from the year down"),
        ("MICRO", "from the year down"),
        ("YYYY.MICRO.MM", "from the year down"),
        ("YYYY.YY", "from the year down"),
        ("YYYY.MM.WW", "from the year down"),
        ("YYYY.DD", "a day without its month"),
        ("YYYY.WW.DD", "a day without its month"),
        ("YYYYMM", "nothing parts YYYY from MM"),
        ("YY0M", "nothing parts YY from 0M"),
        ("YYYYMICRO", "nothing parts YYYY from MICRO"),
    ],
)
def test_a_calendar_that_does_not_grow_or_cannot_be_read_is_refused(value: str, what: str) -> None:
    with pytest.raises(BadValueError, match=what) as caught:
        calendar(value)
    assert caught.value.remedy


def test_a_calendar_is_taken_apart_at_its_words() -> None:
    assert calendar_words("YYYY.0M0D-MICRO") == (("YYYY", ""), ("0M", "."), ("0D", ""), ("MICRO", "-"))


@pytest.mark.parametrize("value", ["0.1.0", "1.0.0", "1.0", "1", "0.0.1"])
def test_an_initial_version_is_numbers(value: str) -> None:
    assert value == initial_version(value)


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        ("v1.0.0", 'Write "1.0.0"; what stands before is `tag-format`.'),
        ("", "0.1.0"),
        ("1.0.0-rc.1", "0.1.0"),
        ("01.0", "0.1.0"),
        ("one", "0.1.0"),
        ("1.", "0.1.0"),
        ("\u0661.0", "0.1.0"),
    ],
)
def test_an_initial_version_with_more_than_numbers_is_refused(value: str, remedy: str) -> None:
    with pytest.raises(BadValueError, match="version") as caught:
        initial_version(value)
    assert remedy in caught.value.remedy


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("a1./-@{}~^:?*[\\ lock"), min_size=1, max_size=6))
def test_a_tag_may_have_the_names_that_git_gives_one(name: str) -> None:
    # `git tag` refuses a leading "-" besides what the format of a reference does.
    git = subprocess.run(["git", "check-ref-format", f"refs/tags/{name}"], check=False).returncode == 0
    assert (git and not name.startswith("-") and name != "@") == is_tag_name(name)
