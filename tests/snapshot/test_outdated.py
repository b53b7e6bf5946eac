"""What we call "not reproduced since" beside what `dvc status` calls changed, on projects that DVC ran."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from gitrepo import GitRepo, isolated
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from snapshot.agreement import quiet_dvc

from dvc_changelog.domain import Since, Stale
from dvc_changelog.history import History
from dvc_changelog.snapshot import Snapshots

__all__ = ["isolated", "quiet_dvc"]

PIPELINE = """\
vars: [{how: fast}]
stages:
  prepare:
    cmd: cp data/raw.csv tidy.csv
    deps: [data/raw.csv, src/prepare.py]
    outs: [tidy.csv]
  split:
    foreach: [a, b]
    do:
      wdir: work
      cmd: echo ${item} ${how} > ${item}.txt
      deps: [../tidy.csv]
      params: [{../conf.yaml: [seed]}]
      outs: ["${item}.txt"]
  train:
    cmd:
      - mkdir -p plots
      - cp params.yaml model.txt && echo '{"auc":1}' > m.json && cp params.yaml plots && cp -r plots drawn
    deps: [tidy.csv, src, work/a.txt]
    params: [lr, net]
    outs: [model.txt: {persist: true}, plots, drawn: {cache: false}]
    metrics: [m.json: {cache: false}]
  report:
    cmd: cp m.json report.json
    deps: [m.json, plots]
    outs: [report.json: {cache: false}]
  publish:
    cmd: cp report.json site.txt
    deps: [report.json, drawn]
    outs: [site.txt]
  held:
    frozen: true
    cmd: cp src/prepare.py held.txt && cp src/prepare.py held.py
    deps: [src/prepare.py]
    params: [lr]
    outs: [held.txt, held.py: {cache: false}]
  whole:
    cmd: cp other.json whole.txt
    params: [{other.json: }]
    outs: [whole.txt]
"""
FILES = {
    "dvc.yaml": PIPELINE,
    "params.yaml": "lr: 0.1\nnet: {layers: 2, units: [1, 2]}\nunused: 1\n",
    "conf.yaml": "seed: 1\n",
    "other.json": '{"a": 1}',
    "data/raw.csv": "id\n1\n",
    "src/prepare.py": "print(1)\n",
    "src/lib/tool.py": "print(2)\r\n",
    "work/.keep": "",
}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which every stage has run."""
    from dvc.repo import Repo

    repo = GitRepo.init(tmp_path_factory.mktemp("outdated") / "repo")
    repo.write({**FILES, "dvc.yaml": PIPELINE.replace("    frozen: true\n", "")})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repo.path)
        Repo.init().close()
        with Repo() as dvc:
            dvc.add("data/raw.csv")
            dvc.reproduce()
    repo.commit("Begin", {"dvc.yaml": PIPELINE})
    return repo.path


def rewritten(path: str, old: str, new: str) -> Callable[[Path], None]:
    def rewrite(place: Path) -> None:
        text = (place / path).read_bytes()
        (place / path).write_bytes(text.replace(old.encode(), new.encode()))

    return rewrite


def written(path: str, text: str) -> Callable[[Path], None]:
    return lambda place: GitRepo(place).write({path: text})


def added(place: Path) -> None:
    """New data, as `dvc add` records it."""
    from dvc.repo import Repo

    GitRepo(place).write({"data/raw.csv": "id\n1\n2\n"})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        with Repo() as dvc:
            dvc.add("data/raw.csv")


