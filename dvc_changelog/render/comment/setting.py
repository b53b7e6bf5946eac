"""How the sections of a view are set in a comment: with less space than in a changelog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.dataclass import dataclass
from dvc_changelog.render import figures, params
from dvc_changelog.render.blocks import BELOW, IN_JSON, first_rows, folded, items
from dvc_changelog.render.comment.wording import paragraph
from dvc_changelog.render.entry import quoted
from dvc_changelog.render.phrase import Phrase, joined, plain, strong
from dvc_changelog.render.shapes import Fold, Line, Quote, Section, Table

_FEW = 3
"""So many hyperparameters stand in a sentence, and so many items open whatever is below them."""
_NEVER = 10**9
_SIDES = 3
"""The columns of a table of values that are not about the values: the name and both sides."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a comment is read. With HTML, what is longer than `fold` folds; without, it ends there.

    All that is written has no line ends around it. `room` is how many lines a list may have, 0 for nothing.
    `inside` of a fold nothing else folds.
    """

    fold: int
    html: bool

    def section(self, section: Section, room: int, *, inside: bool = False) -> str:
        """A section of lines under its name, in one line where it has but one."""
        if not room or not section:
            return ""
        if len(section.lines) == 1 and (sentence := _one(section.heading, section.lines[0])):
            return sentence
        return f"{strong(section.heading).markdown}\n\n{self.lines(section.lines, room, inside=inside)}"

    def lines(self, lines: Sequence[Line], room: int, *, inside: bool = False) -> str:
        """List items; those beyond fold."""
        fold, room = self._lengths(room, inside=inside)
        if room <= fold:
            return items(lines, room, html=self.html).strip("\n")
        fold = _open(lines, fold)
        shown, rest = items(lines[:fold], room), lines[fold:]
        if rest:
            shown += folded(plain(f"{len(rest):,} more"), items(rest, room - fold))
        return shown.strip("\n")

    def table(self, table: Table, room: int, *, inside: bool = False) -> str:
        """A table; rows beyond fold."""
        fold, room = self._lengths(room, inside=inside)
        if room <= fold:
            return first_rows(table, table.rows, room).strip("\n")
        shown, rest = first_rows(table, table.rows[:fold]), table.rows[fold:]
        if rest:
            shown += folded(plain(f"{len(rest):,} more"), first_rows(table, rest, room - fold))
        return shown.strip("\n")

    def tables(self, folds: Sequence[Fold], room: int) -> Iterator[str]:
        """Tables that fold, each by itself; those that have no room as their titles."""
        _, most = self._lengths(room, inside=True)
        for fold in folds[:most]:
            yield self.folded(fold.summary, self.table(fold.table, room, inside=True))
        if rest := folds[most:]:
            titles = self.lines([Line(fold.summary) for fold in rest], room, inside=True)
            summary = plain(figures.count(len(rest), "more file"))
            yield self.folded(summary, f"{titles}\n\nTheir values are {IN_JSON}.")

    def folded(self, summary: Phrase, body: str) -> str:
        """What a reader opens; without HTML it stands below its title."""
        if not self.html:
            return f"{strong(str(summary)).markdown}\n\n{body}"
        return folded(summary, f"\n{body}\n").strip("\n")

    def params(self, section: Section, room: int, *, sides: bool) -> str:
        """Hyperparameters: a few in a sentence, more in a table. `sides`: there are values before."""
        if not room or not section:
            return ""
        table = section.table
        rows = table.rows if table else ()
        if not rows and not section.folds:
            return self.section(section, room)
        pieces = []
        if table and sides and not section.folds and 0 < len(rows) <= min(_FEW, room):
            told = joined(map(_InWords(table), rows), " · ")
            pieces.append((strong(section.heading) + " — " + told).markdown)
        else:
            pieces.append(strong(section.heading).markdown)
            pieces += [self.table(table, room)] if table else []
        pieces += self.tables(section.folds, room)
        if section.lines:
            pieces.append(self.lines(section.lines, room))
        return "\n\n".join(pieces)

    def words(self, quote: Quote) -> str:
        """What a person wrote, as a quote."""
        return quoted(quote, self.fold if self.html else _NEVER).strip("\n")

    def _lengths(self, room: int, *, inside: bool) -> tuple[int, int]:
        """After how many lines to fold, and how many there may be in all."""
        fold = max(self.fold, 1)
        return (room, room) if inside and self.html else (fold, room if self.html else min(room, fold))


def _open(lines: Sequence[Line], fold: int) -> int:
    """How many items stand open: what is below them counts too, but for the first few."""
    taken = 0
    for number, line in enumerate(lines):
        taken += 1 + len(line.because) + min(len(line.below), BELOW)
        if taken > fold and number >= _FEW:
            return number
    return len(lines)


def _one(heading: str, line: Line) -> str:
    """A section of one line, where that is no list itself."""
    if line.below or len(line.because) > 1:
        return ""
    return paragraph(strong(heading) + " — " + joined((line.text, *line.because)))


class _InWords:
    """A row of a table of values: "`train.n_est` 50 → **100** (used by `train`)"."""

    def __init__(self, table: Table) -> None:
        self._place = Phrase(table.header[0].parts[1:])  # " in `conf.yaml`"
        self._titles = [str(title).lower() for title in table.header[_SIDES:]]

    def __call__(self, row: tuple[Phrase, ...]) -> Phrase:
        name, old, new, *more = row
        if not old:
            step = plain(" new, ") + new
        elif old == plain(params.NOT_USED):
            step = plain(" used now, ") + new
        elif new in {plain("removed"), plain(params.NO_LONGER_USED)}:
            step = plain(f" {new}, was ") + old
        else:
            step = " " + old + " → " + new
        words = [f"{title} " + cell for title, cell in zip(self._titles, more, strict=True) if cell]
        return name + self._place + step + (plain(" (") + joined(words) + ")" if words else Phrase())
