"""What another DVC, or another editor, writes of the same project is no change of it.

The new side of every case is written by the real DVC; the old side is that text as DVC 2 (or 1) wrote it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from gitrepo import GitRepo, isolated, repo
from snapshot.agreement import dvcs, quiet_dvc

from dvc_changelog.config import Config
from dvc_changelog.domain import ChangeType, Migration, OutputChange, Release, Since, Touch
from dvc_changelog.snapshot import yaml12
from dvc_changelog.workflows import compare, generate, write

__all__ = ["isolated", "quiet_dvc", "repo"]

Files = dict[str, str]

CRLF = b"id,label\r\n1,a\r\n2,b\r\n"
MADE = CRLF.replace(b"1", b"2")
"""What the stages make of it."""
HASH = "a" * 32
REHASHED = {"data/raw.csv", "work/a.csv", "work/b.csv"}
PIPELINE = """\
stages:
  prepare:
    foreach: [a, b]
    do:
      wdir: work
      cmd: sed s/1/2/ ../data/raw.csv > ${item}.csv
      deps: [../data/raw.csv]
      outs: ["${item}.csv"]
  train:
    cmd: cat work/a.csv params.yaml > model.pkl;
      mkdir -p features; cp params.yaml features; echo '{"auc":0.9}' > metrics.json
    deps: [work/a.csv]
    params: [lr, deep, train.rate]
    outs: [model.pkl, features]
    metrics: [metrics.json: {cache: false}]
"""
TRAIN = "train:\n  rate: 0.30000000000000004\n  layers: [1, 2]\n"
PARAMS = f"lr: 1e-3\ndeep: false\n{TRAIN}"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as DVC 3 leaves it: a pipeline that has run, a file of text, one of bytes, a directory."""
    from dvc.repo import Repo

    repo = GitRepo.init(tmp_path_factory.mktemp("built") / "repo")
    repo.write(
        {
            "dvc.yaml": PIPELINE,
            "params.yaml": PARAMS,
            "data/raw.csv": CRLF,
            "data/bytes.bin": b"\x00\r\n\x01",
            "data/many/1.txt": "one\n",
            "data/many/2.txt": "two\n",
            "work/.keep": "",
        }
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repo.path)
        Repo.init().close()
        with Repo() as dvc:
            for path in ("data/raw.csv", "data/bytes.bin", "data/many"):
                dvc.add(path)
            dvc.reproduce()
    repo.commit("Begin")
    return repo.path


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def by_dvc_2(files: Files) -> Files:
    """Without `hash: md5`, and text with Windows' line ends by the hash that DVC 2 took of it."""
    told = {}
    for path, written in files.items():
        old = re.sub(r"^ +hash: md5\n", "", written, flags=re.MULTILINE)
        for data in (CRLF, MADE):
            old = old.replace(md5(data), md5(data.replace(b"\r\n", b"\n")))
        told[path] = old
    return told


def lock(change: Callable[[dict[str, Any]], dict[str, Any]], **style: Any) -> Callable[[Files], Files]:
    """The lock with another document, or in another style of YAML."""

    def rewrite(files: Files) -> Files:
        document = change(yaml12.load(files["dvc.lock"].encode()))
        return {**files, "dvc.lock": yaml.safe_dump(document, **{"sort_keys": False, **style})}

    return rewrite


def text(path: str, *steps: tuple[str, str]) -> Callable[[Files], Files]:
    """A file with other words, each of which was there."""

    def rewrite(files: Files) -> Files:
        found = files[path]
        for new, old in steps:
            assert new in found
            found = found.replace(new, old)
        return {**files, path: found}

    return rewrite


def _reversed(document: dict[str, Any]) -> dict[str, Any]:
    stages = {
        name: {**stage, **{key: stage[key][::-1] for key in ("deps", "outs") if key in stage}}
        for name, stage in reversed(document["stages"].items())
    }
    return {"stages": stages, "schema": "2.0"}


