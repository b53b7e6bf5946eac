"""DVC's files in every form that lies in old and foreign repositories, committed by hand with plain Git."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated, repo

from dvc_changelog.diff import diff
from dvc_changelog.domain import (
    ArtifactChange,
    Change,
    ChangeType,
    FileChange,
    ImportChange,
    MetricChange,
    OutputChange,
    ParamChange,
    RemoteChange,
    Role,
    Snapshot,
)
from dvc_changelog.history import History, Selection
from dvc_changelog.snapshot import Options, Snapshots

__all__ = ["isolated", "repo"]

A, B, C = (letter * 32 for letter in "abc")


@dataclass
class Reader:
    """A repository whose states are committed and read at once."""

    repo: GitRepo
    options: Options

    def at(self, files: Mapping[str, str | bytes], *, keep: bool = False) -> Snapshot:
        """The snapshot of a commit with these files, and no others unless `keep`."""
        if not keep and any(path.name != ".git" for path in self.repo.path.iterdir()):
            self.repo.git("rm", "-rqf", "--ignore-unmatch", ".")
        self.repo.commit("Work", files)
        return self.now()

    def now(self) -> Snapshot:
        """The snapshot of the last commit, by a process that has read nothing yet."""
        history = History(self.repo.path)
        try:
            return Snapshots(history.git, self.options).at(history.revision("HEAD"))
        finally:
            history.git.close()

    def changes(self, old: Mapping[str, str | bytes], new: Mapping[str, str | bytes]) -> tuple[Change, ...]:
        return diff(self.at(old), self.at(new))


@pytest.fixture
def read(repo: GitRepo) -> Reader:
    return Reader(repo, Options())


def lock(*outs: str, head: str = "schema: '2.0'\nstages:\n", stage: str = "train", params: str = "") -> str:
    """A dvc.lock with one stage; each output is 'path md5'."""
    entries = "".join(
        f"    - path: {path}\n      hash: md5\n      md5: {md5}\n      size: 3\n"
        for path, md5 in (out.split() for out in outs)
    )
    return f"{head}  {stage}:\n    cmd: run\n{params}    outs:\n{entries}"


def dvcfile(path: str, md5: str, extra: str = "") -> str:
    return f"outs:\n- md5: {md5}\n  size: 3\n  hash: md5\n  path: {path}\n{extra}"


DEFINED = "stages: {train: {cmd: run, outs: [model.pkl]}}"


def contents(snapshot: Snapshot) -> dict[str, tuple[str, str]]:
    return {path: (out.content.algorithm, out.content.digest) for path, out in snapshot.outputs.items()}


def reasons(snapshot: Snapshot) -> dict[str, str]:
    return {problem.path: problem.reason for problem in snapshot.problems}


CONFLICT = "<<<<<<< HEAD\nstages: {}\n=======\nstages: {train: {cmd: x}}\n>>>>>>> other\n"


# Locks


def test_a_lock_of_schema_1_is_read(read: Reader) -> None:
    snapshot = read.at(
        {
            "dvc.yaml": DEFINED,
            "dvc.lock": f"train:\n  cmd: run\n  params:\n    params.yaml:\n      lr: 1e-3\n"
            f"  outs:\n  - path: model.pkl\n    md5: {A}\n",
        }
    )
    assert contents(snapshot) == {"model.pkl": ("md5", A)}
    assert snapshot.outputs["model.pkl"].content.legacy
    run = snapshot.stages["train"].ran
    assert run is not None
    assert run.params == ((("params.yaml", "lr"), 0.001),)


def test_a_lock_of_an_unknown_schema_is_a_problem(read: Reader) -> None:
    snapshot = read.at(
        {"dvc.yaml": DEFINED, "dvc.lock": lock(f"model.pkl {A}", head="schema: '3.0'\nstages:\n")}
    )
    assert reasons(snapshot) == {"dvc.lock": "a lock file of the unknown schema 3.0"}
    assert list(snapshot.stages) == ["train"]


def test_a_lock_with_windows_line_ends_says_the_same(read: Reader) -> None:
    text = lock(f"model.pkl {A}", f"dir\\sub\\x.bin {B}")
    defined = "stages: {train: {cmd: run, outs: [model.pkl, dir/sub/x.bin]}}"
    unix = {"dvc.yaml": defined, "dvc.lock": text}
    windows = {"dvc.yaml": defined, "dvc.lock": text.replace("\n", "\r\n")}
    assert read.changes(unix, windows) == ()
    assert contents(read.now()) == {"model.pkl": ("md5", A), "dir/sub/x.bin": ("md5", B)}


def test_a_stage_that_is_defined_no_more_loses_its_outputs(read: Reader) -> None:
    stale = lock(f"model.pkl {B}", head="", stage="old_train")
    snapshot = read.at({"dvc.yaml": DEFINED, "dvc.lock": lock(f"model.pkl {A}", f"gone.pkl {C}") + stale})
    assert contents(snapshot) == {"model.pkl": ("md5", A)}
    assert list(snapshot.stages) == ["train"]


def test_the_defined_stage_wins_though_the_lock_has_the_stale_one_last_and_templates_fail(
    read: Reader,
) -> None:
    defined = "stages: {train: {cmd: run, outs: [model.pkl]}, other: {cmd: 'run ${nowhere}', outs: [o]}}"
    text = lock(f"model.pkl {A}") + "".join(
        (
            lock(f"model.pkl {B}", f"x {B}", head="", stage="old_train"),
            lock(f"o {C}", head="", stage="other"),
        )
    )
    snapshot = read.at({"dvc.yaml": defined, "dvc.lock": text})
    assert contents(snapshot) == {"model.pkl": ("md5", A), "o": ("md5", C)}
    assert set(snapshot.stages) == {"train", "other"}
    assert "nowhere" in reasons(snapshot)["dvc.yaml"]


def test_an_output_that_its_stage_no_longer_declares_is_none_even_if_the_stage_has_only_metrics(
    read: Reader,
) -> None:
    defined = "stages: {train: {cmd: run, metrics: [m.json: {cache: false}]}}"
    snapshot = read.at({"dvc.yaml": defined, "dvc.lock": lock(f"model.pkl {A}"), "m.json": '{"auc": 1}'})
    assert contents(snapshot) == {}


def test_a_lock_without_dvc_yaml_says_nothing_as_for_dvc(read: Reader) -> None:
    """It is left over: whatever stands in it, or can be read of it."""
    params = "    params:\n      conf.yaml:\n        lr: 1\n"
    text = (
        lock(f"model.pkl {A}", f"m.json {B}", params=params) + "datasets:\n- {name: d, type: url, url: u}\n"
    )
    living = {"dvc.yaml": DEFINED, "sub/conf.yaml": "lr: 2\n", "sub/m.json": '{"auc": 1}'}
    alone = read.at(living)
    for left in (text, text + CONFLICT, f"train:\n  cmd: run\n  outs:\n  - path: model.pkl\n    md5: {A}\n"):
        snapshot = read.at({**living, "sub/dvc.lock": left})
        assert snapshot == alone
    assert list(alone.stages) == ["train"]


def test_a_lock_without_dvc_yaml_makes_no_project(read: Reader) -> None:
    assert read.at({"sub/dvc.lock": lock(f"model.pkl {A}"), "params.yaml": "a: 1\n"}).projects == ()


def test_a_lock_beside_a_dvc_yaml_that_is_a_link_is_read(read: Reader) -> None:
    """DVC follows the link in a checkout, and fails on it in a commit."""
    read.repo.write({"pipeline.yaml": DEFINED, "dvc.lock": lock(f"model.pkl {A}")})
    (read.repo.path / "dvc.yaml").symlink_to("pipeline.yaml")
    read.repo.commit("Link")
    snapshot = read.now()
    assert contents(snapshot) == {"model.pkl": ("md5", A)}
    assert list(snapshot.stages) == ["train"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (CONFLICT, "merge conflict markers at line 1"),
        ("stages: [\n", "not valid YAML: "),
        ("- a\n", "not a dvc.yaml: no mapping at the top"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_dvc_yaml_that_cannot_be_read_is_a_problem_and_changes_nothing(
    read: Reader, text: str | bytes, reason: str
) -> None:
    metric = f"    - path: m.json\n      hash: md5\n      md5: {B}\n"
    params = "    params:\n      params.yaml:\n        lr: 1\n"
    files: dict[str, str | bytes] = {
        "dvc.lock": lock(f"model.pkl {A}", params=params) + metric,
        "m.json": '{"auc": 0.5}',
        "params.yaml": "lr: 1\nother: 2\n",
    }
    defined = (
        "stages: {train: {cmd: run, params: [lr], outs: [model.pkl], metrics: [m.json: {cache: false}]}}"
    )
    good, bad = read.at({**files, "dvc.yaml": defined}), read.at({**files, "dvc.yaml": text})
    assert contents(bad) == {"model.pkl": ("md5", A)}
    assert reasons(bad)["dvc.yaml"].startswith(reason)
    assert [c for c in diff(good, bad) if isinstance(c, OutputChange | MetricChange | ParamChange)] == []


def test_a_broken_lock_is_a_problem(read: Reader) -> None:
    snapshot = read.at({"dvc.yaml": DEFINED, "dvc.lock": lock(f"model.pkl {A}") + CONFLICT})
    assert reasons(snapshot) == {"dvc.lock": "merge conflict markers at line 10"}


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("dvc.lock", ["model.pkl", "report.txt"]),
        ("d.csv.dvc", ["d.csv"]),
        ("requirements.txt", []),
        ("dvc.yaml", ["m.onnx", "r.json", "scores.json"]),
    ],
)
def test_what_stands_in_a_file_that_cannot_be_read_did_not_come_or_go(
    read: Reader, path: str, told: list[str]
) -> None:
    files = {
        "dvc.yaml": "metrics: [scores.json]\nparams: [conf.yaml]\nplots: [curve.csv]\n"
        "artifacts: {m: {path: m.onnx}}\ndatasets: [{name: d, type: url, url: 's3://b/x'}]\nstages:\n"
        "  train: {cmd: run, outs: [model.pkl, report.txt]}\n"
        "  never: {cmd: run, params: [other.yaml: [a]], metrics: [r.json: {cache: false}], outs: [o.bin]}\n",
        "dvc.lock": lock(f"model.pkl {A}", f"report.txt {B}"),
        "d.csv.dvc": dvcfile("d.csv", A, "deps: [{path: d.csv, repo: {url: ../reg, rev_lock: abc}}]\n"),
        "requirements.txt": "numpy==1.0\n",
        **dict.fromkeys(("scores.json", "r.json", "conf.yaml", "other.yaml"), '{"a": 1}'),
        **dict.fromkeys(("curve.csv", "m.onnx"), "x,y\n1,2\n"),
    }
    good, bad = read.at(files), read.at(files | {path: CONFLICT})
    for changes in (diff(good, bad), diff(bad, good)):
        assert {change.change for change in changes} <= {ChangeType.UNKNOWN}
        assert sorted({change.path for change in changes}) == told


def test_an_output_that_its_lock_no_longer_records_is_not_removed(read: Reader) -> None:
    files = {"dvc.yaml": DEFINED, "dvc.lock": lock(f"model.pkl {A}")}
    ran, lost = read.at(files), read.at(files | {"dvc.lock": lock(f"x {B}", stage="other")})
    assert lost.unrecorded == {"model.pkl"}
    assert [(c.change, c.path) for c in diff(ran, lost)] == [(ChangeType.UNKNOWN, "model.pkl")]
    assert [(c.change, c.path) for c in diff(lost, ran)] == [(ChangeType.ADDED, "model.pkl")]


def test_a_metric_that_goes_from_the_cache_to_git_neither_came_nor_went(read: Reader) -> None:
    defined, locked = "stages: {train: {cmd: run, metrics: [m.json]}}", lock(f"m.json {A}")
    cached = read.at({"dvc.yaml": defined, "dvc.lock": locked})
    defined = defined.replace("m.json", "m.json: {cache: false}")
    in_git = read.at({"dvc.yaml": defined, "dvc.lock": locked, "m.json": '{"auc": 0.6}'})
    for changes in (diff(cached, in_git), diff(in_git, cached)):
        assert {(type(change), change.change) for change in changes} == {(MetricChange, ChangeType.UNKNOWN)}


def test_an_import_that_is_not_downloaded_any_more_is_not_removed(read: Reader) -> None:
    import_ = "deps: [{path: d.csv, repo: {url: ../reg, rev_lock: abc}}]\n"
    held = read.at({"d.csv.dvc": dvcfile("d.csv", A, import_)})
    bare = read.at({"d.csv.dvc": f"outs: [{{path: d.csv, hash: md5}}]\n{import_}"})
    assert [(c.change, c.path) for c in diff(held, bare)] == [(ChangeType.UNKNOWN, "d.csv")]


# .dvc files


def test_a_pre_1_0_stage_in_a_dvc_file_is_read(read: Reader) -> None:
    text = (
        f"md5: {C}\ncmd: python train.py\nwdir: ..\ndeps:\n- md5: {A}\n  path: data.csv\n"
        f"outs:\n- md5: {B}\n  path: model.pkl\n  cache: true\n  metric: false\n"
        f"- md5: {C}\n  path: auc.json\n  cache: false\n  metric: true\n"
        f"- md5: {A}\n  path: p.json\n  metric: true\n"
    )
    snapshot = read.at({"stages/train.dvc": text, "auc.json": '{"auc": 0.5}'})
    assert contents(snapshot) == {"model.pkl": ("md5", B), "p.json": ("md5", A)}
    assert snapshot.outputs["model.pkl"].role is Role.DERIVED
    assert snapshot.metrics["auc.json"].values == {"auc": 0.5}
    assert snapshot.metrics["p.json"].values is None
    assert snapshot.stages["stages/train.dvc"].deps == ("data.csv",)
    assert snapshot.problems == ()


def test_a_dvcfile_is_a_stage(read: Reader) -> None:
    snapshot = read.at({"sub/Dvcfile": f"cmd: run\nouts:\n- md5: {A}\n  path: o.txt\n"})
    assert contents(snapshot) == {"sub/o.txt": ("md5", A)}
    assert snapshot.stages["sub/Dvcfile"].cmd == "run"


def test_the_same_md5_is_no_change_though_dvc_3_adds_its_hash_key(read: Reader) -> None:
    new = dvcfile("d", A)
    assert read.changes({"d.dvc": new.replace("  hash: md5\n", "")}, {"d.dvc": new}) == ()


def test_windows_paths_are_read_with_slashes(read: Reader) -> None:
    assert contents(read.at({"d.dvc": dvcfile("data\\raw.csv", A).replace("\n", "\r\n")})) == {
        "data/raw.csv": ("md5", A)
    }


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("etag: '\"x-1\"'", ("etag", '"x-1"')),
        ("checksum: abc", ("checksum", "abc")),
        ("cloud: {s3: {etag: e, version_id: v}}", ("etag", "e")),
        ("md5: m\n  cloud: {s3: {etag: e, version_id: v}}", ("md5", "m")),
        ("version_id: v", ("version_id", "v")),
    ],
)
def test_content_is_known_by_what_the_remote_calls_it(
    read: Reader, entry: str, expected: tuple[str, str]
) -> None:
    snapshot = read.at({"x.dvc": f"outs:\n- path: x\n  size: 1\n  {entry}\n"})
    assert contents(snapshot) == {"x": expected}


def test_an_output_that_is_kept_on_another_remote_has_not_changed_as_data(read: Reader) -> None:
    stage = "stages: {train: {cmd: run, outs: [m: {remote: %s}, n]}}"
    locked = lock(f"m {A}", f"n {B}")
    old = {"dvc.yaml": stage % "old", "dvc.lock": locked, "d.dvc": dvcfile("d", A)}
    new = {"dvc.yaml": stage % "new", "dvc.lock": locked, "d.dvc": dvcfile("d", A, "  remote: eu\n")}
    expected = (
        RemoteChange(ChangeType.MODIFIED, "d", "", "eu"),
        RemoteChange(ChangeType.MODIFIED, "m", "old", "new"),
    )
    assert read.changes(old, new) == expected
    moved = {**new, "dvc.lock": lock(f"m {B}", f"n {B}")}
    assert [type(c) for c in read.changes(old, moved)] == [OutputChange, RemoteChange, RemoteChange]


def test_where_dvc_yaml_cannot_be_read_no_remote_has_changed(read: Reader) -> None:
    stage = "stages: {train: {cmd: run, outs: [m: {remote: old}]}}"
    locked = lock(f"m {A}")
    old, new = {"dvc.yaml": stage, "dvc.lock": locked}, {"dvc.yaml": "{[", "dvc.lock": locked}
    for sides in ((old, new), (new, old)):
        assert [c for c in read.changes(*sides) if isinstance(c, RemoteChange)] == []


def test_what_another_repository_keeps_is_on_no_remote_of_this_one(read: Reader) -> None:
    imported = f"deps:\n- path: d\n  repo: {{url: u, rev_lock: {A}}}\n{dvcfile('d', A)}"
    added = dvcfile("d", A, "  remote: eu\n")
    found = read.changes({"d.dvc": imported}, {"d.dvc": added})
    assert [type(change) for change in found] == [ImportChange]


@pytest.mark.parametrize(
    "file",
    [
        "- relpath: {path}\n    md5: {digest}\n    size: {size}\n    cloud: {{s3: {{etag: x}}}}\n",
        "- relpath: {path}\n    version_id: v\n    etag: {digest}\n    size: {size}\n",
        "- relpath: {path}\n    cloud: {{s3: {{version_id: '{digest}'}}}}\n    size: {size}\n",
    ],
)
def test_a_cloud_versioned_directory_is_its_files(read: Reader, file: str) -> None:
    def text(*files: tuple[str, str, int]) -> str:
        listed = "".join(
            "  " + file.format(path=path, digest=digest, size=size) for path, digest, size in files
        )
        return f"outs:\n- path: data\n  hash: md5\n  files:\n{listed}"

    one, two, other = ("a.csv", A, 1), ("b/c.csv", B, 2), ("b/c.csv", C, 2)
    old = read.at({"data.dvc": text(one, two)})
    content = old.outputs["data"].content
    assert content.is_dir
    assert content.nfiles == 2
    assert [name for name, _, _ in content.files] == ["a.csv", "b/c.csv"]
    assert diff(old, read.at({"data.dvc": text(two, one)})) == ()
    (change,) = diff(old, read.at({"data.dvc": text(one, other)}))
    assert change.change is ChangeType.MODIFIED


def test_an_import_that_moved_its_lock_is_told(read: Reader) -> None:
    def text(rev_lock: str) -> str:
        repo = f"repo:\n    url: https://github.com/x/y\n    rev: main\n    rev_lock: {rev_lock}\n"
        return f"frozen: true\ndeps:\n- path: data/d.csv\n  {repo}{dvcfile('d.csv', A)}"

    changes = read.changes({"d.csv.dvc": text("1" * 40)}, {"d.csv.dvc": text("2" * 40)})
    (change,) = changes
    assert isinstance(change, ImportChange)
    assert change.new is not None
    assert change.old is not None
    assert (change.old.rev_lock, change.new.rev_lock) == ("1" * 40, "2" * 40)
    assert (change.new.kind, change.new.url, change.new.source) == (
        "repo",
        "https://github.com/x/y",
        "data/d.csv",
    )


def test_imports_from_addresses_and_databases_are_read(read: Reader) -> None:
    url = f"deps:\n- etag: '\"e\"'\n  size: 3\n  path: https://x.org/d.csv\n{dvcfile('d.csv', A)}"
    query = "query: 'select  *\n      from t'\n    connection: c\n    file_format: csv"
    db = f"frozen: true\ndeps:\n- db:\n    {query}\n{dvcfile('t.csv', B)}"
    dbt = f"frozen: true\ndeps:\n- repo:\n    model: users\n    profile: p\n{dvcfile('u.csv', B)}"
    snapshot = read.at({"d.csv.dvc": url, "t.csv.dvc": db, "u.csv.dvc": dbt})
    found = {path: (i.kind, i.url, i.content and i.content.digest) for path, i in snapshot.imports.items()}
    assert found == {
        "d.csv.dvc": ("url", "https://x.org/d.csv", '"e"'),
        "t.csv.dvc": ("db", "c", "select * from t"),
        "u.csv.dvc": ("db", "p", "users"),
    }


# Models and artifacts


def test_a_declared_type_wins_both_ways(read: Reader) -> None:
    snapshot = read.at(
        {
            "dvc.yaml": "stages: {train: {cmd: run, outs: [blob: {type: model}, b.pt: {type: data}, a.pt]}}",
            "dvc.lock": lock(f"blob {A}", f"b.pt {B}", f"a.pt {C}"),
            "x.onnx.dvc": dvcfile("x.onnx", A, "  type: data\n"),
            "y.bin.dvc": dvcfile("y.bin", A, "  type: model\n"),
        }
    )
    assert {path for path, out in snapshot.outputs.items() if out.model} == {"blob", "a.pt", "y.bin"}


def test_artifacts_of_dvc_yaml_and_of_artifacts_yaml_mark_their_outputs(read: Reader) -> None:
    entry = "{path: %s, type: %s, labels: [a, b], desc: Text}"
    snapshot = read.at(
        {
            "dvc.yaml": f"artifacts: {{net: {entry % ('sub/blob', 'model')}, lost: {{type: model}}}}",
            "sub/dvc.yaml": f"artifacts: {{net: {entry % ('other.pt', 'dataset')}}}",
            "old/artifacts.yaml": f"third: {entry % ('m', 'model')}",
            **{
                f"{path}.dvc": dvcfile(path.rpartition("/")[2], A)
                for path in ("sub/blob", "sub/other.pt", "old/m")
            },
        }
    )
    assert {path for path, out in snapshot.outputs.items() if out.model} == {"sub/blob", "old/m"}
    artifact = snapshot.outputs["sub/blob"].artifact
    assert artifact is not None
    assert (artifact.name, artifact.labels, artifact.desc) == ("net", ("a", "b"), "Text")
    other = snapshot.outputs["sub/other.pt"].artifact
    assert other is not None
    assert other.file == "sub/dvc.yaml"
    assert {a.file for a in snapshot.artifacts.values()} == {"dvc.yaml", "sub/dvc.yaml", "old/artifacts.yaml"}


def test_an_artifact_that_is_gone_lets_its_output_be_data_again(read: Reader) -> None:
    file = {"blob.dvc": dvcfile("blob", A)}
    old = read.at({**file, "dvc.yaml": "artifacts: {net: {path: blob, type: model}}"})
    new = read.at(file)
    assert old.outputs["blob"].model
    assert not new.outputs["blob"].model
    assert [(type(c), c.change, c.path) for c in diff(old, new)] == [
        (ArtifactChange, ChangeType.DELETED, "dvc.yaml")
    ]


def test_an_artifact_in_git_is_told_by_its_git_id(read: Reader) -> None:
    declared = """
