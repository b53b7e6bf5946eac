"""What a tag's name says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.history.tags import TagKind, TagName, VersionKey, parse

# tag, line, the numbers of its version, whether a prerelease
RELEASES = [
    ("v1.2.0", "", (1, 2), False),
    ("1.2.0", "", (1, 2), False),
    ("V1.2", "", (1, 2), False),
    ("v1", "", (1,), False),
    ("v.1.2", "", (1, 2), False),
    ("version-1.2", "", (1, 2), False),
    ("release/1.2", "", (1, 2), False),
    ("release-1.2.3", "", (1, 2, 3), False),
    ("rel_1.2", "", (1, 2), False),
    ("r12", "", (12,), False),
    ("v1_2_3", "", (1, 2, 3), False),
    ("release_1_2_3", "", (1, 2, 3), False),
    ("2024-assessment-year", "", (2024,), False),
    ("2024.03.1", "", (2024, 3, 1), False),
    ("2024-03-01", "", (2024, 3, 1), False),
    ("20240301", "", (20240301,), False),
    ("release-2024-03-01", "", (2024, 3, 1), False),
    ("9-bigrams-model", "", (9,), False),
    ("exp-7", "exp", (7,), False),
    ("exp7", "exp", (7,), False),
    ("base-graph-v1", "base-graph", (1,), False),
    ("win-graph-v1", "win-graph", (1,), False),
    ("model@v1.0.0", "model", (1,), False),
    ("model@1.0.0", "model", (1,), False),
    ("model@v2.0.3#4", "model", (2, 0, 3), False),
    ("models=churn@v1.0.0", "models:churn", (1,), False),
    ("model/v1.0.0", "model", (1,), False),
    ("model-v1.0.0", "model", (1,), False),
    ("@scope/pkg@1.2.3", "@scope/pkg", (1, 2, 3), False),
    ("A4.1", "", (4, 1), False),
    ("0.0.1rc1", "", (0, 0, 1), True),
    ("v1.3.4-rc81", "", (1, 3, 4), True),
    ("v1.0.0-rc.1", "", (1,), True),
    ("v1.0.0-beta.2+build.5", "", (1,), True),
    ("1.0a1", "", (1,), True),
    ("1.0.dev3", "", (1,), True),
    ("v1.0-SNAPSHOT", "", (1,), True),
    ("model@v1.0.0-rc.1", "model", (1,), True),
    ("1.0.post1", "", (1,), False),
    ("v1.0.0+build.5", "", (1,), False),
    ("dvc-2.x", "", None, False),
    ("get-started-40K", "", None, False),
    ("baseline", "", None, False),
    ("release", "", None, False),
    ("fix-#12", "", None, False),
    ("build#12", "", None, False),
    ("name@deprecated!#5", "", None, False),
    ("model@1.0.0!", "", None, False),
    ("modèle-v1", "modèle", (1,), False),
    ("🚀", "", None, False),
]


@pytest.mark.parametrize(("text", "line", "numbers", "prerelease"), RELEASES)
def test_any_tag_is_a_release_of_a_line_with_or_without_a_version(
    text: str, line: str, numbers: tuple[int, ...] | None, prerelease: bool
) -> None:
    expected = (TagKind.RELEASE, line, numbers, prerelease)
    actual = parse(text)
    assert expected == (actual.kind, actual.line, actual.version and actual.version[0], actual.prerelease)


# tag, kind, artifact, target, cancelled
EVENTS = [
    ("name#prod#3", TagKind.DEPLOYMENT, "name", "prod", False),
    ("name#prod", TagKind.DEPLOYMENT, "name", "prod", False),
    ("name#prod!#4", TagKind.DEPLOYMENT, "name", "prod", True),
    ("name#prod!", TagKind.DEPLOYMENT, "name", "prod", True),
    ("models=churn#prod#1", TagKind.DEPLOYMENT, "models:churn", "prod", False),
    ("name#pre-prod#1", TagKind.DEPLOYMENT, "name", "pre-prod", False),
    ("name@v1.0.0!", TagKind.LIFECYCLE, "name", "", True),
    ("name@v1.0.0!#2", TagKind.LIFECYCLE, "name", "", True),
    ("name@deprecated", TagKind.LIFECYCLE, "name", "", False),
    ("name@created#1", TagKind.LIFECYCLE, "name", "", False),
]


@pytest.mark.parametrize(("text", "kind", "artifact", "target", "cancelled"), EVENTS)
def test_the_tags_of_gto_that_are_no_releases_are_events(
    text: str, kind: TagKind, artifact: str, target: str, cancelled: bool
) -> None:
    actual = parse(text)
    assert (kind, artifact, target, cancelled) == (actual.kind, actual.line, actual.target, actual.cancelled)


@pytest.mark.parametrize(
    "ascending",
    [
        ["v0.8", "v0.9", "v0.10", "v0.11"],
        ["v0.0.2", "v0.0.9", "v0.1.9", "v0.1.10"],
        ["1.0.dev1", "1.0a1", "1.0b1", "1.0b2", "1.0rc1", "1.0rc2", "1.0", "1.0.post1", "1.0.1"],
        ["v1.0.0-alpha.1", "v1.0.0-beta.1", "v1.0.0-rc.1", "v1.0.0"],
        ["v1.3.4-rc9", "v1.3.4-rc81", "v1.3.4"],
        ["v1.9.9", "v2.0.0-rc1", "v2.0.0"],
        ["2023.12.1", "2024.1", "2024.03.1"],
        ["2023-12-31", "2024-01-01", "2024-01-15"],
        ["9-bigrams", "10-bigrams", "11-random-forest"],
        ["exp-2", "exp-10"],
        ["v1_2_3", "v1_2_10"],
        ["v1", "v1.1", "v2"],
    ],
)
def test_versions_are_ordered_as_a_person_orders_them(ascending: list[str]) -> None:
    for older, newer in pairwise(ascending):
        assert _version(older) < _version(newer), (older, newer)


@pytest.mark.parametrize(
    "same", [["1.0", "v1.0.0", "1", "v1_0"], ["v0", "0.0.0"], ["1.0+a", "1.0+b"], ["1.0rc1", "v1.0.0-rc.1"]]
)
def test_two_ways_to_write_a_version_are_one_version(same: list[str]) -> None:
    assert len({_version(text) for text in same}) == 1


@given(st.text(min_size=1, max_size=40))
def test_every_name_is_understood_without_an_error(text: str) -> None:
    assert text == parse(text).text


def _version(text: str) -> VersionKey:
    name: TagName = parse(text)
    assert name.version is not None
    return name.version