CHANGES: dict[str, Callable[[Path], None]] = {
    "a source file, also one of a frozen stage": rewritten("src/prepare.py", "1", "3"),
    "a file in a directory": rewritten("src/lib/tool.py", "2", "3"),
    "a file more in a directory": written("src/lib/more.py", "x"),
    "data": added,
    "a command": rewritten("dvc.yaml", "cp data/raw.csv tidy", "cp -f data/raw.csv tidy"),
    "a command of several lines": rewritten("dvc.yaml", "mkdir -p plots", "mkdir -p ./plots"),
    "a command by a template": rewritten("dvc.yaml", "how: fast", "how: slow"),
    "a param": rewritten("params.yaml", "lr: 0.1", "lr: 0.2"),
    "a param that nothing uses": rewritten("params.yaml", "unused: 1", "unused: 2"),
    "a param of a section": rewritten("params.yaml", "layers: 2", "layers: 3"),
    "a param in a section more": rewritten("params.yaml", "{layers", "{deep: 1, layers"),
    "a param that is gone": rewritten("params.yaml", "lr: 0.1", ""),
    "a param of a whole file": rewritten("other.json", "1}", '1, "b": 2}'),
    "a param of another file": rewritten("conf.yaml", "1", "2"),
    "a param that a stage asks for": rewritten("dvc.yaml", "[lr, net]", "[lr, net, unused]"),
    "a param that a stage asks for no more": rewritten("dvc.yaml", "[lr, net]", "[net]"),
    "an input more": rewritten("dvc.yaml", "[m.json, plots]", "[m.json, plots, conf.yaml]"),
    "an input less": rewritten("dvc.yaml", "[m.json, plots]", "[m.json]"),
    "an output more": rewritten("dvc.yaml", "outs: [whole.txt]", "outs: [whole.txt, more.txt]"),
    "a stage more": rewritten("dvc.yaml", "  held:", "  late:\n    cmd: x\n    outs: [late.txt]\n  held:"),
    "an item more": rewritten("dvc.yaml", "foreach: [a, b]", "foreach: [a, b, c]"),
    "metrics that a person wrote": written("m.json", '{"auc":2}'),
    "an output that a person wrote": written("report.json", '{"auc":3}'),
    "an output of a frozen stage": written("held.py", "print(9)\n"),
    "a file in a directory of outputs": written("drawn/params.yaml", "lr: 7\n"),
    "a file more in a directory of outputs": written("drawn/more.txt", "x"),
    "other words": rewritten("dvc.yaml", "  prepare:\n", "  prepare:\n    desc: Tidy up\n"),
}


def ours(place: Path) -> dict[str, set[str]]:
    """By stage what it was not reproduced since, in DVC's terms."""
    history = History(place)
    snapshot = Snapshots(history.git).at(history.revision("HEAD"))
    assert not snapshot.problems
    told: dict[str, set[str]] = {}
    for item in snapshot.stale:
        told.setdefault(item.stage, set()).add(_in_short(item))
    return told


def _in_short(item: Stale) -> str:
    match item.since:
        case Since.PARAM:
            return f"{item.path}:{item.name.split('.')[0]}"
        case Since.COMMAND | Since.NEVER:
            return item.since.value
        case _:
            return item.path


def dvcs(place: Path) -> dict[str, set[str]]:
    """The same of `dvc status`; a stage that dvc.lock does not have never ran, whatever else there is."""
    from dvc.repo import Repo

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        with Repo() as dvc:
            said: dict[str, list[Any]] = dvc.status()
            ran = {stage.addressing for stage in dvc.index.stages if any(out.hash_info for out in stage.outs)}
    return {
        stage: set().union(*map(_named, entries)) if stage in ran else {"never"}
        for stage, entries in said.items()
    }


def _named(entry: Any) -> set[str]:
    if entry == "changed command":
        return {"command"}
    assert isinstance(entry, dict), entry
    found: set[str] = set()
    for kind, changed in entry.items():
        for path, what in changed.items():
            if isinstance(what, dict):
                found |= {f"{path}:{name.split('.')[0]}" for name in what}
            else:
                assert kind == "changed deps" or what in {"deleted", "modified"}
                found.add(path)
    return found


def agree(place: Path, *names: str) -> dict[str, set[str]]:
    """Both say the same after these changes; what that is."""
    for name in names:
        CHANGES[name](place)
    GitRepo(place).commit("Change", {"note": " ".join(names)})
    we = ours(place)
    assert we == dvcs(place)
    return we


