"""A DVC project as its files lie in Git, for branches under review: what its stage made is as it was run."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from gitrepo import GitRepo, isolation

from dvc_changelog.config import Config
from dvc_changelog.domain import Finding, Review
from dvc_changelog.workflows import check

Files = dict[str, str | bytes]
RULES = {"auc": {"better": "higher", "tolerance": 0.01}, "latency": {"better": "lower", "max": 50}}

_DVC_YAML = """\
stages:
  train:
    cmd: python train.py
    deps: [data.csv, labels.csv]
    params: [lr]
    outs: [model.pkl]
    metrics: [m.json: {{cache: false}}]
artifacts:
  router: {{path: model.pkl, type: model}}
{more}"""
_LOCK = """\
schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps:
    - {{path: data.csv, hash: md5, md5: {data}, size: 2}}
    - {{path: labels.csv, hash: md5, md5: {labels}, size: 2}}
    params: {{params.yaml: {{lr: {lr}}}}}
    outs:
    - {{path: m.json, hash: md5, md5: {metrics}, size: 2}}
    - {{path: model.pkl, hash: md5, md5: {model}, size: 2}}
"""


def md5(text: str | bytes) -> str:
    return hashlib.md5(text.encode() if isinstance(text, str) else text, usedforsecurity=False).hexdigest()


def metrics(auc: float = 0.9, latency: float = 41) -> str:
    return f'{{"auc": {auc}, "latency": {latency}}}\n'


def dvcfile(path: str, content: str) -> str:
    return f"outs:\n- {{path: {path}, hash: md5, md5: {md5(content)}, size: 2}}\n"


def project(
    *,
    data: str = "1",
    labels: str = "a\n",
    lr: float = 0.1,
    model: str = "1",
    values: str | None = None,
    more: str = "",
) -> Files:
    """All files, as a run of its stage left them."""
    values = metrics() if values is None else values
    lock = _LOCK.format(
        data=md5(data), labels=md5(labels), lr=lr, metrics=md5(values), model=md5(f"model {model}")
    )
    return {
        ".dvc/config": "",
        "dvc.yaml": _DVC_YAML.format(more=more),
        "dvc.lock": lock,
        "params.yaml": f"lr: {lr}\n",
        "data.csv.dvc": dvcfile("data.csv", data),
        "labels.csv": labels,
        "m.json": values,
    }


def below(directory: str, files: Mapping[str, str | bytes]) -> Files:
    return {f"{directory}/{path}": text for path, text in files.items()}


def checked(repo: GitRepo, base: str = "main", head: str | None = None, **options: Any) -> Review:
    settings: dict[str, Any] = {"metric_rules": RULES, **options}
    workspace = bool(settings.pop("workspace", False))
    config = Config().replace(**settings)
    return check(repo.path, base, head, config=config, workspace=workspace)


def told(review: Review) -> list[tuple[str, str, str]]:
    """Rule, commit's short id and subject of what was found."""
    return [(found.kind.value, found.commit_id[:7], found.subject) for found in review.findings]


def only(review: Review) -> Finding:
    (found,) = review.findings
    return found


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """The project on `main`, and the branch `tune` checked out; not to be written to."""
    home = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in isolation(home).items():
            patch.setenv(name, value)
        repo = GitRepo.init(home / "repo")
        repo.commit("Begin", project())
        repo.git("checkout", "-q", "-b", "tune")
    return repo


@pytest.fixture
def branch(begun: GitRepo, tmp_path: Path, isolated: None) -> GitRepo:
    """A copy of the test's own."""
    return GitRepo(Path(shutil.copytree(begun.path, tmp_path / "branch")), begun.clock)
