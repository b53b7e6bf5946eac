"""What a tag's name says: its line of releases, its version, or an event of GTO. Pure; no Git here.

No configuration is needed for any of `v1.2.0`, `1.2.0rc1`, `2024-assessment-year`, `exp-7`, `2024.03.1`,
`base-graph-v1`, `model@v1.0.0`. Sources of the forms: SemVer 2.0, PEP 440, CalVer, and GTO's tag grammar
(https://github.com/iterative/gto).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache


class TagKind(Enum):
    """What a tag stands for."""

    RELEASE = auto()
    DEPLOYMENT = auto()
    LIFECYCLE = auto()


VersionKey = tuple[tuple[int, ...], int, str, int]
"""Sorts versions: numbers; -1 before, 0 at, 1 after the plain version; the suffix's word and number."""


@dataclass(frozen=True, slots=True)
class TagName:
    """A tag's name, understood.

    `line` is the family of releases the tag belongs to: "" for the repository's own, "base-graph" for
    `base-graph-v1`, "model" for `model@v1.0.0`. `version` is None for a name without numbers to order by.
    For a deployment, `line` is the artifact and `target` the place. `cancelled` marks GTO's `!`, `counter`
    is the number by which GTO tells the tags of one event apart.
    """

    text: str
    kind: TagKind
    line: str = ""
    version: VersionKey | None = None
    prerelease: bool = False
    target: str = ""
    cancelled: bool = False
    counter: int = 0


_GENERIC = {"", "v", "ver", "version", "r", "rel", "release", "releases"}
_PRE_WORDS = {
    "dev": 0,
    "snapshot": 1,
    "nightly": 2,
    "canary": 3,
    "a": 4,
    "alpha": 4,
    "b": 5,
    "beta": 5,
    "m": 6,
    "milestone": 6,
    "pre": 7,
    "preview": 7,
    "next": 7,
    "c": 8,
    "rc": 8,
}

_DEPLOYMENT = re.compile(r"^(?P<name>[^#]+)#(?P<target>[A-Za-z][\w/-]*)(?P<cancel>!)?(?:#(?P<counter>\d+))?$")
_LIFECYCLE = re.compile(r"^(?P<name>[^@]+)@(?:deprecated|created)(?P<cancel>!)?(?:#(?P<counter>\d+))?$")
_REGISTRATION = re.compile(
    r"^(?P<name>.+)@(?P<number>v?\d+(?:\.\d+)*(?:[-.+]?[0-9A-Za-z.+-]+)?)(?P<cancel>!)?(?:#(?P<counter>\d+))?$"
)
_SUFFIX = (
    r"(?:[-._]?(?:dev|snapshot|nightly|canary|alpha|beta|milestone|preview|pre|next|rc|post|[abcm])"
    r"(?:[-._]?\d+)*)?(?:\+[0-9A-Za-z.-]+)?"
)
_NUMBER = rf"\d+(?:[._]\d+)*{_SUFFIX}"
_DATE = r"\d{4}-\d{1,2}(?:-\d{1,2})?"
_PREFIXED = re.compile(rf"^(?:(?P<prefix>.+?)[-_/.])??(?P<number>[vV]?(?:{_DATE}|{_NUMBER}))$", re.IGNORECASE)
_GLUED = re.compile(rf"^(?P<prefix>[A-Za-z]+)(?P<number>{_NUMBER})$", re.IGNORECASE)
_LEADING = re.compile(r"^(?P<number>[vV]?\d+(?:[._]\d+)*)(?P<rest>[-_+ ].+)$")
_NUMERIC = re.compile(r"^[vV]?\d[\d._-]*$")
_PARTS = re.compile(r"^[vV]?(?P<nums>\d+(?:[._-]\d+)*)(?P<rest>.*)$")
_REST = re.compile(r"^[-._]?(?P<word>[A-Za-z]+)?[-._]?(?P<num>\d+)?")


@cache
def parse(text: str) -> TagName:
    """Understand a tag's name.

    Args:
        text: the tag, without `refs/tags/`.

    Returns:
        what it stands for; every name is at least a release without a version in the repository's own line.
    """
    if found := _DEPLOYMENT.match(text) or _LIFECYCLE.match(text) or _REGISTRATION.match(text):
        return _gto(text, found.groupdict())
    found = _GLUED.match(text) or _PREFIXED.match(text)
    if found and not _NUMERIC.match(found["prefix"] or ""):
        prefix = (found["prefix"] or "").rstrip("-_/.")
        # One letter before the number (`A4.1`) says "version", as `v` does; it is no name of its own.
        own = prefix.lower() in _GENERIC or (text == f"{prefix}{found['number']}" and len(prefix) == 1)
        return _release(text, "" if own else prefix, found["number"])
    if found := _LEADING.match(text):
        whole = found["rest"] if _NUMERIC.match(found["rest"].lstrip("-_+ ")) else ""
        return TagName(text, TagKind.RELEASE, "", _key(found["number"] + whole))
    return TagName(text, TagKind.RELEASE)


def _gto(text: str, parts: Mapping[str, str | None]) -> TagName:
    artifact = _artifact(parts["name"] or "")
    cancelled, counter = bool(parts["cancel"]), int(parts["counter"] or 0)
    if target := parts.get("target"):
        return TagName(
            text, TagKind.DEPLOYMENT, artifact, target=target, cancelled=cancelled, counter=counter
        )
    number = parts.get("number")
    if number and not cancelled:
        return replace(_release(text, artifact, number), counter=counter)
    version = _key(number) if number else None
    return TagName(text, TagKind.LIFECYCLE, artifact, version, cancelled=cancelled, counter=counter)


def _release(text: str, line: str, number: str) -> TagName:
    key = _key(number)
    return TagName(text, TagKind.RELEASE, line, key, prerelease=key[1] < 0)


def _artifact(name: str) -> str:
    """The artifact's name as a person writes it: GTO stores `dir:name` as `dir=name`."""
    return name.replace("=", ":", 1)


def _key(number: str) -> VersionKey:
    found = _PARTS.match(number)
    if not found:
        return ((), 0, "", 0)
    numbers = tuple(int(n) for n in re.split(r"[._-]", found["nums"]))
    while len(numbers) > 1 and numbers[-1] == 0:  # 1.0 and 1.0.0 are one version
        numbers = numbers[:-1]
    rest = _REST.match(found["rest"].split("+")[0])
    word = (rest["word"] or "").lower() if rest else ""
    serial = int(rest["num"] or 0) if rest else 0
    if word in _PRE_WORDS:
        return (numbers, -1, str(_PRE_WORDS[word]), serial)
    return (numbers, 1 if word else 0, word, serial)
