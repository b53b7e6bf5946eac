"""What the revisions of a history have of one thing, and which commits changed it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import diff
from dvc_changelog.diff.hidden import hides
from dvc_changelog.domain import (
    ChangeType,
    MetricChange,
    Output,
    OutputChange,
    ParamChange,
    Reading,
    Snapshot,
    Subject,
    Traced,
    ValueFile,
    holders,
)
from dvc_changelog.insight.walk import moves

_NOT_HERE = "DVC keeps it, and its cache here does not have it"


@dataclass(frozen=True, slots=True)
class Turn:
    """A commit that changed the thing; `moved_to` is where it went, if it did. See `Entry`."""

    commit_id: str
    subject: Subject
    old: Reading
    new: Reading
    moved_to: str = ""


class States(Protocol):
    """What the commits of a history have."""

    def at(self, commit_id: str, /) -> Snapshot:
        """What a commit has of a thing; the same object for commits between which it cannot differ."""

    def exactly(self, commit_id: str, /) -> Snapshot:
        """All that a commit has; asked only where a thing came or went, since it may have been renamed."""


def turns(
    subject: Subject,
    head: str,
    parents: Mapping[str, Sequence[str]],
    states: States,
    files: Collection[str] = (),
) -> Iterator[Turn]:
    """The commits that changed a thing, newest first; it is followed through renames.

    Args:
        subject: the thing, as it is called at the head, or was called when it was last there.
        head: the commit to begin at.
        parents: the parents of every commit of its history; see `moves` for what is done at a merge.
        states: what commits have.
        files: `.dvc` files and locks that recorded the output in some revision: where one of them cannot be
            read, it is not known to be gone.
    """
    at = head
    while True:
        found, _ = moves(at, parents, _remembered(subject, states.at, files))
        for move in found:
            now, above = move.new, parents[move.commit_id][:1]
            old = move.old or reading(subject, Snapshot())
            if old == now:
                continue  # the first commit of all, and not there yet
            if subject.artifact and _born(old, now) and now.path != subject.path:
                subject, at = replace(subject, path=now.path), move.commit_id
                break
            other = None
            if above and old.there != now.there:
                sides = states.exactly(above[0]), states.exactly(move.commit_id)
                other = _renamed(subject, *sides, back=now.there)
            if other and now.there:
                yield Turn(move.commit_id, subject, reading(other, states.at(above[0]), files), now)
                subject, at = other, above[0]
                break
            yield Turn(move.commit_id, subject, old, now, other.target if other else "")
        else:
            return


def reading(subject: Subject, snapshot: Snapshot, files: Collection[str] = ()) -> Reading:
    """What a snapshot has of a thing. See `turns` for `files`."""
    if subject.kind is Traced.OUTPUT:
        return _of_output(subject, snapshot, files)
    values = snapshot.metrics if subject.kind is Traced.METRIC else snapshot.params
    file = values.get(subject.path)
    here = Reading(subject.path, subject.name)
    if file is not None and file.values is None:
        return replace(here, there=True, content=file.content, unread=_why(file, snapshot))
    if file is not None and subject.name in (file.values or ()):
        return replace(here, there=True, value=(file.values or {})[subject.name])
    whole = file is not None and (subject.kind is Traced.METRIC or _is_default(subject.path))
    if not whole and hides(snapshot)(subject.path):
        return replace(here, there=True, unread=_why_hidden(snapshot, subject.path))
    kept = snapshot.outputs.get(subject.path) if file is None else None
    if kept:
        return replace(here, there=True, content=kept.content, unread=_undeclared(subject))
    return here


def change_of(turn: Turn) -> ChangeType:
    """What became of the thing; UNKNOWN where one side cannot be read, or hashes prove nothing."""
    old, new = turn.old, turn.new
    if old.unread or new.unread:
        return ChangeType.UNKNOWN
    if not old.there or not new.there:
        return ChangeType.ADDED if new.there else ChangeType.DELETED
    if (old.path, old.name) != (new.path, new.name):
        return ChangeType.RENAMED
    if old.content and new.content and not old.content.differs(new.content):
        return ChangeType.UNKNOWN
    return ChangeType.MODIFIED


def delta_of(old: Reading, new: Reading) -> float | None:
    """How far a number moved."""
    was, is_ = old.number, new.number
    return None if was is None or is_ is None else is_ - was


def again(turns: Iterable[Turn]) -> dict[str, str]:
    """The commits that brought a content back, each with the first one that had left it.

    Args:
        turns: one life, newest first.
    """
    first: dict[tuple[str, str], str] = {}
    found: dict[str, str] = {}
    for turn in reversed(list(turns)):
        content = turn.new.content if turn.new.known else None
        if content is None:
            continue
        key = content.algorithm, content.digest
        same = turn.old.content is not None and turn.old.content.same(content)
        if key in first and not same:
            found[turn.commit_id] = first[key]
        first.setdefault(key, turn.commit_id)
    return found


def _remembered(
    subject: Subject, snapshot: Callable[[str], Snapshot], files: Collection[str]
) -> Callable[[str], Reading]:
    """Reads the state at a commit, once for each snapshot."""
    known: dict[int, tuple[Snapshot, Reading]] = {}

    def state(commit_id: str) -> Reading:
        here = snapshot(commit_id)
        if id(here) not in known:
            known[id(here)] = (here, reading(subject, here, files))  # kept, so that no id is used twice
        return known[id(here)][1]

    return state


def _of_output(subject: Subject, snapshot: Snapshot, files: Collection[str]) -> Reading:
    output = _output(subject, snapshot)
    if output:
        return Reading(output.path, there=True, content=output.content)
    path = subject.path
    unreadable = snapshot.unreadable
    suspects = {f"{path}.dvc", *files}
    hiding = [file for file in sorted(suspects) if not unreadable.isdisjoint(holders(file))]
    if hiding:
        return Reading(path, there=True, unread=_problem(snapshot, holders(hiding[0])))
    for place in (path, *_places(subject, snapshot)):
        if place in snapshot.unrecorded:
            return Reading(place, there=True, unread="no hash of it is recorded")
    return Reading(path)


def _places(subject: Subject, snapshot: Snapshot) -> Iterator[str]:
    """Where the artifact that is followed points to."""
    if subject.artifact:
        yield from (a.path for a in snapshot.artifacts.values() if a.address == subject.artifact)


def _output(subject: Subject, snapshot: Snapshot) -> Output | None:
    if subject.artifact:
        for artifact in snapshot.artifacts.values():
            if artifact.address == subject.artifact and artifact.path in snapshot.outputs:
                return snapshot.outputs[artifact.path]
    return snapshot.outputs.get(subject.path)


def _is_default(path: str) -> bool:
    """Whether a params file is read whole, whoever names it."""
    return path.rpartition("/")[2] == "params.yaml"


def _why(file: ValueFile, snapshot: Snapshot) -> str:
    """Why a file has no values."""
    said = _problem(snapshot, (file.path, file.within)) if file.within else _problem(snapshot, (file.path,))
    if said:
        return said
    if file.within:
        return f"it lies in {file.within}, of which DVC's cache here has no listing"
    return _NOT_HERE if file.content else "what is known does not tell"


def _why_hidden(snapshot: Snapshot, path: str) -> str:
    above = _problem(snapshot, holders(path))
    broken = (p for p in snapshot.problems if p.path.rpartition("/")[2] == "dvc.yaml" and not p.missing)
    return above or next((f"{p.path}: {p.reason}" for p in broken), "its directory cannot be read")


def _undeclared(subject: Subject) -> str:
    return f"DVC keeps {subject.path}, and nothing calls it a {subject.kind} there"


def _problem(snapshot: Snapshot, paths: Iterable[str]) -> str:
    """What the snapshot says of the first of these that could not be read."""
    said = {problem.path: problem.reason for problem in snapshot.problems if not problem.missing}
    wanted = [path for path in paths if path in said]
    return f"{wanted[0]}: {said[wanted[0]]}" if wanted else ""


def _born(old: Reading, new: Reading) -> bool:
    return new.there and not old.there


def _renamed(subject: Subject, old: Snapshot, new: Snapshot, *, back: bool) -> Subject | None:
    """What a thing was called before (`back`), or is called from now on; None where it came or went."""
    for change in diff(old, new):
        if change.change is not ChangeType.RENAMED:
            continue
        match subject.kind, change:
            case Traced.OUTPUT, OutputChange():
                then, now = (change.old_path, ""), (change.path, "")
            case Traced.METRIC, MetricChange():
                then, now = (change.old_path, change.name), (change.path, change.name)
            case Traced.PARAM, ParamChange():
                then, now = (change.old_path, change.old_name), (change.path, change.name)
            case _:
                continue
        here, there = (now, then) if back else (then, now)
        if here == (subject.path, subject.name):
            return replace(subject, path=there[0], name=there[1])
    return None
