"""Params that changed and that no stage depends on: tables over snapshots made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from dvc_changelog.domain import ChangeType, ParamChange, Problem, Release, Revision, Snapshot, Stage
from dvc_changelog.workflows.noticing import noticed
from dvc_changelog.workflows.unheeded import unheeded

OLD, NEW = (Revision(id_, id_, 0, name) for id_, name in (("a" * 40, "main"), ("b" * 40, "tune")))
FIT = Stage("dvc.yaml", "fit", "python fit.py", deps=("fit.py",), params=(("params.yaml", "fit"),))
PIPELINE = Snapshot(stages={"fit": FIT}, projects=("",))


def changed(name: str, path: str = "params.yaml", **more: Any) -> ParamChange:
    return replace(ParamChange(ChangeType.MODIFIED, path, name, 1, 2), **more)


def release(*changes: ParamChange) -> Release:
    return Release(NEW, OLD, changes=changes)


USED = changed("fit.lr", stages=("fit",))
LR, EPOCHS = changed("lr"), changed("epochs", "conf.yaml")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((USED,), ()),
        ((USED, LR, EPOCHS), (("params.yaml", "lr"), ("conf.yaml", "epochs"))),
        ((replace(LR, change=ChangeType.ADDED, old=None),), ()),
        ((replace(LR, change=ChangeType.DELETED, new=None),), ()),
        ((changed("", change=ChangeType.UNKNOWN),), ()),
    ],
)
def test_a_value_that_changed_for_no_stage_is_told(
    changes: tuple[ParamChange, ...], expected: tuple[tuple[str, str], ...]
) -> None:
    assert unheeded(release(*changes), PIPELINE, PIPELINE) == expected
    assert noticed(release(*changes), PIPELINE, PIPELINE).unheeded == expected


BROKEN = Problem("dvc.yaml", "it is refused", "tune", partly=True)
SIDES: Mapping[str, Snapshot] = {
    "no stage": replace(PIPELINE, stages={}),
    "its file is read": replace(PIPELINE, stages={"fit": replace(FIT, deps=("params.yaml",))}),
    "a dvc.yaml is read in part": replace(PIPELINE, problems=(BROKEN,)),
    "a dvc.yaml is not read": replace(PIPELINE, problems=(replace(BROKEN, partly=False),)),
    "templates are not resolved": replace(PIPELINE, untold=frozenset({"train"})),
    "of another project": Snapshot(
        stages={"sub/dvc.yaml:fit": replace(FIT, path="sub/dvc.yaml")}, projects=("", "sub")
    ),
}


@pytest.mark.parametrize("side", SIDES.values(), ids=list(SIDES))
def test_it_is_told_only_where_it_is_sure(side: Snapshot) -> None:
    assert unheeded(release(LR), side, side) == ()


def test_a_directory_that_is_read_has_the_file() -> None:
    side = replace(PIPELINE, stages={"fit": replace(FIT, deps=("conf",))})
    changes = release(changed("lr", "conf/a.yaml"), changed("lr", "configs/a.yaml"))
    assert unheeded(changes, side, side) == (("configs/a.yaml", "lr"),)


def test_a_template_may_have_put_the_value_where_a_stage_is_defined_otherwise() -> None:
    """`cmd: python fit.py ${lr}` depends on it, whatever `params:` says."""
    new = replace(PIPELINE, stages={"fit": replace(FIT, cmd="python fit.py 2")})
    assert unheeded(release(LR), PIPELINE, new) == ()
    assert unheeded(release(LR), PIPELINE, replace(PIPELINE, stages={"fit": replace(FIT, desc="Fit")}))
