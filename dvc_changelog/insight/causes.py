"""Why an output changed: from it up the graph of the locks to what changed first. Pure.

Two runs of the stage that made it are compared, before and now; where an input that another stage made
changed, the runs of that stage are, and so on. Where commits are known that changed it, these are the runs
around them (see `makings`). What is not recorded is not claimed.
"""

from __future__ import annotations

import posixpath
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from functools import cache, partial
from typing import NamedTuple

from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import renamed
from dvc_changelog.domain import Cause, CauseKind, ChangeType, Commit, Content, Snapshot, Stage, StageRun
from dvc_changelog.insight.edits import Edits
from dvc_changelog.insight.inputs import Inputs, Pinned
from dvc_changelog.insight.makings import Making, stretch
from dvc_changelog.insight.origins import Made, Origins, are_two
from dvc_changelog.insight.runs import DepStep, Difference, difference


class _Pair(NamedTuple):
    """What made one thing before and now.

    `span` are the first and the last commit that changed it, where these are known. `ends` are the stages as
    the two ends have them, where these made the same as the runs around those commits.
    """

    old: Made
    new: Made
    span: tuple[str, str] = ("", "")
    ends: tuple[Stage, Stage] | None = None


_REDEFINES = {ChangeType.ADDED, ChangeType.DELETED, ChangeType.UNKNOWN}
_Key = tuple[str, str, str, str]
"""What stages a pair is of, and between which commits they ran."""


def _unknown(_path: str) -> Sequence[Making]:
    return ()


@dataclass(frozen=True, slots=True)
class _Step:
    """What one stage tells: roots that are its own, and what of its inputs other stages made."""

    roots: tuple[Cause, ...] = ()
    upstream: tuple[_Pair, ...] = ()


