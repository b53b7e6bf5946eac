"""Stages that stand in another dvc.yaml: what lies beside it came along, what does not stayed where it is."""

from __future__ import annotations

import pytest

from dvc_changelog.domain import ChangeType, Stage, StageChange
from dvc_changelog.render.stages import lines

UP, DOWN = "dvc.yaml", "sub/dvc.yaml"


def told(old: Stage, new: Stage) -> list[str]:
    change = StageChange(ChangeType.RENAMED, new.path, new.name, old, new)
    return [str(text) for line in lines((change,)) for text in (line.text, *line.below, *line.because)]


def stage(
    path: str, wdir: str, deps: str = "", outs: str = "", params: str = "", *, cmd: str = "run"
) -> Stage:
    pairs = tuple((file, "lr") for file in params.split())
    return Stage(path, "fit", cmd, wdir, tuple(deps.split()), tuple(outs.split()), pairs)


MOVED = ["Stage fit moved from dvc.yaml to sub/dvc.yaml"]
RENAMED = "Stage fit is now sub/dvc.yaml:fit"
CASES: dict[str, tuple[Stage, Stage, list[str]]] = {
    "all of it": (
        stage(UP, "", "d.csv", "m.pkl", "params.yaml"),
        stage(DOWN, "sub", "sub/d.csv", "sub/m.pkl", "sub/params.yaml"),
        MOVED,
    ),
    "but for its data": (
        stage(UP, "", "data/raw.csv fit.py", "m.pkl", "conf.yaml"),
        stage(DOWN, "sub", "data/raw.csv sub/fit.py", "sub/m.pkl", "sub/conf.yaml"),
        MOVED,
    ),
    "but for its params": (
        stage(UP, "", "d.csv", "m.pkl", "params.yaml"),
        stage(DOWN, "sub", "sub/d.csv", "sub/m.pkl", "params.yaml"),
        MOVED,
    ),
    "but for where it works": (
        stage(UP, "lib", "lib/d.csv"),
        stage(DOWN, "lib", "lib/d.csv"),
        MOVED,
    ),
    "and it reads something else": (
        stage(UP, "", "data/raw.csv old.csv", "m.pkl"),
        stage(DOWN, "sub", "data/raw.csv sub/new.csv", "sub/m.pkl"),
        [RENAMED, "now also depends on sub/new.csv", "no longer depends on old.csv"],
    ),
    "and reads what it made before too": (
        stage(UP, "", "d.csv", "m.pkl"),
        stage(DOWN, "sub", "d.csv sub/d.csv", "sub/m.pkl"),
        [RENAMED, "now also depends on sub/d.csv"],
    ),
    "and its command": (
        stage(UP, "", "data/raw.csv", "m.pkl"),
        stage(DOWN, "sub", "data/raw.csv", "sub/m.pkl", cmd="run .."),
        [RENAMED, "now runs run .., not run"],
    ),
    "up": (
        stage(DOWN, "sub", "data/raw.csv sub/fit.py", "sub/m.pkl"),
        stage(UP, "", "data/raw.csv fit.py", "m.pkl"),
        ["Stage fit moved from sub/dvc.yaml to dvc.yaml"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_only_what_really_moved_is_taken_to_have_moved(case: str) -> None:
    old, new, expected = CASES[case]
    assert expected == told(old, new)
