"""Two revisions of a project, told by DVC and by us: the same params, metrics and outputs changed.

Where we mean to differ, and nowhere else (`agreement.as_we_mean_it`):

- a param that is null on one side and missing on the other is a change here, and none for DVC;
- NaN that stays NaN is no change here, and always one for DVC;
- a params.yaml beside a dvc.yaml that is not at the project's root is read whole; DVC takes what stages name;
- outputs with `cache: false` are told here; `dvc diff` does not see them, and calls one added that is cached
  from now on, though it is the same;
- an output of other content that its stage writes to another path is renamed here, deleted and added for DVC;
- an output that went from the hashes of DVC 2 to those of DVC 3 alone is no change here, or may be none; DVC
  calls each modified, also where the two hashes are equal (test_migrations.py);
- what DVC calls modified though it gives one hash for both sides (its index of earlier runs does it now and
  then for a directory whose manifest is missing) is no change here;
- of a directory we tell the directory, DVC its files as well, as far as the cache holds them;
- what both cannot read is UNKNOWN here only where it may have changed: equal hashes prove that it has not;
- a list-valued metric is dropped by both; a tuple that a stage names in a Python file is read by us alone.

What DVC does not read at all (locks of schema 1.0, stages in `.dvc` files) is in test_formats.py.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated
from snapshot.agreement import as_we_mean_it, below, dvcs, dvcs_of_both, ours, quiet_dvc

from dvc_changelog.history import History
from dvc_changelog.snapshot import Snapshots

__all__ = ["isolated", "quiet_dvc"]

Files = Mapping[str, str | None]


@dataclass(frozen=True)
class Case:
    """A project at two revisions; `new` says what is written (None: removed) for the second.

    `add` are paths for `dvc add`, `repro` whether the pipeline is run at each revision. The least that must
    be found is in `params`, `metrics` and `outputs`, so that two silences do not count as agreement.
    """

    old: Files
    new: Files
    add: tuple[str, ...] = ()
    repro: bool = False
    params: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()
    project: str = ""


def _tracked(paths: str, digest: str) -> dict[str, str]:
    return {f"{p}.dvc": f"outs: [{{md5: {digest}, hash: md5, path: {Path(p).name}}}]" for p in paths.split()}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


TRAIN = """
stages:
  prepare:
    cmd: cp raw.csv clean.csv
    deps: [raw.csv]
    outs: [clean.csv]
  train:
    cmd: cat clean.csv params.yaml > model.pkl && cp params.yaml metrics.yaml && cp raw.csv plot.csv
    deps: [clean.csv]
    params: [train.lr, train.layers, seed]
    outs: [model.pkl]
    metrics: [metrics.yaml: {cache: false}]
    plots: [plot.csv: {cache: false}]
"""
PARAMS = "seed: 42\ntrain: {lr: 1e-3, layers: [1, 2], name: yes}\nunused: {a: 0o17}\n"
PARAMS_2 = "seed: 43\ntrain: {lr: 2e-3, layers: [1, 3], name: yes}\nunused: {a: 0x10, b: ~}\n"
LOOPS = """
vars: [common.yaml, {local: 1}]
stages:
  list:
    foreach: [cnn, rnn]
    do:
      cmd: echo ${item} ${width} > ${item}.txt
      outs: ["${item}.txt"]
  dict:
    foreach: ${models}
    do:
      cmd: echo ${item.units} > ${key}.out
      outs: ["${key}.out"]
  grid:
    matrix: {opt: [sgd, adam], size: "${sizes}"}
    cmd: echo ${item.opt} ${item.size} ${local} > grid-${item.opt}-${item.size}.txt
    outs: ["grid-${item.opt}-${item.size}.txt"]
"""
VARS = """
vars: [params/first.yaml, "other.json:deep,flat"]
stages:
  plain:
    wdir: work
    vars: [extra.toml]
    cmd: run --n ${n} --deep ${deep.er} --extra ${x.y}
    deps: ["${names[0]}.txt"]
  dotted:
    cmd: run ${flat} --lr ${lr}
    params: [lr]
