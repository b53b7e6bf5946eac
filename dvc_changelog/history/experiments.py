"""DVC's experiments as Git has them: refs below `refs/exps`, each a commit on top of its baseline."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import field

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Commit
from dvc_changelog.history.git import Git
from dvc_changelog.history.objects import MissingObjectError, Objects

_REF = re.compile(r"refs/exps/([0-9a-f]{2})/([0-9a-f]{38}|[0-9a-f]{62})/([^/]+)")
"""`refs/exps/<first two of the baseline>/<the rest>/<name>`. What else DVC keeps there (`exec`, `celery`,
`apply`, `temp`, stashes) is of runs that go on or wait; names with a slash it does not read."""

_OWN_WORDS = "dvc: commit experiment"
"""How the message begins that DVC gives an experiment for which nobody wrote one."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An experiment: the commit at its ref, and the baseline that the ref names."""

    name: str
    baseline: str
    commit_id: str
    tree_id: str = ""
    timestamp: int = 0
    message: str = ""


def listed(git: Git) -> tuple[Trial, ...]:
    """All experiments of a repository, by their refs alone: no commit is read."""
    told = git.run("for-each-ref", "--format=%(refname) %(objectname)", "refs/exps")
    found = (line.rpartition(" ") for line in told.splitlines())
    named = ((_REF.fullmatch(ref), commit_id) for ref, _, commit_id in found)
    return tuple(Trial(ref[3], ref[1] + ref[2], commit_id) for ref, commit_id in named if ref)


def read(trial: Trial, objects: Objects) -> Trial | None:
    """An experiment with what its commit says; None if the repository lacks it, or it is no commit."""
    try:
        head, _, said = objects.read(trial.commit_id).partition(b"\n\n")
    except MissingObjectError:
        return None
    fields = dict(line.partition(b" ")[::2] for line in head.split(b"\n"))
    if b"tree" not in fields or b"committer" not in fields:
        return None
    subject = said.decode("utf-8", "replace").strip().partition("\n")[0]
    return Trial(
        trial.name,
        trial.baseline,
        trial.commit_id,
        fields[b"tree"].decode(),
        int(fields[b"committer"].rsplit(b" ", 2)[1]),
        "" if subject.startswith(_OWN_WORDS) else subject,
    )


@dataclass(slots=True)
class Timeline:
    """A history, asked which of its commits took a state over.

    Args:
        commits: children before parents.
        objects: where to read their trees.
    """

    commits: Iterable[Commit]
    objects: Objects
    _bringing: dict[tuple[str, str], list[int]] = field(init=False)
    _order: tuple[Commit, ...] = field(init=False)
    _children: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._order = tuple(self.commits)[::-1]
        self._bringing, self._children = defaultdict(list), defaultdict(list)
        for at, commit in enumerate(self._order):
            for parent in commit.parents:
                self._children[parent].append(commit.id)
            for file in commit.files:
                self._bringing[file.path, file.new_blob].append(at)

    def first_with(self, files: Mapping[str, str], after: str) -> str:
        """The first commit after another that brought one of these files, and has all of them; "" if none.

        Args:
            files: blob ids by path; "" for a file that must not be there.
            after: the id of a commit.
        """
        near = sorted({at for file in files.items() for at in self._bringing.get(file, ())})
        later: Container[str] = self._descendants(after) if near else ()
        for commit in (self._order[at] for at in near):
            if commit.id in later and all(self._blob(commit, path) == files[path] for path in files):
                return commit.id
        return ""

    def _descendants(self, of: str) -> set[str]:
        found: set[str] = set()
        queue = list(self._children.get(of, ()))
        while queue:
            commit_id = queue.pop()
            if commit_id not in found:
                found.add(commit_id)
                queue.extend(self._children.get(commit_id, ()))
        return found

    def _blob(self, commit: Commit, path: str) -> str | None:
        """The blob at a path, "" if there is none, None where a tree is missing."""
        *above, name = path.split("/")
        oid = commit.tree_id
        try:
            for directory in above:
                here = self.objects.tree(oid)
                oid = next((e.oid for e in here if e.is_tree and e.name == directory), "")
                if not oid:
                    return ""
            return next((e.oid for e in self.objects.tree(oid) if e.name == name and not e.is_tree), "")
        except MissingObjectError:
            return None
