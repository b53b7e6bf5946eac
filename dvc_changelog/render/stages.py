"""Lines about the pipeline: stages added, removed, renamed and redefined."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence

from dvc_changelog.domain import ChangeType, Stage, StageChange
from dvc_changelog.render import figures
from dvc_changelog.render.phrase import Phrase, code, joined, plain
from dvc_changelog.render.shapes import Line

_FEW = 4
_VERBS = {ChangeType.ADDED: "Added", ChangeType.DELETED: "Removed", ChangeType.MODIFIED: "Changed"}


def lines(changes: Sequence[StageChange]) -> Iterator[Line]:
    """One line a stage; the items of one foreach or matrix stage in one where they share their fate."""
    crowds: dict[tuple[ChangeType, str], list[StageChange]] = {}
    for change in changes:
        crowds.setdefault((change.change, _group(change)), []).append(change)
    for (fate, group), members in crowds.items():
        if group and len(members) > 1 and fate in _VERBS:
            what = figures.count(len(members), "item")
            yield Line(plain(f"{_VERBS[fate]} stage ") + code(f"{group}@…") + f" ({what})", weight=len(members))
        else:
            yield from (_line(change) for change in members)


def _line(change: StageChange) -> Line:
    old, new = change.old, change.new
    match change.change:
        case ChangeType.ADDED if new:
            return Line(plain("Added stage ") + code(new.address) + _command(new))
        case ChangeType.DELETED if old:
            return Line(plain("Removed stage ") + code(old.address))
        case ChangeType.RENAMED if old and new:
            return Line(plain("Stage ") + code(old.address) + " is now " + code(new.address), tuple(_details(old, new)))
        case _ if old and new:
            return _changed(old, new)
        case _:
            return Line(code(change.name))


def _changed(old: Stage, new: Stage) -> Line:
    details = list(_details(old, new))
    head = plain("Stage ") + code(new.address)
    if len(details) == 1:
        return Line(head + " " + details[0])
    return Line(head + " was redefined", tuple(details))


def _details(old: Stage, new: Stage) -> Iterator[Phrase]:
    if old.cmd != new.cmd:
        yield plain("now runs ") + _short(new.cmd) + ", not " + _short(old.cmd)
    yield from _moved(old.deps, new.deps, "now also depends on ", "no longer depends on ")
    yield from _moved(_params(old), _params(new), "now also uses ", "no longer uses ")
    yield from _moved(
        (*old.outs, *old.metrics, *old.plots), (*new.outs, *new.metrics, *new.plots), "now also writes ", "no longer writes "
    )
    if old.wdir != new.wdir:
        yield plain("now works in ") + code(new.wdir or ".")
    if old.frozen != new.frozen:
        yield plain("is now frozen" if new.frozen else "is no longer frozen")
    outs_old, outs_new = set((*old.outs, *old.metrics, *old.plots)), set((*new.outs, *new.metrics, *new.plots))
    if outs_old == outs_new and (set(old.metrics) != set(new.metrics) or set(old.plots) != set(new.plots)):
        yield plain("marks other outputs as metrics or plots")


def _moved(old: Iterable[str], new: Iterable[str], more: str, less: str) -> Iterator[Phrase]:
    before, after = list(dict.fromkeys(old)), list(dict.fromkeys(new))
    if added := [name for name in after if name not in before]:
        yield plain(more) + _names(added)
    if removed := [name for name in before if name not in after]:
        yield plain(less) + _names(removed)


def _params(stage: Stage) -> list[str]:
    return [key if key and posixpath.basename(file) == "params.yaml" else f"{file}{':' + key if key else ''}" for file, key in stage.params]


def _names(names: Sequence[str]) -> Phrase:
    shown = joined(code(name) for name in names[:_FEW])
    return shown + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")


def _command(stage: Stage) -> Phrase:
    return plain(" (") + _short(stage.cmd) + ")" if stage.cmd else plain("")


def _short(command: str) -> Phrase:
    return code(figures.shortened(" ".join(command.split()), 100))


def _group(change: StageChange) -> str:
    stage = change.new or change.old
    return stage.address.rsplit("@", 1)[0] if stage and "@" in stage.name else ""
