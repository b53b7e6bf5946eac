"""Lines about the pipeline: stages added, removed, renamed and redefined, and where outputs are kept."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from dvc_changelog.domain import ChangeType, RemoteChange, Stage, StageChange, within
from dvc_changelog.render import figures, names
from dvc_changelog.render.cells import FEW_LINES
from dvc_changelog.render.phrase import Phrase, code, joined, listed, plain
from dvc_changelog.render.shapes import Line

_FEW = 4
_LONGEST = 100
_VERBS = {ChangeType.ADDED: "Added", ChangeType.DELETED: "Removed", ChangeType.MODIFIED: "Changed"}


def lines(changes: Sequence[StageChange]) -> Iterator[Line]:
    """One line a stage; the items of one foreach or matrix stage in one where they share their fate.

    Stages that went to another dvc.yaml as they are go in one line too.
    """
    moved: dict[tuple[str, str], list[StageChange]] = {}
    for change in changes:
        if change.old and _as_it_was(change):
            moved.setdefault((change.old.path, change.path), []).append(change)
    yield from (_moved_together(*places, members) for places, members in moved.items())
    changes = [change for change in changes if not _as_it_was(change)] if moved else changes
    crowds: dict[tuple[ChangeType, str], list[StageChange]] = {}
    for change in changes:
        crowds.setdefault((change.change, _family(change)), []).append(change)
    for (fate, family), members in crowds.items():
        if family and len(members) > 1 and fate in _VERBS:
            yield _crowd(fate, family, members)
        else:
            yield from (_line(change) for change in members)


def _as_it_was(change: StageChange) -> bool:
    """Whether a stage stands in another dvc.yaml, and nothing else became of it."""
    old, new = change.old, change.new
    if change.change is not ChangeType.RENAMED or not old or not new:
        return False
    elsewhere = old.path != new.path and old.name == new.name
    return elsewhere and not any(_details(_carried(old, new), new))


def _carried(stage: Stage, new: Stage) -> Stage:
    """A stage as it would be with its dvc.yaml where it is now, and with what came there with it.

    That is what the stage has there now; what lies where it did has stayed. One that works where it did, and
    writes what it wrote, left its files in their place.
    """
    stayed = stage.wdir == new.wdir and bool(set(_written(stage)) & set(_written(new)))
    if stage.path == new.path or stayed:
        return stage
    before, after = posixpath.dirname(stage.path), posixpath.dirname(new.path)

    def there(file: str, now: Collection[str]) -> str:
        if file in now or not within(file, before):
            return file
        moved = posixpath.join(after, file.removeprefix(before).lstrip("/")).rstrip("/")
        return moved if moved in now else file

    def all_there(files: tuple[str, ...], now: Collection[str]) -> tuple[str, ...]:
        return tuple(there(file, now) for file in files)

    used = {file for file, _ in new.params}
    return replace(
        stage,
        path=new.path,
        wdir=there(stage.wdir, {new.wdir}),
        deps=all_there(stage.deps, new.deps),
        outs=all_there(stage.outs, new.outs),
        params=tuple((there(file, used), key) for file, key in stage.params),
        metrics=all_there(stage.metrics, new.metrics),
        plots=all_there(stage.plots, new.plots),
    )


def _moved_together(before: str, after: str, members: Sequence[StageChange]) -> Line:
    """As in "6 stages moved from `a/dvc.yaml` to `b/dvc.yaml`"."""
    one = members[0] if len(members) == 1 else None
    what = plain("Stage ") + code(one.name) if one else plain(figures.count(len(members), "stage"))
    below = () if one else tuple(code(member.name) for member in members)
    return Line(what + " moved from " + code(before) + " to " + code(after), below, len(members))


def kept(changes: Sequence[RemoteChange]) -> Iterator[Line]:
    """One line an output that is kept on another remote, or in Git; many that moved together in one."""
    steps: dict[tuple[str, str, str, bool], list[RemoteChange]] = {}
    for change in changes:
        steps.setdefault((change.old, change.new, change.in_git, change.same), []).append(change)
    for (old, new, in_git, same), members in steps.items():
        now = "" if in_git else " now"
        if in_git:
            step = plain(
                " kept in Git now, before by DVC" if in_git == "now" else " kept by DVC now, before in Git"
            )
            step += ", with the same content" if same else ""
        else:
            step = " kept on " + _remote(new) + ", before on " + _remote(old)
        if len(members) > FEW_LINES:
            below = tuple(code(change.path) for change in members)
            yield Line(f"{len(members):,} outputs are{now}" + step, below, len(members))
        else:
            yield from (Line(code(change.path) + f" is{now}" + step) for change in members)


def _remote(name: str) -> Phrase:
    return plain("the remote ") + code(name) if name else plain("the default remote")


def _crowd(fate: ChangeType, family: str, members: Sequence[StageChange]) -> Line:
    """All items of one family; what changed in all alike, but for the item's name, is told once."""
    text = plain(f"{_VERBS[fate]} stage ") + code(family) + f" ({figures.count(len(members), 'item')})"
    told = {
        m.new.address: {_of_any_item(detail, m.new): detail for detail in _details(m.old, m.new)}
        for m in members
        if m.old and m.new
    }
    first = next(iter(told.values()), {})
    alike = [detail for detail in first if all(detail in other for other in told.values())]
    own = {item: [details[each] for each in details if each not in alike] for item, details in told.items()}
    apart = [code(item) + " " + listed(details) for item, details in own.items() if details]
    more = [plain(figures.count(len(apart) - _FEW, "item") + " more changed")] if len(apart) > _FEW else []
    return Line(text, (*alike, *apart[:_FEW], *more), len(members))


