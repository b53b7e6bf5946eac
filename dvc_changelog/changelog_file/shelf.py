"""The document as an ordered row of lines by hand and sections of ours: finding, inserting, removing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dvc_changelog.changelog_file.body import Body
from dvc_changelog.changelog_file.marks import Item, Marked, is_managed
from dvc_changelog.changelog_file.outline import (
    RELEASE_LEVEL,
    Heading,
    canonical,
    headings,
    is_link_definition,
    named,
)
from dvc_changelog.changelog_file.section import UNRELEASED


class Shelf:
    """The items of a document, changed in place; `ranks` tells the order of keys, the newest lowest."""

    def __init__(self, items: list[Item], ranks: dict[str, int]) -> None:
        self.items = items
        self.ranks = ranks
        self._found: list[Heading] | None = None
        self._key_of = {canonical(key): key for key in reversed(ranks)}

    def index(self, key: str) -> int | None:
        """Where the section of ours with this key stands."""
        return next(
            (at for at, item in enumerate(self.items) if isinstance(item, Marked) and item.key == key), None
        )

    def marked(self, at: int) -> Marked:
        """The section of ours at this index."""
        item = self.items[at]
        assert isinstance(item, Marked)
        return item

    def releases(self) -> set[str]:
        """The known releases in the document, by our marks or by a heading of the person's."""
        return {key for _, key in self._anchors()} - {UNRELEASED}

    def has_heading(self, key: str) -> bool:
        """Whether a person's heading outside our sections names the release."""
        return any(named(heading.title) == canonical(key) for heading in self._release_headings())

    def insert(self, section: Marked) -> None:
        """Put a section where its rank belongs, set off by blank lines."""
        at = self._position(self.ranks[section.key])
        below = self.items[at] if at < len(self.items) else ""
        above = self.items[at - 1] if at else ""
        block: list[Item] = [section]
        if at < len(self.items) and not _is_blank(below):
            block.append("")
        if at and not _is_blank(above):
            block.insert(0, "")
        # Found anew for each of hundreds of sections, the headings of a long file would take seconds.
        self._found = [
            replace(each, index=each.index + len(block)) if each.index >= at else each
            for each in self._headings()
        ]
        self.items[at:at] = block

    def remove(self, at: int) -> None:
        """Take a section or line out, with one of the blank lines that set it off."""
        self._found = None
        del self.items[at]
        if at < len(self.items):
            if _is_blank(self.items[at]) and (at == 0 or _is_blank(self.items[at - 1])):
                del self.items[at]
        elif at and _is_blank(self.items[at - 1]):
            del self.items[at - 1]

    def label(self, mark: str) -> None:
        """Have this mark in a document without sections of ours, and only in such a one."""
        present = [at for at, item in enumerate(self.items) if is_managed(item)]
        if any(isinstance(item, Marked) for item in self.items):
            for at in reversed(present):
                self.remove(at)
        elif not present:
            self.items += [mark] if not self.items or _is_blank(self.items[-1]) else ["", mark]

    def wrap_unreleased(self) -> bool:
        """Make a person's "Unreleased" a section of ours, all of it by hand; False if there is none."""
        found = next((h for h in self._release_headings() if named(h.title) == UNRELEASED), None)
        if found is None or self.index(UNRELEASED) is not None:
            return False
        stop = self._extent(found.index)
        while _is_blank(self.items[stop - 1]):
            stop -= 1
        body = Body.of([item for item in self.items[found.index : stop] if isinstance(item, str)])
        self.items[found.index : stop] = [Marked.of(UNRELEASED, body.spaced(), ())]
        self._found = None
        return True

    def _headings(self) -> list[Heading]:
        if self._found is None:
            self._found = headings([item if isinstance(item, str) else None for item in self.items])
        return self._found

    def _release_headings(self) -> list[Heading]:
        return [heading for heading in self._headings() if heading.level == RELEASE_LEVEL]

    def _anchors(self) -> Iterator[tuple[int, str]]:
        """(index, key) of what names a known release, in the order of the document."""
        titles = {heading.index: heading.title for heading in self._release_headings()}
        for at, item in enumerate(self.items):
            key = item.key if isinstance(item, Marked) else self._key_of.get(named(titles.get(at, "")), "")
            if key in self.ranks:
                yield at, key

    def _position(self, rank: int) -> int:
        """Where a section of this rank goes in: above the first older one, else below the newer ones."""
        anchors = [(at, self.ranks[key]) for at, key in self._anchors()]
        older = [at for at, other in anchors if other > rank]
        if older:
            return older[0]
        if anchors:
            return self._extent(anchors[-1][0])
        starts = [heading.index for heading in self._release_headings()]
        starts += [at for at, item in enumerate(self.items) if isinstance(item, Marked)]
        return min(starts, default=self._end(0))

    def _extent(self, at: int) -> int:
        """The index after the last item that belongs to the section which starts here."""
        if isinstance(self.items[at], Marked):
            return at + 1
        stops = [h.index for h in self._headings() if h.level <= RELEASE_LEVEL and h.index > at]
        stops += [index for index, item in enumerate(self.items) if index > at and isinstance(item, Marked)]
        return min(stops, default=self._end(at + 1))

    def _end(self, least: int) -> int:
        """The end of the document, above the link definitions and blank lines that close it."""
        end = len(self.items)
        while end > least and isinstance(item := self.items[end - 1], str):
            if not (_is_blank(item) or is_link_definition(item) or is_managed(item)):
                break
            end -= 1
        return end


def _is_blank(item: Item) -> bool:
    return isinstance(item, str) and not item.strip()
