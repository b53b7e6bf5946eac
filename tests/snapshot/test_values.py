"""Params and metrics files are read, named and selected as DVC does it: DVC's own functions are asked too."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dvc_changelog.snapshot.unreadable import UnreadableError
from dvc_changelog.snapshot.values import flatten, in_lists, metrics_only, parse, select

_FAILED = object()


def _dvc(path: str, text: str) -> Any:
    from dvc.fs import LocalFileSystem
    from dvc.utils.serialize import PARSERS

    suffix = LocalFileSystem().suffix(path).lower()
    try:
        return _jsonlike(PARSERS[suffix](text, path))
    except Exception:  # noqa: BLE001  # whatever DVC stumbles over, it could not read
        return _FAILED


def _ours(path: str, text: str) -> Any:
    try:
        return parse(path, text.encode())
    except UnreadableError:
        return _FAILED


def _jsonlike(value: Any) -> Any:
    """DVC's value with what JSON has no type for put as we put it."""
    match value:
        case dict():
            return {key: _jsonlike(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_jsonlike(inner) for inner in value]
        case set():
            return [_jsonlike(inner) for inner in sorted(value, key=repr)]
        case dt.date() | dt.time():
            return value.isoformat()
        case float() if math.isnan(value):
            return "a NaN"
        case _:
            return value


PYTHON = '''
"""Text first."""
import os
from x import y
LR: float = 1e-3
EPOCHS = 10
NAME: str
DEBUG = not True
PATH = os.path.join("a", "b")
NEG = -5
CMPLX_SUM = 1 + 2
A = B = 3
C, D = 1, 2
LAYERS = [1, [2, 3], {"k": (1, 2)}]
MIXED = [1, EPOCHS]
SHAPE = (1, 2)
TAGS = {"b", "a"}
NESTED = {"a": {"b": [1]}, 3: None, "c": (1,)}
OPEN = {**NESTED, "x": 1}
x.attribute = 4
self.module = 5
items[0] = 6
LR += 1
if True:
    HIDDEN = 1

class Train:
    """Settings."""
    lr = 0.1
    momentum: float = 0.9
    empty: int
    computed = lr * 2

    class Inner:
        deep = "yes"

    def __init__(self, n):
        local = 1
        self.seed = 42
        self.n = n
        self.annotated: int = 7
        self.a.b = 8
        other.c = 9
        class Within:
            w = 1
        if n:
            self.hidden = 1

    def other(self):
        self.not_seen = 1

    async def __init__(self):
        self.never = 1

class Empty(Base):
    pass

def __init__(self):
    self.at_top = 1

def helper():
    z = 1
'''

FILES = [
    ("params.yaml", "train: {lr: 1e-3, flag: yes}\nb: [1, {c: 2}]"),
    ("params.yml", "a: 1"),
    ("Params.JSON", '{"a": 1}'),
    ("params", "a: 1"),
    ("params.conf", "a: 1"),
    ("dir.json/params", "a: 1"),
    ("m.v1.json", '{"a": NaN}'),
    ("m.json", ""),
    ("m.json", "{}"),
    ("m.json", "[]"),
    ("m.json", "null"),
    ("m.json", '""'),
    ("m.json", "[1, 2]"),
    ("m.json", "0.5"),
    ("m.json", '"text"'),
    ("m.json", "true"),
    ("m.json", '{"a": NaN, "b": Infinity, "c": -Infinity, "d": 1e400, "a": 2}'),
    ("m.json", '{"a": 1,}'),
    ("m.json", "{'a': 1}"),
    ("m.json", '\ufeff{"a": 1}'),
    ("m.json", '{"a": ' + "9" * 5000 + "}"),
    ("p.toml", ""),
    ("p.toml", 'a = 1\nb = [1, 2.0]\n[t]\nx.y = "z"\nn = nan\ni = inf\n[[l]]\nk = 1\n[[l]]\nk = 2'),
    (
        "p.toml",
        "d = 1979-05-27\nt = 07:32:00\ndt = 1979-05-27T07:32:00Z\nl = 1979-05-27 07:32:00.5",
    ),
    ("p.toml", "a = 1\na = 2"),
    ("p.toml", "a 1"),
    ("p.toml", "s = '''\r\nx\r\ny'''\r\n"),
    ("p.py", ""),
    ("p.py", PYTHON),
    ("p.py", "a = {[1]: 2}"),
    ("p.py", "a = {[1]}"),
    ("p.py", "a = 1 +"),
    ("p.py", "a = 'x\0'"),
    ("p.py", "a = '\\d'"),
    ("p.py", "\ufeffa = 1"),
    ("p.py", "a = 1\r\nb = '''x\r\ny'''\r\n"),
    ("p.py", "class A:\n  x = 1\nclass A:\n  y = 2"),
    ("p.py", "def __init__(self):\n  self.x = 1\nx = 2"),
    ("p.yaml", "a: {{ b }}"),
]


@pytest.mark.parametrize(("path", "text"), FILES)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_file_is_read_as_dvc_reads_it(path: str, text: str) -> None:
    expected = _dvc(path, text.replace("\r\n", "\n"))
    assert expected == _jsonlike(_ours(path, text))


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("m.json", "0", 0),
        ("m.json", "0.0", 0.0),
        ("m.json", "false", False),
        ("m.txt", "0\n", 0),
        ("m.yaml", "0.00", 0.0),
    ],
)
def test_a_lone_zero_is_a_value_though_dvc_drops_it(path: str, text: str, expected: object) -> None:
    assert _dvc(path, text) == {}
    value = _ours(path, text)
    assert (expected, type(expected)) == (value, type(value))
    assert {"": expected} == flatten(metrics_only(value))


