"""Pictures beside each other, as a drawing of its own. Pure."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

_WIDE, _HIGH, _ROOM = 360, 270, 12
_SIGNATURES = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"))


def kind(data: bytes) -> str:
    """The format of a picture by its bytes: "png", "jpeg", "gif", "svg"; "" for another one."""
    known = next((name for start, name in _SIGNATURES if data.startswith(start)), "")
    return known or ("svg" if b"<svg" in data[:4096] else "")


def side_by_side(panels: Sequence[tuple[str, bytes | str]]) -> str:
    """A drawing of pictures beside each other, with a caption each.

    Args:
        panels: the caption, and the bytes of a PNG, JPEG or GIF; or the words that stand in for it.
    """
    width = _ROOM + len(panels) * (_WIDE + _ROOM)
    size = f'width="{width}" height="{_HIGH + 36}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">',
        f'<rect {size} fill="#ffffff"/>',
    ]
    for at, (caption, picture) in enumerate(panels):
        left = _ROOM + at * (_WIDE + _ROOM)
        middle = left + _WIDE / 2
        parts.append(f'<text x="{middle}" y="18" text-anchor="middle" fill="#24292f">{_text(caption)}</text>')
        if isinstance(picture, str):
            where = f'x="{middle}" y="{_HIGH / 2 + 26}" text-anchor="middle" fill="#656d76"'
            parts.append(f"<text {where}>{_text(picture)}</text>")
            continue
        source = f"data:image/{kind(picture)};base64,{base64.b64encode(picture).decode()}"
        parts.append(f'<image x="{left}" y="26" width="{_WIDE}" height="{_HIGH}" href="{source}"/>')
    return "".join((*parts, "</svg>"))


def _text(text: str) -> str:
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text), quote=False)
