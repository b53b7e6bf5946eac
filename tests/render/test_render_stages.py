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


def item(name: str, cmd: str, deps: str = "") -> Stage:
    return Stage(UP, f"train@{name}", cmd, "", tuple(deps.split()), (), ())


ITEMS: dict[str, tuple[list[tuple[Stage, Stage]], list[str]]] = {
    "alike but for their names": (
        [(item(n, f"fit {n} {n}.pkl"), item(n, f"fit {n} out/{n}.pkl")) for n in ("small", "large")],
        ["now runs fit … out/….pkl, not fit … ….pkl"],
    ),
    "a name that is a letter of other words": (
        [(item(n, "fit all"), item(n, f"fit all --as {n}")) for n in ("a", "l")],
        ["now runs fit all --as …, not fit all"],
    ),
    "each in its own way": (
        [(item("a", "fit"), item("a", "fit", "x.csv")), (item("b", "fit"), item("b", "fit --fast"))],
        ["train@a now also depends on x.csv", "train@b now runs fit --fast, not fit"],
    ),
    "many in their own ways": (
        [(item(f"i{n}", "fit"), item(f"i{n}", f"fit {n * 7}")) for n in range(6)],
        [*(f"train@i{n} now runs fit {n * 7}, not fit" for n in range(4)), "2 items more changed"],
    ),
}
"""The items of a foreach or matrix stage before and after, and what is told below their line."""


@pytest.mark.parametrize("case", ITEMS)
def test_what_changed_in_all_items_of_a_stage_is_told_once(case: str) -> None:
    pairs, below = ITEMS[case]
    line, *more = lines([StageChange(ChangeType.MODIFIED, UP, new.name, old, new) for old, new in pairs])
    assert not more
    assert str(line.text) == f"Changed stage train@… ({len(pairs)} items)"
    assert [str(text) for text in line.below] == below
