"""What a team's tags tell of how it numbers its releases."""

from __future__ import annotations

import pytest

from dvc_changelog.errors import UsageError
from dvc_changelog.history import parse_tag
from dvc_changelog.versioning import Scheme, inferred, line_of

SEMVER = "-{word}.{number}"

# the tags of a line, oldest first; the format, the calendar, how a prerelease is written, the width
TAGS: list[tuple[str, str, str, str, int]] = [
    ("", "v{version}", "", SEMVER, 3),
    ("v1.2.0", "v{version}", "", SEMVER, 3),
    ("1.2.0", "{version}", "", SEMVER, 3),
    ("V1.2", "V{version}", "", SEMVER, 2),
    ("v1.2 v1.2.1", "v{version}", "", SEMVER, 2),
    ("v1.2.0 v1.2.1", "v{version}", "", SEMVER, 3),
    ("v1.2.1", "v{version}", "", SEMVER, 3),
    ("v1.4 v2.0.0", "v{version}", "", SEMVER, 3),
    ("v7", "v{version}", "", SEMVER, 1),
    ("release-1.2.0", "release-{version}", "", SEMVER, 3),
    ("release/1.2.0", "release/{version}", "", SEMVER, 3),
    ("model-training-v1.0.0", "model-training-v{version}", "", SEMVER, 3),
    ("base-graph-v1 base-graph-v2", "base-graph-v{version}", "", SEMVER, 1),
    ("churn@v1.2.0", "churn@v{version}", "", SEMVER, 3),
    ("churn@v1.2.3#4", "churn@v{version}", "", SEMVER, 3),
    ("sub=churn@v1.2.0", "sub=churn@v{version}", "", SEMVER, 3),
    ("churn@1.2.0", "churn@{version}", "", SEMVER, 3),
    ("model2-v1.0.0", "model2-v{version}", "", SEMVER, 3),
    ("@scope/pkg@1.2.3", "@scope/pkg@{version}", "", SEMVER, 3),
    ("A4.1", "A{version}", "", SEMVER, 2),
    ("a1 a2 a3", "a{version}", "", SEMVER, 1),
    ("v_1_2", "v_{version}", "", SEMVER, 2),
    ("v1_2_3", "v{version}", "", SEMVER, 3),
    ("v1-2-3", "v{version}", "", SEMVER, 3),
    ("v1.2.3.4", "v{version}", "", SEMVER, 4),
    ("v1.2.0+build.5", "v{version}", "", SEMVER, 3),
    ("exp-007 exp-008", "exp-{version}", "", SEMVER, 1),
    # how a prerelease is written
    ("0.2.4rc4 0.2.4", "{version}", "", "{word}{number}", 3),
    ("1.0.dev3", "{version}", "", "{word}{number}", 2),
    ("1.0a1 1.0.dev3", "{version}", "", "{word}{number}", 2),
    ("v1.3.3-rc21 v1.3.3", "v{version}", "", "-{word}{number}", 3),
    ("v2.0.0-pre-1 v2.0.0", "v{version}", "", "-{word}-{number}", 3),
    ("v1.0.0-rc.1", "v{version}", "", SEMVER, 3),
    ("v1.0.0-beta", "v{version}", "", SEMVER, 3),
    ("1.0.0beta", "{version}", "", "{word}{number}", 3),
    ("v1.0.0-rc1 v1.1.0-rc.1", "v{version}", "", SEMVER, 3),
    ("v0.0.9-pre-20250602-008", "v{version}", "", "-{word}-{number}", 3),
    # the newest way counts
    ("1.1.0 v1.2.0", "v{version}", "", SEMVER, 3),
    ("v1.9.0 2024.03.1", "{version}", "YYYY.0M.MICRO", SEMVER, 3),
    ("2024.03.1 v1.0.0", "v{version}", "", SEMVER, 3),
    ("0.1.0 v1 v2 v3", "v{version}", "", SEMVER, 1),
    # and a lone number is no way of its own
    ("v1.2.3 v1", "v{version}", "", SEMVER, 3),
    ("v1.1.0 a4", "v{version}", "", SEMVER, 3),
    ("v2.0.0 a5", "v{version}", "", SEMVER, 3),
    ("v0.1.0 20240511112550", "v{version}", "", SEMVER, 3),
    ("v0.1.0 20240511", "v{version}", "", SEMVER, 3),
    ("v0.1.0 2024", "v{version}", "", SEMVER, 3),
    ("20240511112550", "v{version}", "", SEMVER, 3),
    # no versions
    ("2024-assessment-year 2025-assessment-year", "v{version}", "", SEMVER, 3),
    ("{version}1.0.0 {x}-2.0", "v{version}", "", SEMVER, 3),
    ("0-git-init 9-bigrams-model exp-a", "v{version}", "", SEMVER, 3),
    # dates
    ("2024.03.1", "{version}", "YYYY.0M.MICRO", SEMVER, 3),
    ("2024.3.0 2024.3.1", "{version}", "YYYY.MM.MICRO", SEMVER, 3),
    ("2024.9.1 2024.10.1", "{version}", "YYYY.MM.MICRO", SEMVER, 3),
    ("2024.09.1 2024.10.1", "{version}", "YYYY.0M.MICRO", SEMVER, 3),
    ("2024.6.2 2024.7.4 2024.8.30", "{version}", "YYYY.MM.DD", SEMVER, 3),
    ("2024.3.77", "{version}", "YYYY.MM.MICRO", SEMVER, 3),
    ("2024-03-01", "{version}", "YYYY-0M-0D", SEMVER, 3),
    ("2024-11-12", "{version}", "YYYY-0M-0D", SEMVER, 3),
    ("2024.03.15", "{version}", "YYYY.0M.0D", SEMVER, 3),
    ("2024.1.2 2024.01.03", "{version}", "YYYY.0M.0D", SEMVER, 3),
    ("2024.03.15.2", "{version}", "YYYY.0M.0D.MICRO", SEMVER, 4),
    ("v2024.03", "v{version}", "YYYY.0M", SEMVER, 2),
    ("v2024.3", "v{version}", "YYYY.MM", SEMVER, 2),
    ("2023.12 2023.13", "{version}", "YYYY.MICRO", SEMVER, 2),
    ("data-2024", "data-{version}", "YYYY", SEMVER, 1),
    ("20240301", "{version}", "YYYY0M0D", SEMVER, 1),
    ("release-2024-03-01", "release-{version}", "YYYY-0M-0D", SEMVER, 3),
    ("2024.3.0b1 2024.3.0", "{version}", "YYYY.MM.MICRO", "{word}{number}", 3),
    # numbers that are no dates
    ("24.3.1", "{version}", "", SEMVER, 3),
    ("exp-1988 exp-1989 exp-1990", "exp-{version}", "", SEMVER, 1),
    ("2024.35.1", "{version}", "", SEMVER, 3),
    ("20249999", "{version}", "", SEMVER, 1),
]


