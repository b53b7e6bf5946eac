"""What DVC refuses a dvc.yaml for: our schema beside DVC's own, over files that differ in one thing each."""

from __future__ import annotations

from typing import Any

import pytest
from dvc import schema
from dvc.utils.serialize import parse_yaml
from hypothesis import given
from hypothesis import strategies as st
from voluptuous import Invalid

from dvc_changelog.snapshot import pipeline
from dvc_changelog.snapshot.refused import refusal

STAGES = [
    "cmd: x",
    "cmd: [x, y]",
    "cmd: 5",
    "cmd: ",
    "cmd: {a: b}",
    "cmmd: x",
    "cmd: x, depz: [a]",
    "cmd: x, deps: [a, b]",
    "cmd: x, deps: a",
    "cmd: x, deps: ",
    "cmd: x, deps: [1]",
    "cmd: x, deps: [{a: {}}]",
    "cmd: x, wdir: d",
    "cmd: x, wdir: ",
    "cmd: x, params: [lr, {p.yaml: [a]}, {q.yaml: }]",
    "cmd: x, params: {p.yaml: [a]}",
    "cmd: x, params: [1]",
    "cmd: x, outs: [a, {b: {cache: false, persist: true, desc: d, remote: r, push: false, type: t}}]",
    "cmd: x, outs: [{b: {labels: [l], meta: {x: 1}, checkpoint: true}}]",
    "cmd: x, outs: [{b: {cached: false}}]",
    "cmd: x, outs: [{b: {cache: 'no'}}]",
    "cmd: x, outs: [{b: }]",
    "cmd: x, outs: [{b: {labels: l}}]",
    "cmd: x, outs: {b: {cache: false}}",
    "cmd: x, metrics: [{m.json: {cache: false}}]",
    "cmd: x, metrics: [{m.json: {x: false}}]",
    "cmd: x, plots: [p.csv, {q.csv: {x: a, y: b, template: t, title: t, header: true, cache: false}}]",
    "cmd: x, plots: [{q.csv: [{x: a}, {y: b}]}]",
    "cmd: x, plots: [{q.csv: {y: [a, b]}}]",
    "cmd: x, frozen: true",
    "cmd: x, frozen: 'yes'",
    "cmd: x, frozen: 1",
    "cmd: x, always_changed: true, meta: [1], desc: d",
    "cmd: x, desc: 5",
    "cmd: x, vars: [v.yaml, {a: 1}]",
    "cmd: x, vars: {a: 1}",
    "cmd: x, matrix: {a: [1, 2], b: '${c}'}",
    "cmd: x, matrix: [1, 2]",
    "cmd: x, matrix: {a: 1}",
    "foreach: [a, b], do: {cmd: x}",
    "foreach: {a: 1}, do: {cmd: x}",
    "foreach: '${a}', do: {cmd: x}",
    "foreach: 3, do: {cmd: x}",
    "foreach: [a], do: {cmmd: x}",
    "foreach: [a]",
    "do: {cmd: x}",
    "foreach: [a], do: {cmd: x}, deps: [a]",
    "foreach: [a], do: [x]",
    "cmd: x, locked: true",
    "cmd: x, md5: a",
    "cmd: x, 1: a",
    "",
]
FILES = [
    "",
    "stages: {}",
    "stages:",
    "stages: []",
    "stages: {a: }",
    "stages: {a: x}",
    "stages: {1: {cmd: x}}",
    "stage: {a: {cmd: x}}",
    "vars: [v.yaml, {a: 1}]",
    "vars: {a: 1}",
    "params: [p.yaml]",
    "params: p.yaml",
    "metrics: [m.json]",
    "metrics: [{m.json: {cache: false}}]",
    "plots: [p.csv, {q.csv: }, {r: {x: a, y: [b]}}, {s: {x: {a.csv: c}, y: {a.csv: [b]}, title: t}}]",
    "plots: [{}]",
    "plots: [{q: {z: a}}]",
    "plots: [{q: {x: [a]}}]",
    "plots: [{q: {y: {a: {b: c}}}}]",
    "plots: p.csv",
    "artifacts: {a: {path: p, type: t, desc: d, labels: [l], meta: {x: 1}}}",
    "artifacts: {a: {type: t}}",
    "artifacts: {a: {path: p, kind: t}}",
    "artifacts: {a: p}",
    "artifacts: [a]",
    "datasets: [{name: n, type: dvc, url: u}]",
    "datasets: x",
    "live: {x: 1}",
    "unknown: 1",
]
OF_DVC_2 = ["plots: {q: {x: a}}", "stages: {a: {cmd: x, live: {logs: {summary: true}}}}"]


def refuses(document: Any) -> bool:
    try:
        schema.COMPILED_MULTI_STAGE_SCHEMA(document)
    except Invalid:
        return True
    return False


@pytest.mark.parametrize("text", [*FILES, *(f"stages: {{a: {{{stage}}}}}" for stage in STAGES)])
def test_dvc_refuses_the_same(text: str) -> None:
    theirs = refuses(parse_yaml(text, "dvc.yaml"))
    assert bool(refusal(pipeline.load(text.encode()))) is theirs


@pytest.mark.parametrize("text", OF_DVC_2)
def test_what_an_earlier_dvc_took_is_no_fault(text: str) -> None:
    assert refuses(parse_yaml(text, "dvc.yaml"))
    assert refusal(pipeline.load(text.encode())) == ""


def test_the_keys_are_those_of_dvc() -> None:
    """A key that a later DVC knows is missed here, and ours that it no longer knows is found."""
    known = {str(key): value for key, value in schema.STAGE_DEFINITION.items()}
    tops = {str(key) for key in schema.MULTI_STAGE_SCHEMA}
    for name in known.keys() | {"live", "depz"}:
        said = refusal({"stages": {"a": {"cmd": "x", name: object()}}})
        assert ("unknown key" in said) is (name not in known and name != "live"), name
    for name in tops | {"depz"}:
        assert ("unknown key" in refusal({name: object()})) is (name not in tops), name


_NAMES = ["cmd", "deps", "outs", "plots", "params", "foreach", "do", "matrix", "frozen", "desc", "x", "cache"]
_VALUES = st.recursive(
    st.sampled_from(["x", 1, True, None]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=4))
def test_dvc_refuses_the_same_at_random(stage: dict[str, object]) -> None:
    document = {"stages": {"a": stage}}
    assert bool(refusal(document)) is refuses(document)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stages: {a: {cmd: x, depz: [b]}}", "stage `a` has an unknown key `depz`"),
        ("stages: {a: {cmmd: x}}", "stage `a` has an unknown key `cmmd`"),
        ("stages: {a: {deps: [b]}}", "stage `a` has no `cmd`"),
        ("stages: {a: {cmd: x, deps: b}}", "`deps` of stage `a` is no list"),
        ("stages: {a: {cmd: x, deps: [1]}}", "an entry of `deps` of stage `a` is no text"),
        ("stages: {a: {cmd: x, outs: [{b: {cached: 1}}]}}", "`b` of an entry of `outs` of stage `a` has an"),
        ("stages: {a: {foreach: [b], do: {cmmd: x}}}", "`do` of stage `a` has an unknown key `cmmd`"),
        ("stages: {a: {cmd: }}", "`cmd` of stage `a` is empty"),
        ("stagez: {}", "it has an unknown key `stagez`"),
        ('stages: {a: {cmd: x, "b`\\n c": y}}', "stage `a` has an unknown key `b' c`"),
    ],
)
def test_what_is_said_names_the_place(text: str, said: str) -> None:
    assert refusal(pipeline.load(text.encode())).startswith(said)
