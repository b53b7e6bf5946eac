"""Experiments: which release tells one, what it says, and which one was applied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clirun import files_of
from gitrepo import GitRepo, isolated, once
from snapshot.agreement import quiet_dvc

from dvc_changelog.config import Config
from dvc_changelog.domain import Changelog, ChangeType, Experiment, MetricChange, ParamChange
from dvc_changelog.render import markdown
from dvc_changelog.workflows import compare, generate, write
from dvc_changelog.workflows.experiments import NO_EXPERIMENTS

__all__ = ["isolated", "quiet_dvc"]

CONFIG = Config(experiments=True)


def told(repo: GitRepo, range_: str | None = None, **options: Any) -> Changelog:
    return generate(repo.path, range_, config=CONFIG.replace(**options))


def names(changelog: Changelog) -> dict[str, list[str]]:
    """The experiments of each release that has some."""
    return {
        release.head.version or "unreleased": [e.name for e in release.experiments]
        for release in changelog.releases
        if release.experiments
    }


def run(trees: int, accuracy: float) -> dict[str, str]:
    """What a run leaves."""
    return files_of(trees=trees, model=f"{trees:032x}", accuracy=accuracy)


@pytest.fixture
@once
def lines(repo: GitRepo) -> GitRepo:
    """v1 and v2, each with an experiment on a commit before it and one on top of it."""
    repo.commit("Begin", run(10, 0.5))
    repo.experiment("before-v1", run(20, 0.6))
    repo.release("v1", "Release", {"a": "1"})
    repo.experiment("on-v1", run(30, 0.7))
    repo.commit("On", {"a": "2"})
    repo.experiment("before-v2", run(40, 0.8))
    repo.release("v2", "Release", {"a": "3"})
    repo.experiment("on-v2", run(50, 0.9))
    return repo


def test_nobody_who_does_not_ask_hears_of_experiments(lines: GitRepo) -> None:
    changelog = generate(lines.path, config=Config())
    assert {release.experiments for release in changelog.releases} == {None}
    assert [release.head.version for release in changelog.releases] == ["v2", "v1"]


def test_an_experiment_stands_in_the_release_that_follows_its_baseline(lines: GitRepo) -> None:
    changelog = told(lines)
    assert names(changelog) == {
        "unreleased": ["on-v2"],
        "v2": ["before-v2", "on-v1"],
        "v1": ["before-v1"],
    }
    assert changelog.order == ("unreleased", "v2", "v1")
    assert changelog.messages == ()
    lines.commit("Go on")
    assert names(told(lines))["unreleased"] == ["on-v2"]
    lines.tag("v3")
    assert names(told(lines))["v3"] == ["on-v2"]


def test_a_part_of_the_history_tells_what_the_whole_tells_of_it(lines: GitRepo) -> None:
    assert names(told(lines, "v1..v2")) == {"v2": ["before-v2", "on-v1"]}
    assert names(told(lines, "..v1")) == {"v1": ["before-v1"]}
    whole = generate(lines.path, version="v2", config=CONFIG)
    assert names(whole) == {"v2": ["before-v2", "on-v1"]}
    newest = generate(lines.path, newest=True, config=CONFIG)
    assert names(newest) == {"unreleased": ["on-v2"]}


def test_a_release_told_alone_says_where_to_find_what_was_tried_on_it(lines: GitRepo) -> None:
    said = "1 experiment was tried on {0} itself, and stands with what follows it: "
    said += "`dvc-changelog review {0} {0} --experiments`."
    assert told(lines, "v1..v2").messages == (said.format("v2"),)
    for version in ("v1", "v2"):
        changelog = generate(lines.path, version=version, config=CONFIG)
        assert changelog.messages == (said.format(version),)
        (release,) = (compare(lines.path, version, version, config=CONFIG),)
        assert [tried.name for tried in release.experiments or ()] == [f"on-{version}"]
        assert f"1 experiment was tried on {version[1:]}." in markdown.entry(release, CONFIG)


def test_what_was_tried_on_a_side_branch_stands_with_its_release(lines: GitRepo) -> None:
    lines.git("checkout", "-q", "-b", "side", "v1")
    lines.release("v1.1", "Fix", {"b": "1"})
    lines.experiment("on-v1.1", run(60, 0.9))
    lines.git("checkout", "-q", "main")
    assert names(told(lines, all_tags=True)) == {
        "unreleased": ["on-v2"],
        "v2": ["before-v2"],
        "v1.1": ["on-v1.1", "on-v1"],
        "v1": ["before-v1"],
    }
    left_out = told(lines)
    assert "on-v1.1" not in str(names(left_out))
    assert left_out.messages[-1] == (
        f"1 experiment is left out (on-v1.1 on {lines.git('rev-parse', 'v1.1')[:7]}): "
        "no release has the commit it was tried on."
    )


def test_each_line_of_releases_tells_it_once(repo: GitRepo) -> None:
    repo.commit("Begin", run(10, 0.5))
    repo.experiment("both", run(20, 0.6))
    repo.release("v1", "Release", {"a": "1"})
    repo.release("model@v1.0.0", "Release", {"a": "2"})
    assert names(told(repo)) == {"model@v1.0.0": ["both"], "v1": ["both"]}


def test_a_prerelease_takes_what_led_to_it(repo: GitRepo) -> None:
    repo.release("v1.0", "Begin", run(10, 0.5))
    repo.experiment("on-v1.0", run(20, 0.6))
    repo.release("v1.1-rc1", "Candidate", {"a": "1"})
    repo.experiment("on-rc1", run(30, 0.6))
    repo.release("v1.1", "Release", {"a": "2"})
    assert names(told(repo)) == {"v1.1": ["on-rc1"], "v1.1-rc1": ["on-v1.0"]}
    assert names(told(repo, merge_prereleases=True)) == {"v1.1": ["on-rc1", "on-v1.0"]}


def test_a_review_tells_what_was_tried_on_either_side_and_between(lines: GitRepo) -> None:
    def reviewed(base: str, head: str) -> list[str]:
        found = compare(lines.path, base, head, config=CONFIG).experiments
        assert found is not None
        return [experiment.name for experiment in found]

    assert reviewed("v1", "v2") == ["on-v2", "before-v2", "on-v1"]
    assert reviewed("v1", "v2~1") == ["before-v2", "on-v1"]
    assert reviewed("v2", "v2") == ["on-v2"]
    assert compare(lines.path, "v1", "v2", config=Config()).experiments is None


def test_a_repository_without_experiments_says_how_to_get_them(repo: GitRepo) -> None:
    repo.release("v1", "Begin", run(10, 0.5))
    changelog = told(repo)
    assert [release.experiments for release in changelog.releases] == [()]
    assert "git fetch origin 'refs/exps/*:refs/exps/*'" in changelog.messages[-1]


def test_a_clone_has_no_experiments_until_they_are_fetched(lines: GitRepo, tmp_path: Path) -> None:
    """With the very command that the remark names."""
    clone = GitRepo.clone(lines.path, tmp_path / "clone")
    assert names(told(clone)) == {}
    command = NO_EXPERIMENTS.split("`")[1]
    assert command.startswith("git fetch")
    clone.git(*command.replace("'", "").split()[1:])
    assert names(told(clone)) == names(told(lines))


def test_what_was_told_of_experiments_stays_where_none_are_known(lines: GitRepo, tmp_path: Path) -> None:
    lines.git("update-ref", "-d", next(ref for ref in _refs(lines) if ref.endswith("/on-v2")))
    path = tmp_path / "CHANGELOG.md"
    write(told(lines), CONFIG, path)
    text = path.read_text()
    assert "before-v2" in text
    clone = GitRepo.clone(lines.path, tmp_path / "clone")
    again = write(told(clone), CONFIG, path)
    assert (again.changed, again.kept, path.read_text()) == (False, ("v2", "v1"), text)
    write(generate(clone.path, config=Config()), Config(), path)
    assert "before-v2" not in path.read_text()


def _refs(repo: GitRepo) -> list[str]:
    return repo.git("for-each-ref", "--format=%(refname)", "refs/exps").split()


def test_an_experiment_without_its_commit_is_counted(lines: GitRepo) -> None:
    lost = lines.git("for-each-ref", "--format=%(objectname)", "refs/exps").splitlines()[0]
    (lines.path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    changelog = told(lines)
    assert sum(map(len, names(changelog).values())) == 3
    assert changelog.messages[-1] == (
        "1 experiment cannot be read: its ref names no commit of this repository."
    )


def test_an_experiment_whose_files_are_missing_says_so(lines: GitRepo) -> None:
    blob = lines.git("rev-parse", f"{_commit(lines, 'on-v1')}:metrics.json")
    (lines.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    found = _experiment(told(lines), "on-v1")
    assert [problem.path for problem in found.problems] == ["metrics.json"]
    assert (ChangeType.UNKNOWN, "") in {
        (change.change, change.name) for change in found.changes if isinstance(change, MetricChange)
    }
    tree = lines.git("rev-parse", f"{_commit(lines, 'before-v2')}^{{tree}}")
    (lines.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    broken = _experiment(told(lines), "before-v2")
    assert broken.applied == ""
    assert "not in the repository" in broken.problems[0].reason


def test_metrics_in_a_directory_of_its_own_are_found(repo: GitRepo) -> None:
    """One that no commit of the history has."""
    repo.commit("Begin", run(10, 0.5))
    live = {"dvclive/dvc.yaml": "metrics: [metrics.json]\n", "dvclive/metrics.json": '{"a": 1}'}
    repo.experiment("live", live)
    repo.release("v1", "Release", {"a": "1"})
    assert [change.path for change in _experiment(told(repo), "live").changes] == ["dvclive/metrics.json"]


def test_paths_that_are_not_told_of_count_for_nothing(lines: GitRepo) -> None:
    assert names(told(lines, include_paths=["params.yaml"]))["v2"] == ["before-v2", "on-v1"]
    only = _experiment(told(lines, include_paths=["params.yaml"]), "on-v1")
    assert {change.path for change in only.changes} == {"params.yaml"}
    assert names(told(lines, exclude_paths=["params.yaml", "metrics.json"])) == {}


class TestApplied:
    """An experiment was applied where a later commit records what it recorded."""

    def applied(self, repo: GitRepo, name: str) -> str:
        commit = _experiment(told(repo), name).applied
        return commit and repo.git("log", "-1", "--format=%s", commit)

    def test_a_commit_that_records_the_same(self, repo: GitRepo) -> None:
        repo.commit("Begin", run(10, 0.5))
        repo.experiment("good", run(20, 0.6))
        repo.experiment("bad", run(30, 0.4))
        repo.commit("Take the good one", {**run(20, 0.6), "README.md": "Better\n"})
        repo.commit("Go on", {"README.md": "Best\n"})
        assert self.applied(repo, "good") == "Take the good one"
        assert self.applied(repo, "bad") == ""

    def test_its_params_alone_prove_nothing(self, repo: GitRepo) -> None:
        repo.commit("Begin", run(10, 0.5))
        repo.experiment("good", run(20, 0.6))
        other = files_of(trees=20, model="f" * 32, accuracy=0.6)
        repo.commit("Run it again, and get another model", other)
        assert self.applied(repo, "good") == ""

    def test_code_alone_proves_nothing(self, repo: GitRepo) -> None:
        repo.commit("Begin", run(10, 0.5))
        repo.experiment("code", {"src/train.py": "seed = 2\n"})
        repo.commit("Take the code", {"src/train.py": "seed = 2\n"})
        assert self.applied(repo, "code") == ""

    def test_a_state_from_before_the_baseline_was_not_applied(self, repo: GitRepo) -> None:
        repo.commit("Begin", run(10, 0.5))
        repo.commit("Grow", run(20, 0.6))
        repo.experiment("back", run(10, 0.5))
        repo.commit("Go on", {"a": "1"})
        assert self.applied(repo, "back") == ""

    def test_the_commit_may_come_in_a_later_release(self, repo: GitRepo) -> None:
        repo.commit("Begin", run(10, 0.5))
        repo.experiment("good", run(20, 0.6))
        repo.release("v1", "Release", {"a": "1"})
        repo.release("v2", "Take it after all", run(20, 0.6))
        assert names(told(repo)) == {"v1": ["good"]}
        assert self.applied(repo, "good") == "Take it after all"

    def test_a_reviewed_branch_has_applied_it(self, repo: GitRepo) -> None:
        base = repo.commit("Begin", run(10, 0.5))
        repo.experiment("good", run(20, 0.6))
        head = repo.commit("Take the good one", run(20, 0.6))
        found = compare(repo.path, base, head, config=CONFIG).experiments
        assert found is not None
        assert found[0].applied == head


def _experiment(changelog: Changelog, name: str) -> Experiment:
    return next(e for release in changelog.releases for e in release.experiments or () if e.name == name)


def _commit(repo: GitRepo, name: str) -> str:
    refs = repo.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/exps").splitlines()
    return next(ref.split()[1] for ref in refs if ref.split()[0].endswith(f"/{name}"))


STAGE = """\
stages:
  train:
    cmd: cp params.yaml metrics.yaml && cp params.yaml kept.yaml && cat params.yaml data.csv > model.pkl
    deps: [data.csv]
    params: [lr, deep.a, names]
    outs: [model.pkl]
    metrics: [metrics.yaml: {cache: false}, kept.yaml: {}]
