"""Releases made by hand, each a case that a golden document shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dvc_changelog.domain import (
    UNJUDGED,
    Alert,
    Artifact,
    ArtifactChange,
    Author,
    Cause,
    CauseKind,
    Change,
    ChangeType,
    Commit,
    Content,
    Deployment,
    Drift,
    Experiment,
    FileChange,
    FileChanged,
    Forge,
    Goal,
    Import,
    ImportChange,
    Judgement,
    Lifecycle,
    LifecycleEvent,
    MetricChange,
    Migration,
    Note,
    Output,
    OutputChange,
    PackageChange,
    ParamChange,
    Plot,
    PlotChange,
    PlotDefinitionChange,
    PlotFile,
    PointChanges,
    Problem,
    Release,
    RemoteChange,
    Rest,
    Revert,
    Revision,
    Role,
    Rollback,
    Seed,
    Since,
    SourceChanges,
    Split,
    Stage,
    StageChange,
    Stale,
    Step,
    Swing,
    Touch,
    Trend,
    Unmoved,
    Verdict,
)

ADDED, DELETED, MODIFIED, RENAMED, UNKNOWN = ChangeType
BETTER, WORSE, NEUTRAL = Verdict
MARCH = 1_773_446_400  # 2026-03-14
ADA = Author("Ada Lovelace", "ada@acme.org")
BO = Author("Bo Chen", "bo@acme.org")
ROUTER = Artifact("router", "models/router.pkl", "dvc.yaml", "model")

FORGES = {
    "github": Forge("github", "https://github.com/acme/router"),
    "gitlab": Forge("gitlab", "https://gitlab.com/acme/router"),
    "bitbucket": Forge("bitbucket", "https://bitbucket.org/acme/router"),
    "gitea": Forge("gitea", "https://codeberg.org/acme/router"),
}


def revision(version: str | None, number: int, *, name: str = "HEAD") -> Revision:
    return Revision(f"{number:07x}" + "0" * 33, "", MARCH, version or name, version)


OLD, NEW = revision("v1.1.0", 0xA11), revision("v1.2.0", 0xB12)


def commit(
    number: int,
    message: str,
    touches: str = "code",
    *,
    group: str = "",
    scope: str = "",
    author: Author = ADA,
) -> Commit:
    """A commit; by the convention where a group is given, else by what it touched."""
    touched = tuple(Touch(word) for word in touches.split())
    return Commit(
        id=f"{number:07x}" + "0" * 33,
        parents=(),
        tree_id="",
        timestamp=MARCH,
        author=author,
        message=message,
        group=group or (touched[0].value if touched else "chore"),
        scope=scope,
        conventional=bool(group),
        links=tuple(word.strip("()") for word in message.split() if word.strip("()")[:1] in "#!"),
        touches=touched,
    )


def output(
    path: str,
    digest: str,
    size: int | None,
    *,
    stage: str = "",
    nfiles: int | None = None,
    model: bool = False,
    artifact: Artifact | None = None,
) -> Output:
    role = Role.DERIVED if stage else Role.SOURCE
    content = Content("md5", digest + ("0" * 24) + (".dir" if nfiles is not None else ""), size, nfiles)
    return Output(path, content, role, stage, model, artifact)


def moved(old: Output | None, new: Output | None, change: ChangeType = MODIFIED) -> OutputChange:
    here = new or old
    assert here
    return OutputChange(change, here.path, old, new, old.path if old and change is RENAMED else "")


def param(
    name: str,
    old: object,
    new: object,
    *stages: str,
    path: str = "params.yaml",
    change: ChangeType = MODIFIED,
) -> ParamChange:
    return ParamChange(change, path, name, old, new, stages)


def metric(
    name: str, old: float, new: float, path: str = "metrics.json", judged: Judgement = UNJUDGED
) -> MetricChange:
    return MetricChange(MODIFIED, path, name, old, new, new - old, judged=judged)


def unread(path: str, old: str = "", new: str = "", within: str = "", side: str = "") -> MetricChange:
    """Of a side without a hash it is `side` that says whether the file was there."""
    before, after = (Content("md5", digest * 32) if digest else None for digest in (old, new))
    side = side or ("both" if old and new else "before" if old else "now")
    return MetricChange(UNKNOWN, path, "", None, None, None, before, after, within, unread=side)


def unread_params(path: str, old: str, new: str, side: str, within: str = "") -> ParamChange:
    before, after = (Content("md5", digest * 32) for digest in (old, new))
    return ParamChange(UNKNOWN, path, "", None, None, (), "", "", before, after, within, side)


OLD_MODEL = output("models/router.pkl", "d1f6e055", 1_990_000, stage="train", model=True, artifact=ROUTER)
NEW_MODEL = output("models/router.pkl", "a91b34cc", 2_520_000, stage="train", model=True, artifact=ROUTER)


def between(**parts: Any) -> Release:
    """A release from OLD to NEW of one project with data, which has a remote."""
    return Release(
        NEW, OLD, projects=("",), filled=("",), base_filled=("",), remote=True, base_remote=True, **parts
    )


def full() -> Release:
    """A release like that of the sample."""
    imported = Import("data/registry.xml.dvc", "repo", "https://github.com/acme/dataset-registry")
    return Release(
        NEW,
        OLD,
        aliases=("router@v1.2.0",),
        prereleases=("v1.2.0-rc1", "v1.2.0-rc2"),
        projects=("",),
        filled=("",),
        base_filled=("",),
        remote=True,
        base_remote=True,
        commits=(
            replace(
                commit(0x1A2B3C4, "accept batched requests (#41)", group="feat", scope="api"),
                breaking="one list",
            ),
            commit(0xE4BC9B0, "Reproduce model using bigrams", "model data params"),
            commit(0xBEA12FE, "Tune `n_est` of the random forest", "model params", author=BO),
            commit(0x9F8E7D6, "drop rows without a label", group="fix", scope="prepare"),
            commit(0x5550001, "Explain the labels", "docs", author=BO),
            commit(0x5550002, "Test the API", "tests"),
            replace(commit(0x5550003, "Try a larger forest"), group="undone"),
            replace(commit(0x5550004, 'Revert "Try a larger forest"'), group="undone"),
        ),
        changes=(
            moved(OLD_MODEL, NEW_MODEL),
            moved(
                output("data/raw", "22a1a293", 14_470_000, nfiles=10_000),
                output("data/raw", "7f31c0de", 14_890_000, nfiles=10_400),
            ),
            moved(
                output("data/features", "f8f5cbc3", 2_200_000, stage="featurize", nfiles=2),
                output("data/features", "f35d4cc2", 2_310_000, stage="featurize", nfiles=2),
            ),
            moved(output("data/old.csv", "0badcafe", 3_100, stage=""), None, DELETED),
            moved(None, output("data/holdout.csv", "153aad06", 52_000), ADDED),
            metric("test.roc_auc", 0.912, 0.931, judged=Judgement(BETTER, Goal.HIGHER)),
            metric("test.latency_ms", 41, 55, judged=Judgement(WORSE, Goal.LOWER, unit="ms")),
            param("train.n_est", 50, 100, "train"),
            param("train.class_weight", None, "balanced", "train"),
            param(
                "featurize.columns", ["zip", *"abcdefghijk"], [*"abcdefghijk", "tenure", "age"], "featurize"
            ),
            param("train.warm_start", None, True, "train", change=ADDED),
            param("train.legacy", 1, None, change=DELETED),
            StageChange(
                ADDED,
                "dvc.yaml",
                "calibrate",
                None,
                Stage("dvc.yaml", "calibrate", "python src/calibrate.py"),
            ),
            StageChange(
                MODIFIED,
                "dvc.yaml",
                "train",
                Stage("dvc.yaml", "train", "python src/train.py"),
                Stage("dvc.yaml", "train", "python src/train.py", deps=("src/model.py",)),
            ),
            PackageChange(MODIFIED, "requirements.txt", "scikit-learn", "1.3.0", "1.5.2"),
            PackageChange(ADDED, "requirements.txt", "lightgbm", None, "4.5.0"),
            ImportChange(
                MODIFIED,
                imported.path,
                replace(imported, source="data/registry.xml", rev_lock="f59388c" + "0" * 33),
                replace(imported, source="data/registry.xml", rev_lock="8d1c0aa" + "0" * 33),
            ),
            FileChanged(MODIFIED, "Dockerfile", "a", "b"),
        ),
        alerts=(Alert("metrics.json", "test.latency_ms", "max", 50, 55, 41, unit="ms"),),
        seeds=(Seed("params.yaml", "train.seed", 20170428, 20170428),),
        notes=(
            Note("tag", "Spanish, and a human where in doubt", tag="v1.2.0"),
            Note("tag", "Tried on a tenth of the tickets:\n- two weeks\n- no complaint", tag="v1.2.0-rc.1"),
            Note(
                "reason",
                "Retrained after the March drift alert: tickets in Spanish doubled.",
                "e4bc9b0" + "0" * 33,
            ),
            Note(
                "known-issue", "messages under five words are still routed to general.", "bea12fe" + "0" * 33
            ),
        ),
        deployments=(
            Deployment(
                *("router#prod#1", "router", "prod", MARCH, NEW.commit_id),
                version="router@v1.2.0",
                author=BO,
                message="Assign",
            ),
            Deployment("router#dev#2", "router", "dev", MARCH, "c" * 40, cancelled=True),
        ),
        lifecycle=(
            Lifecycle(
                "router@v1.1.2", "router", LifecycleEvent.REGISTERED, MARCH - 86400, "c" * 40, "v1.1.2"
            ),
            Lifecycle("router@v1.1.2!#3", "router", LifecycleEvent.CANCELLED, MARCH, "c" * 40, "v1.1.2"),
            Lifecycle("intents@deprecated", "intents", LifecycleEvent.DEPRECATED, MARCH, "c" * 40),
        ),
        problems=(Problem("eval/plots", "DVC-tracked, not in the local cache", "v1.1.0"),),
        statistics={"commits": 8},
    )


def first() -> Release:
    return Release(
        revision("v1.0.0", 1),
        None,
        projects=("",),
        filled=("",),
        base_filled=("",),
        remote=True,
        base_remote=True,
        commits=(commit(1, "Initial commit", "data code"),),
        changes=(
            moved(None, NEW_MODEL, ADDED),
            moved(None, output("data/raw", "7f31c0de", 14_890_000, nfiles=10_400), ADDED),
            moved(None, output("data/features", "f35d4cc2", 2_310_000, stage="featurize", nfiles=2), ADDED),
            MetricChange(ADDED, "metrics.json", "test.roc_auc", None, 0.90123),
            param("train.n_est", None, 50, "train", change=ADDED),
            param("train.columns", None, ["a", "b"], "train", change=ADDED),
            *(PackageChange(ADDED, "requirements.txt", f"p{n}", None, "1") for n in range(3)),
        ),
    )


def unreleased() -> Release:
    return replace(
        full(),
        head=revision(None, 0xC13),
        aliases=(),
        prereleases=(),
        deployments=(),
        lifecycle=(),
        problems=(),
    )


def nothing_released_yet() -> Release:
    return replace(first(), head=revision(None, 1))


def code_only() -> Release:
    return Release(
        NEW,
        OLD,
        commits=(
            commit(1, "export as CSV (#7)", group="feat"),
            commit(2, "Rename the parser"),
            commit(3, "Fix a typo", "docs"),
        ),
    )


def quiet() -> Release:
    """Nothing of what DVC tracks changed."""
    return between(
        commits=(commit(1, "Fix a typo", "docs"),),
    )


def unreadable() -> Release:
    return between(
        commits=(commit(1, "Evaluate again", "metrics"),),
        changes=(
            unread("eval/metrics.json", "7", "8"),
            unread("eval/new.json", "", "8"),
            unread("eval/gone.json", "7", ""),
            unread("eval/hidden.json", "", "8", side="both"),
            unread("live/metrics.json", "5", "6", within="live"),
            *(unread(f"runs/{n}/metrics.json", "1", "2") for n in range(12)),
            ParamChange(UNKNOWN, "params.py", "", None, None, unread="both"),
            unread_params("tuned.yaml", "1", "2", "both"),
            unread_params("conf/model.yaml", "3", "4", "now"),
            unread_params("live/params.yaml", "5", "6", "before", within="live"),
            moved(output("model.pkl", "5846bf18", 5_900, stage="train"), None, UNKNOWN),
            moved(None, output("data/labels.csv", "f8f5cbc3", 2_200), UNKNOWN),
            ParamChange(UNKNOWN, "params.yaml", "", None, None, unread="now"),
            ParamChange(UNKNOWN, "params.yaml", "train.lr", 0.1, None, ("train",), unread="now"),
            ParamChange(UNKNOWN, "params.yaml", "train.seed", None, None, unread="before"),
        ),
        problems=tuple(Problem(f"runs/{n}/dvc.lock", "it has conflict markers.", "v1.1.0") for n in range(7)),
    )


def directories() -> Release:
    """Metrics files that lie in tracked directories; what only one side can read; a migration of DVC."""
    label = output("data/labels.csv", "5846bf18", 5_900)
    by_dvc_2 = replace(label, content=replace(label.content, legacy=True, digest="c" * 32))
    return replace(
        unreadable(),
        changes=(
            *(unread(f"runs/{n}/metrics.json", "1", "2", within=f"runs/{n}") for n in range(5)),
            MetricChange(UNKNOWN, "eval/metrics.json", "auc", 0.9, None, unread="now"),
            MetricChange(UNKNOWN, "eval/metrics.json", "f1", None, None, unread="now"),
            MetricChange(UNKNOWN, "eval/metrics.json", "loss", None, 0.1, unread="before"),
            moved(by_dvc_2, label, UNKNOWN),
        ),
        problems=(),
    )


def migration() -> Release:
    """DVC 3 took over from DVC 2: many files of text are hashed otherwise now."""

    def rehashed(now: Output) -> OutputChange:
        was = Content("md5", "c" * 32, now.content.size, now.content.nfiles, legacy=True)
        return moved(replace(now, content=was), now, UNKNOWN)

    unsized = output("data/index", "5846bf18", 5_900)
    return between(
        commits=(commit(1, "Move to DVC 3", "pipeline"),),
        migrations=(
            Migration("2", "3", outputs=30, rehashed=13),
            *(Migration("1.0", "2.0", f"{name}dvc.lock") for name in ("", "eval/")),
        ),
        changes=(
            rehashed(output("models/rules.onnx", "d1f6e055", 1_990, model=True)),
            *(rehashed(output(f"data/{n}.csv", f"{n:08x}", 5_000 + n)) for n in range(12)),
            moved(replace(unsized, content=Content("md5", "c" * 32, legacy=True)), unsized, UNKNOWN),
        ),
    )


def files() -> Release:
    """Long lists of params in many files, in few of which a value changed."""
    return between(
        commits=(commit(1, "Tune every site", "params"),),
        changes=(
            *(
                param(f"model.p{k}", None, k, f"train@{n}", path=f"sites/{n}.yaml", change=ADDED)
                for n in range(18)
                for k in range(3)
            ),
            *(param(f"train.p{n}", n, n + 1, "train") for n in range(9)),
            *(param(f"p{n}", n, n + 1, "train", "prepare", path="conf/base.yaml") for n in range(4)),
            param("old", 1, None, path="conf/base.yaml", change=DELETED),
            *(param(f"p{n}", n, n + 1, path="conf/plots.yaml") for n in range(20)),
        ),
    )


def large() -> Release:
    """A year: 182 commits, 100 params, 50 outputs, a lock of 40 packages."""
    many: list[Change] = [
        moved(
            output(f"data/part-{n:02}.csv", f"{n:08x}", 10_000 * n + 1, stage="split"),
            output(f"data/part-{n:02}.csv", f"{n + 99:08x}", 11_000 * n + 1, stage="split"),
        )
        for n in range(50)
    ]
    many += [param(f"section{n % 4}.value{n:03}", n, n + 0.5) for n in range(100)]
    many += [metric(f"test.m{n}", n / 7, n / 6) for n in range(1, 6)]
    many += [PackageChange(MODIFIED, "uv.lock", f"package{n:02}", f"1.{n}", f"2.{n}") for n in range(36)]
    many += [PackageChange(ADDED, "uv.lock", f"new{n}", None, "0.1") for n in range(3)]
    many += [PackageChange(DELETED, "uv.lock", "gone", "0.1", None)]
    kinds = ("feat", "fix", "", "", "docs")
    people = (ADA, BO)
    return between(
        commits=tuple(
            commit(
                n + 1,
                f"Change number {n}",
                "code" if n % 2 else "data code",
                group=kinds[n % 5],
                author=people[n % 2],
            )
            for n in range(182)
        ),
        changes=tuple(many),
    )


def matrix() -> Release:
    """Stages of a matrix, their outputs and the params they use; a project in a subdirectory."""
    sides = [
        (
            f"ml/dvc.yaml:train@{n}",
            output(f"ml/out/{n}.csv", f"{n:08x}", 1_000_000, stage=f"ml/dvc.yaml:train@{n}"),
        )
        for n in range(12)
    ]
    return Release(
        NEW,
        OLD,
        projects=("ml",),
        filled=("ml",),
        base_filled=("ml",),
        remote=True,
        base_remote=True,
        commits=(commit(1, "Train on twelve regions", "data pipeline"),),
        changes=(
            *(moved(new, replace(new, content=Content("md5", "f" * 32, 1_100_000))) for _, new in sides),
            param("epochs", 10, 20, *(stage for stage, _ in sides), path="ml/params.yaml"),
            param("region", "eu", "us", sides[0][0], path="ml/regions.yaml"),
            *(
                StageChange(
                    MODIFIED,
                    "ml/dvc.yaml",
                    f"train@{n}",
                    Stage("ml/dvc.yaml", f"train@{n}", f"python train.py {n}"),
                    Stage("ml/dvc.yaml", f"train@{n}", f"python train.py {n}", deps=("ml/src/model.py",)),
                )
                for n in range(12)
            ),
        ),
    )


def moves() -> Release:
    """Renames, moved sections, lists, a stale lock."""
    renamed = [
        ParamChange(RENAMED, "params.yaml", f"model.{key}", 1, 1, ("train",), "params.yaml", f"train.{key}")
        for key in ("lr", "depth")
    ]
    return between(
        commits=(commit(1, "Tidy up", "params pipeline"),),
        changes=(
            moved(
                output("data/a.csv", "153aad06", 52_000),
                output("data/raw/a.csv", "153aad06", 52_000),
                RENAMED,
            ),
            moved(
                output("model.pkl", "d1f6e055", 1_990_000, stage="train", model=True),
                output("models/net.onnx", "a91b34cc", 2_520_000, stage="train", model=True),
                RENAMED,
            ),
            moved(
                output("data/old", "f8f5cbc3", 2_200_000, stage="featurize", nfiles=2),
                replace(
                    output("data/new", "f35d4cc2", 2_200_000, stage="featurize", nfiles=2),
                    content=Content("etag", "f35d4cc2", 2_200_000, 2),
                ),
                RENAMED,
            ),
            *renamed,
            ParamChange(RENAMED, "params.yaml", "base.seed", 1, 1, (), "params.yaml", "seed"),
            *(
                ParamChange(RENAMED, "conf/data.yaml", key, 1, 1, (), "params.yaml", key)
                for key in ("split", "fold")
            ),
            param("labels", ["a", "b"], ["b", "a"]),
            param("layers", [64, 64, 10], [128, 64, 10]),
            param("filters", [{"id": 1}], "none"),
            StageChange(
                RENAMED,
                "dvc.yaml",
                "clean",
                Stage("dvc.yaml", "prep", "python prep.py"),
                Stage("dvc.yaml", "clean", "python clean.py", frozen=True),
            ),
            FileChanged(RENAMED, "docker/Dockerfile", "a", "a", "Dockerfile"),
        ),
        stale=(
            Stale("params.yaml", "model.lr", 0.1, 0.01, "train"),
            Stale("params.yaml", "model.kind", "tree", "forest", "train"),
            Stale("params.yaml", "model.kind", "tree", "forest", "evaluate"),
            Stale("params.yaml", "model.seed", None, 42, "train", missing=True),
        ),
    )


def stale() -> Release:
    """Many params that no longer are what the pipeline last ran with."""
    return replace(
        quiet(),
        stale=(
            *(
                Stale("params.yaml", f"model.p{n}", n, n + 1, stage)
                for stage in ("train", "finalize")
                for n in range(9)
            ),
            *(Stale("conf/eval.yaml", f"p{n}", n, "old", "evaluate") for n in range(5)),
            Stale("params.yaml", "seed", 1, 2, "prepare"),
            *(Stale("conf/site.yaml", f"p{n}", n, n + 1, f"stage{n}") for n in range(5)),
            Stale("params.yaml", "columns", [*"abcd", "age" * 19], [*"abcd", "zip" * 9], "prepare"),
        ),
    )


def causes() -> Release:
    """Why outputs changed; what did not, though its inputs did; what was not reproduced since."""
    fix, tune = (commit(number, "Work").id for number in (0xC13, 0xC14))
    lr = Cause(CauseKind.PARAM, "params.yaml", "train.lr", old=0.1, new=0.01)
    raw = Cause(CauseKind.DATA, "data/raw", through=("prepare", "featurize"))
    code = Cause(CauseKind.FILE, "src/train.py", commits=(fix, tune, fix, tune))
    columns = Cause(
        CauseKind.PARAM, "params.yaml", "columns", old=[*"abcdef", "x" * 40], new=[*"abcdef", "y" * 40]
    )
    tidy = ("tidy",)

    def made(path: str, stage: str, *roots: Cause, model: bool = False, **more: Any) -> OutputChange:
        old, new = (output(path, digest, 2048, stage=stage, model=model, **more) for digest in ("a1", "b2"))
        return replace(moved(old, new), because=roots)

    def params(number: int, **more: Any) -> list[Cause]:
        return [
            Cause(CauseKind.PARAM, "conf/a.yaml", f"p{n}", old=n, new=n + 1, **more) for n in range(number)
        ]

    return between(
        changes=(
            made("models/a.pkl", "train", lr, columns, raw, code, model=True),
            made("models/many.pkl", "train", *params(20, through=tidy), model=True),
            made(
                "models/new.pkl",
                "fit",
                Cause(CauseKind.COMMAND, "dvc.yaml", "fit", old="a", new="b"),
                Cause(CauseKind.DATA, "data/extra", change=ADDED),
                Cause(CauseKind.FILE, "src/old.py", change=DELETED),
                Cause(CauseKind.PARAM, "params.yaml", "seed", ADDED, None, 42),
                Cause(CauseKind.PARAM, "params.yaml", "salt", DELETED, 1, None, ("tidy", "split")),
                Cause(CauseKind.STAGE, "dvc.yaml", "get", ADDED, None, "data/b", ("tidy",)),
                model=True,
            ),
            made(
                "models/packed.pkl",
                "train",
                Cause(CauseKind.PACKAGE, "requirements.txt", "scikit-learn", old="1.3.0", new="1.5.2"),
                Cause(CauseKind.PACKAGE, "requirements.txt", "numpy", ADDED, None, "2.0"),
                Cause(CauseKind.IMPORT, "data/reg.xml.dvc", old="f59388c" * 5, new="8d1c0aa" * 5),
                Cause(CauseKind.IMPORT, "dvc.yaml", "cats", through=tidy),
                model=True,
            ),
            made(
                "models/same.pkl", "train", Cause(CauseKind.NOTHING, "models/same.pkl", "train"), model=True
            ),
            made(
                "models/odd.pkl",
                "train",
                Cause(CauseKind.NOTHING, "data/tidy", "tidy", through=tidy),
                Cause(CauseKind.UNKNOWN, "data/web", "get", through=("get", "tidy")),
                model=True,
            ),
            made(
                "models/perhaps.pkl",
                "train",
                Cause(CauseKind.PACKAGE, "requirements.txt", "torch", old="2.0", new=None, recorded=False),
                Cause(CauseKind.FILE, "src/fit.py", commits=(fix,), recorded=False),
                model=True,
            ),
            made(
                "models/got.pkl",
                "fit",
                Cause(CauseKind.STAGE, "dvc.yaml", "fit", ADDED, None, "models/got.pkl"),
                model=True,
            ),
            made("data/tidy", "tidy", replace(raw, through=()), nfiles=3),
            made("data/both", "tidy", replace(raw, through=()), replace(code, commits=()), nfiles=3),
            made("data/long", "tidy", lr, raw, nfiles=3),
            made("data/late", "tidy", Cause(CauseKind.DATA, "data/features", "featurize"), nfiles=3),
            made(
                "data/deep",
                "s0",
                *(
                    Cause(
                        CauseKind.PARAM,
                        "params.yaml",
                        f"s{n}.lr",
                        old=1,
                        new=2,
                        through=tuple(f"s{k}" for k in range(n, 0, -1)),
                    )
                    for n in range(8)
                ),
            ),
            made("data/same", "tidy", Cause(CauseKind.NOTHING, "data/same", "tidy"), nfiles=3),
            made("data/web", "get", Cause(CauseKind.UNKNOWN, "data/web", "get"), nfiles=3),
            *(
                made(
                    f"parts/{n}.csv",
                    f"split@{n}",
                    Cause(CauseKind.DATA, f"raw/{n}.csv", through=(f"get@{n}",)),
                    Cause(CauseKind.COMMAND, "dvc.yaml", f"split@{n}", old="a", new="b"),
                    *(replace(columns, path=f"conf/{n % 3}.yaml", name=name) for name in ("a", "b")),
                )
                for n in range(9)
            ),
            *(
                made(f"nets/{n}.bin", f"net@{n}", Cause(CauseKind.NOTHING, f"nets/{n}.bin", f"net@{n}"))
                for n in range(9)
            ),
        ),
        unmoved=(
            Unmoved("prepare", ("data/a", "data/b"), (code,)),
            Unmoved("split", tuple(f"data/{n}" for n in range(5)), tuple(params(20))),
            Unmoved("check", ("report.html",), (lr, raw, Cause(CauseKind.FILE, "src/" + "x" * 90))),
        ),
        stale=(
            Stale("dvc.yaml", "", "b", "a", "train", since=Since.COMMAND),
            *(Stale("src/train.py", "", "b", "a", stage, since=Since.INPUT) for stage in ("train", "fit")),
            Stale("data/extra", "", None, None, "eval", since=Since.INPUT, added=True),
            Stale("plots", "", None, None, "eval", since=Since.OUTPUT, added=True),
            Stale("model.mlem", "", "b", "a", "fit", since=Since.OUTPUT),
            *(Stale(f"plots/{n}.csv", "", "b", "a", "eval", since=Since.OUTPUT) for n in range(5)),
            *(Stale("dvc.yaml", "", None, None, f"net@{n}", since=Since.NEVER) for n in range(9)),
            Stale("params.yaml", "train.seed", 42, None, "train", added=True),
        ),
    )


def crowded() -> Release:
    """Many stages that made the same, and many that were not reproduced since, for many reasons."""
    return replace(
        quiet(),
        unmoved=tuple(Unmoved(f"s{n}", (f"d{n}",)) for n in range(5)),
        stale=(
            *(Stale(f"f{n}.py", "", "b", "a", f"s{n}", since=Since.INPUT) for n in range(5)),
            *(Stale(f"m{n}.json", "", "b", "a", f"s{n}", since=Since.OUTPUT) for n in range(5)),
        ),
    )


def artifacts() -> Release:
    """Declarations that came, went, moved and changed, with and without their data."""
    churn = Artifact("churn", "models/a.pkl", "dvc.yaml", "model", ("nlp", "old"), "Text")
    raw = Artifact("raw", "data/raw.csv", "dvc.yaml")
    holdout = Artifact("holdout", "data/holdout.csv", "dvc.yaml", "dataset")
    away = replace(holdout, path="data/splits/holdout.csv")
    pairs: list[tuple[ChangeType, Artifact | None, Artifact | None]] = [
        (ADDED, None, ROUTER),
        (ADDED, None, Artifact("fraud", "models/fraud.pkl", "sub/dvc.yaml", "model")),
        (DELETED, Artifact("spam", "models/spam.pkl", "dvc.yaml"), None),
        (MODIFIED, churn, replace(churn, path="models/b.pkl")),
        (MODIFIED, churn, replace(churn, type="dataset", labels=("nlp", "new", "text"), desc="Other")),
        (MODIFIED, raw, replace(raw, type="dataset")),
        (RENAMED, raw, replace(raw, file="data/dvc.yaml")),
        (MODIFIED, holdout, away),
    ]
    return between(
        commits=(commit(1, "Register the models", "pipeline"),),
        changes=(
            moved(None, NEW_MODEL, ADDED),
            moved(
                output(holdout.path, "153aad06", 52_000, artifact=holdout),
                output(away.path, "153aad06", 52_000, artifact=away),
                RENAMED,
            ),
            *(
                ArtifactChange(fate, here.file, here.name, old, new)
                for fate, old, new in pairs
                if (here := new or old)
            ),
            RemoteChange(MODIFIED, "models/churn.pkl", "", "models"),
            RemoteChange(MODIFIED, "models/raw.pkl", "models", ""),
            *(RemoteChange(MODIFIED, f"folds/{n}", "old", "new") for n in range(5)),
            RemoteChange(MODIFIED, "data/small.csv", "", "", "now", same=True),
            RemoteChange(MODIFIED, "data/large.csv", "", "", "before"),
            *(RemoteChange(MODIFIED, f"tables/{n}", "", "", "now", same=True) for n in range(5)),
        ),
    )


def curve(
    path: str, points: PointChanges | None, *plots: str, fate: ChangeType = MODIFIED, unread: str = ""
) -> PlotChange:
    sizes = (6_000, 6_100)
    sides = (PlotFile(path, Content("git", f"{size:x}", size), plots) for size in sizes)
    old, new = sides
    return PlotChange(
        *(fate, path, None if fate is ADDED else old, None if fate is DELETED else new, points, unread),
        old_path="old.csv" if fate is RENAMED else "",
    )


def plots() -> Release:
    """Curves that grew, were drawn anew, came and went; pictures; what cannot be read; definitions."""
    roc = Plot(
        "ROC", "dvc.yaml", ("eval/train.json", "eval/test.json"), (("template", "simple"), ("x", "fpr"))
    )
    loss = Plot("loss.csv", "dvc.yaml", ("loss.csv",), (("template", "linear"),), by_path=True)
    many = tuple(f"{n}.json: tpr" for n in range(6))
    pairs: list[tuple[ChangeType, Plot | None, Plot | None]] = [
        (ADDED, None, roc),
        (ADDED, None, Plot("new.csv", "dvc.yaml", ("new.csv",), by_path=True)),
        (ADDED, None, Plot("known.csv", "dvc.yaml", ("known.csv",), by_path=True)),
        (DELETED, replace(roc, name="PRC"), None),
        (MODIFIED, loss, replace(loss, look=(("template", "smooth"),))),
        (MODIFIED, roc, replace(roc, look=(("x", "fpr"), *(("y", name) for name in many)))),
        (MODIFIED, replace(loss, of_stage=True), loss),
        (MODIFIED, roc, replace(roc, data=("eval/test.json",))),
    ]
    cached = output("eval", "f8f5cbc3", 2_200_000, stage="evaluate", nfiles=2)
    one = output("plot.csv", "f8f5cbc3", 2_200, stage="evaluate")
    return between(
        commits=(commit(1, "Train for longer", "metrics"),),
        changes=(
            moved(
                replace(cached, content=replace(one.content, nfiles=1)),
                replace(cached, plots=("ROC", "eval/a.png", *"abc")),
            ),
            moved(None, replace(one, plots=("plot.csv",)), ADDED),
            curve("loss.csv", PointChanges(40, 52, 12, 0)),
            curve("eval/train.json", PointChanges(40, 40, 38, 38), "ROC", "PRC"),
            curve("eval/test.json", PointChanges(40, 40, 40, 40), "ROC"),
            curve("eval/one.json", PointChanges(1, 1, 1, 1)),
            curve("eval/less.csv", PointChanges(1_240, 40, 0, 1_200)),
            curve("anew.csv", PointChanges(40, 52, 50, 38)),
            curve("other.csv", PointChanges(40, 52, 52, 40, columns_removed=("lr",))),
            curve("sorted.csv", PointChanges(40, 40, 0, 0, reordered=True)),
            curve("wider.csv", PointChanges(40, 40, 0, 0, columns_added=tuple("abcdef"))),
            curve("importance.png", None),
            curve("broken.json", None, unread="not valid JSON: line 1: Expecting value"),
            curve("moved.csv", None, fate=RENAMED),
            curve("hash.csv", None, fate=UNKNOWN, unread="it is not in Git"),
            curve("new.csv", PointChanges(0, 40, 40, 0), fate=ADDED),
            curve("gone.csv", PointChanges(40, 0, 0, 40), fate=DELETED),
            curve("gone.png", None, fate=DELETED),
            *(curve(f"live/{n}.tsv", PointChanges(10, 12, 2, 0)) for n in range(6)),
            *(curve(f"live/images/{n}.png", None) for n in range(12)),
            *(curve(f"live/new/{n}.tsv", PointChanges(0, 9, 9, 0), fate=ADDED) for n in range(5)),
            *(
                PlotDefinitionChange(fate, "dvc.yaml", (new or old or roc).name, old, new)
                for fate, old, new in pairs
            ),
        ),
    )


def only_plots() -> Release:
    """A release in which nothing but plots changed."""
    return replace(plots(), changes=(curve("loss.csv", PointChanges(40, 52, 12, 0)), curve("a.png", None)))


def relocated() -> Release:
    """A project that is in another directory now, as it was."""

    def stage(path: str, name: str, cmd: str = "run") -> Stage:
        wdir = path.removesuffix("/dvc.yaml")
        params = (("common.yaml", "seed"), (f"{wdir}/conf.yaml", ""))
        return Stage(path, name, cmd, wdir, deps=(f"{wdir}/d.csv", "lib.py"), params=params)

    old, new = "churn/dvc.yaml", "models/churn/dvc.yaml"
    registry = Import("churn/a.dvc", "repo", "https://github.com/acme/registry", "a", rev_lock="1" * 40)
    dataset = replace(registry, path=old, name="tickets")
    files = [("churn/m.json", "models/churn/m.json"), ("churn/e/m.json", "models/churn/e/m.json")]
    return between(
        commits=(commit(1, "Move churn", "data metrics pipeline"),),
        changes=(
            *(
                MetricChange(RENAMED, after, name, 0.5, 0.5, old_path=before)
                for before, after in (*files, ("scores.json", "models/scores.json"))
                for name in ("auc", "f1")
            ),
            *(StageChange(RENAMED, new, n, stage(old, n), stage(new, n)) for n in ("prepare", "train")),
            StageChange(
                RENAMED, "fraud/dvc.yaml", "train", stage(old, "train"), stage("fraud/dvc.yaml", "train")
            ),
            StageChange(RENAMED, new, "test", stage(old, "test"), stage(new, "test", "run --fast")),
            ImportChange(
                RENAMED, "models/churn/a.dvc", registry, replace(registry, path="models/churn/a.dvc")
            ),
            ImportChange(RENAMED, new, dataset, replace(dataset, path=new)),
        ),
    )


def line() -> Release:
    """The first release of a further line."""
    return replace(first(), head=revision("base-graph-v1", 1), line="base-graph", aliases=("base@v1.0.0",))


def imports_with_sources(source: Import) -> tuple[ImportChange, ...]:
    """Imports at another commit of their sources, which were looked at."""
    forge = Forge("github", "https://github.com/acme/registry")
    told = (
        SourceChanges(
            commits=(commit(8, "Add *May*", ""), commit(7, "Drop `null` rows", "")),
            changes=(
                moved(output("x.csv", "a" * 8, 1_000), output("x.csv", "b" * 8, 2_000)),
                MetricChange(MODIFIED, "quality.json", "rows", 10, 20, 10),
                MetricChange(MODIFIED, "rows.txt", "", 10, 20, 10),
                MetricChange(UNKNOWN, "kept.json", "", None, None, unread="now"),
                MetricChange(UNKNOWN, "kept.json", "rows", 20, None, unread="now"),
                ParamChange(ADDED, "params.yaml", "seed", None, 1),
                FileChanged(DELETED, "notes.md", "a", None),
            ),
            forge=forge,
        ),
        SourceChanges(
            gone=(commit(6, "Add June", ""),),
            changes=(moved(output("x.csv", "b" * 8, 2_000), output("x.csv", "a" * 8, 1_000)),),
            forge=forge,
        ),
        SourceChanges(unchanged=True),
        SourceChanges(problems=(Problem("d/dvc.lock", "conflict markers in line 3", "b" * 40),)),
    )
    old = replace(source, rev_lock="b" * 40)
    return tuple(
        ImportChange(MODIFIED, f"{n}/{source.path}", old, source, found) for n, found in enumerate(told)
    )


def imports() -> Release:
    source = Import("data/x.csv.dvc", "repo", "https://github.com/acme/registry", "x.csv", "main", "a" * 40)
    url = Import("data/y.csv.dvc", "url", "", "s3://bucket/y.csv", content=Content("etag", "abcdef0123"))
    query = Import("q.csv.dvc", "db", "snowflake", "csv", content=Content("query", "select 1"))
    table = replace(query, content=Content("table", "clicks"))
    long, longer = (replace(query, content=Content("query", f"select {'a, ' * 40}{end}")) for end in "bc")
    secret = replace(url, source="https://ada:s3cret@a.org/y.csv")
    chain = Import("dvc.yaml", "dc", "dc://cats", content=Content("version", "4"), name="cats")
    return between(
        commits=(commit(1, "Bring data in", "data"),),
        changes=(
            ImportChange(ADDED, source.path, None, source),
            ImportChange(MODIFIED, url.path, replace(url, source="https://a.org/y.csv"), url),
            ImportChange(DELETED, "data/z.dvc", replace(source, path="data/z.dvc"), None),
            ImportChange(ADDED, "data/db.csv.dvc", None, Import("data/db.csv.dvc", "db", "snowflake")),
            ImportChange(MODIFIED, source.path, replace(source, rev="v1.1", rev_lock="b" * 40), source),
            ImportChange(MODIFIED, source.path, replace(source, rev_lock="b" * 40), source),
            ImportChange(MODIFIED, source.path, replace(source, rev="v1.1"), source),
            ImportChange(MODIFIED, source.path, replace(source, remote="old"), source),
            ImportChange(
                MODIFIED, source.path, source, replace(source, remote="eu", url="git@a.org:x/y.git")
            ),
            *imports_with_sources(source),
            ImportChange(MODIFIED, url.path, replace(url, content=Content("etag", '"0123456789"')), url),
            ImportChange(MODIFIED, url.path, replace(url, content=None), url),
            ImportChange(MODIFIED, query.path, query, replace(query, content=Content("query", "select 2"))),
            ImportChange(MODIFIED, query.path, query, replace(query, source="json")),
            ImportChange(MODIFIED, query.path, query, table),
            ImportChange(MODIFIED, query.path, long, longer),
            ImportChange(MODIFIED, query.path, query, replace(table, url="mysql://ada:s3cret@a.org/b")),
            ImportChange(ADDED, query.path, None, query),
            ImportChange(DELETED, query.path, table, None),
            ImportChange(ADDED, url.path, None, secret),
            ImportChange(ADDED, "dvc.yaml", None, replace(source, path="dvc.yaml", name="registry")),
            ImportChange(MODIFIED, "dvc.yaml", replace(chain, content=Content("version", "3")), chain),
            ImportChange(DELETED, "dvc.yaml", chain, None),
            PackageChange(ADDED, "requirements.txt", "ml", None, "git+https://github.com/acme/ml.git@v1_0"),
            PackageChange(
                MODIFIED, "requirements.txt", "x", "git+https://a.b/x.git@1", "git+https://a.b/x.git@2"
            ),
            PackageChange(DELETED, "requirements.txt", "y", "1", None),
            PackageChange(DELETED, "requirements.txt", "z", "1", None),
            PackageChange(MODIFIED, "renv.lock", "ccao", f"1.3.0@{'6' * 40}", f"1.3.1@{'d' * 40}"),
            *(PackageChange(ADDED, "uv.lock", f"p{n}", None, f"git+https://a.b/p.git@{n}") for n in range(9)),
            *(FileChanged(ADDED, f"k8s/{n}.yaml", None, "a") for n in range(10)),
            *(FileChanged(MODIFIED, f".github/workflows/{n}.yaml", "a", "b") for n in range(6)),
            *(FileChanged(DELETED, f".github/workflows/old-{n}.yaml", "a", None) for n in range(3)),
        ),
    )


def tried(
    name: str,
    *changes: ParamChange | MetricChange,
    applied: int = 0,
    message: str = "",
    baseline: Revision = OLD,
    minutes: int = 0,
    problems: tuple[Problem, ...] = (),
) -> Experiment:
    """An experiment, by default on the release before."""
    return Experiment(
        name,
        "e" * 40,
        baseline.commit_id,
        MARCH - 60 * minutes,
        message,
        changes,
        f"{applied:07x}" + "0" * 33 if applied else "",
        problems,
    )


def experiments() -> Release:
    """A few runs by hand, one of them applied; one that cannot be read, one on another commit."""
    best = (param("train.lr", 0.1, 0.01, "train"), param("train.loss", "l1", "huber"))
    found = (
        tried("dizzy-sumo", *best, metric("auc", 0.912, 0.9305), metric("f1", 0.8, 0.7), applied=0xB12),
        tried("plain-fox", param("train.lr", 0.1, 0.3, "train"), metric("auc", 0.912, 0.90), minutes=1),
        tried(
            "live|log",
            param("lr", None, 0.5, path="dvclive/params.yaml", change=ADDED),
            param("lr", 0.1, 0.5),
            MetricChange(ADDED, "dvclive/metrics.json", "step", None, 8),
            MetricChange(DELETED, "metrics.json", "f1", 0.8, None),
            message="Log with DVCLive, *twice*",
            minutes=2,
        ),
        tried(
            "dark-room",
            ParamChange(UNKNOWN, "conf.yaml", "", None, None, unread="now"),
            ParamChange(UNKNOWN, "conf.yaml", "lr", 0.1, None, unread="now"),
            ParamChange(UNKNOWN, "more.yaml", "lr", None, None, unread="before"),
            unread("eval/metrics.json", "1", "2"),
            unread("metrics.json", "", "2"),
            MetricChange(UNKNOWN, "metrics.json", "auc", 0.912, None, unread="now"),
            problems=(Problem("conf.yaml", "conflict markers", "dark-room"),),
            minutes=3,
        ),
        tried("code-only", baseline=NEW, minutes=4),
    )
    return between(
        commits=(commit(0xB12, "Take the best run", "params metrics"),), changes=best, experiments=found
    )


def grid() -> Release:
    """A grid search of some runs over three params, and as many metrics as a library logs."""
    found = tuple(
        tried(
            f"grid-{n:03}",
            param("train.lr", 0.1, 0.1 / (2 + n)),
            param("train.depth", 6, 7 + n % 5),
            param("train.seed", 1, 42),
            *(metric(f"m{k}", 0.5, 0.51 + n / 1000 + k / 100) for k in range(9)),
            minutes=n,
            applied=0xB12 if n == 17 else 0,
        )
        for n in range(20)
    )
    return between(commits=(commit(0xB12, "Take the best run", "params"),), experiments=found)


def verdicts() -> Release:
    """Metrics in all that can be thought of them, limits, drift, trends, gaps, seeds."""

    def judged(
        verdict: Verdict, goal: Goal = Goal.HIGHER, unit: str = "", *, noise: bool = False
    ) -> Judgement:
        return Judgement(verdict, goal, noise, unit=unit)

    here = "metrics.json"
    return between(
        commits=(commit(0xB12, "Tune", "metrics"),),
        changes=(
            metric("test.auc", 0.912, 0.931, judged=judged(BETTER)),
            metric("test.f1", 0.8, 0.82, judged=judged(BETTER)),
            metric("test.recall", 0.81, 0.808, judged=judged(NEUTRAL)),
            metric("test.loss", 0.3, float("nan"), judged=judged(WORSE, Goal.LOWER)),
            metric("test.latency", 41, 55, judged=judged(WORSE, Goal.LOWER, "ms")),
            metric("test.accuracy", 0.9, 0.85, judged=judged(WORSE)),
            metric("model_bytes", 1_990_000, 2_520_000, judged=judged(NEUTRAL, Goal.NONE, "bytes")),
            metric("index_bytes", 2_520_000, 2_520_001, judged=judged(NEUTRAL, Goal.NONE, "bytes")),
            metric("coverage", 0.91, 0.92),
            MetricChange(ADDED, here, "test.time_s", None, 1.5, judged=judged(NEUTRAL, Goal.LOWER, "s")),
            MetricChange(DELETED, here, "old_time_s", 2, None, judged=judged(NEUTRAL, Goal.LOWER, "s")),
        ),
        alerts=(
            Alert(here, "test.f1", "min", 0.85, 0.82, 0.8),
            Alert(here, "test.recall", "min", 0.9, 0.808, 0.81),
            Alert(here, "test.loss", "max", 1, float("nan"), 0.3),
            Alert(here, "test.loss", "max-drop", 0.02, float("nan"), 0.3),
            Alert(here, "test.latency", "max", 50, 55, 41, unit="ms"),
            Alert(here, "test.accuracy", "min", 0.88, 0.85, 0.9),
            Alert(here, "test.accuracy", "max-drop", 0.02, 0.05, 0.9),
            Alert(here, "test.memory", "max", 60, 61, 61, unit="MB"),
            Alert(here, "psi", "max", 0.2, 0.25, 0.15),
            Alert(here, "note", "min", 1, None, None, "its value is no number"),
            Alert("", "cal*", "max", 0.1, None, None, "its value cannot be read here"),
        ),
        drifts=(
            Drift(here, "psi", 0.15, 0.25, 0.2, "v1.0.0"),
            Drift(here, "ks_p_value", 0.4, 0.4, 0.05, goal=Goal.HIGHER),
            Drift(here, "share", None, 0.1),
        ),
        trends=(Trend(here, "test.recall", 0.83, 0.808, "v0.9.0", 4),),
        splits=(
            Split(
                "auc",
                (("train", 0.94, 0.99), ("test", 0.912, 0.931)),
                here,
                "test",
                (0.028, 0.059),
                grown=True,
            ),
            Split(
                "loss",
                (("train", 0.2, 0.2), ("val", None, 0.3), ("test", 0.3, 0.31)),
                here,
                "test",
                (0.1, 0.11),
            ),
            Split("f1", (("train", 0.9, 0.9), ("test", 0.89, 0.92)), here, "test", (0.01, -0.02)),
        ),
        seeds=(
            Seed("params.yaml", "prepare.seed", 42, 42),
            Seed("params.yaml", "train.seed", 42, 42),
            Seed("params.yaml", "train.random_state", 7, 1, MODIFIED),
        ),
    )


def seedless() -> Release:
    """A model that nothing is known to have seeded."""
    return between(
        commits=(commit(0xB12, "Train again", "model"),), changes=(moved(OLD_MODEL, NEW_MODEL),), seeds=()
    )


def many_seeds() -> Release:
    """A seed in each of many files."""
    found = tuple(
        Seed(f"conf/{n}.yaml", "seed", n, n - (n == 4), MODIFIED if n == 4 else None) for n in range(6)
    )
    return between(commits=(commit(0xB12, "Seed"),), seeds=found)


def swung() -> Release:
    """Several commits moved the metrics, a merge among them; not all of it can be placed."""
    merge = replace(commit(0xAAA0003, "Merge branch 'tune'"), parents=("a", "b"))
    bigrams = commit(0xE4BC9B0, "Reproduce model using bigrams (#41)", "model data params")
    forest = commit(0xBEA12FE, "Tune `n_est` of the random forest", "model params", author=BO)
    odd = "c0ffee0" + "0" * 33

    def by(
        of: MetricChange, *steps: tuple[Commit, float | None, float | None], rest: Rest | None = None
    ) -> MetricChange:
        told = (Step(c.id, a, b, None if a is None or b is None else b - a) for c, a, b in steps)
        return replace(of, steps=tuple(told), rest=rest)

    auc = by(metric("test.roc_auc", 0.912, 0.931), (bigrams, 0.916, 0.931), (forest, 0.912, 0.916))
    gap = by(metric("test.gap", 3, 1), (bigrams, 7, 1), (forest, 3, 7))
    latency = by(
        metric("test.latency_ms", 41, 55), (merge, 50, 55), (bigrams, 43, 50), rest=Rest(2, (odd,), "")
    )
    old, new = OLD_MODEL, NEW_MODEL
    return between(
        commits=(bigrams, forest),
        movers=(merge, bigrams, forest),
        changes=(
            auc,
            gap,
            latency,
            *(
                by(MetricChange(ADDED, "metrics.json", f"test.team_{n}.f1", None, 0.5), (bigrams, None, 0.5))
                for n in range(3)
            ),
            by(MetricChange(DELETED, "metrics.json", "old", 1, None), (forest, 1, None)),
            replace(moved(old, new), commits=(bigrams.id, forest.id)),
            replace(moved(None, output("data/holdout.csv", "153aad06", 52_000), ADDED), commits=(forest.id,)),
            replace(param("train.n_est", 50, 100, "train"), commits=(forest.id,)),
            replace(param("train.depth", 3, 9, "train"), commits=(merge.id, bigrams.id, forest.id)),
            param("train.kind", "a", "b"),
        ),
        stale=(Stale("metrics.json", "", "b", "a", "evaluate", since=Since.OUTPUT),),
        swings=(
            Swing("metrics.json", "test.gap", 3, 7, 1, gap.steps),
            Swing(
                "metrics.json",
                "f1",
                0.5,
                0.25,
                0.5,
                (Step(bigrams.id, 0.25, 0.5), Step(forest.id, 0.5, 0.25)),
            ),
        ),
    )


def rollback() -> Release:
    """Data, a model and hyperparameters of 1.0.0 again, by a revert; what else came back, or partly."""
    raw = replace(output("data/raw", "22a1a293", 14_470_000, nfiles=10_000), file="data/raw.dvc")
    old_raw = replace(output("data/raw", "7f31c0de", 14_890_000, nfiles=10_400), file="data/raw.dvc")
    labels = output("data/labels.csv", "5846bf18", 5_900)
    taken = commit(0xE4BC9B0, 'Revert "Reproduce model using bigrams" (#44)', "model data params")
    parts = [
        replace(
            moved(
                output(f"parts/{n}.csv", f"{n + 10:08x}", 1_000, stage=f"split@{n}"),
                output(f"parts/{n}.csv", f"{n + 20:08x}", 900, stage=f"split@{n}"),
            ),
            again="v1.0.0",
        )
        for n in range(7)
    ]
    return between(
        commits=(replace(taken, files=(FileChange("dvc.lock", "dvc.lock", "1", "2"),)),),
        changes=(
            replace(moved(NEW_MODEL, OLD_MODEL), again="v1.0.0"),
            replace(moved(old_raw, raw), again="v1.0.0"),
            replace(moved(None, labels, ADDED), again="v0.9.0"),
            *parts,
            param("train.n_est", 100, 50, "train"),
            metric("test.roc_auc", 0.931, 0.912),
        ),
        rollbacks=(Rollback("v1.0.0", data=True, models=True, params=True, whole=True),),
        reverts=(
            Revert(
                taken.id,
                "def5678" + "0" * 33,
                "Reproduce model using bigrams (#43)",
                "v1.1.0",
                ("models/router.pkl", "data/raw", "train.n_est", "test.roc_auc"),
            ),
        ),
    )


STORIES = {
    "swung": swung,
    "verdicts": verdicts,
    "seedless": seedless,
    "many-seeds": many_seeds,
    "full": full,
    "first": first,
    "unreleased": unreleased,
    "nothing-released-yet": nothing_released_yet,
    "code-only": code_only,
    "quiet": quiet,
    "unreadable": unreadable,
    "directories": directories,
    "migration": migration,
    "files": files,
    "large": large,
    "matrix": matrix,
    "moves": moves,
    "stale": stale,
    "causes": causes,
    "crowded": crowded,
    "artifacts": artifacts,
    "plots": plots,
    "only-plots": only_plots,
    "relocated": relocated,
    "line": line,
    "imports": imports,
    "experiments": experiments,
    "grid": grid,
    "rollback": rollback,
}