def _of_any_item(detail: Phrase, stage: Stage) -> Phrase:
    """What is told of an item, its own name in it left open: `models/….pkl` for `models/small.pkl`."""
    name = stage.name.partition("@")[2]
    own = re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])")
    return Phrase(tuple(part._replace(text=own.sub("…", part.text)) for part in detail.parts))


def _line(change: StageChange) -> Line:
    old, new = change.old, change.new
    match change.change:
        case ChangeType.ADDED if new:
            return Line(plain("Added stage ") + code(new.address) + _command(new))
        case ChangeType.DELETED if old:
            return Line(plain("Removed stage ") + code(old.address))
        case ChangeType.RENAMED if old and new:
            text = plain("Stage ") + code(old.address) + " is now " + code(new.address)
            return Line(text, tuple(_details(_carried(old, new), new)))
        case _ if old and new:
            return _changed(old, new)
        case _:
            return Line(plain("Stage ") + code(change.name) + " may have changed")


def _changed(old: Stage, new: Stage) -> Line:
    details = list(_details(old, new))
    head = plain("Stage ") + code(new.address)
    if len(details) == 1:
        return Line(head + " " + details[0])
    return Line(head + " was redefined", tuple(details))


def _details(old: Stage, new: Stage) -> Iterator[Phrase]:
    if old.cmd != new.cmd:
        yield from _commands(old.cmd, new.cmd)
    yield from _moved(old.deps, new.deps, "now also depends on ", "no longer depends on ")
    yield from _moved(_params(old), _params(new), "now also uses ", "no longer uses ")
    before, after = _written(old), _written(new)
    yield from _moved(before, after, "now also writes ", "no longer writes ")
    if old.wdir != new.wdir:
        yield plain("now works in ") + code(new.wdir or ".")
    if old.frozen != new.frozen:
        yield plain("is now frozen" if new.frozen else "is no longer frozen")
    if old.always_changed != new.always_changed:
        yield plain("now runs each time" if new.always_changed else "no longer runs each time")
    marks = set(old.metrics) != set(new.metrics) or set(old.plots) != set(new.plots)
    if marks and set(before) == set(after):
        yield plain("marks other outputs as metrics or plots")


def _commands(old: str, new: str) -> Iterator[Phrase]:
    """The command before and now; where they differ beyond what is shown, only that is said."""
    before, after = _short(old), _short(new)
    if before == after:
        yield plain("now runs another command")
    elif not new or not old:
        yield plain("now runs ") + after if new else plain("no longer runs a command")
    else:
        yield plain("now runs ") + after + ", not " + before


def _moved(old: Iterable[str], new: Iterable[str], more: str, less: str) -> Iterator[Phrase]:
    before, after = list(dict.fromkeys(old)), list(dict.fromkeys(new))
    if added := [name for name in after if name not in before]:
        yield plain(more) + _names(added)
    if removed := [name for name in before if name not in after]:
        yield plain(less) + _names(removed)


def _written(stage: Stage) -> tuple[str, ...]:
    return (*stage.outs, *stage.metrics, *stage.plots)


def _params(stage: Stage) -> list[str]:
    return [_param(file, key) for file, key in stage.params]


def _param(file: str, key: str) -> str:
    if key and posixpath.basename(file) == "params.yaml":
        return key
    return f"{file}:{key}" if key else file


def _names(given: Sequence[str]) -> Phrase:
    shown = joined(code(name) for name in given[:_FEW])
    return shown + (f" and {len(given) - _FEW:,} more" if len(given) > _FEW else "")


def _command(stage: Stage) -> Phrase:
    return plain(" (") + _short(stage.cmd) + ")" if stage.cmd else plain("")


def _short(command: str) -> Phrase:
    return code(figures.shortened(" ".join(command.split()), _LONGEST))


def _family(change: StageChange) -> str:
    stage = change.new or change.old
    return names.family(stage.address) if stage else ""
