"""What is back: against a search through all earlier releases, and in single cases."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.diff import diff
from dvc_changelog.domain import (
    Content,
    Output,
    OutputChange,
    Problem,
    Role,
    Rollback,
    Snapshot,
    Value,
    ValueFile,
    same,
)
from dvc_changelog.insight import KnownRelease, Past, frozen

State = tuple[Mapping[str, str], Mapping[str, Value]]
"""The hashes of outputs by path (m.pkl is a model), and the values of params.yaml."""

states = st.tuples(
    st.dictionaries(st.sampled_from(["a.csv", "b.csv", "m.pkl"]), st.sampled_from("123")),
    st.dictionaries(st.sampled_from(["lr", "seed"]), st.sampled_from([1, 2, math.nan])),
)


def snapshot(state: State) -> Snapshot:
    outputs, params = state
    return Snapshot(
        outputs={
            path: Output(path, Content("md5", digest), Role.SOURCE, model=path.endswith(".pkl"))
            for path, digest in outputs.items()
        },
        params={"params.yaml": ValueFile("params.yaml", params)} if params else {},
    )


def told(history: Sequence[Snapshot]) -> tuple[list[Rollback], dict[str, str]]:
    """What the last of some releases has again, and of which outputs."""
    past = Past(lambda _: True)
    known: KnownRelease | None = None
    for number, each in enumerate(history[:-1]):
        known = past.learned(f"v{number}", known, each)
    assert known
    head = history[-1]
    changes = past.again(diff(known.snapshot, head), known)
    back = {c.path: c.again for c in changes if isinstance(c, OutputChange) and c.again}
    return list(past.rollbacks(head, known)), back


def of_kind(state: State) -> dict[str, object]:
    outputs, params = state
    return {
        "data": {path: digest for path, digest in outputs.items() if not path.endswith(".pkl")},
        "models": {path: digest for path, digest in outputs.items() if path.endswith(".pkl")},
        "params": frozen(dict(params)),
    }


@given(st.lists(states, min_size=2, max_size=7))
def test_an_output_is_back_where_the_newest_earlier_release_with_its_content_is(history: list[State]) -> None:
    _, back = told([snapshot(state) for state in history])
    *earlier, (base, _), (head, _) = history
    expected = {}
    for path, digest in head.items():
        had = [f"v{n}" for n, (outputs, _) in enumerate(earlier) if outputs.get(path) == digest]
        moved = path not in base and any(base[other] == digest for other in base if other not in head)
        if had and base.get(path) != digest and not moved:
            expected[path] = had[-1]
    assert back == expected


@given(st.lists(states, min_size=2, max_size=7))
def test_what_is_told_as_a_rollback_is_one(history: list[State]) -> None:
    found, _ = told([snapshot(state) for state in history])
    base, head = of_kind(history[-2]), of_kind(history[-1])
    for rollback in found:
        there = of_kind(history[int(rollback.version[1:])])
        for kind in ("data", "models", "params"):
            if getattr(rollback, kind):
                assert there[kind] == head[kind] != base[kind]
        assert rollback.whole == (there == head)
    whole = [
        n for n, state in enumerate(history[:-2]) if of_kind(state) == head != base and any(head.values())
    ]
    assert [r.version for r in found if r.whole] == [f"v{n}" for n in whole[-1:]]


@given(st.lists(states, min_size=2, max_size=5))
def test_of_releases_that_differ_in_everything_none_is_a_rollback(history: list[State]) -> None:
    apart: list[State] = [
        ({p: f"{n}{d}" for p, d in outputs.items()}, {"lr": n}) for n, (outputs, _) in enumerate(history)
    ]
    assert told([snapshot(state) for state in apart]) == ([], {})


FIRST: State = ({"a.csv": "1", "m.pkl": "1"}, {"lr": 1})
SECOND: State = ({"a.csv": "2", "m.pkl": "2"}, {"lr": 2})


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (FIRST, [Rollback("v0", data=True, models=True, params=True, whole=True)]),
        (({"a.csv": "1", "m.pkl": "3"}, {"lr": 1}), [Rollback("v0", data=True, params=True)]),
        (({"a.csv": "2", "m.pkl": "1"}, {"lr": 2}), [Rollback("v0", models=True)]),
        (({"a.csv": "1", "b.csv": "1", "m.pkl": "2"}, {"lr": 2}), []),
        (SECOND, []),
    ],
)
def test_what_is_back(head: State, expected: list[Rollback]) -> None:
    assert told([snapshot(state) for state in (FIRST, SECOND, head)])[0] == expected


def test_what_cannot_be_read_is_no_rollback() -> None:
    broken = replace(snapshot(FIRST), problems=(Problem("b.csv.dvc", "conflict markers", "v2"),))
    found, back = told([snapshot(FIRST), snapshot(SECOND), broken])
    assert found == [Rollback("v0", params_files=("params.yaml",))]
    assert back == {"a.csv": "v0", "m.pkl": "v0"}  # these were read


def test_metrics_and_plots_are_no_data() -> None:
    def with_metrics(state: State, digest: str) -> Snapshot:
        made = snapshot(state)
        metrics = Output("eval", Content("md5", digest), Role.DERIVED)
        file = ValueFile("eval/metrics.json", {"auc": int(digest)})
        return replace(made, outputs={**made.outputs, "eval": metrics}, metrics={file.path: file})

    found, _ = told([with_metrics(FIRST, "1"), with_metrics(SECOND, "2"), with_metrics(FIRST, "3")])
    assert found == [Rollback("v0", data=True, models=True, params=True, whole=True)]


def test_what_was_away_and_has_another_hash_only_by_a_migration_is_not_back() -> None:
    by_dvc_2 = Output("a.csv", Content("md5", "9", 10, legacy=True), Role.SOURCE)
    by_dvc_3 = Output("a.csv", Content("md5", "1", 10), Role.SOURCE)
    history = [Snapshot(outputs={"a.csv": each}) for each in (by_dvc_3, by_dvc_2, by_dvc_3)]
    assert told(history)[1] == {}


values = st.recursive(
    st.one_of(st.booleans(), st.integers(-2, 2), st.floats(-2, 2), st.just(math.nan), st.sampled_from("ab")),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("ab"), inner)),
    max_leaves=4,
)


@given(values, values)
def test_frozen_values_are_equal_where_values_are_the_same(one: Value, other: Value) -> None:
    assert (frozen(one) == frozen(other)) == same(one, other)
    assert hash(frozen(one)) == hash(frozen(one))
