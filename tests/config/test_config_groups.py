"""The headings of a release: what a table of the user's makes of the default ones."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.config import Config, load
from dvc_changelog.config.check import TRAILERS, trailers
from dvc_changelog.config.group import GROUPS, QUIET, check_quiet, quiet, sections

TYPES = [name for names in GROUPS.values() for name in names]
TABLES = st.permutations([*TYPES, "own", "feature"]).flatmap(
    lambda names: st.lists(
        st.sampled_from(["Added", "Data", "Ours", "Code"]), min_size=1, max_size=4, unique=True
    ).map(lambda headings: {heading: (names[n],) for n, heading in enumerate(headings)})
)


@given(TABLES)
def test_every_default_type_keeps_exactly_one_heading(table: Mapping[str, tuple[str, ...]]) -> None:
    settled = sections(table)
    named = [name for names in settled.values() for name in names]
    assert len(named) == len(set(named))
    assert set(TYPES) <= set(named)


@given(TABLES)
def test_the_headings_given_come_first_in_their_order(table: Mapping[str, tuple[str, ...]]) -> None:
    assert list(sections(table))[: len(table)] == list(table)
    assert all(sections(table)[heading][: len(names)] == names for heading, names in table.items())


@given(TABLES)
def test_settling_twice_changes_nothing(table: Mapping[str, tuple[str, ...]]) -> None:
    once = sections(table)
    assert list(sections(once).items()) == list(once.items())


def test_the_defaults_are_settled() -> None:
    assert list(sections({}).items()) == list(GROUPS.items())
    assert list(sections(GROUPS).items()) == list(GROUPS.items())
    assert quiet(QUIET) == QUIET
    assert trailers({}) == TRAILERS
    check_quiet(QUIET, GROUPS)


def test_a_heading_whose_types_all_moved_is_gone(tmp_path: Path) -> None:
    (tmp_path / "dvc-changelog.toml").write_text('[groups]\n"New features" = ["feat", "Feature"]\n')
    groups = load(tmp_path, None, {}).groups
    assert groups["New features"] == ("feat", "feature")
    assert "Added" not in groups
    assert groups["Fixed"] == ("fix",)


def test_a_type_of_ones_own_is_quiet_once_it_has_a_heading() -> None:
    config = Config().replace(groups={"Paper": ["paper"]}, quiet_groups=["paper", "Docs"])
    assert config.quiet_groups == ("paper", "docs")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("feat", "Added"), ("perf", "Changed"), ("data", "Commits"), ("params", "Commits"), ("docs", "")],
)
def test_the_heading_of_a_type(name: str, expected: str) -> None:
    assert Config().heading(name) == expected


@pytest.mark.parametrize(
    ("given_table", "expected"),
    [
        ({"Why": "reason"}, {**TRAILERS, "Why": "reason"}),
        ({"reason": "why"}, {"Known-issue": "known-issue", "Note": "note", "reason": "why"}),
        ({"Note": ""}, {"Reason": "reason", "Known-issue": "known-issue"}),
    ],
)
def test_trailers_given_join_the_default_ones(
    given_table: Mapping[str, str], expected: Mapping[str, str]
) -> None:
    assert trailers(given_table) == expected
