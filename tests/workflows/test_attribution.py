"""Which commit moved what: over branches and merges, and where it cannot be placed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from snapshot.agreement import quiet_dvc

from dvc_changelog.config import Config
from dvc_changelog.domain import ChangeType, MetricChange, OutputChange, ParamChange, Release, Rest
from dvc_changelog.workflows import compare, generate

if TYPE_CHECKING:
    from gitrepo import GitRepo

__all__ = ["quiet_dvc"]

DVC = {".dvc/config": "", "dvc.yaml": "metrics: [m.json]\nparams: [params.yaml]\n"}


def auc(value: object, loss: object = 1) -> dict[str, str | bytes]:
    return {"m.json": f'{{\n"auc": {value},\n"a": 0,\n"b": 0,\n"c": 0,\n"loss": {loss}\n}}\n'}


def steps(release: Release, name: str = "auc") -> list[tuple[str, object]]:
    """The commits that moved a metric by their subjects, with how far; "" for what is not committed."""
    (change,) = [c for c in release.changes if isinstance(c, MetricChange) and c.name == name]
    subjects = {commit.id: commit.message for commit in release.movers}
    return [(subjects.get(step.commit_id, ""), step.delta) for step in change.steps]


def rest(release: Release, name: str = "auc") -> Rest | None:
    (change,) = [c for c in release.changes if isinstance(c, MetricChange) and c.name == name]
    return change.rest


def newest(repo: GitRepo, **options: Any) -> Release:
    return generate(repo.path, config=Config(**options)).releases[0]


def test_each_commit_of_a_line_has_its_part(repo: GitRepo) -> None:
    repo.release("v1.0.0", "Begin", {**DVC, **auc(1)})
    repo.commit("Up", auc(4))
    repo.commit("Code")
    repo.commit("Down", auc(2))
    told = newest(repo)
    assert steps(told) == [("Down", -2), ("Up", 3)]
    assert rest(told) is None
    (swing,) = told.swings
    assert (swing.name, swing.old, swing.turn, swing.new) == ("auc", 1, 4, 2)


def test_a_swing_is_told_of_what_did_not_change_in_the_end(repo: GitRepo) -> None:
    repo.release("v1.0.0", "Begin", {**DVC, **auc(1)})
    repo.commit("Up", auc(4))
    repo.commit('Revert "Up"', auc(1))
    told = newest(repo)
    assert not told.changes
    assert [(swing.name, swing.turn) for swing in told.swings] == [("auc", 4)]
    assert [commit.message for commit in told.movers] == ['Revert "Up"', "Up"]
    assert not newest(repo, exclude_paths=("m.json",)).swings


def test_a_merge_takes_each_value_from_the_side_that_brought_it(repo: GitRepo) -> None:
    """The file is merged line by line: neither side has it so."""
    repo.release("v1.0.0", "Begin", {**DVC, **auc(1, 1)})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("Side", auc(1, 7))
    repo.git("checkout", "-q", "main")
    repo.commit("Main", auc(3, 1))
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    told = newest(repo)
    assert steps(told, "auc") == [("Main", 2)]
    assert steps(told, "loss") == [("Side", 6)]
    assert told.merges == 1


def test_what_a_merge_itself_did_is_its_own(repo: GitRepo) -> None:
    repo.release("v1.0.0", "Begin", {**DVC, **auc(1)})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("Side", auc(2))
    repo.git("checkout", "-q", "main")
    repo.commit("Main", auc(3))
    repo.git("merge", "-q", "--no-commit", "--no-ff", "--strategy=ours", "side")
    repo.commit("Merge", auc(9))
    assert steps(newest(repo)) == [("Merge", 6), ("Main", 2)]


def test_a_merge_of_one_side_has_the_commits_of_that_side(repo: GitRepo) -> None:
    repo.release("v1.0.0", "Begin", {**DVC, **auc(1), "params.yaml": "lr: 1\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("Side", {**auc(2), "params.yaml": "lr: 2\n"})
    side = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "-q", "main")
    repo.commit("Docs", {"README.md": "x"})
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    told = newest(repo)
    assert steps(told) == [("Side", 1)]
    assert [c.commits for c in told.changes if isinstance(c, ParamChange)] == [(side,)]


def test_a_param_that_moved_has_the_commits_that_moved_and_changed_it(repo: GitRepo) -> None:
    values = "a: {lr: 1, n: 2, m: 3}\n"
    both = {"dvc.yaml": "params: [params.yaml, conf.yaml]\n", "conf.yaml": "{}\n", "params.yaml": values}
    repo.release("v1.0.0", "Begin", {**DVC, **both})
    moved = repo.commit("Move", {"params.yaml": "{}\n", "conf.yaml": values})
    tuned = repo.commit("Tune", {"conf.yaml": values.replace("lr: 1", "lr: 5")})
    found = {c.name: c.commits for c in newest(repo).changes if isinstance(c, ParamChange)}
    assert found == {"a.lr": (tuned, moved), "a.n": (moved,), "a.m": (moved,)}


def test_a_stable_version_has_the_commits_of_its_prereleases(repo: GitRepo) -> None:
    """It is compared with the last stable one, and lists only what came after the last prerelease."""
    repo.release("v1.0.0", "Begin", {**DVC, **auc(1)})
    repo.commit("Up", auc(4))
    repo.release("v1.1.0-rc1", "Candidate", {"a.txt": ""})
    repo.release("v1.1.0", "Final", auc(5))
    told = newest(repo)
    assert (told.head.version, [commit.message for commit in told.commits]) == ("v1.1.0", ["Final"])
    for release in (told, newest(repo, merge_prereleases=True)):
        assert steps(release) == [("Final", 1), ("Up", 3)]
        assert rest(release) is None


def test_a_commit_of_other_paths_counts_all_the_same(repo: GitRepo) -> None:
    repo.release("v1.0.0", "Begin", {**DVC, **auc(1)})
    repo.commit("Chore", auc(2))
    repo.commit("Also", {**auc(3), "src/a.py": ""})
    told = newest(repo, skip_commits=("^Chore",))
    assert steps(told) == [("Also", 1), ("Chore", 1)]
    assert [commit.message for commit in told.commits] == ["Also"]


def test_what_cannot_be_read_on_the_way_is_nobodys(repo: GitRepo) -> None:
    repo.release("v1.0.0", "Begin", {**DVC, **auc(1)})
    broken = repo.commit("Broken", {"m.json": "<<<<<<< ours\n"})
    mended = repo.commit("Mended", auc(4))
    repo.commit("Up", auc(5))
    told = newest(repo)
    assert steps(told) == [("Up", 1)]
    assert rest(told) == Rest(3, (mended, broken))


def test_what_was_gone_and_came_back_moved_from_where_it_was(repo: GitRepo) -> None:
    repo.release("v1.0.0", "Begin", {**DVC, **auc(1)})
    repo.git("rm", "-q", "m.json")
    repo.commit("Gone", {})
    repo.commit("Back", auc(4))
    assert steps(newest(repo)) == [("Back", 3), ("Gone", None)]


def test_a_base_that_is_no_ancestor_leaves_a_rest(repo: GitRepo) -> None:
    start = repo.commit("Begin", {**DVC, **auc(1)})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("Side", auc(2))
    repo.git("checkout", "-q", "main")
    repo.commit("Main", auc(7))
    told = compare(repo.path, "main", "side", config=Config())
    assert steps(told) == [("Side", 1)]
    assert rest(told) == Rest(-6, (), start)
    assert not told.swings


def test_what_the_base_has_too_moved_nothing_since(repo: GitRepo) -> None:
    """Releases that stand beside the main line, as those of pull requests that were merged otherwise."""
    repo.release("v1.0.0", "Begin", {**DVC, **auc(1)})
    repo.commit("Up", auc(4))
    repo.git("checkout", "-q", "-b", "side")
    repo.release("v1.1.0", "Aside", {"aside.txt": ""})
    repo.git("checkout", "-q", "main")
    repo.release("v1.2.0", "More", auc(6))
    told = generate(repo.path, config=Config(all_tags=True)).releases[0]
    assert (told.head.version, told.base and told.base.version, told.apart) == ("v1.2.0", "v1.1.0", True)
    assert [commit.message for commit in told.commits] == ["More", "Up"]
    assert steps(told) == [("More", 2)]
    assert rest(told) is None


@pytest.mark.parametrize("committed", [True, False])
def test_what_is_not_committed_yet_is_a_step_of_its_own(repo: GitRepo, committed: bool) -> None:
    repo.release("v1.0.0", "Begin", {**DVC, **auc(1), "params.yaml": "lr: 1\n"})
    if committed:
        repo.commit("Up", auc(3))
    repo.write({**auc(4), "params.yaml": "lr: 2\n"})
    told = compare(repo.path, "v1.0.0", config=Config(), workspace=True)
    assert steps(told) == ([("", 1), ("Up", 2)] if committed else [("", 3)])
    assert [c.commits for c in told.changes if isinstance(c, ParamChange)] == [("",)]


def test_a_metric_that_is_only_declared_now_is_nobodys(repo: GitRepo) -> None:
    values = {"scores.json": '{"auc": 1}'}
    repo.release("v1.0.0", "Begin", {".dvc/config": "", "dvc.yaml": "stages: {}\n", **values})
    repo.commit("Declare", {"dvc.yaml": "metrics: [scores.json]\n"})
    told = newest(repo)
    assert steps(told) == []
    assert rest(told) is None


def test_an_output_goes_and_comes_with_the_dvc_yaml_beside_its_lock(repo: GitRepo) -> None:
    stage = "stages: {train: {cmd: run, outs: [model.pkl]}}"
    entry = f"{{path: model.pkl, md5: {'a' * 32}, hash: md5}}"
    lock = f"schema: '2.0'\nstages: {{train: {{cmd: run, outs: [{entry}]}}}}\n"
    repo.release("v1.0.0", "Begin", {".dvc/config": "", "dvc.yaml": stage, "dvc.lock": lock})
    repo.git("rm", "-q", "dvc.yaml")
    dropped = repo.commit("Drop")
    repo.tag("v1.1.0")
    repo.git("rm", "-q", "dvc.lock")
    repo.release("v1.2.0", "Tidy up")
    repo.commit("Bring the lock", {"dvc.lock": lock})
    back = repo.commit("Bring it back", {"dvc.yaml": stage})
    repo.commit("Code")

    def placed(release: Release) -> list[tuple[str, ...]]:
        return [change.commits for change in release.changes if isinstance(change, OutputChange)]

    found = generate(repo.path, config=Config()).releases
    assert [placed(release) for release in found] == [
        [(back,)],
        [],
        [(dropped,)],
        [(found[-1].head.commit_id,)],
    ]
    assert placed(compare(repo.path, "v1.0.0", "v1.2.0", config=Config())) == [(dropped,)]


def test_an_output_comes_with_its_dvc_yaml_where_the_lock_was_there_already(repo: GitRepo) -> None:
    entry = f"{{path: model.pkl, md5: {'a' * 32}, hash: md5}}"
    lock = f"schema: '2.0'\nstages: {{train: {{cmd: run, outs: [{entry}]}}}}\n"
    repo.release("v1.0.0", "Begin", {".dvc/config": "", "dvc.lock": lock})
    came = repo.commit("Define", {"dvc.yaml": "stages: {train: {cmd: run, outs: [model.pkl]}}"})
    repo.commit("Code")
    assert [c.commits for c in newest(repo).changes if isinstance(c, OutputChange)] == [(came,)]


def test_metrics_by_their_name_alone_that_are_broken_are_not_gone(repo: GitRepo) -> None:
    """DVC does not know such a file: no branch is told of one that never was read."""
    begin = {".dvc/config": "", "metrics.json": '{"auc": 1}', "sub/metrics.json": '{"a": 1}\n{"a": 2}\n'}
    repo.release("v1.0.0", "Begin", begin)
    repo.commit("Conflict", {"metrics.json": '<<<<<<< ours\n{"auc": 1}\n'})
    told = [(c.change, c.path, c.name, c.unread) for c in newest(repo).changes if isinstance(c, MetricChange)]
    unknown = ChangeType.UNKNOWN
    assert told == [(unknown, "metrics.json", "", "now"), (unknown, "metrics.json", "auc", "now")]


def test_one_project_is_told_alone(repo: GitRepo) -> None:
    both = {f"{name}/{path}": text for name in "ab" for path, text in {**DVC, **auc(1)}.items()}
    repo.release("v1.0.0", "Begin", both)
    repo.commit("A", {f"a/{path}": text for path, text in auc(2).items()})
    repo.commit("B", {f"b/{path}": text for path, text in auc(5).items()})
    repo.commit("B again", {f"b/{path}": text for path, text in auc(1).items()})
    told = newest(repo, project="a")
    assert steps(told) == [("A", 1)]
    assert not told.swings


SCRIPT = """\
lr = int(open('../params.yaml').read().split()[1])
open('m.json', 'w').write('{"auc": %d}' % lr)
open('model.pkl', 'w').write(open('../data.csv').read() * lr)
"""
STAGE = f"""\
stages:
  train:
    wdir: sub
    cmd: '{sys.executable} train.py'
    deps: [../data.csv, train.py]
    params:
      - ../params.yaml:
    outs: [model.pkl]
    metrics: [m.json]
