"""The parts that a comment is made of, and how they are made to fit: the lightest are shortened first.

Each part is whole Markdown by itself at every length, so that nothing is cut and no fold stays open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import groupby

from dvc_changelog.dataclass import dataclass
from dvc_changelog.render.blocks import IN_JSON, folded
from dvc_changelog.render.comment.wording import units
from dvc_changelog.render.phrase import plain
from dvc_changelog.render.shapes import LIMIT

ROOMS = (LIMIT, 50, 15, 5, 1, 0)
"""How many lines a list of a part may have, at each step of shortening it."""

_BLANK_LINES = re.compile(r"\n{3,}")
_STEP = 5
"""By how much heavier a part may be than another, and be shortened before that is shortened once more."""


class Weight(IntEnum):
    """What a reviewer needs least comes first, and is shortened first."""

    COMMITS = 0
    WAYS = 1
    ENVIRONMENT = 2
    EVENTS = 3
    EXPERIMENTS = 4
    PIPELINE = 5
    PLOTS = 6
    PICTURES = 7
    MOVED = 8
    DATA = 9
    PARAMS = 10
    WHY = 11
    BREAKING = 12
    MODELS = 13
    REMARKS = 14
    METRICS = 15
    SUMMARY = 16
    VERSION = 17
    VERDICT = 18
    FRAME = 19


Write = Callable[[int], str]
"""Gives Markdown with so many lines a list, without line ends around it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a comment.

    `write` with no room gives what must stand in any case, or "". `called` is the part's name where it is
    left out. Neighbours that are to `fold` do so together, under their names.
    """

    weight: Weight
    write: Write
    called: str = ""
    fold: bool = False


def fitted(parts: Iterable[Part], limit: int, *, html: bool) -> str:
    """The parts as one text of at most `limit` units, unless what must stand in any case is longer."""
    drafts = [draft for part in parts if (draft := _Draft(part)).text]
    order = sorted(
        (draft.part.weight + _STEP * step, number, step)
        for number, draft in enumerate(drafts)
        for step in range(1, len(ROOMS))
    )
    for _, number, step in order:
        if _fits(drafts, limit, html=html):
            break
        drafts[number].step = step
    # One that is too long by itself has taken others with it: what has room again comes back.
    for draft in sorted(drafts, key=lambda draft: -draft.part.weight):
        least = draft.step
        for step in range(least):
            draft.step = step
            if _fits(drafts, limit, html=html):
                break
            draft.step = least
    return _set(drafts, html=html)


class _Draft:
    """A part at one length after the other; `step` says at which."""

    def __init__(self, part: Part) -> None:
        self.part, self.step = part, 0
        self._written: dict[int, tuple[str, int]] = {}

    @property
    def text(self) -> str:
        """Its Markdown."""
        return self._at(self.step)[0]

    @property
    def size(self) -> int:
        """How long that is."""
        return self._at(self.step)[1]

    def _at(self, step: int) -> tuple[str, int]:
        if step not in self._written:
            text = _BLANK_LINES.sub("\n\n", self.part.write(ROOMS[step])).strip("\n")
            self._written[step] = text, units(text)
        return self._written[step]


def _fits(drafts: Sequence[_Draft], limit: int, *, html: bool) -> bool:
    """To add up is less work than to set; and what is set has some words more."""
    return sum(draft.size for draft in drafts) <= limit and units(_set(drafts, html=html)) <= limit


def _set(drafts: Sequence[_Draft], *, html: bool) -> str:
    """The texts below each other, folded where they are to; before the last it is said what is left out."""
    *texts, last = _texts(drafts, html=html)
    gone = [draft.part.called for draft in drafts if not draft.text]
    if gone:
        left = plain(f"A comment has no room left for: {', '.join(gone)}.").markdown
        texts.append(f"> {left} All of it is {IN_JSON}.")
    return "\n\n".join((*texts, last)) + "\n"


def _texts(drafts: Sequence[_Draft], *, html: bool) -> Iterator[str]:
    for fold, members in groupby((draft for draft in drafts if draft.text), key=lambda d: d.part.fold):
        inside = list(members)
        if fold and html:
            names = ", ".join(draft.part.called for draft in inside)
            body = "\n\n".join(draft.text for draft in inside)
            yield folded(plain(names[:1].upper() + names[1:]), f"\n{body}\n").strip("\n")
        else:
            yield from (draft.text for draft in inside)
