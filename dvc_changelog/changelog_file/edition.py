"""A new edition of the document: every section brought up to date in its place. Pure.

Reads the document as lines by hand and sections of ours; what becomes of one section's text is `merge`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from dvc_changelog.changelog_file import merge
from dvc_changelog.changelog_file.body import Body
from dvc_changelog.changelog_file.marks import (
    MANAGED,
    Item,
    Marked,
    is_managed,
    parse,
    unparse,
    without_marks,
)
from dvc_changelog.changelog_file.outline import RELEASE_LEVEL, headings
from dvc_changelog.changelog_file.section import UNRELEASED, Section, Source
from dvc_changelog.changelog_file.shelf import Shelf
from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import DocumentError


def keys(existing: str, path: str) -> list[str]:
    """The keys of the sections that a document has; broken marks raise DocumentError."""
    return [item.key for item in _items(existing, path) if isinstance(item, Marked)]


def is_ours(existing: str, path: str) -> bool:
    """Whether a document has marks of ours; broken ones raise DocumentError."""
    return _are_ours(_items(existing, path))


def differing(old: str, new: str, path: str) -> list[str]:
    """The keys of the sections that two editions of a document have otherwise, as they stand in the new one.

    Broken marks raise DocumentError.
    """
    before, after = (
        {item.key: item for item in _items(text, path) if isinstance(item, Marked)} for text in (old, new)
    )
    return [key for key in dict.fromkeys((*after, *before)) if before.get(key) != after.get(key)]


def richer(existing: str, sections: Iterable[Section], path: str) -> frozenset[str]:
    """The keys of sections that the document has of the same two states, told from more than these are.

    What one machine read in DVC's cache is not lost on one without it. `path` is for messages; broken marks
    raise DocumentError.
    """
    lacking = [section for section in sections if section.source and section.source.lacking]
    if not lacking or not existing.strip():
        return frozenset()
    items = _items(existing, path)
    there = {item.key: item.source for item in items if isinstance(item, Marked)}
    return frozenset(
        section.key
        for section in lacking
        if section.source and section.source.poorer_than(there.get(section.key))
    )


def update(
    existing: str,
    header: str,
    sections: Sequence[Section],
    order: Sequence[str],
    *,
    path: str,
    adopt: bool = False,
    gone: Collection[str] = (),
) -> str:
    """The document with these sections in it, and everything by hand where it was.

    `existing` is what the file holds ("" if there is none), `header` what a new file starts with, `order` the
    keys of all releases, newest first; `sections` may be some of them. `path` is for messages. With `adopt` a
    document without marks of ours is taken over; without, it raises DocumentError, as do broken marks.
    Of the sections that are `gone` only what a person wrote stays.
    """
    ranks = {UNRELEASED: -1} | {key: rank for rank, key in enumerate(order) if key != UNRELEASED}
    for section in sections:
        ranks.setdefault(section.key, len(ranks))
    wanted = {
        section.key: _body(section.text) for section in sorted(sections, key=lambda each: ranks[each.key])
    }
    sources = {section.key: section.source for section in sections}
    if not existing.strip():
        return _first_edition(header, wanted, sources)
    final = "\n" if existing.endswith("\n") else ""
    items = _items(existing, path)
    ours = _are_ours(items)
    if not ours and not adopt:
        raise DocumentError(
            path,
            "has no marks of dvc-changelog, so its place in it is not known",
            "Run `dvc-changelog generate --adopt` once: your text stays, and releases that have a heading of "
            "their own are left to you. Or name another file (`output`, --output).",
        )
    shelf = Shelf(items, ranks)
    wrapped = (not ours or UNRELEASED in wanted) and shelf.wrap_unreleased()
    edition = _Edition(shelf, wanted, sources, UNRELEASED in order or wrapped)
    edition.place_unreleased(may_move=not wrapped)
    edition.close(gone)
    edition.place_all()
    shelf.label(MANAGED)
    return "\n".join(unparse(shelf.items)) + final


@dataclass(slots=True)
class _Edition:
    """The work on one document. `wanted` is newest first; `open_end`: there is still an unreleased part."""

    shelf: Shelf
    wanted: dict[str, Body]
    sources: Mapping[str, Source | None]
    open_end: bool

    def place_unreleased(self, *, may_move: bool) -> None:
        """Settle what becomes of an unreleased part in the file that is no longer asked for as such."""
        at = self.shelf.index(UNRELEASED)
        if at is None:
            return
        old = self.shelf.marked(at)
        heir = self._heir(old) if may_move else None
        if heir is not None:
            new = self.wanted[heir]
            body = merge.merged(old.base, old.body, new, moved=True)
            self.shelf.items[at] = Marked.of(heir, body, new.fingerprint, self.sources[heir])
        elif UNRELEASED not in self.wanted and not self.open_end:
            self._close(at, old)

    def close(self, gone: Collection[str]) -> None:
        """Take out the sections of releases that are none any more, but for what is by hand."""
        for key in gone:
            at = self.shelf.index(key)
            if at is not None:
                self._close(at, self.shelf.marked(at))

    def place_all(self) -> None:
        """Merge what is in the file, insert what is not, leave to the person what is theirs."""
        for key, new in self.wanted.items():
            at = self.shelf.index(key)
            if at is not None:
                self.shelf.items[at] = _renewed(self.shelf.marked(at), new, self.sources[key])
            elif not self.shelf.has_heading(key):
                self.shelf.insert(Marked.of(key, new, new.fingerprint, self.sources[key]))

    def _heir(self, old: Marked) -> str | None:
        """The release that the unreleased part has become: the oldest that is newer than all in the file.

        A release that was never written, but is older than one in the file, was already there when the
        unreleased part was written; it has no claim.
        """
        ranks = self.shelf.ranks
        present = [ranks[key] for key in self.shelf.releases()]
        newest = min(present, default=len(ranks))
        fresh = [key for key in self.wanted if key != UNRELEASED and ranks[key] < newest]
        if not fresh:
            return None
        heir = fresh[-1]
        if not present and UNRELEASED in self.wanted:
            # The first releases in the file: were they made since, or was the file written with only the
            # unreleased part? What the tool wrote in it tells.
            same = {key: _overlap(old, self.wanted[key]) for key in (UNRELEASED, heir)}
            return heir if same[UNRELEASED] <= same[heir] else None
        return heir

    def _close(self, at: int, old: Marked) -> None:
        """Leave of a section that is no more only what a person wrote, under its heading."""
        hand = merge.by_hand(old.base, old.body)
        if not hand:
            self.shelf.remove(at)
            return
        texts = old.body.texts
        first = next((each.index for each in headings(texts) if each.level == RELEASE_LEVEL), None)
        keep = () if first is None or first in hand else (old.body.lines[first],)
        self.shelf.items[at] = _renewed(old, Body(keep, ("",)))


def _are_ours(items: Iterable[Item]) -> bool:
    return any(isinstance(item, Marked) or is_managed(item) for item in items)


def _items(existing: str, path: str) -> list[Item]:
    return parse(existing.removesuffix("\n").split("\n"), path)


def _first_edition(header: str, wanted: dict[str, Body], sources: Mapping[str, Source | None]) -> str:
    blocks = [header.replace("\r\n", "\n").strip("\n")] if header.strip() else []
    for key, body in wanted.items():
        blocks.append("\n".join(unparse([Marked.of(key, body, body.fingerprint, sources[key])])))
    if not wanted:
        blocks.append(MANAGED)
    return "\n\n".join(blocks) + "\n"


def _body(text: str) -> Body:
    """A section's text as a body: LF only, nothing in it that could be read as a mark."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Body.of(without_marks(lines)).spaced()


def _renewed(old: Marked, new: Body, source: Source | None = None) -> Marked:
    """The section in the file with the new text merged in; the very same if there is nothing new.

    Where the text is, the mark is not renewed for its source alone: machines with and without a cache would
    undo each other's. Only the states that were compared may be others now.
    """
    fresh = Marked.of(old.key, merge.merged(old.base, old.body, new), new.fingerprint, source)
    moved = old.source and source and old.source.sides != source.sides
    return fresh if moved or old.base != fresh.base else old


def _overlap(old: Marked, new: Body) -> int:
    """How many lines below the heading the tool wrote in both."""
    return (Counter((old.base or ())[1:]) & Counter(new.fingerprint[1:])).total()
