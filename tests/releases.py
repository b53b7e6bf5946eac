"""A small repository that DVC made, ready to be released, for the tests of `release`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolation
from snapshot.agreement import quiet_dvc

__all__ = ["built_pipeline", "pipeline", "quiet_dvc"]

FILES = {
    "dvc.yaml": """\
stages:
  train:
    cmd: cp raw.csv model.pkl && echo '{"auc":0.9}' > m.json
    deps: [raw.csv]
    params: [lr]
    outs: [model.pkl]
    metrics: [m.json: {cache: false}]
artifacts:
  churn: {path: model.pkl, type: model}
""",
    "params.yaml": "lr: 0.1\n",
    "raw.csv": "1\n",
    "pyproject.toml": '[project]\nname = "churn"\nversion = "0.0.0"  # set by release\n',
}
REMOTE = "[core]\n    remote = store\n['remote \"store\"']\n    url = ../../store\n"


@pytest.fixture(scope="session")
def built_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One commit, `feat: begin`, with all that DVC tracks in its cache; not to be written to."""
    from dvc.repo import Repo

    path = tmp_path_factory.mktemp("pipeline") / "repo"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (isolation(path.parent) | {"DVC_NO_ANALYTICS": "1"}).items():
            patch.setenv(name, value)
        repo = GitRepo.init(path)
        patch.chdir(path)
        Repo.init().close()
        repo.write(FILES | {".dvc/config": REMOTE})
        with Repo() as dvc:
            dvc.add(["raw.csv"])
            dvc.reproduce()
        repo.commit("feat: begin", {})
    return path


@pytest.fixture
def pipeline(built_pipeline: Path, tmp_path: Path, isolated: None) -> GitRepo:
    """A copy of the test's own."""
    return GitRepo(Path(shutil.copytree(built_pipeline, tmp_path / "repo", symlinks=True)))
