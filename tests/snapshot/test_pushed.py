"""What is not on DVC's remotes, beside what DVC itself says of it: of directories, and of S3 on loopback."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from buckets import bucket
from gitrepo import GitRepo, isolated
from snapshot.agreement import quiet_dvc

from dvc_changelog.snapshot.pushed import Lack, Unpushed, unpushed

__all__ = ["bucket", "isolated", "quiet_dvc"]

PIPELINE = """
stages:
  train:
    cmd: echo m > model.pkl && echo p > private.txt && echo '{}' > m.json && echo f > far.txt
    deps: [raw.csv]
    outs: [model.pkl, private.txt: {push: false}, far.txt: {remote: other}]
    metrics: [m.json: {cache: false}]
"""
ALL = {"raw.csv", "data", "model.pkl"}
REMOTES = """
[core]
    remote = store
['remote "store"']
    url = {url}
['remote "other"']
    url = {other}
"""


def _built(path: Path, url: str = "../../store", project: str = "") -> GitRepo:
    from dvc.repo import Repo

    repo = GitRepo.init(path)
    root = path / project
    root.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        Repo.init(subdir=bool(project)).close()
        files = {"dvc.yaml": PIPELINE, "raw.csv": "1\n", "data/a": "2", "data/b": "3"}
        repo.write({(Path(project) / name).as_posix(): text for name, text in files.items()})
        (root / ".dvc/config").write_text(REMOTES.format(url=url, other="../../other"))
        with Repo() as dvc:
            dvc.add(["raw.csv", "data"])
            dvc.reproduce()
    repo.commit("base", {})
    return repo


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("pushed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DVC_NO_ANALYTICS", "1")
        _built(top / "repo")
    return top


@pytest.fixture
def repo(built: Path, tmp_path: Path) -> GitRepo:
    shutil.copytree(built, tmp_path / "all", symlinks=True)
    return GitRepo(tmp_path / "all/repo")


def _push(root: Path, *targets: str) -> None:
    from dvc.repo import Repo

    with Repo(str(root)) as dvc:
        dvc.push([str(root / target) for target in targets] or None)


def _by_dvc(root: Path) -> set[str]:
    """What `dvc data status --not-in-remote` lists, asking the remotes anew."""
    from dvc.repo import Repo

    with Repo(str(root)) as dvc:
        told = dvc.data_status(not_in_remote=True, remote_refresh=True)
    return {path.rstrip("/\\").replace(os.sep, "/") for path in told["not_in_remote"]}


def _by_status(root: Path) -> set[tuple[str, str]]:
    """What `dvc status --cloud` lists of the default remote, files of directories left out."""
    from dvc.repo import Repo

    with pytest.MonkeyPatch.context() as patch, Repo(str(root)) as dvc:
        patch.chdir(root)
        told = dvc.status(cloud=True)
    return {(path, word) for path, word in told.items() if word != "deleted" and path.count("/") == 0}


def _paths(found: Iterable[Unpushed]) -> set[str]:
    return {path for item in found for path in item.paths}


def test_what_is_not_pushed_is_told_by_its_remote(repo: GitRepo) -> None:
    found = unpushed(repo.path, repo.path)
    assert set(found) == {
        Unpushed(Lack.HERE, ("data", "model.pkl", "raw.csv"), "store"),
        Unpushed(Lack.HERE, ("far.txt",), "other"),
    }
    assert _paths(found) == _by_dvc(repo.path)
    assert _by_status(repo.path) == {(path, "new") for path in ALL}
    assert not (repo.path.parent / "store").exists()
    assert repo.git("status", "--porcelain") == ""


@pytest.mark.parametrize("pushed", ["raw.csv", "data", "model.pkl", "far.txt"])
def test_a_part_that_is_pushed_is_not_told(pushed: str, repo: GitRepo) -> None:
    _push(repo.path, pushed)
    found = unpushed(repo.path, repo.path)
    assert _paths(found) == _by_dvc(repo.path)
    assert pushed not in _paths(found)
    assert _by_status(repo.path) == {(path, "new") for path in _paths(found) - {"far.txt"}}


def test_when_all_is_pushed_nothing_is_told_with_a_cache_and_without(repo: GitRepo) -> None:
    _push(repo.path)
    assert unpushed(repo.path, repo.path) == []
    assert _by_dvc(repo.path) == set()
    shutil.rmtree(repo.path / ".dvc/cache")
    assert unpushed(repo.path, repo.path) == []
    assert not (repo.path / ".dvc/cache/files").exists()


def test_what_neither_the_cache_nor_the_remote_has_is_told_apart(repo: GitRepo) -> None:
    _push(repo.path, "data")
    shutil.rmtree(repo.path / ".dvc/cache")
    assert set(unpushed(repo.path, repo.path)) == {
        Unpushed(Lack.NOWHERE, ("model.pkl", "raw.csv"), "store"),
        Unpushed(Lack.NOWHERE, ("far.txt",), "other"),
    }
    assert _by_status(repo.path) == {("model.pkl", "missing"), ("raw.csv", "missing")}


def test_without_a_default_remote_that_is_said(repo: GitRepo) -> None:
    config = repo.path / ".dvc/config"
    config.write_text(config.read_text().replace("    remote = store\n", ""))
    assert set(unpushed(repo.path, repo.path)) == {
        Unpushed(Lack.NO_REMOTE, ("data", "model.pkl", "raw.csv"), named=("store", "other")),
        Unpushed(Lack.HERE, ("far.txt",), "other"),
    }
    config.write_text("")
    found = {item.lack: item for item in unpushed(repo.path, repo.path)}
    assert found[Lack.NO_REMOTE].named == ()
    assert found[Lack.UNKNOWN].paths == ("far.txt",)
    assert "'other' doesn't exist" in found[Lack.UNKNOWN].reason


def test_a_remote_that_dvc_does_not_know_is_no_remote_without_the_data(repo: GitRepo) -> None:
    config = repo.path / ".dvc/config"
    config.write_text(config.read_text().replace("../../store", "nonsense://x"))
    (found,) = unpushed(repo.path, repo.path)
    assert (found.lack, found.paths) == (Lack.UNKNOWN, ())
    assert "nonsense" in found.reason


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is denied to root")
def test_a_directory_that_is_denied_is_unknown(repo: GitRepo) -> None:
    place = repo.path.parent / "store/files/md5"
    place.mkdir(parents=True)
    place.chmod(0)
    try:
        found = {item.remote: item.lack for item in unpushed(repo.path, repo.path)}
    finally:
        place.chmod(0o755)
    assert found["store"] is Lack.UNKNOWN


def test_a_project_that_cannot_be_read_is_unknown(repo: GitRepo) -> None:
    repo.write({"dvc.yaml": "stages: ["})
    (found,) = unpushed(repo.path, repo.path.parent)
    assert (found.lack, found.paths) == (Lack.UNKNOWN, ())
    assert "dvc.yaml" in found.reason
    (none,) = unpushed(repo.path.parent, repo.path.parent)
    assert (none.lack, none.paths) == (Lack.UNKNOWN, ())


def test_a_project_below_the_git_root_is_told_from_there(tmp_path: Path) -> None:
    repo = _built(tmp_path / "repo", "../../store", "sub")
    found = unpushed(repo.path / "sub", repo.path)
    assert _paths(found) == {"sub/data", "sub/model.pkl", "sub/raw.csv", "sub/far.txt"}
    assert _by_dvc(repo.path / "sub") == {path.removeprefix("sub/") for path in _paths(found)}


def test_imports_from_other_repositories_are_of_those_and_of_addresses_our_own(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dvc.repo import Repo

    _push(repo.path)
    source = _built(tmp_path / "source")
    (tmp_path / "loose.txt").write_text("4")
    monkeypatch.chdir(repo.path)
    with Repo() as dvc:
        dvc.imp(str(source.path), "data", out="theirs")
        dvc.imp_url(str(tmp_path / "loose.txt"), out="loose.txt")
        dvc.imp_url(str(tmp_path / "loose.txt"), out="partial.txt", no_download=True)
    assert unpushed(repo.path, repo.path) == [Unpushed(Lack.HERE, ("loose.txt",), "store")]
    assert _by_status(repo.path) == {("loose.txt", "new")}


def test_what_dvc_2_hashed_is_asked_for_where_it_keeps_it(repo: GitRepo) -> None:
    _push(repo.path)
    legacy = "outs:\n- md5: b026324c6904b2a9cb4b88d6d61c81d1\n  size: 2\n  path: old.txt\n"
    repo.write({"old.txt.dvc": legacy, "old.txt": "1\n"})
    assert unpushed(repo.path, repo.path) == [Unpushed(Lack.NOWHERE, ("old.txt",), "store")]
    place = repo.path.parent / "store/b0/26324c6904b2a9cb4b88d6d61c81d1"
    place.parent.mkdir(parents=True)
    place.write_text("1\n")
    assert unpushed(repo.path, repo.path) == []


NO_SERVER = pytest.mark.skipif(sys.platform == "win32", reason="the server of the test is of no use there")


@NO_SERVER
def test_s3_is_asked_as_well(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = _built(tmp_path / "repo", f"s3://bucket/store\n    endpointurl = {bucket}")
    assert _paths(unpushed(repo.path, repo.path)) == {*ALL, "far.txt"}
    _push(repo.path)
    assert unpushed(repo.path, repo.path) == []
    config = repo.path / ".dvc/config"
    config.write_text(config.read_text().replace(bucket, "http://127.0.0.1:9"))
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    (found,) = unpushed(repo.path, repo.path)
    assert found.lack is Lack.UNKNOWN
    assert "connect" in found.reason


@NO_SERVER
@pytest.mark.parametrize("kind", ["version_aware", "worktree"])
def test_a_remote_that_the_cloud_versions_has_the_versions_or_not(
    bucket: str, kind: str, tmp_path: Path
) -> None:
    import boto3

    client = boto3.client("s3", endpoint_url=bucket)
    client.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    url = f"s3://bucket/store\n    endpointurl = {bucket}\n    {kind} = true"
    repo = _built(tmp_path / "repo", url)
    assert _paths(unpushed(repo.path, repo.path)) == {*ALL, "far.txt"}
    _push(repo.path)
    assert unpushed(repo.path, repo.path) == []
    for version in client.list_object_versions(Bucket="bucket", Prefix="store/data/a")["Versions"]:
        client.delete_object(Bucket="bucket", Key=version["Key"], VersionId=version["VersionId"])
    assert unpushed(repo.path, repo.path) == [Unpushed(Lack.HERE, ("data",), "store")]
