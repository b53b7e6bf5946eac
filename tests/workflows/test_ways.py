"""The commands at the end of a release, run with the real DVC: they bring what they say."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dvc_changelog.config import Config
from dvc_changelog.render.phrase import Style
from dvc_changelog.render.view import view
from dvc_changelog.workflows import generate
from dvc_changelog.workflows.common import open_history, snapshots_of

RELEASE, BEFORE = "v1.2.0", "v1.1.1"
MODEL, HOLDOUT = "models/router.json", "data/holdout.csv"


def commands(repo: Path, starting: str) -> list[str]:
    """The commands of a line below "Reproduce and roll back"."""
    release = generate(repo, config=Config(), version=RELEASE).releases[0]
    line = next(way for way in view(release, Config()).ways if str(way).startswith(starting))
    return [part.text for part in line.parts if part.style is Style.CODE]


def run(command: str, at: Path) -> None:
    """Run a command as a person does, in a shell."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "DVC_NO_ANALYTICS": "1"}
    done = subprocess.run(command, shell=True, cwd=at, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def recorded(repo: Path, version: str) -> dict[str, str]:
    """The hashes of files that a version records."""
    history, config = open_history(repo, Config())
    snapshot = snapshots_of(history, config).at(history.revision(version))
    return {path: snapshot.outputs[path].content.digest for path in (MODEL, HOLDOUT)}


def lying(repo: Path) -> dict[str, str]:
    """The hashes of those that are in the working tree."""
    there = (path for path in (MODEL, HOLDOUT) if (repo / path).exists())
    return {path: hashlib.md5((repo / path).read_bytes()).hexdigest() for path in there}


def cloned(repo: Path, to: Path) -> Path:
    """A new clone, without cache and data; the remote is there."""
    run(f"git clone --quiet {repo} {to}", repo)
    shutil.copytree(repo / ".dvc-storage", to / ".dvc-storage")
    return to


@pytest.fixture(params=["cache and remote", "cache", "remote"])
def place(request: pytest.FixtureRequest, demo_copy: Path, tmp_path: Path) -> Path:
    """The demo, with its data in one of two places or in both: a working copy, or a new clone."""
    if request.param == "remote":
        return cloned(demo_copy, tmp_path / "clone")
    run(f"git checkout --quiet --force {RELEASE} && dvc checkout --quiet", demo_copy)
    if request.param == "cache":
        shutil.rmtree(demo_copy / ".dvc-storage")
    return demo_copy


def test_one_model_and_one_data_set_come_back(place: Path) -> None:
    """DVC has nothing to say of the data set after."""
    here, was = lying(place), recorded(place, BEFORE)
    model, data = commands(place, "Of 1.1.1 ")
    run(model, place)
    assert lying(place) == {**here, MODEL: was[MODEL]}
    run(data, place)
    assert lying(place) == was
    run(f"dvc status {HOLDOUT}.dvc | grep -q 'up to date'", place)


def test_the_whole_version_before_comes_back(place: Path) -> None:
    checkout, pull = commands(place, "Back to 1.1.1")
    if lying(place):
        run(checkout, place)
    else:
        run(checkout.partition(" && ")[0] + " && " + pull, place)
    assert lying(place) == recorded(place, BEFORE)


def test_a_new_clone_gets_the_version_and_can_make_it_anew(demo_copy: Path, tmp_path: Path) -> None:
    clone = cloned(demo_copy, tmp_path / "clone")
    get, anew = commands(clone, "This version")
    run(get, clone)
    assert lying(clone) == recorded(clone, RELEASE)
    (clone / MODEL).unlink()
    run(anew, clone)
    assert lying(clone) == recorded(clone, RELEASE)
