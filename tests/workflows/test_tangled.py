"""Pipelines that DVC refuses though each of their files can be read, beside DVC itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from dvc.exceptions import DvcException
from dvc.repo import Repo
from workflows.branches import checked, dvcfile

if TYPE_CHECKING:
    from gitrepo import GitRepo

PREPARE = "  prepare: {cmd: x, deps: [raw.csv], outs: [tidy]}\n"
TRAIN = "  train: {cmd: x, deps: [tidy/a.csv], outs: [m.pkl], metrics: [m.json: {cache: false}]}\n"
RING = """\
  a: {cmd: x, deps: [c.txt], outs: [a]}
  b: {cmd: x, deps: [a/1], outs: [b]}
  c: {cmd: x, deps: [b], outs: [c.txt]}
"""

PIPELINES = [
    (PREPARE + TRAIN, ""),
    (
        PREPARE + "  other: {cmd: x, outs: [tidy]}\n",
        "dvc.yaml: DVC refuses it: prepare and other both write tidy.",
    ),
    (
        PREPARE + "  other: {cmd: x, outs: [tidy/b.csv]}\n",
        "dvc.yaml: DVC refuses it: tidy/b.csv of other lies in tidy of prepare.",
    ),
    (PREPARE + "  other: {cmd: x, plots: [tidy_b.csv]}\n", ""),
    (
        "  own: {cmd: x, outs: [raw.csv]}\n",
        "dvc.yaml: DVC refuses it: raw.csv.dvc and own both write raw.csv.",
    ),
    (
        RING,
        "dvc.yaml: DVC refuses it: a, b and c wait for each other.",
    ),
    ("  a: {cmd: x, deps: [a], outs: [a/b]}\n", "dvc.yaml: DVC refuses it: a waits for itself."),
    ("  a: {cmd: x, deps: [.], outs: [b]}\n", "dvc.yaml: DVC refuses it: a waits for itself."),
]


@pytest.mark.parametrize(("stages", "said"), PIPELINES)
def test_what_dvc_refuses_of_a_pipeline_is_unreadable(repo: GitRepo, stages: str, said: str) -> None:
    repo.commit("Begin", {".dvc/config": "", "raw.csv.dvc": dvcfile("raw.csv", "1")})
    repo.git("checkout", "-q", "-b", "tune")
    commit = repo.commit("Tangle", {"dvc.yaml": f"stages:\n{stages}"})
    found = [each for each in checked(repo).findings if each.kind == "unreadable"]
    assert [each.what for each in found] == ([said] if said else [])
    assert {each.commit_id for each in found} <= {commit}
    try:
        assert Repo(repo.path).index.graph
    except DvcException:
        assert said
    else:
        assert not said
