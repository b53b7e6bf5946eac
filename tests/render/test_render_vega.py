"""Specifications of plots: templates that load nothing, and lines thinned."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_changelog.render import vega
from dvc_changelog.render.thinning import thinned
from dvc_changelog.render.vega import Definition, Filled

ROWS = [{"x": at, "y": at * at} for at in range(4)]
HOLLOW = {"data": {"values": "<DVC_METRIC_DATA>"}, "mark": "point"}


def one(template: str = "", rows: object = None, **props: Any) -> Filled:
    """A plot of two states, the newer one with a point more."""
    rows = ROWS if rows is None else rows
    props = {"x": "x", "y": "y"} | props | ({"template": template} if template else {})
    sides = {
        "main": [Definition("a.json", "", props, {"a.json": ROWS})],
        "tune": [Definition("a.json", "", props, {"a.json": rows})],
    }
    (found,) = vega.filled(sides, {"own": template.encode()}.get)
    return found


def custom(content: object) -> Filled:
    sides = {"tune": [Definition("a.json", "", {"template": "own"}, {"a.json": ROWS})]}
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (found,) = vega.filled(sides, {"own": data}.get)
    return found


def test_points_of_both_states_are_in_one_picture() -> None:
    found = one(rows=[*ROWS, {"x": 9, "y": 1}])
    assert (found.points, found.same, found.left_out) == ({"main": 4, "tune": 5}, False, 0)
    assert found.spec is not None
    assert [row["rev"] for row in found.spec["data"]["values"]] == ["main"] * 4 + ["tune"] * 5
    assert one().same


def test_what_is_no_finite_number_is_a_point_without_a_value() -> None:
    found = one(rows=[{"x": 1, "y": float("nan")}, {"x": 2, "y": float("inf")}])
    assert found.spec is not None
    assert [row["y"] for row in found.spec["data"]["values"]][-2:] == [None, None]
    json.dumps(found.spec, allow_nan=False)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (HOLLOW | {"data": {"url": "https://example.org/x.csv"}}, "loads what is elsewhere"),
        (HOLLOW | {"mark": {"type": "image", "url": "/etc/x.png"}}, "loads what is elsewhere"),
        (HOLLOW | {"layer": [{"encoding": {"url": {"field": "y"}}}]}, "loads what is elsewhere"),
        (HOLLOW | {"transform": [{"from": {"data": {"url": "x"}}}]}, "loads what is elsewhere"),
        ({"mark": "point"}, "is not using '<DVC_METRIC_DATA>' anchor"),
        (b"{", "is no JSON"),
        ([], "is no Vega-Lite"),
    ],
)
def test_a_template_that_is_none_or_loads_anything_is_refused(content: object, why: str) -> None:
    found = custom(content)
    assert found.spec is None
    assert why in found.trouble


def test_a_template_that_is_nowhere_is_said() -> None:
    assert one(template="nowhere").trouble == "there is no template `nowhere`"


@pytest.mark.parametrize(
    ("template", "values", "trouble"),
    [
        ("linear", ["a", "b"], "`x` has no numbers, which its template draws"),
        ("linear", ["1", "b"], ""),
        ("bar_horizontal", ["1", "2"], ""),
        ("confusion", ["a", "b"], ""),
    ],
)
def test_a_picture_that_would_be_empty_is_said_instead(
    template: str, values: list[str], trouble: str
) -> None:
    rows = {"a.json": [{"x": value, "y": 1.5} for value in values]}
    props = {"x": "x", "y": "y", "template": template}
    (plot,) = vega.filled({"tune": [Definition("a.json", "", props, rows)]}, lambda _: None)
    assert (plot.trouble, plot.spec is None) == (trouble, bool(trouble))


def test_a_column_that_is_not_there_is_said_for_its_side() -> None:
    found = one(rows=[{"x": 1, "z": 2}])
    assert found.points == {"main": 4}
    assert found.remarks == (
        "what tune has cannot be drawn: Could not find provided field ('y') in data fields ('x, z')",
    )


def test_long_lines_are_thinned_and_what_is_counted_is_not() -> None:
    rows = [{"x": at, "y": at % 7} for at in range(5000)]
    assert one(rows=rows).left_out == 4000
    assert one(rows=rows, template="confusion").left_out == 0
    many = [{"x": at, "y": at % 7} for at in range(60_000)]
    assert one(rows=many, template="scatter").trouble == "60,004 points are too many"


def number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return math.nan


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.floats() | st.integers() | st.text(max_size=3)), max_size=200
    ),
    st.integers(4, 40),
)
def test_a_thinned_line_keeps_order_ends_and_extremes(rows: list[tuple[str, object]], most: int) -> None:
    points: list[dict[str, Any]] = [{"at": at, "line": line, "y": y} for at, (line, y) in enumerate(rows)]
    found = thinned(points, "y", ("line",), most)
    assert [point["at"] for point in found] == sorted(point["at"] for point in found)
    for line in "ab":
        before = [point for point in points if point["line"] == line]
        after = [point for point in found if point["line"] == line]
        numbers = [point["y"] for point in before if not math.isnan(number(point["y"]))]
        if len(before) <= most:
            assert after == before
        elif len(numbers) == len(before):
            assert len(after) <= most
            assert (after[0], after[-1]) == (before[0], before[-1])
            kept = [number(point["y"]) for point in after]
            assert (min(kept), max(kept)) == (min(map(number, numbers)), max(map(number, numbers)))
