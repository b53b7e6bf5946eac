"""Pairs of snapshots and what changed between them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from dvc_changelog.diff import ItemChanges, diff, inner_changes, item_changes
from dvc_changelog.diff.values import metrics
from dvc_changelog.diff.values import params as param_changes
from dvc_changelog.domain import (
    Artifact,
    ArtifactChange,
    ChangeType,
    Content,
    Dependency,
    FileChanged,
    Import,
    ImportChange,
    MetricChange,
    Output,
    OutputChange,
    PackageChange,
    ParamChange,
    Problem,
    Role,
    Snapshot,
    Stage,
    StageChange,
    StageRun,
    ValueFile,
)

NAN = float("nan")


def summary(old: Snapshot, new: Snapshot) -> list[str]:
    """The changes, one short line each."""
    return [_line(change) for change in diff(old, new)]


def _line(change: Any) -> str:
    kind = change.change.value
    match change:
        case ParamChange() | MetricChange():
            name = f"{change.path}:{change.name}"
            if change.old_path:
                name = f"{change.old_path}:{getattr(change, 'old_name', change.name)} -> {name}"
            return f"{kind} {name} {change.old!r} {change.new!r}"
        case OutputChange() | FileChanged() if change.old_path:
            return f"{kind} {change.old_path} -> {change.path}"
        case StageChange() if kind == "renamed":
            assert change.old is not None
            return f"{kind} {change.old.name} -> {change.name}"
        case StageChange():
            return f"{kind} {change.name}"
        case ArtifactChange():
            old = change.old.name if change.old else change.name
            return f"{kind} {change.path}:" + (
                change.name if old == change.name else f"{old} -> {change.name}"
            )
        case PackageChange():
            before = f"{change.old_path} -> " if change.old_path else ""
            return f"{kind} {before}{change.path}:{change.name} {change.old} {change.new}"
        case OutputChange() | ImportChange() | FileChanged():
            return f"{kind} {change.path}"
        case _:
            raise AssertionError(change)


def outputs(text: str) -> Snapshot:
    """'path=md5' pairs; 'path=etag:x' for another algorithm."""
    found = {}
    for pair in text.split():
        path, digest = pair.split("=")
        algorithm, _, digest = digest.rpartition(":")
        found[path] = Output(path, Content(algorithm or "md5", digest), Role.SOURCE)
    return Snapshot(outputs=found)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a=1", "a=1", []),
        ("a=1", "a=2", ["modified a"]),
        ("", "a=1", ["added a"]),
        ("a=1", "", ["deleted a"]),
        ("a=1", "b=1", ["renamed a -> b"]),
        ("a=1", "b=2", ["deleted a", "added b"]),
        ("d/x=1 e/y=1", "f/x=1 g/y=1", ["renamed d/x -> f/x", "renamed e/y -> g/y"]),
        ("a/y=1 b/x=1", "c/x=1 d/y=1", ["renamed a/y -> d/y", "renamed b/x -> c/x"]),
        ("a=1 b=1", "c=1", ["renamed a -> c", "deleted b"]),
        ("a=1", "b=1 c=1", ["renamed a -> b", "added c"]),
        ("a=1 b=2", "a=2 b=1", ["modified a", "modified b"]),
        ("a=1", "a=2 b=1", ["modified a", "added b"]),
        ("a=1", "a=etag:1", ["unknown a"]),
        ("a=1", "b=etag:1", ["deleted a", "added b"]),
        ("d=1.dir", "e=1.dir", ["renamed d -> e"]),
    ],
)
def test_outputs_are_compared_by_hash(old: str, new: str, expected: list[str]) -> None:
    assert expected == summary(outputs(old), outputs(new))


def made(*some: str) -> dict[str, Output]:
    """'stage:path=md5' each; a name in capitals is a model."""
    found = {}
    for one in some:
        stage, rest = one.split(":")
        path, digest = rest.split("=")
        content, model = Content("md5", digest), path.partition(".")[0].isupper()
        found[path] = Output(path, content, Role.DERIVED, stage, model=model)
    return found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (["s:A.PKL=1"], ["s:B.PKL=2"], ["renamed A.PKL -> B.PKL"]),
        (["s:A.PKL=1"], ["s:B.ONNX=2"], ["renamed A.PKL -> B.ONNX"]),
        (["s:a.csv=1"], ["s:b.csv=2"], ["renamed a.csv -> b.csv"]),
        (["s:a=1.dir"], ["s:b=2.dir"], ["renamed a -> b"]),
        (["s:a=1.dir"], ["s:b=2"], ["deleted a", "added b"]),
        (["s:a.csv=1"], ["s:b.txt=2"], ["deleted a.csv", "added b.txt"]),
        (["s:A.PKL=1"], ["s:b.pkl=2"], ["deleted A.PKL", "added b.pkl"]),
        (["s:MODEL.pkl=1"], ["s:m2.pkl=2"], ["renamed MODEL.pkl -> m2.pkl"]),
        (["s:m2.pkl=1"], ["s:MODEL.pkl=2"], ["renamed m2.pkl -> MODEL.pkl"]),
        (["s:MODEL.pkl=1"], ["s:x.csv=2"], ["deleted MODEL.pkl", "added x.csv"]),
        (["s:MODEL=1"], ["s:x=2"], ["deleted MODEL", "added x"]),
        (["s:MODEL.pkl=1"], ["t:m2.pkl=2"], ["deleted MODEL.pkl", "added m2.pkl"]),
        (["s:MODEL.pkl=1"], ["s:a.pkl=2", "s:b.pkl=3"], ["deleted MODEL.pkl", "added a.pkl", "added b.pkl"]),
        (["s:MODEL.pkl=1", "s:a.pkl=3"], ["s:b.pkl=2"], ["deleted MODEL.pkl", "renamed a.pkl -> b.pkl"]),
        (["s:A.PKL=1"], ["t:B.PKL=2"], ["deleted A.PKL", "added B.PKL"]),
        ([":A.PKL=1"], [":B.PKL=2"], ["deleted A.PKL", "added B.PKL"]),
        (["s:a.csv=1"], ["s:b.csv=2", "s:c.csv=3"], ["deleted a.csv", "added b.csv", "added c.csv"]),
        (["s:a.csv=1", "s:b.csv=3"], ["s:b.csv=2"], ["deleted a.csv", "modified b.csv"]),
        (
            ["s:A.PKL=1", "s:a.csv=1"],
            ["s:B.PKL=2", "s:b.csv=2"],
            ["renamed A.PKL -> B.PKL", "renamed a.csv -> b.csv"],
        ),
        (
            ["s:a.csv=1", "s:b.csv=2"],
            ["s:c.csv=2", "s:d.csv=3"],
            ["renamed a.csv -> d.csv", "renamed b.csv -> c.csv"],
        ),
    ],
)
def test_an_output_that_its_stage_writes_elsewhere_is_renamed(
    old: list[str], new: list[str], expected: list[str]
) -> None:
    assert expected == summary(Snapshot(outputs=made(*old)), Snapshot(outputs=made(*new)))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a", "a", ["renamed A -> B"]),
        ("a", "", ["renamed A -> B"]),
        ("", "b", ["renamed A -> B"]),
        ("a", "b", ["deleted A", "added B"]),
    ],
)
def test_two_artifacts_are_two_models_whichever_stage_makes_them(
    old: str, new: str, expected: list[str]
) -> None:
    def side(one: str, name: str) -> Snapshot:
        artifact = Artifact(name, "", "dvc.yaml") if name else None
        return Snapshot(outputs={path: replace(o, artifact=artifact) for path, o in made(one).items()})

    assert expected == summary(side("s:A=1", old), side("s:B=2", new))


def test_what_took_the_place_of_a_model_is_one_unless_it_is_declared_otherwise() -> None:
    old, new = (Snapshot(outputs=made(one)) for one in ("s:MODEL.pkl=1", "s:m2.pkl=2"))
    assert [c.model for c in diff(old, new) if isinstance(c, OutputChange)] == [True]
    declared = replace(new.outputs["m2.pkl"], artifact=Artifact("a", "m2.pkl", "dvc.yaml", type="dataset"))
    assert summary(old, Snapshot(outputs={"m2.pkl": declared})) == ["deleted MODEL.pkl", "added m2.pkl"]


def params(*files: tuple[str, dict[str, Any] | None], stages: Iterable[Stage] = ()) -> Snapshot:
    return Snapshot(
        params={path: ValueFile(path, values) for path, values in files},
        stages={stage.address: stage for stage in stages},
    )


SECTION = {"lr": 0.1, "epochs": 3}


def below(prefix: str, values: dict[str, Any]) -> dict[str, Any]:
    return {f"{prefix}.{name}": value for name, value in values.items()}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1}, {"a": 2}, ["modified p:a 1 2"]),
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, []),
        ({"a": 1}, {"a": "1"}, ["modified p:a 1 '1'"]),
        ({"a": NAN}, {"a": float("nan")}, []),
        ({"a": [NAN, {"b": NAN}]}, {"a": [float("nan"), {"b": float("nan")}]}, []),
        ({"a": NAN}, {"a": 1.0}, ["modified p:a nan 1.0"]),
        ({"a": None}, {}, ["deleted p:a None None"]),
        ({}, {"a": None}, ["added p:a None None"]),
        ({"a": None}, {"a": 0}, ["modified p:a None 0"]),
        ({"a": [1, 2]}, {"a": [2, 1]}, ["modified p:a [1, 2] [2, 1]"]),
        (
            below("train", SECTION),
            below("fit", SECTION),
            [
                "renamed p:train.lr -> p:fit.lr 0.1 0.1",
                "renamed p:train.epochs -> p:fit.epochs 3 3",
            ],
        ),
        (
            below("train", SECTION),
            below("model.train", SECTION),
            [
                "renamed p:train.lr -> p:model.train.lr 0.1 0.1",
                "renamed p:train.epochs -> p:model.train.epochs 3 3",
            ],
        ),
        (
            below("train", SECTION),
            below("fit", SECTION | {"lr": 0.2}),
            ["deleted p:train.lr 0.1 None", "deleted p:train.epochs 3 None", "added p:fit.lr None 0.2",
             "added p:fit.epochs None 3"],
        ),
        ({"a.seed": 1}, {"b.seed": 1}, ["deleted p:a.seed 1 None", "added p:b.seed None 1"]),
        (
            below("train", SECTION),
            below("fit", SECTION) | below("tune", SECTION),
            ["deleted p:train.lr 0.1 None", "deleted p:train.epochs 3 None", "added p:fit.lr None 0.1",
             "added p:fit.epochs None 3", "added p:tune.lr None 0.1", "added p:tune.epochs None 3"],
        ),
    ],
)  # fmt: skip
def test_params_are_compared_by_value(old: dict[str, Any], new: dict[str, Any], expected: list[str]) -> None:
    assert expected == summary(params(("p", old)), params(("p", new)))


def test_a_params_file_that_moved_is_renamed_value_by_value() -> None:
    old, new = params(("params.yaml", below("a", SECTION))), params(("conf/p.yaml", below("a", SECTION)))
    assert summary(old, new) == [
        "renamed params.yaml:a.lr -> conf/p.yaml:a.lr 0.1 0.1",
        "renamed params.yaml:a.epochs -> conf/p.yaml:a.epochs 3 3",
    ]


SCHEDULE = {"lr": 0.1, "epochs": 3, "seed": 7}
ASKED = Stage("dvc.yaml", "fit", params=(("p", "lr"),)), Stage("sub/dvc.yaml", "fit", params=(("q", "lr"),))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # a file of which one value changed
        (
            [("p", SCHEDULE)],
            [("q", SCHEDULE | {"lr": 0.2})],
            ["renamed p:lr -> q:lr 0.1 0.2", "renamed p:epochs -> q:epochs 3 3",
             "renamed p:seed -> q:seed 7 7"],
        ),
        (
            [("p", SCHEDULE)],
            [("q", {"epochs": 3, "seed": 7, "more": 1})],
            ["deleted p:lr 0.1 None", "renamed p:epochs -> q:epochs 3 3", "renamed p:seed -> q:seed 7 7",
             "added q:more None 1"],
        ),
        # two equal values of five may be chance; so is one of two
        (
            [("p", dict.fromkeys("abcde", 1))],
            [("q", {name: 1 + (name > "b") for name in "abcde"})],
            [*(f"deleted p:{name} 1 None" for name in "abcde"),
             *(f"added q:{name} None {1 + (name > 'b')}" for name in "abcde")],
        ),
        (
            [("p", SECTION)],
            [("q", SECTION | {"lr": 0.2})],
            ["deleted p:lr 0.1 None", "deleted p:epochs 3 None", "added q:lr None 0.2",
             "added q:epochs None 3"],
        ),
        # which of two files it went to
        (
            [("p", SCHEDULE)],
            [("q", SCHEDULE | {"lr": 0.2}), ("r", SCHEDULE | {"lr": 0.3})],
            [*(f"deleted p:{n} {v} None" for n, v in SCHEDULE.items()),
             *(f"added q:{n} None {v}" for n, v in (SCHEDULE | {"lr": 0.2}).items()),
             *(f"added r:{n} None {v}" for n, v in (SCHEDULE | {"lr": 0.3}).items())],
        ),
        # another section may be another thing
        (
            [("p", below("cnn", SCHEDULE))],
            [("p", below("rnn", SCHEDULE | {"lr": 0.2}))],
            [*(f"deleted p:cnn.{n} {v} None" for n, v in SCHEDULE.items()),
             *(f"added p:rnn.{n} None {v}" for n, v in (SCHEDULE | {"lr": 0.2}).items())],
        ),
    ],
)  # fmt: skip
def test_params_of_the_same_names_in_another_file_have_moved(
    old: list[Any], new: list[Any], expected: list[str]
) -> None:
    assert sorted(expected) == sorted(summary(params(*old), params(*new)))


def test_a_param_that_a_stage_asks_for_in_another_file_has_moved() -> None:
    old, new = (params((path, {"lr": lr}), stages=[stage]) for path, lr, stage in
                zip("pq", (0.1, 0.2), ASKED, strict=True))  # fmt: skip
    (change,) = list(param_changes(old, new))
    assert (change.old_path, change.path, change.old, change.new) == ("p", "q", 0.1, 0.2)
    assert (change.change, change.value_change) == (ChangeType.RENAMED, ChangeType.MODIFIED)
    other = replace(new, stages={"x": replace(ASKED[1], name="other")})
    assert [c.change for c in param_changes(old, other)] == [ChangeType.DELETED, ChangeType.ADDED]


@pytest.mark.parametrize(
    ("old", "new", "renamed"),
    [
        ({"a/m.json": {"auc": 0.5, "n": 7}}, {"b/m.json": {"n": 7, "auc": 0.5}}, {"a/m.json": "b/m.json"}),
        ({"a/m.json": {"auc": 0.5}}, {"b/m.json": {"auc": 0.5}}, {}),
        ({"a/m.json": {"auc": 0.5, "n": 7}}, {"b/m.json": {"auc": 0.6, "n": 7}}, {}),
        ({"a/m.json": {"auc": 0.5, "n": 7}}, {key: {"auc": 0.5, "n": 7} for key in "ab"}, {"a/m.json": "a"}),
        ({"a/m.json": None}, {"b/m.json": None}, {}),
    ],
)
def test_a_metrics_file_that_moved_with_its_values_is_renamed(
    old: dict[str, Any], new: dict[str, Any], renamed: dict[str, str]
) -> None:
    sides = [Snapshot(metrics={p: ValueFile(p, v) for p, v in side.items()}) for side in (old, new)]
    changes = [change for change in diff(*sides) if change.change is ChangeType.RENAMED]
    assert {c.old_path: c.path for c in changes if isinstance(c, MetricChange)} == renamed
    assert all(c.old == c.new for c in changes)


def test_a_param_names_the_stages_that_use_it_or_used_it() -> None:
    users = [
        Stage("dvc.yaml", "key", params=(("p", "t.lr"),)),
        Stage("dvc.yaml", "section", params=(("p", "t"),)),
        Stage("dvc.yaml", "whole", params=(("p", ""),)),
        Stage("dvc.yaml", "other", params=(("p", "t.l"), ("q", "t.lr"))),
    ]
    old, new = params(("p", {"t.lr": 1}), stages=users), params(("p", {"t.lr": 2}), stages=users[1:])
    (change,) = (c for c in diff(old, new) if isinstance(c, ParamChange))
    assert change.stages == ("section", "whole")
    (gone,) = (c for c in diff(new, params(stages=())) if isinstance(c, ParamChange))
    assert gone.stages == ("section", "whole")
    (left,) = (c for c in diff(old, params(stages=users[1:])) if isinstance(c, ParamChange))
    assert left.stages == ("key", "section", "whole")


@pytest.mark.parametrize("before", [{}, {"t.lr": 1}])
def test_a_param_that_no_stage_uses_any_more_names_none(before: dict[str, Any]) -> None:
    user = Stage("dvc.yaml", "train", params=(("p", "t"),))
    old, new = (
        params(("p", before), stages=[user]),
        params(("p", {"t.lr": 2}), stages=[replace(user, params=())]),
    )
    assert [c.stages for c in diff(old, new) if isinstance(c, ParamChange)] == [()]


def metric(values: dict[str, Any] | None, digest: str = "") -> Snapshot:
    return Snapshot(metrics={"m": ValueFile("m", values, Content("md5", digest) if digest else None)})


NOTHING = Snapshot()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (metric({"auc": 0.5}), metric({"auc": 0.75}), ["modified m:auc 0.5 0.75"]),
        (NOTHING, metric({"auc": 0.5}), ["added m:auc None 0.5"]),
        (metric(None, "1"), metric(None, "1"), []),
        (metric(None, "1"), metric(None, "2"), ["unknown m: None None"]),
        (metric(None), metric(None), []),
        (NOTHING, metric(None), []),
        (NOTHING, metric(None, "1"), ["unknown m: None None"]),
        (metric(None, "1"), NOTHING, ["unknown m: None None"]),
        (metric(None, "1"), metric({"auc": 1}), ["unknown m: None None", "unknown m:auc None 1"]),
        (metric({"auc": 1}), metric(None), ["unknown m: None None", "unknown m:auc 1 None"]),
        (metric(None, "1"), metric(None), ["unknown m: None None"]),
    ],
)
def test_a_metric_that_cannot_be_read_is_unknown_unless_its_hash_stayed(
    old: Snapshot, new: Snapshot, expected: list[str]
) -> None:
    assert expected == summary(old, new)


@pytest.mark.parametrize(
    ("old", "new", "delta"),
    [(1, 3, 2), (0.5, 0.25, -0.25), (True, False, None), (1, True, None), ("a", 1, None), (None, 1, None)],
)
def test_a_delta_is_that_of_two_numbers(old: Any, new: Any, delta: float | None) -> None:
    changes = diff(metric({"a": old}), metric({"a": new}))
    assert [c.delta for c in changes if isinstance(c, MetricChange)] == ([delta] if old != new else [])


def stages(*some: Stage) -> Snapshot:
    return Snapshot(stages={stage.address: stage for stage in some})


TRAIN = Stage("dvc.yaml", "train", "run", deps=("a", "b"), outs=("m",), params=(("p", "x"), ("p", "y")))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([TRAIN], [TRAIN], []),
        ([TRAIN], [Stage("dvc.yaml", "train", "run --x", deps=("a",))], ["modified train"]),
        (
            [TRAIN],
            [Stage("dvc.yaml", "train", "run", deps=("b", "a"), outs=("m",), params=TRAIN.params[::-1])],
            [],
        ),
        ([TRAIN], [Stage("dvc.yaml", "train", "run", deps=("a", "b"), outs=("m",), desc="Text",
                         params=TRAIN.params)], []),
        ([TRAIN], [Stage("dvc.yaml", "fit", "other", outs=("m",))], ["renamed train -> fit"]),
        ([TRAIN], [Stage("sub/dvc.yaml", "train", "run", outs=("sub/m",))], ["added train", "deleted train"]),
        ([Stage("dvc.yaml", "a", "run")], [Stage("dvc.yaml", "b", "run")], ["renamed a -> b"]),
        ([Stage("dvc.yaml", "a")], [Stage("dvc.yaml", "b")], ["deleted a", "added b"]),
        ([TRAIN], [Stage("dvc.yaml", "fit", "run", outs=("n",))], ["added fit", "deleted train"]),
        ([], [TRAIN], ["added train"]),
    ],
)  # fmt: skip
def test_stages_are_compared_by_their_definition(
    old: list[Stage], new: list[Stage], expected: list[str]
) -> None:
    assert expected == summary(stages(*old), stages(*new))


def ran(path: str, name: str, *outs: str, md5: str = "1") -> Stage:
    """A stage whose outputs were recorded."""
    made = tuple(Dependency(out, Content("md5", md5)) for out in outs)
    return Stage(path, name, "run", posixpath.dirname(path), outs=outs, ran=StageRun("run", outs=made))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (ran("b/dvc.yaml", "train", "b/m"), ["renamed train -> train"]),
        (ran("dvc.yaml", "train", "m"), ["renamed train -> train"]),
        (ran("b/dvc.yaml", "train", "b/m", md5="2"), ["deleted train", "added train"]),
        (ran("b/dvc.yaml", "train", "b/n"), ["deleted train", "added train"]),
        (ran("b/dvc.yaml", "fit", "b/m"), ["deleted train", "added fit"]),
    ],
)
def test_a_stage_is_known_again_in_another_directory_by_what_it_made(new: Stage, expected: list[str]) -> None:
    assert sorted(expected) == sorted(summary(stages(ran("a/dvc.yaml", "train", "a/m")), stages(new)))


CHURN = Artifact("churn", "m.pkl", "dvc.yaml", "model", ("a", "b"), "Text")
FRAUD = replace(CHURN, name="fraud")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([CHURN], [replace(CHURN)], []),
        ([], [CHURN], ["added dvc.yaml:churn"]),
        ([CHURN], [], ["deleted dvc.yaml:churn"]),
        ([CHURN], [replace(CHURN, path="n.pkl")], ["modified dvc.yaml:churn"]),
        ([CHURN], [replace(CHURN, type="dataset")], ["modified dvc.yaml:churn"]),
        ([CHURN], [replace(CHURN, desc="")], ["modified dvc.yaml:churn"]),
        ([CHURN], [replace(CHURN, labels=("a",))], ["modified dvc.yaml:churn"]),
        ([CHURN], [replace(CHURN, labels=("b", "a", "b"))], []),
        ([CHURN], [replace(CHURN, file="d/dvc.yaml")], ["renamed d/dvc.yaml:churn"]),
        ([CHURN], [replace(CHURN, name="fraud")], ["deleted dvc.yaml:churn", "added dvc.yaml:fraud"]),
        ([CHURN], [CHURN, replace(CHURN, file="d/dvc.yaml")], ["added d/dvc.yaml:churn"]),
    ],
)
def test_artifacts_are_compared_by_their_declaration(
    old: list[Artifact], new: list[Artifact], expected: list[str]
) -> None:
    assert expected == summary(declared(*old), declared(*new))


@pytest.mark.parametrize(
    ("old", "new", "hashes", "expected"),
    [
        ([CHURN], [FRAUD], "m.pkl=1 m.pkl=1", ["renamed dvc.yaml:churn -> fraud"]),
        ([CHURN], [replace(FRAUD, desc="")], "m.pkl=1 m.pkl=1", ["renamed dvc.yaml:churn -> fraud"]),
        ([CHURN], [replace(FRAUD, path="n.pkl")], "m.pkl=1 n.pkl=1", ["renamed dvc.yaml:churn -> fraud"]),
        ([CHURN], [FRAUD], "m.pkl=1 m.pkl=2", ["deleted dvc.yaml:churn", "added dvc.yaml:fraud"]),
        ([CHURN], [FRAUD], "m.pkl=1 ", ["deleted dvc.yaml:churn", "added dvc.yaml:fraud"]),
        (
            [CHURN],
            [replace(FRAUD, type="dataset")],
            "m.pkl=1 m.pkl=1",
            ["deleted dvc.yaml:churn", "added dvc.yaml:fraud"],
        ),
        # two may be meant by the one
        (
            [CHURN],
            [FRAUD, replace(FRAUD, name="spam")],
            "m.pkl=1 m.pkl=1",
            ["deleted dvc.yaml:churn", "added dvc.yaml:fraud", "added dvc.yaml:spam"],
        ),
        (
            [CHURN, replace(CHURN, name="leave")],
            [FRAUD],
            "m.pkl=1 m.pkl=1",
            ["deleted dvc.yaml:churn", "added dvc.yaml:fraud", "deleted dvc.yaml:leave"],
        ),
        # the one at the same path is meant
        (
            [CHURN],
            [FRAUD, replace(FRAUD, name="spam", path="n.pkl")],
            "m.pkl=1 m.pkl=1,n.pkl=1",
            ["renamed dvc.yaml:churn -> fraud", "added dvc.yaml:spam"],
        ),
        ([CHURN], [CHURN, FRAUD], "m.pkl=1 m.pkl=1", ["added dvc.yaml:fraud"]),
    ],
)
def test_an_artifact_of_another_name_and_the_same_content_was_renamed(
    old: list[Artifact], new: list[Artifact], hashes: str, expected: list[str]
) -> None:
    sides = (
        replace(declared(*some), outputs=outputs(told.replace(",", " ")).outputs)
        for some, told in zip((old, new), hashes.split(" "), strict=True)
    )
    assert expected == [line for line in summary(*sides) if ":" in line]


def declared(*some: Artifact) -> Snapshot:
    return Snapshot(artifacts={f"{artifact.file}:{artifact.name}": artifact for artifact in some})


def test_an_import_changes_with_its_source_or_lock_and_not_with_its_size() -> None:
    def at(rev_lock: str, size: int) -> Snapshot:
        content = Content("md5", "1", size)
        return Snapshot(imports={"x.dvc": Import("x.dvc", "repo", "url", "d", "main", rev_lock, content)})

    assert summary(at("1", 1), at("1", 2)) == []
    assert summary(at("1", 1), at("2", 1)) == ["modified x.dvc"]
    assert summary(NOTHING, at("1", 1)) == ["added x.dvc"]
    assert summary(at("1", 1), NOTHING) == ["deleted x.dvc"]


def test_an_import_by_another_file_is_renamed_where_it_brings_in_the_same() -> None:
    def at(path: str, rev_lock: str) -> Snapshot:
        return Snapshot(imports={path: Import(path, "repo", "url", "d", "main", rev_lock)})

    (change,) = diff(at("a.dvc", "1"), at("b.dvc", "1"))
    assert isinstance(change, ImportChange)
    assert change.old
    assert (change.change, change.old.path, change.path) == (ChangeType.RENAMED, "a.dvc", "b.dvc")
    assert summary(at("a.dvc", "1"), at("b.dvc", "2")) == ["deleted a.dvc", "added b.dvc"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"r": {"a": "1"}}, {"r": {"a": "2", "b": ""}}, ["modified r:a 1 2", "added r:b None "]),
        ({"r": {"a": "1"}}, {"pyproject": {"a": "1"}}, ["renamed r -> pyproject:a 1 1"]),
        (
            {"r": {"a": "1"}, "s": {"a": "1"}},
            {"pyproject": {"a": "1"}},
            ["renamed r -> pyproject:a 1 1", "deleted s:a 1 None"],
        ),
        ({"r": {"a": "1"}}, {"pyproject": {"a": "2"}}, ["renamed r -> pyproject:a 1 2"]),
        (
            {"r": {"a": "1"}, "s": {"a": "2"}},
            {"t": {"a": "2"}},
            ["deleted r:a 1 None", "renamed s -> t:a 2 2"],
        ),
        (
            {"requirements.txt": {"a": "1"}},
            {"pyproject.toml": {"a": ">=1"}, "poetry.lock": {"a": "1", "b": "1"}},
            [
                "added poetry.lock:a None 1",
                "added poetry.lock:b None 1",
                "renamed requirements.txt -> pyproject.toml:a 1 >=1",
            ],
        ),
        (
            {"Pipfile": {"a": "*"}, "d/Pipfile.lock": {"a": "1"}},
            {"pyproject.toml": {"a": ""}, "d/uv.lock": {"a": "2"}},
            ["renamed d/Pipfile.lock -> d/uv.lock:a 1 2", "renamed Pipfile -> pyproject.toml:a * "],
        ),
        (
            {"r": {"a": "1"}, "poetry.lock": {"b": "1"}},
            {"poetry.lock": {"a": "1"}, "pyproject.toml": {"b": "1"}},
            ["renamed r -> poetry.lock:a 1 1", "renamed poetry.lock -> pyproject.toml:b 1 1"],
        ),
        ({"r": {"a": "1"}, "s": {"a": "1"}}, {"r": {"a": "1"}}, ["deleted s:a 1 None"]),
    ],
)
def test_packages_are_compared_file_by_file_and_may_move(
    old: dict[str, dict[str, str]], new: dict[str, dict[str, str]], expected: list[str]
) -> None:
    assert expected == summary(Snapshot(packages=old), Snapshot(packages=new))


def test_environment_files_are_compared_by_blob() -> None:
    old = Snapshot(files={"Dockerfile": "1", "ci.yml": "2", "gone": "3"})
    new = Snapshot(files={"docker/Dockerfile": "1", "ci.yml": "4", "came": "5"})
    assert summary(old, new) == [
        "renamed Dockerfile -> docker/Dockerfile",
        "added came",
        "modified ci.yml",
        "deleted gone",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([1, 2], [2, 3], ItemChanges(added=(3,), removed=(1,))),
        ([1, 2], [2, 1], ItemChanges(reordered=True)),
        ([1, 1], [1], ItemChanges(removed=(1,))),
        ([1], [1, 1, 2], ItemChanges(added=(1, 2))),
        ([{"a": 1}, {"b": [2]}], [{"b": [2]}, {"a": 2}], ItemChanges(added=({"a": 2},), removed=({"a": 1},))),
        ([1], [1.0], ItemChanges()),
        ([1], [True], ItemChanges()),
        (["1"], [1], ItemChanges(added=(1,), removed=("1",))),
        ([None], [], ItemChanges(removed=(None,))),
        ([[1, 2]], [[2, 1]], ItemChanges(added=([2, 1],), removed=([1, 2],))),
        ([NAN], [float("nan"), 1], ItemChanges(added=(1,))),
        ([], [], ItemChanges()),
    ],
)
def test_items_of_lists_come_and_go(old: list[Any], new: list[Any], expected: ItemChanges) -> None:
    assert expected == item_changes(old, new)


def test_inside_items_that_are_mappings_the_values_that_changed_are_named() -> None:
    old = [{"units": 64, "act": "relu"}, {"units": 10}]
    new = [{"units": 128, "act": "relu"}, {"units": 10.0, "bias": True}]
    assert inner_changes(old, new) == (("[0].units", 64, 128), ("[1].bias", None, True))


def test_items_of_another_number_or_without_an_inside_have_no_inner_changes() -> None:
    assert inner_changes([{"a": 1}], [{"a": 2}, {"a": 1}]) == ()
    assert inner_changes([1, 2], [2, 1]) == ()


def test_values_of_the_side_that_can_be_read_are_not_lost() -> None:
    old = Snapshot(metrics={"m.json": ValueFile("m.json", {"auc": 0.9})})
    new = Snapshot(metrics={"m.json": ValueFile("m.json", None, Content("md5", "abc"))})
    changes = list(metrics(old, new))
    assert [(c.change, c.name, c.old, c.new) for c in changes] == [
        (ChangeType.UNKNOWN, "", None, None),
        (ChangeType.UNKNOWN, "auc", 0.9, None),
    ]


def test_params_of_the_side_that_can_be_read_are_neither_added_nor_removed() -> None:
    good, broken = ValueFile("p.yaml", {"lr": 0.1, "seed": None}), ValueFile("p.yaml", None)
    stage = Stage("dvc.yaml", "train", params=(("p.yaml", "lr"),))
    before = Snapshot(params={"p.yaml": good}, stages={"train": stage})
    after = Snapshot(params={"p.yaml": broken})
    unknown = partial(ParamChange, ChangeType.UNKNOWN, "p.yaml")
    assert list(param_changes(before, after)) == [
        unknown("", None, None, unread="now"),
        unknown("lr", 0.1, None, ("train",), unread="now"),
        unknown("seed", None, None, unread="now"),
    ]
    assert list(param_changes(after, before)) == [
        unknown("", None, None, unread="before"),
        unknown("lr", None, 0.1, ("train",), unread="before"),
        unknown("seed", None, None, unread="before"),
    ]


def test_a_metrics_file_that_was_a_mere_output_before_is_not_new() -> None:
    was, now = Content("md5", "abc"), Content("md5", "def")
    old = Snapshot(outputs={"m.json": Output("m.json", was, Role.DERIVED)})
    new = Snapshot(metrics={"m.json": ValueFile("m.json", None, now)})
    (change,) = metrics(old, new)
    assert (change.old_content, change.new_content) == (was, now)
    assert not list(metrics(old, Snapshot(metrics={"m.json": ValueFile("m.json", None, was)})))


@pytest.mark.parametrize("turned", [False, True])
def test_the_hash_of_a_metrics_file_is_not_compared_with_that_of_its_directory(turned: bool) -> None:
    """The listing of the directory is here for one side only."""
    was, now, own = (Content("md5", digest) for digest in ("a.dir", "b.dir", "c"))
    blind = Snapshot(
        outputs={"d": Output("d", was, Role.DERIVED)},
        metrics={"d/m.json": ValueFile("d/m.json", None, was, "d")},
    )
    known = Snapshot(
        outputs={"d": Output("d", now, Role.DERIVED)},
        metrics={"d/m.json": ValueFile("d/m.json", None, own)},
    )
    (change,) = metrics(known, blind) if turned else metrics(blind, known)
    sides = (change.new_content, change.old_content) if turned else (change.old_content, change.new_content)
    assert (sides, change.within) == ((was, now), "d")


def test_a_hash_of_another_kind_of_md5_with_the_same_size_may_be_no_change() -> None:
    old = Output("a.csv", Content("md5", "aa", size=5, legacy=True), Role.SOURCE)
    same_size = Output("a.csv", Content("md5", "bb", size=5), Role.SOURCE)
    other_size = Output("a.csv", Content("md5", "bb", size=6), Role.SOURCE)
    for now, expected in ((same_size, ChangeType.UNKNOWN), (other_size, ChangeType.MODIFIED)):
        assert [c.change for c in diff(Snapshot({"a.csv": old}), Snapshot({"a.csv": now}))] == [expected]


def test_a_stage_that_names_a_pattern_uses_what_matches_it() -> None:
    stage = Stage("dvc.yaml", "train", params=(("p.yaml", "kwargs.moons*"),))
    old = {"p.yaml": ValueFile("p.yaml", {"kwargs.moons2.n": 1, "kwargs.circles.n": 1})}
    new = {"p.yaml": ValueFile("p.yaml", {"kwargs.moons2.n": 2, "kwargs.circles.n": 2})}
    sides = (Snapshot(params=old, stages={"train": stage}), Snapshot(params=new, stages={"train": stage}))
    used = {c.name: c.stages for c in diff(*sides) if isinstance(c, ParamChange)}
    assert used == {"kwargs.moons2.n": ("train",), "kwargs.circles.n": ()}


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (Problem("a/dvc.yaml", "conflict markers", "v1"), ["unknown a/m:", "unknown a/m:x 1 None"]),
        (
            Problem("a/dvc.yaml", "templates", "v1", partly=True),
            ["deleted a/m:x 1 None", "deleted a/p:y 2 None", "deleted train", "deleted a/dvc.yaml:model"],
        ),
    ],
)
def test_what_an_unreadable_pipeline_may_declare_is_not_said_to_be_gone(
    problem: Problem, expected: list[str]
) -> None:
    """Of another project it declares nothing."""
    full = Snapshot(
        metrics={path: ValueFile(path, {"x": 1}) for path in ("a/m", "b/m")},
        params={path: ValueFile(path, {"y": 2}) for path in ("a/p", "b/p")},
        stages={"a/dvc.yaml:train": Stage("a/dvc.yaml", "train", "run", "a")},
        artifacts={"a/dvc.yaml:model": Artifact("model", "a/m.pkl", "a/dvc.yaml")},
        projects=("a", "b"),
    )
    broken = Snapshot(problems=(problem,), projects=("a", "b"))
    told = [line.removesuffix(" None None") for line in summary(full, broken)]
    assert sorted(told) == sorted([*expected, "deleted b/m:x 1 None", "deleted b/p:y 2 None"])


def test_of_what_a_broken_pipeline_names_in_part_only_the_values_of_both_sides_are_compared() -> None:
    """The stages that dvc.lock knows name some values; others may be named as well."""
    whole = Snapshot(params={"p.yaml": ValueFile("p.yaml", {"x": 1, "y": 1})}, projects=("",))
    problem = Problem("dvc.yaml", "conflict markers", "v1")
    in_part = Snapshot({}, params={"p.yaml": ValueFile("p.yaml", {"x": 2, "z": 2})}, projects=("",))
    broken = replace(in_part, problems=(problem,))
    assert summary(whole, broken) == ["modified p.yaml:x 1 2", "added p.yaml:z None 2"]
    assert summary(broken, whole) == ["modified p.yaml:x 2 1", "deleted p.yaml:z 2 None"]


@pytest.mark.parametrize(("directory", "expected"), [("d", ["unknown"] * 2), ("e", ["deleted"])])
def test_metrics_of_a_directory_that_is_not_there_to_read_may_be_there(
    directory: str, expected: list[str]
) -> None:
    """The tree of a directory may lack in a partial clone."""
    full = Snapshot(metrics={"d/e/m.json": ValueFile("d/e/m.json", {"x": 1})}, projects=("",))
    lacking = Snapshot(problems=(Problem(directory, "its tree is not here", "v1"),), projects=("",))
    assert [line.split()[0] for line in summary(full, lacking)] == expected


def test_a_broken_pipeline_of_a_project_inside_hides_nothing_of_the_one_around_it() -> None:
    full = Snapshot(metrics={path: ValueFile(path, {"x": 1}) for path in ("m.json", "d/m.json")})
    problem = Problem("d/sub/dvc.yaml", "conflict markers", "v1")
    told = summary(full, Snapshot(problems=(problem,), projects=("", "d")))
    assert told == ["unknown d/m.json: None None", "unknown d/m.json:x 1 None", "deleted m.json:x 1 None"]


def test_an_artifact_that_left_a_file_is_not_said_to_be_in_one_that_could_not_be_read() -> None:
    here, there = Artifact("x", "p", "a.yaml"), Artifact("x", "p", "b.yaml")
    old = Snapshot(artifacts={"b.yaml:x": there}, problems=(Problem("a.yaml", "broken", "v1"),))
    new = Snapshot(artifacts={"a.yaml:x": here})
    assert summary(old, new) == ["deleted b.yaml:x"]
    assert summary(new, old) == ["added b.yaml:x"]


@pytest.mark.parametrize(
    ("partly", "expected"), [((False,), []), ((True,), []), ((True, True), ["modified a"])]
)
def test_a_stage_of_which_only_the_lock_tells_was_not_redefined(
    partly: tuple[bool, ...], expected: list[str]
) -> None:
    """Where neither side resolves the templates, dvc.lock tells of both."""
    sides = [
        Snapshot(stages={"a": Stage("dvc.yaml", "a", "run", metrics=marked)}) for marked in (("m.json",), ())
    ]
    for at, part in enumerate(partly):
        problems = (Problem("dvc.yaml", "templates", "v1", partly=part),)
        sides[at] = replace(sides[at], problems=problems, from_lock=frozenset(sides[at].stages))
    assert summary(*sides) == expected


@pytest.mark.parametrize("turned", [False, True])
def test_both_sides_of_metrics_are_unread_where_one_may_be_hidden_and_the_other_is_in_no_cache(
    turned: bool,
) -> None:
    """A file of which the other side knows nothing is new only where that side could be read."""
    absent = Snapshot(metrics={"m.json": ValueFile("m.json", None, Content("md5", "1"))})
    broken = Snapshot(problems=(Problem("dvc.yaml", "conflict markers", "v1"),), projects=("",))
    for other, sides in ((broken, ("both", "both")), (Snapshot(), ("now", "before"))):
        (change,) = metrics(absent, other) if turned else metrics(other, absent)
        assert change.unread == sides[turned]


@pytest.mark.parametrize(
    ("path", "stages", "expected"),
    [
        ("params.yaml", {}, ["deleted params.yaml:x 1 None"]),
        ("conf/params.yaml", {}, []),
        ("sub/params.yaml", {}, []),
        (
            "sub/params.yaml",
            {"sub/dvc.yaml:a": Stage("sub/dvc.yaml", "a")},
            ["deleted sub/params.yaml:x 1 None"],
        ),
    ],
)
def test_a_params_file_is_gone_where_no_broken_pipeline_may_name_it(
    path: str, stages: dict[str, Stage], expected: list[str]
) -> None:
    full = Snapshot(params={path: ValueFile(path, {"x": 1})}, stages=stages, projects=("",))
    problem = Problem("dvc.yaml", "conflict markers", "v1")
    broken = Snapshot(stages=stages, problems=(problem,), projects=("",))
    assert summary(full, broken) == expected
    assert summary(broken, full) == [
        line.replace("deleted", "added").replace("1 None", "None 1") for line in expected
    ]
