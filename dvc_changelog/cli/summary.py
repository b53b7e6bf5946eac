"""The summary of a CI run's step: Markdown is put behind what stands there, as far as it fits."""

from __future__ import annotations

import os
import re

from dvc_changelog.errors import DocumentError

LIMIT = 1 << 20
"""Bytes that GitHub shows of a step's summary; of one that is larger it shows nothing at all."""

_CUT = "\n\n> The rest, {:,} bytes, does not fit into the summary of a step, which holds {:,}.\n"
_ROOM = 512
"""Bytes for saying so, and for closing what is open."""
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)


def append(path: str, text: str) -> bool:
    """Put a document behind what a summary has, in one piece: other steps may write there, too.

    Args:
        path: the file, `CI.summary`; made where it is not there.
        text: Markdown.

    Returns:
        whether all of it fitted. What does not is cut after a whole line, and the summary says so.

    Raises:
        DocumentError: the file cannot be written.
    """
    try:
        with open(path, "ab") as file:  # noqa: PTH123  # a path as the environment names it
            there = os.fstat(file.fileno()).st_size
            whole = ("\n" if there else "") + text.rstrip("\n") + "\n"
            data = fitted(whole, LIMIT - there)
            file.write(data)
    except OSError as error:
        raise DocumentError(path, f"cannot be written: {error.strerror}") from error
    return data == whole.encode("utf-8", "replace")


def fitted(text: str, room: int) -> bytes:
    """A document in so many bytes: whole, or its first lines with a word on the rest, nothing open in them.

    Where there is no room for that either, it is nothing.
    """
    data = text.encode("utf-8", "replace")
    if len(data) <= room:
        return data
    kept = data[: max(0, room - _ROOM)]
    kept = kept[: kept.rfind(b"\n") + 1]
    open_end = _closing(kept.decode("utf-8"))
    said = open_end + _CUT.format(len(data) - len(kept), LIMIT)
    whole = kept + said.encode()
    return whole if len(whole) <= room else b""


def _closing(text: str) -> str:
    """What ends the fence and the folds that are open in the first lines of a document."""
    fence = ""
    for found in _FENCE.finditer(text):
        mark = found[1]
        if not fence:
            fence = mark
        elif mark[0] == fence[0] and len(mark) >= len(fence):
            fence = ""
    depth = max(0, text.count("<details>") - text.count("</details>"))
    return (f"{fence}\n" if fence else "") + "\n</details>\n" * depth
