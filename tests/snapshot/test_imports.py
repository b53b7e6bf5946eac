"""Imports and datasets, as the real DVC writes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from dataregistry import source
from gitrepo import GitRepo, isolated, repo
from snapshot.agreement import quiet_dvc

from dvc_changelog.config import Config
from dvc_changelog.domain import ChangeType, Content, Import, ImportChange, Release
from dvc_changelog.render import markdown
from dvc_changelog.snapshot import lockfile
from dvc_changelog.snapshot.datasets import datasets_of, entries_of
from dvc_changelog.workflows import compare

__all__ = ["isolated", "quiet_dvc", "repo", "source"]


@pytest.fixture
def project(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> GitRepo:
    """A DVC project without anything in it; the current directory."""
    from dvc.repo import Repo

    monkeypatch.chdir(repo.path)
    Repo.init().close()
    repo.commit("Begin", {})
    return repo


def told(repo: GitRepo) -> Release:
    return compare(repo.path, "HEAD~1", "HEAD", config=Config())


def brought(release: Release) -> list[tuple[Import | None, Import | None]]:
    return [(c.old, c.new) for c in release.changes if isinstance(c, ImportChange)]


def said(release: Release) -> list[str]:
    """The lines that speak of imports and datasets."""
    lines = markdown.entry(release, Config()).splitlines()
    return [line for line in lines if line.startswith(("- Imported", "- Dataset", "- Added dataset"))]


def test_an_import_of_another_revision_is_told_with_its_source(source: GitRepo, project: GitRepo) -> None:
    from dvc.repo import Repo

    url = source.path.as_uri()
    with Repo(str(project.path)) as dvc:
        dvc.imp(url, "d.csv", rev="v1")
    project.commit("Import", {})
    with Repo(str(project.path)) as dvc:
        dvc.update(["d.csv.dvc"], rev="v2")
    project.commit("Update", {})
    release = told(project)
    ((old, new),) = brought(release)
    ids = [source.git("rev-parse", tag) for tag in ("v1", "v2")]
    assert old == Import("d.csv.dvc", "repo", url, "d.csv", "v1", ids[0])
    assert new == Import("d.csv.dvc", "repo", url, "d.csv", "v2", ids[1])
    assert said(release) == [
        f"- Imported `d.csv` from `registry` (`d.csv`): `{ids[0][:7]}` → `{ids[1][:7]}` (rev `v1` → `v2`)"
    ]


@pytest.mark.parametrize("options", [{}, {"no_download": True}])
def test_an_import_of_an_address_is_told_by_its_hash(
    project: GitRepo, tmp_path: Path, options: dict[str, Any]
) -> None:
    from dvc.repo import Repo

    outside = tmp_path / "outside.csv"
    for number in (1, 2):
        outside.write_text(f"x\n{number}\n")
        with Repo(str(project.path)) as dvc:
            dvc.imp_url(str(outside), out="e.csv", force=True, **options)
        project.commit("Import", {})
    ((old, new),) = brought(told(project))
    assert old is not None
    assert new is not None
    assert (old.kind, old.url) == ("url", str(outside))
    assert old.content is not None
    assert new.content is not None
    assert (old.content.algorithm, new.content.algorithm) == ("md5", "md5")
    assert old.content.digest != new.content.digest


_DATABASE = """\
md5: {own}
frozen: true
deps:
- db:
    connection: {connection}
    file_format: csv
    {asked}
outs:
- md5: {md5}
  size: 12
  hash: md5
  path: t.csv