EXPECTED = {
    "a source file, also one of a frozen stage": {"prepare": {"src/prepare.py"}, "train": {"src"}},
    "a file in a directory": {"train": {"src"}},
    "data": {"prepare": {"data/raw.csv"}},
    "a command": {"prepare": {"command"}},
    "a command by a template": {"split@a": {"command"}, "split@b": {"command"}},
    "a param that nothing uses": {},
    "a param in a section more": {"train": {"params.yaml:net"}},
    "a param that a stage asks for": {"train": {"params.yaml:unused"}},
    "an input more": {"report": {"conf.yaml"}},
    "an input less": {},
    "an output more": {"whole": {"more.txt"}},
    "an item more": {"split@c": {"never"}},
    "metrics that a person wrote": {"train": {"m.json"}, "report": {"m.json"}},
    "an output that a person wrote": {"report": {"report.json"}, "publish": {"report.json"}},
    "an output of a frozen stage": {"held": {"held.py"}},
    "a file in a directory of outputs": {"train": {"drawn"}, "publish": {"drawn"}},
    "a file more in a directory of outputs": {"train": {"drawn"}, "publish": {"drawn"}},
}


@pytest.mark.parametrize("name", ["", *CHANGES])
def test_what_dvc_calls_changed_was_not_reproduced_since(built: Path, tmp_path: Path, name: str) -> None:
    place = Path(shutil.copytree(built, tmp_path / "repo", symlinks=True))
    told = agree(place, *filter(None, [name]))
    assert told == EXPECTED.get(name, told if name else {})


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=2, max_size=6, unique=True))
def test_it_is_the_same_after_any_of_these_changes(built: Path, names: list[str]) -> None:
    with TemporaryDirectory() as place:
        agree(Path(shutil.copytree(built, Path(place) / "repo", symlinks=True)), *names)


def md5(data: str) -> str:
    return hashlib.md5(data.encode("latin-1"), usedforsecurity=False).hexdigest()


def listing(files: Mapping[str, str]) -> str:
    listed = [{"md5": md5(text), "relpath": name} for name, text in sorted(files.items())]
    return md5(json.dumps(listed)) + ".dir"


LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n"
TWO = {"a.py": "a\n", "lib/b.py": "b\n"}


@pytest.mark.parametrize(
    ("files", "path", "locked", "expected"),
    [
        ({"x": "1\n"}, "x", (md5("1\n"), 2, None), False),
        ({"x": "1\n"}, "x", (md5("2\n"), 2, None), True),
        ({"x": "1\n"}, "x", (md5("1\r\n"), 3, None), False),
        ({"x": "1\r\n"}, "x", (md5("1\n"), 2, None), True),
        ({"x": "1\r\n2\n"}, "x", (md5("1\r\n2\r\n"), 6, None), False),
        ({"d/a.py": "a\n", "d/lib/b.py": "b\r\n"}, "d", (listing(TWO), 4, 2), True),
        ({"x": LFS}, "x", (md5("1\n"), 2, None), False),
        ({"x": "1\n"}, "x", (md5("2\n"), 1 << 25, None), False),
        ({}, "x", (md5("2\n"), 2, None), False),
        ({}, "../x", (md5("2\n"), 2, None), False),
        ({}, "https://host/x", (md5("2\n"), 2, None), False),
        ({"d/a.py": "a\n", "d/lib/b.py": "b\n"}, "d", (listing(TWO), 4, 2), False),
        ({"d/a.py": "a\n", "d/lib/b.py": "c\n"}, "d", (listing(TWO), 4, 2), True),
        ({"d/a.py": "a\n", "d/lib/b.py": "b\n", "d/c": ""}, "d", (listing(TWO), 4, 2), True),
        (
            {"d/a.py": "a\n", "d/lib/b.py": "b\n", "d/c": "", ".dvcignore": "c"},
            "d",
            (listing(TWO), 4, 2),
            False,
        ),
        ({"d/a.py": "a\n"}, "d", (listing(TWO), 4, 2), False),
        ({f"d/{n}": "" for n in range(250)}, "d", (listing(TWO), 4, 2), False),
    ],
)
def test_an_input_in_git_is_compared_by_its_bytes_where_that_proves_anything(
    tmp_path: Path,
    files: Mapping[str, str],
    path: str,
    locked: tuple[str, int, int | None],
    *,
    expected: bool,
) -> None:
    digest, size, nfiles = locked
    dep = {"path": path, "hash": "md5", "md5": digest, "size": size} | ({"nfiles": nfiles} if nfiles else {})
    repo = GitRepo.init(tmp_path / "repo")
    repo.commit(
        "Begin",
        {
            ".dvc/config": "",
            "dvc.yaml": json.dumps({"stages": {"s": {"cmd": "run", "deps": [path]}}}),
            "dvc.lock": json.dumps({"schema": "2.0", "stages": {"s": {"cmd": "run", "deps": [dep]}}}),
            **files,
        },
    )
    assert bool(ours(repo.path)) is expected


