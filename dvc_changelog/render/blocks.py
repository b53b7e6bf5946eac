"""Lists, tables and folds as Markdown, for the entry of a changelog and for comments.

Each is whole: no table is cut and no fold is left open. A piece starts with the line end that sets it off.
What is left out is counted, with where it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from dvc_changelog.render.phrase import Phrase, plain
from dvc_changelog.render.shapes import LIMIT, Line, Table

BELOW = 8
"""How many lines below a list item stand open; more of them fold."""
IN_JSON = "in `--format json`"

_NARROW, _WIDE = "  ", "    "


def items(lines: Sequence[Line], room: int = LIMIT, *, html: bool = True) -> str:
    """List items, `room` of them at most, and as many below each. Without HTML nothing folds."""
    return (
        "\n"
        + "".join(
            f"- {line.text.markdown}{_listed(line.because, html)}{_below(line.below, room, html)}\n"
            for line in lines[:room]
        )
        + (f"\n- … and {len(lines) - room:,} more, {IN_JSON}\n" if len(lines) > room else "")
    )


def table(of: Table, rows: Sequence[tuple[Phrase, ...]]) -> str:
    """These rows of a table, with its header."""
    rule = "".join("--:|" if right else ":--|" for right in of.numeric)
    return f"\n{_row(of.header)}|{rule}\n{''.join(map(_row, rows))}"


def first_rows(of: Table, rows: Sequence[tuple[Phrase, ...]], room: int = LIMIT) -> str:
    """The first of these rows."""
    more = f"\n… and {len(rows) - room:,} more, {IN_JSON}.\n" if len(rows) > room else ""
    return table(of, rows[:room]) + more


def folded(summary: Phrase, body: str) -> str:
    """A text that a reader opens. It starts with an empty line, or Markdown is not read in it."""
    return f"\n\n<details><summary>{summary.html}</summary>\n{body}\n</details>\n"


def _row(cells: Sequence[Phrase]) -> str:
    return f"|{''.join(f' {text.cell} |' for text in cells)}\n"


def _below(phrases: Sequence[Phrase], room: int, html: bool) -> str:
    """What stands below an item."""
    room = min(room, LIMIT if html else BELOW)
    indent = _indent(html)
    more = len(phrases) - room
    told = _listed(phrases[:room], html) + (f"\n{indent}- … and {more:,} more, {IN_JSON}" if more > 0 else "")
    if not html or len(phrases[:room]) <= BELOW:
        return told
    which = f"the first {room:,} of" if more > 0 else "all"
    summary = plain(f"{which} {len(phrases):,}").html
    return f"\n{indent}<details><summary>{summary}</summary>\n{told}\n\n{indent}</details>"


def _listed(phrases: Sequence[Phrase], html: bool) -> str:
    return "".join(f"\n{_indent(html)}- {phrase.markdown}" for phrase in phrases)


def _indent(html: bool) -> str:
    """How far what is below an item is set in: Bitbucket, which reads no HTML, wants four spaces."""
    return _NARROW if html else _WIDE
