"""Histories at random: what is read of single files says of each commit what its whole snapshot says.

ATTRIBUTION_EXAMPLES=2000 in the environment tries that many.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gitrepo import GitRepo, Node, imported
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvc_changelog.config import Config
from dvc_changelog.domain import (
    Change,
    ChangeType,
    Gap,
    MetricChange,
    OutputChange,
    ParamChange,
    Release,
    Snapshot,
    Value,
    same,
)
from dvc_changelog.history import History
from dvc_changelog.insight import Trail, Way
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows import compare

EXAMPLES = int(os.environ.get("ATTRIBUTION_EXAMPLES", "60"))
BROKEN = "<<<<<<< ours\n"
KEPT = {
    hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(): text for text in ('{"f1": 1}', '{"f1": 2}')
}
LOST = "c" * 32
PIPELINE = """\
stages:
  train:
    wdir: sub
    cmd: python train.py
    params:
      - ../params.yaml:
    outs: [model.pkl]
    metrics:
      - kept.json
      - ../metrics.json:
          cache: false
"""


def lock(model: str, kept: str, name: str = "train", style: str = "") -> str:
    """A dvc.lock; in another style than DVC's own where one is given."""
    outs = "".join(
        f"    - path: {path}\n      hash: md5\n      md5: {digest}\n      size: 9\n"
        for path, digest in (("kept.json", kept), ("model.pkl", model))
    )
    return f"{style}schema: '2.0'\nstages:\n  {name}:\n    cmd: python train.py\n    outs:\n{outs}"


def tracked(digest: str) -> str:
    return f"outs:\n- md5: {digest}\n  size: 4\n  hash: md5\n  path: data.csv\n"


ONE, OTHER = KEPT
POOL: dict[str, tuple[str | None, ...]] = {
    "metrics.json": (
        '{"auc": 1, "loss": 5}',
        '{"auc": 2, "loss": 5}',
        '{"auc": 1, "loss": 3}',
        '{"auc": "?"}',
        None,
        BROKEN,
    ),
    "params.yaml": ("lr: 1\nn: [1, 2]\n", "lr: 2\nn: [1, 2]\n", "lr: 1\nn: [3]\n", None, BROKEN),
    "dvc.lock": (
        lock("a" * 32, ONE),
        lock("a" * 32, OTHER),
        lock("b" * 32, ONE),
        lock("b" * 32, LOST),
        lock("a" * 32, LOST, style="# by hand\n"),
        lock("a" * 32, LOST, name="fit"),
        None,
        BROKEN,
    ),
    "dvc.yaml": (PIPELINE, PIPELINE, None),
    "data.csv.dvc": (tracked("e" * 32), tracked("f" * 32), None, BROKEN),
    "notes.txt": ("1", "2", "3"),
}


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Node], int]:
    """Commits with merges, each with any version of a file or a parent's, and one to compare with."""
    number = draw(st.integers(2, 9))
    state: list[dict[str, str | None]] = [{path: draw(st.sampled_from(pool)) for path, pool in POOL.items()}]
    nodes = [Node((), "Begin", {".dvc/config": "", **state[0]})]
    for at in range(1, number):
        parents = draw(st.lists(st.integers(max(0, at - 3), at - 1), min_size=1, max_size=2, unique=True))
        here = {path: state[draw(st.sampled_from(parents))][path] for path in POOL}
        for path in draw(st.lists(st.sampled_from(list(POOL)), max_size=2)):
            here[path] = draw(st.sampled_from(POOL[path]))
        state.append(here)
        nodes.append(Node(tuple(parents), f"Work {at}", here))
    return nodes, draw(st.integers(0, number - 2))


