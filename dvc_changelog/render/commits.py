"""Lines about commits and what people wrote, under the headings of the configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Commit, Forge, Note, Touch
from dvc_changelog.insight import UNDONE
from dvc_changelog.render import figures, links
from dvc_changelog.render.phrase import Part, Phrase, Style, code, link, prose, strong
from dvc_changelog.render.shapes import Line, Section

_KINDS = {"reason": "", "known-issue": "Known issue", "note": "Note"}
_REFERENCE = re.compile(r"(?<![\w&/])[#!]\d+\b")
_UNTYPED = frozenset((Touch.MODEL, Touch.DATA, Touch.METRICS, Touch.PARAMS))
Below = Callable[[Commit], tuple[Phrase, ...]]
"""What stands below a commit."""
_WEIGHT = {touch.value: n for n, touch in enumerate(Touch)}


@dataclass(frozen=True, slots=True)
class Arranged:
    """A release's commits: under headings, and those that fold."""

    sections: tuple[Section, ...]
    quiet: Section


def arranged(
    commits: Sequence[Commit],
    config: Config,
    forge: Forge | None,
    below: Below = lambda _: (),
) -> Arranged:
    """Put the commits under their headings; breaking ones first, then in the order they came.

    A commit of a quiet group folds, unless it is breaking or touched data; so do undone ones. None is left
    out. `below` gives what stands below one.
    """
    headings: dict[str, list[Commit]] = {"Breaking changes": []}
    headings.update({heading: [] for heading in config.groups})
    open_ = _open_groups(config)
    quiet: list[Commit] = []
    for commit in commits:
        heading = open_.get(_group(commit, open_))
        if commit.breaking is not None and commit.group != UNDONE:
            headings["Breaking changes"].append(commit)
        elif heading is None or commit.group == UNDONE:
            quiet.append(commit)
        else:
            headings[heading].append(commit)
    sections = tuple(
        Section(heading, lines=tuple(Line(line(c, forge), below(c)) for c in _ordered(members)))
        for heading, members in headings.items()
        if members
    )
    return Arranged(sections, _quiet(quiet, forge, below, more=bool(sections)))


def _open_groups(config: Config) -> dict[str, str]:
    """The groups that do not fold, with their headings."""
    return {
        group: config.heading(group)
        for groups in config.groups.values()
        for group in groups
        if group not in config.quiet_groups
    }


def _group(commit: Commit, open_: Container[str]) -> str:
    """Its group; of a quiet one that touched data or a model, whatever its type says, what it touched."""
    if commit.conventional and commit.group not in open_ and (touched := _telling(commit)):
        return touched[0]
    return commit.group


def _telling(commit: Commit) -> list[str]:
    """What a commit touched of that which no type of the convention names."""
    return [touch.value for touch in commit.touches if touch in _UNTYPED]


def line(commit: Commit, forge: Forge | None, *, folded: bool = False) -> Phrase:
    """A commit in one line: scope, subject, links, id, and what it touched as far as no type says it.

    A folded line does not repeat what the heading of the fold says.
    """
    scope = (Part(Style.STRONG, commit.scope), _text(": ")) if commit.scope else ()
    subject = _linked(commit.message, commit.links, forge)
    breaking = (_text("): "), *prose(commit.breaking).parts) if commit.breaking else (_text(")"),)
    touched = _telling(commit) if commit.conventional else [touch.value for touch in commit.touches]
    if touched and not (folded and touched == [commit.group]):
        breaking += (_text(f" · {', '.join(touched)}"),)
    return Phrase((*scope, *subject, _text(" ("), *reference(commit.id, forge).parts, *breaking))


def named(commit: Commit, forge: Forge | None) -> Phrase:
    """A commit by its id and subject."""
    subject = Phrase(tuple(_linked(commit.message, commit.links, forge)))
    return reference(commit.id, forge) + " " + subject


def note(item: Note, forge: Forge | None, tag: str | None = None) -> Phrase:
    """What a person wrote for the reader, and where, if not in the release's own `tag`."""
    kind = _KINDS.get(item.kind, item.kind.replace("-", " ").capitalize())
    head = strong(kind) + ": " if kind else Phrase()
    place = reference(item.commit_id, forge) if item.commit_id else code(item.tag)
    known = not item.commit_id and item.tag in {"", tag}
    return head + prose(item.text) + (Phrase() if known else " (" + place + ")")


def _ordered(commits: Sequence[Commit]) -> list[Commit]:
    """What weighs most first where commits of several touched kinds share a heading; else as they came."""
    return sorted(commits, key=lambda c: -1 if c.conventional else _WEIGHT.get(c.group, len(_WEIGHT)))


def _quiet(
    commits: Sequence[Commit],
    forge: Forge | None,
    below: Below,
    *,
    more: bool,
) -> Section:
    kinds = list(dict.fromkeys("undone" if c.group == UNDONE else _plural(c.group) for c in commits))
    squashed = len({commit.id for commit in commits}) < len(commits)  # some are lines of one merge
    one = ("more " if more else "") + ("change" if squashed else "commit")
    heading = f"{figures.count(len(commits), one)} ({', '.join(kinds)})"
    lines = (Line(line(c, forge, folded=True), below(c)) for c in commits)
    return Section(heading, lines=tuple(lines))


def _plural(group: str) -> str:
    return {"test": "tests", "chore": "housekeeping", "ci": "CI"}.get(group, group)


def _linked(subject: str, references: Sequence[str], forge: Forge | None) -> Sequence[Part]:
    """The subject with its code as code and its `#41` as links."""
    told = prose(subject or "(no message)").parts
    if not forge or not references:
        return told
    return [
        inner
        for part in told
        for inner in (_with_links(part.text, references, forge) if part.style is Style.PLAIN else (part,))
    ]


def _with_links(subject: str, references: Sequence[str], forge: Forge) -> Sequence[Part]:
    parts: list[Part] = []
    at = 0
    for found in _REFERENCE.finditer(subject):
        url = links.issue(found[0], forge) if found[0] in references else ""
        if url:
            parts += (_text(subject[at : found.start()]), Part(Style.LINK, found[0], url))
            at = found.end()
    return (*parts, _text(subject[at:]))


def _text(text: str) -> Part:
    return Part(Style.PLAIN, text)


def reference(commit_id: str, forge: Forge | None) -> Phrase:
    """A commit by its short id, with a link to its page."""
    short = commit_id[:7]
    url = links.commit(commit_id, forge)
    return link(short, url, as_code=True) if url else code(short)