@pytest.mark.parametrize(("tags", "form", "calendar", "prerelease", "width"), TAGS)
def test_the_tags_of_a_line_tell_its_scheme(
    tags: str, form: str, calendar: str, prerelease: str, width: int
) -> None:
    actual = _inferred(tags)
    expected = (form, calendar, prerelease, width)
    assert expected == (actual.tag_format, actual.calendar, actual.prerelease, actual.width)


# artifact, the format configured, the tags, the format
FORMATS = [
    ("churn", "", "", "churn@v{version}"),
    ("sub:churn", "", "", "sub=churn@v{version}"),
    ("models/v2:churn", "", "", "models/v2=churn@v{version}"),
    ("churn", "", "churn-v1.0.0", "churn-v{version}"),
    ("churn", "{artifact}-v{version}", "", "churn-v{version}"),
    ("churn", "{artifact}-v{version}", "churn@v1.0.0", "churn-v{version}"),
    ("sub:churn", "{artifact}@v{version}", "", "sub=churn@v{version}"),
    ("churn", "churn/v{version}", "", "churn/v{version}"),
    # A format without the artifact is for the repository's releases, one with it for the artifacts.
    ("churn", "v{version}", "", "churn@v{version}"),
    ("", "{artifact}@v{version}", "", "v{version}"),
    ("", "{artifact}@v{version}", "1.0.0", "{version}"),
    ("", "release-{version}", "v1.0.0", "release-{version}"),
    ("", "churn-v{version}", "", "churn-v{version}"),
]


@pytest.mark.parametrize(("artifact", "configured", "tags", "form"), FORMATS)
def test_the_configured_format_comes_first_in_the_line_that_it_is_for(
    artifact: str, configured: str, tags: str, form: str
) -> None:
    names = [parse_tag(tag) for tag in tags.split()]
    assert form == inferred(names, tag_format=configured, artifact=artifact).tag_format


@pytest.mark.parametrize(
    ("tag_format", "artifact", "line"),
    [
        ("", "", ""),
        ("v{version}", "", ""),
        ("churn-v{version}", "", "churn"),
        ("{artifact}@v{version}", "", ""),
        ("{artifact}@v{version}", "sub:churn", "sub:churn"),
        ("v{version}", "churn", "churn"),
    ],
)
def test_the_line_of_a_format_is_that_of_its_tags(tag_format: str, artifact: str, line: str) -> None:
    assert line == line_of(tag_format, artifact)


@pytest.mark.parametrize("artifact", ["my models:churn", "a..b:churn", "~x:churn"])
def test_an_artifact_that_no_tag_can_be_named_after_is_an_error_that_names_it(artifact: str) -> None:
    with pytest.raises(UsageError, match=artifact) as caught:
        inferred([], artifact=artifact)
    assert "dvc.yaml" in caught.value.remedy


def test_the_initial_version_tells_the_width_where_no_tag_does() -> None:
    assert [inferred([], initial=initial).width for initial in ("1", "0.1", "0.1.0")] == [1, 2, 3]
    # GTO reads three numbers.
    assert inferred([], initial="0.1", artifact="churn").width == 3


def test_the_configured_calendar_comes_first() -> None:
    assert inferred([parse_tag("v1.2.0")], calendar="YYYY.MM").calendar == "YYYY.MM"
    assert not inferred([parse_tag("2024.3.0")], calendar="none").calendar


def test_zeros_before_numbers_are_kept() -> None:
    assert _inferred("exp-007 exp-099 exp-100").digits == (3,)
    assert _inferred("v1.02 v1.03").digits == (1, 2)
    assert _inferred("v1.0-rc01").serial_digits == 2


def _inferred(tags: str) -> Scheme:
    return inferred([parse_tag(tag) for tag in tags.split()])
