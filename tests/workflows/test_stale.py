"""Stages that are not as they last ran, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dvc_changelog.domain import (
    ChangeType,
    Content,
    Dependency,
    MetricChange,
    Output,
    Role,
    Since,
    Snapshot,
    Stage,
    StageRun,
    Stale,
    ValueFile,
)
from dvc_changelog.workflows.faults import of_values
from dvc_changelog.workflows.stale import by_stage, findings, made_anew, remade


def _stage(path: str, name: str) -> Stage:
    return Stage(path, name, cmd="x")


def test_a_stage_is_named_as_its_project_addresses_it() -> None:
    stages = [_stage("a/dvc.yaml", "train"), _stage("a/b/dvc.yaml", "e@1"), _stage("old.dvc", "")]
    snapshot = Snapshot(stages={stage.address: stage for stage in stages}, projects=("", "a"))
    stale = [
        Stale("p.yaml", "lr", None, 1, stages[0].address, missing=True),
        Stale("o", "", None, None, stages[0].address, since=Since.OUTPUT, added=True),
        Stale("a/b/dvc.yaml", "", None, None, stages[1].address, since=Since.NEVER),
        Stale("x.csv", "", "2", "1", stages[2].address, since=Since.INPUT),
    ]
    assert [(item.what, item.remedy) for item in findings(by_stage(stale), snapshot)] == [
        (
            "The stage a/dvc.yaml:train is not as it last ran: lr of p.yaml is gone; it is to write o too.",
            (
                "Put lr back into p.yaml, or take it out of the stage's `params`; "
                "then `dvc --cd a repro train`, then commit a/dvc.lock."
            ),
        ),
        (
            "The stage a/b/dvc.yaml:e@1 has not run yet.",
            "`dvc --cd a repro b/dvc.yaml:e@1`, then commit a/b/dvc.lock.",
        ),
        (
            "The stage old.dvc is not as it last ran: x.csv changed.",
            "`dvc repro old.dvc`, then commit old.dvc.",
        ),
    ]


_NOTHING = {"path": "p.yaml", "value": None, "locked": None, "stage": "train"}
WORDED = [
    ((), {"since": Since.COMMAND}, "its command changed"),
    (("lr",), {"value": 0.2, "locked": 0.1}, "lr of p.yaml is 0.2, was 0.1"),
    (("lr",), {"value": None, "locked": "x"}, "lr of p.yaml is null, was x"),
    (("lr",), {"value": 1, "added": True}, "lr of p.yaml is new"),
    (("lr",), {"value": list(range(99)), "locked": [1]}, "lr of p.yaml changed"),
    ((), {"since": Since.INPUT, "value": "2", "locked": "1"}, "p.yaml changed"),
    ((), {"since": Since.INPUT, "added": True}, "it depends on p.yaml too"),
    ((), {"since": Since.OUTPUT, "value": "2", "locked": "1"}, "p.yaml is not what it wrote"),
]


@pytest.mark.parametrize(("name", "how", "said"), WORDED)
def test_what_is_not_as_a_stage_last_ran_is_said_in_plain_words(
    name: tuple[str], how: dict[str, Any], said: str
) -> None:
    stage = _stage("dvc.yaml", "train")
    item = Stale(**_NOTHING | {"name": "".join(name)} | how)
    (found,) = findings(by_stage([item]), Snapshot(stages={"train": stage}, projects=("",)))
    assert found.what == f"The stage train is not as it last ran: {said}."


def test_many_params_of_a_stage_are_counted() -> None:
    stale = [Stale("params.yaml", f"p{i}", 2, 1, "train") for i in range(7)]
    (found,) = findings(
        by_stage(stale), Snapshot(stages={"train": _stage("dvc.yaml", "train")}, projects=("",))
    )
    assert found.what.endswith("p4 is 2, was 1; 2 more params changed.")


def _remedy(address: str, *stages: Stage, kept: tuple[str, ...] = ()) -> str:
    by_address = {stage.address: stage for stage in stages}
    snapshot = Snapshot(stages=by_address, unrecorded=frozenset(kept), projects=("",))
    stale = Stale("dvc.yaml", "", "x", "y", address, since=Since.COMMAND)
    (found,) = findings(by_stage([stale]), snapshot)
    return found.remedy


def test_what_is_to_be_committed_are_the_locks_and_outputs_of_all_that_runs() -> None:
    """DVC writes what is `cache: false` for Git to keep; a stage that is frozen is not run."""
    train = Stage("dvc.yaml", "train", cmd="x", outs=("model",), metrics=("m.json",))
    pack = Stage("deploy/dvc.yaml", "pack", cmd="x", deps=("model/a",), outs=("out",))
    site = Stage("dvc.yaml", "site", cmd="x", deps=("out",), plots=("p.csv",))
    held = Stage("dvc.yaml", "held", cmd="x", deps=("m.json",), outs=("held.txt",), frozen=True)
    stages = (train, held, site, pack)
    kept = ("model", "out")
    assert _remedy("train", *stages, kept=kept) == (
        "`dvc repro --downstream train`, then commit dvc.lock, deploy/dvc.lock, m.json and p.csv."
    )
    assert _remedy("deploy/dvc.yaml:pack", train, pack, kept=kept) == (
        "`dvc repro deploy/dvc.yaml:pack`, then commit deploy/dvc.lock."
    )
    assert _remedy("held", *stages) == (
        "Take the change back, or `dvc unfreeze held` and `dvc repro held`, "
        "then commit dvc.yaml, dvc.lock and held.txt."
    )


def test_how_a_file_is_made_anew_is_told_by_all_that_its_run_writes() -> None:
    """A file is of the stage that writes it, or the directory around it, or else that wrote it last."""
    ran = StageRun(outs=(Dependency("old.json"), Dependency("m.json")))
    train = Stage("dvc.yaml", "train", cmd="x", outs=("model",), metrics=("m.json", "new.json"), ran=ran)
    pack = Stage("deploy/dvc.yaml", "pack", cmd="x", deps=("model",), outs=("out",))
    stages = {stage.address: stage for stage in (train, pack)}
    snapshot = Snapshot(stages=stages, unrecorded=frozenset(("model", "out")), projects=("",))
    whole = "`dvc repro --downstream train`, then commit dvc.lock, deploy/dvc.lock, m.json and new.json."
    for path in ("m.json", "model/score.json", "old.json"):
        assert made_anew(path, snapshot) == whole
    assert made_anew("out/score.json", snapshot) == (
        "`dvc repro deploy/dvc.yaml:pack`, then commit deploy/dvc.lock."
    )
    assert not made_anew("elsewhere.json", snapshot)


@pytest.mark.parametrize("awaited", [True, False])
def test_metrics_of_a_run_that_git_lacks_are_mended_by_that_run(awaited: bool) -> None:
    """A run that is not recorded, and one whose lock alone was committed: DVC runs what lacks its output."""
    wrote = None if awaited else Content("md5", "0" * 32)
    train = Stage("dvc.yaml", "train", cmd="x", metrics=("m.json",))
    snapshot = Snapshot(
        stages={"train": train},
        metrics={"m.json": ValueFile("m.json", None, wrote)},
        awaited=frozenset(("m.json",) if awaited else ()),
        projects=("",),
    )
    change = MetricChange(ChangeType.UNKNOWN, "m.json", "", None, None, unread="now", new_content=wrote)
    reason = "" if awaited else "is declared a metric, but is not in Git"
    found = of_values(change, snapshot, reason)
    assert found.remedy == "`dvc repro train`, then commit dvc.lock and m.json."
    broken = ValueFile("m.json", None, Content("git", "0" * 40))
    there = Snapshot(stages={"train": train}, metrics={"m.json": broken}, projects=("",))
    assert of_values(change, there, "is no JSON").remedy == "Correct m.json; `dvc status` tells more."


def _ran(name: str, reads: str, writes: str, cmd: str = "x") -> Stage:
    """A stage that ran with what it reads and writes."""
    deps, outs = tuple(reads.split()), tuple(writes.split())
    ran = StageRun(cmd, tuple(Dependency(d, None) for d in deps), tuple(Dependency(o, None) for o in outs))
    return Stage("dvc.yaml", name, cmd=cmd, deps=deps, outs=outs, ran=ran)


def test_stages_come_in_the_order_in_which_they_run_and_one_command_runs_them() -> None:
    stages = [
        _ran("last", "b", "c"),
        _ran("first", "raw", "a"),
        _ran("mid", "a", "b"),
        _ran("apart", "x", "y"),
    ]
    snapshot = Snapshot(
        stages={stage.address: stage for stage in stages}, projects=("",), unrecorded=frozenset("abcy")
    )
    stale = [Stale("p.py", "", "2", "1", stage.address, since=Since.INPUT) for stage in stages]
    by_first = "`dvc repro --downstream first` runs it too."
    assert [(found.subject, found.remedy) for found in findings(by_stage(stale), snapshot)] == [
        ("first", "`dvc repro --downstream first`, then commit dvc.lock."),
        ("apart", "`dvc repro apart`, then commit dvc.lock."),
        ("mid", by_first),
        ("last", by_first),
    ]


def test_what_came_for_something_else_is_not_there_too() -> None:
    stage = replace(_ran("fit", "a.csv k.py", "m"), deps=("b.csv", "k.py"), outs=("m", "n"))
    stale = [
        Stale("b.csv", "", None, None, "fit", since=Since.INPUT, added=True),
        Stale("n", "", None, None, "fit", since=Since.OUTPUT, added=True),
    ]
    (found,) = findings(by_stage(stale), Snapshot(stages={"fit": stage}, projects=("",)))
    assert found.what.endswith("it depends on b.csv, not a.csv; it is to write n too.")


@pytest.mark.parametrize(
    ("files", "since", "what", "remedy"),
    [
        (["dvc.yaml"], Since.COMMAND, ", since their commands changed:", "`dvc repro`"),
        (["a/dvc.yaml"], Since.INPUT, ", since p.yaml changed:", "`dvc repro a/dvc.yaml`"),
        (
            ["a/dvc.yaml", "dvc.yaml"],
            Since.PARAM,
            ", since lr of p.yaml is 2, was 1:",
            "`dvc repro a/dvc.yaml dvc.yaml`",
        ),
        ([f"{n}/dvc.yaml" for n in range(9)], Since.INPUT, "p.yaml changed:", "`dvc repro --all-pipelines`"),
        (
            ["a/dvc.yaml", "p/dvc.yaml"],
            Since.NEVER,
            " last ran:",
            "`dvc repro a/dvc.yaml` and `dvc --cd p repro`",
        ),
    ],
)
def test_many_stages_are_one_finding_with_what_they_have_in_common(
    files: list[str], since: Since, what: str, remedy: str
) -> None:
    stages = [_stage(files[n % len(files)], f"s{n}") for n in range(9)]
    snapshot = Snapshot(stages={stage.address: stage for stage in stages}, projects=("", "p"))
    name, *values = ("lr", 2, 1) if since is Since.PARAM else ("", "2", "1")
    stale = [Stale("p.yaml", str(name), values[0], values[1], stage.address, since=since) for stage in stages]
    (found,) = findings(by_stage(stale), snapshot)
    assert what in found.what
    assert f"{remedy}, then commit" in found.remedy


def test_the_command_for_many_stages_names_the_files_of_those_that_read_what_they_write() -> None:
    """`dvc repro` of a dvc.yaml runs nothing of another one that comes after it."""
    many = [replace(_ran(f"s{n}", "raw", f"a{n}"), path="a/dvc.yaml") for n in range(6)]
    after = replace(_ran("after", "a1", "b"), path="b/dvc.yaml")
    snapshot = Snapshot(
        stages={each.address: each for each in [*many, after]},
        projects=("",),
        unrecorded=frozenset(out for each in [*many, after] for out in each.outs),
    )
    stale = [Stale("raw", "", "2", "1", each.address, since=Since.INPUT) for each in many]
    (found,) = findings(by_stage(stale), snapshot)
    assert found.remedy == "`dvc repro a/dvc.yaml b/dvc.yaml`, then commit a/dvc.lock and b/dvc.lock."


@pytest.mark.parametrize(
    ("files", "command"),
    [(["dvc.yaml"], "dvc repro"), (["a/dvc.yaml"], "dvc repro a/dvc.yaml"), ([], "dvc repro")],
)
def test_what_no_stage_is_known_to_write_is_asked_of_the_pipelines_of_its_project(
    files: list[str], command: str
) -> None:
    stages = [_stage(file, "x") for file in files]
    snapshot = Snapshot(stages={each.address: each for each in stages}, projects=("",))
    assert remade("m.json", snapshot) == f"`{command}`, then commit what that changes."


@pytest.mark.parametrize("altered", [True, False])
def test_an_output_that_lies_otherwise_in_the_working_tree_can_be_brought_back(altered: bool) -> None:
    """As another branch left it there: no run is owed for that."""
    stages = [_ran("cut", "raw", "a b"), _ran("fit", "a", "m")]
    output = Output("a", Content("md5", "1"), Role.DERIVED, stage="cut", altered=altered)
    snapshot = Snapshot(
        outputs={"a": output}, stages={each.address: each for each in stages}, unrecorded=frozenset("m")
    )
    (found,) = findings({"fit": [Stale("a", "", "2", "1", "fit", since=Since.INPUT)]}, snapshot)
    back = "`dvc checkout a` brings back what dvc.lock has; else " if altered else ""
    assert found.remedy == f"{back}`dvc repro fit`, then commit dvc.lock."