"""
PYTHON = """
A: int = 1
NOT = 2
class Cls:
    b = [1, 2]
    def __init__(self):
        self.c = "x"
"""
HASH = "d41d8cd98f00b204e9800998ecf8427e"
HASH_2 = "d3b07384d113edec49eaa6238ad5ff00"

CASES = {
    "stages": Case(
        {"dvc.yaml": TRAIN, "params.yaml": PARAMS, "raw.csv": "1\n"},
        {"params.yaml": PARAMS_2, "raw.csv": "2\n"},
        repro=True,
        params=_names("seed train.lr train.layers unused.a"),
        metrics=_names("seed train.lr"),
        outputs=_names("clean.csv model.pkl"),
    ),
    "a pipeline that comes and one that goes": Case(
        {"sub/dvc.yaml": TRAIN, "sub/params.yaml": PARAMS, "sub/raw.csv": "1\n", "params.yaml": "a: {b: 1}"},
        {"sub/dvc.yaml": TRAIN.replace("model.pkl", "model.bin")},
        repro=True,
        outputs=_names("sub/model.pkl"),
    ),
    "foreach and matrix": Case(
        {
            "dvc.yaml": LOOPS,
            "common.yaml": "width: 3\nmodels: {a: {units: 1}, b: {units: 2}}\n",
            "params.yaml": "sizes: [1, 2]\n",
        },
        {
            "common.yaml": "width: 4\nmodels: {a: {units: 5}, c: {units: 2}}\n",
            "params.yaml": "sizes: [2, 3]\n",
        },
        repro=True,
        params=_names("sizes width models.a.units"),
        outputs=_names("cnn.txt a.out b.out grid-adam-1.txt grid-sgd-3.txt"),
    ),
    "vars and templates": Case(
        {
            "dvc.yaml": VARS,
            "params/first.yaml": "n: 1\nnames: [a, b]\n",
            "params.yaml": "lr: 1\nunused: 5\n",
            "other.json": '{"deep": {"er": 1, "unused": 2}, "flat": "f", "not": 1}',
            "work/extra.toml": "[x]\ny = 1\nz = 2\n",
        },
        {
            "params/first.yaml": "n: 2\nnames: [c, b]\n",
            "params.yaml": "lr: 2\nunused: 6\n",
            "other.json": '{"deep": {"er": 2, "unused": 3}, "flat": "g", "not": 2}',
            "work/extra.toml": "[x]\ny = 3\nz = 4\n",
        },
        params=_names("n lr unused deep.er flat x.y"),
    ),
    "wdir": Case(
        {
            "pipe/dvc.yaml": "stages: {s: {wdir: ../work, cmd: cp params.yaml out.txt &&"
            " cp params.yaml m.json, params: [a], outs: [out.txt], metrics: [m.json: {cache: false}]}}",
            "work/params.yaml": '{"a": 1, "b": 5}',
        },
        {"work/params.yaml": '{"a": 2, "b": 6}'},
        repro=True,
        params=_names("a"),
        metrics=_names("a b"),
        outputs=_names("work/out.txt"),
    ),
    "params in four formats": Case(
        {
            "dvc.yaml": "stages: {s: {cmd: x, params: [{a.json: [p, q.r]}, {b.toml: [t.u]},"
            " {c.py: [A, Cls.b, Cls.c]}, {d.conf: [k]}, {params/whole.yaml: ~}, {list.yaml: [layers.1.n]}]}}",
            "a.json": '{"p": 1, "q": {"r": [1], "not": 1}, "not": 1}',
            "b.toml": "not = 1\n[t]\nu = 1979-05-27\nv = 2",
            "c.py": PYTHON,
            "d.conf": "k: 1\nl: 2",
            "params/whole.yaml": "e: {f: 1}\ng: [1]\n",
            "list.yaml": "layers: [{n: 1}, {n: 2, m: 3}]",
        },
        {
            "a.json": '{"p": 1.5, "q": {"r": [2], "not": 2}, "not": 2}',
            "b.toml": "not = 2\n[t]\nu = 1979-05-28\nv = 3",
            "c.py": PYTHON.replace("2", "3").replace("1", "2").replace("x", "y"),
            "d.conf": "k: 3\nl: 4",
            "params/whole.yaml": "e: {f: 2}\ng: [2]\n",
            "list.yaml": "layers: [{n: 5}, {n: 6, m: 7}]",
        },
        params=_names("p q.r t.u A Cls.b Cls.c k e.f g layers"),
    ),
    "globs": Case(
        {
            "dvc.yaml": "stages: {s: {cmd: x, params: [p.yaml: ['kwargs.moons*', 'deep.**.lr']]}}",
            "p.yaml": "kwargs: {moons_a: 1, moons_b: {c: 2}, circles: 3}\n"
            "deep: {a: {lr: 1}, b: {c: {lr: 2, z: 0}}}",
        },
        {
            "p.yaml": "kwargs: {moons_a: 4, moons_b: {c: 5}, circles: 6}\n"
            "deep: {a: {lr: 7}, b: {c: {lr: 8, z: 9}}}"
        },
        params=_names("kwargs.moons_a kwargs.moons_b.c deep.a.lr deep.b.c.lr"),
    ),
    "a section in the lock": Case(
        {
            "dvc.yaml": "stages: {s: {cmd: cp p.yaml o, params: [p.yaml: [train]], outs: [o]}}",
            "p.yaml": "train: {a: {b: 1}, c: {}}\nnot: 1",
        },
        {"p.yaml": "train: {a: {b: 2}, c: {d: 1}}\nnot: 2"},
        repro=True,
        params=_names("train.a.b train.c.d"),
        outputs=_names("o"),
    ),
    "sections at the top": Case(
        {
            "dvc.yaml": "params: [cfg]\nmetrics: [eval/m.json, 'sub/']\nplots: [p.csv]\nstages: {}",
            "cfg/a.yaml": "x: 1",
            "cfg/deep/b.json": '{"y": 1}',
            "eval/m.json": '{"auc": 0.5, "l": [1], "ok": true, "s": "a", "n": null}',
            "sub/one.yaml": "f1: 0.5\nloss: .inf",
            "sub/more/two.toml": "acc = 1",
            "p.csv": "a,b\n1,2\n",
        },
        {
            "cfg/a.yaml": "x: 2\nz: {w: [1]}",
            "cfg/deep/b.json": '{"y": 2}',
            "eval/m.json": '{"auc": 0.75, "l": [2], "ok": false, "s": "b", "n": 0}',
            "sub/one.yaml": "f1: 1\nloss: -.inf",
            "sub/more/two.toml": "acc = 2",
            "p.csv": "a,b\n1,3\n",
        },
        params=_names("x y z.w"),
        metrics=_names("auc ok s n f1 loss acc"),
    ),
    "values that are hard to compare": Case(
        {
            "dvc.yaml": "metrics: [m.yaml]",
            "params.yaml": "nan: .nan\nnull: ~\ntrue: 1\none: 1\nlist: [.nan]\nnew: {}\ngone: {a: ~, b: 1}",
            "m.yaml": "nan: .nan\nb: true\nn: 1\nlist: [1]\ndate: 'x'",
        },
        {
            "params.yaml": "nan: .nan\nnull: ~\ntrue: 1.0\none: true\nlist: [.nan]\nnew: {a: ~}\nother: ~",
            "m.yaml": "nan: .nan\nb: 1\nn: 1.0\nlist: [2]\ndate: 'y'\nlone: 0",
        },
        params=_names("gone.b"),
        metrics=_names("date lone"),
    ),
    ".dvc files": Case(
        {
            "data/raw.csv": "1\n",
            "model.onnx": "m",
            "old.txt": "same",
            "gone.txt": "gone",
            "dir/a": "1",
            "dir/b": "2",
        },
        {
            "data/raw.csv": "2\n",
            "new.txt": "same",
            "old.txt": None,
            "gone.txt": None,
            "came.txt": "c",
            "dir/c": "3",
        },
        add=("data/raw.csv", "model.onnx", "old.txt", "gone.txt", "new.txt", "came.txt", "dir"),
        outputs=_names("data/raw.csv old.txt gone.txt came.txt dir"),
    ),
    "imports": Case(
        {
            "a.csv.dvc": "frozen: true\n"
            f"deps: [{{path: a.csv, repo: {{url: 'https://x.org/r', rev_lock: aaa}}}}]\n"
            f"outs: [{{md5: {HASH}, size: 0, hash: md5, path: a.csv}}]\n",
            "d/b.csv.dvc": f"deps: [{{path: 'https://example.org/k', etag: '\"1\"', size: 1, hash: md5}}]\n"
            f"outs: [{{md5: {HASH}, size: 0, hash: md5, path: b.csv}}]\n",
        },
        {
            "a.csv.dvc": "frozen: true\n"
            f"deps: [{{path: a.csv, repo: {{url: 'https://x.org/r', rev_lock: bbb}}}}]\n"
            f"outs: [{{md5: {HASH_2}, size: 4, hash: md5, path: a.csv}}]\n",
        },
        outputs=_names("a.csv"),
    ),
    "artifacts and outputs outside of the cache": Case(
        {
            "dvc.yaml": "artifacts: {m: {path: model.pkl, type: model}}\n"
            "stages: {s: {cmd: cp p model.pkl; cp p free.txt; cp p kept.txt, deps: [p], "
            "outs: [model.pkl, free.txt: {cache: false}, kept.txt: {persist: true}]}}",
            "p": "1",
        },
        {"p": "2"},
        repro=True,
        outputs=_names("model.pkl kept.txt"),
    ),
    "an output that its stage writes elsewhere": Case(
        {"dvc.yaml": "stages: {s: {cmd: cp p a.pkl, deps: [p], outs: [a.pkl]}}", "p": "1"},
        {"dvc.yaml": "stages: {s: {cmd: cp p d/b.pkl, deps: [p], outs: [d/b.pkl]}}", "p": "2", "d/kept": ""},
        repro=True,
        outputs=_names("a.pkl d/b.pkl"),
    ),
    "metrics in the cache": Case(
        {
            "dvc.yaml": "metrics: [e/m.json]\n"
            "stages: {s: {cmd: mkdir -p e; cp p m.json; cp p e/m.json, deps: [p], outs: [e],"
            " metrics: [m.json]}}",
            "p": '{"auc": 1}',
        },
        {"p": '{"auc": 2}'},
        repro=True,
        outputs=_names("m.json e"),
    ),
    "a project in a subdirectory": Case(
        {"ml/dvc.yaml": TRAIN, "ml/params.yaml": PARAMS, "ml/raw.csv": "1\n", "ml/data.txt": "1"},
        {"ml/params.yaml": PARAMS_2, "ml/raw.csv": "2\n", "ml/data.txt": "2"},
        repro=True,
        params=_names("seed train.lr"),
        metrics=_names("seed"),
        outputs=_names("ml/model.pkl ml/clean.csv ml/data.txt"),
        add=("ml/data.txt",),
        project="ml",
    ),
    "a lock without its dvc.yaml": Case(
        {
            "dvc.yaml": TRAIN.replace("metrics.yaml", "m.yaml"),
            "params.yaml": PARAMS,
            "raw.csv": "1\n",
            "sub/dvc.yaml": "stages: {s: {cmd: cp p.yaml o, params: [p.yaml: [a]], outs: [o]}}",
            "sub/p.yaml": "a: 1\n",
        },
        {"dvc.yaml": None, "sub/dvc.yaml": None},
        repro=True,
        params=_names("a"),
        metrics=_names("seed train.lr"),
        outputs=_names("clean.csv model.pkl sub/o"),
    ),
    "a lock whose dvc.yaml is hidden": Case(
        {
            "sub/dvc.yaml": "stages: {s: {cmd: cp p.yaml o, params: [p.yaml: [a]], outs: [o]}}",
            "sub/p.yaml": "a: 1\n",
        },
        {".dvcignore": "sub/dvc.yaml\n"},
        repro=True,
        params=_names("a"),
        outputs=_names("sub/o"),
    ),
    "a stage that moved and left its lock behind": Case(
        {
            "sub/dvc.yaml": TRAIN.replace("    cmd:", "    wdir: ..\n    cmd:"),
            "params.yaml": PARAMS,
            "raw.csv": "1\n",
        },
        {"sub/dvc.yaml": None, "dvc.yaml": TRAIN, "params.yaml": PARAMS_2},
        repro=True,
        params=_names("seed train.lr unused.a"),
        metrics=_names("seed train.lr"),
        outputs=_names("model.pkl"),
    ),
    "what .dvcignore hides": Case(
        {
            ".dvcignore": "hidden\n# no pattern\n *.tmp.dvc \nsome/*\n!some/kept\n",
            "sub/.dvcignore": "/x.dvc\n",
            **_tracked("a hidden/a b.tmp some/a/a some/kept/a sub/x sub/deep/x deep/hidden/a", HASH),
        },
        _tracked("a hidden/a b.tmp some/a/a some/kept/a sub/x sub/deep/x deep/hidden/a", HASH_2),
        outputs=_names("a some/kept/a sub/deep/x"),
    ),
}


@pytest.fixture(scope="session")
def empty_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty Git repository."""
    return GitRepo.init(tmp_path_factory.mktemp("empty") / "repo").path


