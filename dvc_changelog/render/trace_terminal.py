"""The life of one thing drawn on a terminal, with its numbers as a line of small bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dvc_changelog.domain import Life
from dvc_changelog.render import terminal, trace
from dvc_changelog.render.shapes import Table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

_BARS = "▁▂▃▄▅▆▇█"
_WIDEST = 60
_BESIDE = 5
"""Columns that stand side by side: those up to the commit."""


def draw(life: Life, console: Console | None = None, *, table: bool = True) -> None:
    """Draw a life.

    Args:
        life: what to draw.
        console: where to; stdout if not given, in colour on a terminal only.
        table: whether to list the entries.
    """
    from rich.console import Console

    out = console or Console(highlight=False, soft_wrap=True)
    seen = trace.seen(life, table=table)
    out.print(terminal.text(seen.title), style="bold underline")
    for line in seen.summary:
        out.print(terminal.text(line))
    if bars := sparkline(seen.steps):
        out.print(f"\n  {bars}", style="green", markup=False)
    if seen.answers:
        out.print()
        for line in seen.answers:
            out.print("  - ", terminal.text(line), sep="")
    if seen.table.rows:
        out.print(_table(seen.table))
    for line in seen.remarks:
        out.print("! ", terminal.text(line), style="yellow", sep="")


def _table(seen: Table) -> RichTable:
    """Narrow: the author and the reasons stand below the commit."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    drawn = RichTable(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    for title, numeric in list(zip(seen.header, seen.numeric, strict=True))[:_BESIDE]:
        drawn.add_column(str(title), justify="right" if numeric else "left", overflow="fold")
    for row in seen.rows:
        *narrow, commit, author, why = map(terminal.text, row)
        commit.append(" ").append_text(author).stylize("dim", len(commit) - len(author))
        if why:
            commit.append("\n").append_text(why)
        drawn.add_row(*narrow, commit)
    return drawn


def sparkline(numbers: Sequence[float | None]) -> str:
    """Numbers as bars, oldest first: a gap where there is none; of many the last ones; "" below two."""
    shown = [_finite(number) for number in numbers][-_WIDEST:]
    known = [number for number in shown if number is not None]
    if len(known) < 2:  # noqa: PLR2004  # one bar says nothing
        return ""
    low = min(known) / 2  # halves, since the distance of two huge numbers is infinite
    step = (max(known) / 2 - low) / (len(_BARS) - 1)
    return "".join(
        " " if number is None else _BARS[round((number / 2 - low) / step) if step else 0] for number in shown
    )


def _finite(number: float | None) -> float | None:
    try:
        return float(number) if number is not None and math.isfinite(number) else None
    except OverflowError:  # an integer beyond what a float holds
        return None
