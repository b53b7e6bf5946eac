""".pre-commit-hooks.yaml, through pre-commit itself: installed from a tag of ours, run by `git push`."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from cigrounds import LIMIT, PACKAGES, TOP, Origin, git, machine, once

CONFIG = """\
repos:
  - repo: {checkout}
    rev: v0.1.0
    hooks:
      - id: dvc-changelog-review
      - id: dvc-changelog-check
        args: [--fail-on, "threshold,stale-lock"]
"""


@dataclass
class Clone:
    """A person's clone, with the hooks of pre-commit."""

    path: Path
    environ: dict[str, str]

    def run(self, *command: str) -> tuple[int, str]:
        done = subprocess.run(
            command,
            cwd=self.path,
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout

    def commit(self, name: str, text: str, message: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")
        git(self.path, "add", "--all")
        code, said = self.run("git", "commit", "--quiet", "--message", message)
        assert (code, said) == (0, ""), "nothing runs at a commit: its message is not there yet"


def person(home: Path, cache: Path) -> dict[str, str]:
    """The environment of a person whose Python has what our package depends on, for pip to find it there."""
    return {
        **machine(home),
        "PYTHONPATH": os.pathsep.join(PACKAGES),
        "PRE_COMMIT_HOME": str(cache),
        "VIRTUALENV_OVERRIDE_APP_DATA": str(cache / "virtualenv"),
    }


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory, worker_id: str, checkout: Path) -> Path:
    """Where pre-commit keeps the hooks, which it installed."""

    def build(into: Path) -> None:
        (into / "config.yaml").write_text(CONFIG.format(checkout=checkout), encoding="utf-8")
        git(into, "init", "--quiet", "--template=")
        clone = Clone(into, person(into, into / "pre-commit"))
        code, said = clone.run(
            *(sys.executable, "-m", "pre_commit", "install-hooks", "--config", "config.yaml")
        )
        assert code == 0, said

    return once(tmp_path_factory, worker_id, "hooks", build) / "pre-commit"


@pytest.fixture
def clone(tmp_path: Path, cache: Path, checkout: Path, origin: Origin) -> Clone:
    """On a branch that parted from main, where the hooks are configured and nothing was pushed yet."""
    git(tmp_path, "clone", "--quiet", "--bare", origin.url, "forge.git")
    git(tmp_path, "clone", "--quiet", "--branch=good", f"file://{tmp_path}/forge.git", "models")
    made = Clone(tmp_path / "models", person(tmp_path, cache))
    git(made.path, "rm", "--quiet", "*.py", ":!src")  # what else the branch brings is for other tests
    git(made.path, "checkout", "--quiet", "-b", "tune")
    code, said = made.run(sys.executable, "-m", "pre_commit", "install", "--hook-type", "pre-push")
    assert code == 0, said
    made.commit(".pre-commit-config.yaml", CONFIG.format(checkout=checkout), "build: look before a push")
    return made


def pushed(clone: Clone, branch: str) -> str:
    return git(clone.path, "ls-remote", "origin", branch)


def test_manifest_is_one() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"],
        cwd=TOP,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_push_shows_the_review(clone: Clone) -> None:
    code, said = clone.run("git", "push", "--quiet", "origin", "tune")
    assert code == 0, said
    assert pushed(clone, "tune")
    assert "router" in said
    assert "dvc-changelog check" in said


def test_push_of_what_must_not_be_is_refused(clone: Clone) -> None:
    clone.commit("dvc-changelog.toml", LIMIT, "build: set a limit")
    code, said = clone.run("git", "push", "--quiet", "origin", "tune")
    assert code != 0
    assert not pushed(clone, "tune")
    assert "test.accuracy (metrics.json) is 0.86" in said
    git(clone.path, "checkout", "--quiet", "good")  # what is pushed is looked at, not what is checked out
    code, said = clone.run("git", "push", "--quiet", "origin", "tune")
    assert (code != 0, pushed(clone, "tune")) == (True, ""), said