"""
"""A file of `dvc import-db`, to the byte; pandas, which the command needs, is no package of these tests."""


def of_database(connection: str, asked: str, md5: str = "c937de04779350ad9a970e7f6ea79152") -> str:
    return _DATABASE.format(own="d" * 32, connection=connection, asked=asked, md5=md5)


_TABLE = of_database("pg", "table: t")
_QUERY = of_database("pg", "query: select a from t")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, _TABLE, ["- Imported `t.csv` from the database `pg`, the table `t`"]),
        (
            _TABLE,
            of_database("pg", "table: u"),
            ["- Imported `t.csv` from the database `pg`: now the table `u`, not the table `t`"],
        ),
        (
            _TABLE,
            _QUERY,
            ["- Imported `t.csv` from the database `pg`: now the query `select a from t`, not the table `t`"],
        ),
        (
            _TABLE,
            of_database("other", "table: t"),
            ["- Imported `t.csv` from the database `other`, before from the database `pg`"],
        ),
        (
            _TABLE,
            of_database("mysql://ada:p@ss@host/db", "table: t"),
            ["- Imported `t.csv` from the database `mysql://host/db`, before from the database `pg`"],
        ),
        (_QUERY, of_database("pg", 'query: "select a\\n  from t"'), []),
        (_TABLE, of_database("pg", "table: t", "4f016599884ec253a494161fae240e50"), []),
    ],
)
def test_what_a_database_is_asked_is_told(
    project: GitRepo, before: str | None, after: str, expected: list[str]
) -> None:
    project.commit("Import", {"t.csv.dvc": before} if before else {})
    project.commit("Import otherwise", {"t.csv.dvc": after})
    assert said(told(project)) == expected


@pytest.mark.parametrize("url", ["https://x.org/r.git", "https://ada:n@w@x.org/r.git"])
def test_other_credentials_are_no_change(url: str) -> None:
    old = Import("d.dvc", "repo", "https://ada:old@x.org/r.git", rev_lock="1" * 40)
    new = replace(old, url=url)
    assert old.same(new)
    moved = ImportChange(ChangeType.MODIFIED, "d.dvc", old, replace(new, rev_lock="2" * 40))
    assert moved.moved


def test_a_dataset_is_told_when_it_is_added_and_when_it_moves(source: GitRepo, project: GitRepo) -> None:
    from dvc.repo import Repo

    with Repo(str(project.path)) as dvc, dvc.lock:
        dvc.datasets.add("numbers", source.path.as_uri(), "dvc", path="d.csv", rev="v1")
    stage = "stages:\n  count:\n    cmd: echo 1 > n.txt\n    deps: [ds://numbers]\n    outs: [n.txt]\n"
    project.commit("Add", {"dvc.yaml": (project.path / "dvc.yaml").read_text() + stage})
    with Repo(str(project.path)) as dvc:
        dvc.reproduce()
    first = told(project)
    project.commit("Run", {})
    with Repo(str(project.path)) as dvc, dvc.lock:
        dvc.datasets.update("numbers", rev="v2")
    project.commit("Update", {})
    ids = [source.git("rev-parse", tag)[:7] for tag in ("v1", "v2")]
    assert said(first) == [f"- Added dataset `numbers` from `registry` (`d.csv`) at `{ids[0]}` (rev `v1`)"]
    release = told(project)
    assert said(release) == [
        f"- Dataset `numbers` from `registry` (`d.csv`): `{ids[0]}` → `{ids[1]}` (rev `v1` → `v2`)"
    ]
    assert "1 dataset changed" in markdown.entry(release, Config())
    assert [touch.value for touch in release.commits[0].touches] == ["data", "pipeline"]
    lock = lockfile.parse((project.path / "dvc.lock").read_bytes())
    (dep,) = lock.runs["count"].deps
    assert dep.path == "ds://numbers"
    assert dep.content is not None
    assert dep.content.algorithm == "dataset"


def _written(lock: Any) -> dict[str, Any]:
    """A lock's entry through YAML, as DVC writes it."""
    from dvc.utils.serialize import dumps_yaml

    found: dict[str, Any] = yaml.safe_load(dumps_yaml(lock.to_dict()))
    return found


def test_datasets_of_addresses_and_of_datachain_are_read_as_dvc_writes_them() -> None:
    from dvc.repo.datasets import DatachainDatasetLock, FileInfo, URLDatasetLock
    from dvc_data.hashfile.meta import Meta

    moment = datetime(2026, 3, 14, tzinfo=UTC)
    chain = DatachainDatasetLock(name="c", url="dc://cats", type="dc", version=4, created_at=moment)
    single = URLDatasetLock(name="u", url="s3://b/x.csv", type="url", meta=Meta(size=3, version_id="v"))
    files = [FileInfo(relpath=name, meta=Meta(size=2, etag=name)) for name in ("b", "a")]
    many = URLDatasetLock(
        name="d", url="s3://b/d", type="url", meta=Meta(isdir=True, nfiles=2, size=4), files=files
    )
    locks = entries_of([_written(lock) for lock in (chain, single, many)])
    specs = tuple({key: lock[key] for key in ("name", "url", "type")} for lock in locks)
    found = {one.name: one for one in datasets_of("dvc.yaml", specs, locks)}
    assert found["c"] == Import("dvc.yaml", "dc", "dc://cats", content=Content("version", "4"), name="c")
    assert found["u"].content == Content("version_id", "v", 3)
    content = found["d"].content
    assert content is not None
    assert (content.algorithm, content.size, content.nfiles) == ("files", 4, 2)
    assert [(path, digest) for path, digest, _ in content.files] == [("a", "a"), ("b", "b")]


def test_a_lock_of_another_declaration_does_not_count() -> None:
    """DVC calls such a dataset "not in sync"."""
    spec = {"name": "n", "type": "dvc", "url": "https://a.org/x/y", "rev": "v2"}
    (found,) = datasets_of("dvc.yaml", (spec,), ({**spec, "rev": "v1", "rev_lock": "1" * 40},))
    assert (found.rev, found.rev_lock) == ("v2", "")


@pytest.mark.parametrize("section", [None, "x", [1, {"name": "n"}, {"type": "dvc"}, ["a"]]])
def test_a_section_of_another_shape_has_no_datasets(section: object) -> None:
    assert entries_of(section) == ()