def test_odd_python_values_become_what_json_has() -> None:
    text = b"a = {'x', 'y', 1}\nb = (1, (2,))\nc = 1 + 2j\nd = ...\ne = b'raw'"
    assert parse("p.py", text) == {
        "a": [1, "x", "y"],
        "b": [1, [2]],
        "c": "(1+2j)",
        "d": "Ellipsis",
        "e": "raw",
    }


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("m.json", b'{"a": 1,\n"b": }', "not valid JSON: line 2: Expecting value"),
        (
            "m.json",
            b'{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> x\n}',
            "merge conflict markers at line 2",
        ),
        ("m.json", b"\xff", "not UTF-8"),
        ("m.json", b"[" * 100_000, "nested too deeply"),
        ("p.toml", b"a = ", "not valid TOML: Invalid value (at end of document)"),
        ("p.toml", b"<<<<<<< HEAD\na = 1\n", "merge conflict markers at line 1"),
        ("p.py", b"a = 1\nb = (", "not valid Python: line 2: '(' was never closed"),
        ("p.py", b"<<<<<<< HEAD\na = 1\n", "merge conflict markers at line 1"),
        ("p.yaml", b"a: b: c", "not valid YAML: line 1: mapping values are not allowed in this context"),
    ],
)
def test_the_reason_names_the_format_and_the_place(path: str, data: bytes, expected: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(path, data)
    assert expected == caught.value.reason


def test_deep_python_is_refused_not_fatal() -> None:
    with pytest.raises(UnreadableError):
        parse("p.py", b"a = " + b"-" * 50_000 + b"1")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"a": {"b": 1, "c": {"d": None}}, "e": [1, {"f": 2}]},
            {"a.b": 1, "a.c.d": None, "e": [1, {"f": 2}]},
        ),
        ({"a": {}, "b": [], "c": {"d": {}}}, {"b": []}),
        ({1: {2: "x"}, False: 0}, {"1.2": "x", "False": 0}),
        ({"a.b": 1, "c": {"d.e": 2}}, {"a.b": 1, "c.d.e": 2}),
        ({}, {}),
        (None, {}),
        (0.5, {"": 0.5}),
        ("text", {"": "text"}),
        ([1], {"": [1]}),
    ],
)
def test_names_are_dotted(data: object, expected: dict[str, object]) -> None:
    assert expected == flatten(data)


