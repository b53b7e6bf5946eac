"""The picture of a metric's course: what it shows, that it is sound XML, and its bytes."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_changelog.domain import Verdict
from dvc_changelog.domain.course import Course, Mark
from dvc_changelog.render import trend_svg

GOLDEN = Path(__file__).parent / "golden" / "trend.svg"
_SVG = "{http://www.w3.org/2000/svg}"


def course(*values: float | None, **fields: object) -> Course:
    marks = tuple(
        Mark(f"v{at}", value, "" if value is not None else "absent") for at, value in enumerate(values)
    )
    return Course("m.json", "test.auc", marks, **fields)  # type: ignore[arg-type]


def drawn(given: Course) -> ET.Element:
    return ET.fromstring(trend_svg.svg(given))


def lines(given: Course) -> list[int]:
    """How many points each line of the picture has."""
    return [len(line.attrib["points"].split()) for line in drawn(given).iter(f"{_SVG}polyline")]


def heights(given: Course) -> list[float]:
    return [
        float(point.split(",")[1])
        for line in drawn(given).iter(f"{_SVG}polyline")
        for point in line.attrib["points"].split()
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 2, 3), [3]),
        ((1, 2, None, 3, 4), [2, 2]),
        ((None, None, 1, 2), [2]),
        ((1, 2, None), [2]),
        ((1, None, 2, None, 3), []),
        ((1,), []),
        ((None,), []),
        ((), []),
        ((5, 5, 5), [3]),
    ],
)
def test_what_is_not_there_is_a_gap_and_never_a_zero(
    values: tuple[float | None, ...], expected: list[int]
) -> None:
    assert lines(course(*values)) == expected


def test_a_value_alone_between_gaps_is_a_dot() -> None:
    picture = drawn(course(1, None, 2, None, 3))
    assert len(list(picture.iter(f"{_SVG}circle"))) == 3


def test_higher_values_stand_higher_and_equal_ones_in_the_middle() -> None:
    low, middle, high = heights(course(0.1, 0.2, 0.3))
    assert low > middle > high
    assert len(set(heights(course(7, 7, 7)))) == 1
    assert heights(course(7, 7))[0] == pytest.approx((low + high) / 2)


@pytest.mark.parametrize("values", [(-1.7e308, 1.7e308, 0.0), (5e-324, 0.0), (1e308, 1e308), (1e-300, 1e300)])
def test_huge_ranges_stay_in_the_picture(values: tuple[float, ...]) -> None:
    assert all(0 <= y <= trend_svg.HEIGHT for y in heights(course(*values)))


@pytest.mark.parametrize(
    ("limits", "expected"),
    [((("max", 50.0),), 1), ((("min", 38.0), ("max", 50.0)), 2), ((("max", 5000.0),), 0), ((), 0)],
)
def test_a_limit_is_a_dashed_line_unless_it_would_flatten_the_values(
    limits: tuple[tuple[str, float], ...], expected: int
) -> None:
    picture = drawn(course(40, 41, 55, limits=limits))
    dashed = [line for line in picture.iter(f"{_SVG}line") if "stroke-dasharray" in line.attrib]
    assert len(dashed) == expected
    description = picture.findtext(f"{_SVG}desc") or ""
    assert all(f"{name} {bound:,.0f}" in description for name, bound in limits)


@pytest.mark.parametrize(
    ("verdict", "beyond", "tag", "colour"),
    [
        (Verdict.BETTER, False, "circle", trend_svg.GOOD),
        (Verdict.WORSE, False, "polygon", trend_svg.BAD),
        (Verdict.BETTER, True, "polygon", trend_svg.BAD),
        (Verdict.NEUTRAL, False, "circle", "none"),
    ],
)
def test_the_last_value_is_marked_by_shape_and_colour(
    verdict: Verdict, beyond: bool, tag: str, colour: str
) -> None:
    *_, last = (
        part
        for part in drawn(course(1, 2, verdict=verdict, beyond=beyond))
        if part.tag in {f"{_SVG}circle", f"{_SVG}polygon"}
    )
    assert (last.tag, last.attrib["fill"]) == (_SVG + tag, colour)


def test_it_says_in_words_what_it_shows() -> None:
    marks = (Mark("v1", 0.9), Mark("v2", None, "not readable"), Mark("main", 0.912), Mark("tune", 0.85))
    told = Course("m.json", "auc", marks, (("min", 0.88),), Verdict.WORSE, beyond=True)
    expected = "auc: v1 0.9, v2 not readable, main 0.912, tune 0.85 (worse). Limit: min 0.88, crossed."
    assert trend_svg.words(told) == expected
    assert drawn(told).findtext(f"{_SVG}desc") == expected
    assert drawn(told).findtext(f"{_SVG}title") == "auc"


def test_the_golden_picture() -> None:
    marks = (
        Mark("v1.0", 38.5),
        Mark("v1.1", 40),
        Mark("v1.2", None, "absent"),
        Mark("main", 41),
        Mark("b", 55),
    )
    told = Course("m.json", "test.latency_ms", marks, (("max", 50.0),), Verdict.WORSE, beyond=True, unit="ms")
    assert trend_svg.svg(told) == GOLDEN.read_bytes()


@pytest.mark.parametrize("colour", [trend_svg.INK, trend_svg.LINE, trend_svg.GOOD, trend_svg.BAD])
@pytest.mark.parametrize("page", ["#ffffff", "#0d1117", "#18171d"])
def test_each_colour_can_be_seen_on_light_and_dark_pages(colour: str, page: str) -> None:
    dark, light = sorted((luminance(colour), luminance(page)))
    assert (light + 0.05) / (dark + 0.05) >= 3.8


def luminance(colour: str) -> float:
    """As WCAG has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_MARKS = st.builds(
    Mark,
    st.text(max_size=30),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
)
_COURSES = st.builds(
    Course,
    st.just("m.json"),
    st.text(max_size=40),
    st.lists(_MARKS, max_size=12).map(tuple),
    st.lists(st.tuples(st.sampled_from(["min", "max"]), st.floats(allow_nan=False)), max_size=2).map(tuple),
    st.sampled_from(Verdict),
    st.booleans(),
    st.sampled_from(["", "ms", "bytes", "<%>"]),
)


@settings(max_examples=50)
@given(_COURSES)
def test_any_course_is_sound_xml_that_is_the_same_each_time(told: Course) -> None:
    data = trend_svg.svg(told)
    picture = ET.fromstring(data)
    assert data == trend_svg.svg(told)
    assert len(data) < 8_000
    for part in picture.iter():
        for name, text in part.attrib.items():
            if name in {"points", "cx", "cy", "x1", "x2", "y1", "y2"}:
                assert all(math.isfinite(float(each)) for each in text.replace(",", " ").split())
