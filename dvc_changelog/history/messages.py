"""What a commit message says: Conventional Commits where used, links, reverts, squashed subjects. Pure.

Sources: Conventional Commits 1.0.0; Git's `This reverts commit <id>.` and `Revert "<subject>"`; GitHub's and
GitLab's squash bodies.
"""

from __future__ import annotations

import re
from collections.abc import Container

from dvc_changelog.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A message, understood. `type` is "" where the message follows no convention.

    `breaking` is the explanation of a breaking change ("" when only `!` marks it), None when there is none.
    `trailers` are those given, but for a title that Git took for one.
    """

    subject: str
    body: str = ""
    type: str = ""
    scope: str = ""
    breaking: str | None = None
    links: tuple[str, ...] = ()
    reverts: str = ""
    squashed: tuple[str, ...] = ()
    trailers: tuple[tuple[str, str], ...] = ()


# The types of the Angular convention and their common spellings. A closed list, since `Note: x` or
# `metrics: y` are plain English or the name of a module at the head of a message, no convention.
_TYPES = {
    "feat": "feat",
    "feature": "feat",
    "fix": "fix",
    "bugfix": "fix",
    "hotfix": "fix",
    "perf": "perf",
    "refactor": "refactor",
    "docs": "docs",
    "doc": "docs",
    "style": "style",
    "test": "test",
    "tests": "test",
    "build": "build",
    "ci": "ci",
    "chore": "chore",
    "revert": "revert",
    "deps": "build",
    "security": "security",
    "remove": "remove",
    "deprecate": "deprecate",
}
_HEAD = re.compile(
    r"^(?P<type>[A-Za-z]+)(?:\((?P<scope>[^()\r\n]*)\))?(?P<bang>!)?:\s+(?P<subject>\S.*)$", re.DOTALL
)
_BREAKING_KEYS = {"breaking change", "breaking-change"}
_BREAKING = re.compile(
    r"^BREAKING[ -]CHANGE:\s*(?P<text>.+?)(?=\n\s*\n|\n[\w-]+: |\Z)", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"(?P<ref>[#!](?<![\w&/].)\d+)\b")  # looking back from the sign, which is quick to find
_REVERTS = re.compile(r"(?:\bThis reverts commit|^Reverts:?(?: commit)?) ([0-9a-f]{7,64})\b", re.MULTILINE)
_BETWEEN = re.compile(r"\n[ \t]*\n")
_CHERRY = "(cherry picked from commit "
_NUMBER = re.compile(r"\s*\([#!]\d+\)$")
_SQUASHED_BY_FORGE = re.compile(r"^\* \S", re.MULTILINE)
_SQUASHED = re.compile(r"^[*-] (?P<subject>\S.*)$", re.MULTILINE)


def parse(raw: str, trailers: tuple[tuple[str, str], ...] = (), *, merge: bool = False) -> Message:
    """Understand a commit message.

    Args:
        raw: the whole message, decoded.
        trailers: its trailers, as Git parses them; they are left out of the body.
        merge: whether the commit joins two histories. Where the forge wrote its subject, the first line below
            is the title of the pull request: the subject, if that follows the convention. Its body lists
            commits that the history has.

    Returns:
        the parts. A message of any form has at least its first line as subject.
    """
    subject, body = _split(raw)
    if merge and not _typed(subject) and _typed(title := body.partition("\n")[0].strip()):
        # Git takes a title that stands alone for a trailer ("fix: seed it").
        trailers = tuple(each for each in trailers if ": ".join(each) != title)
        subject, body = title, body.partition("\n")[2].strip("\n")
    if trailers and body:
        body = _without_trailers(body, {key for key, _ in trailers})
    found = _HEAD.match(subject)
    kind = _typed(subject)
    breaking = _breaking(raw, trailers, bang=bool(kind and found and found["bang"]))
    reverts = _REVERTS.search(raw) if "everts" in raw else None
    if reverts and not _says_revert(subject) and _SQUASHED_BY_FORGE.search(raw, 0, reverts.start()):
        reverts = None  # a part of a squash merge took something back, perhaps of another part
    return Message(
        subject=found["subject"] if found and kind else subject,
        body=body,
        type="revert" if not kind and _is_revert(subject, named=bool(reverts)) else kind,
        scope=(found["scope"] or "").strip() if found and kind else "",
        breaking=breaking,
        links=tuple(dict.fromkeys(m["ref"] for m in _LINK.finditer(raw))) if "#" in raw or "!" in raw else (),
        reverts=reverts[1] if reverts else "",
        squashed=_squashed(body) if body and not merge else (),
        trailers=trailers,
    )


def without_number(subject: str) -> str:
    """A subject without the number of its pull request, which a forge adds to that of a squash merge."""
    return _NUMBER.sub("", subject)


def _typed(subject: str) -> str:
    """The type of a subject that follows the convention, else ""."""
    found = _HEAD.match(subject)
    return _TYPES.get(found["type"].lower(), "") if found else ""


def _is_revert(subject: str, *, named: bool) -> bool:
    """Whether it is a revert that `git revert` or a forge wrote, or that names a commit and says so."""
    return subject.startswith('Revert "') or (named and _says_revert(subject))


def _says_revert(subject: str) -> bool:
    return subject.lower().startswith("revert")


def _split(raw: str) -> tuple[str, str]:
    head, *body = _BETWEEN.split(raw.replace("\r\n", "\n").strip(), maxsplit=1)
    return " ".join(line.strip() for line in head.splitlines() if line.strip()), "".join(body).strip("\n")


def _without_trailers(body: str, keys: Container[str]) -> str:
    """The body less its trailers, which Git finds in the last paragraph; other lines of that one stay."""
    *paragraphs, last = _BETWEEN.split(body)
    kept, dropped = [], False
    for line in last.split("\n"):
        folded = dropped and line[:1].isspace()
        dropped = folded or line.partition(":")[0].strip() in keys or line.startswith(_CHERRY)
        if not dropped:
            kept.append(line)
    return "\n\n".join((*paragraphs, "\n".join(kept))).strip("\n")


def _breaking(raw: str, trailers: tuple[tuple[str, str], ...], *, bang: bool) -> str | None:
    for key, value in trailers:
        if key.lower() in _BREAKING_KEYS:
            return value
    if "BREAKING" in raw and (found := _BREAKING.search(raw)):
        return " ".join(found["text"].split())
    return "" if bang else None


def _squashed(body: str) -> tuple[str, ...]:
    """The subjects of the commits that a squash merge folded, where they follow the convention."""
    subjects = (m["subject"] for m in _SQUASHED.finditer(body))
    return tuple(dict.fromkeys(filter(_typed, subjects)))
