"""The params that seed random numbers, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from dvc_changelog.domain import (
    ChangeType,
    Content,
    Output,
    ParamChange,
    Problem,
    Role,
    Seed,
    Snapshot,
    Value,
    ValueFile,
)
from dvc_changelog.insight import seeds
from dvc_changelog.insight.seeds import is_seed

SEEDS = """
seed train.seed prepare.seed random_seed rng_seed np_seed numpy_seed torch_seed pl_seed seeds
split.seed1 random_state base.random_state randomState dataset.kwargs.random_state
random_permutation_seed seeds.0 seed_everything trainer.seed_everything seed_value SEED
"""
NO_SEEDS = """
n_seeds num_seeds use_seed seed_path seed.path seedling reseeded state random random_stateful seed_words
fix_seed train.lr seed_count 0
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [*((n, True) for n in SEEDS.split()), *((n, False) for n in NO_SEEDS.split()), ("", False)],
)
def test_a_seed_is_known_by_its_name(name: str, expected: bool) -> None:
    assert expected is is_seed(name)


def state(values: Mapping[str, Value] | None, *, model: bool = True) -> Snapshot:
    made = Output("model.pkl", Content("md5", "a" * 32), Role.DERIVED, "train", model=True)
    return Snapshot(
        params={"params.yaml": ValueFile("params.yaml", values)}, outputs={"model.pkl": made} if model else {}
    )


def told(old: Snapshot, new: Snapshot) -> dict[str, ChangeType | None] | None:
    found = seeds(old, new, lambda _: True)
    return None if found is None else {seed.name: seed.change for seed in found}


def test_each_seed_is_told_with_what_became_of_it() -> None:
    old = state({"a.seed": 1, "b.seed": 1, "old_seed": 3, "lr": 1})
    new = state(
        {"a.seed": 1, "b.seed": 2, "new_seed": [1, 2], "c.seed": None, "text_seed": "x", "d_seed": True}
    )
    assert told(old, new) == {
        "a.seed": None,
        "b.seed": ChangeType.MODIFIED,
        "new_seed": ChangeType.ADDED,
        "c.seed": ChangeType.ADDED,
        "old_seed": ChangeType.DELETED,
    }


def test_a_seed_that_moved_neither_came_nor_went() -> None:
    old = state({"train.lr": 1, "train.seed": 3, "rs": 5})
    new = replace(state({"x_seed": 5}), params={
        "hp.yaml": ValueFile("hp.yaml", {"train.lr": 1, "train.seed": 4}),
        "params.yaml": ValueFile("params.yaml", {"x_seed": 5}),
    })  # fmt: skip
    renamed = (
        ParamChange(ChangeType.RENAMED, "hp.yaml", "train.seed", 3, 4, (), "params.yaml", "train.seed"),
        ParamChange(ChangeType.RENAMED, "params.yaml", "x_seed", 5, 5, (), "params.yaml", "rs"),
    )
    assert seeds(old, new, lambda _: True, renamed) == (
        Seed("hp.yaml", "train.seed", 4, 3, ChangeType.RENAMED, "params.yaml", "train.seed"),
        Seed("params.yaml", "x_seed", 5, 5, ChangeType.RENAMED, "params.yaml", "rs"),
    )
    back = (ParamChange(ChangeType.RENAMED, "params.yaml", "rs", 5, 5, (), "params.yaml", "x_seed"),)
    assert told(new, state({"rs": 5})) == {
        "train.seed": ChangeType.DELETED,
        "x_seed": ChangeType.DELETED,
    }
    assert [s.name for s in seeds(new, state({"rs": 5}), lambda _: True, back) or ()] == ["train.seed"]


def test_of_a_file_that_cannot_be_read_nothing_is_claimed() -> None:
    assert told(state(None), state({"seed": 1})) == {"seed": ChangeType.UNKNOWN}
    assert told(state({"seed": 1}), state(None)) is None
    broken = replace(state({"lr": 1}), problems=(Problem("dvc.yaml", "not valid YAML", "v1"),))
    assert told(broken, state({"seed": 1})) == {"seed": ChangeType.UNKNOWN}
    assert told(state({"seed": 1}), broken) is None


def test_that_there_is_none_is_known_only_of_a_pipeline_that_makes_a_model() -> None:
    assert told(Snapshot(), state({"lr": 1})) == {}
    assert told(Snapshot(), state({"lr": 1}, model=False)) is None
    assert told(Snapshot(), Snapshot()) is None


def test_what_is_left_out_by_its_path_is_not_told() -> None:
    assert seeds(Snapshot(), state({"seed": 1}, model=False), lambda path: path != "params.yaml") is None
    assert seeds(Snapshot(), state({"seed": 1}), lambda _: True) == (
        Seed("params.yaml", "seed", 1, None, ChangeType.ADDED),
    )
