"""The process that draws: one job a line of JSON in, one PNG or the reason for none a line out.

It is run by its path, alone (see `drawing`), imports nothing of ours, and loads nothing from anywhere: what a
specification would load is refused, and what a drawing would show of other files is looked for before it is
turned into dots, where it would be read.
"""

from __future__ import annotations

import base64
import json
import re
import struct
import sys
import zlib
from typing import Any
from xml.etree import ElementTree as ET

MOST = 200_000
"""Bytes of a picture; a comment has several."""
_SCALES = (2.0, 1.5, 1.0, 0.7, 0.5, 0.3)
_LARGEST = 5_000
"""Dots of a side, at scale 1."""
_PICTURES = ("data:image/png;", "data:image/jpeg;", "data:image/jpg;", "data:image/gif;")
_ELSEWHERE = re.compile(r"url\(\s*['\"]?(?!#)|@import", re.IGNORECASE)


class RefusedError(Exception):
    """What is not drawn, and why."""


def main() -> None:
    """Draw each job of standard input; `vega` is a Vega-Lite specification, `svg` a drawing."""
    for line in sys.stdin.buffer:
        try:
            answer = {"png": base64.b64encode(drawn(json.loads(line))).decode()}
        except RefusedError as error:
            answer = {"why": str(error)}
        except BaseException as error:  # noqa: BLE001  # one job's failure is not the others'; a panic is one too
            answer = {"why": " ".join(str(error).split())[:300] or type(error).__name__}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def drawn(job: dict[str, Any]) -> bytes:
    """The PNG of a job, as sharp as fits.

    Raises:
        RefusedError: it would load something, or is too large.
    """
    import vl_convert

    if "vega" in job:
        # Templates of DVC are of Vega-Lite 5; the library has several of its versions.
        fives = [version for version in vl_convert.get_vegalite_versions() if version.startswith("5.")]
        version = max(fives, key=lambda text: int(text.split(".")[1]), default=None)
        svg = vl_convert.vegalite_to_svg(job["vega"], vl_version=version, allowed_base_urls=[])
    else:
        svg = job["svg"]
    check(svg)
    for scale in _SCALES:
        png = packed(vl_convert.svg_to_png(svg, scale=scale))
        if len(png) <= MOST:
            return png
    raise RefusedError(f"it takes more than {MOST // 1000} KB")


def packed(png: bytes) -> bytes:
    """The same picture in fewer bytes: what draws compresses in a hurry, and takes three times as many."""
    place, data, parts = 8, b"", []
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        kind, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += length + 12
        if kind == b"IDAT":
            data += content
        else:
            parts.append((kind, content))
    parts.insert(-1, (b"IDAT", zlib.compress(zlib.decompress(data), 9)))
    told = (struct.pack(">I", len(c)) + k + c + struct.pack(">I", zlib.crc32(k + c)) for k, c in parts)
    return png[:8] + b"".join(told)


def check(svg: str) -> None:
    """See that a drawing shows nothing but itself.

    Raises:
        RefusedError: it is no drawing, is too large, or names files that are elsewhere.
    """
    if "<!ENTITY" in svg:
        raise RefusedError("it defines entities")
    try:
        root = ET.fromstring(svg)  # noqa: S314  # there is no entity to expand
    except ET.ParseError as error:
        raise RefusedError(f"it is no sound SVG: {error}") from error
    for size in ("width", "height"):
        found = re.match(r"\d+(\.\d+)?", root.get(size, ""))
        if found and float(found[0]) > _LARGEST:
            raise RefusedError(f"its {size} is more than {_LARGEST:,}")
    for part in root.iter():
        texts = [part.text or "", *part.attrib.values()]
        targets = [value for name, value in part.attrib.items() if name.rpartition("}")[2] in {"href", "src"}]
        link = str(part.tag).rpartition("}")[2] == "a"  # it is not followed
        inside = all(target.strip().startswith(("#", *_PICTURES)) for target in targets)
        if not (inside or link) or any(map(_ELSEWHERE.search, texts)):
            raise RefusedError("it shows what is elsewhere, which is not loaded")


if __name__ == "__main__":
    main()