@pytest.fixture
def project(tmp_path: Path) -> GitRepo:
    """A repository whose DVC cache has the metrics of the pool; examples only add commits."""
    repo = GitRepo.init(tmp_path / "repo")
    repo.write({".dvc/config": ""})
    repo.write({f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}": text for md5, text in KEPT.items()})
    return repo


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=histories())
def test_each_commit_is_told_what_its_snapshot_says(drawn: tuple[list[Node], int], project: GitRepo) -> None:
    nodes, base = drawn
    ids = imported(project, nodes)
    told = compare(project.path, ids[base], ids[-1], config=Config())
    whole = _Whole(History(project.path), told)
    by_merges = {path: revert.commit_id for revert in told.reverts if revert.merge for path in revert.undid}
    for change in told.changes:
        expected = whole.trail(change)
        if expected is None:
            continue
        if isinstance(change, MetricChange):
            steps = expected.steps()
            assert change.steps == steps
            assert change.rest == expected.rest(steps, change.delta, ids[base])
        elif isinstance(change, OutputChange) and change.path in by_merges:
            # The merge kept what both sides began with: the way to that leads past the base.
            assert (change.commits, expected.commits) == ((by_merges[change.path],), ())
        elif isinstance(change, ParamChange | OutputChange):
            assert change.commits == expected.commits
    assert set(told.swings) == set(whole.swings(ids[base]))


class _Whole:
    """The same told from the snapshots of all commits."""

    def __init__(self, history: History, told: Release) -> None:
        assert told.base
        self._history, self._snapshots = history, Snapshots(history.git)
        self._base = told.base.commit_id
        commits = history.commits(self._base, told.head.commit_id)
        self._way = Way(told.head.commit_id, {commit.id: commit.parents for commit in commits})

    def trail(self, change: Change) -> Trail | None:
        """What became of what changed; None of what nobody follows."""
        match change:
            case OutputChange(change=ChangeType.UNKNOWN):
                return None
            case OutputChange():
                return self._walked(lambda side: _content(side, change.path))
            case MetricChange() | ParamChange() if change.change in {ChangeType.UNKNOWN, ChangeType.RENAMED}:
                return None
            case MetricChange():
                return self._walked(lambda side: _metric(side, change.path, change.name))
            case ParamChange():
                return self._walked(lambda side: _param(side, change.path, change.name))
            case _:
                return None

    def swings(self, base: str) -> Iterator[object]:
        old, new = self._at(base), self._at(self._way.head)
        for path in old.metrics.keys() & new.metrics.keys():
            before, now = (side.metrics[path].values or {} for side in (old, new))
            for name in before.keys() & now.keys():
                found = Trail(self._way, lambda c, p=path, n=name: _metric(self._at(c), p, n))  # type: ignore[misc]
                if found.outside == base and (swing := found.swing(path, name)):
                    yield swing

    def _walked(self, state: Callable[[Snapshot], Value | Gap]) -> Trail:
        return Trail(self._way, lambda commit: state(self._at(commit)), same)

    def _at(self, commit: str) -> Snapshot:
        return self._snapshots.at(self._history.revision(commit))


def _content(side: Snapshot, path: str) -> Value | Gap:
    if path in side.outputs:
        return side.outputs[path].content
    file = "data.csv.dvc" if path == "data.csv" else "dvc.lock"
    return Gap.UNREAD if file in side.unreadable else Gap.ABSENT


def _metric(side: Snapshot, path: str, name: str) -> Value | Gap:
    file = side.metrics.get(path)
    if file is None or (file.values is None and file.content is None):
        # A snapshot cannot rule out that a DVC file that it cannot read has it; which would, is known here.
        hidden = path == "sub/kept.json" and "dvc.lock" in side.unreadable
        return Gap.UNREAD if hidden or path in side.unparsed else Gap.ABSENT
    return Gap.UNREAD if file.values is None else file.values.get(name, Gap.ABSENT)


def _param(side: Snapshot, path: str, name: str) -> Value | Gap:
    file = side.params.get(path)
    if file is None or (file.values is None and file.content is None):
        return Gap.ABSENT
    return Gap.UNREAD if file.values is None else file.values.get(name, Gap.ABSENT)
