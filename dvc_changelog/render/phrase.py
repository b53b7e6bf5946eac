"""Phrases: text for people before it is Markdown or a terminal's. Escaping happens here, once.

All text of the repository goes through a phrase, so that no message breaks a table, opens a tag or pings a user.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto


class Style(Enum):
    """How a part of a phrase is set."""

    PLAIN = auto()
    CODE = auto()
    STRONG = auto()
    LINK = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text in one style. `url` is for links only; `code` sets a link's or strong text as code."""

    style: Style
    text: str
    url: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A piece of text in parts. Phrases add up; a string that is added counts as plain text."""

    parts: tuple[Part, ...] = ()

    def __add__(self, other: Phrase | str) -> Phrase:
        return Phrase(self.parts + _phrase(other).parts)

    def __radd__(self, other: str) -> Phrase:
        return _phrase(other) + self

    def __bool__(self) -> bool:
        return any(part.text for part in self.parts)

    def __str__(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def markdown(self) -> str:
        """The phrase as GitHub-flavoured Markdown on one line."""
        return "".join(_markdown(part) for part in self.parts)

    @property
    def cell(self) -> str:
        """The phrase as the content of a table's cell."""
        return "".join(_markdown(part, cell=True) for part in self.parts)


def plain(text: object) -> Phrase:
    """Text as it is."""
    return Phrase((Part(Style.PLAIN, str(text)),))


def code(text: object) -> Phrase:
    """A name, path, hash or command."""
    return Phrase((Part(Style.CODE, str(text)),))


def strong(text: object, *, as_code: bool = False) -> Phrase:
    """Something that matters."""
    return Phrase((Part(Style.STRONG, str(text), code=as_code),))


def link(text: object, url: str, *, as_code: bool = False) -> Phrase:
    """A link; without `url` only its text."""
    if not url:
        return code(text) if as_code else plain(text)
    return Phrase((Part(Style.LINK, str(text), url, as_code),))


def joined(phrases: Iterable[Phrase | str], separator: str = ", ") -> Phrase:
    """Phrases with a separator between them."""
    result = Phrase()
    for n, phrase in enumerate(phrases):
        result = result + separator + phrase if n else result + phrase
    return result


def listed(phrases: Iterable[Phrase | str]) -> Phrase:
    """Phrases as an English enumeration: "a, b and c"."""
    items = list(phrases)
    if len(items) < 2:  # noqa: PLR2004  # nothing to join
        return joined(items)
    return joined(items[:-1]) + " and " + items[-1]


def _phrase(value: Phrase | str) -> Phrase:
    return value if isinstance(value, Phrase) else plain(value)


_SPACE = re.compile(r"\s+")
_NEEDS_CARE = re.compile(r"[\\`*\[\]<>|~_&@]|^\s*(?:[#+\-=]|\d+[.)])")
_SPECIAL = re.compile(r"([\\`*\[\]<>|~])")
_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_MENTION = re.compile(r"(?<![\w`])@(?=\w)")
_LINE_START = re.compile(r"^(\s*)([#+\-=]|\d+[.)])(?=\s|$|#)")


def escape(text: str) -> str:
    """Plain text as Markdown that shows just this text: no markup, no HTML, no mention, on one line."""
    text = _SPACE.sub(" ", _printable(text))
    if not _NEEDS_CARE.search(text):
        return text
    text = _SPECIAL.sub(r"\\\1", text)
    text = _UNDERSCORE.sub(r"\\_", text)
    text = _ENTITY.sub("&amp;", text)
    text = _MENTION.sub("@\u200b", text)
    return _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if not m[2][0].isdigit() else f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", text)


def code_span(text: str, *, cell: bool = False) -> str:
    """Text as an inline code span, whatever backticks it holds."""
    text = _SPACE.sub(" ", _printable(text))
    if not text.strip():
        return "` `" if text else '""'
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    if cell:
        text = text.replace("|", "\\|")  # GFM: a pipe splits a cell even inside a code span
    return f"{fence}{pad}{text}{pad}{fence}"


def _markdown(part: Part, *, cell: bool = False) -> str:
    match part.style:
        case Style.PLAIN:
            lead = part.text[: len(part.text) - len(part.text.lstrip())]
            return (" " if lead else "") + escape(part.text.lstrip()) if lead else escape(part.text)
        case Style.CODE:
            return code_span(part.text, cell=cell)
        case Style.STRONG:
            return f"**{code_span(part.text, cell=cell) if part.code else escape(part.text.strip())}**"
        case Style.LINK:
            shown = code_span(part.text, cell=cell) if part.code else escape(part.text)
            return f"[{shown}]({_url(part.url)})"


def _url(url: str) -> str:
    return url.replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("|", "%7C").replace("<", "%3C")


def _printable(text: str) -> str:
    """Without control characters, and with bytes of a path that are no UTF-8 as U+FFFD."""
    if text.isprintable():
        return text
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text)
