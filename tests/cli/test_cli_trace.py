"""`dvc-changelog trace` as a person runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from dvc_changelog.render.schemas import schema

if TYPE_CHECKING:
    from clirun import Run
    from gitrepo import GitRepo


def test_a_life_is_markdown_in_a_pipe(project: GitRepo, run: Run) -> None:
    ran = run("trace", "accuracy")
    assert ran.code == 0
    assert ran.out.startswith("## `accuracy` in `metrics.json`\n\nNow 0.9. 2 changes")
    assert "| 1.1.0-rc.1 | 2024-01-01 | 0.9 | +0.1 (+12 %) |" in ran.out


def test_the_json_is_what_its_schema_says(project: GitRepo, run: Run) -> None:
    Draft202012Validator.check_schema(schema("trace"))
    validator = Draft202012Validator(schema("trace"))
    for args in (["accuracy"], ["model.pkl", "--since", "v1.0.0"], ["--when", "accuracy < 0.85"]):
        ran = run("trace", *args, "--format", "json")
        assert ran.code == 0
        validator.validate(json.loads(ran.out))
    answer = json.loads(ran.out)["when"]
    assert answer["holds"] is False
    assert [found["version"] for found in answer["became"]] == ["v1.0.0"]


def test_without_a_target_only_the_answer_is_told(project: GitRepo, run: Run) -> None:
    ran = run("trace", "--when", "accuracy < 0.85")
    assert "`accuracy < 0.85` became so from the beginning in 1.0.0" in ran.out
    assert "| Release |" not in ran.out
    assert "| Release |" in run("trace", "accuracy", "--when", "accuracy < 0.85").out


def test_never_is_an_answer(project: GitRepo, run: Run) -> None:
    ran = run("trace", "--when", "accuracy > 2")
    assert ran.code == 0
    assert "`accuracy > 2` was never so." in ran.out
    assert "held all along since v1.1.0" in run("trace", "--when", "accuracy > 0.1", "-s", "v1.1.0").out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ([], "nothing to trace"),
        (["train"], "Name one that is part of it: params.yaml:train.trees"),
        (["acuracy"], "Did you mean accuracy"),
        (["--when", "accuracy"], "is no condition"),
        (["accuracy", "--since", "v9"], "Unknown revision: v9"),
    ],
)
def test_what_is_wrong_is_said(project: GitRepo, run: Run, args: list[str], told: str) -> None:
    ran = run("trace", *args)
    assert ran.code in {1, 2}
    assert told in ran.err
    assert ran.out == ""


def test_paths_are_seen_from_here_and_from_the_root(project: GitRepo, run: Run) -> None:
    src = project.path / "src"
    assert run("trace", "../model.pkl", at=src).out.startswith("## `model.pkl`")
    assert run("trace", "model.pkl", at=src).out.startswith("## `model.pkl`")
    assert run("trace", "model.pkl", "--repo", str(project.path), at=src.parent.parent).code == 0


def test_a_bare_repository_will_do(project: GitRepo, run: Run, tmp_path: Path) -> None:
    project.git("clone", "--quiet", "--bare", str(project.path), str(tmp_path / "bare.git"))
    assert "| 1.0.0 |" in run("trace", "accuracy", at=tmp_path / "bare.git").out


def test_one_project_of_several(project: GitRepo, run: Run) -> None:
    files = {".dvc/config": "", "params.yaml": "train:\n  trees: 7\n"}
    project.commit("Another", {f"churn/{name}": text for name, text in files.items()})
    assert "may be any of 2 things" in run("trace", "train.trees").err
    assert "Now 7." in run("trace", "train.trees", "--project", "churn").out
    assert "Now 7." in run("trace", "train.trees", at=project.path / "churn").out
