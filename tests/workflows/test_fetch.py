"""Values that DVC keeps on a remote: fetched through DVC, only what is small and needed; failure is said."""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from buckets import bucket
from clirun import PROGRAM
from gitrepo import GitRepo, isolated
from snapshot.agreement import quiet_dvc

from dvc_changelog import compare, generate
from dvc_changelog.config import Config
from dvc_changelog.domain import ChangeType, MetricChange, OutputChange, ParamChange, Release
from dvc_changelog.errors import UsageError
from dvc_changelog.insight import files_between
from dvc_changelog.workflows import write
from dvc_changelog.workflows.trace import trace

__all__ = ["bucket", "isolated", "quiet_dvc"]

PIPELINE = """
metrics: [eval/metrics.json]
stages:
  train:
    cmd: >-
      mkdir -p eval && (echo && cat tuned.yaml) > eval/metrics.json && cp tuned.yaml scores.yaml
      && cp tuned.yaml model.pkl
    deps: [tuned.yaml]
    params: [tuned.yaml: [auc]]
    outs: [eval, model.pkl]
    metrics: [scores.yaml]
"""
READ = {("eval/metrics.json", "auc"): (0.5, 0.75), ("scores.yaml", "auc"): (0.5, 0.75)}


def _built(path: Path, url: str, project: str = "") -> GitRepo:
    """A project at two tags, all that DVC keeps pushed to a remote and gone from here."""
    from dvc.repo import Repo

    repo = GitRepo.init(path)
    with pytest.MonkeyPatch.context() as patch:
        root = path / project
        root.mkdir(exist_ok=True)
        patch.chdir(root)
        Repo.init(subdir=bool(project)).close()
        config = f"[core]\n    remote = store\n['remote \"store\"']\n    url = {url}\n"
        (root / ".dvc/config").write_text(config, encoding="utf-8")
        for tag, value in (("old", "0.5"), ("new", "0.75")):
            files = {
                "dvc.yaml": PIPELINE,
                "tuned.yaml": f'{{"auc": {value}, "n": 1}}',
                f"data/{tag}.txt": tag,
            }
            repo.write({(Path(project) / name).as_posix(): text for name, text in files.items()})
            with Repo() as dvc:
                dvc.add(["data", "tuned.yaml"])
                dvc.reproduce()
                dvc.push()
            repo.commit(tag)
            repo.tag(tag)
    repo.git("clean", "-fdqX")  # as a fresh clone has it
    return repo


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("pushed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DVC_NO_ANALYTICS", "1")
        _built(top / "repo", "../../remote")
    return top


@pytest.fixture
def repo(pushed: Path, tmp_path: Path) -> GitRepo:
    shutil.copytree(pushed, tmp_path / "all", symlinks=True)
    return GitRepo(tmp_path / "all/repo")


def _metrics(told: Release) -> dict[tuple[str, str], tuple[object, object]]:
    return {(c.path, c.name): (c.old, c.new) for c in told.changes if isinstance(c, MetricChange)}


def _in_cache(repo: GitRepo, project: str = "") -> list[str]:
    return sorted(path.read_text() for path in (repo.path / project / ".dvc/cache").glob("files/md5/*/*"))


def test_without_the_values_the_change_is_told_and_how_to_get_them(repo: GitRepo) -> None:
    told = compare(repo.path, "old", "new", config=Config())
    unknown = [c for c in told.changes if isinstance(c, MetricChange | ParamChange)]
    assert {(c.path, c.change) for c in unknown} == {
        ("eval/metrics.json", ChangeType.UNKNOWN),
        ("scores.yaml", ChangeType.UNKNOWN),
        ("tuned.yaml", ChangeType.UNKNOWN),
    }
    tuned = next(c for c in unknown if isinstance(c, ParamChange))
    assert tuned.unread == "both"
    assert [side and side.digest for side in (tuned.old_content, tuned.new_content)] == [
        hashlib.md5(f'{{"auc": {value}, "n": 1}}'.encode()).hexdigest() for value in ("0.5", "0.75")
    ]
    assert told.messages == (
        (
            "2 metrics or params files and 4 directory listings are not in DVC's cache here; "
            "--fetch gets them from DVC's remote."
        ),
    )
    assert not (repo.path / ".dvc/cache").exists()


