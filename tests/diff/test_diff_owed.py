"""What stages are to write elsewhere, and have not written yet: nothing of it is said to be gone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dvc_changelog.diff import diff
from dvc_changelog.domain import (
    Artifact,
    Change,
    ChangeType,
    Content,
    Dependency,
    MetricChange,
    Output,
    OutputChange,
    PlotChange,
    PlotFile,
    Role,
    Snapshot,
    Stage,
    StageRun,
    ValueFile,
)

ONE = Content("md5", "1")


def train(outs: str, ran: str, metrics: str = "", plots: str = "", name: str = "train") -> Stage:
    """A stage of a dvc.yaml; `ran` is what dvc.lock has of it."""
    run = StageRun("fit", outs=tuple(Dependency(path, ONE) for path in ran.split())) if ran else None
    made, measured, drawn = (tuple(paths.split()) for paths in (outs, metrics, plots))
    return Stage("dvc.yaml", name, "fit", outs=made, metrics=measured, plots=drawn, ran=run)


def state(stage: Stage, *, model: str = "", more: str = "") -> Snapshot:
    """What is recorded of what the stage lists; `more` are outputs of a person."""
    kept = [path for path in stage.outs if stage.ran and path in {out.path for out in stage.ran.outs}]
    outputs = {path: Output(path, ONE, Role.DERIVED, stage.address) for path in kept}
    outputs |= {path: Output(path, Content("md5", path), Role.SOURCE) for path in more.split()}
    artifacts = {"dvc.yaml:router": Artifact("router", model, "dvc.yaml", "model")} if model else {}
    for path in {model} & outputs.keys():
        outputs[path] = replace(outputs[path], model=True, artifact=artifacts["dvc.yaml:router"])
    listed = (*stage.outs, *stage.metrics, *stage.plots)
    unrecorded = frozenset(path for path in listed if path not in outputs)
    return Snapshot(
        outputs=outputs, stages={stage.address: stage}, artifacts=artifacts, unrecorded=unrecorded
    )


def outputs_of(changes: tuple[Change, ...]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(c.change.value, c.path, c.awaited) for c in changes if isinstance(c, OutputChange)]


@pytest.mark.parametrize(
    ("outs", "ran", "expected"),
    [
        ("d/m", "m", [("unknown", "m", ("d/m",))]),
        ("d/m n", "m", [("unknown", "m", ("d/m",))]),  # its name tells
        ("d/m e/m", "m", [("unknown", "m", ("d/m", "e/m"))]),
        ("o n", "m", [("unknown", "m", ("o", "n"))]),
        ("d/m k", "m k", [("unknown", "m", ("d/m",))]),
        ("", "m", [("deleted", "m", ())]),  # nothing takes its place
        ("k", "m k", [("deleted", "m", ())]),
        ("d/m", "", [("deleted", "m", ())]),  # dvc.lock knows it no more
        ("d/m", "other", [("deleted", "m", ())]),
    ],
)
def test_an_output_is_not_gone_while_its_stage_is_to_write_another_instead(
    outs: str, ran: str, expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    new = state(train(outs, ran))
    before = "m k" if "k" in ran else "m"
    old = state(train(before, before))
    assert expected == outputs_of(diff(old, new))


def test_an_output_that_was_to_come_before_takes_the_place_of_none() -> None:
    old, new = state(train("m late", "m")), state(train("late", "m"))
    assert outputs_of(diff(old, new)) == [("deleted", "m", ())]


def test_what_is_there_already_is_not_awaited() -> None:
    old, new = state(train("m", "m"), more="d/m"), state(train("d/m", "m"), more="d/m")
    assert outputs_of(diff(old, new)) == [("deleted", "m", ())]


def test_of_a_stage_of_another_name_nothing_is_guessed() -> None:
    old, new = state(train("m", "m")), state(train("d/m", "m", name="fit"))
    assert outputs_of(diff(old, new)) == [("deleted", "m", ())]


def test_content_that_is_recorded_elsewhere_was_renamed() -> None:
    old, new = state(train("m", "m")), state(train("d/m", "m"))
    other = Output("e/m", ONE, Role.SOURCE)
    assert outputs_of(diff(old, replace(new, outputs={"e/m": other}))) == [("renamed", "e/m", ())]


def test_an_artifact_says_which_of_several_takes_its_place() -> None:
    old, new = state(train("m", "m"), model="m"), state(train("n d/m", "m"), model="d/m")
    assert outputs_of(diff(old, new)) == [("unknown", "m", ("d/m",))]


def test_metrics_that_are_to_be_written_elsewhere_are_not_known_and_not_gone() -> None:
    was, now = train("", "m.json", metrics="m.json"), train("", "m.json", metrics="d/m.json")
    old = replace(state(was), metrics={"m.json": ValueFile("m.json", {"auc": 1})})
    found = [c for c in diff(old, state(now)) if isinstance(c, MetricChange)]
    assert [(c.change, c.path, c.name, c.unread) for c in found] == [
        (ChangeType.UNKNOWN, "m.json", "", "now"),
        (ChangeType.UNKNOWN, "m.json", "auc", "now"),
    ]
    gone = diff(old, state(train("", "m.json")))
    assert [c.change for c in gone if isinstance(c, MetricChange)] == [ChangeType.DELETED]


def test_metrics_in_a_directory_that_is_to_be_written_elsewhere_are_not_gone() -> None:
    old = replace(state(train("eval", "eval")), metrics={"eval/m.json": ValueFile("eval/m.json", {"auc": 1})})
    found = [c for c in diff(old, state(train("out/eval", "eval"))) if isinstance(c, MetricChange)]
    assert {c.change for c in found} == {ChangeType.UNKNOWN}


def test_metrics_that_stand_in_git_where_they_are_to_be_written_are_there() -> None:
    old = replace(
        state(train("", "m.json", metrics="m.json")), metrics={"m.json": ValueFile("m.json", {"auc": 1})}
    )
    new = replace(
        state(train("", "m.json", metrics="d/m.json")),
        metrics={"d/m.json": ValueFile("d/m.json", {"auc": 2})},
    )
    found = [(c.change, c.path) for c in diff(old, new) if isinstance(c, MetricChange)]
    assert found == [(ChangeType.ADDED, "d/m.json"), (ChangeType.DELETED, "m.json")]


@pytest.mark.parametrize(("plots", "expected"), [("d/p.csv", []), ("", [ChangeType.DELETED])])
def test_a_plot_that_is_to_be_written_elsewhere_is_not_gone(plots: str, expected: list[ChangeType]) -> None:
    old = replace(
        state(train("", "p.csv", plots="p.csv")), plots={"p.csv": PlotFile("p.csv", Content("git", "1"))}
    )
    new = state(train("", "p.csv", plots=plots))
    assert expected == [c.change for c in diff(old, new) if isinstance(c, PlotChange)]
