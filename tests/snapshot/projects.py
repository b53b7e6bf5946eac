"""Hypothesis strategies: DVC projects at two revisions, as files and as objects of DVC's cache."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import yaml
from hypothesis import strategies as st

Files = dict[str, str]
Objects = dict[str, bytes]
"""What DVC's cache holds, by md5."""

SCALARS = (
    *("1e-3", "1E+3", "1.", ".5", "+1", "-0", "0.1", "1.10", "010", "0o17", "0x1F", "0b11", "1_000", "1:30"),
    *("12:30:45", "1e", "0.", "1.5e+400", ".inf", "-.INF", ".nan", "yes", "no", "on", "Off", "y", "true"),
    *("True", "FALSE", "~", "null", "Null", "NULL", "9007199254740993", "123456789012345678901234567890"),
    *("'1'", "é", "日本", "a.b", "'#x'", "'null'", "''"),
)
"""Scalars of a YAML file whose meaning differs from one reader of YAML to another."""
DATES = ("2020-01-01", "1999-12-31")
"""In no params.yaml, with which DVC resolves no dvc.yaml, and in no metrics, from which it drops them."""
PYTHON = ("1", "-2", "1e-3", "'x'", "None", "True", "[1, 'a']", "{'k': 1}", "1 + 1", "f()")
KEYS = ("a", "b", "lr", "seed", "n est", "é", "ключ", "1", "true", "x.y", "on", "deep")
NAMED = (*KEYS, "a.b", "deep.lr", "Cls.b", "A")
"""Keys as a stage names them."""
PARAMS = ("params.yaml", "p.json", "cfg/q.toml", "cfg/r.py", "cfg/s.yaml")
METRICS = ("m.json", "eval/n.yaml", "eval/o.toml")
KEPT = ("kept.json", "kept.yaml")
"""Metrics that DVC keeps, and params that are its output."""
LISTED = ("a.txt", "b/c.txt", "b/d.txt", "metrics.json", "e.csv")
"""Files of a directory that DVC tracks."""
STAGES = ("prepare", "train", "eval-2", "Test_3")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a stage stands in dvc.yaml: over what it goes, its items, and how its templates name one."""

    over: dict[str, Any]
    items: tuple[str, ...]
    item: str

    def of(self, stage: dict[str, Any]) -> dict[str, Any]:
        """The stage as it stands there."""
        return {**self.over, "do": stage} if "foreach" in self.over else {**self.over, **stage}


PLAIN = Shape({}, ("",), "")
SHAPES = (
    PLAIN,
    PLAIN,
    Shape({"foreach": ["u", "1"]}, ("u", "1"), "${item}"),
    Shape({"foreach": "${o.items}"}, ("v", "w"), "${item}"),
    Shape({"foreach": {"a": {"n": 1}, "b": {"n": 2}}}, ("a", "b"), "${key}"),
    Shape({"foreach": "${cities}"}, ("bonn", "rome"), "${key}"),
    Shape({"matrix": {"k": ["s", "t"]}}, ("s", "t"), "${item.k}"),
    Shape({"matrix": {"k": ["s", "t"], "n": [1, 2]}}, ("s-1", "s-2", "t-1", "t-2"), "${item.k}-${item.n}"),
    Shape({"matrix": {"k": "${o.items}"}}, ("v", "w"), "${item.k}"),
)
SETTINGS = (
    {"where": "x", "cities": {"bonn": {"n": 1}, "rome": {"n": 2}}},
    {"where": "y", "cities": {"bonn": {"n": 1}, "rome": {"n": 3}}},
    {"where": "x", "cities": {"rome": {"n": 2}}},
)
"""Of settings.yaml, from which dvc.yaml takes `vars` beside its own."""


@dataclass(slots=True)
class Pair:
    """A project at two revisions, and what of its objects is at hand."""

    old: Files = field(default_factory=dict)
    new: Files = field(default_factory=dict)
    objects: Objects = field(default_factory=dict)


@st.composite
def projects(draw: st.DrawFn) -> Pair:
    """A project at two revisions."""
    pair = Pair()
    old, new = pair.old, pair.new
    for where in draw(
        st.lists(st.sampled_from(["", "sub/", "sub/deep/"]), unique=True, min_size=1, max_size=2)
    ):
        _place(draw, where, pair)
    for name in draw(st.lists(st.sampled_from(["raw.csv", "data/x", "model.pkl", "pics"]), unique=True)):
        for side in (old, new):
            if draw(st.integers(0, 3)):
                if name == "pics":  # of an import's directory DVC asks the source, which is none here
                    told = {"outs": [_directory(draw, name, pair.objects)]}
                else:
                    told = {"outs": [_out(draw, name.rpartition("/")[2])], **draw(_SOURCES)}
                side[f"{name}.dvc"] = yaml.safe_dump(told)
    return pair


def _place(draw: st.DrawFn, where: str, pair: Pair) -> None:
    """Add a directory with a dvc.yaml, its params and its metrics."""
    params = draw(st.lists(st.sampled_from(PARAMS), unique=True))
    metrics = draw(st.lists(st.sampled_from(METRICS), unique=True))
    for path in [*params, *metrics]:
        pair.old[where + path] = _content(draw, path)
        fate = draw(st.integers(0, 5))
        if fate:
            pair.new[where + path] = pair.old[where + path] if fate == 1 else _content(draw, path)
    pipeline = _pipeline(draw, where, params, metrics, pair.objects)
    pair.old |= pipeline
    pair.new |= pipeline if draw(st.booleans()) else _pipeline(draw, where, params, metrics, pair.objects)


_SOURCES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {},
        {
            "deps": [{"path": "elsewhere/raw.csv", "repo": {"url": "../other", "rev_lock": "a" * 40}}],
            "frozen": True,
        },
        {"deps": [{"path": "../raw.csv", "md5": "b" * 32, "hash": "md5", "size": 1}], "frozen": True},
        {"desc": "Raw", "meta": {"who": "Ada"}},
    ]
)
"""What else a `.dvc` file says: where its data was imported from, and what a person wrote."""


def _pipeline(draw: st.DrawFn, where: str, params: list[str], metrics: list[str], objects: Objects) -> Files:
    """A dvc.yaml with its dvc.lock; the hashes of what DVC keeps are those of its objects."""
    settings: dict[str, Any] = draw(st.sampled_from(SETTINGS))
    stages, lock = _stages(draw, params, list(metrics), settings["where"])
    inside = _keeper(draw, stages, lock, objects) if draw(st.integers(0, 2)) else []
    own = {
        "section": "deep",
        "n": draw(st.integers(1, 2)),
        "o": {"p": "two", "items": draw(st.sampled_from([["v", "w"], ["w"]]))},
    }
    text: dict[str, Any] = {"vars": [own, "settings.yaml"], "stages": stages}
    for section, paths in (("metrics", [*metrics, *inside]), ("params", params)):
        if draw(st.booleans()) and paths:
            text[section] = draw(st.lists(st.sampled_from(paths), unique=True, min_size=1))
    if draw(st.integers(0, 3)) == 0:
        text["artifacts"] = {"net": {"path": draw(st.sampled_from(["model.pkl", "00.txt"])), "type": "model"}}
    if where and "params.yaml" in params:
        # Named, since DVC takes of it only what stages name, and we the whole (docs/reading.md).
        text["params"] = sorted({*text.get("params", ()), "params.yaml"})
    files = {f"{where}settings.yaml": yaml.safe_dump(settings)}
    files[f"{where}dvc.yaml"] = yaml.safe_dump(text, allow_unicode=True, sort_keys=False)
    if lock:
        files[f"{where}dvc.lock"] = yaml.safe_dump({"schema": "2.0", "stages": lock})
    return files


def _stages(
    draw: st.DrawFn, params: list[str], metrics: list[str], place: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The stages of a dvc.yaml and those of its lock; `metrics` that one of them makes are taken out."""
    stages: dict[str, Any] = {}
    lock: dict[str, Any] = {}
    for at, name in enumerate(draw(st.lists(st.sampled_from(STAGES), unique=True, max_size=3))):
        shape = draw(st.sampled_from(SHAPES))
        stage = _stage(draw, params, metrics if shape is PLAIN else [])
        for spec in stage.get("metrics", ()):
            metrics.remove(next(iter(spec)).removeprefix("../"))  # an output has one stage
        outs = [f"{shape.item}{at}{n}.txt" for n in range(draw(st.integers(0, 2)))]
        if shape is PLAIN and draw(st.integers(0, 3)) == 0:
            outs.append(f"${{where}}/{at}.txt")
        cached = draw(st.integers(0, 4))
        stage["outs"] = outs if cached else [{out: {"cache": False}} for out in outs]
        stages[name] = shape.of(stage)
        for item in shape.items:
            if draw(st.integers(0, 4)):
                paths = [out.replace(shape.item, item) if item else out for out in outs]
                made = [_out(draw, path.replace("${where}", place)) for path in paths]
                lock[f"{name}@{item}" if item else name] = {"cmd": "run", "outs": made}
    return stages, lock