def test_what_is_needed_is_fetched_and_nothing_else(repo: GitRepo) -> None:
    steps: list[tuple[str, int, int]] = []
    told = compare(repo.path, "old", "new", config=Config(), fetch=True, progress=lambda *s: steps.append(s))
    assert _metrics(told) == READ
    assert [(c.name, c.old, c.new) for c in told.changes if isinstance(c, ParamChange)] == [
        ("auc", 0.5, 0.75)
    ]
    data = next(c for c in told.changes if isinstance(c, OutputChange) and c.path == "data")
    assert data.old is not None
    assert data.new is not None
    found = files_between(data.old.content, data.new.content)
    assert found is not None
    assert found.added == ("new.txt",)
    assert told.messages == ()
    assert {what for what, _, _ in steps} == {"Fetching object"}
    # The model has the bytes of the metrics; what is in data/ has been fetched by nobody.
    held = _in_cache(repo)
    assert [text for text in held if not text.startswith("[")] == [
        '\n{"auc": 0.5, "n": 1}',
        '\n{"auc": 0.75, "n": 1}',
        '{"auc": 0.5, "n": 1}',
        '{"auc": 0.75, "n": 1}',
    ]
    assert sum(text.startswith("[") for text in held) == 4


def test_what_is_here_is_not_fetched_again(repo: GitRepo) -> None:
    compare(repo.path, "old", "new", config=Config(), fetch=True)
    shutil.rmtree(repo.path.parent / "remote")
    steps: list[tuple[str, int, int]] = []
    told = compare(repo.path, "old", "new", config=Config(), fetch=True, progress=lambda *s: steps.append(s))
    assert _metrics(told) == READ
    assert steps == []


def test_all_releases_are_completed(repo: GitRepo) -> None:
    told = generate(repo.path, config=Config(), fetch=True)
    assert [_metrics(release)["scores.yaml", "auc"] for release in told.releases] == [
        (0.5, 0.75),
        (None, 0.5),
    ]
    assert told.messages == ()


def test_what_the_remote_lacks_is_said_and_the_rest_is_read(repo: GitRepo) -> None:
    for place in (repo.path.parent / "remote/files/md5").glob("*/*.dir"):
        place.unlink()
    told = compare(repo.path, "old", "new", config=Config(), fetch=True)
    assert _metrics(told)["scores.yaml", "auc"] == (0.5, 0.75)
    assert len(told.messages) == 1
    assert "and 1 more: not on the remote; `dvc push --all-commits` brings" in told.messages[0]


def test_the_side_that_the_remote_has_is_read_though_the_other_listing_is_gone(repo: GitRepo) -> None:
    lock = repo.git("show", "old:dvc.lock")
    digest = re.findall(r"path: eval\n +hash: md5\n +md5: (\S+)", lock)[0]
    (repo.path.parent / "remote/files/md5" / digest[:2] / digest[2:]).unlink()
    told = compare(repo.path, "old", "new", config=Config(), fetch=True)
    assert _metrics(told)["eval/metrics.json", "auc"] == (None, 0.75)
    assert [text.partition(";")[0] for text in told.messages] == ["eval: not on the remote"]


CONFIGS = {
    "": "no remote specified",
    "[core]\n    remote = gone\n": "gone",
    "[core]\n    remote = s\n['remote \"s\"']\n    url = azure://container/path\n": "requires 'dvc-azure'",
    "[core]\n    remote = s\n['remote \"s\"']\n    url = http://127.0.0.1:9/x\n": "could not be fetched",
    "[core\n": "config",
}


@pytest.mark.parametrize("text", CONFIGS)
def test_a_remote_that_cannot_be_used_is_a_remark(text: str, repo: GitRepo) -> None:
    (repo.path / ".dvc/config").write_text(text)
    told = compare(repo.path, "old", "new", config=Config(), fetch=True)
    assert CONFIGS[text] in " ".join(told.messages)
    assert ("eval/metrics.json", "") in _metrics(told)


def test_a_bare_repository_has_no_cache_to_fetch_into(repo: GitRepo, tmp_path: Path) -> None:
    bare = GitRepo.clone(repo.path, tmp_path / "bare.git", "--bare")
    with pytest.raises(UsageError, match="bare"):
        compare(bare.path, "old", "new", config=Config(), fetch=True)
    assert compare(bare.path, "old", "new", config=Config()).changes