@dataclass()
class Causes:
    """Tells why what stages make changed between two snapshots.

    Args:
        old: the state compared with.
        new: the state described.
        commits: those in between, newest first; they are named where they touched a root.
        makings: which of these changed what stages make, oldest first; nothing where that is not known.
        pinned: reads the packages of a version of a file.
    """

    old: Snapshot
    new: Snapshot
    commits: Sequence[Commit] = ()
    makings: Callable[[str], Sequence[Making]] = _unknown
    pinned: Pinned | None = None
    _known_inputs: dict[str, Inputs] = field(default_factory=dict, init=False)
    _steps: dict[_Key, _Step] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._before, self._now = Origins(self.old), Origins(self.new)
        self._sides = self.old, self.new
        self._renamed = cache(partial(renamed, self.old, self.new))
        self._edits = Edits(self.commits)

    def of(self, path: str, old_path: str = "") -> tuple[Cause, ...]:
        """The roots of why an output or a metrics file changed, the nearest first.

        Args:
            path: of what a stage makes, in the new snapshot.
            old_path: where it was, if that was elsewhere.

        Returns:
            each root once, with the shortest way from it. Nothing where no stage made it on both sides, or
            where no run is known of one: what a person added, or altered in the working tree, has no cause
            that DVC could record.
        """
        output = self.new.outputs.get(path)
        made = None if output and output.altered else self._now.maker(path)
        before = self._before.maker(old_path or path)
        if made is None:
            return self._given(path, before)
        if before is None and (old_path or path) in self.old.outputs:
            return (_made_by(made.stage, path, ChangeType.ADDED),)
        before = before or self._by_stage(made)
        return tuple(self._walked(self._spanned(_Pair(before, made)), made.stage)) if before else ()

    def maker(self, path: str) -> Stage | None:
        """The stage that makes an output or a metrics file now; None if none that ran does."""
        made = self._now.maker(path)
        return made.stage if made else None

    def _given(self, path: str, before: Made | None) -> tuple[Cause, ...]:
        """What a stage made and a person brings in now."""
        output = self.new.outputs.get(path)
        if before is None or output is None or output.altered:
            return ()
        return (_made_by(before.stage, before.path, ChangeType.DELETED),)

    def _by_stage(self, made: Made) -> Made | None:
        """What the stage of that name made where it did not make this."""
        stage = self.old.stages.get(made.stage.address)
        return Made(made.path, stage, None) if stage and stage.ran else None

    def _walked(self, first: _Pair, maker: Stage) -> Iterator[Cause]:
        """The roots by their distance; a stage is entered once, so that a circle in a broken lock ends.

        What came to another stage than the one that makes the output now is told of that one.
        """
        elsewhere = (first.new.stage.address,) if first.new.stage.address != maker.address else ()
        seen: set[_Key] = {_key(first)}
        told: set[tuple[str, str, str]] = set()
        waiting: deque[tuple[_Pair, tuple[str, ...]]] = deque([(first, ())])
        while waiting:
            pair, through = waiting.popleft()
            step = self._step(pair)
            for root in step.roots:
                key = (root.kind, root.path, root.name)
                if key not in told:
                    told.add(key)
                    way = through or (elsewhere if root.change in _REDEFINES else ())
                    yield replace(root, through=way) if way else root
            for above in step.upstream:
                if _key(above) not in seen:
                    seen.add(_key(above))
                    waiting.append((above, (above.new.stage.address, *through)))

    def _spanned(self, pair: _Pair, given: tuple[Content | None, Content | None] | None = None) -> _Pair:
        """A pair with the runs around the commits that led from the one content to the other.

        `given` are the contents if not those of the two ends; the first may be older than all commits.
        """
        if not given and _same(pair.old.content, pair.new.content):
            return pair
        makings = self.makings(pair.new.path)
        found = stretch(makings, *(given or ())) or (stretch(makings, None, given[1]) if given else None)
        if not found:
            return pair
        first, last = found
        was, now = first.before(), last.after()
        whole = _same(first.old, makings[0].old) and _same(last.new, makings[-1].new)
        return _Pair(
            pair.old.as_ran(was, first.old),
            pair.new.as_ran(now, last.new),
            (first.commit_id, last.commit_id),
            (pair.old.stage, pair.new.stage) if whole and (was or now) else None,
        )

    def _inputs(self, until: str) -> Inputs:
        """What inputs are, with what led to a commit; "" for all that happened."""
        if until == next((commit.id for commit in self.commits), ""):
            until = ""
        if until not in self._known_inputs:
            among = self._edits.up_to(until) if until else None
            self._known_inputs[until] = Inputs(self._before, self._now, self._edits, self.pinned, among)
        return self._known_inputs[until]

    def _step(self, pair: _Pair) -> _Step:
        key = _key(pair)
        if key not in self._steps:
            self._steps[key] = self._read(pair)
        return self._steps[key]

    def _read(self, pair: _Pair) -> _Step:
        stage, before, now = pair.new.stage, pair.old.stage.ran, pair.new.stage.ran
        assert before is not None
        assert now is not None
        found = difference(before, now, self._renamed)
        if pair.ends and pair.ends[0].ran and pair.ends[1].ran:
            one = not are_two(*pair.ends, self._sides)
            found = found.shared(difference(pair.ends[0].ran, pair.ends[1].ran, self._renamed), of_one=one)
        roots: list[Cause] = []
        upstream: list[_Pair] = []
        if two := are_two(pair.old.stage, stage, self._sides):
            found = found.of_both
            roots.append(_made_by(stage, pair.new.path, ChangeType.ADDED))
        roots += self._own(pair, found)
        inputs = self._inputs(pair.span[1])
        for dep in found.deps:
            above, own = self._input(dep, inputs, before)
            upstream += above
            roots += own
        if not (found or two):
            roots += inputs.unrecorded(stage) or [_none(pair, unsure=found.unsure)]
        return _Step(tuple(roots), tuple(upstream))

    def _own(self, pair: _Pair, found: Difference) -> Iterator[Cause]:
        """Params and the command."""
        for step in found.params:
            dropped = step.change is ChangeType.ADDED and not pair.new.stage.uses(step.path, step.name)
            change = ChangeType.UNKNOWN if dropped else step.change
            yield Cause(CauseKind.PARAM, step.path, step.name, change, step.old, step.new)
        if found.command:
            stage = pair.new.stage
            assert pair.old.stage.ran is not None
            assert stage.ran is not None
            sides = pair.old.stage.ran.cmd, stage.ran.cmd
            yield Cause(CauseKind.COMMAND, stage.path, stage.address, ChangeType.MODIFIED, *sides)

    def _input(self, dep: DepStep, inputs: Inputs, before: StageRun) -> tuple[list[_Pair], list[Cause]]:
        """An input that changed: what made it, before and now, or the roots that it is itself.

        Args:
            dep: the input.
            inputs: what is known of those that no stage makes.
            before: the run that had it otherwise.
        """
        if dep.change is not ChangeType.MODIFIED:
            return [], inputs.other(dep)
        made = self._now.made(dep.path)
        was = {each.path: each for each in self._before.made(dep.old_path)}
        if not made:
            gone = next((each.stage for each in was.values()), None)
            return [], [
                self._made_otherwise(gone, dep.old_path, ChangeType.DELETED)
            ] if gone else inputs.changed(dep)
        upstream: list[_Pair] = []
        roots = inputs.held(dep) if made[0].path.startswith(f"{dep.path}/") else []
        passing = False
        for each in made:
            old_path = dep.old_path if each.path == dep.path else each.path
            brought = self._before.brought(dep.old_path)
            earlier = was.get(old_path) or (None if brought else self._by_stage(each))
            if earlier is None:
                roots.append(self._made_otherwise(each.stage, each.path, ChangeType.ADDED))
                continue
            pair = self._given_to(_Pair(earlier, each), dep, before)
            if _moved(pair.old.content, pair.new.content) and not pair.new.is_not(dep):
                upstream.append(pair)
            passing |= pair.old.is_not(dep) and _moved(pair.old.content, pair.new.content)
        if upstream or roots:
            return upstream, roots
        if passing:  # the run was given what its maker made on the way, and no commit has
            return [], [Cause(CauseKind.DATA, dep.path)]
        # Its maker made it before: this stage is late. What made it change, these two states do not tell.
        return [], inputs.beside(dep) or [Cause(CauseKind.DATA, dep.path, made[0].stage.address)]

    def _given_to(self, pair: _Pair, dep: DepStep, before: StageRun) -> _Pair:
        """What made an input, as the two runs were given it: it may have changed further since."""
        if pair.new.path != dep.path:
            return self._spanned(pair)
        was = next((given.content for given in before.deps if given.path == dep.old_path), None)
        return self._spanned(pair, (was, dep.content))

    def _made_otherwise(self, stage: Stage, path: str, change: ChangeType) -> Cause:
        """That a stage makes an input now, or does no more; where the other side is unread, nobody knows."""
        other = self.old if change is ChangeType.ADDED else self.new
        lock = posixpath.join(posixpath.dirname(stage.path), "dvc.lock")
        if other.unreadable & {stage.path, lock} or stage.address in other.stages:
            return Cause(CauseKind.UNKNOWN, path, stage.address)
        return _made_by(stage, path, change)


