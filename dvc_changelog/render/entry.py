"""The entry of one release: how its view is set as Markdown. What is said is decided in `view`.

A piece starts with the line end that sets it off; of blank lines in a row one stays (see `markdown.entry`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dvc_changelog.render import escape, quotes
from dvc_changelog.render.blocks import IN_JSON, first_rows, folded, items, table
from dvc_changelog.render.phrase import code, joined, plain
from dvc_changelog.render.shapes import LIMIT, Fold, Line, Quote, Section, View

_BREAK = re.compile(r"(?<!\\)((?:\\\\)*)\\$")
"""The backslash that ends a line within a paragraph; others stand in pairs."""


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
        yield "\n" + folded(plain(view.quiet.heading), items(quiet))
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
        if section.note:
            yield f"\n\n{section.note.markdown}"
        yield "\n" + table(section.table, rows[:fold])
        if rest := rows[fold:]:
            yield folded(plain(f"{len(rest):,} more"), first_rows(section.table, rest))
    for file in section.folds[:fold]:
        yield folded(file.summary, first_rows(file.table, file.table.rows))
    if files := section.folds[fold:]:
        yield folded(plain(f"{len(files):,} more files"), _files(files))
    if section.lines:
        yield "\n" + _lines(section.lines, fold)
    for block in section.blocks:
        yield f"\n{block.title.markdown}\n"
        yield _lines(block.lines, fold) if block.lines else ""


def _lines(lines: Sequence[Line], fold: int) -> str:
    """List items; those beyond `fold` fold."""
    shown, rest = items(lines[:fold], max(fold, LIMIT)), lines[fold:]
    return shown + (folded(plain(f"{len(rest):,} more"), items(rest)) if rest else "")


def _files(files: Sequence[Fold]) -> str:
    """Files whose tables have no room."""
    listed = "".join(f"- {file.summary.markdown}\n" for file in files[:LIMIT])
    more = f"\n- … and {len(files) - LIMIT:,} more\n" if len(files) > LIMIT else ""
    return f"\n{listed}{more}\nTheir values are {IN_JSON}.\n"