def _keeper(draw: st.DrawFn, stages: dict[str, Any], lock: dict[str, Any], objects: Objects) -> list[str]:
    """Add a stage whose metrics, params and directory DVC keeps; the metrics files in its directory."""
    kept = draw(st.lists(st.sampled_from(KEPT), unique=True))
    stage: dict[str, Any] = {"cmd": "keep", "metrics": kept, "outs": ["held", "made.yaml"]}
    stages["keep"] = stage
    stages["use"] = {
        "cmd": "use",
        "params": [{"made.yaml": draw(st.sampled_from([None, ["lr"], ["a", "b"]]))}],
    }
    made = [_object(draw, path, objects) for path in [*kept, "made.yaml"]]
    if draw(st.integers(0, 5)):
        lock["keep"] = {"cmd": "keep", "outs": [*made, _directory(draw, "held", objects)]}
    return ["held/metrics.json"]


def _object(draw: st.DrawFn, path: str, objects: Objects) -> dict[str, Any]:
    """A file that DVC keeps, in the format of its name, as a lock records it."""
    digest, size = _saved(draw, _content(draw, path).encode(), objects)
    return {"path": path, "hash": "md5", "md5": digest, "size": size}


def _directory(draw: st.DrawFn, path: str, objects: Objects) -> dict[str, Any]:
    """A directory that DVC keeps, with its manifest."""
    entries = []
    for name in draw(st.lists(st.sampled_from(LISTED), unique=True, min_size=1)):
        is_json = name.endswith(".json")
        data = _content(draw, name).encode() if is_json else bytes([draw(st.integers(0, 3))])
        entries.append({"md5": _saved(draw, data, objects)[0], "relpath": name})
    manifest = json.dumps(sorted(entries, key=lambda entry: entry["relpath"]), sort_keys=True).encode()
    digest, _ = _saved(draw, manifest, objects, ".dir")
    return {"path": path, "hash": "md5", "md5": digest, "size": len(entries), "nfiles": len(entries)}


