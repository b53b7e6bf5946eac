"""Markdown as far as an edit in place needs it: headings, tables, folds and link definitions.

Knows lines of text only; nothing of marks, sections or releases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from dvc_changelog.dataclass import dataclass

_ATX = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t\r]*$")
_SETEXT = re.compile(r"^ {0,3}(=+|-+)[ \t\r]*$")
_NO_PARAGRAPH = re.compile(r"^(?: {4}|\t| {0,3}(?:[-*+>|<#]|\d+[.)][ \t]|\[[^\]]+\]:))")
_FENCE = re.compile(r"^ {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_LIST = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]|^(?: {2}|\t)")
_LINK_DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:[ \t]*\S")
_TABLE_RULE = re.compile(r"^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?\|?\s*$")
_WORD = re.compile(r"^(?:version|release)[\s:]+(?=\S)", re.IGNORECASE)
_BRACKET = re.compile(r"^\[([^\]]+)\]")
_V = re.compile(r"^v(?=\d)")

RELEASE_LEVEL = 2
"""The level of a heading that starts a release; its subsections are below."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: the index of its line, its level and its text."""

    index: int
    level: int
    title: str


def is_row(text: str) -> bool:
    """Whether the line is a row of a table."""
    return text.lstrip().startswith("|")


def is_rule_of_table(text: str) -> bool:
    """Whether the line is the one below a table's header."""
    return bool(_TABLE_RULE.match(text))


def is_link_definition(text: str) -> bool:
    """Whether the line defines a link: `[1.2.0]: https://…`."""
    return bool(_LINK_DEFINITION.match(text))


def is_listed(text: str) -> bool:
    """Whether the line is an item of a list, or belongs to one by its indent."""
    return bool(_LIST.match(text))


def opens_fold(text: str) -> bool:
    """Whether a `<details>` is open at the end of the line."""
    return "<details" in text and "</details" not in text


def closes_fold(text: str) -> bool:
    """Whether the line ends a `<details>` of an earlier line."""
    return "</details" in text and "<details" not in text


def in_code(lines: Sequence[str | None]) -> list[bool]:
    """For each line whether it stands in fenced code or in an HTML comment; None ends either.

    The line that opens and the one that closes count as inside.
    """
    return _inside(len(lines), _blocks(lines))


def in_closed_fence(lines: Sequence[str]) -> list[bool]:
    """For each line whether it stands in fenced code that has an end."""
    return _inside(len(lines), (each for each in _blocks(lines) if each.until != "-->" and each.closed))


@dataclass(frozen=True, slots=True)
class _Block:
    lines: range
    until: str
    closed: bool


def _inside(length: int, blocks: Iterable[_Block]) -> list[bool]:
    found = {index for block in blocks for index in block.lines}
    return [index in found for index in range(length)]


def _blocks(lines: Sequence[str | None]) -> Iterator[_Block]:
    """The fences and comments over several lines."""
    start, until = 0, ""
    for index, line in enumerate(lines):
        if until and (line is None or _closes(line, until)):
            yield _Block(range(start, index + (line is not None)), until, closed=line is not None)
            until = ""
        elif until or line is None:
            continue
        elif fence := _FENCE.match(line):
            start, until = index, fence[1]
        elif line.lstrip().startswith("<!--") and "-->" not in line:
            start, until = index, "-->"
    if until:
        yield _Block(range(start, len(lines)), until, closed=False)


def _closes(line: str, until: str) -> bool:
    if until == "-->":
        return until in line
    text = line.strip()
    return len(text) >= len(until) and not text.strip(until[0]) and bool(_FENCE.match(line))


def headings(lines: Sequence[str | None]) -> list[Heading]:
    """The headings of these lines, in order; None stands for something that is no text and ends a block."""
    return list(_headings(lines))


def _headings(lines: Sequence[str | None]) -> Iterator[Heading]:
    code = in_code(lines)
    for index, line in enumerate(lines):
        if line is None or code[index]:
            continue
        if atx := _ATX.match(line):
            yield Heading(index, len(atx[1]), (atx[2] or "").strip())
            continue
        below = lines[index + 1] if index + 1 < len(lines) else None
        above = lines[index - 1] if index else None
        alone = not (above or "").strip()
        # Only one-line paragraphs: a longer one with dashes below it is more likely a slip than a heading.
        if (
            below
            and line.strip()
            and alone
            and not _NO_PARAGRAPH.match(line)
            and (ruled := _SETEXT.match(below))
        ):
            yield Heading(index, 1 if ruled[1].startswith("=") else 2, line.strip())


def tables(lines: Sequence[tuple[str, bool]]) -> Iterator[range]:
    """The tables among lines given as (text, a blank line stands above), each from header to last row."""
    start: int | None = None
    for index in range(len(lines) + 1):
        goes_on = index < len(lines) and is_row(lines[index][0])
        if start is not None and (not goes_on or lines[index][1]):
            if index - start > 1 and is_rule_of_table(lines[start + 1][0]):
                yield range(start, index)
            start = None
        if goes_on and start is None:
            start = index


def folds(lines: Sequence[str]) -> Iterator[range]:
    """The `<details>` blocks over several lines, from the line that opens to the one that closes."""
    open_at: list[int] = []
    for index, text in enumerate(lines):
        if opens_fold(text):
            open_at.append(index)
        elif closes_fold(text) and open_at:
            yield range(open_at.pop(), index + 1)


def canonical(name: str) -> str:
    """A version's name as headings and tags have it in common: "v1.2.0" and "1.2.0" are one."""
    line, at, version = name.casefold().rpartition("@")
    return f"{line}{at}{_V.sub('', version)}"


def named(title: str) -> str:
    """The version that a heading names, canonically: "[v1.2.0](…) - 2026-03-14" gives "1.2.0"; "" if none."""
    text = _WORD.sub("", title.strip().strip("*_`~ "))
    bracket = _BRACKET.match(text)
    words = (bracket[1] if bracket else text).split()
    return canonical(words[0].strip("*_`~:,;()")) if words else ""
