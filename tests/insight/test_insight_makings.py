"""Between which commits one content became another, and what of it can be a cause."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest
from insight.test_insight_causes import commit, snapshot, stage

from dvc_changelog.domain import (
    Cause,
    CauseKind,
    ChangeType,
    Content,
    Dependency,
    Snapshot,
    Stage,
    StageRun,
    Value,
)
from dvc_changelog.insight import Causes
from dvc_changelog.insight.makings import Making, stretch


def content(letter: str) -> Content | None:
    return None if letter == "-" else Content("md5", letter)


def makings(contents: str) -> list[Making]:
    """One commit a step, called by the number of its step."""
    return [
        Making(str(at), content(old), content(new), lambda: None, lambda: None)
        for at, (old, new) in enumerate(pairwise(contents), 1)
    ]


@pytest.mark.parametrize(
    ("contents", "old", "new", "expected"),
    [
        pytest.param("ab", "a", "b", ("1", "1"), id="one commit"),
        pytest.param("abc", "a", "c", ("1", "2"), id="two commits"),
        pytest.param("abcb", "a", "b", ("1", "1"), id="made first by the first commit"),
        pytest.param("abac", "a", "c", ("3", "3"), id="back on the way"),
        pytest.param("abc", "a", "b", ("1", "1"), id="a step on the way"),
        pytest.param("abc", "b", "c", ("2", "2"), id="another step"),
        pytest.param("aba", "b", "a", ("2", "2"), id="there and back"),
        pytest.param("a-b", "a", "b", ("1", "2"), id="gone on the way"),
        pytest.param("abc", "-", "b", ("1", "1"), id="from what is not known"),
        pytest.param("abc", "a", "-", ("1", "2"), id="to what is not known"),
        pytest.param("abc", "b", "a", None, id="the other way round"),
        pytest.param("abc", "x", "c", None, id="from elsewhere"),
        pytest.param("abc", "a", "x", None, id="to elsewhere"),
        pytest.param("a", "a", "a", None, id="nothing happened"),
    ],
)
def test_a_stretch_is_the_shortest_that_explains(
    contents: str, old: str, new: str, expected: tuple[str, str] | None
) -> None:
    found = stretch(makings(contents), content(old), content(new))
    assert expected == (found and (found.first.commit_id, found.last.commit_id))


def ran(model: str, code: str = "t", **params: Value) -> StageRun:
    found = stage("train", {"train.py": code}, {"model": model}, params).ran
    assert found
    return found


CODE = Cause(CauseKind.FILE, "train.py", commits=("2",))


@pytest.mark.parametrize(
    ("around", "end", "expected"),
    [
        pytest.param((ran("a"), ran("b", "u")), ran("b", "u"), [CODE], id="at the ends"),
        pytest.param((ran("a"), ran("b", "u", l2=1)), ran("b", "u"), [CODE], id="a param that went again"),
        pytest.param((ran("a"), ran("b", "u")), ran("b", "v", l2=1), [CODE], id="a param that came later"),
        pytest.param((ran("a", "u"), ran("b", "u")), ran("b", "u"), [], id="code of which the same was made"),
        pytest.param((ran("a"), ran("b", "u")), ran("b"), [CODE], id="code that is back"),
    ],
)
def test_only_what_the_runs_around_a_commit_had_otherwise_is_a_cause(
    around: tuple[StageRun, StageRun], end: StageRun, expected: list[Cause]
) -> None:
    first, last = stage("train", {"train.py": "t"}, {"model": "a"}), replace(stage("train", {}, {}), ran=end)
    old, new = snapshot(first), snapshot(last)
    made = Making(
        "2",
        content("a"),
        content("b"),
        partial(replace, first, ran=around[0]),
        partial(replace, last, ran=around[1]),
    )
    commits = (replace(commit("3", "train.py"), parents=("2",)), commit("2", "train.py", "dvc.lock"))
    told = Causes(old, new, commits, lambda path: [made] if path == "model" else []).of("model")
    assert [cause for cause in told if cause.kind is not CauseKind.NOTHING] == expected
    assert told


def parted(*, with_code: bool, code: str = "u") -> tuple[Snapshot, Snapshot, Stage]:
    """What `train` made, `evaluate` makes now; the last is `train` as it was in between, with `code`."""
    first = stage("train", {"train.py": "t", "raw": "r"}, {"report": "a", "model": "m"}, {"lr": 1})
    between = stage("train", {"train.py": code, "raw": "r"}, {"report": "b", "model": "m"}, {"lr": 1})
    rest = stage("train", {"train.py": code, "raw": "r"}, {"model": "m"}, {"lr": 1})
    other = {"train.py": code} if with_code else {"evaluate.py": "e"}
    return (
        snapshot(first),
        snapshot(rest, stage("evaluate", {"model": "m", **other}, {"report": "b"})),
        between,
    )


@pytest.mark.parametrize("with_code", [False, True])
def test_what_another_stage_makes_now_changed_by_what_the_one_before_ran_with(with_code: bool) -> None:
    """It is not said of a stage that it no longer takes what it never took."""
    old, new, between = parted(with_code=with_code)
    made = Making("1", content("a"), content("b"), lambda: None, lambda: between)
    commits = (replace(commit("2", "dvc.lock"), parents=("1",)), commit("1", "train.py", "dvc.lock"))
    told = Causes(old, new, commits, lambda path: [made] if path == "report" else []).of("report")
    assert told == (Cause(CauseKind.FILE, "train.py", commits=("1",)),)


def test_what_came_to_the_stage_before_is_told_of_it() -> None:
    old, new, between = parted(with_code=False, code="t")
    assert between.ran
    ran = replace(between.ran, deps=(*between.ran.deps, Dependency("more.py", content("x"))))
    made = Making("1", content("a"), content("b"), lambda: None, lambda: replace(between, ran=ran))
    told = Causes(old, new, (commit("1", "dvc.lock"),), lambda _: [made]).of("report")
    assert [(cause.path, cause.change, cause.through) for cause in told] == [
        ("more.py", ChangeType.ADDED, ("train",))
    ]


def test_another_stage_that_makes_it_otherwise_is_the_cause_by_itself() -> None:
    """What each of the two stages takes is no difference; what both take, and changed, is."""
    old, new, _ = parted(with_code=True)
    told = Causes(old, new, (commit("1", "train.py", "dvc.lock"),)).of("report")
    assert [(cause.kind, cause.path, cause.name) for cause in told] == [
        (CauseKind.STAGE, "dvc.yaml", "evaluate"),
        (CauseKind.FILE, "train.py", ""),
    ]
