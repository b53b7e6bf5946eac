"""What is remarkable about a branch though it breaks no rule: tables over snapshots made by hand."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from dvc_changelog.domain import (
    Cause,
    CauseKind,
    Change,
    ChangeType,
    Content,
    Dependency,
    Judgement,
    MetricChange,
    Output,
    OutputChange,
    Release,
    Revision,
    Role,
    Since,
    Snapshot,
    Stage,
    StageRun,
    Stale,
    ValueFile,
    Verdict,
)
from dvc_changelog.insight import Causes, unmoved
from dvc_changelog.workflows.noticing import contested, noticed

OLD, NEW = (Revision(id_, id_, 0, name) for id_, name in (("a" * 40, "main"), ("b" * 40, "tune")))
MOVED = MetricChange(ChangeType.MODIFIED, "m.json", "auc", 0.8, 0.9, 0.1)
NOISE = replace(MOVED, judged=Judgement(Verdict.NEUTRAL, noise=True))


def content(digest: object) -> Content:
    return Content("md5", str(digest))


def stage(name: str, deps: dict[str, object], outs: dict[str, object], **params: int) -> Stage:
    ran = StageRun(
        name,
        tuple(Dependency(path, content(digest)) for path, digest in deps.items()),
        tuple(Dependency(path, content(digest)) for path, digest in outs.items()),
        tuple((("params.yaml", key), value) for key, value in params.items()),
    )
    keys = tuple(("params.yaml", key) for key in params)
    return Stage("dvc.yaml", name, name, deps=tuple(deps), outs=tuple(outs), params=keys, ran=ran)


def snapshot(
    *, code: int = 1, data: int = 1, model: int = 1, auc: float = 0.8, lr: int = 1, source: int = 1
) -> Snapshot:
    """train makes a model, predict its answers, evaluate reads these and the test data."""
    stages = (
        stage("train", {"raw": source}, {"m.pkl": model}, lr=lr),
        stage("predict", {"m.pkl": model}, {"answers": model}),
        stage("evaluate", {"test": data, "answers": model, "evaluate.py": code}, {"m.json": auc}),
    )
    made = {"m.pkl": (model, "train"), "answers": (model, "predict"), "test": (data, ""), "raw": (source, "")}
    outputs = {
        path: Output(path, content(digest), Role.DERIVED if by else Role.SOURCE, by, model=path == "m.pkl")
        for path, (digest, by) in made.items()
    }
    return Snapshot(
        outputs=MappingProxyType(outputs),
        metrics={"m.json": ValueFile("m.json", {"auc": auc}, content(auc))},
        params={"params.yaml": ValueFile("params.yaml", {"lr": lr})},
        stages={one.address: one for one in stages},
    )


def release(old: Snapshot, new: Snapshot, *changes: Change) -> Release:
    return Release(NEW, OLD, changes=changes, unmoved=tuple(unmoved(Causes(old, new))))


BASE = snapshot()


def model_change(new: Snapshot) -> OutputChange:
    return OutputChange(ChangeType.MODIFIED, "m.pkl", BASE.outputs["m.pkl"], new.outputs["m.pkl"])


def test_metrics_that_moved_without_a_model_have_another_reason() -> None:
    new = snapshot(code=2, auc=0.9)
    found = noticed(release(BASE, new, MOVED), BASE, new)
    assert found.without_model
    assert [(cause.kind, cause.path) for cause in found.because] == [(CauseKind.FILE, "evaluate.py")]
    assert found.other_data == ()
    assert not noticed(release(BASE, new, NOISE), BASE, new).without_model


def test_of_metrics_that_no_run_wrote_nothing_else_is_remarkable() -> None:
    new = snapshot(auc=0.9)
    by_hand = Stale("m.json", "", "2", "1", "evaluate", since=Since.OUTPUT)
    assert noticed(release(BASE, new, MOVED), BASE, new).without_model
    assert not noticed(replace(release(BASE, new, MOVED), stale=(by_hand,)), BASE, new).without_model


def test_metrics_that_moved_with_a_model_are_as_they_should_be() -> None:
    """What a model answered is no other data."""
    new = snapshot(model=2, auc=0.9)
    found = noticed(release(BASE, new, MOVED, model_change(new)), BASE, new)
    assert (found.without_model, found.because, found.other_data) == (False, (), ())


def test_metrics_of_another_model_are_not_those_of_this_one() -> None:
    new = snapshot(model=2, auc=0.9)
    of_another = replace(MOVED, other_model=("m.pkl",))
    found = noticed(release(BASE, new, of_another, of_another, model_change(new)), BASE, new)
    assert found.other_model == ("m.pkl",)
    noise = replace(of_another, judged=NOISE.judged)
    assert noticed(release(BASE, new, noise), BASE, new).other_model == (), "none moved"


def test_metrics_on_other_data_are_not_comparable() -> None:
    new = snapshot(model=2, data=2, auc=0.9)
    found = noticed(release(BASE, new, MOVED, model_change(new)), BASE, new)
    assert found.other_data == ("test",)


def in_directory(**digests: int) -> Snapshot:
    """evaluate reads a directory that holds a model, its answers, metrics and data."""
    stages = (
        stage("train", {"raw": 1}, {"d/m.pkl": digests["m"]}),
        stage("predict", {"d/m.pkl": digests["m"]}, {"d/answers": digests["m"]}),
        stage("score", {"raw": 1}, {"d/n.json": digests["m"]}),
        stage("evaluate", {"d": sum(digests.values())}, {"m.json": 1}),
    )
    made = {"d/m.pkl": ("m", "train"), "d/answers": ("m", "predict"), "d/n.json": ("m", "score")}
    data = {f"d/{name}": (name, "") for name in digests if name != "m"}
    outputs = {
        path: Output(
            path, content(digests[name]), Role.DERIVED if by else Role.SOURCE, by, model="pkl" in path
        )
        for path, (name, by) in {**made, **data}.items()
    }
    values = ValueFile("m.json", {"auc": 1}), ValueFile("d/n.json", {"f1": digests["m"]})
    metrics = {file.path: file for file in values}
    return Snapshot(outputs=outputs, metrics=metrics, stages={one.address: one for one in stages})


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"m": 1, "test": 1}, {"m": 1, "test": 2}, ("d/test",)),
        ({"m": 1, "a": 1, "b": 1, "c": 1}, {"m": 2, "a": 2, "b": 3, "c": 1}, ("d/a", "d/b")),
        ({"m": 1, "test": 1}, {"m": 2, "test": 1}, ()),  # the model, and what it answered
        ({"m": 1}, {"m": 1, "more": 2}, ("d",)),
        ({"m": 1, "less": 1}, {"m": 1}, ("d",)),
        ({"m": 1, "test": 1}, {"m": 1, "test": 2, "more": 1}, ("d/test",)),
    ],
)
def test_data_in_a_directory_that_is_read_as_a_whole_counts(
    old: dict[str, int], new: dict[str, int], expected: tuple[str, ...]
) -> None:
    before, now = in_directory(**old), in_directory(**new)
    assert noticed(release(before, now, MOVED), before, now).other_data == expected


def test_what_was_made_of_a_model_in_a_directory_is_no_other_data() -> None:
    def side(digest: int) -> Snapshot:
        stages = (
            stage("train", {}, {"d/m.pkl": digest}),
            stage("predict", {"d": digest}, {"answers": digest}),
            stage("evaluate", {"answers": digest}, {"m.json": digest}),
        )
        outputs = (
            Output("d/m.pkl", content(digest), Role.DERIVED, "train", model=True),
            Output("answers", content(digest), Role.DERIVED, "predict"),
        )
        return replace(
            snapshot(auc=digest),
            stages={one.address: one for one in stages},
            outputs={output.path: output for output in outputs},
        )

    old, new = side(1), side(2)
    assert noticed(release(old, new, MOVED), old, new).other_data == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("eval/answers.csv", ("eval/answers.csv",)),
        ("data/X_test.csv", ("data/X_test.csv",)),
        ("evaluate.py", ()),
        ("README.md", ()),
        ("models/model.pkl", ()),  # a model is no data
        ("conf/params/x.yaml", ()),
        ("raw.csv", ()),  # what another stage makes follows from something else
        ("m.csv", ()),  # metrics themselves
    ],
)
def test_data_that_git_keeps_counts_by_its_name(path: str, expected: tuple[str, ...]) -> None:
    def side(digest: int) -> Snapshot:
        stages = (
            stage("evaluate", {path: digest}, {"m.json": digest}),
            stage("prepare", {}, {"raw.csv": digest}),
        )
        return replace(
            snapshot(auc=digest),
            stages={one.address: one for one in stages},
            metrics={
                "m.json": ValueFile("m.json", {"auc": digest}, content(digest)),
                "m.csv": ValueFile("m.csv", {"auc": digest}, Content("git", str(digest))),
            },
        )

    old, new = side(1), side(2)
    assert noticed(release(old, new, MOVED), old, new).other_data == expected


@pytest.mark.parametrize(
    ("new", "stages"), [(snapshot(lr=2), ["train"]), (snapshot(code=2), []), (snapshot(source=2), ["train"])]
)
def test_a_run_that_changed_nothing_is_remarkable_unless_it_was_for_code(
    new: Snapshot, stages: list[str]
) -> None:
    assert [one.stage for one in noticed(release(BASE, new), BASE, new).unmoved] == stages


@pytest.mark.parametrize(
    ("causes", "unexplained"),
    [
        ((Cause(CauseKind.NOTHING, "dvc.yaml", "train"),), ("m.pkl",)),
        ((Cause(CauseKind.NOTHING, "dvc.yaml", "prepare", through=("train",)),), ()),
        ((Cause(CauseKind.UNKNOWN, "dvc.yaml", "train"),), ()),
        ((Cause(CauseKind.PARAM, "params.yaml", "lr"),), ()),
        ((), ()),
    ],
)
def test_a_model_that_changed_by_nothing_recorded_is_remarkable(
    causes: tuple[Cause, ...], unexplained: tuple[str, ...]
) -> None:
    new = snapshot(model=2)
    change = replace(model_change(new), because=causes)
    assert noticed(release(BASE, new, change), BASE, new).unexplained == unexplained


def test_what_no_stage_makes_any_more_is_orphaned() -> None:
    new = replace(BASE, stages={"train": BASE.stages["train"]})
    assert noticed(release(BASE, new), BASE, new).orphaned == ("m.json",)
    assert noticed(release(BASE, BASE), BASE, BASE).orphaned == ()


def test_what_git_keeps_and_a_stage_reads_is_orphaned_too() -> None:
    report = stage("report", {"m.json": 0.8, "m.pkl": 1}, {"report.md": 1})
    old = replace(BASE, stages={**BASE.stages, "report": report})
    left = {name: one for name, one in old.stages.items() if name not in {"evaluate", "train"}}
    outputs = {path: output for path, output in BASE.outputs.items() if path != "m.pkl"}
    new = replace(old, stages=left, outputs=outputs, metrics={})
    found = noticed(release(old, new), old, new)
    assert found.orphaned == ("m.json",), "m.pkl is a finding"
    assert found.readers == (("m.json", ("report",)),)


@pytest.mark.parametrize(("dep", "read"), [("metrics", True), ("metrics/m.json", True), ("m.json", False)])
def test_what_is_orphaned_is_told_with_the_stages_that_read_it_or_where_it_lies(
    dep: str, *, read: bool
) -> None:
    path = "metrics/m.json"
    makes, reads = stage("evaluate", {}, {path: 1}), stage("report", {dep: 1}, {"report.md": 1})
    old = Snapshot(
        metrics={path: ValueFile(path, {"auc": 1}, content(1))},
        stages={"evaluate": makes, "report": reads},
    )
    found = noticed(release(old, old), old, replace(old, stages={"report": reads}))
    assert (found.orphaned, found.readers) == ((path,), ((path, ("report",)),) if read else ())


def test_a_metric_of_several_files_is_shared_though_but_one_changed() -> None:
    more = {**BASE.metrics, "n.json": ValueFile("n.json", {"auc": 0.7, "f1": 0.6})}
    old = replace(BASE, metrics=more)
    assert noticed(release(old, BASE), old, BASE).shared == {"auc"}


def test_a_first_release_has_nothing_to_compare_with() -> None:
    assert noticed(replace(release(BASE, BASE, MOVED), base=None), Snapshot(), BASE).orphaned == ()


@pytest.mark.parametrize(
    ("head", "target", "both"),
    [
        (snapshot(source=2), snapshot(), ()),
        (snapshot(source=2), snapshot(source=2), ()),
        (snapshot(source=2), snapshot(source=3), ("raw",)),
        (snapshot(lr=2), snapshot(lr=3), ("params.yaml:lr",)),
        (snapshot(model=2, auc=0.9), snapshot(model=3, auc=0.7), ("m.pkl",)),
        (snapshot(auc=0.9), snapshot(auc=0.7), ("m.json:auc",)),
    ],
)
def test_what_both_sides_changed(head: Snapshot, target: Snapshot, both: tuple[str, ...]) -> None:
    assert contested(BASE, head, target) == both