"""


@pytest.fixture
def real(repo: GitRepo, quiet_dvc: None, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    """A project with experiments that DVC itself made: run here, run elsewhere, saved, applied, branched."""
    monkeypatch.chdir(repo.path)
    monkeypatch.setenv("GIT_AUTHOR_DATE", "1710000000 +0000")
    _dvc("init", "-q")
    repo.write(
        {"params.yaml": "lr: 0.1\ndeep: {a: 1, b: x}\nnames: [u, v]\n", "data.csv": "1\n", "dvc.yaml": STAGE}
    )
    _dvc("repro", "-q")
    repo.commit("Begin", {})
    repo.tag("v1")
    _dvc("exp", "run", "-q", "-n", "run", "-S", "lr=0.2")
    repo.git("checkout", "-q", "--force", "HEAD")
    _dvc("exp", "run", "-q", "--temp", "-n", "temp", "-S", "deep.a=7", "-S", "+new.c=1e-3", "-m", "Try 7")
    repo.write({"params.yaml": "lr: 0.3\ndeep: {a: 1}\nnames: [u, w]\n", "data.csv": "2\n"})
    _dvc("repro", "-q")
    _dvc("exp", "save", "-q", "-n", "saved")
    repo.git("checkout", "-q", "--force", "HEAD")
    _dvc("exp", "apply", "-q", "temp")
    repo.commit("Apply temp", {"README.md": "Seven.\n"})
    repo.tag("v2")
    _dvc("exp", "run", "-q", "-n", "late", "-S", "lr=0.4")
    repo.git("checkout", "-q", "--force", "HEAD")
    _dvc("exp", "branch", "-q", "late", "promising")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge what was promising", "promising")
    return repo


def _dvc(*args: str) -> None:
    from dvc.cli import main

    assert main(list(args)) == 0


def test_experiments_of_dvc_are_told_as_dvc_shows_them(real: GitRepo) -> None:
    from dvc.repo import Repo

    changelog = told(real)
    assert {release: sorted(here) for release, here in names(changelog).items()} == {
        "unreleased": ["late"],
        "v2": ["run", "saved", "temp"],
    }
    found = {e.name: e for release in changelog.releases for e in release.experiments or ()}
    with Repo(str(real.path)) as repo:
        listed = {
            (baseline, name): rev
            for baseline, here in repo.experiments.ls(all_commits=True).items()
            for name, rev in here
        }
        assert {(e.baseline, e.name): e.commit_id for e in found.values()} == listed
        for experiment in found.values():
            said = repo.experiments.diff(a_rev=experiment.baseline, b_rev=experiment.commit_id)
            assert _ours(experiment, ParamChange) == _pairs(said["params"])
            assert _ours(experiment, MetricChange) == _pairs(said["metrics"])
    assert found["temp"].message == "Try 7"
    assert found["run"].message == ""
    assert {change.name for change in found["temp"].changes} >= {"deep.a", "new.c"}
    subjects = {
        name: e.applied and real.git("log", "-1", "--format=%s", e.applied) for name, e in found.items()
    }
    assert subjects.pop("late").startswith("dvc: commit experiment")
    assert found["late"].applied == found["late"].commit_id
    _values_in_the_cache_are_read_and_fetched(real, changelog)
    assert subjects == {"temp": "Apply temp", "run": "", "saved": ""}


def _values_in_the_cache_are_read_and_fetched(repo: GitRepo, changelog: Changelog) -> None:
    """Metrics that DVC keeps: from its cache, as compared with DVC above; without it, from its remote."""
    assert "lr" in {c.name for c in _experiment(changelog, "run").changes if c.path == "kept.yaml"}
    (repo.path / ".dvc" / "cache").rename(repo.path.with_name("remote"))
    _dvc("remote", "add", "-q", "-d", "near", str(repo.path.with_name("remote")))
    lacking = told(repo)
    unread = [c for c in _experiment(lacking, "run").changes if c.path == "kept.yaml"]
    assert [(c.change, c.name) for c in unread] == [(ChangeType.UNKNOWN, "")]
    assert "--fetch" in lacking.messages[-1]
    fetched = generate(repo.path, config=CONFIG, fetch=True)
    assert _experiment(fetched, "run") == _experiment(changelog, "run")


def _ours(experiment: Experiment, kind: type[ParamChange | MetricChange]) -> dict[tuple[str, str], Any]:
    return {
        (change.path, change.name): (_text(change.old), _text(change.new))
        for change in experiment.changes
        if isinstance(change, kind)
    }


def _pairs(said: dict[str, Any]) -> dict[tuple[str, str], tuple[Any, Any]]:
    return {
        (path, name): (_text(pair.get("old")), _text(pair.get("new")))
        for path, changes in said.items()
        for name, pair in changes.items()
    }


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, list) else value
