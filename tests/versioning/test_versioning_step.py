"""Which version follows."""

from __future__ import annotations

import re
from datetime import date

import pytest

from dvc_changelog.domain import Level
from dvc_changelog.errors import TagTakenError, UsageError, VersionError
from dvc_changelog.history import parse_tag
from dvc_changelog.versioning import Step, inferred, next_version, standing

TODAY = date(2024, 3, 15)
NONE, PATCH, MINOR, MAJOR = Level

# the tags, oldest first; what a patch, a minor and a major step make of them
STEPS = [
    ("v1.2.3", "v1.2.4", "v1.3.0", "v2.0.0"),
    ("0.3.2", "0.3.3", "0.4.0", "1.0.0"),
    ("v1.2", "v1.2.1", "v1.3", "v2.0"),
    ("v1.2 v1.2.1", "v1.2.2", "v1.3", "v2.0"),
    ("v0.3", "v0.3.1", "v0.4", "v1.0"),
    ("v7", "v8", "v8", "v8"),
    ("base-graph-v1", "base-graph-v2", "base-graph-v2", "base-graph-v2"),
    ("v1.2.3.4", "v1.2.4.0", "v1.3.0.0", "v2.0.0.0"),
    ("v_1_2", "v_1_2_1", "v_1_3", "v_2_0"),
    ("v1-2-3", "v1-2-4", "v1-3-0", "v2-0-0"),
    ("A4.1", "A4.1.1", "A4.2", "A5.0"),
    ("exp-007", "exp-008", "exp-008", "exp-008"),
    ("exp-099 exp-100", "exp-101", "exp-101", "exp-101"),
    ("churn@v1.2.0#3", "churn@v1.2.1", "churn@v1.3.0", "churn@v2.0.0"),
    ("sub=churn@v1.2.0", "sub=churn@v1.2.1", "sub=churn@v1.3.0", "sub=churn@v2.0.0"),
    ("v1.2.3+build.5", "v1.2.4", "v1.3.0", "v2.0.0"),
    ("1.0.post1", "1.0.1", "1.1", "2.0"),
    # the greatest counts, not the newest
    ("v1.0.4 v0.0.1", "v1.0.5", "v1.1.0", "v2.0.0"),
    ("v2.2.10 v2.2.9", "v2.2.11", "v2.3.0", "v3.0.0"),
    ("1.9.0 v1.8.9", "v1.9.1", "v1.10.0", "v2.0.0"),
    ("v1.2.3 v1", "v1.2.4", "v1.3.0", "v2.0.0"),
    ("v1.1.0 a4", "v1.1.1", "v1.2.0", "v2.0.0"),
    ("2024.03.1 v1.0.0", "v1.0.1", "v1.1.0", "v2.0.0"),
    ("v0.1.0 v1 v2", "v3", "v3", "v3"),
    # a number is used by whatever stands behind it
    ("v0.2.0 v0.2.4-test", "v0.2.5", "v0.3.0", "v1.0.0"),
    # from a prerelease to the stable version
    ("1.1.0 1.2.0-rc.3", "1.2.0", "1.2.0", "2.0.0"),
    ("1.1.0 2.0.0-rc.1", "2.0.0", "2.0.0", "2.0.0"),
    ("v1.3.2-rc1 v1.3.2", "v1.3.3", "v1.4.0", "v2.0.0"),
    ("v2.0.0-rc.1", "v2.0.0", "v2.0.0", "v2.0.0"),
    ("v0.0.1-rc.1", "v0.1.0", "v0.1.0", "v0.1.0"),
    # the first one
    ("", "v0.1.0", "v0.1.0", "v0.1.0"),
    ("2024-assessment-year exp-a", "v0.1.0", "v0.1.0", "v0.1.0"),
]


@pytest.mark.parametrize(("tags", "patch", "minor", "major"), STEPS)
def test_a_step_of_each_level(tags: str, patch: str, minor: str, major: str) -> None:
    assert [patch, minor, major] == [_tag(tags, level) for level in (PATCH, MINOR, MAJOR)]


@pytest.mark.parametrize("tags", ["", "v1.0.0", "2024.03.1"])
def test_without_a_change_there_is_no_next_version(tags: str) -> None:
    assert _next(tags, NONE) is None
    assert _next(tags, NONE, pre="rc") is None


