"""Text of the repository as Markdown or HTML that shows just this text. Pure, str to str.

GitHub's flavour is what counts: its tables, autolinks and mentions. Emoji such as `:bug:` are meant and stay.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

_SIMPLE = re.compile(r"[A-Za-z0-9 .,:;()/+=#'\"!?%{}^\u2192\u2212\u2026\u00b7-]*")
_SPACE = re.compile(r"\s+")
_BROKEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb]"
)
_UNSEEN = re.compile("[\u00ad\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*[]<>|~"})
_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_ENTITY = re.compile(r"&(?=#?\w+;|$)")
_MENTION = re.compile(r"(?<![^\W_])@(?=\w)")
_LINE_START = re.compile(r" *(?:(?=[-+=#](?:[-+=#\s]|$))|\d{1,9}(?=[.)](?:\s|$)))")
"""What stands before the character that would open a block."""
_TAIL = re.compile(r"([-+=#]+)(?=\s*$)")
_ADDRESS = re.compile(r"https?://[^\s<>\\|`\"&]+[\w/]")
_BACKTICKS = re.compile(r"`+")
_URL = str.maketrans(
    {" ": "%20", "(": "%28", ")": "%29", "|": "%7C", "<": "%3C", ">": "%3E", "\\": "%5C", "`": "%60"}
)


def visible(text: str) -> str:
    """Text without what a reader cannot see: controls and broken bytes show as U+FFFD, zero widths go.

    Characters that reorder their neighbours count as controls: they make a line read as what it is not.
    """
    if text.isprintable():
        return text
    return _UNSEEN.sub("", _BROKEN.sub("\ufffd", text))


def one_line(text: str) -> str:
    """Visible text with its whitespace folded."""
    if text.isprintable() and "  " not in text:  # of all whitespace only the plain space is printable
        return text
    return _SPACE.sub(" ", visible(text))


@lru_cache(maxsize=4096)
def plain(text: str, *, links: bool = True) -> str:
    """Text as Markdown on one line: no markup, no HTML, no mention. See `line_start` for what opens a block.

    Args:
        text: any text.
        links: set an address that holds special characters in angle brackets, so that it stays one link.
    """
    if _SIMPLE.fullmatch(text) and "  " not in text:
        return text
    text = one_line(text)
    if links and "://" in text:
        return _around_addresses(text)
    return _escaped(text)


def line_start(markdown: str) -> str:
    """Markdown whose first characters open no heading, list, rule or underline of a heading."""
    found = _LINE_START.match(markdown)
    return f"{found[0]}\\{markdown[found.end() :]}" if found else markdown


def heading(markdown: str) -> str:
    """Markdown whose last characters are not taken for the end of a heading."""
    return _TAIL.sub(lambda m: m[1].replace("#", "\\#"), markdown) if markdown.endswith("#") else markdown


@lru_cache(maxsize=4096)
def code(text: str) -> str:
    """Text as an inline code span, whatever backticks it holds."""
    text = one_line(text)
    if not text.strip():
        return "` `" if text else '""'
    if "`" not in text:
        return f"` {text} `" if text[0] == text[-1] == " " else f"`{text}`"
    fence = "`" * (max(map(len, _BACKTICKS.findall(text))) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def code_in_cell(text: str) -> str:
    """The same in a table, where GFM has a pipe split a cell even inside a code span."""
    return code(text).replace("|", "\\|")


def url(address: str) -> str:
    """An address as the target of a link or of a link definition."""
    return visible(address).translate(_URL)


def as_html(text: str, *, code: bool = False) -> str:
    """Text inside an HTML element of the document, where Markdown is not read."""
    shown = html.escape(one_line(text), quote=False)
    return f"<code>{shown}</code>" if code else _MENTION.sub("@\u200b", shown)


def _around_addresses(text: str) -> str:
    done, at = [], 0
    for found in _ADDRESS.finditer(text):
        address = found[0]
        done.append(_escaped(text[at : found.start()]))
        done.append(address if _SIMPLE.fullmatch(address) else f"<{address}>")
        at = found.end()
    return "".join((*done, _escaped(text[at:])))


def _escaped(text: str) -> str:
    if "@" in text:
        text = _MENTION.sub("@\u200b", text)
    text = text.translate(_SPECIAL)
    if "_" in text:
        text = _UNDERSCORE.sub(r"\\_", text)
    if "&" in text:
        text = _ENTITY.sub("&amp;", text)
    if text.count("$") > 1:
        text = text.replace("$", "\\$")  # two of them are a formula on GitHub and GitLab
    return text