def _without(*keys: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def strip(value: Any) -> Any:
        match value:
            case dict():
                return {key: strip(inner) for key, inner in value.items() if key not in keys}
            case list():
                return [strip(inner) for inner in value]
            case _:
                return value

    return strip


NO_CHANGE: dict[str, Callable[[Files], Files]] = {
    "a lock of schema 1.0": lock(lambda document: document["stages"]),
    "a lock of schema 1.0, without what came later": lock(
        lambda document: _without("hash", "size", "nfiles")(document["stages"])
    ),
    "hashes of DVC 2 alone": lock(_without("hash")),
    "a lock in another order": lock(_reversed),
    "a lock quoted otherwise": lock(_without(), default_style="'"),
    "a lock on few lines": lock(_without(), default_flow_style=True, width=10_000),
    "a lock without sizes": lock(_without("size", "nfiles")),
    "a float in its last digit": text("dvc.lock", ("0.30000000000000004", "0.3")),
    "FALSE in the lock": text("dvc.lock", ("deep: false", "deep: FALSE")),
    "1e-3 in another spelling": text("dvc.lock", ("lr: 0.001", "lr: 1.0E-03")),
    "params.yaml in another form": text(
        "params.yaml",
        ("lr: 1e-3\n", "# The step.\nlr:    0.001\n"),
        ("deep: false", "deep: FALSE"),
        (TRAIN, "train: {layers: [1, 2], rate: 3.0000000000000004E-1}"),
    ),
    "a command on several lines": text("dvc.yaml", (";\n      mkdir", "; mkdir")),
    "a wdir that goes without saying": text("dvc.yaml", ("train:\n", "train:\n    wdir: .\n")),
    "outputs of a stage in another order": text("dvc.yaml", ("model.pkl, features", "features, model.pkl")),
    "a .dvc file whose own md5 changed": text("data/many.dvc", ("outs:", f"md5: {HASH}\nwdir: .\nouts:")),
    "a .dvc file with more words": text("data/many.dvc", ("  path:", "  isexec: true\n  desc: X\n  path:")),
}  # fmt: skip


def _old(built: Path, tmp_path: Path, old: Callable[[Files], Files]) -> tuple[GitRepo, Files]:
    """A repository whose DVC files are in the old form, tagged `old`, and these files in the new one."""
    repo = GitRepo(Path(shutil.copytree(built, tmp_path / "repo")))
    paths = [p for p in repo.git("ls-files").splitlines() if p.endswith((".dvc", "dvc.lock", ".yaml"))]
    new = {path: (repo.path / path).read_text() for path in paths}
    before = old(new)
    assert before != new
    repo.commit("Before", before)
    repo.tag("old")
    return repo, new


def _told(repo: GitRepo, files: Files) -> Release:
    repo.commit("Migrate", files)
    repo.tag("new")
    return compare(repo.path, "old", "new", config=Config())


def _outputs(told: Release) -> dict[str, ChangeType]:
    """What became of the outputs; nothing else changed, and everything could be read."""
    assert not told.problems
    assert {stale.since for stale in told.stale} <= {Since.INPUT}
    assert all(isinstance(change, OutputChange) for change in told.changes)
    return {change.path: change.change for change in told.changes}


@pytest.mark.parametrize("name", NO_CHANGE)
def test_the_same_in_another_form_is_no_change(name: str, built: Path, tmp_path: Path) -> None:
    told = _told(*_old(built, tmp_path, NO_CHANGE[name]))
    assert not _outputs(told)
    (commit,) = told.commits
    assert not {Touch.DATA, Touch.MODEL, Touch.METRICS} & set(commit.touches)


def test_dvc_3_takes_over_what_dvc_2_recorded(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `dvc cache migrate --dvc-files` does: text with Windows' line ends has another hash now."""
    from dvc.repo import Repo
    from dvc.repo.commit import commit_2_to_3

    repo, new = _old(built, tmp_path, by_dvc_2)
    monkeypatch.chdir(repo.path)
    with Repo() as dvc:
        commit_2_to_3(dvc)
    assert not _outputs(_told(repo, {}))  # in the cache are the files themselves, which settles it
    shutil.rmtree(repo.path / ".dvc" / "cache")
    told = compare(repo.path, "old", "new", config=Config())
    for path, written in new.items():
        assert yaml12.load((repo.path / path).read_bytes()) == yaml12.load(written.encode())
    assert _outputs(told) == dict.fromkeys(REHASHED, ChangeType.UNKNOWN)
    assert told.migrations == (Migration("2", "3", outputs=7, rehashed=3),)
    assert told.commits[0].touches == (Touch.PIPELINE,)
    back = compare(repo.path, "new", "old", config=Config())
    assert back.migrations == (Migration("3", "2", outputs=7, rehashed=3),)
    # DVC tells the two hashes apart by their kind, and calls modified even what has the same one.
    said = dvcs(repo.path, "old", "new").outputs
    assert said.keys() >= REHASHED
    assert any(was == now for fate, was, now in said.values() if fate == "modified")


def test_what_the_cache_settled_stays_settled_where_there_is_none(built: Path, tmp_path: Path) -> None:
    repo, new = _old(built, tmp_path, by_dvc_2)
    _told(repo, new)
    path = tmp_path / "CHANGELOG.md"
    write(generate(repo.path, config=Config()), Config(), path)
    assert "may be unchanged" not in path.read_text()
    shutil.rmtree(repo.path / ".dvc" / "cache")
    again = write(generate(repo.path, config=Config()), Config(), path)
    assert (again.changed, again.kept) == (False, ("new",))


def test_what_changed_with_the_migration_is_told_as_changed(built: Path, tmp_path: Path) -> None:
    repo, new = _old(built, tmp_path, by_dvc_2)
    grown = text("data/raw.csv.dvc", ("size: 20", "size: 21"), (md5(CRLF), md5(b"other")))(new)
    told = _told(repo, grown)
    assert _outputs(told)["data/raw.csv"] is ChangeType.MODIFIED
    assert told.migrations == (Migration("2", "3", outputs=6, rehashed=2),)
    assert Touch.DATA in told.commits[0].touches


def test_what_the_cache_proves_to_have_changed_is_not_called_migrated(built: Path, tmp_path: Path) -> None:
    repo, new = _old(built, tmp_path, by_dvc_2)
    other = b"other".ljust(20)
    place = repo.path / ".dvc/cache/files/md5" / md5(other)[:2] / md5(other)[2:]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(other)
    told = _told(repo, text("data/raw.csv.dvc", (md5(CRLF), md5(other)))(new))
    assert _outputs(told)["data/raw.csv"] is ChangeType.MODIFIED
    assert told.migrations == (Migration("2", "3", outputs=6, rehashed=2),)


def test_without_a_size_nobody_knows_whether_a_hash_of_another_kind_is_a_change(
    built: Path, tmp_path: Path
) -> None:
    repo, new = _old(built, tmp_path, lambda files: lock(_without("size", "nfiles"))(by_dvc_2(files)))
    assert not _outputs(_told(repo, new))
    shutil.rmtree(repo.path / ".dvc" / "cache")
    told = compare(repo.path, "old", "new", config=Config())
    assert _outputs(told) == dict.fromkeys(REHASHED, ChangeType.UNKNOWN)
    assert told.migrations == (Migration("2", "3", outputs=5, rehashed=1),)


def test_a_lock_that_went_to_schema_2_is_told_once(built: Path, tmp_path: Path) -> None:
    told = _told(*_old(built, tmp_path, NO_CHANGE["a lock of schema 1.0"]))
    assert told.migrations == (Migration("1.0", "2.0", "dvc.lock"),)


def test_an_imports_hash_of_another_kind_is_no_move(repo: GitRepo) -> None:
    entry = "{md5: %s, %ssize: 24, path: /raw.csv}"
    file = "frozen: true\ndeps: [%s]\nouts: [%s]\n"
    old, new = md5(CRLF.replace(b"\r", b"")), md5(CRLF)
    repo.release("old", "Begin", {".dvc/config": "", "x.dvc": file % ((entry % (old, ""),) * 2)})
    told = _told(repo, {"x.dvc": file % ((entry % (new, "hash: md5, "),) * 2)})
    assert [change.change for change in told.changes] == [ChangeType.UNKNOWN]


@pytest.mark.parametrize(
    ("locked", "said", "stale"),
    [
        ("0.1", "0.10000000000000002", False),
        ("0.30000000000000004", "0.3", False),
        ("[1.0, 0.1]", "[1.0, 0.10000000000000002]", False),
        ("0.1", "0.10000000000000005", True),  # three steps away: not how a lock is written
        ("0.1", "0.1000001", True),
        ("1", "1.0", False),
        ("0.0", "1e-300", True),
        (".nan", ".nan", False),
        ("'0.1'", "0.1", True),
    ],
)
def test_a_param_is_stale_only_where_somebody_set_it_anew(
    repo: GitRepo, locked: str, said: str, *, stale: bool
) -> None:
    files = {
        ".dvc/config": "",
        "dvc.yaml": "stages: {train: {cmd: run, params: [lr]}}",
        "dvc.lock": f"{{train: {{cmd: run, params: {{params.yaml: {{lr: {locked}}}}}}}}}",
        "params.yaml": f"lr: {said}",
    }
    repo.release("old", "Begin", files)
    assert bool(compare(repo.path, "old", "old", config=Config()).stale) is stale
