"""The course of a metric as a small SVG, for an image in a comment. Pure; equal courses give equal bytes.

An image is apart from the page: it knows neither the page's colours nor its fonts. So each colour can be told
from a white page and from the dark ones of GitHub and GitLab (a contrast of 3.8 to 1), and fonts are generic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from dvc_changelog.domain import Verdict
from dvc_changelog.domain.course import Course, Mark
from dvc_changelog.render import units

WIDTH, HEIGHT = 240, 64
INK, LINE, GOOD, BAD = "#777d86", "#2f7bd8", "#1d8544", "#d94841"
_HEAD = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
    f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif">'
)
_LEFT, _RIGHT, _TOP, _BOTTOM = 10.0, 230.0, 22.0, 47.0
_NAME, _LABEL = 24, 18
"""How many characters of a metric's name and of a state's there is room for."""
_FAR = 1.0
"""A limit farther off than so many times the range of the values would flatten them: it is only said."""
# What XML 1.0 has no place for, escaped or not.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(course: Course) -> bytes:
    """The picture of a course."""
    values = [mark.value for mark in course.marks if mark.value is not None]
    low, high = _range(values, [bound for _, bound in course.limits])
    places = [
        None if mark.value is None else (_across(at, len(course.marks)), _down(mark.value, low, high))
        for at, mark in enumerate(course.marks)
    ]
    parts = (
        _HEAD,
        f"<title>{_text(course.name)}</title>",
        f"<desc>{_text(words(course))}</desc>",
        *_limits(course, low, high),
        *_lines(places),
        *_dots(places[:-1]),
        *_last(course, places[-1:]),
        *_captions(course),
        "</svg>",
    )
    return ("\n".join(parts) + "\n").encode()


def words(course: Course) -> str:
    """What the picture shows, in words: "test.auc: v1.0 0.90, v1.1 0.91, main 0.91, tune 0.93 (better)."."""
    told = [f"{mark.label} {_value(mark, course.unit)}" for mark in course.marks]
    if course.verdict is not Verdict.NEUTRAL and told:
        told[-1] += f" ({course.verdict})"
    limits = [f"{name} {units.number(bound, course.unit)}" for name, bound in course.limits]
    limit = f" Limit: {', '.join(limits)}{', crossed' if course.beyond else ''}." if limits else ""
    return f"{course.name}: {', '.join(told)}.{limit}"


def _value(mark: Mark, unit: str) -> str:
    return units.number(mark.value, unit) if mark.value is not None else mark.gap


def _range(values: Sequence[float], limits: Sequence[float]) -> tuple[float, float]:
    """From the lowest to the highest value, or limit that is near; where all are equal some room around."""
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    reach = (high / 2 - low / 2) * 2 * _FAR or abs(high) * 0.5
    near = [bound for bound in limits if low - reach <= bound <= high + reach]
    low, high = min(low, *near, low), max(high, *near, high)
    if low == high:
        room = abs(low) * 0.5 or 1.0
        return low - room, high + room
    return low, high


def _across(at: int, count: int) -> float:
    return (_LEFT + _RIGHT) / 2 if count == 1 else _LEFT + at * (_RIGHT - _LEFT) / (count - 1)


def _down(value: float, low: float, high: float) -> float:
    # Halves, since the distance of two numbers can be more than the largest one.
    span = high / 2 - low / 2
    share = (value / 2 - low / 2) / span if span > 0 else 0.5
    return _BOTTOM - min(1.0, max(0.0, share)) * (_BOTTOM - _TOP)


def _lines(places: Sequence[tuple[float, float] | None]) -> Iterator[str]:
    """The line through the values that stand side by side; a gap breaks it."""
    run: list[tuple[float, float]] = []
    for place in (*places, None):
        if place is not None:
            run.append(place)
            continue
        if len(run) > 1:
            points = " ".join(f"{_number(x)},{_number(y)}" for x, y in run)
            yield (
                f'<polyline points="{points}" fill="none" stroke="{LINE}" stroke-width="1.5" '
                'stroke-linejoin="round"/>'
            )
        run = []


def _dots(places: Sequence[tuple[float, float] | None]) -> Iterator[str]:
    for place in places:
        if place is not None:
            yield f'<circle cx="{_number(place[0])}" cy="{_number(place[1])}" r="1.8" fill="{LINE}"/>'


def _last(course: Course, places: Sequence[tuple[float, float] | None]) -> Iterator[str]:
    """Where the branch ends: a diamond for the worse, a disc for the better, a ring where it is neither."""
    for place in places:
        if place is None:
            continue
        x, y = place
        if course.verdict is Verdict.WORSE or course.beyond:
            corners = ((x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y))
            points = " ".join(f"{_number(a)},{_number(b)}" for a, b in corners)
            yield f'<polygon points="{points}" fill="{BAD}"/>'
        elif course.verdict is Verdict.BETTER:
            yield f'<circle cx="{_number(x)}" cy="{_number(y)}" r="4" fill="{GOOD}"/>'
        else:
            yield (
                f'<circle cx="{_number(x)}" cy="{_number(y)}" r="3.2" fill="none" stroke="{INK}" '
                'stroke-width="1.8"/>'
            )


def _limits(course: Course, low: float, high: float) -> Iterator[str]:
    for _, bound in course.limits:
        if low <= bound <= high:
            y = _number(_down(bound, low, high))
            yield (
                f'<line x1="{_number(_LEFT - 6)}" y1="{y}" x2="{_number(_RIGHT + 6)}" y2="{y}" '
                f'stroke="{BAD}" stroke-width="1" stroke-dasharray="4 3"/>'
            )


def _captions(course: Course) -> Iterator[str]:
    marks = course.marks
    if not marks:
        return
    colour = BAD if course.verdict is Verdict.WORSE or course.beyond else INK
    colour = GOOD if course.verdict is Verdict.BETTER and not course.beyond else colour
    name = course.name if len(course.name) <= _NAME else "…" + course.name[1 - _NAME :]
    yield f'<text x="4" y="12" font-size="11" fill="{INK}">{_text(name)}</text>'
    yield (
        f'<text x="{WIDTH - 4}" y="12" font-size="11" font-weight="bold" text-anchor="end" '
        f'fill="{colour}">{_text(_value(marks[-1], course.unit))}</text>'
    )
    if len(marks) > 1:
        yield f'<text x="4" y="61" font-size="9" fill="{INK}">{_text(_short(marks[0].label))}</text>'
    yield (
        f'<text x="{WIDTH - 4}" y="61" font-size="9" text-anchor="end" '
        f'fill="{INK}">{_text(_short(marks[-1].label))}</text>'
    )


def _short(label: str) -> str:
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text), quote=False)
