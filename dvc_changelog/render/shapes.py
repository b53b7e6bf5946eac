"""The shapes a view is made of: tables, lines, sections. No text is decided here."""

from __future__ import annotations

from dataclasses import field

from dvc_changelog.dataclass import dataclass
from dvc_changelog.render.phrase import Phrase

LIMIT = 200
"""How many lines a folded list shows at most; it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its header and rows of cells. `numeric` columns are set to the right."""

    header: tuple[Phrase, ...]
    rows: tuple[tuple[Phrase, ...], ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A list item with items below it, which fold where they are many. `weight` counts what it speaks of.

    `because` says why, in items that come first and do not fold.
    """

    text: Phrase
    below: tuple[Phrase, ...] = ()
    weight: int = 1
    because: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Fold:
    """A table that is folded, and what stands in its place."""

    summary: Phrase
    table: Table


@dataclass(frozen=True, slots=True)
class Block:
    """A sentence on its own, with lines below it."""

    title: Phrase
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """What a person says of the whole: paragraphs of lines, each with the "- " or "1. " of a list or "".

    `by` says where it stands, if that is not plain.
    """

    paragraphs: tuple[tuple[tuple[str, Phrase], ...], ...]
    by: Phrase = field(default_factory=Phrase)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with a table, further ones that fold, lines below it, and blocks at the end.

    `note` is a sentence above the table, without which its numbers would be misread; "" for none.
    """

    heading: str
    table: Table | None = None
    lines: tuple[Line, ...] = ()
    folds: tuple[Fold, ...] = ()
    blocks: tuple[Block, ...] = ()
    note: Phrase = field(default_factory=Phrase)

    def __bool__(self) -> bool:
        return bool(self.lines or self.folds or self.blocks or (self.table and self.table.rows))


@dataclass(frozen=True, slots=True)
class View:
    """A release as a reader sees it, in the order in which it is read."""

    title: str
    date: str
    version: str
    previous: str
    compare_url: str
    aliases: tuple[str, ...]
    prereleases: tuple[str, ...]
    words: tuple[Quote, ...]
    summary: tuple[Phrase, ...]
    sections: tuple[Section, ...]
    quiet: Section
    ways: tuple[Phrase, ...]
    remarks: tuple[Phrase, ...]
    fold_after: int
