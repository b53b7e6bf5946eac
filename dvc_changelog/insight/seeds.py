"""The params that seed random numbers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from dvc_changelog.domain import Change, ChangeType, ParamChange, Seed, Snapshot, Value, ValueFile, same
from dvc_changelog.insight.goals import words_of

_COUNTS = frozenset(("n", "num", "number", "count", "use", "fix", "set", "with", "no", "from"))


def seeds(
    old: Snapshot, new: Snapshot, wanted: Callable[[str], bool], changes: Iterable[Change] = ()
) -> tuple[Seed, ...] | None:
    """The seeds of a state, each with what became of it; those that went come last.

    Args:
        old: the state compared with.
        new: the state described.
        wanted: whether a path is to be told of.
        changes: what changed in between: params that went elsewhere neither came nor went, and some did so by
            their declaration alone.

    Returns:
        None where there is none, and nothing that is known to want one: no stage makes a model, or not all
        params can be read.
    """
    now = dict(_found(new.params, wanted))
    before = now if old.params is new.params else dict(_found(old.params, wanted))
    params = [c for c in changes if isinstance(c, ParamChange)]
    declared = {(c.path, c.name) for c in params if c.declared}
    moves = [c for c in params if c.change is ChangeType.RENAMED]
    came = {(c.path, c.name): c for c in moves}
    went = {(c.old_path, c.old_name) for c in moves}
    told = [
        _moved(came[place]) if place in came else _seed(place, value, before, sure=_sure(old, place[0]))
        for place, value in now.items()
    ]
    told += [
        Seed(*place, None, value, ChangeType.DELETED)
        for place, value in before.items()
        if place not in now and place not in went and _sure(new, place[0])
    ]
    if told or _wants(new):
        return tuple(replace(s, declared=True) if (s.path, s.name) in declared else s for s in told)
    return None


def _sure(snapshot: Snapshot, path: str) -> bool:
    """Whether a param that is not seen in a file is not there: no dvc.yaml that may name it is unread."""
    file = snapshot.params.get(path)
    return not snapshot.unreadable and (file is None or file.values is not None)


def _found(
    files: Mapping[str, ValueFile], wanted: Callable[[str], bool]
) -> Iterator[tuple[tuple[str, str], Value]]:
    for path, file in files.items():
        if file.values and wanted(path):
            for name, value in file.values.items():
                if is_seed(name) and _is_value(value):
                    yield (path, name), value


def _seed(
    place: tuple[str, str], value: Value, before: Mapping[tuple[str, str], Value], *, sure: bool
) -> Seed:
    if place not in before:
        return Seed(*place, value, None, ChangeType.ADDED if sure else ChangeType.UNKNOWN)
    old = before[place]
    return Seed(*place, value, old, None if same(old, value) else ChangeType.MODIFIED)


def _moved(change: ParamChange) -> Seed:
    where = change.old_path, change.old_name
    return Seed(change.path, change.name, change.new, change.old, ChangeType.RENAMED, *where)


@lru_cache(100_000)
def is_seed(name: str) -> bool:
    """Whether a param is called a seed: by the last part of its name, be it one of a list."""
    parts = [part for part in name.split(".") if not part.isdigit()]
    words = tuple(word for word in words_of(parts[-1]) if not word.isdigit()) if parts else ()
    if not words or _COUNTS.intersection(words):
        return False
    return words[-1] in {"seed", "seeds", "randomstate", "rngseed", "randomseed"} or words[-2:] in {
        ("random", "state"),
        ("seed", "everything"),
        ("seed", "value"),
    }


def _is_value(value: Value) -> bool:
    """Whether a value can seed: a number, none at all, or a list of numbers."""
    if isinstance(value, list):
        return bool(value) and all(map(_is_value, value))
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _wants(snapshot: Snapshot) -> bool:
    """Whether a stage makes a model, and all that is said of params is known."""
    readable = not snapshot.unreadable and all(file.values is not None for file in snapshot.params.values())
    return readable and any(output.model and output.stage for output in snapshot.outputs.values())
