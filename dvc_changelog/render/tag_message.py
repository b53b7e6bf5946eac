"""The message of an annotated tag, or of a commit, that carries the entry of its release.

The entry stands between two marks, so that `history` reads only a person's words from the message. Headings
are underlined: Git drops lines that begin with "#" unless it is told to take a message verbatim, and so does
every editor that a message is opened in. Pure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from dvc_changelog.config import Config
from dvc_changelog.history import Tag, parse_tag
from dvc_changelog.history import words as words_of
from dvc_changelog.history.carried import END, begin, without_marks
from dvc_changelog.insight import tag_notes
from dvc_changelog.render import escape
from dvc_changelog.render.entry import quoted
from dvc_changelog.render.phrase import code
from dvc_changelog.render.quotes import quoted as quotes_of

LIMIT = 60_000
"""How many bytes of an entry a message carries: a command line takes twice as much, forges' pages too."""

_HEADING = re.compile(r"(?P<level>#{2,6})[ \t]+(?P<text>\S.*)")
_TITLE = re.compile(r"##[ \t]+\[(?P<label>.+)\](?:[ \t].*)?")
_UNDERLINED = re.compile(r"[^\n]+\n-{4,}")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_BROKEN = re.compile("[\x00\ud800-\udfff]")

_LINK = re.compile(r"(?<![\\!])\[((?:\\.|`[^`\n]*`|[^\[\]\\`\n])*)\]\((?:https?:|mailto:)[^()\s]*\)")
_SUMMARY = re.compile(r"^([> ]*)<details><summary>(.*)</summary>$", re.MULTILINE)
_DETAILS_END = re.compile(r"^[> ]*</details>\n?", re.MULTILINE)
_TAGS = re.compile(r"</?code>")
_REFERENCE = re.compile(r"(?:[#!]|\b(?i:gh)-)(?=\d)")
_ADDRESS = re.compile(r"https?://(?=\S+/(?:issues|merge_requests|pulls?|work_items)/\d)")
_TICKET = re.compile(r"\b(?:clos|fix|resolv|implement)\w*:?\s+[A-Z][A-Z0-9_]*-(?=\d)", re.IGNORECASE)
_SKIP = re.compile(r"\[(?=(?:skip|ci|no|actions)[ -](?:ci|skip|actions)\b)|\*\*\*(?=NO_CI)", re.IGNORECASE)
_TRAILER = re.compile(r"[A-Za-z0-9-]+[ \t]*:[ \t]*\S.*|\(cherry picked from commit .*")
_SIGN_OFF = re.compile(r"(?:Signed-off-by: |\(cherry picked from commit )")
_BETWEEN = re.compile(r"\n(?:[ \t]*\n)+")


def message(
    entry: str, tag: str, words: str = "", *, whole: str = "CHANGELOG.md", config: Config | None = None
) -> str:
    """The message of an annotated tag: a person's words, then the entry. `words` of `history` reads it back.

    Args:
        entry: the entry as Markdown, with its heading.
        tag: the tag's name, which is the subject where there are no words.
        words: what the person says. An entry in them goes. The name of the tag alone counts as none.
        whole: where the entry stands whole; said where it is too long for a message.
        config: that with which the entry was written.

    Returns:
        text for `git tag --cleanup=verbatim -F`, ending in one newline. The entry is without its heading, its
        headings one level up, and without the words where it quotes them.
    """
    said = words_of(_BROKEN.sub("\ufffd", words))
    body = _fitting(_body(_without_quote(entry, tag, said, config or Config())), whole)
    return f"{said or tag}\n\n{begin(tag)}\n\n{body}\n\n{END}\n"


def commit_message(entry: str, words: str, *, whole: str = "CHANGELOG.md") -> str:
    """The message of a commit that carries the entry, as plain as Markdown can be read.

    Nothing in the entry acts: no number refers to an issue, which a forge would close, nothing skips CI, and
    the last paragraph, in which Git looks for trailers, is the mark or the person's own trailers.

    Args:
        entry: the entry as Markdown, with its heading.
        words: the subject, the body and the trailers of the commit. An entry in them goes.
        whole: see `message`.

    Returns:
        text for `git commit --cleanup=verbatim -F`, ending in one newline.
    """
    said, trailers = _parted(words_of(_BROKEN.sub("\ufffd", words)))
    body = _idle(_plainer(_fitting(_body(entry), whole)))
    end = f"{END}\n\n{trailers}" if trailers else END
    return f"{said}\n\n{begin()}\n\n{body}\n\n{end}\n"