def _saved(draw: st.DrawFn, data: bytes, objects: Objects, suffix: str = "") -> tuple[str, int]:
    """The md5 and size of an object; most are at hand."""
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest() + suffix
    if draw(st.integers(0, 7)):
        objects[digest] = data
    return digest, len(data)


def _stage(draw: st.DrawFn, params: list[str], metrics: list[str]) -> dict[str, Any]:
    """A stage of a dvc.yaml, with the params and metrics it names."""
    stage: dict[str, Any] = {"cmd": draw(st.sampled_from(["run", "python x.py --n ${n}", ["one", "${o.p}"]]))}
    up = ""
    if draw(st.integers(0, 3)) == 0:
        stage["wdir"], up = "w", "../"
    named: list[Any] = []
    for path in draw(st.lists(st.sampled_from(params), max_size=2, unique=True)) if params else ():
        keys = draw(st.lists(st.sampled_from(NAMED), max_size=3, unique=True))
        named.append({up + path: keys or None})
    if draw(st.booleans()):
        named.append(draw(st.sampled_from(["a", "lr", "deep.a", "${section}.lr"])))
    if named:
        stage["params"] = named
    if draw(st.booleans()) and metrics:
        stage["metrics"] = [{up + draw(st.sampled_from(metrics)): {"cache": False}}]
    return stage