def _key(pair: _Pair) -> _Key:
    return pair.old.stage.address, pair.new.stage.address, *pair.span


def _moved(old: Content | None, new: Content | None) -> bool:
    """Whether a stage made something else than before; what is not known of a side may be."""
    return old is None or new is None or old.differs(new)


def _same(one: Content | None, other: Content | None) -> bool:
    return one is other or bool(one and other and one.same(other))


def _made_by(stage: Stage, path: str, change: ChangeType) -> Cause:
    """That a stage makes something that it did not make, or the reverse."""
    sides = (None, path) if change is ChangeType.ADDED else (path, None)
    return Cause(CauseKind.STAGE, stage.path, stage.address, change, *sides)


def _none(pair: _Pair, *, unsure: bool) -> Cause:
    """Nothing recorded differs; of a stage that has no inputs, or is frozen, that says little.

    What it keeps at another place, such as a part of the directory that it kept, is not the same thing.
    """
    stage = pair.new.stage
    assert stage.ran is not None
    if pair.old.path != pair.new.path:
        return _made_by(stage, pair.new.path, ChangeType.ADDED)
    silent = not stage.ran.deps and not stage.ran.params
    kind = CauseKind.UNKNOWN if unsure or silent or stage.frozen else CauseKind.NOTHING
    return Cause(kind, pair.new.path, stage.address)
