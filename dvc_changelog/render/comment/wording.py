"""Sentences that come as plain text, with the names in them set as code; and text that may be too long."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from dvc_changelog.domain import OutputChange, Release
from dvc_changelog.render import escape, figures, phrase
from dvc_changelog.render.phrase import Part, Phrase, Style, code, prose

_FEW = 3
_LONGEST = 120
_SHORTEST = 40
_WITHIN = re.compile(r"[\w./-]")
_GOES_ON = re.compile(r"[\w/-]|\.\w")
"""A stop may end the sentence after a name; within a longer name it does not stand before a space."""
_WORD = re.compile(r"[^\s,;:()]*[^\s,;:().]")


def known(release: Release) -> frozenset[str]:
    """Names of files, params, metrics and artifacts that no sentence has as words: with a dot, a dash, …"""
    changes = ((change.path, getattr(change, "name", "")) for change in release.changes)
    outputs = (c.new or c.old for c in release.changes if isinstance(c, OutputChange))
    artifacts = (output.artifact.address for output in outputs if output and output.artifact)
    files = (file.path for commit in release.commits for file in commit.files)
    stale = (name for item in release.stale for name in (item.name, item.path))
    found = (*(name for pair in changes for name in pair), *artifacts, *files, *stale)
    return frozenset(name for name in found if {*name} & {*"./_-"})


def marked(text: str, names: Iterable[str], known: Collection[str] = ()) -> Phrase:
    """A sentence with names as code, wherever they stand by themselves.

    Args:
        text: the sentence; what it has between backticks is code already.
        names: what it is of; they may have spaces.
        known: single words that are names too.
    """
    wanted = {name for name in names if name.strip() and name in text}
    parts = prose(text).parts
    if wanted:
        parts = tuple(inner for part in parts for inner in _split(part, _standing(part.text, wanted)))
    if known:
        parts = tuple(
            inner
            for part in parts
            for inner in _split(part, (w.span() for w in _WORD.finditer(part.text) if w[0] in known))
        )
    return Phrase(parts)


def some(names: Iterable[Phrase]) -> Phrase:
    """As in "`a`, `b`, `c` and 17 more"."""
    return phrase.some(names, _FEW)


def short(name: str, room: int = 1) -> str:
    """A name, shortened where nobody would read it to its end; more so where there is no room."""
    return figures.shortened(name, _LONGEST if room else _SHORTEST)


def named(name: str, room: int = 1) -> Phrase:
    """A branch, revision or command."""
    return code(short(name, room))


def paragraph(phrase: Phrase) -> str:
    """A phrase as a paragraph; GitLab takes a line that starts with a slash for a command to itself."""
    text = phrase.markdown
    return f"\\{text}" if text.startswith("/") else text


def units(text: str) -> int:
    """How long a forge says that a text is: in the units of UTF-16, which no forge counts less than."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def image(alt: str, url: str) -> str:
    """An image by its address."""
    return f"![{escape.plain(short(alt), links=False)}]({escape.url(url)})"


def _standing(text: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where names stand by themselves, the longest where several do.

    No expression is made of them: thousands of sentences, each with a name of its own, are not rare.
    """
    found = sorted((at, -len(name)) for name in names for at in _places(text, name))
    end = 0
    for at, length in found:
        if at >= end:
            end = at - length
            yield at, end


def _places(text: str, name: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        if not _WITHIN.match(text[max(at - 1, 0) : at]) and not _GOES_ON.match(text, at + len(name)):
            yield at
        at = text.find(name, at + 1)


def _split(part: Part, names: Iterable[tuple[int, int]]) -> Iterator[Part]:
    """A part of plain text with these names as code; another part as it is."""
    if part.style is not Style.PLAIN:
        yield part
        return
    at = 0
    for start, end in names:
        if start > at:
            yield Part(Style.PLAIN, part.text[at:start])
        yield Part(Style.CODE, part.text[start:end])
        at = end
    if at < len(part.text):
        yield Part(Style.PLAIN, part.text[at:])
