"""What `generate` is asked for: which revisions, and which of their releases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import Enum, auto

from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import UnknownRevisionError, UsageError
from dvc_changelog.history import History, Span, Tag, Told, parse_tag, words
from dvc_changelog.workflows.common import now

_SHOWN = 3
_ALIKE = 0.6
_UNRELEASED = "unreleased"


class Part(Enum):
    """Which releases are wanted."""

    ALL = auto()
    UNRELEASED = auto()
    LATEST = auto()
    CURRENT = auto()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, its revisions resolved."""

    upper: str
    lower: str
    names: Mapping[str, str]


def asked_for(history: History, text: str | None) -> Asked:
    """Resolve a range `A..B`; None is all that HEAD reaches."""
    if text is None:
        head = history.head()
        return Asked(head, "", {head: "HEAD"})
    lower, upper = history.range(text)
    left, _, right = text.partition("..")
    return Asked(upper, lower, {lower: left, upper: right or "HEAD"})


def planned_tag(history: History, name: str, upper: str, message: str | None = None) -> Tag:
    """The tag that does not exist yet and names the unreleased part; annotated if it has a message.

    Raises:
        UsageError: there can be no such tag, it is there, or its commit is a release of its line.
    """
    if not history.can_be_tag(name):
        raise UsageError(
            f"{name!r} cannot be the name of a tag", "Name one such as v1.2.0; see `git check-ref-format`."
        )
    if any(tag.name.text == name for tag in history.all_tags):
        raise UsageError(f"The tag {name} exists already", "Leave --tag out: its release is told as it is.")
    said = "" if message is None else words(message)
    tag = Tag(parse_tag(name), upper, now(), said, annotated=message is not None)
    here = [
        t.name.text for t in history.release_tags() if t.commit_id == upper and t.name.line == tag.name.line
    ]
    if here:
        raise UsageError(
            f"Nothing is unreleased: this commit is {here[0]} already", "Commit first, or leave --tag out."
        )
    return tag


def chosen_of(told: Told, part: Part, upper: str) -> list[Span]:
    """The releases wanted, newest first."""
    spans = [span for span in told.spans if not span.skipped]
    match part:
        case Part.ALL:
            return spans
        case Part.UNRELEASED:
            return [span for span in spans if span.tag is None or span.tag.name.text == told.planned]
        case Part.LATEST:
            found = [span for span in spans if span.tag][:1]
            if not found:
                raise UsageError(
                    "There is no release yet: no tag", "Tag one (`git tag v0.1.0`), or leave --latest out."
                )
            return found
        case Part.CURRENT:
            found = [span for span in spans if span.tag and span.commit_id == upper]
            if not found:
                raise UsageError("The commit checked out has no tag", "Check a tag out, or use --latest.")
            return found


def named(told: Told, version: str) -> Span:
    """The release of this name: a tag, an alias, or its number."""
    names: dict[str, Span] = {}
    for span in told.spans:
        for tag in (span.tag, *span.aliases) if span.tag else ():
            names.setdefault(tag.name.text, span)
            names.setdefault(tag.name.text.removeprefix("v"), span)
        if span.tag is None:
            names[_UNRELEASED] = span
    found = names.get(version) or names.get(version.removeprefix("v")) or names.get(version.lower())
    if found:
        return found
    raise UnknownRevisionError(version, _those_there_are(version, list(names)))


def _those_there_are(version: str, names: list[str]) -> str:
    """The releases that may be meant; where no name is alike, the newest. `names` are newest first."""

    def as_tagged(some: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(f"v{name}" if f"v{name}" in names else name for name in some))

    if near := as_tagged(get_close_matches(version, names, n=2 * _SHOWN, cutoff=_ALIKE))[:_SHOWN]:
        return f"Releases with similar names: {', '.join(near)}."
    newest = [name for name in as_tagged(names) if name != _UNRELEASED][:_SHOWN]
    if not newest:
        return "There is no release yet: no tag."
    verb = "release is" if len(newest) == 1 else "releases are"
    return f"None has a similar name; the newest {verb} {', '.join(newest)}."
