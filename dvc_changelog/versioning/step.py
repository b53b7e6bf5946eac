"""Which version follows: from the tags there are, and how large the step is, to the name of the next tag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Level
from dvc_changelog.errors import TagTakenError, UsageError, VersionError
from dvc_changelog.history import TagName, parse_tag
from dvc_changelog.history.tags import TagKind, VersionKey
from dvc_changelog.versioning import calendar as dates
from dvc_changelog.versioning.scheme import Scheme, Version
from dvc_changelog.versioning.spelling import Spelling, without_zeros

_ALIKE = {"a": "alpha", "b": "beta", "c": "rc", "m": "milestone", "preview": "pre"}
_NOTHING_TAKEN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Standing:
    """What is out of one line of releases.

    `current` is the greatest version, `stable` the greatest that is no prerelease: the level is that of the
    changes since it. `prereleases` are those above it, lowest first. `others` are tags that are no versions
    of the line (`2024-assessment-year`, `exp-a`): with these alone, the next version is the first.
    """

    current: TagName | None = None
    stable: TagName | None = None
    prereleases: tuple[TagName, ...] = ()
    others: tuple[TagName, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """The next version as it is written (`1.2.0-rc.1`) and its tag (`v1.2.0-rc.1`).

    `first` says that no version is out yet.
    """

    tag: str
    version: str
    level: Level
    standing: Standing
    first: bool


def standing(scheme: Scheme, tags: Iterable[TagName]) -> Standing:
    """Return what is out, of the tags of one line that are merged, oldest first."""
    mine: list[TagName] = []
    others: list[TagName] = []
    for tag in tags:
        (mine if scheme.spelled(tag) else others).append(tag)
    mine.sort(key=_key)
    stable = next((tag for tag in reversed(mine) if not tag.prerelease), None)
    since = mine[mine.index(stable) + 1 :] if stable else mine
    return Standing(
        current=mine[-1] if mine else None,
        stable=stable,
        # What sorts with the stable version is another name of it.
        prereleases=tuple(tag for tag in since if tag.prerelease),
        others=tuple(others),
    )


def next_version(
    scheme: Scheme,
    tags: Sequence[TagName],
    level: Level,
    *,
    today: date,
    pre: str = "",
    initial: str = "0.1.0",
    taken: Mapping[str, str] = _NOTHING_TAKEN,
) -> Step | None:
    """Return the version that follows.

    SemVer's arithmetic on the last stable version, but never below a prerelease that is out. Before 1.0.0 a
    major step gives 1.0.0. A counter counts. A date is today's; within its period, or if the clock is
    behind what is out, MICRO counts on from what is out.

    Args:
        scheme: how the line is numbered.
        tags: the tags of the line that are merged, oldest first.
        level: how much changed since the last stable version.
        today: the date, in UTC.
        pre: the word of a prerelease ("rc"), or "" for a stable version.
        initial: the version of a first release; of a calendar it is today's.
        taken: every tag of the repository, with what it stands on as a person is to read it.

    Returns:
        None where nothing changed: the current version stays.

    Raises:
        UsageError: `pre` is no word for a prerelease, or sorts before one that is out.
        TagTakenError: the tag exists.
        VersionError: the calendar has no second version in its period; or the tag would not be read as the
            version, or as one greater than the current.
    """
    if pre:
        _check_word(pre)
    if level is Level.NONE:
        return None
    out = standing(scheme, tags)
    spelled = [found for tag in tags if (found := scheme.spelled(tag))]
    numbers = _numbers(scheme, out, level, today, initial)
    version = _prerelease(scheme, numbers, pre, spelled) if pre else Version(numbers)
    tag = scheme.tag(version)
    _check(scheme, version, out)
    if clash := _clash(tag, taken):
        raise TagTakenError(clash, taken[clash])
    return Step(tag, scheme.text(version), level, out, first=out.current is None)


def is_prerelease_of(scheme: Scheme, tag: TagName, word: str) -> bool:
    """Return whether a tag is a prerelease of this word, however the team writes it (`b` for beta)."""
    found = scheme.spelled(tag)
    return bool(found and found.word and _same(found.word, word))


def stepped(
    numbers: tuple[int, ...], level: Level, *, width: int = 3, stay_below: bool = False
) -> tuple[int, ...]:
    """Return the numbers of a stable version that is one step of this level, above NONE, after `numbers`."""
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    if width == 1:
        return (major + 1,)
    if level is Level.MAJOR and stay_below and major == 0:
        level = Level.MINOR
    if level is Level.MAJOR:
        return (major + 1,)
    return (major, minor + 1) if level is Level.MINOR else (major, minor, patch + 1)


def _numbers(scheme: Scheme, out: Standing, level: Level, today: date, initial: str) -> tuple[int, ...]:
    """The numbers of the next stable version, which a prerelease leads to."""
    stable = _read(scheme, out.stable)
    if scheme.calendar:
        numbers = _dated(scheme.calendar, today, stable, out.stable)
    elif stable:
        numbers = stepped(stable.numbers, level, width=scheme.width, stay_below=scheme.stay_below)
    else:
        numbers = without_zeros(tuple(int(number) for number in initial.split(".")))
    before = [version for tag in out.prereleases if (version := _read(scheme, tag))]
    return max([numbers, *(version.numbers for version in before)])


def _dated(calendar: str, today: date, stable: Version | None, tag: TagName | None) -> tuple[int, ...]:
    now = dates.period(calendar, today)
    if not stable:
        return without_zeros(now)
    *rest, micro = (*stable.numbers, *(0,) * len(now))[: len(now) + 1]
    last = tuple(rest)
    if now > last:
        return without_zeros(now)
    if not dates.has_micro(calendar):
        assert tag is not None
        separator = next((sign for sign in calendar if sign in "._-"), ".")
        raise VersionError(
            f"{tag.text} is out, and the calendar `{calendar}` has no second version before its next date.",
            f'Set `calendar = "{calendar}{separator}MICRO"`, or release again in the next period.',
        )
    return (*last, micro + 1)


def _prerelease(scheme: Scheme, numbers: tuple[int, ...], word: str, spelled: Sequence[Spelling]) -> Version:
    """The prerelease of these numbers that comes after those that are out."""
    before = [found for found in spelled if found.word]
    # A word is written as the team writes it: `RC1` is followed by `RC2`, `1.0b1` by `1.0b2`.
    word = next((found.word for found in reversed(before) if _same(found.word, word)), word)
    same = [found for found in before if _of(scheme, found) == numbers]
    if not same:
        return Version(numbers, word, 1)
    last = max(same, key=lambda found: _key(found.tag))
    if _same(last.word, word):
        return Version(numbers, last.word, int(last.serial or 0) + 1)
    version = Version(numbers, word, 1)
    if _order(scheme.tag(version)) <= _key(last.tag):
        raise UsageError(
            f"{scheme.tag(version)} would sort before {last.tag.text}, which is out already.",
            f"Go on with `--pre {last.word}`, or leave --pre out for the stable version.",
        )
    return version


def _check_word(word: str) -> None:
    if not (word.isascii() and word.isalpha() and parse_tag(f"v1.0.0-{word}.1").prerelease):
        raise UsageError(
            f"--pre {word!r} is no word for a prerelease.",
            "Write one of: alpha, beta, rc, dev, pre, preview, next, milestone, canary, nightly, snapshot.",
        )


def _check(scheme: Scheme, version: Version, out: Standing) -> None:
    """Raise VersionError for a tag that does not say what it should to who reads it next."""
    name = parse_tag(scheme.tag(version))
    like = parse_tag(scheme.tag_format.replace("{version}", "1.2.3"))
    found = scheme.spelled(name)
    if name.line != like.line or not found or scheme.version(found) != version:
        raise VersionError(
            f"{name.text} would not be read as version {scheme.text(version)}.",
            'Part the numbers with dots: set `calendar = "YYYY.0M.0D.MICRO"` or the like.'
            if "-" in scheme.calendar
            else 'Name tags another way with `tag-format`, such as "v{version}".',
        )
    if like.gto and not name.gto:
        raise VersionError(
            f"GTO does not read {name.text}: it wants three numbers without zeros before.",
            'Set `calendar = "YYYY.MM.MICRO"`, or another `tag-format` than GTO\'s.'
            if scheme.calendar
            else "Set another `tag-format` than GTO's.",
        )
    if out.current and _key(name) <= _key(out.current):
        raise VersionError(
            f"{name.text} would not be greater than {out.current.text}, which is out.",
            'Set a `calendar` with a longer year (YYYY), or `calendar = "none"` for versions without a date.'
            if scheme.calendar
            else "Remove the tag that is too high, or ask for a larger step with --bump.",
        )


def _clash(tag: str, taken: Mapping[str, str]) -> str:
    """The tag that is in the way, or "": one of the name, or one that registers the same version with GTO."""
    if tag in taken:
        return tag
    name = parse_tag(tag)
    if not name.gto:
        return ""
    others = (parse_tag(other) for other in taken)
    new = (name.line, name.number)
    return next(
        (o.text for o in others if o.gto and o.kind is TagKind.RELEASE and (o.line, o.number) == new), ""
    )


def _read(scheme: Scheme, tag: TagName | None) -> Version | None:
    found = scheme.spelled(tag) if tag else None
    return scheme.version(found) if found else None


def _of(scheme: Scheme, spelling: Spelling) -> tuple[int, ...]:
    version = scheme.version(spelling)
    return version.numbers if version else ()


def _same(word: str, other: str) -> bool:
    word, other = word.lower(), other.lower()
    return _ALIKE.get(word, word) == _ALIKE.get(other, other)


def _order(tag: str) -> VersionKey:
    return _key(parse_tag(tag))


def _key(tag: TagName) -> VersionKey:
    return tag.version or ((), 0, "", 0)