artifacts:
  net: {path: net.pkl, type: model}
  raw: {path: raw}
  tracked: {path: data/x.csv, type: model}
  pointer: {path: data/x.csv.dvc, type: model}
  whole: {path: data}
  far: {path: "s3://bucket/net.pkl"}
"""
    files = {"dvc.yaml": declared, "net.pkl": "1", "raw/a": "1", "data/x.csv.dvc": dvcfile("x.csv", A)}
    old, new = read.at(files), read.at({**files, "net.pkl": "2", "raw/a": "2"})
    assert set(old.outputs) == {"net.pkl", "raw", "data/x.csv"}
    assert old.outputs["net.pkl"].model
    assert not old.outputs["raw"].model
    assert [(c.path, c.change) for c in diff(old, new)] == [
        ("net.pkl", ChangeType.MODIFIED),
        ("raw", ChangeType.MODIFIED),
    ]


def artifacts(*paths: str) -> str:
    return "artifacts:\n" + "".join(f"  a{n}: {{path: '{path}'}}\n" for n, path in enumerate(paths))


def test_an_artifact_that_points_to_nothing_is_a_problem(read: Reader) -> None:
    snapshot = read.at(
        {
            "dvc.yaml": artifacts("gone.pkl", "sub", "file.txt/x"),
            "sub/dvc.yaml": artifacts("file.txt", "m.pkl"),
            "sub/m.pkl.dvc": dvcfile("m.pkl", A),
            "file.txt": "text",
        }
    )
    reason = "artifact %s in %s points to it, but it is neither in Git nor tracked by DVC"
    assert [(p.path, p.reason) for p in snapshot.problems] == [
        ("gone.pkl", reason % ("a0", "dvc.yaml")),
        ("file.txt/x", reason % ("a2", "dvc.yaml")),
        ("sub/file.txt", reason % ("a0", "sub/dvc.yaml")),
    ]


@pytest.mark.parametrize(
    "files",
    [
        {
            "dvc.yaml": artifacts("d", "d/a", "s", "s/", "./s/file.txt"),
            "d.dvc": dvcfile("d", A),
            "s/file.txt": "",
        },
        {"dvc.yaml": artifacts("models"), "models/m.pkl.dvc": dvcfile("m.pkl", A)},
        {
            "sub/dvc.yaml": "stages: {train: {cmd: run, wdir: .., outs: [not-run.pkl], metrics: [m.json]}}\n"
            + artifacts("../not-run.pkl", "../m.json", "../not-run.pkl/inside")
        },
        {"dvc.yaml": artifacts("s3://bucket/m.pkl", "/data/m.pkl", "../beside/m.pkl")},
        {"dvc.yaml": artifacts("x"), "x.dvc": "deps: [{path: 'https://a.org/x'}]\nouts: [{path: x}]"},
        {"dvc.yaml": artifacts("x"), "y.dvc": "<<<<<<< HEAD\n"},
        {"dvc.yaml": artifacts("module/x"), ".gitmodules": "[submodule 'module']\n"},
        {"dvc.yaml": artifacts("${p}"), "params.yaml": "p: m.pkl", "m.pkl": "m"},
        {"artifacts.yaml": "virtual: {path: gone.pkl}", ".dvc/config": ""},
    ],
    ids=["directory", "above", "stage", "elsewhere", "no-download", "unread", "module", "template", "gto"],
)
def test_an_artifact_that_points_to_something_is_none(read: Reader, files: dict[str, str]) -> None:
    assert "points to it" not in str(reasons(read.at(files)))


@pytest.mark.parametrize("more", [{}, {".dvc/config": ""}], ids=["without DVC", "with DVC"])
def test_what_artifacts_yaml_says_to_be_there_is_missing_where_it_is_not(
    read: Reader, more: dict[str, str]
) -> None:
    said = "a: {path: gone.pkl, virtual: false}\nb: {path: m.pkl, virtual: false}\nc: {path: maybe.pkl}\n"
    snapshot = read.at({"artifacts.yaml": said, "m.pkl": "m", **more})
    assert [(problem.path, problem.missing) for problem in snapshot.problems] == [("gone.pkl", True)]


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_an_artifact_behind_a_link_may_exist(read: Reader) -> None:
    read.repo.write({"dvc.yaml": artifacts("link", "link/m.pkl")})
    (read.repo.path / "link").symlink_to("elsewhere")
    read.repo.commit("Links", {})
    assert read.now().problems == ()


# Projects


def test_dvcignore_hides_dvc_files_and_not_above_its_project(read: Reader) -> None:
    files = {f"{where}/d.dvc": dvcfile("d", A) for where in ("sub", "sub/x", "sub/y", "free/x")}
    snapshot = read.at(
        {
            **files,
            "sub/.dvc/config": "",
            "free/.dvc/config": "",
            ".dvcignore": "y\nfree\n",
            "sub/.dvcignore": "/x/\n",
        }
    )
    assert set(contents(snapshot)) == {"sub/d", "sub/y/d", "free/x/d"}


def test_several_projects_and_none_at_the_root_are_read_together(read: Reader) -> None:
    files = {f"{where}/.dvc/config": "" for where in ("one", "two", "two/deep")}
    for where, seed in (("one", 1), ("two", 2), ("two/deep", 3)):
        files[f"{where}/params.yaml"] = f"seed: {seed}"
        files[f"{where}/dvc.yaml"] = DEFINED
        files[f"{where}/dvc.lock"] = lock(f"model.pkl {A}")
    snapshot = read.at({**files, "params.yaml": "not: ours"})
    assert snapshot.projects == ("one", "two", "two/deep")
    assert {path: file.values for path, file in snapshot.params.items()} == {
        "one/params.yaml": {"seed": 1},
        "two/params.yaml": {"seed": 2},
        "two/deep/params.yaml": {"seed": 3},
    }
    assert set(snapshot.outputs) == {"one/model.pkl", "two/model.pkl", "two/deep/model.pkl"}
    assert set(snapshot.stages) == {f"{where}/dvc.yaml:train" for where in ("one", "two", "two/deep")}


def test_a_repository_without_dvc_has_no_project(read: Reader) -> None:
    snapshot = read.at({"params.yaml": "a: 1", "README.md": "text", "artifacts.yaml": "kind: k8s"})
    assert not snapshot.has_dvc
    assert snapshot.problems == ()
    assert snapshot.params == {}


def test_an_artifacts_yaml_at_the_root_is_read_without_dvc_as_gto_reads_it(read: Reader) -> None:
    entry = "path: m.pkl\n  type: model\n  labels: [a]\n  description: Text"
    files = {
        "artifacts.yaml": f"churn:\n  {entry}\nspec:\n  image: k8s\n"
        "project:\n  version: 1.1.0\n  description: Codes\n",
        "sub/artifacts.yaml": f"other:\n  {entry}\n",
        "params.yaml": "a: 1",
        "metrics.json": '{"a": 1}',
        "m.pkl": "model",
    }
    snapshot = read.at(files)
    (artifact,) = snapshot.artifacts.values()
    assert (
        artifact.name,
        artifact.type,
        artifact.labels,
        artifact.desc,
    ) == ("churn", "model", ("a",), "Text")
    assert snapshot.outputs["m.pkl"].model
    assert not snapshot.has_dvc
    assert (snapshot.params, snapshot.metrics, snapshot.filled, snapshot.remote) == ({}, {}, (), False)
    files["artifacts.yaml"] = "churn: {"
    assert [problem.path for problem in read.at(files).problems] == ["artifacts.yaml"]


# Params, metrics


@pytest.mark.parametrize("path", ["params.yaml", "p.json", "p.toml", "p.py"])
def test_broken_params_are_a_problem_and_unknown_where_they_differ(read: Reader, path: str) -> None:
    defined = f"stages: {{train: {{cmd: run, params: [{path}: [a]]}}}}"
    good = {"params.yaml": "a: 1", "p.json": '{"a": 1}', "p.toml": "a = 1", "p.py": "a = 1"}[path]
    broken = read.at({"dvc.yaml": defined, path: "{["})
    assert list(reasons(broken)) == [path]
    whole = read.at({"dvc.yaml": defined, path: good})
    assert diff(broken, broken) == ()
    assert _fates(diff(whole, broken)) == dict.fromkeys(("", "a"), ChangeType.UNKNOWN)
    assert _fates(diff(broken, whole)) == dict.fromkeys(("", "a"), ChangeType.UNKNOWN)


def test_a_broken_metrics_file_is_a_problem_and_unknown_where_it_differs(read: Reader) -> None:
    defined = "metrics: [m.json]\nstages: {}"
    broken = read.at({"dvc.yaml": defined, "m.json": '{"auc": '})
    assert reasons(broken)["m.json"].startswith("not valid JSON: line 1")
    again = read.at({"dvc.yaml": defined, "m.json": '{"auc": \n'})
    (change,) = diff(broken, again)
    assert change.change is ChangeType.UNKNOWN


def test_a_metric_that_is_not_in_git_changes_with_its_hash_in_the_lock(read: Reader) -> None:
    defined = (
        "stages: {train: {cmd: run, outs: [e], metrics: [m.json: {cache: false}]}}\nmetrics: [e/auc.json]"
    )
    old = read.at({"dvc.yaml": defined, "dvc.lock": lock(f"m.json {A}", f"e {A}.dir")})
    new = read.at({"dvc.yaml": defined, "dvc.lock": lock(f"m.json {B}", f"e {B}.dir")})
    found = {c.path: c for c in diff(old, new) if isinstance(c, MetricChange)}
    assert {path: c.change for path, c in found.items()} == dict.fromkeys(found, ChangeType.UNKNOWN)
    assert set(found) == {"m.json", "e/auc.json"}
    was, now = found["m.json"].old_content, found["m.json"].new_content
    assert was is not None
    assert now is not None
    assert (was.digest, now.digest) == (A, B)
    assert new.metrics["e/auc.json"].within == "e"
    assert found["e/auc.json"].within == "e"
    assert reasons(new) == {"m.json": "is declared a metric, but is not in Git"}


def test_a_metric_of_a_stage_that_has_not_run_yet_is_no_problem(read: Reader) -> None:
    both = (
        "stages: {train: {cmd: run, outs: [model.pkl]},"
        " eval: {cmd: run, outs: [x], metrics: [m.json: {cache: false}, n.json]}}"
    )
    assert reasons(read.at({"dvc.yaml": both, "dvc.lock": lock(f"model.pkl {A}")})) == {}
    assert set(reasons(read.at({"dvc.yaml": both}))) == {"m.json", "n.json"}


def test_what_neither_git_nor_dvc_has_is_absent_and_not_unreadable(read: Reader) -> None:
    defined = (
        "params: [p.yaml]\nmetrics: [top.json]\n"
        "stages: {train: {cmd: run, metrics: [m.json: {cache: false}, kept.json]}}"
    )
    values = {"top.json": '{"auc": 1}', "m.json": '{"acc": 2}', "p.yaml": "lr: 3"}
    none, some = {"dvc.yaml": defined}, {"dvc.yaml": defined, **values}
    told = {"lr": ChangeType.ADDED, "auc": ChangeType.ADDED, "acc": ChangeType.ADDED}
    assert _fates(read.changes(none, some)) == told
    assert _fates(read.changes(some, none)) == dict.fromkeys(told, ChangeType.DELETED)
    assert reasons(read.at(none)).keys() == {*values, "kept.json"}
    unsure = {**none, "dvc.lock": CONFLICT}
    assert reasons(read.at(unsure)).keys() == {"dvc.lock"}  # which may have them all
    assert _fates(read.changes(unsure, some)) == dict.fromkeys(("", *told), ChangeType.UNKNOWN)


def _fates(changes: tuple[Change, ...]) -> dict[str, ChangeType]:
    return {c.name: c.change for c in changes if isinstance(c, ParamChange | MetricChange)}


def test_where_params_and_lock_disagree_the_snapshot_says_so(read: Reader) -> None:
    params = "    params:\n      params.yaml:\n        lr: 1\n        same: 1.0\n        gone: 1\n"
    snapshot = read.at(
        {
            "dvc.yaml": "stages: {train: {cmd: run, params: [lr, same], outs: [model.pkl]}}",
            "dvc.lock": lock(f"model.pkl {A}", params=params),
            "params.yaml": "lr: 2\nsame: 1\n",
        }
    )
    assert [(s.path, s.name, s.value, s.locked, s.stage) for s in snapshot.stale] == [
        ("params.yaml", "lr", 2, 1, "train")
    ]
    assert snapshot.params["params.yaml"].values == {"lr": 2, "same": 1}


@pytest.mark.parametrize(
    ("listed", "locked", "file", "missing"),
    [
        ("[lr]", "lr: 1", "other: 1", ["lr"]),
        ("[lr]", "lr: ~", "other: 1", ["lr"]),
        ("[lr]", "lr: 1", "", ["lr"]),
        ("[other]", "lr: 1", "other: 1", []),
        ("[train]", "train: {lr: 1, n: 2}", "train: {n: 2}", ["train.lr"]),
        ("[train]", "train: {lr: 1}", "train: ~", ["train.lr"]),
        ("[train]", "train: {lr: 1}", "train: 5", ["train.lr"]),
        ("['tr*.lr']", "train.lr: 1", "other: 1", ["train.lr"]),
        ("['tr*']", "tr*: {lr: 1}", "other: 1", ["tr*.lr"]),
        ("['tr*']", "tr*: {lr: 1}", "train: {lr: 1}", []),
        ("[params.yaml: ]", "lr: 1", "other: 1", ["lr"]),
        ("[train]", "train: 5", "train: {lr: 1}", []),
        ("[train]", "train: {}", "train: {}", []),
        ("[layers.1.n]", "layers.1.n: 2", "layers: [{n: 1}, {n: 2}]", []),
        ("[lr]", "lr: 1", "<<<<<<< HEAD", []),
    ],
)
def test_a_param_that_its_stage_ran_with_and_that_is_gone_is_stale(
    read: Reader, listed: str, locked: str, file: str, missing: list[str]
) -> None:
    snapshot = read.at(
        {
            "dvc.yaml": f"stages: {{train: {{cmd: run, params: {listed}, outs: [model.pkl]}}}}",
            "dvc.lock": lock(f"model.pkl {A}", params=f"    params:\n      params.yaml:\n        {locked}\n"),
            "params.yaml": file,
        }
    )
    gone = [(s.name, s.value) for s in snapshot.stale if s.missing]
    assert gone == [(name, None) for name in missing]


# Trees and blobs


def test_a_missing_blob_is_a_problem_and_the_rest_is_read(read: Reader) -> None:
    read.at(
        {
            "dvc.yaml": DEFINED,
            "dvc.lock": lock(f"model.pkl {A}"),
            "params.yaml": "a: 1",
            "d.dvc": dvcfile("d", B),
        }
    )
    for path in ("params.yaml", "dvc.lock"):
        blob = read.repo.git("rev-parse", f"HEAD:{path}")
        (read.repo.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    snapshot = read.now()
    assert set(reasons(snapshot)) == {"params.yaml", "dvc.lock"}
    assert all("not in this repository" in reason for reason in reasons(snapshot).values())
    assert contents(snapshot) == {"d": ("md5", B)}


def test_a_missing_directory_is_a_problem_and_the_rest_is_read(read: Reader) -> None:
    names = artifacts("sub/deep/x", "sub/y")
    read.at({"sub/deep/x.dvc": dvcfile("x", A), "d.dvc": dvcfile("d", B), "dvc.yaml": names})
    oid = read.repo.git("rev-parse", "HEAD:sub")
    (read.repo.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    snapshot = read.now()
    assert "tree is not in the repository" in reasons(snapshot)["sub"]
    assert set(reasons(snapshot)) == {"sub"}
    assert contents(snapshot) == {"d": ("md5", B)}


def test_trees_that_are_expected_are_read_no_otherwise(read: Reader) -> None:
    one = {"a/x.dvc": dvcfile("x", A), "sub/.dvc/config": "", "sub/b/y.dvc": dvcfile("y", B), "other/z": ""}
    read.repo.commit("One", one)
    read.repo.commit("Two", {"a/x.dvc": dvcfile("x", C)})
    read.repo.git("checkout", "-q", "-b", "side", "HEAD~1")
    read.repo.commit("Three", {"t/Dockerfile": ""})
    read.repo.git("merge", "-q", "--no-commit", "--no-ff", "main")
    read.repo.commit("Merge", {"only/in/merge/requirements.txt": "a==1"})
    history = History(read.repo.path)
    revisions = [history.revision(name) for name in ("HEAD~1", "main", "HEAD")]
    snapshots = Snapshots(history.git)
    history.releases(history.head(), Selection(), every=False)
    assert "only/in/merge/requirements.txt" in history.touched()
    snapshots.expect((revision.tree_id for revision in revisions), history.touched())
    warmed = [snapshots.at(revision) for revision in revisions]
    assert warmed == [Snapshots(history.git).at(revision) for revision in revisions]
    history.git.close()


def test_what_a_commit_rewrote_in_a_lock_or_a_dvc_file_is_named(read: Reader) -> None:
    def blob(text: str) -> str:
        return read.repo.git("hash-object", "-w", "--stdin", stdin=text.encode())

    read.repo.commit("One", {"a": "b"})
    history = History(read.repo.path)
    snapshots = Snapshots(history.git)

    def rewritten(path: str, old: str, new: str) -> tuple[str, ...]:
        return snapshots.rewritten(FileChange(path, path, old and blob(old), new and blob(new)))

    one, two = lock(f"m {A}", f"n {A}"), lock(f"m {A}", f"n {B}")
    assert rewritten("s/dvc.lock", one, two) == ("s/n",)
    assert rewritten("dvc.lock", "", one) == ("m", "n")
    assert rewritten("dvc.lock", one, "<<<<<<< HEAD\n") == ("m", "n")
    assert rewritten("dvc.lock", one, one.replace("cmd: run", "cmd: go")) == ()
    assert rewritten("s/x.dvc", dvcfile("x", A), dvcfile("x", B)) == ("s/x",)
    assert rewritten("s/x.dvc", dvcfile("x", A), "") == ("s/x",)
    history.git.close()


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_links_are_not_followed(read: Reader) -> None:
    read.repo.write({"real.dvc": dvcfile("d", A), "inside/x.dvc": dvcfile("x", B)})
    (read.repo.path / "link.dvc").symlink_to("real.dvc")
    (read.repo.path / "link").symlink_to("inside")
    (read.repo.path / "params.yaml").symlink_to("elsewhere.yaml")
    read.repo.commit("Links", {})
    assert set(contents(read.now())) == {"d", "inside/x"}


def test_names_that_are_no_utf_8_are_read(read: Reader) -> None:
    blob = read.repo.git("hash-object", "-w", "--stdin", stdin=dvcfile("d", A).encode())
    tree = f"100644 blob {blob}\t".encode() + b"caf\xe9.dvc\0"
    tree_id = read.repo.git("mktree", "-z", stdin=tree)
    commit = read.repo.git("commit-tree", tree_id, "-m", "Odd")
    read.repo.git("update-ref", "refs/heads/main", commit)
    assert contents(read.now()) == {"d": ("md5", A)}


def test_a_submodule_is_passed_over(read: Reader) -> None:
    read.repo.commit("First", {"d.dvc": dvcfile("d", A)})
    head = read.repo.git("rev-parse", "HEAD")
    read.repo.git("update-index", "--add", "--cacheinfo", f"160000,{head},module.dvc")
    read.repo.record("Submodule")
    assert contents(read.now()) == {"d": ("md5", A)}


def test_equal_blobs_give_identical_objects(read: Reader) -> None:
    read.repo.commit("One", {"dvc.yaml": "metrics: [m.json]", "m.json": '{"a": 1}', "params.yaml": "a: 1"})
    read.repo.commit("Two", {"other.txt": "x"})
    history = History(read.repo.path)
    snapshots = Snapshots(history.git)
    old, new = (snapshots.at(history.revision(name)) for name in ("HEAD~1", "HEAD"))
    history.git.close()
    assert old.params["params.yaml"].values is new.params["params.yaml"].values
    assert old.metrics["m.json"].values is new.metrics["m.json"].values


def test_templates_are_resolved_anew_where_any_file_that_they_read_differs(read: Reader) -> None:
    defined = "vars: [v.yaml]\n"
    defined += "stages: {s: {wdir: '${dir}', vars: [more.yaml], cmd: 'run ${n}', outs: ['${n}.txt']}}"
    files = {"dvc.yaml": defined, "v.yaml": "dir: work", "work/more.yaml": "n: 1"}
    read.repo.commit("One", files)
    read.repo.commit("Two", {"work/more.yaml": "n: 2"})
    history = History(read.repo.path)
    snapshots = Snapshots(history.git)
    old, new = (snapshots.at(history.revision(name)) for name in ("HEAD~1", "HEAD"))
    history.git.close()
    assert (old.stages["s"].cmd, new.stages["s"].cmd) == ("run 1", "run 2")
    assert new.stages["s"].outs == ("work/2.txt",)
    assert old.problems == new.problems == ()


def test_options_add_models_metrics_and_files(repo: GitRepo) -> None:
    options = Options(
        models=("*.bin",), metrics=("reports/*.json",), environment_files=("conf/*.ini",), packages=False
    )
    snapshot = Reader(repo, options).at(
        {
            "a.bin.dvc": dvcfile("a.bin", A),
            "reports/r.json": '{"x": 1}',
            "conf/a.ini": "x",
            "requirements.txt": "numpy==1",
        }
    )
    assert snapshot.outputs["a.bin"].model
    assert snapshot.metrics["reports/r.json"].values == {"x": 1}
    assert list(snapshot.files) == ["conf/a.ini"]
    assert snapshot.packages == {}


def test_a_problem_carries_the_name_of_the_revision_that_was_asked_for(read: Reader) -> None:
    read.repo.release("v1", "One", {"params.yaml": "[", ".dvc/config": ""})
    read.repo.tag("v2")
    history = History(read.repo.path)
    snapshots = Snapshots(history.git)
    assert [snapshots.at(history.revision(v)).problems[0].revision for v in ("v1", "v2")] == ["v1", "v2"]
    history.git.close()


def test_reading_runs_nothing_of_the_repository(read: Reader) -> None:
    snapshot = read.at(
        {
            "dvc.yaml": "stages: {s: {cmd: touch pwned, params: [p.py: [A]], outs: [o]}}",
            "p.py": "import os\nos.system('touch pwned')\nA = 1\n",
            "params.yaml": "a: !!python/object/apply:os.system ['touch pwned']",
        }
    )
    assert snapshot.params["p.py"].values == {"A": 1}
    assert set(reasons(snapshot)) == {"params.yaml"}
    assert not (read.repo.path / "pwned").exists()
    assert not (Path.cwd() / "pwned").exists()


def test_a_file_called_metrics_counts_though_nothing_declares_it(repo: GitRepo) -> None:
    files = {
        "ml/.dvc/config": "",
        "ml/data/metrics.yaml": "f1: 0.5\nnames: [a]\n",
        "ml/broken/metrics.json": "{",
        "other/metrics.json": '{"a": 1}',
    }
    repo.commit("Begin", files)
    history = History(repo.path)
    snapshot = Snapshots(history.git).at(history.revision("HEAD"))
    assert {path: file.values for path, file in snapshot.metrics.items()} == {
        "ml/data/metrics.yaml": {"f1": 0.5}
    }
    assert not snapshot.problems


def test_a_params_file_beside_a_dvc_yaml_is_read_whole(repo: GitRepo) -> None:
    files = {
        ".dvc/config": "",
        "data/dvc.yaml": "stages: {s: {cmd: x, params: [used]}}",
        "data/params.yaml": "used: 1\nread_by_the_script: [2, 3]\n",
    }
    repo.commit("Begin", files)
    history = History(repo.path)
    snapshot = Snapshots(history.git).at(history.revision("HEAD"))
    assert snapshot.params["data/params.yaml"].values == {"used": 1, "read_by_the_script": [2, 3]}


@pytest.mark.parametrize("path", ["/nowhere/m.json", "//m.json", "../m.json", "s3://bucket/m.json", "."])
def test_a_metric_outside_of_the_repository_is_missing(read: Reader, path: str) -> None:
    snapshot = read.at({"dvc.yaml": f"metrics: [{path}]\nstages: {{}}\n", ".dvc/config": ""})
    assert not any(file.values for file in snapshot.metrics.values())
