"""What draws, in a process of its own: what it refuses, and that one picture does not take others along."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from dvc_changelog.render import beside
from dvc_changelog.workflows import drawing, painter

ROWS = [{"x": at, "y": at * at} for at in range(4)]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {}>{}</svg>'


@pytest.mark.parametrize(
    ("attributes", "inside", "refused"),
    [
        ("", '<use href="#a"/><rect fill="url(#g)"/><image xlink:href="data:image/png;base64,AA=="/>', ""),
        ("", '<a href="https://example.org"><text>x</text></a>', ""),
        ("", '<image href="https://example.org/x.png"/>', "elsewhere"),
        ("", '<image xlink:href="/etc/x.png"/>', "elsewhere"),
        ("", '<image href=" data:image/svg+xml;base64,AA=="/>', "elsewhere"),
        ("", '<feImage href="x.png"/>', "elsewhere"),
        ("", '<style>@import "x.css"</style>', "elsewhere"),
        ("", "<rect style=\"fill: url( 'x.svg#a')\"/>", "elsewhere"),
        ("", "<rect>", "no sound SVG"),
        ('width="90000"', "", "width"),
    ],
)
def test_a_drawing_that_shows_other_files_is_not_painted(attributes: str, inside: str, refused: str) -> None:
    text = SVG.format(attributes, inside)
    if not refused:
        painter.check(text)
        return
    with pytest.raises(painter.RefusedError, match=refused):
        painter.check(text)


def test_entities_are_not_expanded() -> None:
    with pytest.raises(painter.RefusedError, match="entities"):
        painter.check('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG.format("", "&x;"))


def test_a_packed_picture_is_the_same_picture() -> None:
    import vl_convert

    def dots(png: bytes) -> str:
        image = base64.b64encode(png).decode()
        inside = f'<image width="40" height="40" href="data:image/png;base64,{image}"/>'
        return SVG.format('width="40" height="40"', inside)

    png = vl_convert.svg_to_png(
        SVG.format('width="40" height="40"', '<circle cx="20" cy="20" r="9" fill="red"/>')
    )
    packed = painter.packed(png)
    assert len(packed) < len(png)
    assert vl_convert.svg_to_png(dots(packed)) == vl_convert.svg_to_png(dots(png))


def test_one_picture_that_fails_does_not_take_the_others_along() -> None:
    spec = {"data": {"values": ROWS}, "mark": "line", "encoding": {"x": {"field": "x"}, "y": {"field": "y"}}}
    panel = beside.side_by_side([("<main>", "not there"), ("tune\0", b"GIF89a")])
    jobs: list[dict[str, Any]] = [
        {"vega": spec},
        {"vega": {"mark": "nothing"}},
        {"vega": spec | {"data": {"url": "http://127.0.0.1:9/x.csv"}}},
        {"svg": panel},
    ]
    line, wrong, loading, both = drawing.drawn(jobs)
    assert isinstance(line, bytes)
    assert line.startswith(b"\x89PNG")
    assert isinstance(wrong, str)
    assert isinstance(loading, str)
    assert "not allowed" in loading
    assert isinstance(both, bytes)