def test_two_values_of_one_name_are_named() -> None:
    with pytest.raises(UnreadableError, match=r"two values have the name 'a\.b'"):
        flatten({"a.b": 1, "a": {"b": 2}})


def test_flattening_what_is_too_deep_is_refused() -> None:
    data: dict[str, object] = {}
    for _ in range(5000):
        data = {"a": data}
    for function in (flatten, metrics_only):
        with pytest.raises(UnreadableError, match="nested too deeply"):
            function(data)


KEYS = st.sampled_from(["a", "b", "ab", "lr", "a.b", "1", "x-y"])
LEAVES = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text("ab", max_size=2)


def _trees(keys: st.SearchStrategy[Any], *, lists: bool = True) -> st.SearchStrategy[Any]:
    return st.dictionaries(
        keys,
        st.recursive(
            LEAVES,
            lambda inner: (
                st.dictionaries(keys, inner, max_size=4)
                | (st.lists(inner, max_size=3) if lists else st.nothing())
            ),
            max_leaves=12,
        ),
        max_size=5,
    )


@given(_trees(st.text("ab.", min_size=1, max_size=3)))
@settings(deadline=None)
def test_names_are_those_of_dvc(data: dict[str, object]) -> None:
    from dvc.utils.flatten import flatten as theirs

    try:
        expected = theirs(data)
    except ValueError:
        with pytest.raises(UnreadableError):
            flatten(data)
    else:
        assert repr(expected) == repr(flatten(data))


@given(_trees(KEYS) | LEAVES | st.lists(LEAVES))
@settings(deadline=None)
def test_metrics_are_those_of_dvc(data: object) -> None:
    from dvc.repo.metrics.show import _extract_metrics

    expected = _extract_metrics(data, "metrics.json")
    if not expected and not isinstance(expected, int | float):
        expected = {}
    assert repr(expected) == repr(metrics_only(data))


CONFIG: dict[Any, Any] = {
    "lr": 0.1,
    "train": {"lr": 1, "epochs": 3, "kwargs": {"moons": 1, "moons2": 2, "iris": 3}},
    "kwargs": {"moons": 1, "moons_noise": 2, "circles": 3},
    "layers": [{"units": 1}, {"units": 2}],
    "sizes": [10, 20, 30],
    "train.lr": "dotted",
    "a": {"b.c": 1, "b": {"c": 2}},
    "2": {"x": "text key"},
    "nothing": None,
    "odd[0]": 5,
}

SELECTIONS: list[list[str]] = [
    ["lr"],
    ["train"],
    ["train.lr"],
    ["train.lr", "lr"],
    ["train.lr", "train"],
    ["train", "train.lr"],
    ["train.kwargs.moons", "train.epochs"],
    ["kwargs.moons*"],
    ["*.moons*"],
    ["train.*"],
    ["*"],
    ["*.*"],
    ["**"],
    ["**.lr"],
    ["train.**"],
    ["train.**.moons"],
    ["**.units"],
    ["layers.0"],
    ["layers.1"],
    ["layers.-1"],
    ["layers.1.units"],
    ["layers.*.units"],
    ["layers.[0]"],
    ["layers.7"],
    ["sizes.1"],
    ["sizes.1.x"],
    ["lr.x"],
    ["a.b.c"],
    ["a.b"],
    ["2.x"],
    ["?.x"],
    ["nothing"],
    ["missing"],
    ["missing", "lr"],
    ["train.missing"],
    [".lr"],
    ["odd[0]"],
    ["od?*"],
    ["[kl]*"],
    ["train.[!k]*"],
    ["lr", "lr"],
    [],
]


