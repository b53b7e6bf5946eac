"""What of a release is that of an earlier one again: contents that had gone and came back. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import field, replace
from typing import TypeGuard

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import (
    Change,
    ChangeType,
    Output,
    OutputChange,
    Rollback,
    Snapshot,
    Value,
    holders,
)

_KINDS = ("data", "models", "params")
_BACK = {ChangeType.MODIFIED, ChangeType.ADDED}
_NAN = object()

Key = frozenset[Hashable] | None
"""All of a kind, by path and content; None where not all of it could be read."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownRelease:
    """A release, the one that it is compared with, and what it has of each kind."""

    version: str
    before: KnownRelease | None
    snapshot: Snapshot
    kinds: tuple[Key, Key, Key]


@dataclass(slots=True)
class Past:
    """What the releases of a repository had, learned from the oldest on.

    `wanted` says which paths are told. What is found costs no more than what had changed: of each content
    only the releases are kept that were the last to have it.
    """

    wanted: Callable[[str], bool]
    _last: dict[Hashable, set[KnownRelease]] = field(default_factory=lambda: defaultdict(set))
    _earlier: tuple[KnownRelease | None, dict[KnownRelease, int]] = field(default=(None, {}))

    def learned(self, version: str, before: KnownRelease | None, snapshot: Snapshot) -> KnownRelease:
        """A release, after the one that it is compared with."""
        here = KnownRelease(version, before, snapshot, self._kinds(snapshot, before))
        if before:
            for content in self._gone(before, here):
                self._last[content].add(before)
        return here

    def again(
        self,
        changes: Iterable[Change],
        base: KnownRelease,
        whole: str = "",
        beside: Iterable[tuple[str, Snapshot]] = (),
    ) -> tuple[Change, ...]:
        """The changes since `base`, each output with the release that had its content before.

        That is the latest one, but where all is that of an earlier version again (`whole`), then that one;
        else the first of those that lie `beside` the line.
        """
        back = (
            next((known for known in _line(base.before) if known.version == whole), None) if whole else None
        )
        marked = [self._marked(c, base, back) if isinstance(c, OutputChange) else c for c in changes]
        if all(change.again for change in marked if _is_modified(change)):
            return tuple(marked)
        there = list(beside)
        return tuple(_beside(change, there) if _is_modified(change) else change for change in marked)

    def rollbacks(
        self, head: Snapshot, base: KnownRelease, known: KnownRelease | None = None
    ) -> Iterator[Rollback]:
        """What of `head` is that of a release before `base`, and not that of `base`.

        `known` is the head where it was learned already.
        """
        now = known.kinds if known else self._kinds(head, base)
        pairs = zip(_KINDS, now, base.kinds, strict=True)
        back = {kind: key for kind, key, old in pairs if None not in (key, old) and key != old}
        if back and None not in now and any(now) and (all_of := self._latest(now, base)):
            yield replace(_with(Rollback(all_of.version), *(k for k, key in back.items() if key)), whole=True)
            return
        found: dict[KnownRelease, Rollback] = {}
        for kind, key in back.items():
            if key and (here := self._latest((kind, key), base)):
                found[here] = _with(found.get(here, Rollback(here.version)), kind)
        if not any(rollback.params for rollback in found.values()):
            for path, here in self._params_files(head, base):
                rollback = found.get(here, Rollback(here.version))
                found[here] = replace(rollback, params_files=(*rollback.params_files, path))
        yield from (found[known] for known in _line(base) if known in found)

    def _marked(self, change: OutputChange, base: KnownRelease, back: KnownRelease | None) -> OutputChange:
        if change.change not in _BACK or not change.new:
            return change
        had = self._latest(_output(change.new), base)
        before = back.snapshot.outputs.get(change.path) if had and back else None
        if back and before and before.content.same(change.new.content):
            had = back
        return replace(change, again=had.version) if had else change

    def _params_files(self, head: Snapshot, base: KnownRelease) -> Iterator[tuple[str, KnownRelease]]:
        """The params files whose values came back, where those of the base can be read."""
        for path, file in head.params.items():
            old = base.snapshot.params.get(path)
            if not self.wanted(path) or not old or old.values is None or not file.values:
                continue
            values = frozen(file.values)
            had = self._latest((path, values), base) if frozen(old.values) != values else None
            if had:
                yield path, had

    def _latest(self, content: Hashable, base: KnownRelease) -> KnownRelease | None:
        """The last release before `base` that had something which `base` has not."""
        last = self._last.get(content)
        if not last:
            return None
        if self._earlier[0] is not base:  # asked for again and again of one release
            self._earlier = base, {known: at for at, known in enumerate(_line(base.before))}
        places = self._earlier[1]
        return min((known for known in last if known in places), key=places.__getitem__, default=None)

    def _gone(self, old: KnownRelease, new: KnownRelease) -> Iterator[Hashable]:
        """What the newer of two releases has no more."""
        for path, output in old.snapshot.outputs.items():
            here = new.snapshot.outputs.get(path)
            if here is not output and not (here and here.content.same(output.content)):
                yield _output(output)
        for path, file in old.snapshot.params.items():
            now = new.snapshot.params.get(path)
            if file.values is not None and not (now and now.values is file.values):
                values = frozen(file.values)
                if not now or now.values is None or frozen(now.values) != values:
                    yield path, values
        for kind, before, after in zip(_KINDS, old.kinds, new.kinds, strict=True):
            if before is not None and before != after:
                yield kind, before
        if old.kinds != new.kinds and None not in old.kinds:
            yield old.kinds

    def _kinds(self, snapshot: Snapshot, before: KnownRelease | None) -> tuple[Key, Key, Key]:
        data, models, params = self._outputs(snapshot), self._models(snapshot), self._params(snapshot)
        if not before:
            return data, models, params
        # What did not change is kept but once.
        old = before.kinds
        return (
            old[0] if data == old[0] else data,
            old[1] if models == old[1] else models,
            old[2] if params == old[2] else params,
        )

    def _outputs(self, snapshot: Snapshot) -> Key:
        """The data but for metrics and plots, which tell what code makes of it."""
        results = {place for path in (*snapshot.metrics, *snapshot.plots) for place in holders(path)}
        return self._contents(snapshot, lambda output: not output.model and output.path not in results)

    def _models(self, snapshot: Snapshot) -> Key:
        return self._contents(snapshot, lambda output: output.model)

    def _contents(self, snapshot: Snapshot, chosen: Callable[[Output], bool]) -> Key:
        if snapshot.unreadable or snapshot.unrecorded:
            return None
        return frozenset(_output(o) for o in snapshot.outputs.values() if chosen(o) and self.wanted(o.path))

    def _params(self, snapshot: Snapshot) -> Key:
        files = {path: file.values for path, file in snapshot.params.items() if self.wanted(path)}
        if snapshot.unreadable or None in files.values():
            return None
        return frozenset((path, frozen(values)) for path, values in files.items())