TEXT, CRLF, OTHER, PICTURE = "a\nb\n", "a\r\nb\r\n", "a\nc\n", "\x89PNG\r\n\x1a\n\0"


@pytest.mark.parametrize(
    ("files", "was", "changed"),
    [
        ({"x": TEXT}, {"x": TEXT}, False),
        ({"x": CRLF}, {"x": TEXT}, False),
        ({"x": OTHER}, {"x": TEXT}, True),
        ({"d/p.png": PICTURE, "d/t.csv": CRLF}, {"d/p.png": PICTURE, "d/t.csv": TEXT}, False),
        ({"d/p.png": PICTURE, "d/t.csv": OTHER}, {"d/p.png": PICTURE, "d/t.csv": TEXT}, True),
    ],
)
def test_what_dvc_2_recorded_of_an_output_in_git_is_compared_as_it_did(
    tmp_path: Path, files: Mapping[str, str], was: Mapping[str, str], *, changed: bool
) -> None:
    """DVC 2 hashed text as if it had the line ends of Unix; both say the same of what it recorded."""
    path = next(iter(files))[0]
    inside = {name.removeprefix(f"{path}/"): text for name, text in was.items()}
    size = sum(len(text) for text in files.values())
    out = {"path": path, "md5": listing(inside) if path == "d" else md5(was["x"]), "size": size}
    out |= {"nfiles": len(files)} if path == "d" else {}
    repo = GitRepo.init(tmp_path / "repo")
    stage = {"cmd": "run", "outs": [{path: {"cache": False}}]}
    lock = {"schema": "2.0", "stages": {"s": {"cmd": "run", "outs": [out]}}}
    texts = {
        ".dvc/config": "",
        "dvc.yaml": json.dumps({"stages": {"s": stage}}),
        "dvc.lock": json.dumps(lock),
    }
    repo.write(texts)
    for name, text in files.items():
        (repo.path / name).parent.mkdir(exist_ok=True)
        (repo.path / name).write_bytes(text.encode("latin-1"))
    repo.commit("Begin")
    assert ours(repo.path) == dvcs(repo.path) == ({"s": {path}} if changed else {})


@pytest.mark.parametrize("recorded_by", [2, 3])
@pytest.mark.parametrize(("now", "was"), [(CRLF, TEXT), (CRLF, CRLF), (TEXT, TEXT), (PICTURE, PICTURE)])
def test_line_ends_of_windows_in_git_are_a_change_as_they_are_to_dvc(
    tmp_path: Path, now: str, was: str, recorded_by: int
) -> None:
    """Git never takes them away at a checkout; DVC 2 did not see them in text."""
    said = {"hash": "md5"} if recorded_by == 3 else {}
    then = was.replace("\r\n", "\n") if recorded_by == 2 and was is CRLF else was
    dep = {"path": "x", **said, "md5": md5(then), "size": len(then)}
    lock = {"schema": "2.0", "stages": {"s": {"cmd": "run", "deps": [dep]}}}
    repo = GitRepo.init(tmp_path / "repo")
    (repo.path / "x").write_bytes(now.encode("latin-1"))
    pipeline = json.dumps({"stages": {"s": {"cmd": "run", "deps": ["x"]}}})
    repo.commit("Begin", {".dvc/config": "", "dvc.yaml": pipeline, "dvc.lock": json.dumps(lock)})
    assert bool(ours(repo.path)) is _modified(repo.path) is (recorded_by == 3 and now != was)


def _modified(place: Path) -> bool:
    """Whether DVC says so of the input `x`; a stage that writes nothing is "always changed" to it."""
    from dvc.repo import Repo

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        with Repo() as dvc:
            said = [entry for entry in dvc.status().get("s", []) if isinstance(entry, dict)]
    return any("x" in entry.get("changed deps", {}) for entry in said)
