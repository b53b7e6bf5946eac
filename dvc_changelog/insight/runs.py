"""In what two runs of a stage differ, as locks recorded them: command, params, dependencies. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple, TypeVar

from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import pair_up
from dvc_changelog.domain import ChangeType, Content, StageRun, Value, as_ran


class ParamStep(NamedTuple):
    """A param that the runs had otherwise; None is the side that did not have it."""

    change: ChangeType
    path: str
    name: str
    old: Value
    new: Value


class DepStep(NamedTuple):
    """A dependency with other content, or one that only one run had; `path` is the new one where there is."""

    change: ChangeType
    path: str
    old_path: str
    content: Content | None
    """What the new run was given; None of what is gone."""


@dataclass(frozen=True, slots=True)
class Difference:
    """In what two runs surely differ.

    `unsure`: of a dependency no hash is recorded, or hashes do not compare.
    """

    command: bool = False
    params: tuple[ParamStep, ...] = ()
    deps: tuple[DepStep, ...] = ()
    unsure: bool = False

    def __bool__(self) -> bool:
        return bool(self.command or self.params or self.deps)

    @property
    def of_both(self) -> Difference:
        """What both runs had, and had otherwise: of two stages, what each of them takes is no difference."""
        return Difference(
            False,
            tuple(step for step in self.params if step.change is ChangeType.MODIFIED),
            tuple(step for step in self.deps if step.change is ChangeType.MODIFIED),
            self.unsure,
        )

    def shared(self, other: Difference, *, of_one: bool = True) -> Difference:
        """What differs as well between two other runs that made the same as these: what does not was of no
        matter. All of it, if there is nothing like that.

        What came or went here is told as it differs there; unless it came or went there too, and the other
        runs are not `of_one` stage.
        """
        params = {(step.path, step.name): step for step in other.params}
        deps = {step.path: step for step in other.deps}
        like = partial(_like, of_one=of_one)
        both = Difference(
            self.command and other.command,
            tuple(like(mine, params[mine.path, mine.name]) for mine in self.params if mine[1:3] in params),
            tuple(like(mine, deps[mine.path]) for mine in self.deps if mine.path in deps),
            self.unsure,
        )
        return both or self


_Step = TypeVar("_Step", ParamStep, DepStep)


def _like(mine: _Step, theirs: _Step, *, of_one: bool) -> _Step:
    """That something changed holds wherever it is told; that it came or went, of one stage at one time."""
    kinds = {mine.change, theirs.change}
    if mine.change is ChangeType.MODIFIED or len(kinds) == 1:
        return mine
    return theirs if of_one or theirs.change is ChangeType.MODIFIED else mine


def difference(old: StageRun, new: StageRun, renamed: Callable[[], Mapping[str, str]] = dict) -> Difference:
    """Compare two runs. What only went elsewhere, as it is, is no difference.

    `renamed` tells by old path the new one of what is called otherwise now; asked if an input came and one
    went.
    """
    was = {dep.path: dep.content for dep in old.deps}
    now = {dep.path: dep.content for dep in new.deps}
    moved = _moved(was, now, renamed)
    pairs = [(path, moved.get(path, path)) for path in was if moved.get(path, path) in now]
    return Difference(
        _lines(old.cmd) != _lines(new.cmd),
        tuple(_params(old, new)) if old.params is not new.params else (),
        tuple(_deps(was, now, pairs)),
        any(_unsure(was[before], now[after]) for before, after in pairs),
    )


def _lines(command: str) -> list[list[str]]:
    """A command as the shell reads it: how it is indented and broken is no matter."""
    return [line.split() for line in command.splitlines()]


def _params(old: StageRun, new: StageRun) -> Iterator[ParamStep]:
    was, now = dict(old.params), dict(new.params)
    moved = _moved_params(was, now)
    came = set(moved.values())
    asked = _asked_elsewhere(was.keys() - now.keys() - moved.keys(), now.keys() - was.keys() - came)
    moved |= asked
    came.update(asked.values())
    for before, after in asked.items():
        if not as_ran(was[before], now[after]):
            yield ParamStep(ChangeType.MODIFIED, *after, was[before], now[after])
    for key, value in now.items():
        if key in came:
            continue
        if key not in was:
            yield ParamStep(ChangeType.ADDED, *key, None, value)
        elif not as_ran(was[key], value):
            yield ParamStep(ChangeType.MODIFIED, *key, was[key], value)
    for key, value in was.items():
        if key not in now and key not in moved:
            yield ParamStep(ChangeType.DELETED, *key, value, None)


_Params = Mapping[tuple[str, str], Value]


def _moved_params(old: _Params, new: _Params) -> dict[tuple[str, str], tuple[str, str]]:
    """Params with the same value and the same last name in another section or file."""
    gone = {_one(key): key for key in old if key not in new}
    came = {_one(key): key for key in new if key not in old}
    if not gone or not came:
        return {}
    values = {one: old[key] for one, key in gone.items()} | {one: new[key] for one, key in came.items()}
    keyed = {one: (one.rsplit("\0", 1)[-1].rsplit(".", 1)[-1], repr(values[one])) for one in values}
    pairs = pair_up({one: one for one in gone}, {one: one for one in came}, key=lambda one: keyed[one])
    return {gone[before]: came[after] for before, after in pairs.items()}


def _asked_elsewhere(
    gone: Iterable[tuple[str, str]], came: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Params of one name that the stage took from another file then."""
    before, after = (_by_name(sorted(keys)) for keys in (gone, came))
    return {
        before[name][0]: after[name][0]
        for name in before
        if len(before[name]) == len(after.get(name, ())) == 1
    }


def _by_name(keys: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for key in keys:
        found.setdefault(key[1], []).append(key)
    return found


def _one(key: tuple[str, str]) -> str:
    return "\0".join(key)


_Contents = Mapping[str, Content | None]


def _moved(old: _Contents, new: _Contents, renamed: Callable[[], Mapping[str, str]]) -> dict[str, str]:
    """Old path -> new path: by content; of the rest as it was renamed, or by the last part, where only one is
    called so.
    """
    pairs = pair_up(old, new, key=lambda found: (found.algorithm, found.digest) if found else None)
    came = set(pairs.values())
    gone = {path: path for path in old if path not in new and path not in pairs}
    left = {path: path for path in new if path not in old and path not in came}
    if gone and left:
        pairs |= {path: to for path, to in renamed().items() if path in gone and to in left}
        taken = set(pairs.values())
        gone = {path: path for path in gone if path not in pairs}
        left = {path: path for path in left if path not in taken}
    return pairs | pair_up(gone, left, key=posixpath.basename)


def _deps(old: _Contents, new: _Contents, pairs: list[tuple[str, str]]) -> Iterator[DepStep]:
    before = {after: path for path, after in pairs}
    for path, content in new.items():
        if path not in before:
            yield DepStep(ChangeType.ADDED, path, "", content)
            continue
        was = old[before[path]]
        if was and content and was.differs(content):
            yield DepStep(ChangeType.MODIFIED, path, before[path], content)
    kept = {path for path, _ in pairs}
    for path in old:
        if path not in kept:
            yield DepStep(ChangeType.DELETED, path, path, None)


def _unsure(old: Content | None, new: Content | None) -> bool:
    return old is None or new is None or not (old.same(new) or old.differs(new))
