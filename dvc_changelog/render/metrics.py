"""The table of metrics, and the metrics files that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import ChangeType, MetricChange, Value
from dvc_changelog.render import figures, moves
from dvc_changelog.render.cells import FEW_LINES, header, labels, word
from dvc_changelog.render.phrase import Phrase, code, plain, strong
from dvc_changelog.render.shapes import Line, Section, Table


def section(
    changes: Sequence[MetricChange], version: str, previous: str, *, several: bool = False
) -> Section:
    """Metrics side by side; files that moved with their values, and those that cannot be read, below.

    Of `several` projects the file is named even where all are of one: "auc" may be any project's.
    """
    shown = [change for change in changes if change.change is not ChangeType.RENAMED]
    known = [change for change in shown if change.name or change.change is not ChangeType.UNKNOWN]
    rows = []
    for change, label in zip(known, labels([(c.path, c.name) for c in known]), strict=True):
        old, new = _sides(change)
        moved = figures.step(change.old, change.new, change.delta) or word(change.change)
        rows.append((label, old, _bold(new, change.change), plain(moved)) if previous else (label, new))
    title = plain("Metric")
    if several and len({change.path for change in known}) == 1:
        title += plain(" in ") + code(known[0].path)
    titles, numeric = header(title, version, previous)
    if previous:
        titles, numeric = (*titles, plain("Change")), (*numeric, True)
    told = {change.path for change in known}
    unread = [c for c in changes if c.change is ChangeType.UNKNOWN and c.path not in told]
    return Section("Metrics", Table(titles, tuple(rows), numeric), (*moves.files(changes), *_unread(unread)))


def _sides(change: MetricChange) -> tuple[Phrase, Phrase]:
    """The values on both sides; of a file that only one side can read, the other is said to be unreadable."""
    if change.change is not ChangeType.UNKNOWN:
        return _pair(change.old, change.new)
    unread = plain("not readable here")
    return (unread, _metric(change.new)) if change.old is None else (_metric(change.old), unread)


def _pair(old: Value, new: Value) -> tuple[Phrase, Phrase]:
    match old, new:
        case (bool(), _) | (_, bool()):
            return _metric(old), _metric(new)
        case ((int() | float()), (int() | float())):
            before, after = figures.numbers(old, new)
            return plain(before), plain(after)
        case _:
            return _metric(old), _metric(new)


def _metric(value: Value) -> Phrase:
    match value:
        case None:
            return plain("")
        case bool():
            return plain(str(value).lower())
        case int() | float():
            return plain(figures.number(value))
        case _:
            return code(figures.value(value))


def _bold(phrase: Phrase, change: ChangeType) -> Phrase:
    return strong(str(phrase)) if phrase and change is ChangeType.MODIFIED else phrase


def _unread(changes: Sequence[MetricChange]) -> Iterator[Line]:
    """Files whose values are not here, by what is known of them; many of one kind in one line."""
    kinds: dict[tuple[bool, bool, bool], list[MetricChange]] = {}
    for change in changes:
        before, after = change.old_content, change.new_content
        inside = bool(before and after and change.within)
        # Hashes that cannot be compared tell nothing of the values.
        blind = bool(before and after and not inside and not before.differs(after))
        known = before is not None and not blind, after is not None and not blind
        kinds.setdefault((*known, inside), []).append(change)
    for (old, new, inside), members in kinds.items():
        one, many = _INSIDE if inside else _UNREAD[old, new]
        if len(members) > FEW_LINES:
            head = plain(f"{len(members):,} metrics files {many}")
            yield Line(head, tuple(code(c.path) + _hashes(c) for c in members), len(members))
        else:
            yield from (Line(code(c.path) + f" {one}" + _hashes(c)) for c in members)


_INSIDE = (
    "may have changed with its directory; its values are not readable here",
    "may have changed with their directories; their values are not readable here",
)
_UNREAD = {
    (True, True): (
        "changed; its values are not readable here",
        "changed; their values are not readable here",
    ),
    (False, True): (
        "is new; its values are not readable here",
        "are new; their values are not readable here",
    ),
    (True, False): (
        "cannot be compared: the values it had before are not readable here",
        "cannot be compared: the values they had before are not readable here",
    ),
    (False, False): (
        "may have changed; its values are not readable here",
        "may have changed; their values are not readable here",
    ),
}


def _hashes(change: MetricChange) -> Phrase:
    if not change.old_content or not change.new_content:
        return Phrase()
    old, new = change.old_content.digest, change.new_content.digest
    whose = plain(" (") + (code(change.within) + ": " if change.within else "")
    return whose + code(figures.digest(old)) + " → " + code(figures.digest(new)) + ")"
