"""Params that a dvc.yaml asks for no more, or now, and their file has all along, in real repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dvc_changelog.config import Config
from dvc_changelog.domain import ChangeType, ParamChange
from dvc_changelog.workflows import compare

if TYPE_CHECKING:
    from gitrepo import GitRepo

ADDED, DELETED = ChangeType.ADDED, ChangeType.DELETED


def stage(*params: str) -> str:
    keys = ", ".join(f"{file}: [{name}]" for file, _, name in (param.rpartition(":") for param in params))
    return f"stages:\n  fit:\n    cmd: python fit.py\n    params: [{{{keys}}}]\n"


def project(
    *params: str, values: str = "lr: 1\nmodel: {dim: 4, seed: 3}\n", code: str = "DEPTH = 2\n"
) -> dict[str, str]:
    return {".dvc/config": "", "dvc.yaml": stage(*params), "conf.yaml": values, "cfg.py": code}


ALL = ("conf.yaml:model", "cfg.py:DEPTH")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            project(*ALL),
            project("cfg.py:DEPTH"),
            {"model.dim": (DELETED, True), "model.seed": (DELETED, True)},
        ),
        (project(*ALL), project("conf.yaml:model"), {"DEPTH": (DELETED, True)}),
        (project("conf.yaml:model"), project(*ALL), {"DEPTH": (ADDED, True)}),
        (
            project(*ALL),
            project("cfg.py:DEPTH", values="lr: 1\nmodel: {seed: 4}\n"),
            {"model.dim": (DELETED, False), "model.seed": (DELETED, True)},
        ),
        (project(*ALL), project(*ALL, values="lr: 1\nmodel: {seed: 3}\n"), {"model.dim": (DELETED, False)}),
        (project(*ALL), project("conf.yaml:model", code="not python ("), {"DEPTH": (DELETED, False)}),
    ],
)
def test_what_its_file_still_has_is_not_gone(
    repo: GitRepo, old: dict[str, str], new: dict[str, str], expected: dict[str, tuple[ChangeType, bool]]
) -> None:
    base = repo.commit("Begin", old)
    repo.commit("Edit", new)
    told = compare(repo.path, base, config=Config())
    params = [change for change in told.changes if isinstance(change, ParamChange)]
    assert {change.name: (change.change, change.declared) for change in params} == expected
    gone = {seed.name: seed.declared for seed in told.seeds or () if seed.change is DELETED}
    assert gone == {name: declared for name, (_, declared) in expected.items() if "seed" in name}


def test_what_goes_with_its_file_is_gone(repo: GitRepo) -> None:
    base = repo.commit("Begin", project(*ALL))
    repo.git("rm", "-q", "conf.yaml")
    repo.commit("Edit", {"dvc.yaml": stage("cfg.py:DEPTH")})
    told = compare(repo.path, base, config=Config())
    assert [c.declared for c in told.changes if isinstance(c, ParamChange)] == [False, False]