def _built(case: Case, repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write, run and commit both revisions, tagged `old` and `new`."""
    from dvc.repo import Repo

    project = repo.path / case.project
    project.mkdir(exist_ok=True)
    monkeypatch.chdir(project)
    Repo.init(subdir=bool(case.project)).close()
    for tag, files in (("old", case.old), ("new", case.new)):
        for name, content in files.items():
            if content is None:
                (repo.path / name).unlink()
                (repo.path / f"{name}.dvc").unlink(missing_ok=True)
        repo.write({name: content for name, content in files.items() if content is not None})
        with Repo() as dvc:
            for path in case.add:
                if (repo.path / path).exists():
                    dvc.add(str((repo.path / path).relative_to(project)))
            if case.repro:
                dvc.reproduce(all_pipelines=True)
        repo.commit(tag)
        repo.tag(tag)


@pytest.mark.parametrize("name", CASES)
def test_we_tell_what_dvc_tells(
    name: str, empty_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    repo = GitRepo(Path(shutil.copytree(empty_project, tmp_path / "repo")))
    _built(case, repo, monkeypatch)
    if name == "metrics in the cache":
        shutil.rmtree(repo.path / ".dvc" / "cache")
    history = History(repo.path)
    snapshots = Snapshots(history.git)
    old, new = (snapshots.at(history.revision(tag)) for tag in ("old", "new"))
    dvc = dvcs(repo.path / case.project, "old", "new")
    assert dvc == dvcs_of_both(repo.path / case.project, "old", "new")
    we, dvc = ours(old, new, snapshots), below(case.project, dvc)
    history.git.close()
    assert not dvc.failed
    assert not old.problems
    assert not new.problems
    expected, actual = as_we_mean_it(dvc, we, old, new)
    assert expected == actual
    assert case.params <= {param for _, param in we.params}
    assert case.metrics <= {metric for _, metric in we.metrics}
    assert case.outputs <= we.outputs.keys()
