"""What a tag's name says: its line of releases, its version, or an event of GTO. Pure; no Git here.

No configuration is needed for any of `v1.2.0`, `1.2.0rc1`, `2024-assessment-year`, `exp-7`, `2024.03.1`,
`base-graph-v1`, `model@v1.0.0`. Sources of the forms: SemVer 2.0, PEP 440, CalVer, and GTO's tag grammar
(https://github.com/iterative/gto).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum, auto
from functools import cache

from dvc_changelog.dataclass import dataclass


class TagKind(Enum):
    """What a tag stands for. The latter two are GTO's events: where an artifact runs, and its own fate."""

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
    `number` is the version as it stands after `name@`, else "". `gto` says whether GTO's grammar takes it.
    Of an event, `line` is the artifact, `target` the place of a deployment, `state` "deprecated" or
    "created", and `cancelled` marks GTO's `!`.
    """

    text: str
    kind: TagKind
    line: str = ""
    version: VersionKey | None = None
    prerelease: bool = False
    target: str = ""
    number: str = ""
    state: str = ""
    cancelled: bool = False
    gto: bool = False


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

_WORD = r"[a-zA-Z0-9](?:[a-zA-Z0-9_/-]*[a-zA-Z0-9])?"
_LABEL = r"(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)"
_SEMVER = (
    r"(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)"
    rf"(?:-{_LABEL}(?:\.{_LABEL})*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?"
)
# As GTO's own expression, but for `build#12`: it takes the 12 for a place, which is anyone's way to count.
_GTO = re.compile(
    rf"(?P<name>(?:[a-zA-Z0-9_./-]+=)?{_WORD})"
    rf"(?:(?:#(?P<target>(?!\d+$){_WORD})|@(?P<number>v{_SEMVER}))(?P<cancel>!?)|@(?P<state>deprecated|created))"
    r"(?:#\d+)?",
    re.ASCII,
)
_REGISTRATION = re.compile(r"^(?P<name>.+)@(?P<number>v?\d+(?:\.\d+)*(?:[-.+]?[0-9A-Za-z.+-]+)?)(?:#\d+)?$")
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
    if found := _GTO.fullmatch(text):
        return _gto(text, found.groupdict())
    if found := _REGISTRATION.match(text):
        return replace(_release(text, _artifact(found["name"]), found["number"]), number=found["number"])
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
    artifact, number = _artifact(parts["name"] or ""), parts["number"] or ""
    cancelled = bool(parts["cancel"])
    if target := parts["target"]:
        return TagName(text, TagKind.DEPLOYMENT, artifact, target=target, cancelled=cancelled, gto=True)
    if number and not cancelled:
        return replace(_release(text, artifact, number), number=number, gto=True)
    return TagName(
        text,
        TagKind.LIFECYCLE,
        artifact,
        _key(number) if number else None,
        number=number,
        state=parts["state"] or "",
        cancelled=cancelled,
        gto=True,
    )


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
