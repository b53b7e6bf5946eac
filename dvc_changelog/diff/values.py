"""Changes of params and metrics: values under dotted names, file by file."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

from dvc_changelog.diff.hidden import hides
from dvc_changelog.diff.owed import awaits_run
from dvc_changelog.diff.renames import pair_up
from dvc_changelog.domain import (
    ChangeType,
    Content,
    MetricChange,
    ParamChange,
    Snapshot,
    Stage,
    Value,
    ValueFile,
    same,
)

_Pair = tuple[str, str, bool, Value, bool, Value]
"""(path, name, was there, old, is there, new)."""
_Side = tuple[ValueFile | None, Snapshot]
"""A file on one side, None where it is not there, and all of that side."""


def metrics(old: Snapshot, new: Snapshot) -> Iterator[MetricChange]:
    """Metrics added, deleted, modified and renamed (a file of equal values elsewhere).

    UNKNOWN, without a name, where a file cannot be read.
    """
    was_hidden, is_hidden = hides(old), hides(new)
    moved = pair_up(old.metrics, new.metrics, key=_proof)
    moved_to = set(moved.values())
    awaits = awaits_run(old, new)
    for path in sorted(old.metrics.keys() | new.metrics.keys()):
        if path in moved:
            for name, value in (old.metrics[path].values or {}).items():
                yield MetricChange(ChangeType.RENAMED, moved[path], name, value, value, old_path=path)
        if path in moved or path in moved_to:
            continue
        declared = _is_plain(path, old, new) or _is_plain(path, new, old)
        before = old.metrics.get(path) or (None if declared else _elsewhere(path, old, was_hidden))
        after = new.metrics.get(path) or (None if declared else _elsewhere(path, new, is_hidden))
        if after is None and awaits(path):
            after = ValueFile(path, None)  # a run that is not recorded takes nothing away
        if _unreadable(before) or _unreadable(after):
            if _may_differ(before, after):
                yield MetricChange(
                    *(ChangeType.UNKNOWN, path, "", None, None, None),
                    *_known((before, old), (after, new)),
                    unread=_unread_side(before, after),
                )
                for name, was, now, lacking in _one_sided(before, after):
                    yield MetricChange(ChangeType.UNKNOWN, path, name, was, now, unread=lacking)
            continue
        for _, name, was, value_before, is_, value_after in _pairs(path, before, after):
            step = value_before, value_after, delta(value_before, value_after)
            yield MetricChange(_kind(was, is_), path, name, *step, declared=declared)


def _proof(file: ValueFile) -> str | None:
    """The values of a file, as text; None where they are too few to know it again."""
    return repr(sorted(file.values.items())) if file.values and len(file.values) >= _PROOF else None


def _elsewhere(path: str, snapshot: Snapshot, hidden: Callable[[str], bool]) -> ValueFile | None:
    """A metrics file of the other side that is none here, without values; None where it surely is not there.

    It may be but an output, whose content is known, be declared where nothing can be read, or be there by its
    name alone, and broken.
    """
    if output := snapshot.outputs.get(path):
        return ValueFile(path, None, output.content)
    return ValueFile(path, None) if hidden(path) or path in snapshot.unparsed else None


def _is_plain(path: str, here: Snapshot, there: Snapshot) -> bool:
    """Whether a stage has a file as a plain output here, that one has as metrics there, and can be read."""
    output, file = here.outputs.get(path), there.metrics.get(path)
    stage = here.stages.get(output.stage) if output and file and path not in here.metrics else None
    if stage is None or file is None or file.values is None or path not in stage.outs:
        return False
    listed = any(path in other.metrics for other in there.stages.values())
    return listed and not here.unreadable & {stage.path}


def _one_sided(
    old: ValueFile | None, new: ValueFile | None
) -> Iterator[tuple[str, Value, Value, Literal["before", "now"]]]:
    """The values of the side that can be read, so that they are not lost: (name, old, new, unread side)."""
    for name, value in ((old.values if old else None) or {}).items():
        yield name, value, None, "now"
    for name, value in ((new.values if new else None) or {}).items():
        yield name, None, value, "before"


def params(old: Snapshot, new: Snapshot) -> Iterator[ParamChange]:
    """Params added, deleted, modified and renamed: a section of equal values under another name or file, or
    params of the same names in another file, which stages ask for there, or which have their values mostly.

    UNKNOWN where a file cannot be read: once without a name, and each value of the side that can be.
    """
    users = _users(old.stages.values()), _users(new.stages.values())
    pairs: list[_Pair] = []
    unread: list[ParamChange] = []
    was_hidden, is_hidden = hides(old), hides(new)
    for path in sorted(old.params.keys() | new.params.keys()):
        before, after = old.params.get(path), new.params.get(path)
        was_part = was_hidden(path) and not _is_whole(path, old)
        is_part = is_hidden(path) and not _is_whole(path, new)
        if (was_part and not before) or (is_part and not after):
            continue
        if _unreadable(before) or _unreadable(after):
            if _may_differ(before, after):
                unread.extend(_unread(path, (before, old), (after, new), users))
        else:
            pairs.extend(_sure(_pairs(path, before, after), was_part, is_part))
    yield from _read(pairs, users)
    yield from unread


_Users = tuple[Mapping[str, list[Stage]], Mapping[str, list[Stage]]]
"""The stages that use a params file, on the old and on the new side."""


def _read(pairs: Sequence[_Pair], users: _Users) -> Iterator[ParamChange]:
    then, now = users
    moved = _moved(pairs)
    moved |= _elsewhere_by_name(pairs, moved, users)
    targets = set(moved.values())
    came = {(path, name): value for path, name, _, _, is_, value in pairs if is_}
    for path, name, was, old, is_, new in pairs:
        if (path, name) in targets:
            continue
        if target := moved.get((path, name)):
            stages = _stages(*target, now)
            yield ParamChange(ChangeType.RENAMED, *target, old, came[target], stages, path, name)
        else:
            stages = _stages(path, name, now if is_ else then)
            yield ParamChange(_kind(was, is_), path, name, old, new, stages)


def _unread(path: str, old: _Side, new: _Side, users: _Users) -> Iterator[ParamChange]:
    """A file that cannot be read on a side, and the values of the other side."""
    then, now = users
    sides = old[0], new[0]
    unknown = partial(ParamChange, ChangeType.UNKNOWN, path)
    before, after, within = _known(old, new)
    yield unknown(
        "",
        None,
        None,
        old_content=before,
        new_content=after,
        within=within,
        unread=_unread_side(*sides),
    )
    for name, was, is_, lacking in _one_sided(*sides):
        stages = _stages(path, name, now if lacking == "before" else then)
        yield unknown(name, was, is_, stages, unread=lacking)


def _is_whole(path: str, snapshot: Snapshot) -> bool:
    """Whether a params file needs nobody to name it: the params.yaml of a project, or of known stages."""
    directory, name = posixpath.split(path)
    return name == "params.yaml" and (
        directory in snapshot.projects
        or any(directory == posixpath.dirname(stage.path) for stage in snapshot.stages.values())
    )


def _sure(pairs: Iterable[_Pair], was_part: bool, is_part: bool) -> Iterator[_Pair]:
    """The values that both sides have, where of one side only a part is known: what stages used."""
    for pair in pairs:
        _, _, was, _, is_, _ = pair
        if (was or not was_part) and (is_ or not is_part):
            yield pair


def _pairs(path: str, old: ValueFile | None, new: ValueFile | None) -> Iterator[_Pair]:
    before: Mapping[str, Value] = (old.values if old else None) or {}
    after: Mapping[str, Value] = (new.values if new else None) or {}
    if before is after:
        return
    for name in dict.fromkeys((*before, *after)):
        was, is_ = name in before, name in after
        if was and is_ and same(before[name], after[name]):
            continue
        yield path, name, was, before.get(name), is_, after.get(name)


def _kind(was: bool, is_: bool) -> ChangeType:
    if was and is_:
        return ChangeType.MODIFIED
    return ChangeType.DELETED if was else ChangeType.ADDED


def delta(old: Value, new: Value) -> float | None:
    """The difference of two numbers; truth values are no numbers here."""
    match old, new:
        case (bool(), _) | (_, bool()):
            return None
        case ((int() | float()), (int() | float())):
            try:
                return new - old
            except OverflowError:  # a float, and a whole number that is none
                return None
        case _:
            return None


def _unreadable(file: ValueFile | None) -> bool:
    return file is not None and file.values is None


def _unread_side(old: ValueFile | None, new: ValueFile | None) -> str:
    if _unreadable(old) and _unreadable(new):
        return "both"
    return "before" if _unreadable(old) else "now"


def _content(file: ValueFile | None) -> Content | None:
    return file.content if file else None


def _known(old: _Side, new: _Side) -> tuple[Content | None, Content | None, str]:
    """What is known of a file that cannot be read: its content on both sides, or that of its directory."""
    within = _within(old[0], new[0])
    return _content_in(within, *old), _content_in(within, *new), within


def _content_in(within: str, file: ValueFile | None, snapshot: Snapshot) -> Content | None:
    """What is known of a file, or of its directory, where no more is known of the other side."""
    if file and file.content and within and not file.within:
        output = snapshot.outputs.get(within)
        return output.content if output else None
    return _content(file)


def _within(old: ValueFile | None, new: ValueFile | None) -> str:
    return (new.within if new else "") or (old.within if old else "")


def _may_differ(old: ValueFile | None, new: ValueFile | None) -> bool:
    """Whether a file that cannot be read on a side may have changed.

    Equal hashes prove that it has not; where nothing at all is known of both sides there is nothing to claim
    (the snapshot names the problem).
    """
    before, after = _content(old), _content(new)
    if before and after:
        return not before.same(after)
    return bool(before or after or (old and old.values is not None) or (new and new.values is not None))


def _users(stages: Iterable[Stage]) -> Mapping[str, list[Stage]]:
    """The stages by params file."""
    users: dict[str, list[Stage]] = defaultdict(list)
    for stage in stages:
        for file in dict.fromkeys(file for file, _ in stage.params):
            users[file].append(stage)
    return users


def _stages(path: str, name: str, users: Mapping[str, list[Stage]]) -> tuple[str, ...]:
    return tuple(stage.address for stage in users.get(path, ()) if stage.uses(path, name))


def _moved(pairs: Sequence[_Pair]) -> dict[tuple[str, str], tuple[str, str]]:
    """Params of a section that stands, with equal values, under another name or in another file.

    A section is the values below one prefix. One value alone proves nothing (`seed: 42` may stand anywhere);
    two and more must agree in names and values, and have but one place on each side.
    """
    gone = _sections((path, name, value) for path, name, was, value, is_, _ in pairs if was and not is_)
    came = _sections((path, name, value) for path, name, was, _, is_, value in pairs if is_ and not was)
    sources, targets = _by_shape(gone), _by_shape(came)
    moved: dict[tuple[str, str], tuple[str, str]] = {}
    taken: set[tuple[str, str]] = set()
    for place, values in sorted(gone.items(), key=lambda item: (-len(item[1]), item[0])):
        shape = repr(sorted(values.items()))
        if len(values) < _PROOF or len(sources[shape]) != 1 or len(targets.get(shape, ())) != 1:
            continue
        for inner in values:
            source, target = _at(place, inner), _at(targets[shape][0], inner)
            if source not in moved and target not in taken:
                moved[source] = target
                taken.add(target)
    return moved


def _elsewhere_by_name(
    pairs: Iterable[_Pair], moved: Mapping[tuple[str, str], tuple[str, str]], users: _Users
) -> dict[tuple[str, str], tuple[str, str]]:
    """Params that went to another file under their name, with their value or another one.

    That is known of one that a stage asked for there and asks for here, and of all that went from one file to
    another where two values and no less than half of them are the same.
    """
    taken = set(moved.values())
    gone, came = (
        defaultdict[str, list[tuple[str, Value]]](list),
        defaultdict[str, list[tuple[str, Value]]](list),
    )
    for path, name, was, old, is_, new in pairs:
        if was and not is_ and (path, name) not in moved:
            gone[name].append((path, old))
        elif is_ and not was and (path, name) not in taken:
            came[name].append((path, new))
    ways: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for name in gone.keys() & came.keys():
        if len(gone[name]) == len(came[name]) == 1:
            [(before, old)], [(after, new)] = gone[name], came[name]
            ways[before, after][name] = repr(old) == repr(new)
    found = {}
    for (before, after), names in ways.items():
        equal = sum(names.values())
        together = equal >= _PROOF and equal * 2 >= len(names)
        for name in names:
            if together or _users_of(before, name, users[0]) & _users_of(after, name, users[1]):
                found[before, name] = after, name
    return found


def _users_of(path: str, name: str, users: Mapping[str, list[Stage]]) -> set[str]:
    """The stages that use a param, by their names: they may have moved with it."""
    return {stage.name for stage in users.get(path, ()) if stage.uses(path, name)}


def _by_shape(sections: Mapping[tuple[str, str], dict[str, str]]) -> Mapping[str, list[tuple[str, str]]]:
    """The places of equal sections; those of several cannot be told apart."""
    places: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for place, values in sections.items():
        places[repr(sorted(values.items()))].append(place)
    return places


_PROOF = 2
"""How many values must agree before a section, or a file, counts as moved."""


def _sections(leaves: Iterable[tuple[str, str, Value]]) -> dict[tuple[str, str], dict[str, str]]:
    """For every prefix of every name (the file itself included): the values below it, as text."""
    sections: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for path, name, value in leaves:
        parts = name.split(".")
        for depth in range(len(parts)):
            sections[path, ".".join(parts[:depth])][".".join(parts[depth:])] = repr(value)
    return sections


def _at(place: tuple[str, str], inner: str) -> tuple[str, str]:
    path, prefix = place
    return path, f"{prefix}.{inner}" if prefix else inner