def _is_modified(change: Change) -> TypeGuard[OutputChange]:
    return isinstance(change, OutputChange) and change.change is ChangeType.MODIFIED and bool(change.new)


def _beside(change: OutputChange, there: Iterable[tuple[str, Snapshot]]) -> OutputChange:
    """An output with the first of these that had its content, unless it is that of a release already."""
    for version, snapshot in () if change.again else there:
        had = snapshot.outputs.get(change.path)
        if had and change.new and had.content.same(change.new.content):
            return replace(change, again=version)
    return change


def _with(rollback: Rollback, *kinds: str) -> Rollback:
    return replace(
        rollback,
        data=rollback.data or "data" in kinds,
        models=rollback.models or "models" in kinds,
        params=rollback.params or "params" in kinds,
    )


def frozen(value: Value) -> Hashable:
    """A value that can be looked up: equal to another one just where `domain.same` calls them the same."""
    match value:
        case float() if math.isnan(value):
            return _NAN
        case dict():
            return frozenset((key, frozen(inner)) for key, inner in value.items())
        case list():
            return (list, *map(frozen, value))
        case set():
            return frozenset(map(frozen, value))
        case _:
            return value


def _output(output: Output) -> Hashable:
    return output.path, output.content.algorithm, output.content.digest


def _line(known: KnownRelease | None) -> Iterator[KnownRelease]:
    """A release and those before it, newest first."""
    while known:
        yield known
        known = known.before
