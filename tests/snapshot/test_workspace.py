"""The working tree as it lies there, uncommitted changes included: as DVC tells it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated
from snapshot.agreement import Told, as_we_mean_it, dvcs, ours, quiet_dvc

from dvc_changelog.diff import diff
from dvc_changelog.domain import ChangeType, ParamChange, Snapshot
from dvc_changelog.history import History
from dvc_changelog.snapshot import Snapshots

__all__ = ["isolated", "quiet_dvc"]

PIPELINE = """
metrics: [eval/metrics.json]
stages:
  train:
    cmd: mkdir -p eval && cp seed.txt eval/metrics.json && cp seed.txt scores.json && cp seed.txt open.json
      && cp seed.txt model.pkl
    deps: [seed.txt]
    params: [lr]
    outs: [eval, model.pkl]
    metrics: [scores.json, open.json: {cache: false}]
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from dvc.repo import Repo

    repo = GitRepo.init(tmp_path_factory.mktemp("workspace") / "repo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repo.path)
        patch.setenv("DVC_NO_ANALYTICS", "1")
        Repo.init().close()
        repo.write({"dvc.yaml": PIPELINE, "seed.txt": '{"auc": 0.5}', "params.yaml": "lr: 1e-3\nn: 1\n"})
        repo.write({"raw.csv": "1\n", "data/a.txt": "a", "data/b.txt": "b"})
        with Repo() as dvc:
            dvc.add(["data", "raw.csv"])
            dvc.reproduce()
        repo.commit("Begin")
    return repo.path


@pytest.fixture
def repo(built: Path, tmp_path: Path) -> GitRepo:
    return GitRepo(Path(shutil.copytree(built, tmp_path / "repo", symlinks=True)))


def _told(repo: GitRepo, base: str = "HEAD") -> tuple[Told, Told, Snapshots]:
    """What DVC says of the working tree, and what we say."""
    history = History(repo.path)
    snapshots = Snapshots(history.git)
    old = snapshots.at(history.revision(base))
    with history.workspace(0) as revision:
        new = snapshots.at(revision)
    dvc = dvcs(repo.path, base, None)
    assert not dvc.failed
    expected, actual = as_we_mean_it(dvc, ours(old, new, snapshots), old, new)
    return expected, actual, snapshots


def _edit_values(repo: GitRepo) -> None:
    repo.write({"params.yaml": "lr: 2e-3\nn: 1\nnew: x\n", "open.json": '{"auc": 0.6}'})


def _edit_data(repo: GitRepo) -> None:
    for name in ("raw.csv", "data/a.txt"):
        (repo.path / name).unlink()
    repo.write({"raw.csv": "1\n2\n", "data/a.txt": "A", "data/c.txt": "c"})


def _run_again(repo: GitRepo) -> None:
    from dvc.repo import Repo

    repo.write({"seed.txt": '{"auc": 0.75}'})
    with Repo(str(repo.path)) as dvc:
        dvc.reproduce()


def _run_without_commit(repo: GitRepo) -> None:
    """The lock has the new hashes, the cache has none of the objects."""
    from dvc.repo import Repo

    repo.write({"seed.txt": '{"auc": 0.75}'})
    with Repo(str(repo.path)) as dvc:
        dvc.reproduce(no_commit=True)


def _empty_directories(repo: GitRepo) -> None:
    for name in ("data/a.txt", "data/b.txt", "eval/metrics.json"):
        (repo.path / name).unlink()


def _put_a_file_for_a_directory(repo: GitRepo) -> None:
    shutil.rmtree(repo.path / "eval")
    repo.write({"eval": "1"})


def _edit_what_dvc_keeps(repo: GitRepo) -> None:
    for name in ("scores.json", "eval/metrics.json"):
        (repo.path / name).unlink()
    repo.write({"scores.json": '{"auc": 0.9}', "eval/metrics.json": '{"auc": 0.8}'})


def _track_more(repo: GitRepo) -> None:
    from dvc.repo import Repo

    repo.write({"more.csv": "1"})
    with Repo(str(repo.path)) as dvc:
        dvc.add("more.csv")


def _track_less(repo: GitRepo) -> None:
    (repo.path / "raw.csv.dvc").unlink()


def _stage_everything(repo: GitRepo) -> None:
    _edit_values(repo)
    _run_again(repo)
    repo.git("add", "--all")


def _edit_staged(repo: GitRepo) -> None:
    repo.write({"params.yaml": "lr: 5\n"})
    repo.git("add", "--all")
    repo.write({"params.yaml": "lr: 6\n"})


def _nothing(repo: GitRepo) -> None:
    pass


EDITS: dict[str, tuple[Callable[[GitRepo], None], set[str]]] = {
    "nothing": (_nothing, set()),
    "values in Git": (_edit_values, {"params", "metrics"}),
    "data": (_edit_data, {"outputs"}),
    "a run": (_run_again, {"metrics", "outputs"}),
    "a run that is not committed": (_run_without_commit, {"metrics", "outputs"}),
    "values that DVC keeps": (_edit_what_dvc_keeps, {"metrics", "outputs"}),
    "new data": (_track_more, {"outputs"}),
    "data no longer tracked": (_track_less, {"outputs"}),
    "all staged": (_stage_everything, {"params", "metrics", "outputs"}),
    "staged, then edited": (_edit_staged, {"params"}),
}


@pytest.mark.parametrize("name", EDITS)
def test_we_tell_of_the_working_tree_what_dvc_tells(
    name: str, repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repo.path)
    edit, kinds = EDITS[name]
    edit(repo)
    before = repo.git("status", "--porcelain"), _objects(repo)
    expected, actual, snapshots = _told(repo)
    assert actual == expected
    assert {kind for kind in ("params", "metrics", "outputs") if getattr(actual, kind)} == kinds
    assert snapshots.working.absent == []
    assert (repo.git("status", "--porcelain"), _objects(repo)) == before


@pytest.mark.parametrize("edit", [_empty_directories, _put_a_file_for_a_directory])
def test_what_a_directory_no_longer_has_is_gone(
    edit: Callable[[GitRepo], None], repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a metrics file that is gone DVC may say nothing. Of what is no directory now we list no files."""
    monkeypatch.chdir(repo.path)
    edit(repo)
    expected, actual, snapshots = _told(repo)
    assert actual.outputs == expected.outputs
    assert actual.metrics == {("eval/metrics.json", "auc"): (0.5, None)}
    assert actual.unread == set()
    assert snapshots.store.wanted == {}
    if (repo.path / "eval").is_dir():
        assert actual.inside == expected.inside != {}


def _objects(repo: GitRepo) -> set[Path]:
    """What Git holds: reading the working tree leaves nothing in it."""
    return set((repo.path / ".git").rglob("*"))


def test_data_that_is_not_checked_out_is_told_as_recorded(repo: GitRepo) -> None:
    """`dvc diff` calls it deleted."""
    for name in ("raw.csv", "model.pkl", "scores.json"):
        (repo.path / name).unlink()
    expected, actual, snapshots = _told(repo)
    assert {path: fate for path, (fate, _, _) in expected.outputs.items()} == {
        "raw.csv": "deleted",
        "model.pkl": "deleted",
        "scores.json": "deleted",
    }
    assert actual.outputs == {}
    assert actual.metrics == {}
    assert sorted(snapshots.working.absent) == ["model.pkl", "raw.csv", "scores.json"]
    missing = {problem.path for problem in _workspace(repo).problems if problem.missing}
    assert missing == {"model.pkl", "raw.csv", "scores.json"}


def test_no_stage_made_what_was_altered_since_it_ran(repo: GitRepo) -> None:
    (repo.path / "model.pkl").write_text("by hand")
    outputs = _workspace(repo).outputs
    assert outputs["model.pkl"].maker == ""
    assert outputs["eval"].maker == outputs["eval"].stage == outputs["model.pkl"].stage


def test_a_metrics_file_that_git_ignores_is_read_where_it_lies(repo: GitRepo) -> None:
    repo.git("rm", "-q", "--cached", "open.json")
    repo.commit("Ignore", {".gitignore": (repo.path / ".gitignore").read_text() + "open.json\n"})
    repo.write({"open.json": '{"auc": 0.7}'})
    history = History(repo.path)
    snapshots = Snapshots(history.git)
    with history.workspace(0) as revision:
        new = snapshots.at(revision)
    assert new.metrics["open.json"].values == {"auc": 0.7}


def test_names_of_any_kind_and_deleted_files_are_taken(repo: GitRepo) -> None:
    repo.commit("Names", {'päth/ü "x".dvc': "outs: [{md5: " + "0" * 32 + ", path: u}]", "gone.txt": "1"})
    (repo.path / "gone.txt").unlink()
    repo.write({'päth/ü "x".dvc': "outs: [{md5: " + "1" * 32 + ", path: u}]", "new name/p.dvc": "outs: []"})
    (repo.path / "link").symlink_to("params.yaml")
    (repo.path / "run.sh").write_text("")
    (repo.path / "run.sh").chmod(0o755)
    history = History(repo.path)
    with history.workspace(0) as revision:
        paths = repo.git("ls-tree", "-r", "--name-only", "-z", "HEAD").split("\0")
        snapshot = Snapshots(history.git).at(revision)
        entries = {entry.name: entry for entry in history.git.objects.tree(revision.tree_id)}
    assert snapshot.outputs["päth/u"].content.digest == "1" * 32
    assert "gone.txt" in paths
    assert "gone.txt" not in entries
    assert {"new name", "run.sh"} <= entries.keys()


def test_a_branch_without_commits_has_a_working_tree_too(tmp_path: Path) -> None:
    repo = GitRepo.init(tmp_path / "new")
    repo.write({"params.yaml": "a: 1\n", "dvc.yaml": "stages: {}\n", ".dvc/config": ""})
    history = History(repo.path)
    with history.workspace(0) as revision:
        assert Snapshots(history.git).at(revision).params["params.yaml"].values == {"a": 1}


def test_a_project_that_dvc_cannot_open_is_told_as_recorded(repo: GitRepo) -> None:
    (repo.path / ".dvc/config").write_text("[core\n")
    history = History(repo.path)
    snapshots = Snapshots(history.git)
    with history.workspace(0) as revision:
        snapshot = snapshots.at(revision)
    assert "raw.csv" in snapshot.outputs
    assert "told as recorded" in _reasons(snapshot)[".dvc"]


def test_params_in_conflict_are_said_to_be_unreadable_now(repo: GitRepo) -> None:
    repo.write({"params.yaml": "<<<<<<< ours\nlr: 1\n=======\nlr: 2\n>>>>>>> theirs\n"})
    history = History(repo.path)
    old = Snapshots(history.git).at(history.revision("HEAD"))
    change, *values = diff(old, _workspace(repo))
    assert isinstance(change, ParamChange)
    assert (change.change, change.name, change.unread) == (ChangeType.UNKNOWN, "", "now")
    assert None not in {change.old_content, change.new_content}
    assert values
    assert all(isinstance(value, ParamChange) and value.unread == "now" for value in values)


def test_what_a_broken_pipeline_declares_is_not_said_to_be_gone(repo: GitRepo) -> None:
    """Metrics, params, artifacts and stages of it: what cannot be read is told as that, both ways."""
    text = (repo.path / "dvc.yaml").read_text()
    more = "params: [conf.yaml]\nartifacts: {m: {path: model.pkl}}\n"
    repo.commit("More", {"dvc.yaml": text + more, "conf.yaml": "a: 1\n"})
    repo.write({"dvc.yaml": "<<<<<<< ours\n" + text, "params.yaml": "lr: 2\n"})
    history = History(repo.path)
    snapshots = Snapshots(history.git)
    old, new = snapshots.at(history.revision("HEAD")), _workspace(repo)
    assert _reasons(new) == {"dvc.yaml": "merge conflict markers at line 1"}
    for before, after, fate in ((old, new, "deleted"), (new, old, "added")):
        assert [(c.change, c.path) for c in diff(before, after)] == [
            ("unknown", "eval/metrics.json"),
            ("unknown", "eval/metrics.json"),
            ("modified", "params.yaml"),
            (fate, "params.yaml"),
        ]


def _workspace(repo: GitRepo) -> Snapshot:
    history = History(repo.path)
    with history.workspace(0) as revision:
        return Snapshots(history.git).at(revision)


def _reasons(snapshot: Snapshot) -> dict[str, str]:
    return {problem.path: problem.reason for problem in snapshot.problems}


def test_an_output_that_dvc_cannot_hash_is_told_as_recorded_and_said(repo: GitRepo) -> None:
    """`dvc diff` gives up."""
    repo.write({"data/.dvcignore": "x\n", "raw.csv.dvc": "outs: [{path: raw.csv, md5: x}]"})
    snapshot = _workspace(repo)
    assert snapshot.outputs["raw.csv"].content.digest != "x"
    assert "told as recorded" in _reasons(snapshot)["data"]


def test_nothing_of_dvcs_is_written_to(repo: GitRepo) -> None:
    """DVC mends its .gitignore whenever it opens a project."""
    (repo.path / ".dvc/.gitignore").unlink()
    _workspace(repo)
    assert not (repo.path / ".dvc/.gitignore").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_pipe_is_not_waited_for(repo: GitRepo) -> None:
    for name in ("raw.csv", "loose.json", "open.json"):
        (repo.path / name).unlink(missing_ok=True)
        os.mkfifo(repo.path / name)
    text = (repo.path / "dvc.yaml").read_text()
    repo.write({"dvc.yaml": text.replace("eval/metrics.json]", "eval/metrics.json, loose.json]")})
    snapshot = _workspace(repo)
    assert "loose.json" not in snapshot.metrics
    assert "loose.json" in {problem.path for problem in snapshot.problems}
    assert "raw.csv" in snapshot.outputs


@pytest.mark.parametrize("path", ["../secret.json", "{top}/secret.json", "link.json", '"a\\0b"', "x" * 300])
def test_what_lies_outside_of_the_working_tree_is_not_shown(path: str, repo: GitRepo) -> None:
    (repo.path.parent / "secret.json").write_text('{"key": 42}')
    (repo.path / "link.json").symlink_to(repo.path.parent / "secret.json")
    path = path.format(top=repo.path.parent)
    text = (repo.path / "dvc.yaml").read_text()
    repo.write({"dvc.yaml": text.replace("eval/metrics.json]", f"eval/metrics.json, {path}]")})
    outside = f"outs: [{{path: {path}, md5: {'a' * 32}}}]"
    repo.write({"outside.dvc": outside, ".gitignore": "link.json\n"})
    snapshot = _workspace(repo)
    assert not any(file.values == {"key": 42} for file in snapshot.metrics.values())
    digests = {output.path: output.content.digest for output in snapshot.outputs.values()}
    if "secret" in path:
        assert digests[path] == "a" * 32
