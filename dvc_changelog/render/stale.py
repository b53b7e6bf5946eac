"""Params that are not what the pipeline last ran with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import Stale
from dvc_changelog.render.cells import FEW_LINES, by_item, stages, value
from dvc_changelog.render.phrase import Phrase, code, plain
from dvc_changelog.render.shapes import Line


def lines(outdated: Sequence[Stale]) -> Iterator[Line]:
    """Params that are not what the pipeline last ran with; many of one file, and of its stages, together."""
    seen: dict[tuple[str, str, str], list[Stale]] = {}
    for item in outdated:
        seen.setdefault((item.path, item.name, repr(item.locked)), []).append(item)
    groups: dict[tuple[str, tuple[str, ...]], list[Stale]] = {}
    for items in seen.values():
        groups.setdefault((items[0].path, tuple(item.stage for item in items)), []).append(items[0])
    others: dict[str, list[tuple[Stale, Phrase]]] = {}
    for (path, users), items in groups.items():
        ran = stages(users) + " last ran with"
        if len(items) > FEW_LINES:
            head = plain(f"{len(items):,} parameters in ") + code(path) + " are not what " + ran
            yield Line(head, tuple(code(item.name) + _now(item) for item in items), len(items))
        else:
            others.setdefault(path, []).extend((item, ran) for item in items)
    for path, several in others.items():
        if len(several) > FEW_LINES:
            head = (
                plain(f"{len(several):,} parameters in ")
                + code(path)
                + " are not what their stages last ran with"
            )
            yield Line(head, tuple(_one_stale(item, Phrase(), ran) for item, ran in several), len(several))
        else:
            yield from (Line(_one_stale(item, plain(" in ") + code(path), ran)) for item, ran in several)


def _one_stale(item: Stale, place: Phrase, ran: Phrase) -> Phrase:
    if item.missing:
        return code(item.name) + " is missing" + place + ", but " + ran + " " + value(item.locked)
    if by_item(item.locked, item.value):
        return code(item.name) + place + " is not what " + ran + _now(item)
    return code(item.name) + " is " + value(item.value) + place + ", but " + ran + " " + value(item.locked)


def _now(item: Stale) -> Phrase:
    if item.missing:
        return " is missing, was " + value(item.locked)
    if told := by_item(item.locked, item.value):
        return ": now " + told
    return " is " + value(item.value) + ", not " + value(item.locked)
