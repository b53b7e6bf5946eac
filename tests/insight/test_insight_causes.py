"""Why an output changed: what the locks of two snapshots tell, as a table, and laws on random graphs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.diff import diff
from dvc_changelog.domain import (
    Cause,
    CauseKind,
    ChangeType,
    Commit,
    Content,
    Dependency,
    Import,
    Output,
    OutputChange,
    Problem,
    Role,
    Since,
    Snapshot,
    Stage,
    StageRun,
    Stale,
    Unmoved,
    Value,
)
from dvc_changelog.domain.revision import Author, FileChange
from dvc_changelog.insight import Causes, explained, unmoved

K, T = CauseKind, ChangeType


def content(text: str) -> Content | None:
    """A content by one letter: "v2 " before it marks a hash of DVC 2, "etag " another kind, "" none."""
    if not text:
        return None
    if text.startswith("etag "):
        return Content("etag", text)
    legacy = text.startswith("v2 ")
    return Content("md5", text.removeprefix("v2 "), 7, legacy=legacy)


def entries(of: Mapping[str, str]) -> tuple[Dependency, ...]:
    return tuple(Dependency(path, content(text)) for path, text in of.items())


def stage(
    name: str,
    deps: Mapping[str, str],
    outs: Mapping[str, str],
    params: Mapping[str, Value] | None = None,
    cmd: str = "run",
    *,
    path: str = "dvc.yaml",
    frozen: bool = False,
) -> Stage:
    used = tuple((("params.yaml", key), value) for key, value in (params or {}).items())
    return Stage(
        path,
        name,
        cmd,
        deps=tuple(deps),
        outs=tuple(outs),
        params=tuple(key for key, _ in used),
        frozen=frozen,
        ran=StageRun(cmd, entries(deps), entries(outs), used),
    )


def data(path: str, text: str, file: str = "") -> Output:
    found = content(text)
    assert found
    return Output(path, found, Role.SOURCE, file=file or f"{path}.dvc")


def snapshot(*things: Stage | Output | Import, **more: object) -> Snapshot:
    stages = {each.address: each for each in things if isinstance(each, Stage)}
    made = {
        out.path: Output(out.path, out.content, Role.DERIVED, each.address)
        for each in stages.values()
        if each.ran
        for out in each.ran.outs
        if out.content
    }
    brought = {each.path: each for each in things if isinstance(each, Output)}
    imports = {
        f"{each.path}:{each.name}" if each.name else each.path: each
        for each in things
        if isinstance(each, Import)
    }
    whole = Snapshot(outputs={**made, **brought}, stages=stages, imports=imports)
    return replace(whole, **more)  # type: ignore[arg-type]


def commit(letter: str, *paths: str, parents: int = 1, before: str = "0", after: str = "") -> Commit:
    files = tuple(FileChange(path, path, before, after or letter) for path in paths)
    return Commit(letter, ("p",) * parents, "", 0, Author("", ""), "Work", files=files)


PREPARE = stage("prepare", {"raw": "a", "prepare.py": "p"}, {"tidy": "b"})
TRAIN = stage("train", {"tidy": "b", "train.py": "t"}, {"model": "m"}, {"lr": 1})
RAW = data("raw", "a")
OLD = snapshot(PREPARE, TRAIN, RAW)


@dataclass(frozen=True)
class Case:
    """What there was and is, and why the model changed."""

    new: Snapshot
    expected: tuple[Cause, ...]
    old: Snapshot = OLD
    commits: tuple[Commit, ...] = ()
    path: str = "model"


def trained(tidy: str = "b", code: str = "t", model: str = "n", lr: Value = 1, **more: object) -> Stage:
    made = stage("train", {"tidy": tidy, "train.py": code}, {"model": model}, {"lr": lr})
    return replace(made, **more)  # type: ignore[arg-type]


def prepared(raw: str = "a", code: str = "p", tidy: str = "c") -> Stage:
    return stage("prepare", {"raw": raw, "prepare.py": code}, {"tidy": tidy})


DIAMOND = {
    side: snapshot(
        stage("left", {"raw": raw}, {"l": f"l{raw}"}),
        stage("longer", {"raw": raw}, {"r0": f"0{raw}"}),
        stage("right", {"r0": f"0{raw}"}, {"r": f"r{raw}"}),
        stage("train", {"r": f"r{raw}", "l": f"l{raw}"}, {"model": f"m{raw}"}),
        data("raw", raw),
    )
    for side, raw in (("old", "a"), ("new", "b"))
}
CIRCLE = {
    side: snapshot(
        stage("one", {"y": text}, {"x": text}, {"lr": text}), stage("two", {"x": text}, {"y": text})
    )
    for side, text in (("old", "a"), ("new", "b"))
}
PINNED = {"requirements.txt": {"numpy": "1.0", "pandas": "2.0"}}
UPGRADED = {"requirements.txt": {"numpy": "1.1", "pandas": "2.0"}}

CASES = {
    "a param": Case(
        snapshot(PREPARE, trained(lr=2), RAW), (Cause(K.PARAM, "params.yaml", "lr", old=1, new=2),)
    ),
    "the last digit of a param is how it was written": Case(
        snapshot(PREPARE, trained(lr=0.1 + 0.2), RAW),
        (Cause(K.NOTHING, "model", "train"),),
        old=snapshot(PREPARE, trained(lr=0.3, model="m"), RAW),
    ),
    "a param that the stage names no more, but last ran with": Case(
        snapshot(PREPARE, replace(used := trained(lr=2), params=()), RAW),
        (Cause(K.PARAM, "params.yaml", "lr", T.UNKNOWN, new=2),),
        old=snapshot(PREPARE, stage("train", {"tidy": "b", "train.py": "t"}, {"model": "m"}), RAW),
    ),
    "a param that the stage uses now": Case(
        snapshot(PREPARE, used, RAW),
        (Cause(K.PARAM, "params.yaml", "lr", T.ADDED, new=2),),
        old=snapshot(PREPARE, stage("train", {"tidy": "b", "train.py": "t"}, {"model": "m"}), RAW),
    ),
    "the command": Case(
        snapshot(
            PREPARE, stage("train", {"tidy": "b", "train.py": "t"}, {"model": "n"}, {"lr": 1}, "go"), RAW
        ),
        (Cause(K.COMMAND, "dvc.yaml", "train", old="run", new="go"),),
    ),
    "a source file, with who touched it": Case(
        snapshot(PREPARE, trained(code="u"), RAW),
        (Cause(K.FILE, "train.py", commits=("3", "1")),),
        commits=(
            commit("4", "train.py", parents=2),
            commit("3", "train.py"),
            commit("2", "x"),
            commit("1", "train.py"),
        ),
    ),
    "data, through a stage": Case(
        snapshot(prepared(raw="d"), trained(tidy="c"), data("raw", "d")),
        (Cause(K.DATA, "raw", through=("prepare",), commits=("1",)),),
        commits=(commit("1", "raw.dvc", "dvc.lock"),),
    ),
    "several roots, the nearest first": Case(
        snapshot(prepared(raw="d", code="q"), trained(tidy="c", lr=2), data("raw", "d")),
        (
            Cause(K.PARAM, "params.yaml", "lr", old=1, new=2),
            Cause(K.DATA, "raw", through=("prepare",)),
            Cause(K.FILE, "prepare.py", through=("prepare",)),
        ),
    ),
    "a diamond: one root, the shortest way": Case(
        DIAMOND["new"], (Cause(K.DATA, "raw", through=("left",)),), old=DIAMOND["old"]
    ),
    "a circle ends": Case(
        CIRCLE["new"],
        (Cause(K.PARAM, "params.yaml", "lr", old="a", new="b"),),
        old=CIRCLE["old"],
        path="x",
    ),
    "nothing": Case(snapshot(PREPARE, trained(), RAW), (Cause(K.NOTHING, "model", "train"),)),
    "nothing, further up": Case(
        snapshot(prepared(), trained(tidy="c"), RAW),
        (Cause(K.NOTHING, "tidy", "prepare", through=("prepare",)),),
    ),
    "nothing recorded, but packages": Case(
        snapshot(PREPARE, trained(), RAW, packages=UPGRADED),
        (Cause(K.PACKAGE, "requirements.txt", "numpy", old="1.0", new="1.1", recorded=False),),
        old=replace(OLD, packages=PINNED),
    ),
    "nothing recorded, but a file that the command names": Case(
        snapshot(
            PREPARE,
            trained(ran=replace(TRAIN.ran or StageRun(), outs=entries({"model": "n"})), cmd="run fit.py"),
            RAW,
        ),
        (Cause(K.FILE, "fit.py", commits=("1",), recorded=False),),
        commits=(commit("1", "fit.py", "other.py"),),
    ),
    "nothing recorded: what a command writes is no cause of it": Case(
        snapshot(
            PREPARE,
            trained(ran=replace(TRAIN.ran or StageRun(), outs=entries({"model": "n"})), cmd="run > model"),
            RAW,
        ),
        (Cause(K.NOTHING, "model", "train"),),
        commits=(commit("1", "model"),),
    ),
    "a pinned package that is an input": Case(
        snapshot(stage("train", {"requirements.txt": "y"}, {"model": "n"}), packages=UPGRADED),
        (Cause(K.PACKAGE, "requirements.txt", "numpy", old="1.0", new="1.1"),),
        old=snapshot(stage("train", {"requirements.txt": "x"}, {"model": "m"}), packages=PINNED),
    ),
    "a file of packages of which none changed": Case(
        snapshot(stage("train", {"requirements.txt": "y"}, {"model": "n"}), packages=PINNED),
        (Cause(K.FILE, "requirements.txt"),),
        old=snapshot(stage("train", {"requirements.txt": "x"}, {"model": "m"}), packages=PINNED),
    ),
    "a stage without inputs tells nothing": Case(
        snapshot(stage("get", {}, {"model": "n"})),
        (Cause(K.UNKNOWN, "model", "get"),),
        old=snapshot(stage("get", {}, {"model": "m"})),
    ),
    "a frozen stage was not run by DVC": Case(
        snapshot(PREPARE, trained(frozen=True), RAW), (Cause(K.UNKNOWN, "model", "train"),)
    ),
    "a renamed stage": Case(
        snapshot(PREPARE, stage("fit", {"tidy": "b", "train.py": "t"}, {"model": "n"}, {"lr": 2}), RAW),
        (Cause(K.PARAM, "params.yaml", "lr", old=1, new=2),),
    ),
    "stages renamed on the way": Case(
        snapshot(
            stage("tidy_up", {"raw": "d", "prepare.py": "p"}, {"tidy": "c"}),
            trained(tidy="c"),
            data("raw", "d"),
        ),
        (Cause(K.DATA, "raw", through=("tidy_up",)),),
    ),
    "a stage in another dvc.yaml": Case(
        snapshot(
            stage("prepare", {"raw": "d", "prepare.py": "p"}, {"tidy": "c"}, path="etl/dvc.yaml"),
            trained(tidy="c"),
            data("raw", "d"),
        ),
        (Cause(K.DATA, "raw", through=("etl/dvc.yaml:prepare",)),),
    ),
    "an item of a foreach stage": Case(
        snapshot(stage("train@a", {"raw": "d"}, {"model": "n"}), data("raw", "d")),
        (Cause(K.DATA, "raw"),),
        old=snapshot(stage("train@a", {"raw": "a"}, {"model": "m"}), RAW),
    ),
    "an input that moved as it is": Case(
        snapshot(PREPARE, stage("train", {"tidy": "b", "src/fit.py": "t"}, {"model": "n"}, {"lr": 1}), RAW),
        (Cause(K.NOTHING, "model", "train"),),
    ),
    "an input that moved and changed": Case(
        snapshot(PREPARE, stage("train", {"tidy": "b", "src/train.py": "u"}, {"model": "n"}, {"lr": 1}), RAW),
        (Cause(K.FILE, "src/train.py"),),
    ),
    "a param that moved as it is": Case(
        snapshot(PREPARE, stage("train", {"tidy": "b", "train.py": "t"}, {"model": "n"}, {"fit.lr": 1}), RAW),
        (Cause(K.NOTHING, "model", "train"),),
    ),
    "a param that went to another file, with another value": Case(
        snapshot(
            PREPARE,
            trained(ran=replace(trained().ran or StageRun(), params=((("conf.yaml", "lr"), 2),))),
            RAW,
        ),
        (Cause(K.PARAM, "conf.yaml", "lr", old=1, new=2),),
    ),
    "a param that went to one of two files": Case(
        snapshot(
            PREPARE,
            trained(
                params=(("a.yaml", "lr"), ("b.yaml", "lr")),
                ran=replace(
                    trained().ran or StageRun(), params=((("a.yaml", "lr"), 2), (("b.yaml", "lr"), 3))
                ),
            ),
            RAW,
        ),
        (
            Cause(K.PARAM, "a.yaml", "lr", T.ADDED, None, 2),
            Cause(K.PARAM, "b.yaml", "lr", T.ADDED, None, 3),
            Cause(K.PARAM, "params.yaml", "lr", T.DELETED, 1, None),
        ),
    ),
    "inputs and params that came and went": Case(
        snapshot(PREPARE, stage("train", {"tidy": "b", "raw": "a"}, {"model": "n"}, {"seed": 3}), RAW),
        (
            Cause(K.PARAM, "params.yaml", "seed", T.ADDED, None, 3),
            Cause(K.PARAM, "params.yaml", "lr", T.DELETED, 1, None),
            Cause(K.DATA, "raw", change=T.ADDED),
            Cause(K.FILE, "train.py", change=T.DELETED),
        ),
    ),
    "a file in a directory of data": Case(
        snapshot(stage("train", {"data/x.csv": "b"}, {"model": "n"}), data("data", "2.dir")),
        (Cause(K.DATA, "data"),),
        old=snapshot(stage("train", {"data/x.csv": "a"}, {"model": "m"}), data("data", "1.dir")),
    ),
    "a directory that holds data": Case(
        snapshot(stage("train", {"data": "2.dir"}, {"model": "n"}), data("data/x", "b"), data("data/y", "c")),
        (Cause(K.DATA, "data/x"), Cause(K.DATA, "data/z", change=T.DELETED)),
        old=snapshot(
            stage("train", {"data": "1.dir"}, {"model": "m"}),
            *(data("data/x", "a"), data("data/y", "c"), data("data/z", "d")),
        ),
    ),
    "a file in a directory that a stage makes": Case(
        snapshot(
            stage("split", {"raw": "b"}, {"parts": "2.dir"}),
            stage("train", {"parts/x": "b"}, {"model": "n"}),
            data("raw", "b"),
        ),
        (Cause(K.DATA, "raw", through=("split",)),),
        old=snapshot(
            stage("split", {"raw": "a"}, {"parts": "1.dir"}),
            stage("train", {"parts/x": "a"}, {"model": "m"}),
            RAW,
        ),
    ),
    "a directory that holds what stages make": Case(
        snapshot(
            stage("one", {"raw": "b"}, {"d/one": "b"}),
            stage("two", {}, {"d/two": "c"}),
            stage("train", {"d": "2.dir"}, {"model": "n"}),
            data("raw", "b"),
        ),
        (Cause(K.DATA, "raw", through=("one",)),),
        old=snapshot(
            stage("one", {"raw": "a"}, {"d/one": "a"}),
            stage("two", {}, {"d/two": "c"}),
            stage("train", {"d": "1.dir"}, {"model": "m"}),
            RAW,
        ),
    ),
    "a directory that holds what stages make, and data beside it": Case(
        snapshot(
            stage("split", {"d/raw": "b"}, {"d/test": "b"}),
            stage("train", {"d": "2.dir"}, {"model": "n"}),
            *(data("d/raw", "b"), data("d/same", "s")),
        ),
        (Cause(K.DATA, "d/raw"),),  # which it reads itself, not only what was made of it
        old=snapshot(
            stage("split", {"d/raw": "a"}, {"d/test": "a"}),
            stage("train", {"d": "1.dir"}, {"model": "m"}),
            *(data("d/raw", "a"), data("d/same", "s")),
        ),
    ),
    "a directory whose data changed further after the run": Case(
        snapshot(
            stage("split", {"raw": "b"}, {"d/test": "b"}),
            stage("train", {"d": "2.dir"}, {"model": "n"}),
            *(data("raw", "b"), data("d/more", "b")),
            stale=(Stale("d", "", "3.dir", "2.dir", "train", since=Since.INPUT),),
        ),
        (Cause(K.DATA, "raw", through=("split",)),),
        old=snapshot(
            stage("split", {"raw": "a"}, {"d/test": "a"}),
            stage("train", {"d": "1.dir"}, {"model": "m"}),
            *(data("raw", "a"), data("d/more", "a")),
        ),
    ),
    "a few files of a directory": Case(
        snapshot(stage("train", {"src": "2.dir"}, {"model": "n"})),
        (Cause(K.FILE, "src/a.py", commits=("2", "1")), Cause(K.DATA, "src/b.csv", commits=("1",))),
        old=snapshot(stage("train", {"src": "1.dir"}, {"model": "m"})),
        commits=(
            commit("4", "src/gone.py", before="x", after="0"),
            commit("3", "src/gone.py", before="0", after="x"),
            commit("2", "src/a.py"),
            commit("1", "src/a.py", "src/b.csv", "srcs.py"),
        ),
    ),
    "many files of a directory": Case(
        snapshot(stage("train", {"src": "2.dir"}, {"model": "n"})),
        (Cause(K.FILE, "src", commits=("2", "1")),),
        old=snapshot(stage("train", {"src": "1.dir"}, {"model": "m"})),
        commits=(commit("2", "src/a", "src/b", "src/c"), commit("1", "src/d")),
    ),
    "data in Git": Case(
        snapshot(stage("train", {"labels.csv": "b"}, {"model": "n"})),
        (Cause(K.DATA, "labels.csv", commits=("1",)),),
        old=snapshot(stage("train", {"labels.csv": "a"}, {"model": "m"})),
        commits=(commit("1", "labels.csv"),),
    ),
    "an import": Case(
        snapshot(
            stage("train", {"raw": "b"}, {"model": "n"}),
            data("raw", "b"),
            Import("raw.dvc", "repo", "u", rev_lock="2"),
        ),
        (Cause(K.IMPORT, "raw.dvc", old="1", new="2", commits=("1",)),),
        old=snapshot(
            stage("train", {"raw": "a"}, {"model": "m"}), RAW, Import("raw.dvc", "repo", "u", rev_lock="1")
        ),
        commits=(commit("1", "raw.dvc"),),
    ),
    "a dataset": Case(
        snapshot(
            stage("train", {"ds://cats": "b"}, {"model": "n"}), Import("dvc.yaml", "dc", "u", name="cats")
        ),
        (Cause(K.IMPORT, "dvc.yaml", "cats"),),
        old=snapshot(
            stage("train", {"ds://cats": "a"}, {"model": "m"}), Import("dvc.yaml", "dc", "u", name="cats")
        ),
    ),
    "what lies elsewhere, without its password": Case(
        snapshot(stage("train", {"https://me:key@host/x": "etag b"}, {"model": "n"})),
        (Cause(K.DATA, "https://host/x"),),
        old=snapshot(stage("train", {"https://me:key@host/x": "etag a"}, {"model": "m"})),
    ),
    "data that a stage makes now": Case(
        snapshot(stage("get", {}, {"raw": "b"}), stage("train", {"raw": "b"}, {"model": "n"})),
        (Cause(K.STAGE, "dvc.yaml", "get", T.ADDED, None, "raw"),),
        old=snapshot(stage("train", {"raw": "a"}, {"model": "m"}), RAW),
    ),
    "data that a stage made": Case(
        snapshot(stage("train", {"raw": "b"}, {"model": "n"}), data("raw", "b")),
        (Cause(K.STAGE, "dvc.yaml", "get", T.DELETED, "raw"),),
        old=snapshot(stage("get", {}, {"raw": "a"}), stage("train", {"raw": "a"}, {"model": "m"})),
    ),
    "data that a stage may make still": Case(
        snapshot(
            stage("train", {"raw": "b"}, {"model": "n"}, path="b/dvc.yaml"),
            problems=(Problem("dvc.yaml", "broken", "v2"),),
        ),
        (Cause(K.UNKNOWN, "raw", "get"),),
        old=snapshot(
            stage("get", {}, {"raw": "a"}), stage("train", {"raw": "a"}, {"model": "m"}, path="b/dvc.yaml")
        ),
    ),
    "an output that was brought in": Case(
        snapshot(stage("train", {"raw": "b"}, {"model": "n"})),
        (Cause(K.STAGE, "dvc.yaml", "train", T.ADDED, None, "model"),),
        old=snapshot(data("model", "m")),
    ),
    "an output that is brought in now": Case(
        snapshot(data("model", "n")), (Cause(K.STAGE, "dvc.yaml", "train", T.DELETED, "model"),)
    ),
    "data has no cause": Case(snapshot(data("raw", "b")), (), path="raw"),
    "a stage that had not run": Case(
        snapshot(PREPARE, trained(), RAW), (), old=snapshot(PREPARE, replace(TRAIN, ran=None), RAW)
    ),
    "what DVC hashes otherwise now is no cause, and no proof": Case(
        snapshot(stage("train", {"raw": "b"}, {"model": "n"})),
        (Cause(K.UNKNOWN, "model", "train"),),
        old=snapshot(stage("train", {"raw": "v2 a"}, {"model": "m"})),
    ),
    "hashes of another kind are no cause, and no proof": Case(
        snapshot(stage("train", {"raw": "etag b"}, {"model": "n"})),
        (Cause(K.UNKNOWN, "model", "train"),),
        old=snapshot(stage("train", {"raw": "a"}, {"model": "m"})),
    ),
    "an input that had changed before": Case(
        snapshot(PREPARE, trained(), RAW),
        (Cause(K.DATA, "tidy", "prepare"),),
        old=snapshot(PREPARE, trained(tidy="0", model="m"), RAW),
    ),
    "an input that had changed before, and did again since": Case(
        snapshot(prepared(raw="d"), trained(tidy="b"), data("raw", "d")),
        (Cause(K.DATA, "tidy", "prepare"),),
        old=snapshot(PREPARE, trained(tidy="0", model="m"), RAW),
    ),
    "data that changed after the run": Case(
        snapshot(stage("train", {"raw": "b"}, {"model": "n"}), data("raw", "c")),
        (Cause(K.DATA, "raw"),),
        old=snapshot(stage("train", {"raw": "a"}, {"model": "m"}), data("raw", "b")),
        commits=(commit("1", "raw.dvc"),),
    ),
    "what was altered since it was made": Case(
        replace(
            snapshot(PREPARE, trained(), RAW),
            outputs={"model": Output("model", Content("md5", "x"), Role.DERIVED, "train", altered=True)},
        ),
        (),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_roots(case: Case) -> None:
    assert Causes(case.old, case.new, case.commits).of(case.path) == case.expected


def test_a_metrics_file_in_git_has_causes_too() -> None:
    runs = [StageRun("run", entries({"data.csv": text}), entries({"m.json": text})) for text in ("a", "b")]
    old, new = (
        Snapshot(stages={"eval": Stage("dvc.yaml", "eval", metrics=("m.json",), ran=r)}) for r in runs
    )
    assert Causes(old, new).of("m.json") == (Cause(K.DATA, "data.csv"),)


def test_a_renamed_output_is_compared_with_what_it_was() -> None:
    old = snapshot(stage("train", {"raw": "a"}, {"model.pkl": "m"}), RAW)
    new = snapshot(stage("fit", {"raw": "b"}, {"model.onnx": "n"}), data("raw", "b"))
    assert Causes(old, new).of("model.onnx", "model.pkl") == (Cause(K.DATA, "raw"),)


def test_what_a_stage_keeps_elsewhere_is_not_said_to_be_made_anew_of_the_same() -> None:
    old = snapshot(stage("eval", {"raw": "a"}, {"eval": "d"}), RAW)
    new = snapshot(stage("eval", {"raw": "a"}, {"eval/plots": "p"}), RAW)
    told = Causes(old, new).of("eval/plots", "eval")
    assert told == (Cause(K.STAGE, "dvc.yaml", "eval", ChangeType.ADDED, None, "eval/plots"),)


def test_an_input_that_was_renamed_and_made_otherwise_is_the_same_input() -> None:
    def side(tidy: str, text: str, k: int) -> Snapshot:
        made = stage("prepare", {}, {tidy: text}, {"k": k})
        return snapshot(made, stage("train", {tidy: text}, {"model": text}))

    told = Causes(side("tidy.csv", "a", 1), side("clean.csv", "b", 4)).of("model")
    assert [(cause.kind, cause.name, cause.through) for cause in told] == [(K.PARAM, "k", ("prepare",))]


@pytest.mark.parametrize(("given", "late"), [("b", True), ("x", False)])
def test_an_input_had_changed_before_only_if_the_release_began_with_it(given: str, late: bool) -> None:
    """Else the run was given what was made on the way, which no commit recorded."""
    old = snapshot(prepared(tidy="b"), trained(tidy="a", model="m"))
    new = snapshot(prepared(code="q", tidy="c"), trained(tidy=given, model="n"))
    assert Causes(old, new).of("model") == (Cause(K.DATA, "tidy", "prepare" if late else ""),)


# Laws, on random graphs


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Snapshot, Snapshot]:
    """A pipeline without circles at two revisions; the hash of what a stage made is drawn, too."""
    number = draw(st.integers(1, 5))
    letters = st.sampled_from("abc")
    wiring = [
        draw(
            st.lists(
                st.sampled_from(["raw", "code.py", *(f"o{k}" for k in range(n))]), unique=True, max_size=4
            )
        )
        for n in range(number)
    ]

    def side() -> Snapshot:
        now = {path: draw(letters) for path in ["raw", "code.py", *(f"o{n}" for n in range(number))]}
        stages = [
            stage(
                f"s{n}",
                {path: now[path] for path in wiring[n]},
                {f"o{n}": now[f"o{n}"]},
                {"lr": draw(letters)} if draw(st.booleans()) else {},
                cmd=draw(st.sampled_from(["run", "go"])),
            )
            for n in range(number)
        ]
        return snapshot(*stages, data("raw", now["raw"]))

    return side(), side()


def recorded(side: Snapshot) -> dict[tuple[str, str], object]:
    """All that the locks of a side say: by what it is, and where."""
    told: dict[tuple[str, str], object] = {}
    for each in side.stages.values():
        assert each.ran
        told["command", each.address] = each.ran.cmd
        told |= {("param", f"{each.address} {name}"): value for (_, name), value in each.ran.params}
        told |= {("input", dep.path): dep.content for dep in each.ran.deps}
        told |= {("output", out.path): out.content for out in each.ran.outs}
    return told


@given(graphs())
def test_every_root_differs_between_the_sides(pair: tuple[Snapshot, Snapshot]) -> None:
    old, new = pair
    was, now = recorded(old), recorded(new)
    causes = Causes(old, new)
    for path in new.outputs:
        for cause in causes.of(path):
            where = (*cause.through, new.outputs[path].stage)[0]
            match cause.kind:
                case K.PARAM:
                    key = ("param", f"{where} {cause.name}")
                case K.COMMAND:
                    key = ("command", cause.name)
                case K.DATA | K.FILE:
                    key = ("input", cause.path)
                case _:
                    assert cause.kind in {K.NOTHING, K.UNKNOWN}
                    continue
            assert was.get(key) != now.get(key)


@given(graphs())
def test_nothing_is_a_root_where_nothing_differs(pair: tuple[Snapshot, Snapshot]) -> None:
    old, _ = pair
    causes = Causes(old, old)
    assert not list(unmoved(causes))
    assert {cause.kind for path in old.outputs for cause in causes.of(path)} <= {K.NOTHING, K.UNKNOWN}


@given(graphs())
def test_what_stages_are_called_is_no_matter(pair: tuple[Snapshot, Snapshot]) -> None:
    old, new = pair
    renamed = replace(
        new,
        stages={f"new-{each.name}": replace(each, name=f"new-{each.name}") for each in new.stages.values()},
    )
    for path in new.outputs:
        before, after = Causes(old, new).of(path), Causes(old, renamed).of(path)
        assert [(c.kind, c.path, len(c.through)) for c in before] == [
            (c.kind, c.path, len(c.through)) for c in after
        ]


# What goes into a release


def test_only_what_surely_changed_is_explained() -> None:
    new = snapshot(prepared(raw="d"), trained(tidy="c"), data("raw", "d"))
    told = explained(diff(OLD, new), Causes(OLD, new))
    assert {
        change.path: [c.path for c in change.because] for change in told if isinstance(change, OutputChange)
    } == {
        "model": ["raw"],
        "raw": [],
        "tidy": ["raw"],
    }
    etag = replace(new, outputs={"model": replace(new.outputs["model"], content=Content("etag", "x"))})
    [change] = [c for c in explained(diff(OLD, etag), Causes(OLD, etag)) if c.path == "model"]
    assert isinstance(change, OutputChange)
    assert (change.change, change.because) == (T.UNKNOWN, ())


def test_a_stage_that_made_the_same_of_other_inputs_is_told() -> None:
    new = snapshot(prepared(raw="d", tidy="b"), trained(model="m"), data("raw", "d"))
    assert list(unmoved(Causes(OLD, new))) == [Unmoved("prepare", ("tidy",), (Cause(K.DATA, "raw"),))]
    used = stage("train", {"tidy": "b", "train.py": "t"}, {"model": "m"}, {"lr": 1, "l2": 0})
    assert [found.stage for found in unmoved(Causes(OLD, snapshot(PREPARE, used, RAW)))] == ["train"]
    dropped = snapshot(PREPARE, replace(used, params=(("params.yaml", "lr"),)), RAW)
    assert not list(unmoved(Causes(OLD, dropped)))
    half = stage("prepare", {"raw": "d", "prepare.py": "p"}, {"tidy": "b", "log": ""})
    assert not list(unmoved(Causes(OLD, snapshot(half, data("raw", "d")))))
