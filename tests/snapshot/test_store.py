"""What DVC keeps in its cache, read where it is: layouts, configuration, directories, damage, migrations."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated
from snapshot.agreement import dvcs, ours, quiet_dvc

from dvc_changelog.diff import diff
from dvc_changelog.domain import ChangeType, MetricChange, OutputChange, Snapshot
from dvc_changelog.history import History
from dvc_changelog.insight import Files, files_between
from dvc_changelog.snapshot import Snapshots

__all__ = ["isolated", "quiet_dvc"]

PIPELINE = """
metrics: [eval/metrics.json]
stages:
  tune:
    cmd: cp seed.txt tuned.yaml
    deps: [seed.txt]
    outs: [tuned.yaml]
  train:
    cmd: mkdir -p eval && cp tuned.yaml eval/metrics.json && cp tuned.yaml scores.yaml && cp seed.txt eval/x
    deps: [tuned.yaml]
    params: [tuned.yaml: [auc]]
    outs: [eval]
    metrics: [scores.yaml]
"""
SEEDS = ('{"auc": 0.5, "n": 1}\n', '{"auc": 0.75, "n": 1}\n')


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project at two tags: its metrics and a params file are kept by DVC, one inside a directory."""
    from dvc.repo import Repo

    repo = GitRepo.init(tmp_path_factory.mktemp("built") / "repo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repo.path)
        patch.setenv("DVC_NO_ANALYTICS", "1")
        Repo.init().close()
        for tag, seed in zip(("old", "new"), SEEDS, strict=True):
            repo.write({"dvc.yaml": PIPELINE, "seed.txt": seed, "data/a.txt": seed, "data/b.txt": "same"})
            repo.write({f"data/only-{tag}.txt": tag, f"data/moved-{tag}.txt": "moved"})
            for gone in ("only-old", "moved-old") if tag == "new" else ():
                (repo.path / f"data/{gone}.txt").unlink()
            with Repo() as dvc:
                dvc.add("data")
                dvc.reproduce()
            repo.commit(tag)
            repo.tag(tag)
    return repo.path


@pytest.fixture
def repo(built: Path, tmp_path: Path) -> GitRepo:
    return GitRepo(Path(shutil.copytree(built, tmp_path / "repo", symlinks=True)))


def _sides(repo: GitRepo) -> tuple[Snapshots, Snapshot, Snapshot]:
    history = History(repo.path)
    snapshots = Snapshots(history.git)
    old, new = (snapshots.at(history.revision(tag)) for tag in ("old", "new"))
    history.git.close()
    return snapshots, old, new


READ = {
    ("eval/metrics.json", "auc"): (0.5, 0.75),
    ("scores.yaml", "auc"): (0.5, 0.75),
}


def test_metrics_and_params_that_dvc_keeps_are_read_as_dvc_reads_them(repo: GitRepo) -> None:
    _, old, new = _sides(repo)
    we, dvc = ours(old, new), dvcs(repo.path, "old", "new")
    assert we.metrics == dvc.metrics == READ
    assert we.params == dvc.params == {("tuned.yaml", "auc"): (0.5, 0.75)}
    assert not old.problems
    assert not new.problems


def test_what_is_not_here_is_unknown_and_remembered(repo: GitRepo) -> None:
    shutil.rmtree(repo.path / ".dvc/cache")
    snapshots, old, new = _sides(repo)
    assert ours(old, new).unread == {"eval/metrics.json", "scores.yaml", "tuned.yaml"}
    wanted = sorted({item.path for item in snapshots.store.wanted[""].values()})
    assert wanted == ["eval", "tuned.yaml"]  # scores.yaml is a copy of the latter


def test_a_metric_in_a_directory_that_did_not_change_is_no_change(repo: GitRepo) -> None:
    """Only the manifest is here: the directory changed, the metrics file in it did not."""
    digest = _dir_digest(repo, "old")
    cache = repo.path / ".dvc/cache/files/md5"
    entries = json.loads((cache / digest[:2] / digest[2:]).read_text())
    unchanged = next(entry["md5"] for entry in entries if entry["relpath"] == "metrics.json")
    _record_as_new(repo, json.dumps([{"md5": unchanged, "relpath": "metrics.json"}]))
    (cache / unchanged[:2] / unchanged[2:]).unlink()
    _, old, new = _sides(repo)
    assert [c for c in diff(old, new) if isinstance(c, MetricChange) and c.path.startswith("eval")] == []


def _dir_digest(repo: GitRepo, tag: str) -> str:
    text = repo.git("show", f"{tag}:dvc.lock")
    after = text[text.index("path: eval") :]
    return after[after.index("md5: ", after.index("hash:") + len("hash: md5")) + 5 :].split()[0]


def _record_as_new(repo: GitRepo, manifest: str) -> None:
    """Make this the manifest of `eval` at the tag `new`, and have it in the cache."""
    name = hashlib.md5(manifest.encode()).hexdigest() + ".dir"
    place = repo.path / ".dvc/cache/files/md5" / name[:2]
    place.mkdir(exist_ok=True)
    (place / name[2:]).write_text(manifest)
    lock = repo.path / "dvc.lock"
    lock.write_text(lock.read_text().replace(_dir_digest(repo, "new"), name))
    repo.git("tag", "--delete", "new")
    repo.commit("new")
    repo.tag("new")


def test_a_metric_that_its_directory_lacks_is_gone(repo: GitRepo) -> None:
    _record_as_new(repo, json.dumps([{"md5": "0" * 32, "relpath": "other.json"}]))
    _, old, new = _sides(repo)
    told = {
        c.name: c.change for c in diff(old, new) if isinstance(c, MetricChange) and c.path.startswith("eval")
    }
    assert told == {"auc": ChangeType.DELETED, "n": ChangeType.DELETED}
    assert [(p.path, p.missing) for p in new.problems] == [("eval/metrics.json", True)]


CONFIGS = {
    "relative, in the project": (".dvc/config", "[cache]\n    dir = ../elsewhere/cache\n"),
    "absolute, local": (".dvc/config.local", "[cache]\ndir = {top}/elsewhere/cache\n"),
    "in capitals": (".dvc/config", "[CACHE]\n    DIR = ../elsewhere/cache\n"),
    "global": ("../global/config", "['cache']\n    dir = {top}/elsewhere/cache\n"),
    "system": ("../system/config", "[cache]\n    dir = {top}/elsewhere/cache\n"),
    "a remote as the cache": (
        ".dvc/config",
        "[cache]\n    local = shared\n['remote \"shared\"']\n    url = ../elsewhere/cache\n",
    ),
}


@pytest.mark.parametrize("where", CONFIGS)
def test_the_cache_is_where_dvcs_configuration_says(
    where: str, repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo.path / "elsewhere").mkdir()
    (repo.path / ".dvc/cache").rename(repo.path / "elsewhere/cache")
    for level in ("global", "system"):
        place = repo.path.parent / level
        place.mkdir()
        monkeypatch.setenv(f"DVC_{level.upper()}_CONFIG_DIR", str(place))
    file, text = CONFIGS[where]
    (repo.path / file).write_text(text.format(top=repo.path))
    _, old, new = _sides(repo)
    assert ours(old, new).metrics == READ
    if where != "a remote as the cache":
        assert dvcs(repo.path, "old", "new").metrics == READ


@pytest.mark.parametrize("text", ["[cache\n", "[cache]\n    local = nowhere\n"])
def test_a_configuration_that_cannot_be_read_is_said(text: str, repo: GitRepo) -> None:
    (repo.path / ".dvc/config").write_text(text)
    snapshots, old, new = _sides(repo)
    assert ours(old, new).unread == {"eval/metrics.json", "scores.yaml", "tuned.yaml"}
    assert "config" in snapshots.store.troubles[""]


def test_the_layout_of_dvc_2_is_read(repo: GitRepo) -> None:
    cache = repo.path / ".dvc/cache"
    for directory in (cache / "files/md5").iterdir():
        directory.rename(cache / directory.name)
    shutil.rmtree(cache / "files")
    for tag in ("old", "new"):
        repo.git("tag", "--delete", tag)
    lock = repo.path / "dvc.lock"
    before = repo.git("show", "HEAD~1:dvc.lock")
    for tag, text in (("old", before), ("new", lock.read_text())):
        lock.write_text(text.replace("      hash: md5\n", ""))
        repo.commit(tag)
        repo.tag(tag)
    _, old, new = _sides(repo)
    assert ours(old, new).metrics == dvcs(repo.path, "old", "new").metrics == READ


def test_a_damaged_object_is_a_problem_and_no_value(repo: GitRepo) -> None:
    for place in (repo.path / ".dvc/cache/files/md5").glob("*/*"):
        if place.suffix != ".dir":
            place.chmod(0o644)
            place.write_text('{"auc": 99}')
    _, old, new = _sides(repo)
    assert ours(old, new).unread == {"eval/metrics.json", "scores.yaml", "tuned.yaml"}
    assert {problem.path for problem in new.problems} == {"eval/metrics.json", "scores.yaml", "tuned.yaml"}
    assert "damaged" in new.problems[0].reason


@pytest.mark.parametrize("manifest", ["no json", "{}x", '[{"md5": 1}]', "[1]", '{"a": 1}', "[" * 99_999])
def test_a_manifest_that_is_none_is_a_problem(manifest: str, repo: GitRepo) -> None:
    _record_as_new(repo, manifest)
    snapshots, old, new = _sides(repo)
    assert ours(old, new).unread == {"eval/metrics.json"}
    assert [problem.path for problem in new.problems] == ["eval"]
    change = next(c for c in diff(old, new) if isinstance(c, OutputChange) and c.path == "eval")
    known = snapshots.examined(change, [""])
    assert known is not None
    assert known.new == change.new


def test_the_files_of_a_directory_are_those_that_dvc_tells(repo: GitRepo) -> None:
    from dvc.repo import Repo

    snapshots, old, new = _sides(repo)
    change = next(c for c in diff(old, new) if isinstance(c, OutputChange) and c.path == "data")
    known = snapshots.examined(change, [""])
    assert known is not None
    assert known.old is not None
    assert known.new is not None
    found = files_between(known.old.content, known.new.content)
    assert found == Files(
        added=("only-new.txt",),
        deleted=("only-old.txt",),
        modified=("a.txt",),
        renamed=(("moved-old.txt", "moved-new.txt"),),
    )
    with Repo(str(repo.path)) as dvc:
        said = dvc.diff("old", "new")
    below = {
        fate: [
            entry["path"]
            for entry in said[fate]
            if str(entry["path"]).startswith("data/") and entry["path"] != "data/"
        ]
        for fate in ("added", "deleted", "modified", "renamed")
        if fate != "renamed"
    }
    assert below == {
        "added": ["data/only-new.txt"],
        "deleted": ["data/only-old.txt"],
        "modified": ["data/a.txt"],
    }
    assert {"old": "data/moved-old.txt", "new": "data/moved-new.txt"} in [e["path"] for e in said["renamed"]]


def test_a_directory_of_the_same_files_at_another_path_is_held_too(repo: GitRepo) -> None:
    from dvc_changelog.domain import Content
    from dvc_changelog.snapshot.store import Store

    store = Store(repo.path)
    content = Content("md5", _dir_digest(repo, "new"))
    assert store.manifest(content, "", "eval") == store.manifest(content, "", "copy")
    assert store.held == {"eval", "copy"}


def test_without_a_manifest_only_sizes_are_known(repo: GitRepo) -> None:
    shutil.rmtree(repo.path / ".dvc/cache")
    snapshots, old, new = _sides(repo)
    change = next(c for c in diff(old, new) if isinstance(c, OutputChange) and c.path == "data")
    assert snapshots.examined(change, [""]) == change
    assert "data" in {item.path for item in snapshots.store.wanted[""].values()}


CRLF = b"a,b\r\n1,2\r\n"


def _migrating(repo: GitRepo, new: bytes, kept: tuple[bytes, ...]) -> OutputChange | None:
    """A text of Windows line ends that DVC 2 tracked, and what DVC 3 tracks in its place."""
    cache = repo.path / ".dvc/cache"
    shutil.rmtree(cache, ignore_errors=True)
    legacy = hashlib.md5(CRLF.replace(b"\r\n", b"\n")).hexdigest()
    digest = hashlib.md5(new).hexdigest()
    if CRLF in kept:
        place = cache / legacy[:2] / legacy[2:]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(CRLF)
    if new in kept and new != CRLF:
        place = cache / "files/md5" / digest[:2] / digest[2:]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(new)
    for tag, entry in (("a", f"md5: {legacy}"), ("b", f"md5: {digest}\n  hash: md5")):
        repo.commit(tag, {"t.csv.dvc": f"outs:\n- {entry}\n  size: {len(CRLF)}\n  path: t.csv\n"})
        repo.tag(tag)
    history = History(repo.path)
    snapshots = Snapshots(history.git)
    old, now = (snapshots.at(history.revision(tag)) for tag in ("a", "b"))
    change = next(c for c in diff(old, now) if isinstance(c, OutputChange) and c.path == "t.csv")
    assert change.change is ChangeType.UNKNOWN
    return snapshots.examined(change, [""])


def test_a_migration_is_proven_no_change_by_the_cache(repo: GitRepo) -> None:
    assert _migrating(repo, CRLF, (CRLF,)) is None


def test_a_change_beside_a_migration_is_proven_by_the_cache(repo: GitRepo) -> None:
    other = CRLF.replace(b"1", b"3")
    change = _migrating(repo, other, (other,))
    assert change is not None
    assert change.change is ChangeType.MODIFIED


def test_a_migration_without_the_cache_stays_unknown(repo: GitRepo) -> None:
    change = _migrating(repo, CRLF, ())
    assert change is not None
    assert change.change is ChangeType.UNKNOWN


def test_a_file_renamed_in_a_directory_that_was_migrated_is_a_change(repo: GitRepo) -> None:
    md5 = "a" * 32
    for tag, layout, name, form in (
        ("a", ".", "old.csv", ""),
        ("b", "files/md5", "new.csv", "  hash: md5\n"),
    ):
        manifest = json.dumps([{"md5": md5, "relpath": name}]).encode()
        digest = f"{hashlib.md5(manifest).hexdigest()}.dir"
        place = repo.path / ".dvc/cache" / layout / digest[:2] / digest[2:]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(manifest)
        entry = f"- md5: {digest}\n  size: 5\n  nfiles: 1\n{form}  path: many\n"
        repo.commit(tag, {"many.dvc": f"outs:\n{entry}"})
        repo.tag(tag)
    history = History(repo.path)
    snapshots = Snapshots(history.git)
    old, new = (snapshots.at(history.revision(tag)) for tag in ("a", "b"))
    change = next(c for c in diff(old, new) if isinstance(c, OutputChange) and c.path == "many")
    assert change.change is ChangeType.UNKNOWN
    known = snapshots.examined(change, [""])
    assert known is not None
    assert known.change is ChangeType.MODIFIED
    assert known.old is not None
    assert known.new is not None
    assert files_between(known.old.content, known.new.content) == Files(renamed=(("old.csv", "new.csv"),))


@pytest.mark.parametrize(
    "digest", ["../../../seed.txt", "ab/../../x", "AB" * 16, "0" * 31, "0" * 32 + ".dir/x"]
)
def test_a_hash_is_no_path(digest: str, repo: GitRepo) -> None:
    from dvc_changelog.domain import Content
    from dvc_changelog.snapshot.store import Store

    store = Store(repo.path)
    assert store.read(Content("md5", digest), "", "x") is None
    assert store.place(Content("md5", digest), "") is None
    assert not store.wanted


@pytest.mark.parametrize("path", ["a\0b", "x" * 300, "\ud800"])
def test_a_path_that_no_file_can_have_holds_nothing(path: str, repo: GitRepo) -> None:
    from dvc_changelog.domain import Content
    from dvc_changelog.snapshot.store import Store

    assert Store(repo.path).read(Content("md5", "a" * 32), "", path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_pipe_is_not_waited_for(repo: GitRepo) -> None:
    from dvc_changelog.domain import Content
    from dvc_changelog.snapshot.store import Store

    os.mkfifo(repo.path / "pipe")
    assert Store(repo.path).read(Content("md5", "a" * 32), "", "pipe") is None


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_cache_that_may_not_be_read_is_none(repo: GitRepo) -> None:
    cache = repo.path / ".dvc/cache"
    cache.chmod(0)
    _, old, new = _sides(repo)
    cache.chmod(0o755)
    assert ours(old, new).unread == {"eval/metrics.json", "scores.yaml", "tuned.yaml"}
