"""What holds of any versions: a step goes up, a scheme is kept, and others count as we do."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
import semver
from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.version import Version as Pep440

from dvc_changelog.config.version import calendar as checked
from dvc_changelog.domain import Level
from dvc_changelog.errors import UsageError, VersionError
from dvc_changelog.history import TagName, parse_tag
from dvc_changelog.versioning import Scheme, Version, inferred, next_version, standing

TODAY = date(2024, 3, 15)
ABOVE = [Level.PATCH, Level.MINOR, Level.MAJOR]
FORMATS = [
    *("v{version}", "{version}", "V{version}", "release-{version}", "model-v{version}", "v_{version}"),
    *("churn@v{version}", "sub=churn@v{version}", "churn@{version}", "a{version}", "rel/{version}"),
]
TEMPLATES = ["-{word}.{number}", "{word}{number}", "-{word}{number}", "-{word}-{number}", ".{word}{number}"]
WORDS = ["alpha", "beta", "rc"]
CALENDARS = [
    *(
        "YYYY.MM.MICRO",
        "YYYY.0M.MICRO",
        "YYYY.0M.0D.MICRO",
        "YYYY-0M-0D-MICRO",
        "YYYY.0W.MICRO",
        "YYYY.WW.MICRO",
    ),
    *("YYYY.MICRO", "YY.MM.MICRO", "0Y.0M.MICRO", "YYYY0M0D.MICRO", "YYYY_0M_MICRO"),
]

numbers = st.lists(st.integers(0, 30), min_size=3, max_size=3).map(tuple)
levels = st.sampled_from(ABOVE)
days = st.dates(date(2001, 1, 1), date(2098, 12, 31))
schemes = st.builds(
    Scheme,
    st.sampled_from([form for form in FORMATS if "@" not in form]),
    prerelease=st.sampled_from(TEMPLATES),
    width=st.integers(2, 4),
    separator=st.sampled_from("._"),
    stay_below=st.booleans(),
) | st.builds(Scheme, st.sampled_from([form for form in FORMATS if "@" in form]), stay_below=st.booleans())
versions = st.builds(Version, numbers) | st.builds(
    Version, numbers, st.sampled_from(WORDS), st.integers(1, 40)
)


@st.composite
def lines(draw: st.DrawFn) -> tuple[Scheme, list[TagName]]:
    """A scheme, and tags of its own in any order."""
    scheme = draw(schemes)
    written = [
        scheme.tag(Version(_cut(v.numbers), v.word, v.number)) for v in draw(st.lists(versions, max_size=5))
    ]
    return scheme, [parse_tag(tag) for tag in written]


@given(lines(), st.sampled_from(list(Level)), st.sampled_from(["", *WORDS]))
def test_the_next_version_is_greater_exactly_when_something_changed(
    line: tuple[Scheme, list[TagName]], level: Level, word: str
) -> None:
    scheme, tags = line
    try:
        step = next_version(scheme, tags, level, today=TODAY, pre=word)
    except UsageError:
        # A word that sorts before what is out.
        assert word
        assert any(tag.prerelease for tag in tags)
        return
    assert (step is None) == (level is Level.NONE)
    if step:
        assert all(_key(step.tag) > _key(tag.text) for tag in tags)
        assert bool(word) == parse_tag(step.tag).prerelease


@given(lines(), st.booleans())
def test_a_higher_level_never_gives_a_lower_version(line: tuple[Scheme, list[TagName]], pre: bool) -> None:
    scheme, tags = line
    found = [next_version(scheme, tags, level, today=TODAY, pre="rc" if pre else "") for level in ABOVE]
    keys = [_key(step.tag) for step in found if step]
    assert keys == sorted(keys)


@given(lines(), st.data(), levels)
def test_the_order_of_the_tags_does_not_move_the_next_version(
    line: tuple[Scheme, list[TagName]], data: st.DataObject, level: Level
) -> None:
    scheme, tags = line
    other = data.draw(st.permutations(tags))
    first, second = (next_version(scheme, some, level, today=TODAY) for some in (tags, other))
    assert first
    assert second
    assert first.tag == second.tag


@given(schemes, versions)
def test_a_tag_is_read_as_the_version_it_was_made_of(scheme: Scheme, version: Version) -> None:
    version = Version(_cut(version.numbers), version.word, version.number)
    found = scheme.spelled(parse_tag(scheme.tag(version)))
    assert found
    assert version == scheme.version(found)


@given(schemes, numbers, st.integers(1, 40))
def test_the_tags_of_a_scheme_tell_that_scheme(scheme: Scheme, some: tuple[int, ...], number: int) -> None:
    # Zeros behind tell the width, and a prerelease how one is written.
    made = [Version(_cut(some[:2])), Version(_cut(some[:2]), "rc", number)]
    tags = [parse_tag(scheme.tag(version)) for version in made]
    assert scheme == inferred(tags, stay_below=scheme.stay_below)


@given(lines(), st.lists(st.tuples(levels, st.booleans()), max_size=8))
def test_a_line_keeps_its_scheme_as_it_goes_on(
    line: tuple[Scheme, list[TagName]], steps: list[tuple[Level, bool]]
) -> None:
    tags = line[1]
    assume(tags)
    first = inferred(tags)
    for level, pre in steps:
        scheme = inferred(tags)
        assert first.tag_format == scheme.tag_format
        assert first.separator == scheme.separator or len(first.digits) == 1
        step = next_version(scheme, tags, level, today=TODAY, pre="rc" if pre else "")
        assert step
        tags = [*tags, parse_tag(step.tag)]


@given(lines(), levels)
def test_prereleases_count_up_to_the_stable_version(line: tuple[Scheme, list[TagName]], level: Level) -> None:
    scheme, tags = line
    made: list[TagName] = []
    for word in ("rc", "rc", "rc", ""):
        step = next_version(scheme, [*tags, *made], level, today=TODAY, pre=word)
        assert step
        made.append(parse_tag(step.tag))
    keys = [_key(tag.text) for tag in made]
    assert all(older < newer for older, newer in pairwise(keys))
    assert keys[0][0] == keys[-1][0]
    assert standing(scheme, [*tags, *made]).stable == made[-1]


@given(numbers, levels)
def test_a_step_is_that_of_semver(some: tuple[int, ...], level: Level) -> None:
    old = semver.Version(*some)
    expected = {Level.PATCH: old.bump_patch, Level.MINOR: old.bump_minor, Level.MAJOR: old.bump_major}[
        level
    ]()
    step = next_version(Scheme(), [parse_tag(f"v{old}")], level, today=TODAY)
    assert step
    assert str(expected) == step.version


@given(st.lists(st.tuples(levels, st.sampled_from(["", *WORDS])), max_size=10))
def test_semver_orders_the_versions_of_a_line_as_they_came(steps: list[tuple[Level, str]]) -> None:
    made = [semver.Version.parse(text) for text in _line(Scheme(), steps)]
    assert all(older < newer for older, newer in pairwise(made))


@given(st.lists(st.tuples(levels, st.sampled_from(["", "a", "b", "rc", "dev"])), max_size=10))
def test_pep_440_orders_the_versions_of_a_line_as_they_came(steps: list[tuple[Level, str]]) -> None:
    texts = _line(Scheme("{version}", prerelease="{word}{number}"), steps)
    made = [Pep440(text) for text in texts]
    assert all(older < newer for older, newer in pairwise(made))
    assert texts == [str(version) for version in made]


@given(st.sampled_from(CALENDARS), st.lists(days, max_size=8), st.booleans())
def test_dates_never_go_backwards_whatever_the_clock_says(
    calendar: str, today: list[date], pre: bool
) -> None:
    # A prerelease behind a date with hyphens is not read as one.
    word = "rc" if pre and "-" not in calendar else ""
    tags = _released(Scheme(calendar=checked(calendar)), today, word)
    keys = [_key(tag.text) for tag in tags]
    assert all(older < newer for older, newer in pairwise(keys))


@given(st.sampled_from(["YYYY", "YYYY.0M", "YYYY-0M-0D", "YYYY0M0D", "YYYY.WW"]), st.lists(days, max_size=8))
def test_a_period_without_a_number_has_one_version(calendar: str, today: list[date]) -> None:
    scheme = Scheme(calendar=checked(calendar))
    tags: list[TagName] = []
    for day in today:
        try:
            step = next_version(scheme, tags, Level.PATCH, today=day)
        except VersionError as error:
            assert "MICRO" in error.remedy  # noqa: PT017 (half of the law is of the steps that work)
            continue
        assert step
        tags.append(parse_tag(step.tag))
    keys = [_key(tag.text) for tag in tags]
    assert all(older < newer for older, newer in pairwise(keys))


@given(
    st.sampled_from(
        ["YYYY.0M.MICRO", "YYYY.0M.0D.MICRO", "YYYY.MM.MICRO", "YYYY-0M-0D", "YYYY0M0D", "YYYY.0M"]
    ),
    days,
    st.lists(st.integers(0, 400), max_size=8),
)
def test_a_line_of_dates_keeps_its_calendar_and_its_zeros(
    calendar: str, start: date, gaps: list[int]
) -> None:
    tags = [parse_tag(Scheme(calendar=calendar).tag(Version((start.year, 3, 1))))]
    if calendar == "YYYY.MM.MICRO":
        tags = [parse_tag(f"v{start.year}.3.0")]
    day = date(start.year, 3, 2)
    for gap in gaps:
        day += timedelta(gap)
        assume(day.year < 2099)
        scheme = inferred(tags)
        assert calendar == scheme.calendar
        try:
            step = next_version(scheme, tags, Level.PATCH, today=day)
        except VersionError:
            continue
        assert step
        tags.append(parse_tag(step.tag))
    assert calendar == inferred(tags).calendar


@given(st.lists(st.text(max_size=20), max_size=6), st.sampled_from(list(Level)), st.sampled_from(["", "rc"]))
def test_any_tags_give_a_version_or_an_error_with_a_remedy(names: list[str], level: Level, word: str) -> None:
    tags = [parse_tag(name) for name in names if name]
    try:
        next_version(inferred(tags), tags, level, today=TODAY, pre=word)
    except (UsageError, VersionError) as error:
        assert error.remedy  # noqa: PT017 (either is right)


@pytest.mark.parametrize("calendar", CALENDARS)
def test_the_calendars_of_the_laws_are_some_that_can_be_configured(calendar: str) -> None:
    assert calendar == checked(calendar)


def _line(scheme: Scheme, steps: list[tuple[Level, str]]) -> list[str]:
    """The versions that steps make, one after the other, without the words that sort too low."""
    tags: list[TagName] = []
    texts: list[str] = []
    for level, word in steps:
        try:
            step = next_version(scheme, tags, level, today=TODAY, pre=word)
        except UsageError:
            continue
        assert step
        tags.append(parse_tag(step.tag))
        texts.append(step.version)
    return texts


def _released(scheme: Scheme, today: list[date], word: str) -> list[TagName]:
    tags: list[TagName] = []
    for day in today:
        step = next_version(scheme, tags, Level.PATCH, today=day, pre=word)
        assert step
        tags.append(parse_tag(step.tag))
    return tags


def _cut(some: tuple[int, ...]) -> tuple[int, ...]:
    while len(some) > 1 and some[-1] == 0:
        some = some[:-1]
    return some


def _key(tag: str) -> tuple[tuple[int, ...], int, str, int]:
    version = parse_tag(tag).version
    assert version is not None
    return version
