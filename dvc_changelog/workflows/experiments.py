"""Experiments: which release each was tried for, how it differs from its baseline, which one was applied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.diff import values_diff
from dvc_changelog.domain import Experiment, FileChange, Problem, Revision, Snapshot
from dvc_changelog.history import History, MissingObjectError, Span
from dvc_changelog.history.experiments import Timeline, Trial
from dvc_changelog.snapshot import Kind, Snapshots, kind_of
from dvc_changelog.workflows.paths import Paths

_RECORDS = {Kind.LOCK, Kind.DVCFILE, Kind.METRICS}
"""The files, besides those of params and metrics, in which a run leaves its record."""

_SHOWN = 3

NO_EXPERIMENTS = (
    "There are no experiments in this repository. A clone does not bring them: "
    "`git fetch origin 'refs/exps/*:refs/exps/*'` does."
)


def by_release(trials: Iterable[Trial], spans: Sequence[Span], tip: str) -> dict[str, list[Trial]]:
    """The experiments by the `key` of the release that they were tried for. Pure.

    An experiment is a commit that follows its baseline: it belongs where the other commits that follow do, in
    the first such release of each line. So what was tried on top of a release is told with the next one,
    and a release that is out does not change any more.

    Args:
        trials: all experiments; those on commits that no release has are left out.
        spans: the releases, newest first.
        tip: the commit that they end at; what was tried on top of it is not released yet.
    """
    following: dict[str, dict[str, str]] = defaultdict(dict)
    own: dict[str, dict[str, str]] = defaultdict(dict)
    for span in reversed(spans):
        for commit in span.commits:
            own[commit.id].setdefault(span.line, span.key)
            for parent in commit.parents:
                following[parent].setdefault(span.line, span.key)
    own[tip] = {"": ""}
    found: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        places = following.get(trial.baseline) or own.get(trial.baseline, {})
        for place in dict.fromkeys(places.values()):
            found[place].append(trial)
    return found


def between(history: History, snapshots: Snapshots, config: Config, commits: Container[str]) -> Experiments:
    """What was tried on these commits, all at one place."""
    placed = {"": [trial for trial in history.trials if trial.baseline in commits]}
    return Experiments(history, snapshots, Paths(config.include_paths, config.exclude_paths), placed)


@dataclass(slots=True)
class Experiments:
    """Compares experiments with their baselines.

    Args:
        history: the repository, its commits read.
        snapshots: how to read states.
        paths: what is told of.
        placed: the experiments by the `key` of their release.
    """

    history: History
    snapshots: Snapshots
    paths: Paths
    placed: Mapping[str, Sequence[Trial]] = field(default_factory=dict)
    _read: dict[Trial, Trial | None] = field(default_factory=dict)
    _baselines: dict[str, Revision] = field(default_factory=dict)
    _timeline: Timeline | None = None

    def reads(self, spans: Iterable[Span]) -> tuple[list[str], set[str]]:
        """What telling the experiments of these releases will read: trees, and paths not in the history."""
        asked = (trial for span in spans for trial in self.placed.get(span.key, ()))
        found = [trial for listed in asked if (trial := self._commit(listed))]
        trees = [tree for t in found for tree in (t.tree_id, self._baseline(t.baseline).tree_id)]
        return trees, {file.path for trial in found for file in self._files(trial)}

    def unreleased(self, spans: Iterable[Span], tip: str) -> tuple[Span, ...]:
        """A part without commits, for what was tried on a release at the tip; nothing if nothing was."""
        here = next((span for span in spans if span.commit_id == tip), None)
        if not self.placed.get("") or not here or not here.tag:
            return ()
        return (Span(tip, None, here.line, base=tip, base_tag=here.tag),)

    def told(self, place: str) -> tuple[Experiment, ...]:
        """The experiments of a release, newest first; without those that changed nothing at `paths`."""
        trials = (read for trial in self.placed.get(place, ()) if (read := self._commit(trial)))
        every = self.paths.everything and self.snapshots.options.project is None
        kept = [tried for tried in map(self._experiment, trials) if tried.changes or every]
        return tuple(sorted(kept, key=lambda tried: (-tried.timestamp, tried.name)))

    def remarks(self, spans: Sequence[Span] = (), *, whole: bool = False) -> Iterator[str]:
        """What the person who asked should know: that there are none, that some are left out or unreadable.

        Args:
            spans: the releases told.
            whole: all of the history was asked for, so that what has no place in it is left out.
        """
        placed = {trial for here in self.placed.values() for trial in here}
        if not self.history.trials:
            yield NO_EXPERIMENTS
        elif whole and (left := [trial for trial in self.history.trials if trial not in placed]):
            which = ", ".join(f"{trial.name} on {trial.baseline[:7]}" for trial in left[:_SHOWN])
            which += ", …" if len(left) > _SHOWN else ""
            yield (
                f"1 experiment is left out ({which}): no release has the commit it was tried on."
                if len(left) == 1
                else f"{len(left):,} experiments are left out ({which}): no release has those commits."
            )
        yield from self._told_later(spans)
        if lost := list(self._read.values()).count(None):
            yield (
                "1 experiment cannot be read: its ref names no commit of this repository."
                if lost == 1
                else f"{lost:,} experiments cannot be read: their refs name no commits of this repository."
            )

    def _told_later(self, spans: Sequence[Span]) -> Iterator[str]:
        """What was tried on a release told here, and is told with one that is not."""
        here = {trial for span in spans for trial in self.placed.get(span.key, ())}
        for span in spans:
            left = [t for t in self.history.trials if t.baseline == span.commit_id and t not in here]
            if span.tag and left:
                one = len(left) == 1
                many = "1 experiment was" if one else f"{len(left):,} experiments were"
                yield (
                    f"{many} tried on {span.key} itself, and {'stands' if one else 'stand'} with what "
                    f"follows it: `dvc-changelog review {span.key} {span.key} --experiments`."
                )

    def _experiment(self, trial: Trial) -> Experiment:
        old = self.snapshots.at(self._baseline(trial.baseline))
        new = self.snapshots.at(Revision(trial.commit_id, trial.tree_id, trial.timestamp, trial.name))
        recorded = {f.path: f.new_blob for f in self._files(trial) if _is_record(f.path, old, new)}
        paths = self.paths.narrowed((old, new))
        if self._timeline is None:
            self._timeline = self.history.timeline()
        return Experiment(
            name=trial.name,
            commit_id=trial.commit_id,
            baseline=trial.baseline,
            timestamp=trial.timestamp,
            message=trial.message,
            changes=tuple(change for change in values_diff(old, new) if paths(change.path)),
            applied=self._timeline.first_with(recorded, trial.baseline),
            problems=tuple(p for p in _own_problems(old, new) if paths(p.path)),
        )

    def _commit(self, trial: Trial) -> Trial | None:
        if trial not in self._read:
            self._read[trial] = self.history.trial(trial)
        return self._read[trial]

    def _baseline(self, commit_id: str) -> Revision:
        if commit_id not in self._baselines:
            self._baselines[commit_id] = self.history.at(commit_id, commit_id[:7])
        return self._baselines[commit_id]

    def _files(self, trial: Trial) -> list[FileChange]:
        """What differs from the baseline; nothing where a tree is missing, which the snapshot tells."""
        try:
            return list(
                self.history.git.objects.changed(self._baseline(trial.baseline).tree_id, trial.tree_id)
            )
        except MissingObjectError:
            return []


def _is_record(path: str, old: Snapshot, new: Snapshot) -> bool:
    return kind_of(path) in _RECORDS or any(
        path in side for s in (old, new) for side in (s.params, s.metrics)
    )


def _own_problems(old: Snapshot, new: Snapshot) -> Iterator[Problem]:
    """What is there of an experiment and cannot be read, unless its baseline has the same trouble."""
    before = {(problem.path, problem.reason) for problem in old.problems}
    yield from (p for p in new.problems if not p.missing and (p.path, p.reason) not in before)
