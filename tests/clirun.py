"""Running the command line as a person does: its exit code, what it printed, and what it said."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from gitrepo import GitRepo, once

from dvc_changelog.cli import main

PROGRAM = Path(sys.executable).with_name("dvc-changelog")


@dataclass(frozen=True)
class Ran:
    """What became of a run."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(project: GitRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line in this process, in the project's directory; it never shows a traceback."""

    def run_here(*args: str, at: Path | None = None) -> Ran:
        monkeypatch.chdir(at or project.path)
        monkeypatch.setattr(sys, "argv", ["dvc-changelog", *args])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        gc.enable()
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert "unforeseen" not in err
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, out, err)

    return run_here


def run_apart(*args: str, at: Path, env: Mapping[str, str] | None = None) -> Ran:
    """Runs the command line in a process of its own."""
    done = subprocess.run(
        [PROGRAM, *args],
        cwd=at,
        env={**os.environ, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
@once
def project(repo: GitRepo) -> GitRepo:
    """A small DVC repository: v1.0.0, v1.1.0-rc.1, v1.1.0, exp-1 on a branch, and one commit since."""
    repo.release("v1.0.0", "feat: train a model", files_of(trees=50, model="a" * 32, accuracy=0.8))
    repo.release("v1.1.0-rc.1", "Plant more trees", files_of(trees=100, model="b" * 32, accuracy=0.9))
    repo.release("v1.1.0", "fix: seed the forest (#41)", {"src/train.py": "seed = 1\n"})
    repo.git("checkout", "-q", "-b", "side", "v1.0.0")
    repo.release("exp-1", "Try a stump", files_of(trees=1, model="c" * 32, accuracy=0.4))
    repo.git("checkout", "-q", "main")
    repo.commit("docs: explain the forest", {"docs/forest.md": "# Forest\n"})
    return repo


PIPELINE = """\
stages:
  train:
    cmd: python src/train.py
    params:
    - train.trees
    outs:
    - model.pkl
    metrics:
    - metrics.json:
        cache: false
"""
LOCK = """\
schema: '2.0'
stages:
  train:
    cmd: python src/train.py
    params:
      params.yaml:
        train.trees: {trees}
    outs:
    - path: model.pkl
      hash: md5
      md5: {model}
      size: 1000
"""


def files_of(*, trees: int, model: str, accuracy: float) -> dict[str, str]:
    """The files of a pipeline of one stage, as DVC leaves them."""
    return {
        ".dvc/config": "",
        "params.yaml": f"train:\n  trees: {trees}\n",
        "dvc.yaml": PIPELINE,
        "dvc.lock": LOCK.format(trees=trees, model=model),
        "metrics.json": f'{{"accuracy": {accuracy}}}\n',
    }
