"""`trace`: the whole life of an output, a metric or a param, and when a condition on it became true."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dvc_changelog import insight
from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import (
    Cause,
    CauseKind,
    Commit,
    Entry,
    Life,
    Reading,
    Snapshot,
    Stage,
    Subject,
    Traced,
    within,
)
from dvc_changelog.errors import UnknownRevisionError, UsageError
from dvc_changelog.history import History, Told, first_releases
from dvc_changelog.insight import Causes, Turn, again, change_of, delta_of, notes, onsets, reading, turns
from dvc_changelog.render.names import namesakes
from dvc_changelog.snapshot import Concern, Snapshots, Wanted
from dvc_changelog.workflows.asked import asked_for, named
from dvc_changelog.workflows.common import forge_of, open_history, snapshots_of
from dvc_changelog.workflows.completing import Progress, fetched
from dvc_changelog.workflows.generate import selection_of
from dvc_changelog.workflows.states import States
from dvc_changelog.workflows.subjects import Subjects

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?")


def trace(
    repo: History | Path | str = ".",
    target: str | None = None,
    *,
    when: str | None = None,
    since: str | None = None,
    here: str = "",
    config: Config | None = None,
    fetch: bool = False,
    progress: Progress | None = None,
) -> Life:
    """Tell the life of one thing along the history of HEAD, and when a condition on it became true.

    Args:
        repo: any place in the repository, or one that is open.
        target: an output's path, an artifact's name, a metric's or param's name, perhaps after its file and
            a colon; None where the condition names it.
        when: a condition such as `test.auc < 0.9`.
        since: where to begin: a revision, a release, or a day.
        here: the directory that paths are also seen from, relative to the Git root.
        config: options; by default those of the repository's configuration file.
        fetch: get values that DVC keeps from its remotes where the cache lacks them.
        progress: called as states are read.

    Returns:
        the entries, newest first, with the commits that moved the thing and why.

    Raises:
        UsageError: nothing, or more than one thing, is called so; the condition is none.
        ChangelogError: see `dvc_changelog.errors`.
    """
    condition = insight.condition(when) if when else None
    if not target and not condition:
        raise UsageError(
            "There is nothing to trace", "Name an output, model, metric or param; or ask with --when."
        )
    history, config = open_history(repo, config)
    asked = asked_for(history, None)
    snapshots = snapshots_of(history, config, stale=False)
    told = history.releases(asked.upper, selection_of(history, snapshots, asked, config), every=False)
    states = States(history, snapshots, history.reached(asked.upper), progress)
    subjects = Subjects(states, told, here)
    subject = subjects.named(target or (condition.name if condition else ""))
    if target and condition:
        subjects.refuse_other(condition, target, subject)
    parents = {commit.id: commit.parents for commit in states.commits}
    tracer = _Tracer(states, config, asked.upper, first_releases(told.spans), parents)
    begin = _beginning(history, told, asked.upper, since) if since else None
    life, messages = _completed(tracer, subject, snapshots, fetch=fetch, progress=progress)
    entries, before = _cut(life, begin, {commit.id: commit for commit in states.commits})
    now = tracer.now(subject)
    return Life(
        subject=subject,
        head=history.at(asked.upper, "HEAD"),
        now=now,
        entries=entries,
        since=since or "",
        before=before,
        condition=condition,
        onsets=tuple(onsets(condition, entries)) if condition else (),
        holds=insight.holds(condition, now) if condition else None,
        namesakes=namesakes(told.order),
        forge=forge_of(history, config),
        messages=messages,
    )


@dataclass(slots=True)
class _Tracer:
    """Tells the life of a thing up to a head. `versions` are the releases of commits."""

    states: States
    config: Config
    head: str
    versions: Mapping[str, str]
    parents: Mapping[str, Sequence[str]]
    _files: frozenset[str] = frozenset()

    def life(self, subject: Subject) -> list[Entry]:
        """The entries, newest first.

        Only commits are looked at that name the thing. Where what an entry began with is not what its
        parent has, another commit moved it, by a template as a rule: then all that touched DVC's files are.
        """
        valued = subject.kind is not Traced.OUTPUT
        names = frozenset(filter(None, (subject.name, subject.artifact.rpartition(":")[2])))
        found = self._turns(subject, Concern(frozenset({subject.path}), names, valued))
        if not all(map(self._begins, found)):
            params = {path for snapshot in self.states.read.values() for path in snapshot.params}
            found = self._turns(subject, Concern(frozenset({subject.path, *params}), names, broad=True))
        earlier = again(found)
        commits = {commit.id: commit for commit in self.states.commits}
        return [
            self._explained(self._entry(turn, commits[turn.commit_id], earlier), turn, found[at:])
            for at, turn in enumerate(found, 1)
        ]

    def _turns(self, subject: Subject, concern: Concern) -> list[Turn]:
        """What moved it. Where it was, and which DVC files recorded it, is known once states were read."""
        while True:
            self.states.watch(concern)
            found = list(turns(subject, self.head, self.parents, self.states, self._files))
            places = {path for turn in found for path in (turn.subject.path, turn.old.path, turn.new.path)}
            called = {turn.subject.name for turn in found if turn.subject.name}
            more = replace(concern, paths=concern.paths | places, names=concern.names | called)
            read = self.states.read.values()
            files = {s.outputs[path].file for s in read for path in places if path in s.outputs}
            if more == concern and files <= self._files:
                return found
            concern, self._files = more, self._files | files

    def _begins(self, turn: Turn) -> bool:
        """Whether the commit before has what the turn began with."""
        above = self.parents[turn.commit_id][:1]
        before = self.states.exactly(above[0]) if above else Snapshot()
        was = replace(turn.subject, path=turn.old.path, name=turn.old.name)
        return reading(was, before, self._files) == turn.old

    def now(self, subject: Subject) -> Reading:
        """What the head has."""
        return reading(subject, self.states.at(self.head), self._files)

    def _entry(self, turn: Turn, commit: Commit, earlier: Mapping[str, str]) -> Entry:
        kinds, before = self.config.note_trailers, earlier.get(commit.id, "")
        return Entry(
            commit=commit,
            change=change_of(turn),
            old=turn.old,
            new=turn.new,
            version=self.versions.get(commit.id, ""),
            delta=delta_of(turn.old, turn.new),
            moved_to=turn.moved_to,
            again=before,
            again_in=self.versions.get(before, ""),
            reasons=tuple(note.text for note in notes([commit], kinds) if note.kind == "reason"),
        )

    def _explained(self, entry: Entry, turn: Turn, older: Sequence[Turn]) -> Entry:
        """Why an output or a metrics file changed; a param, and what a person brings in, the commit moved."""
        if turn.subject.kind is Traced.PARAM or not turn.new.there or not entry.commit.parents:
            return entry
        old, new = self.states.exactly(entry.commit.parents[0]), self.states.exactly(entry.commit.id)
        path = turn.new.path
        causes = Causes(old, new, [entry.commit])
        because = causes.of(path, turn.old.path if turn.old.path != path else "")
        stage, output = causes.maker(path), new.outputs.get(path)
        if stage and any(map(_is_nothing, because)) and self._had(stage, older):
            because = tuple(cause for cause in because if not _is_nothing(cause))
        return replace(
            entry,
            because=because,
            stage=stage.address if stage else "",
            model=bool(output and output.model),
        )

    def _had(self, stage: Stage, older: Iterable[Turn]) -> bool:
        """Whether a lock recorded this very run before: then it was brought back, and nothing ran."""
        before = (self.states.exactly(turn.commit_id).stages.get(stage.address) for turn in older)
        return any(earlier is not None and earlier.ran == stage.ran for earlier in before)


def _is_nothing(cause: Cause) -> bool:
    """Whether it says that the stage itself ran anew with the same inputs."""
    return cause.kind is CauseKind.NOTHING and not cause.through


def _completed(
    tracer: _Tracer, subject: Subject, snapshots: Snapshots, *, fetch: bool, progress: Progress | None
) -> tuple[list[Entry], tuple[str, ...]]:
    """The life with what can be had, and remarks on what cannot."""
    entries = tracer.life(subject)
    needed = _needed(entries, snapshots)
    if not fetch:
        number = sum(map(len, needed.values()))
        objects = "1 object" if number == 1 else f"{number:,} objects"
        hint = f"{objects} that would tell more of it: not in DVC's cache here; --fetch gets what is small."
        return entries, (hint,) if number else ()
    return fetched(
        *(entries, lambda: tracer.life(subject), lambda told: _needed(told, snapshots), snapshots),
        forget=tracer.states.forget,
        progress=progress,
    )


def _needed(entries: Sequence[Entry], snapshots: Snapshots) -> dict[str, list[Wanted]]:
    """The objects that are not here and hold values of these entries, by project."""
    unread = [side for entry in entries for side in (entry.old, entry.new) if side.unread and side.content]
    contents = {side.content for side in unread}
    paths = {side.path for side in unread}
    return {
        project: found
        for project, items in snapshots.store.wanted.items()
        if (
            found := [
                item
                for item in items.values()
                if item.remote is not None
                and (item.content in contents or any(within(path, item.path) for path in paths))
            ]
        )
    }


_Beginning = str | int
"""The id of a commit, or a moment."""


def _beginning(history: History, told: Told, head: str, text: str) -> _Beginning:
    """What `--since` means: a revision, a day or moment in UTC, or the number of a release.

    Of a revision on another branch it is where that left.
    """
    try:
        return history.merge_base(history.git.resolve(text), head)
    except UnknownRevisionError:
        if not _DAY.fullmatch(text):
            return history.merge_base(named(told, text).commit_id, head)
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError as error:
        raise UsageError(f"{text} is no day", "Write it like 2026-03-14.") from error


def _cut(
    entries: Sequence[Entry], begin: _Beginning | None, commits: Mapping[str, Commit]
) -> tuple[tuple[Entry, ...], Entry | None]:
    """The entries since a beginning, and the one that left what was there then."""
    if begin is None:
        return tuple(entries), None
    if isinstance(begin, int):
        at = max((n for n, entry in enumerate(entries, 1) if entry.commit.timestamp >= begin), default=0)
    else:
        old = set(_ancestors(begin, commits))
        at = next((n for n, entry in enumerate(entries) if entry.commit.id in old), len(entries))
    return tuple(entries[:at]), entries[at] if at < len(entries) else None


def _ancestors(commit_id: str, commits: Mapping[str, Commit]) -> Iterator[str]:
    """A commit and all that it reaches, as far as they are among these."""
    seen, queue = {commit_id}, [commit_id]
    while queue:
        at = queue.pop()
        yield at
        above = commits[at].parents if at in commits else ()
        queue += [parent for parent in above if parent not in seen]
        seen.update(above)
