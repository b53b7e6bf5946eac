"""What people wrote into a release's tags, as the words that stand at its top."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from dvc_changelog.domain import Note
from dvc_changelog.insight import TAG
from dvc_changelog.render.phrase import Phrase, code, plain, prose
from dvc_changelog.render.shapes import LIMIT, Quote

_ITEM = re.compile(r"(?:-|\d{1,9}\.) (?=\S)")


def is_quote(note: Note) -> bool:
    """Whether a note is the message of a tag, and not a trailer."""
    return note.kind == TAG and bool(note.tag)


def quoted(notes: Iterable[Note], version: str) -> tuple[Quote, ...]:
    """The messages of tags; that of another tag than the release's own, `version`, says of which."""
    return tuple(
        Quote(
            tuple(tuple(map(_line, paragraph.split("\n"))) for paragraph in note.text.split("\n\n")),
            Phrase() if note.tag in {"", version} else code(note.tag),
        )
        for note in notes
        if is_quote(note)
    )


def lines(quote: Quote) -> Iterator[str]:
    """A quote as the lines of a block quote of Markdown, but for the sign before each: lines stay lines."""
    shown, left = _first(quote.paragraphs)
    for n, paragraph in enumerate(shown):
        if n:
            yield ""
        for at, (mark, text) in enumerate(paragraph):
            after = paragraph[at + 1 : at + 2]
            if at and mark and not paragraph[at - 1][0]:
                yield ""  # else an ordered list would go on as text
            more = "\\" if after and not mark and not after[0][0] else ""
            yield f"{mark}{text.markdown}{more}"
    if left:
        yield ""
        yield f"… and {left:,} more lines, in `--format json`"
    if quote.by:
        yield ""
        yield f"{(plain('— ') + quote.by).markdown}"


def _first(
    paragraphs: Sequence[Sequence[tuple[str, Phrase]]],
) -> tuple[list[Sequence[tuple[str, Phrase]]], int]:
    """The paragraphs as far as they are shown, and how many lines are not."""
    shown, room = [], LIMIT
    for paragraph in paragraphs:
        if room:
            shown.append(paragraph[:room])
        room = max(0, room - len(paragraph))
    return shown, max(0, sum(map(len, paragraphs)) - LIMIT)


def _line(text: str) -> tuple[str, Phrase]:
    found = _ITEM.match(text)
    return (found[0], prose(text[found.end() :])) if found else ("", prose(text))
