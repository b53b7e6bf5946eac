"""Releases made by hand, each for what stands at its top."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from render.stories import (
    ADDED,
    BO,
    DELETED,
    MODIFIED,
    NEW_MODEL,
    OLD_MODEL,
    RENAMED,
    ROUTER,
    UNKNOWN,
    between,
    commit,
    curve,
    first,
    metric,
    moved,
    nothing_released_yet,
    output,
    param,
    unread,
)

from dvc_changelog.domain import (
    Alert,
    ArtifactChange,
    Cause,
    CauseKind,
    Change,
    Goal,
    Import,
    ImportChange,
    Judgement,
    Level,
    MetricChange,
    OutputChange,
    ParamChange,
    Problem,
    Release,
    Rollback,
    Trend,
    Verdict,
)

DATA = Cause(CauseKind.DATA, "data/raw", through=("prepare", "featurize"))
TREES = Cause(CauseKind.PARAM, "params.yaml", "train.n_est", old=50, new=100)
DEPTH = Cause(CauseKind.PARAM, "params.yaml", "train.depth", old=3, new=5)
FILE = Cause(CauseKind.FILE, "src/train.py")
COMMAND = Cause(CauseKind.COMMAND, "dvc.yaml", "train")
STAGE = Cause(CauseKind.STAGE, "dvc.yaml", "prepare", ADDED)
PACKAGE = Cause(CauseKind.PACKAGE, "uv.lock", "numpy", old="1", new="2")
SAME = Cause(CauseKind.NOTHING, "models/router.pkl", "train")
RAW_NOW = output("data/raw", "7f31c0de", 200, nfiles=8)
RAW = moved(output("data/raw", "22a1a293", 100, nfiles=4), RAW_NOW)
LATE = Cause(CauseKind.DATA, "data/clean", "prepare", through=("featurize",))
FEATURES = moved(
    output("data/features", "22a1a293", 100, stage="featurize"),
    output("data/features", "7f31c0de", 200, stage="featurize"),
)
N_EST = param("train.n_est", 50, 100, "train")
WORSE, BETTER, NEUTRAL = Verdict.WORSE, Verdict.BETTER, Verdict.NEUTRAL


def model(*because: Cause, again: str = "", path: str = "models/router.pkl") -> OutputChange:
    """A model that was retrained."""
    artifact = ROUTER if path == ROUTER.path else None
    old, new = (replace(side, path=path, artifact=artifact) for side in (OLD_MODEL, NEW_MODEL))
    return replace(moved(old, new), because=because, again=again)


def judged(
    name: str, old: float, new: float, verdict: Verdict, path: str = "metrics.json", **more: Any
) -> MetricChange:
    higher = (new > old) == (verdict is BETTER)
    goal = Goal.NONE if verdict is NEUTRAL else Goal.HIGHER if higher else Goal.LOWER
    return replace(metric(name, old, new, path), judged=Judgement(verdict, goal, **more))


def noise(name: str, old: float, new: float) -> MetricChange:
    return judged(name, old, new, NEUTRAL, noise=True)


def elsewhere(name: str, old: float, new: float, path: str = "conf/train.yaml") -> ParamChange:
    """A hyperparameter that moved to another file."""
    change = param(name, old, new, path=path)
    return replace(change, change=RENAMED, old_path="params.yaml", old_name=name)


def told(*changes: Change, **more: Any) -> Release:
    made = between(commits=(commit(1, "Work"), commit(2, "More", author=BO)), changes=changes)
    return replace(made, **more)


AUC = judged("test.roc_auc", 0.912, 0.931, BETTER)
LATENCY = judged("test.latency_ms", 41, 55, WORSE)
LOSS = judged("loss", 0.5, 0.25, BETTER)
OTHER = model(path="models/spam.onnx")
BACK = (
    model(again="v1.0.0"),
    replace(RAW, again="v1.0.0"),
    param("train.n_est", 100, 50, "train"),
)
FORGED = Import("reg.xml.dvc", "repo", "https://github.com/acme/registry", "reg.xml", rev_lock="1" * 40)

HEADLINES = {
    "as in the sample": told(model(DATA), RAW, FEATURES, AUC, LATENCY, step=Level.MINOR),
    "new data and params": told(model(DATA, TREES), RAW, N_EST, AUC),
    "other hyperparameters": told(model(TREES), N_EST, metric("auc", 0.9, 0.91)),
    "two hyperparameters": told(model(TREES, DEPTH), N_EST, param("train.depth", 3, 5)),
    "many hyperparameters": told(
        model(TREES, DEPTH, replace(TREES, name="a"), replace(TREES, name="b")),
        *(param(name, 1, 2) for name in ("train.n_est", "train.depth", "a", "b")),
    ),
    "a hyperparameter that the model does not use": told(model(TREES), N_EST, param("serve.port", 80, 8080)),
    "a long value": told(model(replace(TREES, old=[1], new=[1, 2])), param("train.n_est", [1], [1, 2])),
    "changed code": told(model(FILE, COMMAND), AUC),
    "a file that is no code": told(model(TREES, replace(FILE, path="data/report.txt")), N_EST, AUC),
    "code, and files that are none": told(
        model(FILE, replace(FILE, path="vocab.txt"), replace(FILE, path="conf.yaml")), AUC
    ),
    "a directory of files": told(model(replace(FILE, path="src")), AUC),
    "a stage made its input": told(model(STAGE), AUC),
    "a params file that a stage reads as a whole": told(
        model(replace(FILE, path="params.yaml"), PACKAGE), N_EST, AUC
    ),
    "params that are code": told(
        model(replace(FILE, path="params.py")), param("lr", 1, 2, path="params.py"), AUC
    ),
    "other packages": told(model(PACKAGE), AUC),
    "packages perhaps": told(model(replace(PACKAGE, recorded=False)), AUC),
    "the same inputs": told(model(SAME), judged("auc", 0.91, 0.905, WORSE)),
    "why is unknown": told(model(replace(SAME, kind=CauseKind.UNKNOWN)), AUC),
    "data that had changed before": told(model(LATE), FEATURES, AUC),
    "several, and a param": told(model(LATE, replace(LATE, path="data/more"), TREES), FEATURES, N_EST, AUC),
    "new data, and some that had changed before": told(model(DATA, LATE), RAW, AUC),
    "other data": told(model(replace(DATA, change=ADDED)), AUC),
    "an import": told(
        model(Cause(CauseKind.IMPORT, "reg.xml.dvc")),
        ImportChange(MODIFIED, "reg.xml.dvc", FORGED, replace(FORGED, rev_lock="2" * 40)),
    ),
    "two models, two reasons": told(model(DATA), replace(OTHER, because=(TREES,)), RAW, N_EST),
    "two models, one reason": told(model(DATA), replace(OTHER, because=(DATA,)), RAW, AUC),
    "many models": told(*(model(DATA, path=f"m/{n}.onnx") for n in range(32)), RAW, AUC),
    "a model brought in": told(
        moved(output("m.onnx", "a" * 8, 1, model=True), output("m.onnx", "b" * 8, 1, model=True)), AUC
    ),
    "a model came, another went": told(
        moved(None, output("a.onnx", "a" * 8, 1, model=True), ADDED),
        moved(None, output("data/a.csv", "a" * 8, 1), ADDED),
        moved(output("b.onnx", "b" * 8, 1, model=True), None, DELETED),
    ),
    "a model renamed": told(moved(replace(OLD_MODEL, path="old.pkl", artifact=None), NEW_MODEL, RENAMED)),
    "rolled back": told(
        *BACK,
        AUC,
        rollbacks=(Rollback("v1.0.0", data=True, models=True, params=True, whole=True),),
    ),
    "rolled back with the code": told(
        *BACK, rollbacks=(Rollback("v1.0.0", data=True, models=True, params=True, whole=True, tree=True),)
    ),
    "hyperparameters alone rolled back": told(
        BACK[2], rollbacks=(Rollback("v1.0.0", params=True, whole=True),)
    ),
    "rolled back by removing": told(
        moved(output("x.csv", "b" * 8, 1), None, DELETED), rollbacks=(Rollback("v1.0.0", whole=True),)
    ),
    "a model alone rolled back": told(BACK[0], rollbacks=(Rollback("v1.0.0", models=True, whole=True),)),
    "a model is back, the data is new": told(BACK[0], RAW, rollbacks=(Rollback("v1.0.0", models=True),)),
    "retrained on the data of before": told(model(DATA), BACK[1], rollbacks=(Rollback("v1.0.0", data=True),)),
    "retrained on an import of before": told(
        model(Cause(CauseKind.IMPORT, "data/raw.dvc", old="2" * 40, new="1" * 40), TREES),
        replace(RAW, again="v1.0.0", new=replace(RAW_NOW, file="data/raw.dvc")),
        N_EST,
    ),
    "a data set is back": told(replace(RAW, again="v1.0.0"), moved(None, output("x.csv", "b" * 8, 1), ADDED)),
    "hyperparameters are back": told(model(TREES), N_EST, rollbacks=(Rollback("v1.0.0", params=True),)),
    "over a limit": told(
        model(DATA),
        AUC,
        LATENCY,
        alerts=(Alert("metrics.json", "test.latency_ms", "max", 50, 55, 41),),
    ),
    "two limits, with a unit": told(
        judged("test.latency_ms", 41, 55, WORSE, unit="ms"),
        judged("auc", 0.9, 0.8, WORSE),
        alerts=(
            Alert("metrics.json", "test.latency_ms", "max", 50, 55, 41, unit="ms"),
            Alert("metrics.json", "auc", "min", 0.85, 0.8, 0.9),
        ),
    ),
    "no number where the limit is": told(
        judged("latency", 41, math.nan, WORSE, unit="ms"),
        alerts=(Alert("metrics.json", "latency", "max", 50, math.nan, 41, unit="ms"),),
    ),
    "metrics with limits are gone": told(
        *(MetricChange(DELETED, "metrics.json", name, 1, None) for name in ("auc", "f1", "n")),
        alerts=tuple(
            Alert("metrics.json", name, limit, 1, None, unchecked="it is not there any more")
            for name in ("auc", "f1")
            for limit in ("min", "max-drop")
        ),
    ),
    "units": told(
        judged("latency", 55, 41, BETTER, unit="ms"), judged("size", 2048, 4096, WORSE, unit="bytes")
    ),
    "all lost": told(
        *(judged(name, old, 0, WORSE) for old, name in ((0.4, "a"), (1, "b"), (0.6, "c"), (0.6, "d")))
    ),
    "slower and better": told(
        *(judged(name, 1, 0.9, WORSE) for name in ("f1", "auc")),
        judged("latency", 1, 9, WORSE),
        metric("a", 1, 2),
    ),
    "below a limit, as before": told(alerts=(Alert("metrics.json", "auc", "min", 0.9, 0.85, 0.85),)),
    "fell too far": told(
        judged("auc", 0.9, 0.8, WORSE), alerts=(Alert("metrics.json", "auc", "max-drop", 0.05, 0.1, 0.9),)
    ),
    "a limit that cannot be checked": told(
        judged("auc", 0.9, 0.8, WORSE), alerts=(Alert("", "f1", "min", 0.9, None, unchecked="it is gone"),)
    ),
    "data, params and code": told(model(DATA, TREES, FILE), RAW, N_EST),
    "many models, many reasons": told(
        *(model(replace(TREES, name=f"p{n}"), path=f"m/{n}.onnx") for n in range(4)), AUC
    ),
    "many limits": told(alerts=tuple(Alert("metrics.json", f"m{n}", "min", 1, 0) for n in range(5))),
    "the first release is below a limit": replace(
        first(), alerts=(Alert("metrics.json", "test.roc_auc", "min", 0.95, 0.90123),)
    ),
    "better, worse and neither": told(judged("epoch", 3, 5, NEUTRAL), LATENCY, LOSS),
    "many metrics": told(
        model(DATA),
        *(judged(f"m{n}", 0.5, 0.51 + n / 100, BETTER) for n in range(4)),
        *(judged(f"l{n}", 0.5, 0.51 + n / 100, WORSE) for n in range(3)),
        judged("epoch", 3, 5, NEUTRAL),
    ),
    "many metrics, one worse": told(*(judged(f"m{n}", 0.5, 0.6, BETTER) for n in range(4)), LATENCY),
    "many metrics, and what a run takes": told(
        judged("psi.age", 0.1, 0.15, WORSE, configured=True),
        judged("loss", 0.21, 0.22, WORSE),
        judged("train.loss", 0.1, 0.08, BETTER),
        judged("train_time_s", 61, 3600, WORSE, unit="s"),
    ),
    "many metrics, and much that a run takes": told(
        *(judged(name, 0.5, 0.6, BETTER) for name in ("auc", "f1")),
        *(judged(name, 1100, 900, BETTER, unit="MB") for name in ("peak_memory_mb", "memory_mb")),
        judged("train_time_s", 3600, 62.5, BETTER, unit="s"),
        judged("latency_ms", 40, 41, WORSE, unit="ms"),
        judged("epoch", 3, 5, NEUTRAL),
    ),
    "all that a run takes": told(
        *(judged(f"latency_{n}_ms", 40 + n, 50 + 2 * n, WORSE, unit="ms") for n in range(4))
    ),
    "many metrics, most of them by no measure": told(
        judged("a", 1, 0.4, BETTER), judged("b", 1, 1.9, BETTER), *(judged(n, 1, 1.1, BETTER) for n in "cd")
    ),
    "many metrics, all as far": told(
        judged("loss", 0.5, 0.6, WORSE),
        judged("rmse", 3.0, 3.6, WORSE),
        judged("mae", 0.1, 0.12, WORSE),
        judged("log_loss", 0.4, 0.48, WORSE),
    ),
    "many metrics, all as far as the table shows": told(
        *(judged(f"m{n}", 1000, 1200 + n, WORSE) for n in range(4))
    ),
    "many metrics, one no number any more": told(
        judged("a", 1, math.nan, WORSE), *(judged(n, 1, 2 + len(n), WORSE) for n in ("b", "cc", "ddd"))
    ),
    "many metrics of no goal": told(*(metric(f"m{n}", 0.5, 0.51 + n / 100) for n in range(6))),
    "of many the configured one": told(
        *(judged(f"m{n}", 1, 2 + n, BETTER) for n in range(6)),
        judged("auc", 0.9, 0.91, BETTER, configured=True),
    ),
    "two metrics of one name": told(metric("auc", 0.9, 0.8, "a.json"), metric("auc", 0.7, 0.8, "b.json")),
    "metrics of several projects": told(metric("auc", 0.9, 0.8, "a/m.json"), projects=("a", "b")),
    "lone values": told(
        judged("", 0.5, 0.6, WORSE, "eval/loss.txt"),
        alerts=tuple(Alert(f"{n}.txt", "", "min", 1, 0) for n in range(5)),
    ),
    "a lone value that is noise": told(replace(noise("", 0.9, 0.901), path="auc.txt")),
    "a lone value first": replace(
        first(), changes=(MetricChange(ADDED, "emissions.csv", "", None, "a,b"), unread("m.json", "", "1"))
    ),
    "noise": told(model(DATA), noise("auc", 0.9, 0.901)),
    "all noise": told(model(DATA), noise("auc", 0.9, 0.901), noise("f1", 0.9, 0.901)),
    "a trend": told(
        noise("auc", 0.88, 0.875), trends=(Trend("metrics.json", "auc", 0.912, 0.875, "v0.7.0", 4),)
    ),
    "from zero, to no number": told(metric("a", 0, 3), metric("b", 3, math.nan)),
    "metrics came and went": told(
        MetricChange(ADDED, "m.json", "a", None, 1), MetricChange(DELETED, "m.json", "b", 1, None)
    ),
    "metrics that cannot be read": told(model(DATA), RAW, unread("eval/metrics.json", "1", "2")),
    "data alone": told(RAW, FEATURES, moved(None, output("x.csv", "b" * 8, 1), ADDED)),
    "hyperparameters alone": told(N_EST, param("train.seed", 1, 2)),
    "hyperparameters of one name": told(param("lr", 1, 2, path="a.yaml"), param("lr", 3, 4, path="b.yaml")),
    "many hyperparameters alone": told(*(param(f"p{n}", n, n + 1) for n in range(5))),
    "a model retrained, hyperparameters elsewhere": told(
        model(replace(TREES, path="conf/train.yaml")),
        elsewhere("train.n_est", 50, 100),
        elsewhere("seed", 7, 7),
    ),
    "hyperparameters elsewhere, one changed": told(elsewhere("lr", 0.1, 0.2), elsewhere("seed", 7, 7)),
    "hyperparameters no longer used, and one removed": told(
        *(replace(param(name, 1, None, change=DELETED), declared=True) for name in ("lr", "depth")),
        param("old", 1, None, change=DELETED),
    ),
    "a hyperparameter used now": told(replace(param("lr", None, 1, change=ADDED), declared=True)),
    "a hyperparameter elsewhere": told(elsewhere("seed", 7, 7)),
    "hyperparameters in other files": told(elsewhere("lr", 1, 1), elsewhere("seed", 7, 7, "conf/b.yaml")),
    "hyperparameters renamed": told(
        *(replace(elsewhere(f"fit.{name}", 1, 1), old_name=f"train.{name}") for name in ("lr", "seed")),
        elsewhere("k", 1, 1),
    ),
    "an import alone": told(ImportChange(ADDED, "reg.xml.dvc", None, FORGED)),
    "what may have changed": told(moved(output("m.csv", "a" * 8, 1), None, UNKNOWN)),
    "an artifact elsewhere": told(
        ArtifactChange(MODIFIED, "dvc.yaml", "router", ROUTER, replace(ROUTER, path="other.pkl"))
    ),
    "of an artifact that is the same": told(OTHER, line="router", steady=True),
    "of an artifact, nothing else": told(line="router", steady=True),
    "of an artifact that changed": told(OTHER, model(), line="router"),
    "plots alone": told(curve("loss.csv", None)),
    "nothing": told(),
    "nothing seen": told(problems=(Problem("dvc.lock", "conflict markers", "v1.2.0"),)),
    "no project": replace(told(), projects=()),
    "of another branch": told(moved(output("x.csv", "b" * 8, 1), None, DELETED), apart=True),
    "first": first(),
    "not released yet": nothing_released_yet(),
    "in a prerelease": told(N_EST, statistics={"in_prereleases": 4, "other_paths": 2}),
}