def _out(draw: st.DrawFn, path: str) -> dict[str, Any]:
    """An output as a lock or a `.dvc` file records it."""
    digest = hashlib.md5(bytes([draw(st.integers(0, 5))]), usedforsecurity=False).hexdigest()
    size = draw(st.integers(0, 3))
    if draw(st.integers(0, 4)):
        return {"path": path, "hash": "md5", "md5": digest, "size": size}
    return {"path": path, "hash": "md5", "md5": f"{digest}.dir", "size": size, "nfiles": size + 1}


def _content(draw: st.DrawFn, path: str) -> str:
    """A params or metrics file, in the format of its name."""
    match path.rpartition(".")[2]:
        case "json":
            return json.dumps(draw(_trees(_PLAIN | st.none())))
        case "toml":
            tree = draw(_trees(_PLAIN | st.sampled_from([_Raw("nan"), _Raw("-inf"), _Raw("1_000")])))
            return "".join(f"{json.dumps(key)} = {_toml(value)}\n" for key, value in tree.items())
        case "py":
            return draw(_MODULES)
        case _:
            values = _yaml() | st.sampled_from(DATES) if path == "cfg/s.yaml" else _yaml()
            pairs = draw(st.dictionaries(st.sampled_from(KEYS), values, min_size=1, max_size=4))
            return "".join(f"{_key(key)}: {value}\n" for key, value in pairs.items())


def _yaml(depth: int = 2) -> st.SearchStrategy[str]:
    """A YAML value in flow style."""
    leaf = st.sampled_from(SCALARS)
    if not depth:
        return leaf
    below = _yaml(depth - 1)
    lists = st.lists(below, max_size=3).map(lambda items: f"[{', '.join(items)}]")
    pairs = st.dictionaries(st.sampled_from(KEYS), below, max_size=3)
    return leaf | lists | pairs.map(lambda d: f"{{{', '.join(f'{_key(k)}: {v}' for k, v in d.items())}}}")


def _key(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if text in {"1", "true", "on"} else text


class _Raw(str):
    """Text that stands in TOML as it is."""

    __slots__ = ()


def _toml(value: Any) -> str:
    match value:
        case _Raw():
            return value
        case dict():
            return f"{{{', '.join(f'{json.dumps(key)} = {_toml(item)}' for key, item in value.items())}}}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return json.dumps(value)


_PLAIN = (
    st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.booleans()
    | st.sampled_from(["", "a", "é", "1", "x y", "2020-01-01"])
)


def _trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    def deeper(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(KEYS), below, max_size=3)

    inner = st.recursive(leaves, deeper, max_leaves=4)
    return st.dictionaries(st.sampled_from(KEYS), inner, min_size=1, max_size=4)


_LINES = st.builds(
    "{}{} = {}\n".format,
    st.sampled_from(["A", "b", "lr", "Config"]),
    st.sampled_from(["", ": object"]),
    st.sampled_from(PYTHON),
)
_CLASSES = st.lists(_LINES, min_size=1, max_size=3).map(
    lambda lines: "".join(
        ["class Cls:\n", *(f"    {line}" for line in lines), "    def __init__(self):\n        self.z = 3\n"]
    )
)
_MODULES = st.lists(_LINES | _CLASSES, min_size=1, max_size=4).map("".join)
