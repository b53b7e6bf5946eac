"""A release drawn on a terminal; plain text in a pipe. The same view as Markdown has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dvc_changelog.config import Config
from dvc_changelog.domain import Release
from dvc_changelog.render.escape import one_line
from dvc_changelog.render.phrase import Phrase, Style
from dvc_changelog.render.shapes import Line, Quote, Section, Table, View
from dvc_changelog.render.view import view

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

_STYLES = {
    Style.PLAIN: "",
    Style.CODE: "cyan",
    Style.STRONG: "bold",
    Style.LINK: "cyan",
    Style.GOOD: "green",
    Style.BAD: "bold red",
}


def draw(release: Release, config: Config, console: Console | None = None) -> None:
    """Draw a release.

    Args:
        release: what to draw.
        config: headings and where lists fold.
        console: where to; stdout if not given, in colour on a terminal only.
    """
    from rich.console import Console

    out = console or Console(highlight=False, soft_wrap=True)
    seen = view(release, config)
    _head(out, seen)
    for section in seen.sections:
        _section(out, section, seen.fold_after)
    if seen.quiet.lines:
        out.print(f"\n{one_line(seen.quiet.heading)}", style="dim", markup=False)
    if seen.ways:
        out.print("\nReproduce and roll back", style="bold")
        for way in seen.ways:
            out.print("  ", text(way), sep="")
    for remark in seen.remarks:
        out.print("\n! ", text(remark), style="yellow", sep="")


def _head(out: Console, seen: View) -> None:
    date = f" - {seen.date}" if seen.date else ""
    since = f", since {seen.previous}" if seen.previous else ""
    out.print(one_line(f"{seen.title}{date}{since}"), style="bold underline", markup=False)
    if seen.aliases:
        out.print(one_line(f"also tagged {', '.join(seen.aliases)}"), style="dim", markup=False)
    if seen.prereleases:
        names = ", ".join(seen.prereleases)
        out.print(one_line(f"includes the prereleases {names}"), style="dim", markup=False)
    for quote in seen.words:
        _quote(out, quote, seen.fold_after)
    for sentence in seen.summary:
        out.print(text(sentence))


def _quote(out: Console, quote: Quote, fold: int) -> None:
    said = [line for paragraph in quote.paragraphs for line in paragraph]
    for mark, words in said[:fold]:
        out.print("│ ", mark, text(words), sep="", style="italic", markup=False)
    _more(out, len(said) - fold)
    if quote.by:
        out.print("│ — ", text(quote.by), sep="", style="dim")


def _section(out: Console, section: Section, fold: int) -> None:
    out.print(f"\n{one_line(section.heading)}", style="bold", markup=False)
    if section.table and section.table.rows:
        if section.note:
            out.print(text(section.note))
        out.print(_table(section.table, fold))
        _more(out, len(section.table.rows) - fold)
    for file in section.folds[:fold]:
        _line(out, Line(file.summary + ", in the changelog"), fold)
    _more(out, len(section.folds) - fold)
    for line in section.lines[:fold]:
        _line(out, line, fold)
    _more(out, len(section.lines) - fold)
    for block in section.blocks:
        out.print("  ", text(block.title), sep="")
        for line in block.lines[:fold]:
            _line(out, line, fold)
        _more(out, len(block.lines) - fold)


def _line(out: Console, line: Line, fold: int) -> None:
    out.print("  - ", text(line.text), sep="")
    for why in line.because:
        out.print("      ", text(why), sep="")
    for below in line.below[:fold]:
        out.print("      ", text(below), sep="")
    _more(out, len(line.below) - fold)


def _more(out: Console, left: int) -> None:
    if left > 0:
        out.print(f"  … and {left:,} more, in the changelog", style="dim")


def _table(table: Table, fold: int) -> RichTable:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    drawn = RichTable(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for title, numeric in zip(table.header, table.numeric, strict=True):
        drawn.add_column(one_line(str(title)), justify="right" if numeric else "left", overflow="fold")
    for row in table.rows[:fold]:
        drawn.add_row(*(text(cell) for cell in row))
    return drawn


def text(phrase: Phrase) -> Text:
    """A phrase as Rich's text; nothing in it is read as Rich's markup or as an escape sequence."""
    from rich.text import Text

    text = Text()
    for part in phrase.parts:
        text.append(one_line(part.text), style=_STYLES[part.style])
    return text
