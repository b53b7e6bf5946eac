"""Why a version follows: what asked for which level, as plain lines, as a table on a terminal, as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dvc_changelog.domain import Ask, Bump, Level
from dvc_changelog.render import figures
from dvc_changelog.render.phrase import plain
from dvc_changelog.versioning import sentences

if TYPE_CHECKING:
    from rich.table import Table

_SHOWN = 20
"""How many things of one level stand one by one."""


def lines(bump: Bump, level: Level, since: str, current: str, *, wanted: bool) -> Iterator[str]:
    """The level and where it comes from, then each thing that asks, the highest first.

    Args:
        bump: what was asked for.
        level: what it comes to, or what a person wanted.
        since: the release compared with, "" for none.
        current: the newest one, which may be a prerelease after that; "" for none.
        wanted: whether a person named the level.
    """
    yield _head(bump, level, since, current, wanted=wanted)
    for asked, told, rule in rows(bump.asks):
        yield f"  {asked:<5}  {told}" + (f"  [{rule}]" if rule else "")


def rows(asks: Sequence[Ask]) -> Iterator[tuple[str, str, str]]:
    """Level, what asks for it, and the configured rule that says so; what asks for none is counted."""
    for level in sorted(Level, reverse=True):
        here = [ask for ask in asks if ask.level is level]
        if level is Level.NONE:
            yield from ((_name(level), told, "") for told in _counted(here))
            return
        for ask, told in zip(here[:_SHOWN], sentences(here), strict=False):
            yield _name(level), _line(told), ask.rule
        if len(here) > _SHOWN:
            yield _name(level), f"… and {len(here) - _SHOWN:,} more", ""


def table(asks: Sequence[Ask]) -> Table:
    """The same, for a terminal."""
    from rich.table import Table
    from rich.text import Text

    result = Table(box=None, pad_edge=False, show_header=False)
    colours = {"major": "red", "minor": "yellow", "patch": "green", "none": "dim"}
    for level, told, rule in rows(asks):
        result.add_row(Text(level, colours[level]), Text(told), Text(rule, "dim"))
    return result


def draw(head: str, asks: Sequence[Ask]) -> None:
    """Draw the same on the terminal."""
    from rich.console import Console

    out = Console(highlight=False)
    out.print(head, markup=False)
    out.print(table(asks))


def data(bump: Bump) -> list[dict[str, Any]]:
    """What asks for which level, as plain data."""
    return [
        {
            "level": _name(ask.level),
            "kind": ask.kind,
            "name": ask.name,
            "path": ask.path or None,
            "change": ask.change or None,
            "why": ask.why,
            "commit_id": ask.commit_id or None,
            "rule": ask.rule or None,
        }
        for ask in bump.asks
    ]


def _head(bump: Bump, level: Level, since: str, current: str, *, wanted: bool) -> str:
    of = f" since {since}" if since else ""
    if wanted:
        return f"{_name(level)}, as asked for; what changed{of} asks for {_name(bump.level)}:"
    if level < bump.level:
        return f"none: nothing that asks for more came after {current}."
    if not bump.asks:
        return f"{_name(level)}: nothing changed{of}."
    return f"{_name(level)}, the highest level that what changed{of} asks for:"


def _counted(asks: Sequence[Ask]) -> Iterator[str]:
    yield from (_line(f"file {ask.name}") for ask in asks if ask.kind == "file")
    kinds = Counter(ask.kind for ask in asks if ask.kind != "file")
    for kind, number in kinds.items():
        groups = dict.fromkeys(ask.change for ask in asks if ask.kind == kind and ask.change)
        named = f" ({', '.join(groups)})" if kind == "commit" and groups else ""
        yield figures.count(number, kind) + named


def _line(text: str) -> str:
    """On one line, without what would move the cursor."""
    return str(plain(" ".join(text.split())))


def _name(level: Level) -> str:
    return level.name.lower()
