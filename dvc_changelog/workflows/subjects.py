"""Which thing a person means: found in the present state, else in a release, else anywhere in the history."""

from __future__ import annotations

from collections.abc import Iterator

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Condition, Snapshot, Subject
from dvc_changelog.errors import UsageError
from dvc_changelog.history import Told
from dvc_changelog.insight import targets
from dvc_changelog.workflows.states import States

_MOST = 8
_WHERE = (
    "Outputs are called by their path, artifacts as `artifacts:` in dvc.yaml declares them, metrics and "
    "params by their dotted name, after their file and a colon where several have it."
)


@dataclass(frozen=True, slots=True)
class Subjects:
    """Finds what is called by a name.

    Args:
        states: the history. What is no more is found in the newest release that had it, else in a commit.
        told: the releases.
        here: the directory that paths are also seen from, relative to the Git root.
    """

    states: States
    told: Told
    here: str = ""

    def named(self, target: str) -> Subject:
        """The thing that a target names; see `targets.meant`.

        Raises:
            UsageError: there is none, or several; the remedy names those that may be meant.
        """
        looked: list[Snapshot] = []
        parts: list[Subject] = []
        for snapshot in self._states(target):
            found = targets.meant(target, snapshot, self.here)
            if len(found) == 1:
                return found[0]
            if found:
                raise UsageError(
                    f"{target} may be any of {len(found):,} things", f"Name one: {_named(found)}."
                )
            parts = parts or targets.below(target, snapshot, self.here)
            looked.append(snapshot)
        declared = (artifact for snapshot in looked for artifact in snapshot.artifacts.values())
        if artifact := next((a for a in declared if target in {a.name, a.address}), None):
            raise UsageError(
                f"The artifact {target} has no data here",
                f"{artifact.file} declares {artifact.path or 'no path'} for it, "
                "which DVC does not track and Git does not have.",
            )
        if parts:
            raise UsageError(f"{target} is not one thing", f"Name one that is part of it: {_named(parts)}.")
        raise UsageError(
            f"Nothing is called {target}, now or in the history", _remedy(target, looked, self.here)
        )

    def refuse_other(self, condition: Condition, target: str, subject: Subject) -> None:
        """Refuse a condition on another thing than the one that is traced. UsageError: it is."""
        if condition.name in {target, subject.target, subject.name}:
            return
        other = self.named(condition.name)
        if (other.kind, other.path, other.name) != (subject.kind, subject.path, subject.name):
            raise UsageError(
                f"--when asks of {condition.name}, and {target} is traced",
                "Leave the target out, or name the same thing.",
            )

    def _states(self, target: str) -> Iterator[Snapshot]:
        """The states in which to look, newest first: now, at the releases, and before a name was lost."""
        states = self.states
        looked: list[Snapshot] = []
        for commit_id in (states.commits[0].id, *(span.commit_id for span in self.told.spans)):
            looked.append(states.at(commit_id))
            yield looked[-1]
        files = {path for snapshot in looked for path in (*snapshot.metrics, *snapshot.params)}
        yield from states.before_losing(target, files)


def _named(found: list[Subject]) -> str:
    """The first few, each as it is asked for without doubt."""
    many = [each.target for each in found]
    more = f" and {len(found) - _MOST:,} more" if len(found) > _MOST else ""
    return f"{', '.join(many[:_MOST])}{more}"


def _remedy(target: str, looked: list[Snapshot], here: str) -> str:
    unread = sorted(
        {f.path for s in looked for f in (*s.metrics.values(), *s.params.values()) if f.values is None}
    )
    if meant := [path for path in unread if targets.is_path(target, path, here)]:
        return f"The values of {meant[0]} cannot be read here: name one of them, as in {meant[0]}:NAME."
    if near := targets.near(target, looked):
        return f"Did you mean {', '.join(near)}?"
    for snapshot in looked:
        if directory := targets.holder(target, snapshot, here):
            return f"It lies in {directory}, which DVC tracks as a whole: trace that."
    if not any(snapshot.has_dvc for snapshot in looked):
        return "There are no DVC files in this repository: nothing to trace."
    if unread:
        return f"The values of {', '.join(unread[:_MOST])} cannot be read here: write FILE:NAME. {_WHERE}"
    return _WHERE