"""


def test_a_project_of_dvc_with_a_branch(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stage in a directory of its own, whose metrics DVC keeps; data beside; the branch's run is merged."""
    from dvc.repo import Repo

    monkeypatch.chdir(repo.path)

    def ran(message: str, files: dict[str, str | bytes]) -> str:
        repo.write(files)
        with Repo(str(repo.path)) as dvc:
            dvc.add("data.csv")
            dvc.reproduce()
        return repo.commit(message, {})

    with Repo.init(str(repo.path)):
        pass
    ran("Begin", {"sub/train.py": SCRIPT, "dvc.yaml": STAGE, "params.yaml": "lr: 1\n", "data.csv": "1\n"})
    repo.tag("v1.0.0")
    repo.git("checkout", "-q", "-b", "tune")
    tuned = ran("Tune", {"params.yaml": "lr: 3\n"})
    repo.git("checkout", "-q", "main")
    with Repo(str(repo.path)) as dvc:
        dvc.checkout(force=True)
    data = ran("Data", {"data.csv": "2\n"})
    repo.git("merge", "-q", "--no-commit", "--no-ff", "--strategy=ours", "tune")
    merge = ran("Merge", {"params.yaml": "lr: 3\n"})
    told = newest(repo)
    assert steps(told) == [("Tune", 2)]
    assert [c.commits for c in told.changes if isinstance(c, ParamChange)] == [(tuned,)]
    assert {c.path: c.commits for c in told.changes if isinstance(c, OutputChange)} == {
        "data.csv": (data,),
        "sub/m.json": (tuned,),
        "sub/model.pkl": (merge, data),
    }