@pytest.mark.parametrize(
    ("tags", "level", "expected"),
    [
        ("v0.3.2", MAJOR, "v0.4.0"),
        ("v0.3.2", MINOR, "v0.4.0"),
        ("v0.3.2", PATCH, "v0.3.3"),
        ("v0.3", MAJOR, "v0.4"),
        ("v1.3.2", MAJOR, "v2.0.0"),
        ("v0.9.0 v1.0.0-rc.1", MAJOR, "v1.0.0"),
    ],
)
def test_a_team_can_stay_below_one(tags: str, level: Level, expected: str) -> None:
    assert expected == _tag(tags, level, stay_below=True)


# the tags, the level, the word, the tag that follows
PRERELEASES = [
    ("v1.1.0", MINOR, "rc", "v1.2.0-rc.1"),
    ("v1.1.0 v1.2.0-rc.1", MINOR, "rc", "v1.2.0-rc.2"),
    ("v1.1.0 v1.2.0-rc.9 v1.2.0-rc.10", PATCH, "rc", "v1.2.0-rc.11"),
    ("v1.1.0 v1.2.0-rc.1", MAJOR, "rc", "v2.0.0-rc.1"),
    ("v1.1.0 v2.0.0-rc.1", MINOR, "rc", "v2.0.0-rc.2"),
    ("v1.1.0 v1.2.0-beta.4", MINOR, "rc", "v1.2.0-rc.1"),
    ("v1.1.0 v1.2.0-beta.4 v1.2.0-rc.1", MINOR, "rc", "v1.2.0-rc.2"),
    ("v1.1.0 v1.2.0-rc.1 v1.2.0", MINOR, "rc", "v1.3.0-rc.1"),
    ("v1.2", MINOR, "rc", "v1.3-rc.1"),
    ("v7", PATCH, "rc", "v8-rc.1"),
    ("churn@v1.0.0", MINOR, "rc", "churn@v1.1.0-rc.1"),
    ("churn@v1.0.0 churn@v1.1.0-rc.1#4", MINOR, "rc", "churn@v1.1.0-rc.2"),
    # as the team writes it
    ("0.2.4 0.2.5rc1", PATCH, "rc", "0.2.5rc2"),
    ("0.2.4 0.2.5rc1", MINOR, "rc", "0.3.0rc1"),
    ("1.0 1.1.dev3", PATCH, "dev", "1.1.dev4"),
    ("1.0 1.1.dev3", PATCH, "rc", "1.1rc1"),
    ("1.0a1 1.0", MINOR, "alpha", "1.1a1"),
    ("1.0 1.1a1", MINOR, "alpha", "1.1a2"),
    ("v1.0.0 v1.1.0-RC1", MINOR, "rc", "v1.1.0-RC2"),
    ("v2.0.1-rc1 v2.0.0", PATCH, "rc", "v2.0.1-rc2"),
    ("v2.0.0-pre-1 v2.0.0", MINOR, "pre", "v2.1.0-pre-1"),
    ("v1.0.0-rc09", PATCH, "rc", "v1.0.0-rc10"),
    ("v1.0.0-beta", PATCH, "beta", "v1.0.0-beta.1"),
    # the first one
    ("", PATCH, "rc", "v0.1.0-rc.1"),
    ("v0.1.0-rc.1", MAJOR, "rc", "v0.1.0-rc.2"),
    # dates
    ("2024.03.1", PATCH, "rc", "2024.03.2-rc.1"),
    ("2024.03.1 2024.03.2-rc.1", PATCH, "rc", "2024.03.2-rc.2"),
    ("2024.02.1 2024.02.2-rc.1", PATCH, "rc", "2024.03.0-rc.1"),
    ("2024.2.0 2024.3.0b1", PATCH, "b", "2024.3.0b2"),
]


@pytest.mark.parametrize(("tags", "level", "word", "expected"), PRERELEASES)
def test_a_prerelease_leads_to_the_version_and_never_below_one_that_is_out(
    tags: str, level: Level, word: str, expected: str
) -> None:
    assert expected == _tag(tags, level, pre=word)


@pytest.mark.parametrize("word", ["beta", "b", "alpha", "dev"])
def test_a_word_that_sorts_before_what_is_out_is_an_error_that_names_both(word: str) -> None:
    with pytest.raises(UsageError, match=f"v1.2.0-{word}.1 would sort before v1.2.0-rc.1") as caught:
        _next("v1.1.0 v1.2.0-rc.1", MINOR, pre=word)
    assert "`--pre rc`" in caught.value.remedy


