"""Who wrote which line: a section in the file and its new text, held against what the tool wrote last."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dvc_changelog.changelog_file import alignment
from dvc_changelog.changelog_file.body import Body
from dvc_changelog.changelog_file.outline import headings
from dvc_changelog.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Trace:
    """The three sides of a merge, by index.

    `owner` gives for each line of the file the base line it is, or None if it is by hand. `place` gives the
    new line that a base line has become; `origin` is its inverse; `kept` gives for a new line the line of the
    file that is the same. `their_levels` and `new_levels` hold the level of each heading.
    """

    base_length: int
    theirs: Body
    new: Body
    owner: tuple[int | None, ...]
    place: dict[int, int]
    origin: dict[int, int]
    kept: dict[int, int]
    their_levels: dict[int, int]
    new_levels: dict[int, int]

    @classmethod
    def of(cls, base: Sequence[str] | None, theirs: Body, new: Body) -> Trace:
        """The trace; without a base, what the file and the new text have in common is the tool's."""
        known, owner, place = _owners(base, theirs, new)
        origin = {n: b for b, n in place.items()}
        kept = {place[b]: t for t, b in owner.items() if b in place}
        return cls(
            known,
            theirs,
            new,
            tuple(owner.get(t) for t in range(len(theirs.lines))),
            place,
            origin,
            kept,
            levels(theirs.texts),
            levels(new.texts),
        )

    @property
    def hand(self) -> tuple[int, ...]:
        """The lines of the file that a person wrote."""
        return tuple(t for t, owner in enumerate(self.owner) if owner is None)

    def replaced(self, base: int, like: Callable[[str], bool]) -> bool:
        """Whether, where this base line was removed, a person wrote a line that is like it."""
        texts = self.theirs.texts
        before = [t for t, b in enumerate(self.owner) if b is not None and b < base]
        after = [t for t, b in enumerate(self.owner) if b is not None and b > base]
        start, stop = max(before, default=-1) + 1, min(after, default=len(texts))
        return any(self.owner[t] is None and like(texts[t]) for t in range(start, stop))


def levels(texts: Sequence[str]) -> dict[int, int]:
    """The level of each line that is a heading."""
    return {
        heading.index: heading.level for heading in headings(texts) if texts[heading.index].lstrip()[0] == "#"
    }


def _owners(
    base: Sequence[str] | None, theirs: Body, new: Body
) -> tuple[int, dict[int, int], dict[int, int]]:
    """How many base lines there are, {line of the file: base line}, {base line: new line}."""
    file, text = theirs.fingerprint, new.fingerprint
    if base is not None:
        owner = {t: b for b, t in alignment.pairs(base, file)}
        # A line that the tool moved is still the line that the person removed.
        return len(base), owner, alignment.leftovers(base, text, dict(alignment.pairs(base, text)))
    same = alignment.leftovers(file, text, dict(alignment.pairs(file, text)))
    place = dict(enumerate(sorted(same.values())))
    rank = {n: b for b, n in place.items()}
    return len(same), {t: rank[n] for t, n in same.items()}, place