@pytest.mark.skipif(sys.platform == "win32", reason="the server of the test is of no use there")
def test_an_s3_remote_serves_as_well(bucket: str, tmp_path: Path) -> None:
    url = f"s3://bucket/store\n    endpointurl = {bucket}"
    repo = _built(tmp_path / "repo", url)
    told = compare(repo.path, "old", "new", config=Config(), fetch=True)
    assert told.messages == ()
    assert _metrics(told) == READ
    assert sum(text.startswith("[") for text in _in_cache(repo)) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="the server of the test is of no use there")
@pytest.mark.parametrize(("kind", "project"), [("version_aware", ""), ("worktree", ""), ("worktree", "sub")])
def test_a_remote_that_the_cloud_versions_serves_as_well(
    bucket: str, kind: str, project: str, tmp_path: Path
) -> None:
    """It keeps files under their own paths in the project, and DVC notes the version_id of each."""
    import boto3

    versioning = {"Status": "Enabled"}
    client = boto3.client("s3", endpoint_url=bucket)
    client.put_bucket_versioning(Bucket="bucket", VersioningConfiguration=versioning)
    url = f"s3://bucket/store\n    endpointurl = {bucket}\n    {kind} = true"
    repo = _built(tmp_path / "repo", url, project)
    told = compare(repo.path, "old", "new", config=Config(), fetch=True)
    assert told.messages == ()
    assert _metrics(told) == {(posixpath.join(project, path), name): v for (path, name), v in READ.items()}
    values = ['{"auc": 0.5, "n": 1}', '{"auc": 0.75, "n": 1}']
    assert _in_cache(repo, project) == [*(f"\n{value}" for value in values), *values]


