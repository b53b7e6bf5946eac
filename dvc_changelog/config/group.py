"""The sections of a release: which commit types and touched kinds stand under what heading, which fold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from dvc_changelog.config.bump import BumpRule
from dvc_changelog.config.complaint import BadValueError, suggest
from dvc_changelog.domain import Touch

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Added": ("feat",),
        "Fixed": ("fix",),
        "Changed": ("refactor", "perf", "change"),
        "Removed": ("remove",),
        "Deprecated": ("deprecate",),
        "Security": ("security",),
        "Reverted": ("revert",),
        "Commits": ("model", "data", "params", "metrics", "pipeline", "code", "environment"),
    }
)
QUIET = ("docs", "style", "test", "tests", "build", "ci", "chore")

# Types that people write though no section of ours is named after them.
_SEEN = (
    *("add", "assets", "bugfix", "config", "deps", "dev", "doc", "exp", "experiment", "feature", "format"),
    *("hotfix", "improve", "infra", "init", "lint", "merge", "misc", "other", "release", "types", "typo"),
    *("update", "wip"),
)
KNOWN = tuple(dict.fromkeys([*(name for names in GROUPS.values() for name in names), *Touch, *QUIET, *_SEEN]))
_TYPE = re.compile(r"[^\s():!,]+")


def sections(value: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Return the headings given, in their order, then the defaults for the types that they do not name."""
    settled: dict[str, tuple[str, ...]] = {}
    place: dict[str, str] = {}
    for heading, names in value.items():
        settled[heading] = _types(heading, names)
        for name in settled[heading]:
            other = place.setdefault(name, heading)
            if other != heading:
                raise BadValueError(
                    f"`{name}` stands under both `{other}` and `{heading}`", "Keep it under one.", heading
                )
    for heading, names in GROUPS.items():
        left = tuple(name for name in names if name not in place)
        if left:
            settled[heading] = settled.get(heading, ()) + left
    return MappingProxyType(settled)


def quiet(value: tuple[str, ...]) -> tuple[str, ...]:
    """Return commit types in small letters, each once."""
    return tuple(dict.fromkeys(_type(name) for name in value))


def check_quiet(names: tuple[str, ...], groups: Mapping[str, tuple[str, ...]]) -> None:
    """Raise BadValueError for a quiet group that is no type anyone knows and that no heading names."""
    known = _known(groups)
    headings = {heading.casefold(): types for heading, types in groups.items()}
    for name in names:
        if name in known:
            continue
        if name in headings:
            types = ", ".join(f"`{kind}`" for kind in headings[name])
            raise BadValueError(f"`{name}` is a heading, not a commit type", f"Name its types: {types}.")
        raise BadValueError(
            f"unknown group `{name}`",
            f"{suggest(name, known)} A type of your own needs a heading in `groups` first.",
        )


def check_bump(
    rules: Iterable[BumpRule], groups: Mapping[str, tuple[str, ...]], kinds: Iterable[str]
) -> None:
    """Raise BadValueError for a rule about a group that is no type anyone knows, and no kind of notes.

    Args:
        rules: of `bump-rules`.
        groups: the headings; a type that one names is known.
        kinds: of notes.
    """
    known = [*_known(groups), *kinds]
    for rule in rules:
        for name in rule.group:
            if name not in known:
                raise BadValueError(f"{rule.label}: unknown group `{name}`", suggest(name, known))


def _known(groups: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The types that anyone knows, and those that a heading names."""
    return [*KNOWN, *(name for types in groups.values() for name in types if name not in KNOWN)]


def _types(heading: str, names: tuple[str, ...]) -> tuple[str, ...]:
    if not heading.strip():
        raise BadValueError("has an empty heading", "Give the heading a name.", heading)
    if not names:
        raise BadValueError(
            f"`{heading}` names no commit type",
            "Remove it; to fold a type away, name it in `quiet-groups`.",
            heading,
        )
    try:
        return quiet(names)
    except BadValueError as error:
        raise BadValueError(f"`{heading}`: {error.what}", error.remedy, heading) from error


def _type(name: str) -> str:
    if not _TYPE.fullmatch(name):
        raise BadValueError(f"{name!r} is not a commit type", 'Write one word, such as "feat".')
    return name.casefold()
