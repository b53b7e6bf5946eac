"""Which level a release asks for: the rules that are built in, those configured, and their laws."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dvc_changelog.config import Config
from dvc_changelog.domain import (
    Artifact,
    ArtifactChange,
    Author,
    Cause,
    CauseKind,
    Change,
    ChangeType,
    Commit,
    FileChange,
    FileChanged,
    Import,
    ImportChange,
    Judgement,
    Level,
    MetricChange,
    Output,
    OutputChange,
    PackageChange,
    ParamChange,
    Release,
    Revision,
    Role,
    Stage,
    StageChange,
    Touch,
    Verdict,
)
from dvc_changelog.domain.content import Content
from dvc_changelog.versioning import MetricNow, bump_of

HEAD = Revision("b" * 40, "c" * 40, 0, "HEAD")
ADDED, DELETED, MODIFIED, RENAMED = (
    ChangeType.ADDED,
    ChangeType.DELETED,
    ChangeType.MODIFIED,
    ChangeType.RENAMED,
)


def told(*parts: Change | Commit) -> Release:
    """A release of these changes and commits."""
    commits = tuple(part for part in parts if isinstance(part, Commit))
    return Release(HEAD, None, commits=commits, changes=tuple(p for p in parts if not isinstance(p, Commit)))


def commit(
    subject: str,
    group: str = "",
    *,
    breaking: bool = False,
    touches: tuple[Touch, ...] = (),
    paths: tuple[str, ...] = ("notebooks/a.ipynb",),
    scope: str = "",
) -> Commit:
    files = tuple(FileChange(path, "", "1", "2") for path in paths)
    return Commit(
        *(subject.ljust(40, "0")[:40], (), "", 0, Author("A", "a@b.c"), subject),
        files=files,
        scope=scope,
        group=group or (touches[0].value if touches else "chore"),
        conventional=bool(group),
        breaking="" if breaking else None,
        touches=touches,
    )


def output(
    path: str,
    change: ChangeType,
    *because: Cause,
    model: bool = True,
    role: Role = Role.DERIVED,
    was: str = "was.pkl",
) -> Change:
    made = Output(path, Content("md5", "a" * 32), role, stage="train", model=model)
    old = None if change is ADDED else made
    new = None if change is DELETED else replace(made, content=Content("md5", "b" * 32))
    return OutputChange(change, path, old, new, was if change is RENAMED else "", because)


def cause(kind: CauseKind, name: str = "x", path: str = "", old: object = 1, new: object = 2) -> Cause:
    return Cause(kind, path or name, name, MODIFIED, old, new)


def renamed(name: str = "churn-2") -> Change:
    sides = (Artifact("churn", "m.pkl", "dvc.yaml", "model"), Artifact(name, "m.pkl", "dvc.yaml", "model"))
    return ArtifactChange(RENAMED, "dvc.yaml", name, *sides)


def retyped(old: str, new: str) -> Change:
    sides = [Artifact("churn", "m.pkl", "dvc.yaml", kind) for kind in (old, new)]
    return ArtifactChange(MODIFIED, "dvc.yaml", "churn", *sides)


def artifact(change: ChangeType, old: str, new: str) -> Change:
    sides = [Artifact("churn", "m.pkl", "dvc.yaml", kind) if kind else None for kind in (old, new)]
    return ArtifactChange(change, "dvc.yaml", "churn", *sides)


def stage(change: ChangeType) -> Change:
    one = Stage("dvc.yaml", "fit")
    sides = (None if change is ADDED else one, None if change is DELETED else one)
    return StageChange(change, "dvc.yaml", "fit", *sides)


PARAM = ParamChange(MODIFIED, "params.yaml", "train.lr", 0.1, 0.2)
WORSE = MetricChange(MODIFIED, "m.json", "test.auc", 0.9, 0.8, judged=Judgement(Verdict.WORSE))
REFRESHED = ImportChange(
    MODIFIED,
    "raw.dvc",
    Import("raw.dvc", "repo", "u", rev_lock="1"),
    Import("raw.dvc", "repo", "u", rev_lock="2"),
)
HYPER = cause(CauseKind.PARAM, "train.lr")
LAYERS = cause(CauseKind.PARAM, "net.layers")

UPSTREAM = replace(cause(CauseKind.NOTHING, "split", "train.csv"), through=("split",))
PERHAPS = replace(cause(CauseKind.PACKAGE, "numpy"), through=("split",), recorded=False)
EMPTY = OutputChange(
    DELETED, "out", Output("out", Content("md5", "a" * 32 + ".dir", 0, 0), Role.SOURCE), None
)


def rehashed(path: str, *, model: bool = True) -> Change:
    """An output that went from DVC 2 to DVC 3, its content of the same size."""
    old, new = (
        Output(path, Content("md5", digest * 32, 9, legacy=digest == "a"), Role.DERIVED, model=model)
        for digest in "ab"
    )
    return OutputChange(ChangeType.UNKNOWN, path, old, new)


BUILT_IN = [
    ("breaking", (commit("drop it", "fix", breaking=True),), Level.MAJOR),
    ("model removed", (output("m.pkl", DELETED),), Level.MAJOR),
    ("model renamed", (output("m.pkl", RENAMED),), Level.MAJOR),
    ("breaking, whatever its type", (commit("drop it", "docs", breaking=True),), Level.MAJOR),
    ("model removed and another new", (output("m.pkl", DELETED), output("n.pkl", ADDED)), Level.MAJOR),
    ("model moved and retrained", (output("m.pkl", RENAMED, HYPER),), Level.MAJOR),
    ("artifact renamed", (renamed(),), Level.MAJOR),
    ("artifact of another file", (renamed("churn"),), Level.PATCH),
    ("public output renamed", (output("out.csv", RENAMED, model=False),), Level.MAJOR),
    ("inner output renamed", (output("inner/x.csv", RENAMED, model=False, was="inner/y.csv"),), Level.PATCH),
    ("inner output made public", (output("x.csv", RENAMED, model=False, was="inner/y.csv"),), Level.PATCH),
    ("public output made inner", (output("inner/x.csv", RENAMED, model=False, was="y.csv"),), Level.MAJOR),
    ("artifact removed", (artifact(DELETED, "model", ""),), Level.MAJOR),
    ("public output removed", (output("out.csv", DELETED, model=False),), Level.MAJOR),
    ("report removed", (output("reports/out.html", DELETED, model=False),), Level.PATCH),
    ("splits removed", (output("output/splits", DELETED, model=False),), Level.PATCH),
    ("new report", (output("reports/out.html", ADDED, model=False),), Level.PATCH),
    ("data of others", (output("data/test", DELETED, model=False, role=Role.SOURCE),), Level.MAJOR),
    ("retyped", (artifact(MODIFIED, "model", "dataset"),), Level.MAJOR),
    ("type declared for the first time", (retyped("", "model"),), Level.PATCH),
    ("described otherwise", (retyped("model", "model"),), Level.PATCH),
    ("inner output removed", (output("inner/x.csv", DELETED, model=False),), Level.PATCH),
    ("new model", (output("m.pkl", ADDED),), Level.MINOR),
    ("new artifact", (artifact(ADDED, "", "model"),), Level.MINOR),
    ("new stage", (stage(ADDED),), Level.MINOR),
    ("new public output", (output("out.csv", ADDED, model=False),), Level.MINOR),
    ("new inner output", (output("inner/x.csv", ADDED, model=False),), Level.PATCH),
    ("new import", (replace(REFRESHED, change=ADDED, old=None),), Level.MINOR),
    ("source changed", (output("raw.csv", MODIFIED, model=False, role=Role.SOURCE),), Level.PATCH),
    ("new source", (output("raw.csv", ADDED, model=False, role=Role.SOURCE),), Level.MINOR),
    ("on new data", (output("m.pkl", MODIFIED, cause(CauseKind.DATA, "raw"), HYPER),), Level.MINOR),
    ("on an import", (output("m.pkl", MODIFIED, cause(CauseKind.IMPORT)),), Level.MINOR),
    ("with other code", (output("m.pkl", MODIFIED, cause(CauseKind.FILE, "train.py")),), Level.MINOR),
    ("another architecture", (output("m.pkl", MODIFIED, cause(CauseKind.PARAM, "net.layers")),), Level.MINOR),
    ("by another stage", (output("m.pkl", MODIFIED, cause(CauseKind.STAGE)),), Level.MINOR),
    ("by another command", (output("m.pkl", MODIFIED, cause(CauseKind.COMMAND)),), Level.MINOR),
    ("of nobody knows what", (output("m.pkl", MODIFIED),), Level.MINOR),
    ("feat", (commit("a", "feat"),), Level.MINOR),
    ("hyperparameters", (output("m.pkl", MODIFIED, HYPER), PARAM), Level.PATCH),
    (
        "params.yaml as a dependency",
        (output("m.pkl", MODIFIED, HYPER, cause(CauseKind.FILE, "params.yaml")), PARAM),
        Level.PATCH,
    ),
    ("by a package", (output("m.pkl", MODIFIED, cause(CauseKind.PACKAGE, "numpy")),), Level.PATCH),
    ("not deterministic", (output("m.pkl", MODIFIED, cause(CauseKind.NOTHING)),), Level.PATCH),
    ("on data of unknown making", (output("m.pkl", MODIFIED, UPSTREAM),), Level.MINOR),
    ("and with other params", (output("m.pkl", MODIFIED, HYPER, UPSTREAM),), Level.MINOR),
    ("perhaps by a package", (output("m.pkl", MODIFIED, PERHAPS),), Level.MINOR),
    ("by a package above", (output("m.pkl", MODIFIED, replace(PERHAPS, recorded=True)),), Level.PATCH),
    ("model under another DVC's hash", (rehashed("m.json"),), Level.PATCH),
    ("data under another DVC's hash", (rehashed("raw.csv", model=False),), Level.NONE),
    ("an empty directory", (EMPTY,), Level.PATCH),
    ("fix", (commit("a", "fix"),), Level.PATCH),
    ("code", (commit("a", touches=(Touch.CODE,)),), Level.PATCH),
    ("code beside a lock", (commit("a", touches=(Touch.PARAMS, Touch.CODE)),), Level.PATCH),
    ("import", (REFRESHED,), Level.PATCH),
    ("package", (PackageChange(MODIFIED, "requirements.txt", "numpy", "1", "2"),), Level.PATCH),
    ("environment", (FileChanged(MODIFIED, "Dockerfile", "1", "2"),), Level.PATCH),
    ("stage changed", (stage(MODIFIED),), Level.PATCH),
    ("stage removed", (stage(DELETED),), Level.PATCH),
    ("metric moved", (WORSE,), Level.PATCH),
    ("model in Git", (commit("a", touches=(Touch.MODEL,), paths=("m.onnx", "README.md")),), Level.PATCH),
    ("data in Git", (commit("a", touches=(Touch.DATA,), paths=("x.csv",)),), Level.PATCH),
    ("model recorded, and back", (commit("a", touches=(Touch.MODEL,), paths=("dvc.lock",)),), Level.NONE),
    ("data recorded, and back", (commit("a", touches=(Touch.DATA,), paths=("a/x.csv.dvc",)),), Level.NONE),
    ("chore", (commit("a", "chore"), commit("b", "style"), commit("c", "build")), Level.NONE),
    ("CI", (FileChanged(MODIFIED, ".github/workflows/ci.yml", "1", "2"), commit("a", "ci")), Level.NONE),
    ("docs", (commit("a", "docs"), commit("b", touches=(Touch.DOCS,))), Level.NONE),
    ("tests", (commit("a", "test"), commit("b", touches=(Touch.TESTS,))), Level.NONE),
    ("nothing", (), Level.NONE),
]


@pytest.mark.parametrize(("parts", "expected"), [case[1:] for case in BUILT_IN], ids=[c[0] for c in BUILT_IN])
def test_what_is_built_in(parts: tuple[Change | Commit, ...], expected: Level) -> None:
    assert bump_of(told(*parts), (), internal={"inner"}).level is expected


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (output("m.pkl", DELETED), "is in Git now, and was kept by DVC"),
        (output("m.pkl", ADDED), "is kept by DVC now, and was in Git"),
    ],
)
def test_what_goes_between_git_and_dvc_stays(change: Change, why: str) -> None:
    (ask,) = bump_of(told(change), (), in_git={"m.pkl"}).asks
    assert (ask.level, ask.why, ask.change) == (Level.PATCH, why, "modified")


FEAT = commit("a", "feat", scope="web")
OUT = output("out.csv", DELETED, model=False)
CONFIGURED = [
    ({"kind": "data", "role": "public", "level": "none"}, (OUT,), Level.NONE),
    ({"kind": "data", "role": "source", "level": "none"}, (OUT,), Level.MAJOR),
    ({"role": "public", "level": "none"}, (PARAM,), Level.PATCH),
    ({"kind": "commit", "name": "web", "level": "none"}, (FEAT,), Level.NONE),
    ({"kind": "commit", "name": "api*", "level": "none"}, (FEAT,), Level.MINOR),
    ({"kind": "commit", "group": "feat", "breaking": True, "level": "none"}, (FEAT,), Level.MINOR),
    ({"breaking": False, "level": "none"}, (FEAT,), Level.NONE),
    ({"breaking": False, "level": "none"}, (PARAM,), Level.PATCH),
    ({"group": "feat", "level": "major"}, (PARAM,), Level.PATCH),
    ({"because": "architecture", "level": "major"}, (output("m", MODIFIED, LAYERS),), Level.MAJOR),
    ({"because": "architecture", "level": "major"}, (output("m", MODIFIED, HYPER),), Level.PATCH),
    ({"because": "unknown", "level": "none"}, (output("m", MODIFIED),), Level.NONE),
    ({"change": "retyped", "level": "none"}, (retyped("dataset", "model"),), Level.PATCH),
    ({"path": "was.pkl", "level": "none"}, (output("m.pkl", RENAMED),), Level.NONE),
    ({"path": ["*", "!m.pkl"], "level": "none"}, (output("m.pkl", ADDED),), Level.MINOR),
    ({"kind": "metric", "name": "test.auc", "above": 0.5, "level": "minor"}, (PARAM,), Level.MINOR),
    ({"kind": "metric", "name": "test.auc", "above": 0.8, "level": "minor"}, (PARAM,), Level.PATCH),
    ({"name": "*", "path": "n.json", "below": 0.9, "level": "minor"}, (PARAM,), Level.PATCH),
    ({"kind": "model", "level": "major"}, (output("m.pkl", ADDED),), Level.MAJOR),
    ({"kind": "model", "path": "*.h5", "level": "major"}, (output("m.pkl", ADDED),), Level.MINOR),
    ({"path": "m.*", "level": "none"}, (output("m.pkl", ADDED),), Level.NONE),
    ({"kind": "param", "name": "train.*", "level": "minor"}, (PARAM,), Level.MINOR),
    ({"kind": "param", "change": "added", "level": "minor"}, (PARAM,), Level.PATCH),
    ({"verdict": "worse", "level": "major"}, (WORSE,), Level.MAJOR),
    ({"verdict": "better", "level": "major"}, (WORSE,), Level.PATCH),
    ({"group": "docs", "level": "patch"}, (commit("a", "docs"),), Level.PATCH),
    ({"kind": "commit", "path": "notebooks/", "level": "none"}, (commit("a", "feat"),), Level.NONE),
    ({"because": "data", "level": "major"}, (output("m", MODIFIED, cause(CauseKind.DATA)),), Level.MAJOR),
    ({"name": "test.auc", "below": 0.9, "level": "major"}, (PARAM,), Level.MAJOR),
    ({"name": "test.auc", "below": 0.5, "level": "major"}, (PARAM,), Level.PATCH),
    ({"name": "test.auc", "below": 0.9, "level": "major"}, (), Level.NONE),
]


@pytest.mark.parametrize(("rule", "parts", "expected"), CONFIGURED)
def test_a_rule_comes_before_what_is_built_in(
    rule: dict[str, object], parts: tuple[Change | Commit, ...], expected: Level
) -> None:
    rules = Config().replace(bump_rules=[rule]).bump_rules
    assert bump_of(told(*parts), rules, metrics=[MetricNow("m.json", "test.auc", 0.8)]).level is expected


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ([MetricNow("m.json", "test.auc", 0.89)], [("test.auc is 0.89, below 0.9", False)]),
        ([MetricNow("m.json", "test.auc", 0.9)], []),
        ([MetricNow("m.json", "test.auc", float("nan"))], [("test.auc is NaN, below 0.9", False)]),
        ([MetricNow("m.json", "test.auc", "high")], [("test.auc is high, which is no number", True)]),
        ([MetricNow("m.json", "test.auc", None)], [("test.auc is nothing, which is no number", True)]),
        ([MetricNow("m.json", "test.auc", 0.95), MetricNow("n.json", "", readable=False)], []),
        ([MetricNow("m.json", "", readable=False)], [("m.json cannot be read here", True)]),
        ([], [("there is no metric that test.auc names", True)]),
    ],
)
def test_a_metric_forbids_a_release(metrics: list[MetricNow], expected: list[tuple[str, bool]]) -> None:
    rule = {"kind": "metric", "name": "test.auc", "below": 0.9, "forbid": "any"}
    found = bump_of(told(PARAM), Config().replace(bump_rules=[rule]).bump_rules, metrics=metrics)
    assert [(each.why, each.unchecked) for each in found.forbidden] == expected
    assert [each.why for each in found.forbids(Level.PATCH) if not each.unchecked] == [
        why for why, unchecked in expected if not unchecked
    ]
