"""Locks that record no run any more, in words."""

from __future__ import annotations

import pytest

from dvc_changelog.domain import Snapshot, Stage, StageRun
from dvc_changelog.workflows.lost import of_lost


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("dvc.yaml", "dvc repro"),
        ("data/dvc.yaml", "dvc repro data/dvc.yaml"),
        ("p/dvc.yaml", "dvc --cd p repro"),
        ("p/data/dvc.yaml", "dvc --cd p repro data/dvc.yaml"),
    ],
)
def test_the_run_that_a_lost_lock_asks_for_names_its_pipeline(path: str, command: str) -> None:
    """By itself `dvc repro` takes the dvc.yaml of the project's root, and fails where there is none."""
    ran, lost = Stage(path, "cut", cmd="x", ran=StageRun("x")), Stage(path, "cut", cmd="x")
    lock = path.replace("dvc.yaml", "dvc.lock")
    old = Snapshot(stages={ran.address: ran}, projects=("", "p"))
    new = Snapshot(stages={lost.address: lost}, projects=("", "p"))
    (found,) = of_lost(old, new, (), "abc1234")
    back = f"`git checkout abc1234 -- {lock}` brings it back"
    assert found.remedy == f"{back}; else `{command}`, then commit {lock}."