def test_credentials_that_are_refused_are_a_remark(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = _built(tmp_path / "repo", f"s3://bucket/store\n    endpointurl = {bucket}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    told = compare(repo.path, "old", "new", config=Config(), fetch=True)
    assert "could not be fetched" in told.messages[0]
    assert "redentials" in told.messages[0]


def test_what_one_machine_read_is_not_lost_on_another(repo: GitRepo) -> None:

    path = repo.path / "CHANGELOG.md"
    write(generate(repo.path, config=Config()), Config(), path)
    assert "not readable here" in path.read_text()
    full = write(generate(repo.path, config=Config(), fetch=True), Config(), path)
    assert full.changed
    text = path.read_text()
    assert "0.75" in text
    assert "not readable here" not in text
    repo.git("clean", "-fdqX")
    again = write(generate(repo.path, config=Config()), Config(), path)
    assert (again.changed, again.kept, path.read_text()) == (False, ("new", "old"), text)
    repo.commit("Metrics", {"seed.txt": "1"})
    more = write(generate(repo.path, config=Config()), Config(), path)
    assert more.changed
    assert text.split("## new", 1)[1] in path.read_text()


@pytest.mark.parametrize("planned", [None, "next"])
def test_committing_the_changelog_loses_nothing_of_it_elsewhere(planned: str | None, repo: GitRepo) -> None:
    """The file is written where the cache is, committed, and then checked in CI, where it is not."""
    repo.git("tag", "--delete", "new")
    path = repo.path / "CHANGELOG.md"
    written = generate(repo.path, config=Config(), fetch=True, tag=planned)
    write(written, Config(), path)
    text = path.read_text()
    assert "0.75" in text
    repo.git("clean", "-fdqX")
    repo.commit("Write the changelog", {})
    repo.git("checkout", "-q", "-b", "side", "HEAD~1")
    repo.commit("And again", {"CHANGELOG.md": text})
    repo.git("checkout", "-q", "main")
    repo.merge("side")
    if planned:
        repo.tag(planned)
    again = write(generate(repo.path, config=Config()), Config(), path)
    assert (again.changed, again.kept) == (False, (planned or "unreleased", "old"))
    repo.commit("Train", {"open.txt": "1"})
    repo.tag("later")
    write(generate(repo.path, config=Config()), Config(), path)
    assert ("**0.75**" in path.read_text()) is bool(planned)


def _stored(repo: GitRepo, text: str) -> Path:
    """Where the remote has the object that begins so."""
    places = (repo.path.parent / "remote/files/md5").glob("*/*")
    return next(place for place in places if place.is_file() and place.read_text().startswith(text))


def test_what_is_damaged_on_the_remote_is_said_and_not_kept(repo: GitRepo) -> None:
    place = _stored(repo, '{"auc": 0.75')
    place.chmod(0o644)
    place.write_text("damaged")
    told = compare(repo.path, "old", "new", config=Config(), fetch=True)
    assert _metrics(told)["scores.yaml", "auc"] == (0.5, None)
    assert any("damaged on the remote" in message for message in told.messages)
    assert "damaged" not in _in_cache(repo)


def test_one_object_that_cannot_be_had_takes_no_other_with_it(repo: GitRepo) -> None:
    place = _stored(repo, '{"auc": 0.75')
    place.unlink()
    place.mkdir()
    told = compare(repo.path, "old", "new", config=Config(), fetch=True)
    assert _metrics(told)["scores.yaml", "auc"] == (0.5, None)
    assert "could not be fetched" in " ".join(told.messages)
    inside = next(c for c in told.changes if isinstance(c, MetricChange) and c.path == "eval/metrics.json")
    assert inside.old_content is None or inside.old_content.is_dir == (inside.within != "")


def test_each_object_is_said_to_fail_for_its_own_reason(repo: GitRepo) -> None:
    for listing in (repo.path.parent / "remote/files/md5").glob("*/*.dir"):
        listing.unlink()
    for text in ('{"auc": 0.5', '{"auc": 0.75'):
        place = _stored(repo, text)
        place.unlink()
        if "0.75" in text:
            place.symlink_to(place)
        else:
            place.mkdir()
    said = " ".join(compare(repo.path, "old", "new", config=Config(), fetch=True).messages)
    assert "Is a directory" in said
    assert "Too many levels of symbolic links" in said


def test_what_is_large_in_a_directory_of_metrics_is_not_fetched(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dvc_changelog.snapshot.remotes.LARGEST", 10)
    told = compare(repo.path, "old", "new", config=Config(), fetch=True)
    assert "eval/metrics.json is too large" in " ".join(told.messages)
    assert not any("auc" in text for text in _in_cache(repo))


@pytest.mark.skipif(sys.platform == "win32", reason="there, a password is asked for at the console")
def test_a_remote_that_asks_for_a_password_is_not_waited_for(repo: GitRepo) -> None:
    remote = "url = http://127.0.0.1:9/x\n    auth = basic\n    user = u\n    ask_password = true\n"
    (repo.path / ".dvc/config").write_text(f"[core]\n    remote = s\n['remote \"s\"']\n    {remote}")
    waiting, writing = os.pipe()  # as of a CI system that never writes to it
    done = subprocess.run(
        [PROGRAM, "review", "old", "new", "--fetch"],
        cwd=repo.path,
        stdin=waiting,
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,  # away from the terminal of who runs this
        timeout=120,
        check=False,
    )
    os.close(waiting)
    os.close(writing)
    assert done.returncode == 0
    assert "nobody is here to answer" in done.stderr


def test_what_is_imported_from_another_repository_is_not_asked_of_our_own_remote(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DVC pushes no copy of it; that its listing is not here is no failure of our remote."""
    from dvc.repo import Repo

    user = GitRepo.init(tmp_path / "user")
    monkeypatch.chdir(user.path)
    Repo.init().close()
    user.write({".dvc/config": f"[core]\n    remote = s\n['remote \"s\"']\n    url = {tmp_path}/own\n"})
    for rev in ("old", "new"):
        with Repo() as dvc:
            dvc.imp(str(repo.path), "data", rev=rev, force=True)
            dvc.push()
        user.commit(rev, {})
    user.git("clean", "-fdqX")
    assert not list(tmp_path.glob("own/files/md5/*/*"))
    told = compare(user.path, "HEAD~1", config=Config())
    assert not [text for text in told.messages if "listing" in text]
    assert told.lacking > 0
    fetched = compare(user.path, "HEAD~1", config=Config(), fetch=True)
    assert fetched.messages == ()
    assert not (user.path / ".dvc/cache").exists()


@pytest.mark.parametrize("target", ["eval/metrics.json:auc", "scores.yaml:auc", "tuned.yaml:auc"])
def test_the_life_of_a_value_that_dvc_keeps_is_fetched(repo: GitRepo, target: str) -> None:
    """In a tracked directory, in a file of its own, in a params file."""
    blind = trace(repo.path, target, config=Config())
    assert [bool(entry.new.unread) for entry in blind.entries] == [True, True]
    assert "--fetch" in blind.messages[0]
    life = trace(repo.path, target, config=Config(), fetch=True)
    assert [entry.new.value for entry in life.entries] == [0.75, 0.5]
    assert life.messages == ()
    assert not (repo.path / "data").exists()