def _without_quote(entry: str, tag: str, said: str, config: Config) -> str:
    """The entry less the words of its own tag, which stand above it."""
    own = tag_notes([Tag(parse_tag(tag), "", 0, said, annotated=True)], config.note_trailers)
    for quote in quotes_of(own, tag):
        entry = entry.replace(f"\n{quoted(quote, config.fold_after)}", "\n", 1)
    return entry


def _body(entry: str) -> str:
    """The entry without its heading and that one's link, its headings a level up, and no mark in it."""
    lines = _BROKEN.sub("\ufffd", entry.replace("\r\n", "\n")).strip("\n").split("\n")
    title = _TITLE.fullmatch(lines[0])
    if lines[0].startswith("## "):
        del lines[0]
    definition = f"[{title['label']}]: " if title else None
    told = "\n".join(_raised(line for line in lines if not (definition and line.startswith(definition))))
    return without_marks(told).strip()


def _raised(lines: Iterator[str]) -> Iterator[str]:
    """Lines of Markdown with each heading one level up; the highest are underlined. Fenced code stays."""
    fence = ""
    for line in lines:
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        heading = None if fence or found else _HEADING.fullmatch(line)
        if not heading:
            yield line
        elif len(heading["level"]) > 3:  # noqa: PLR2004  # only what was a heading of a section is underlined
            yield f"{heading['level'][1:]} {heading['text']}"
        else:
            # Three hyphens alone would be the end of the message to `git am`.
            text = escape.line_start(heading["text"])
            yield f"{text}\n{'-' * max(4, len(text))}"


def _fitting(body: str, whole: str) -> str:
    """As much of the entry as a message takes, up to a blank line at which nothing is open."""
    if len(body.encode()) <= LIMIT:
        return body
    kept, size, best = body.split("\n\n"), 0, 0
    for n, block in enumerate(kept):
        size += len(block.encode()) + 2
        if size > LIMIT:
            break
        if not _open("\n\n".join(kept[: n + 1])):
            best = n + 1
    kept = kept[:best]
    while kept and _UNDERLINED.fullmatch(kept[-1]):
        kept.pop()
    where = code(whole).markdown
    return "\n\n".join((*kept, f"This entry is too long for a message: the whole of it is in {where}."))


def _open(text: str) -> bool:
    """Whether a fold or fenced code goes on at the end."""
    fences = len([line for line in text.split("\n") if _FENCE.match(line)])
    return text.count("<details>") > text.count("</details>") or fences % 2 > 0


def _plainer(body: str) -> str:
    """Markdown for where nobody renders it: links as their text, folds open."""
    text = _LINK.sub(r"\1", body)
    text = _SUMMARY.sub(lambda m: f"{m[1]}{html.unescape(_TAGS.sub('`', m[2]))}:", text)
    return _BETWEEN.sub("\n\n", _DETAILS_END.sub("", text)).strip()


def _idle(text: str) -> str:
    """Text in which forges and CI find no command and no reference: a character without width is between."""
    for pattern in (_REFERENCE, _TICKET, _SKIP):
        text = pattern.sub(lambda found: f"{found[0]}\u200b", text)
    return _ADDRESS.sub(lambda found: f"\u200b{found[0]}", text)


def _parted(words: str) -> tuple[str, str]:
    """A commit's subject and body, and its trailers: Git finds them in the last paragraph only."""
    *before, last = _BETWEEN.split(words)
    if not before or not _are_trailers(last.split("\n")):
        return words, ""
    return words[: len(words) - len(last)].rstrip(), last


def _are_trailers(lines: Sequence[str]) -> bool:
    """As Git has it: all lines are, or one is of Git's own making and a quarter of them are.

    A line that is indented goes on with the one before.
    """
    heads = [line for n, line in enumerate(lines) if n == 0 or not line[:1].isspace()]
    trailers = [line for line in heads if _TRAILER.fullmatch(line)]
    signed = any(map(_SIGN_OFF.match, heads))
    return len(trailers) == len(heads) or (signed and len(trailers) * 4 >= len(heads))
