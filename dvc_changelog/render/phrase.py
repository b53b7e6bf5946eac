"""Phrases: text for people before it is Markdown or a terminal's.

All text of the repository goes through a phrase, so that no message breaks a table, opens a tag or pings a
user. How characters are escaped is in `escape`; here is how the parts of a phrase stand side by side.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from dvc_changelog.dataclass import dataclass
from dvc_changelog.render import escape

_MARKED_CODE = re.compile(r"(?<!`)(``?)(?!`)([^`]+)\1(?!`)")


class Style(Enum):
    """How a part of a phrase is set. GOOD is as plain, BAD as strong, but for their colour on a terminal."""

    PLAIN = auto()
    CODE = auto()
    STRONG = auto()
    LINK = auto()
    GOOD = auto()
    BAD = auto()


_CODE = Style.CODE
_UNMARKED = Style.PLAIN, Style.GOOD
_BOLD = Style.STRONG, Style.BAD  # no sets: a member is found by identity here, which costs less


class Part(NamedTuple):
    """A run of text in one style. `url` is for links only; `code` sets a link's or strong text as code."""

    style: Style
    text: str
    url: str = ""
    code: bool = False


_TEXT = attrgetter("text")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of text in parts. Phrases add up; a string that is added counts as plain text."""

    parts: tuple[Part, ...] = ()

    def __add__(self, other: Phrase | str) -> Phrase:
        return Phrase(self.parts + _parts(other))

    def __radd__(self, other: str) -> Phrase:
        return Phrase(_parts(other) + self.parts)

    def __bool__(self) -> bool:
        return any(map(_TEXT, self.parts))

    def __str__(self) -> str:
        return "".join(map(_TEXT, self.parts))

    @property
    def markdown(self) -> str:
        """The phrase as GitHub-flavoured Markdown on one line, safe at its start too."""
        return escape.line_start(_written(self.parts, escape.code))

    @property
    def cell(self) -> str:
        """The phrase as the content of a table's cell."""
        return _written(self.parts, escape.code_in_cell)

    @property
    def html(self) -> str:
        """The phrase inside an HTML element, its code as code."""
        return "".join(escape.as_html(part.text, code=part.style is Style.CODE) for part in self.parts)


def plain(text: object) -> Phrase:
    """Text as it is."""
    return _plain(str(text))


def prose(text: str) -> Phrase:
    """What a person wrote on one line: what stands in single or double backticks is code."""
    if "`" not in text:
        return plain(text)
    parts: list[Part] = []
    at = 0
    for found in _MARKED_CODE.finditer(text):
        if inner := found[2].strip():
            parts += (Part(Style.PLAIN, text[at : found.start()]), Part(Style.CODE, inner))
            at = found.end()
    return Phrase((*parts, Part(Style.PLAIN, text[at:])))


def code(text: object) -> Phrase:
    """A name, path, hash or command."""
    return _code(str(text))


def strong(text: object, *, as_code: bool = False) -> Phrase:
    """Something that matters."""
    return Phrase((Part(Style.STRONG, str(text), code=as_code),))


def good(text: object) -> Phrase:
    """News that is good."""
    return Phrase((Part(Style.GOOD, str(text)),))


def bad(text: object) -> Phrase:
    """News that is bad."""
    return Phrase((Part(Style.BAD, str(text)),))


def link(text: object, url: str, *, as_code: bool = False) -> Phrase:
    """A link; without `url` only its text."""
    if not url:
        return code(text) if as_code else plain(text)
    return Phrase((Part(Style.LINK, str(text), url, as_code),))


def joined(phrases: Iterable[Phrase | str], separator: str = ", ") -> Phrase:
    """Phrases with a separator between them; for more than a few that is less work than to add them up."""
    parts: list[Part] = []
    for phrase in phrases:
        if parts and separator:
            parts += _parts(separator)
        parts += _parts(phrase)
    return Phrase(tuple(parts))


def listed(phrases: Iterable[Phrase | str]) -> Phrase:
    """Phrases as an English enumeration: "a, b and c"."""
    items = list(phrases)
    if len(items) < 2:  # noqa: PLR2004  # nothing to join
        return joined(items)
    return joined(items[:-1]) + " and " + items[-1]


def some(phrases: Iterable[Phrase | str], most: int) -> Phrase:
    """The first few as an enumeration, and how many more: "a, b and 17 more"."""
    items = list(phrases)
    more = len(items) - most
    return listed([*items[:most], f"{more:,} more"] if more > 0 else items)


@lru_cache(maxsize=4096)
def _plain(text: str) -> Phrase:
    return Phrase((Part(Style.PLAIN, text),))


@lru_cache(maxsize=4096)
def _code(text: str) -> Phrase:
    return Phrase((Part(Style.CODE, text),))


def _parts(value: Phrase | str) -> tuple[Part, ...]:
    return (value if isinstance(value, Phrase) else _plain(value)).parts


def _written(parts: Sequence[Part], span: Callable[[str], str]) -> str:
    """The parts as Markdown, code as `span` sets it.

    Plain neighbours are escaped as one text, or they could form markup together.
    """
    done = ""
    run = ""
    for n, part in enumerate(parts):
        if part.style in _UNMARKED:
            run += part.text
            continue
        if run:
            done += escape.plain(run)
            run = ""
        before = done[-1:]
        marked = span(part.text) if part.style is _CODE else _marked(part, before, parts[n + 1 :], span)
        if before == "`" and marked.startswith("`"):
            done += "\u200b"  # two code spans must not run into one
        elif before == "!" and marked.startswith("["):
            done = f"{done[:-1]}\\!"  # no image
        done += marked
    return done + escape.plain(run) if run else done


def _start(parts: Sequence[Part]) -> str:
    """The first character that these parts show, "" if none; strong text has no space around it."""
    texts = (escape.one_line(p.text).strip() if p.style in _BOLD else p.text for p in parts)
    return next((text[0] for text in texts if text), "")


def _marked(part: Part, before: str, after: Sequence[Part], span: Callable[[str], str]) -> str:
    """Strong text or a link, between what is written and the parts after it."""
    if part.style is Style.LINK:
        text = span(part.text) if part.code else escape.plain(part.text, links=False)
        return f"[{text}]({escape.url(part.url)})"
    text = escape.one_line(part.text).strip()
    if not text:
        return ""
    shown = span(text) if part.code else escape.plain(text)
    return f"**{shown}**" if _can_be_strong(shown, before, _start(after)) else shown


def _can_be_strong(shown: str, before: str, after: str) -> bool:
    """Whether `**` opens and closes here: beside punctuation inside, CommonMark wants no letter outside."""
    if before == "*":
        return False
    opens = shown[0].isalnum() or _apart(before)
    return opens and (shown[-1].isalnum() or _apart(after))


def _apart(char: str) -> bool:
    return not char or char.isspace() or char in string.punctuation
