"""What of a changed thing asks for a version, in words; and where it stands, if its name is not enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dvc_changelog.domain import (
    Artifact,
    ArtifactChange,
    Ask,
    Cause,
    CauseKind,
    Change,
    ChangeType,
    Import,
    ImportChange,
    Level,
    Output,
    OutputChange,
    PackageChange,
    ParamChange,
    Release,
    Revision,
    Role,
    Stage,
    StageChange,
)
from dvc_changelog.domain.content import Content
from dvc_changelog.versioning import bump_of, sentences

HEAD = Revision("b" * 40, "c" * 40, 0, "HEAD")
FIT = Stage("dvc.yaml", "fit", "python fit.py", "", ("a.csv",), ("m.pkl",), (("params.yaml", "lr"),))
CHURN = Artifact("churn", "m.pkl", "dvc.yaml", "model")
RAW = Import("raw.dvc", "repo", "https://a/b", "data", rev_lock="1")


MODEL = Output("m.pkl", Content("md5", "a" * 32), Role.DERIVED, stage="fit", model=True)
NEXT = replace(MODEL, content=Content("md5", "b" * 32))

OWED = OutputChange(ChangeType.UNKNOWN, "m.pkl", MODEL, None, awaited=("d/m.pkl",))


def told(*changes: Change) -> list[str]:
    return sentences(bump_of(Release(HEAD, None, changes=changes), ()).asks)


def stage(new: Stage | None, old: Stage | None = FIT) -> Change:
    fate = ChangeType.MODIFIED if old and new else ChangeType.ADDED if new else ChangeType.DELETED
    if old and new and old.address != new.address:
        fate = ChangeType.RENAMED
    return StageChange(fate, "dvc.yaml", (new or FIT).name, old, new)


def artifact(new: Artifact | None, old: Artifact | None = CHURN) -> Change:
    fate = ChangeType.MODIFIED if old and new else ChangeType.ADDED if new else ChangeType.DELETED
    if old and new and (old.file, old.name) != (new.file, new.name):
        fate = ChangeType.RENAMED
    return ArtifactChange(fate, "dvc.yaml", (new or CHURN).name, old, new)


SAID = [
    *(
        (
            OutputChange(ChangeType.MODIFIED, "m.pkl", MODEL, NEXT, "", (because,)),
            f"model m.pkl was retrained: {why}",
        )
        for because, why in (
            (Cause(CauseKind.FILE, "a.py"), "a.py changed"),
            (Cause(CauseKind.FILE, "a.py", change=ChangeType.DELETED), "a.py is no input any more"),
            (Cause(CauseKind.DATA, "a.csv", change=ChangeType.ADDED), "a.csv is an input now"),
            (Cause(CauseKind.NOTHING, "m.pkl", "fit"), "nothing that is recorded changed before it"),
            (Cause(CauseKind.UNKNOWN, "m.pkl", "fit"), "why is not recorded"),
            (
                Cause(CauseKind.UNKNOWN, "m.pkl", "fit", commits=("b" * 40,)),
                "recorded with other inputs in bbbbbbb",
            ),
            (
                Cause(CauseKind.NOTHING, "a.csv", "cut", through=("cut",)),
                "a.csv changed, why is not recorded",
            ),
            (
                Cause(CauseKind.PACKAGE, "requirements.txt", "numpy", through=("cut",), recorded=False),
                "what cut makes changed, perhaps for numpy",
            ),
        )
    ),
    (
        OutputChange(
            ChangeType.MODIFIED, "m.pkl", MODEL, NEXT, "", (Cause(CauseKind.FILE, "a.py"),), taken_back="b"
        ),
        "model m.pkl was taken back",
    ),
    (OWED, "model m.pkl is to be written to d/m.pkl, and fit has not run since"),
    (
        replace(OWED, awaited=("d/m.pkl", "n.pkl")),
        "model m.pkl is to give way to d/m.pkl and n.pkl, and fit has not run since",
    ),
    (stage(FIT, None), "stage fit is new"),
    (stage(None), "stage fit was removed"),
    (stage(replace(FIT, cmd="python -O fit.py")), "stage fit has another command"),
    (
        stage(replace(FIT, deps=("b.csv",), outs=("m.pkl", "n.pkl"), cmd="x")),
        "stage fit has another command, other deps and other outputs",
    ),
    (stage(replace(FIT, params=())), "stage fit has other params"),
    (stage(replace(FIT, outs=(), metrics=("m.pkl",))), "stage fit has other metrics or plots"),
    (stage(replace(FIT, wdir="sub")), "stage fit has another working directory"),
    (stage(replace(FIT, frozen=True)), "stage fit is frozen now"),
    (stage(FIT, replace(FIT, frozen=True)), "stage fit is frozen no more"),
    (stage(replace(FIT, always_changed=True)), "stage fit runs each time now"),
    (stage(FIT, replace(FIT, always_changed=True)), "stage fit runs each time no more"),
    (stage(replace(FIT, deps=FIT.deps[::-1], frozen=True, cmd="x")), "stage fit has another command"),
    (stage(replace(FIT, name="train")), "stage train was fit"),
    (
        ParamChange(ChangeType.MODIFIED, "params.yaml", "lr", 10, "10"),
        'param lr went from 10 to "10"',
    ),
    (ParamChange(ChangeType.DELETED, "c.yaml", "lr", 1, None, declared=True), "param lr is no longer used"),
    (ParamChange(ChangeType.ADDED, "c.yaml", "lr", None, 1, declared=True), "param lr is used now"),
    (artifact(CHURN, None), "artifact churn is new"),
    (artifact(None), "artifact churn is declared no more"),
    (
        artifact(replace(CHURN, desc="Ours", labels=("a",))),
        "artifact churn has other labels and has another description",
    ),
    (artifact(replace(CHURN, path="n.pkl")), "artifact churn stands for another path"),
    (artifact(replace(CHURN, name="leave")), "artifact leave was renamed from churn"),
    (artifact(replace(CHURN, file="artifacts.yaml")), "artifact churn is declared in another file"),
    (artifact(replace(CHURN, type="dataset")), "artifact churn is declared as dataset, and was as model"),
    (
        ImportChange(ChangeType.MODIFIED, "raw.dvc", RAW, replace(RAW, rev_lock="2")),
        "import raw.dvc was refreshed",
    ),
    (
        ImportChange(ChangeType.MODIFIED, "raw.dvc", RAW, replace(RAW, url="https://a/c")),
        "import raw.dvc comes from elsewhere",
    ),
]


@pytest.mark.parametrize(("change", "expected"), SAID, ids=[expected for _, expected in SAID])
def test_what_of_it_changed_is_said(change: Change, expected: str) -> None:
    assert expected in told(change)


def test_a_package_stands_with_its_file() -> None:
    moved = PackageChange(ChangeType.MODIFIED, "requirements.txt", "numpy", "1.0", "2.0")
    assert told(moved, replace(moved, path="dev.txt")) == [
        "package numpy in requirements.txt went from 1.0 to 2.0",
        "package numpy in dev.txt went from 1.0 to 2.0",
    ]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [("1.0", "", "is free now, and was 1.0"), ("", "1.0", "is 1.0 now, and was free"), ("", "", "changed")],
)
def test_a_package_that_was_free(old: str, new: str, why: str) -> None:
    moved = PackageChange(ChangeType.MODIFIED, "requirements.txt", "numpy", old, new)
    assert told(moved) == [f"package numpy in requirements.txt {why}"]


def test_what_two_files_have_under_one_name_stands_with_its_file() -> None:
    lr, other = (Ask(Level.PATCH, "param", name, "params.yaml", why="is new") for name in ("lr", "other"))
    assert sentences([lr, other, replace(lr, path="b/params.yaml")]) == [
        "param lr in params.yaml is new",
        "param other is new",
        "param lr in b/params.yaml is new",
    ]