@pytest.mark.parametrize("word", ["r c", "rc.1", "test", "1", "-", "post", "\u0440c", "rc\n"])
@pytest.mark.parametrize("level", [NONE, MINOR])
def test_a_word_that_says_no_prerelease_is_an_error_that_names_those_that_do(word: str, level: Level) -> None:
    with pytest.raises(UsageError, match=re.escape(f"--pre {word!r}")) as caught:
        _next("v1.1.0", level, pre=word)
    assert "alpha, beta, rc" in caught.value.remedy


@pytest.mark.parametrize(
    "word",
    ["alpha", "beta", "rc", "dev", "pre", "preview", "next", "milestone", "canary", "nightly", "snapshot"],
)
def test_each_word_that_the_error_names_says_a_prerelease(word: str) -> None:
    assert _tag("v1.1.0", MINOR, pre=word) == f"v1.2.0-{word}.1"
    with pytest.raises(UsageError) as caught:
        _next("v1.1.0", MINOR, pre="release")
    assert word in caught.value.remedy


# the calendar, the tags, the tag that follows on the 15th of March 2024, a Friday of week 11
DATES = [
    ("", "2024.02.3", "2024.03.0"),
    ("", "2024.03.1", "2024.03.2"),
    ("", "2024.1.17 2024.2.6", "2024.3.15"),
    ("", "2024.2.0", "2024.3.0"),
    ("", "2024-03-01", "2024-03-15"),
    ("", "v2023.09 v2023.12", "v2024.03"),
    ("", "20240301", "20240315"),
    ("", "data-2023", "data-2024"),
    ("", "release-2024-03-01", "release-2024-03-15"),
    ("YYYY.MM.MICRO", "", "v2024.3.0"),
    ("YYYY.MM.MICRO", "v1.9.0", "v2024.3.0"),
    ("YYYY.0M.0D.MICRO", "2024.03.15", "2024.03.15.1"),
    ("YYYY-0M-0D-MICRO", "2024-03-15", "2024-03-15-1"),
    ("YYYY0M0D.MICRO", "20240315", "20240315.1"),
    ("YY.MM", "v1.9.0", "v24.3"),
    ("0Y.0M.MICRO", "24.03.4", "24.03.5"),
    ("YYYY.WW", "", "v2024.11"),
    ("YYYY.0W.MICRO", "v2024.08.1", "v2024.11.0"),
    ("YYYY.MICRO", "2024.3", "2024.4"),
    ("YYYY", "", "v2024"),
    ("none", "2024.2.0", "2024.2.1"),
    # a clock that is behind what is out
    ("", "2024.05.1", "2024.05.2"),
    ("YYYY.0M.0D.MICRO", "2025.01.01.0", "2025.01.01.1"),
    # the calendar changed: what is out counts all the same
    ("YYYY.MM.MICRO", "2024-03-01", "2024.3.2"),
    ("YYYY.0M.0D.MICRO", "2024-3-15", "2024.03.15.1"),
]


@pytest.mark.parametrize(("calendar", "tags", "expected"), DATES)
def test_a_calendar_version_is_of_today(calendar: str, tags: str, expected: str) -> None:
    assert expected == _tag(tags, PATCH, calendar=calendar)


@pytest.mark.parametrize("level", [PATCH, MINOR, MAJOR])
def test_the_level_of_a_calendar_version_says_only_that_there_is_one(level: Level) -> None:
    assert _tag("2024.02.3", level) == "2024.03.0"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 12, 27), "v2024.52"),
        (date(2024, 12, 30), "v2025.01"),
        (date(2025, 1, 2), "v2025.01"),
        (date(2027, 1, 1), "v2026.53"),
    ],
)
def test_a_week_stands_beside_its_own_year(day: date, expected: str) -> None:
    assert expected == _tag("", PATCH, calendar="YYYY.0W", today=day)


@pytest.mark.parametrize(
    ("tags", "remedy"),
    [
        ("2024-03-01 2024-03-15", "YYYY-0M-0D-MICRO"),
        ("v2024.03", "YYYY.0M.MICRO"),
        ("20240315", "YYYY0M0D.MICRO"),
        ("2024", "YYYY.MICRO"),
        ("2025", "YYYY.MICRO"),
    ],
)
def test_a_second_version_of_a_period_needs_a_number_and_the_error_says_so(tags: str, remedy: str) -> None:
    with pytest.raises(VersionError, match=f"{tags.rsplit(maxsplit=1)[-1]} is out") as caught:
        _next(tags, PATCH)
    assert f'calendar = "{remedy}"' in caught.value.remedy
    assert _tag(tags, PATCH, calendar=remedy) > tags.rsplit(maxsplit=1)[-1]


