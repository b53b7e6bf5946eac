"""Markdown as GitHub reads it, near enough: tables on, raw HTML passed through so that it would be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token  # noqa: TC002  # as TC001

_HIDDEN = re.compile("[\u00ad\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_BROKEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]"
)


@cache
def reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def blocks(markdown: str) -> list[Token]:
    return reader().parse(markdown)


def kinds(markdown: str) -> list[str]:
    """The blocks of a document, in order."""
    return [token.type for token in blocks(markdown)]


def inlines(markdown: str) -> Iterator[Token]:
    for token in blocks(markdown):
        yield from token.children or ()


def text(tokens: list[Token]) -> str:
    """What a reader sees of inline tokens."""
    return "".join(
        t.content if t.type in {"text", "code_inline"} else "\n" if "break" in t.type else "" for t in tokens
    )


def cells(markdown: str) -> list[list[str]]:
    """The rows of all tables, header first, each as what its cells show."""
    rows: list[list[str]] = []
    for token in blocks(markdown):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            rows[-1].append(text(token.children or []))
    return rows


def folded(given: str) -> str:
    """Text as it may be shown: whitespace folded, controls and broken bytes as U+FFFD, zero widths gone."""
    return " ".join(_HIDDEN.sub("", _BROKEN.sub("\ufffd", given)).split())