def _read_param_file(data: Any, keys: list[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    from dvc.dependency import param

    with monkeypatch.context() as patched:
        patched.setattr(param, "load_path", lambda *_args, **_kwargs: data)
        try:
            return param.read_param_file(None, "params.yaml", keys)
        except Exception:  # noqa: BLE001  # dpath stumbles over lists within lists
            return _FAILED


@pytest.mark.parametrize("keys", SELECTIONS, ids=" ".join)
def test_a_stage_selects_what_dvc_selects(keys: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read_param_file(CONFIG, keys, monkeypatch) == select(CONFIG, keys)


PARTS = st.sampled_from(["a", "b", "ab", "lr", "1", "0", "-1", "*", "a*", "?", "[ab]*", "**", "x-y", "True"])
NAMES = st.lists(PARTS, min_size=1, max_size=3).filter(lambda parts: parts.count("**") < 2).map(".".join)


@given(data=_trees(KEYS), key=NAMES)
@settings(max_examples=300, deadline=None)
def test_any_one_key_selects_what_dvc_selects(data: dict[Any, Any], key: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        expected, actual = _read_param_file(data, [key], monkeypatch), select(data, [key])
    assume(expected is not _FAILED)
    assert repr(_sorted(expected)) == repr(_sorted(actual))


@given(data=_trees(KEYS, lists=False), keys=st.lists(NAMES, max_size=4))
@settings(max_examples=300, deadline=None)
def test_any_keys_select_what_dvc_selects(data: dict[Any, Any], keys: list[str]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        expected, actual = _read_param_file(data, keys, monkeypatch), select(data, keys)
    assume(expected is not _FAILED)
    assert repr(_sorted(expected)) == repr(_sorted(actual))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted(((repr(key), _sorted(inner)) for key, inner in value.items()), key=lambda pair: pair[0])
    return [_sorted(inner) for inner in value] if isinstance(value, list) else value


def test_overlapping_keys_do_not_double_a_list() -> None:
    assert select(CONFIG, ["sizes", "sizes.0"]) == {"sizes": [10, 20, 30]}
    assert select(CONFIG, ["sizes.0", "sizes.2"]) == {"sizes": [10, None, 30]}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("1.x", {1: {"x": 2}}),
        ("01.x", {1: {"x": 2}}),
        ("1", {1: {"x": 2}}),
        ("False", {False: 3}),
        ("0", {False: 3}),
        ("*.x", {1: {"x": 2}}),
    ],
)
def test_numbers_and_booleans_are_keys_as_well_on_which_dvc_fails(key: str, expected: object) -> None:
    assert select({1: {"x": 2}, False: 3, None: 4}, [key]) == expected


REPORT = {"metrics": [{"result": {"share": 0.3, "by": [1, 2]}}, {"result": {"name": "x"}}], "top": 1}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("metrics.0.result.share", {"metrics.0.result.share": 0.3}),
        ("metrics.*.result.*", {"metrics.0.result.share": 0.3, "metrics.1.result.name": "x"}),
        ("metrics.0.result.by.*", {"metrics.0.result.by.0": 1, "metrics.0.result.by.1": 2}),
        ("**.share", {"metrics.0.result.share": 0.3}),
        ("metrics.0", {}),
        ("top", {}),
        ("*", {}),
        ("nothing.0", {}),
    ],
)
def test_a_key_leads_into_lists(key: str, expected: dict[str, object]) -> None:
    assert expected == in_lists(REPORT, [key])


def test_selecting_leaves_the_file_as_it_was() -> None:
    before = repr(CONFIG)
    select(CONFIG, ["train.lr", "layers.1", "**"])
    assert before == repr(CONFIG)


def test_it_starts_without_dvc() -> None:
    source = Path(parse.__code__.co_filename).read_text(encoding="utf-8")
    assert "import dvc." not in source
    assert "from dvc." not in source
    assert "dpath" not in source