def test_the_initial_version_is_that_of_the_first_release_alone() -> None:
    assert _tag("", PATCH, initial="1.0.0") == "v1.0.0"
    assert _tag("", PATCH, initial="1.0") == "v1.0"
    assert _tag("", PATCH, initial="1") == "v1"
    assert _tag("", PATCH, initial="1", artifact="churn") == "churn@v1.0.0"
    assert _tag("v0.3.0", PATCH, initial="1.0.0") == "v0.3.1"


def test_it_is_said_what_is_out_and_what_is_no_version() -> None:
    step = _next("2024-assessment-year exp-a", PATCH)
    assert step
    assert step.first
    assert [tag.text for tag in step.standing.others] == ["2024-assessment-year", "exp-a"]

    tags = [parse_tag(tag) for tag in ["v1.0.0", "v1.1.0-rc.2", "v1.1.0-rc.1", "v1.0.0-rc.1", "a4"]]
    out = standing(inferred(tags), tags)
    assert out.current
    assert out.stable
    assert (out.current.text, out.stable.text) == ("v1.1.0-rc.2", "v1.0.0")
    assert [tag.text for tag in out.prereleases] == ["v1.1.0-rc.1", "v1.1.0-rc.2"]
    assert [tag.text for tag in out.others] == ["a4"]


def test_a_tag_that_exists_is_never_given_again() -> None:
    with pytest.raises(TagTakenError, match=r"v1\.1\.0, and that tag exists: it stands on 1a2b3c4") as caught:
        _next("v1.0.0", MINOR, taken={"v1.0.0": "0000000", "v1.1.0": "1a2b3c4"})
    assert (caught.value.tag, caught.value.where) == ("v1.1.0", "1a2b3c4")
    assert "git log v1.1.0" in caught.value.remedy


def test_a_version_that_gto_knows_is_never_registered_again() -> None:
    taken = {"churn@v1.1.0#7": "1a2b3c4", "churn#prod#8": "1a2b3c4", "other@v1.1.0": "1a2b3c4"}
    with pytest.raises(TagTakenError, match=r"churn@v1\.1\.0#7"):
        _next("churn@v1.0.0", MINOR, taken=taken)
    assert _tag("churn@v1.0.0", PATCH, taken=taken) == "churn@v1.0.1"


@pytest.mark.parametrize(
    ("tags", "options", "what"),
    [
        ("v1-2-3", {"pre": "rc"}, "v1-2-4-rc.1 would not be read as version 1-2-4-rc.1"),
        ("", {"tag_format": "{version}-final", "pre": "rc"}, "would not be read as version 0.1.0-rc.1"),
        (
            "",
            {"tag_format": "release-{version}", "calendar": "YYYY-0M-0D-MICRO"},
            "would not be read as version",
        ),
        ("v124", {"calendar": "YY.MM.MICRO"}, "v24.3.0 would not be greater than v124, which is out"),
        ("churn@v1.0.0", {"calendar": "YYYY.0M.MICRO"}, "GTO does not read churn@v2024.03.0"),
    ],
)
def test_a_tag_that_would_be_read_as_something_else_is_an_error(
    tags: str, options: dict[str, str], what: str
) -> None:
    with pytest.raises(VersionError, match=re.escape(what)) as caught:
        _tag(tags, PATCH, **options)
    assert caught.value.remedy


def test_what_a_team_writes_behind_its_versions_stays() -> None:
    assert (
        _tag("2023-assessment-year", PATCH, tag_format="{version}-assessment-year", calendar="YYYY")
        == "2024-assessment-year"
    )
    assert _tag("1.2.0-final", MINOR, tag_format="{version}-final") == "1.3.0-final"


def _next(
    tags: str,
    level: Level,
    *,
    today: date = TODAY,
    pre: str = "",
    taken: dict[str, str] | None = None,
    initial: str = "0.1.0",
    tag_format: str = "",
    calendar: str = "",
    artifact: str = "",
    stay_below: bool = False,
) -> Step | None:
    names = [parse_tag(tag) for tag in tags.split()]
    scheme = inferred(
        names,
        tag_format=tag_format,
        calendar=calendar,
        artifact=artifact,
        stay_below=stay_below,
        initial=initial,
    )
    return next_version(scheme, names, level, today=today, pre=pre, initial=initial, taken=taken or {})


def _tag(tags: str, level: Level, **options: object) -> str:
    step = _next(tags, level, **options)  # type: ignore[arg-type]
    assert step
    return step.tag
