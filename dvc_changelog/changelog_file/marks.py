"""The invisible marks around our sections, and a document cut up along them. Knows nothing of merging."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote, unquote

from dvc_changelog.changelog_file.body import Body
from dvc_changelog.changelog_file.outline import in_closed_fence
from dvc_changelog.changelog_file.section import Source
from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import DocumentError

MANAGED = "<!-- dvc-changelog:managed -->"
"""Stands in a file of ours that holds no section at present, so that it is known as ours next time."""

_MARK = re.compile(r"^ {0,3}<!--\s*dvc-changelog:(\w*)(.*?)\s*-->\s*$")
_LIKE_A_MARK = re.compile(r"^( {0,3})<!--(?=\s*dvc-changelog:)")
_FINGERPRINT = re.compile(r"(?:[A-Za-z0-9._]{4})+")
_SIDES = re.compile(r"[0-9a-f]*\.\.[0-9a-f]*")
_EMPTY = "0"
_REMEDY = (
    "Each section of ours stands between `<!-- dvc-changelog:begin KEY -->` and "
    "`<!-- dvc-changelog:end KEY … -->`. "
    "Restore the mark (see `git diff` or the last committed version); or delete the marks of that section "
    "and keep its text as your own."
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A section of ours in the file. `base` are the lines the tool wrote last; None if that is not known.

    `begin` and `end` are the marks as they stand in the file. `source` is that of its last text, where the
    mark has one: what DVC's cache gave is not read again on a machine without it.
    """

    key: str
    begin: str
    body: Body
    base: tuple[str, ...] | None
    end: str
    source: Source | None = None

    @classmethod
    def of(cls, key: str, body: Body, base: tuple[str, ...], source: Source | None = None) -> Marked:
        """A section with fresh marks."""
        name = _encoded(key)
        held = source if source and source.held else None
        print_ = "".join(base) or _EMPTY
        print_ += f" {held.sides} {held.lacking}" if held else ""
        begin, end = f"<!-- dvc-changelog:begin {name} -->", f"<!-- dvc-changelog:end {name} {print_} -->"
        return cls(key, begin, body, base, end, held)


Item = str | Marked
"""A line of the person's, or a section of ours."""


def is_managed(item: Item) -> bool:
    """Whether the line is the mark of a file of ours without sections."""
    mark = _MARK.match(item) if isinstance(item, str) else None
    return mark is not None and mark[1] == "managed"


def parse(lines: Sequence[str], path: str) -> list[Item]:
    """The document's lines with our sections in their place.

    Raises DocumentError, with the line, where marks are broken. A mark that is quoted in fenced code outside
    our sections is none, but only where that makes sense of the document: a fence that a person forgot to
    close must not hide our sections.
    """
    try:
        return _parsed(lines, path, [False] * len(lines))
    except DocumentError as error:
        try:
            return _parsed(lines, path, in_closed_fence(lines))
        except DocumentError:
            raise error from None


def unparse(items: Iterable[Item]) -> list[str]:
    """The lines of the document."""
    lines: list[str] = []
    for item in items:
        match item:
            case Marked():
                lines += [item.begin, *item.body.raw(), item.end]
            case str():
                lines.append(item)
    return lines


def without_marks(lines: Iterable[str]) -> list[str]:
    """The lines with everything disarmed that would be read as a mark of ours."""
    return [_LIKE_A_MARK.sub(r"\1&lt;!--", line) if "<!--" in line else line for line in lines]


def _encoded(key: str) -> str:
    # Neither "--" nor ">" nor a space may stand in the comment.
    return quote(key, safe="@/._+~:,=#!").replace("--", "-%2D")


def _parsed(lines: Sequence[str], path: str, quoted: Sequence[bool]) -> list[Item]:
    items: list[Item] = []
    begins: dict[str, int] = {}
    now: str | None = None
    for index, line in enumerate(lines):
        kind, key, print_ = "", "", ""
        if _LIKE_A_MARK.match(line) and (now is not None or not quoted[index]):
            kind, key, print_ = _read(line, index, path)
        if kind == "begin":
            _check_begin(path, index, key, now, begins)
            now, begins[key] = key, index
        elif kind == "end":
            if key != now:
                raise _broken(path, index, f"an end mark for {key} without its begin mark")
            start, now = begins[key], None
            body = Body.of(lines[start + 1 : index])
            items.append(Marked(key, lines[start], body, *_end(print_, line)))
        elif now is None:
            items.append(line)
    if now is not None:
        raise _broken(path, begins[now], f"the section {now} has no end mark")
    return items


def _check_begin(path: str, index: int, key: str, now: str | None, begins: dict[str, int]) -> None:
    if now is not None:
        raise _broken(path, begins[now], f"the section {now} has no end mark before line {index + 1}")
    if key in begins:
        raise _broken(path, index, f"a second section {key}; the first is at line {begins[key] + 1}")


def _read(line: str, index: int, path: str) -> tuple[str, str, str]:
    """Kind, key and fingerprint of a mark."""
    mark = _MARK.match(line)
    if not mark or mark[1] not in {"begin", "end", "managed"}:
        raise _broken(path, index, "a mark that cannot be read")
    name, _, rest = mark[2].strip().partition(" ")
    if mark[1] != "managed" and not name:
        raise _broken(path, index, "a mark that does not name its section")
    return mark[1], unquote(name), rest.strip()


def _end(print_: str, line: str) -> tuple[tuple[str, ...] | None, str, Source | None]:
    """What an end mark says: the lines the tool wrote, the mark itself, and where its values came from."""
    base, *rest = print_.split(" ")
    match rest:
        case []:
            return _base(base), line, None
        case [sides, lacking] if _SIDES.fullmatch(sides) and lacking.isdigit():
            return _base(base), line, Source(sides, int(lacking), held=True)
        case _:
            return None, line, None


def _base(print_: str) -> tuple[str, ...] | None:
    if print_ == _EMPTY:
        return ()
    if not _FINGERPRINT.fullmatch(print_):
        return None
    return tuple(print_[i : i + 4] for i in range(0, len(print_), 4))


def _broken(path: str, index: int, what: str) -> DocumentError:
    return DocumentError(path, f"line {index + 1}: {what}", _REMEDY)
