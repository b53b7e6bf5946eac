"""Between which commits one content became another, and what of it can be a cause."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from insight.test_insight_causes import commit, snapshot, stage

from dvc_changelog.domain import Cause, CauseKind, Content, StageRun, Value
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
    made = Making("2", content("a"), content("b"), lambda: around[0], lambda: around[1])
    commits = (replace(commit("3", "train.py"), parents=("2",)), commit("2", "train.py", "dvc.lock"))
    told = Causes(old, new, commits, lambda path: [made] if path == "model" else []).of("model")
    assert [cause for cause in told if cause.kind is not CauseKind.NOTHING] == expected
    assert told
