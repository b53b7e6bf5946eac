"""DVC projects in one repository, made by the real `dvc init --subdir`: each alone is what DVC says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated
from snapshot.agreement import Told, as_we_mean_it, below, dvcs, merged, ours, quiet_dvc

from dvc_changelog.history import History
from dvc_changelog.snapshot import Options, Snapshots

__all__ = ["isolated", "quiet_dvc"]

PROJECTS = ("", "churn", "churn/deep", "fraud")
PIPELINE = """\
stages:
  prepare:
    foreach: [train, test]
    do:
      cmd: cat data/raw.csv params.yaml > ${item}.csv
      deps: [data/raw.csv]
      params: [lr]
      outs: ["${item}.csv"]
  train:
    cmd: cp train.csv model.pkl; cp seed metrics.json
    deps: [train.csv, seed]
    outs: [model.pkl]
    metrics: [metrics.json: {cache: false}]
artifacts: {model: {path: model.pkl, type: model}}
"""


def _write(repo: GitRepo, project: str, number: int) -> None:
    """A project's files, named alike in each, and its pipeline run."""
    from dvc.repo import Repo

    at = f"{project}/" if project else ""
    repo.write(
        {
            f"{at}dvc.yaml": PIPELINE,
            f"{at}params.yaml": f"lr: 0.{number}\n",
            f"{at}data/raw.csv": f"{project},{number}\n",
            f"{at}seed": f'{{"auc": 0.{number}}}',
            f"{at}requirements.txt": f"pandas==1.{number}\n",
        }
    )
    with Repo(str(repo.path / project)) as dvc:
        dvc.add("data/raw.csv")
        dvc.reproduce()


@pytest.fixture(scope="module")
def monorepo(tmp_path_factory: pytest.TempPathFactory) -> GitRepo:
    """Four projects, one in another, at `old`, at `mid` (all but `fraud` moved on), at `new` (it did too)."""
    from dvc.repo import Repo

    repo = GitRepo.init(tmp_path_factory.mktemp("monorepo") / "repo")
    with pytest.MonkeyPatch.context() as patch:
        for tag, projects in (("old", PROJECTS), ("mid", PROJECTS[:3]), ("new", PROJECTS[3:])):
            for project in projects:
                (repo.path / project).mkdir(exist_ok=True)
                patch.chdir(repo.path / project)
                if tag == "old":
                    Repo.init(subdir=bool(project)).close()
                _write(repo, project, len(project) + (0 if tag == "old" else 20))
            repo.commit(tag)
            repo.tag(tag)
    return repo


def _ours(repo: GitRepo, project: str | None, old: str, new: str) -> tuple[Told, Told]:
    history = History(repo.path)
    snapshots = Snapshots(history.git, Options(project=project))
    before, after = (snapshots.at(history.revision(tag)) for tag in (old, new))
    history.git.close()
    assert not before.problems + after.problems
    roots = PROJECTS if project is None else (project,)
    dvc = merged(below(root, dvcs(repo.path / root, old, new)) for root in roots)
    assert not dvc.failed
    return as_we_mean_it(dvc, ours(before, after, snapshots), before, after)


@pytest.mark.parametrize(("old", "new"), [("old", "mid"), ("mid", "new")])
@pytest.mark.parametrize("project", [*PROJECTS, None])
def test_a_project_alone_and_all_together_are_what_dvc_says(
    monorepo: GitRepo, monkeypatch: pytest.MonkeyPatch, project: str | None, old: str, new: str
) -> None:
    monkeypatch.chdir(monorepo.path)
    expected, actual = _ours(monorepo, project, old, new)
    assert expected == actual
    moved = set(PROJECTS[:3] if new == "mid" else PROJECTS[3:]) & {
        project,
        *(() if project is not None else PROJECTS),
    }
    assert len(actual.params) == len(moved)
    assert len(actual.metrics) == len(moved)
    assert len(actual.outputs) == 4 * len(moved)


def test_a_snapshot_of_one_project_has_nothing_of_the_others(monorepo: GitRepo) -> None:
    history = History(monorepo.path)
    for project in PROJECTS:
        alone = Snapshots(history.git, Options(project=project)).at(history.revision("new"))
        at = f"{project}/" if project else ""
        assert alone.projects == alone.filled == (project,)
        assert set(alone.outputs) == {
            at + name for name in ("data/raw.csv", "model.pkl", "test.csv", "train.csv")
        }
        assert set(alone.packages) == {f"{at}requirements.txt"}
        assert {artifact.address for artifact in alone.artifacts.values()} == {f"{project}:model".lstrip(":")}
        assert {stage.path for stage in alone.stages.values()} == {f"{at}dvc.yaml"}
    every = Snapshots(history.git).at(history.revision("new"))
    assert every.projects == PROJECTS
    assert every.scope is None
    history.git.close()


def test_before_it_was_a_project_its_files_are_those_of_the_project_around_it(tmp_path: Path) -> None:
    repo = GitRepo.init(tmp_path / "repo")
    tracked = "outs: [{md5: aa, path: %s}]"
    repo.release("v1", "One", {".dvc/config": "", "a.dvc": tracked % "a", "sub/b.dvc": tracked % "b"})
    repo.release(
        "v2", "Two", {"sub/.dvc/config": "", "sub/in/.dvc/config": "", "sub/in/c.dvc": tracked % "c"}
    )
    history = History(repo.path)
    snapshots = Snapshots(history.git, Options(project="sub"))
    before, after = (snapshots.at(history.revision(tag)) for tag in ("v1", "v2"))
    history.git.close()
    assert (set(before.outputs), before.projects) == ({"sub/b"}, ("",))
    assert (set(after.outputs), after.projects) == ({"sub/b"}, ("sub",))
    assert after.scope
    assert after.scope.nested == ("sub/in",)
