"""The entry of one release: how its view is set as Markdown. What is said is decided in `view`.

A piece starts with the line end that sets it off; of blank lines in a row one stays (see `markdown.entry`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dvc_changelog.render import escape, quotes
from dvc_changelog.render.phrase import Phrase, code, joined, plain
from dvc_changelog.render.shapes import LIMIT, Fold, Line, Quote, Section, Table, View

BELOW = 8
"""How many lines below a list item stand open; more of them fold."""

_BREAK = re.compile(r"(?<!\\)((?:\\\\)*)\\$")
"""The backslash that ends a line within a paragraph; others stand in pairs."""

_IN_JSON = "in `--format json`"


def written(view: View) -> str:
    """The entry, from its `## ` heading on."""
    return "".join(_pieces(view))


def _pieces(view: View) -> Iterator[str]:
    title = plain(view.title).markdown
    yield f"## [{title}]" if view.compare_url else f"## {escape.heading(title)}"
    yield f" - {view.date}\n\n" if view.date else "\n\n"
    for quote in view.words:
        yield f"{quoted(quote, view.fold_after)}\n"
    for sentence in view.summary:
        yield f"{sentence.markdown}\n"
    if view.aliases:
        yield f"\nAlso tagged {_names(view.aliases)}.\n"
    if view.prereleases:
        yield f"\nIncludes the prereleases {_names(view.prereleases)}.\n"
    for section in view.sections:
        yield from _section(section, view.fold_after)
    if quiet := view.quiet.lines:
        yield "\n" + _folded(plain(view.quiet.heading), _items(quiet[:LIMIT]) + _left(quiet))
    if view.ways:
        yield "\n### Reproduce and roll back\n"
        yield "".join(f"\n- {way.markdown}" for way in view.ways) + "\n"
    for remark in view.remarks:
        yield f"\n> {remark.markdown}\n"
    if view.compare_url:
        yield f"\n[{title}]: {escape.url(view.compare_url)}\n"


def quoted(quote: Quote, fold: int) -> str:
    """A person's words as a block quote; those beyond `fold` lines fold."""
    told = list(quotes.lines(quote))
    if len(told) > fold:
        at = next((at for at, line in enumerate(told) if at and not line), max(fold, 1))
        shown, rest = told[:at], told[at:]
        shown[-1] = _BREAK.sub(r"\1", shown[-1])
        summary = plain(f"{len(list(filter(None, rest))):,} more lines").html
        told = [*shown, "", f"<details><summary>{summary}</summary>", "", *rest, "", "</details>"]
    return "".join(f"> {line}".rstrip() + "\n" for line in told)


def _names(names: Sequence[str]) -> str:
    return joined(map(code, names)).markdown


def _section(section: Section, fold: int) -> Iterator[str]:
    yield f"\n### {escape.heading(plain(section.heading).markdown)}"
    if section.table and (rows := section.table.rows):
        yield "\n" + _table(section.table, rows[:fold])
        if folded := rows[fold:]:
            yield _folded(plain(f"{len(folded):,} more"), _first_rows(section.table, folded))
    for file in section.folds[:fold]:
        yield _folded(file.summary, _first_rows(file.table, file.table.rows))
    if files := section.folds[fold:]:
        yield _folded(plain(f"{len(files):,} more files"), _files(files))
    if section.lines:
        yield "\n" + _lines(section.lines, fold)
    for block in section.blocks:
        yield f"\n{block.title.markdown}\n"
        yield _lines(block.lines, fold) if block.lines else ""


def _lines(lines: Sequence[Line], fold: int) -> str:
    """List items; those beyond `fold` fold."""
    shown, folded = _items(lines[:fold]), lines[fold:]
    if not folded:
        return shown
    return shown + _folded(plain(f"{len(folded):,} more"), _items(folded[:LIMIT]) + _left(folded))


def _items(lines: Sequence[Line]) -> str:
    return "\n" + "".join(
        f"- {line.text.markdown}{_listed(line.because)}{_below(line.below)}\n" for line in lines
    )


def _below(phrases: Sequence[Phrase]) -> str:
    """What stands below an item."""
    more = len(phrases) - LIMIT
    told = _listed(phrases[:LIMIT]) + (f"\n  - … and {more:,} more, {_IN_JSON}" if more > 0 else "")
    if len(phrases) <= BELOW:
        return told
    which = f"the first {LIMIT} of" if more > 0 else "all"
    return f"\n  <details><summary>{which} {len(phrases):,}</summary>\n{told}\n\n  </details>"


def _listed(phrases: Sequence[Phrase]) -> str:
    return "".join(f"\n  - {phrase.markdown}" for phrase in phrases)


def _files(files: Sequence[Fold]) -> str:
    """Files whose tables have no room."""
    listed = "".join(f"- {file.summary.markdown}\n" for file in files[:LIMIT])
    more = f"\n- … and {len(files) - LIMIT:,} more\n" if len(files) > LIMIT else ""
    return f"\n{listed}{more}\nTheir values are {_IN_JSON}.\n"


def _first_rows(table: Table, rows: Sequence[tuple[Phrase, ...]]) -> str:
    more = f"\n… and {len(rows) - LIMIT:,} more, {_IN_JSON}.\n" if len(rows) > LIMIT else ""
    return _table(table, rows[:LIMIT]) + more


def _table(table: Table, rows: Sequence[tuple[Phrase, ...]]) -> str:
    rule = "".join("--:|" if right else ":--|" for right in table.numeric)
    return f"\n{_row(table.header)}|{rule}\n{''.join(map(_row, rows))}"


def _row(cells: Sequence[Phrase]) -> str:
    return f"|{''.join(f' {text.cell} |' for text in cells)}\n"


def _left(lines: Sequence[Line]) -> str:
    return f"\n- … and {len(lines) - LIMIT:,} more, {_IN_JSON}\n" if len(lines) > LIMIT else ""


def _folded(summary: Phrase, body: str) -> str:
    return f"\n\n<details><summary>{summary.html}</summary>\n{body}\n</details>\n"
