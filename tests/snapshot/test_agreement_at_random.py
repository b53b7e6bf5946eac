"""Generated projects, told by DVC and by us: the same params, metrics and outputs changed.

The intended differences are those of test_agreement_with_dvc.py, and two that only chance brings about: a
file that neither can read is left out (that we know it for unread too is compared), and of several outputs of
equal content any may have become any, so renames count as deletions and additions.

AGREEMENT_EXAMPLES=3000 in the environment tries that many pairs of revisions.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import fresh
import pytest
from gitrepo import GitRepo, Node, imported, isolated
from hypothesis import HealthCheck, given, settings
from snapshot.agreement import Told, as_we_mean_it, dvcs_of_both, ours, quiet_dvc
from snapshot.projects import Objects, Pair, projects

from dvc_changelog.domain import Snapshot
from dvc_changelog.history import History
from dvc_changelog.snapshot import Snapshots

__all__ = ["isolated", "quiet_dvc"]

EXAMPLES = int(os.environ.get("AGREEMENT_EXAMPLES", "40"))
COMMON = {".dvc/config": "", ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n"}


@pytest.fixture
def project(tmp_path: Path) -> GitRepo:
    """A repository with an empty DVC project in its working tree; examples only add commits."""
    repo = GitRepo.init(tmp_path / "repo")
    repo.write(COMMON)
    return repo


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    backend=fresh.NAME,
    suppress_health_check=list(HealthCheck),
)
@given(pair=projects())
def test_we_tell_what_dvc_tells(pair: Pair, project: GitRepo) -> None:
    sides = [Node((), "Work", {**COMMON, **files}) for files in (pair.old, pair.new)]
    ids = imported(project, sides)
    _fill(project.path / ".dvc/cache/files/md5", pair.objects)
    history = History(project.path)
    snapshots = Snapshots(history.git)
    old, new = (snapshots.at(history.revision(commit)) for commit in ids)
    history.git.close()
    we, dvc = ours(old, new, snapshots), dvcs_of_both(project.path, *ids)
    assert not dvc.failed
    expected, actual = as_we_mean_it(dvc, we, old, new)
    unread = _unread(old) | _unread(new)
    assert expected.unread <= unread | _absent(old) | _absent(new)
    assert actual.unread <= unread
    assert _readable(expected, unread) == _readable(actual, unread)


def _fill(cache: Path, objects: Objects) -> None:
    """Make these objects, and no others, what the cache holds."""
    shutil.rmtree(cache, ignore_errors=True)
    for digest, data in objects.items():
        place = cache / digest[:2] / digest[2:]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def _unread(snapshot: Snapshot) -> set[str]:
    """The params and metrics files whose values are not known."""
    files = {**snapshot.params, **snapshot.metrics}
    return {path for path, file in files.items() if file.values is None} | snapshot.awaited


def _absent(snapshot: Snapshot) -> set[str]:
    """The files that are said to be missing, and those that no run has made yet: DVC cannot read them."""
    made = {path for stage in snapshot.stages.values() for path in stage.metrics} - snapshot.metrics.keys()
    return made | {problem.path for problem in snapshot.problems if problem.missing}


def _readable(told: Told, unread: set[str]) -> Told:
    return Told(
        {at: pair for at, pair in told.params.items() if at[0] not in unread},
        {at: pair for at, pair in told.metrics.items() if at[0] not in unread},
        told.outputs,
        inside=told.inside,
    )
