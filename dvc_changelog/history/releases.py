"""From tags and the graph to spans: which release has which commits and is compared with which. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from dvc_changelog.domain import Commit
from dvc_changelog.history.graph import Graph, ordered
from dvc_changelog.history.tags import TagName, VersionKey


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the repository. `timestamp` is the tagger's, else the commit's; `message` that of an annotated tag."""

    name: TagName
    commit_id: str
    timestamp: int
    message: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tags become releases. Patterns are regular expressions, searched in the tag's name."""

    tag_pattern: str = ""
    ignore_tags: tuple[str, ...] = ()
    skip_tags: tuple[str, ...] = ()
    merge_prereleases: bool = False
    artifact: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The commits between a release and the one it is compared with.

    `tag` is None for the unreleased part. `base` is the commit compared with, "" for the empty state;
    `base_tag` its tag. `commits` come newest first, merges included.
    """

    commit_id: str
    tag: Tag | None
    line: str
    base: str = ""
    base_tag: Tag | None = None
    aliases: tuple[Tag, ...] = ()
    commits: tuple[Commit, ...] = field(default=(), repr=False)
    skipped: bool = False

    @property
    def prerelease(self) -> bool:
        """Whether the tag names a prerelease."""
        return bool(self.tag and self.tag.name.prerelease)


@dataclass(frozen=True, slots=True)
class _Point:
    """A tagged commit: the tag that names it, and in which lines it counts."""

    commit_id: str
    tag: Tag
    aliases: tuple[Tag, ...]

    @property
    def lines(self) -> set[str]:
        return {tag.name.line for tag in (self.tag, *self.aliases)}

    def stable_in(self, line: str) -> bool:
        return any(not t.name.prerelease for t in (self.tag, *self.aliases) if t.name.line == line)

    def tag_in(self, line: str) -> Tag:
        return max((t for t in (self.tag, *self.aliases) if t.name.line == line), key=_rank)


def spans(graph: Graph, tags: Sequence[Tag], head: str, selection: Selection) -> list[Span]:
    """Divide the history into releases.

    Args:
        graph: all commits, with every tag's commit marked.
        tags: the release tags to consider, all of them in the graph.
        head: the commit whose unreleased part is wanted, in the graph; "" for none.
        selection: which tags count.

    Returns:
        the unreleased part (if `head` has commits that no release has), then the releases, newest first.
    """
    chosen = [tag for tag in tags if tag.commit_id in graph and _chosen(tag, selection)]
    points = _points(chosen)
    if selection.merge_prereleases:
        points = _without_folded(points, graph)
    lines = _lines(points, graph)
    result = [_span(graph, point, lines) for point in _document_order(points, lines, graph)]
    result = [replace(span, skipped=_matches(span, selection.skip_tags)) for span in result]
    if head:
        commits = graph.own(head, (point.commit_id for point in points))
        if commits:
            base = next((s for s in reversed(result) if graph.contains(head, s.commit_id)), None)
            result.append(
                Span(
                    commit_id=head,
                    tag=None,
                    line=base.line if base else "",
                    base=base.commit_id if base else "",
                    base_tag=base.tag if base else None,
                    commits=tuple(commits),
                )
            )
    return result[::-1]


def _chosen(tag: Tag, selection: Selection) -> bool:
    text = tag.name.text
    if selection.artifact and tag.name.line.split(":")[-1] != selection.artifact.split(":")[-1]:
        return False
    if selection.tag_pattern and not re.search(selection.tag_pattern, text):
        return False
    return not any(re.search(pattern, text) for pattern in selection.ignore_tags)


def _matches(span: Span, patterns: Iterable[str]) -> bool:
    return bool(span.tag) and any(re.search(p, span.tag.name.text) for p in patterns if span.tag)


def _rank(tag: Tag) -> tuple[bool, bool, bool, VersionKey, int]:
    """Sorts the tags of one commit: the repository's own line, a final version, the highest, the newest last."""
    key = tag.name.version or ((), 0, "", 0)
    return (tag.name.version is not None, tag.name.line == "", not tag.name.prerelease, key, tag.timestamp)


def _points(tags: Iterable[Tag]) -> list[_Point]:
    at: dict[str, list[Tag]] = defaultdict(list)
    for tag in tags:
        at[tag.commit_id].append(tag)
    points = []
    for commit_id, here in at.items():
        best, *rest = sorted(here, key=_rank, reverse=True)
        points.append(_Point(commit_id, best, tuple(rest)))
    return points


def _without_folded(points: list[_Point], graph: Graph) -> list[_Point]:
    """Without the prereleases that a stable release of their line contains: their entries are its own."""

    def folded(point: _Point) -> bool:
        return all(tag.name.prerelease for tag in (point.tag, *point.aliases)) and any(
            other.stable_in(point.tag.name.line) and graph.contains(other.commit_id, point.commit_id)
            for other in points
            if point.tag.name.line in other.lines and other is not point
        )

    return [point for point in points if not folded(point)]


def _lines(points: Iterable[_Point], graph: Graph) -> dict[str, list[_Point]]:
    """The points of each line, oldest first: ancestry, then version, then date."""
    members: dict[str, list[_Point]] = defaultdict(list)
    for point in points:
        for line in point.lines:
            members[line].append(point)
    return {line: _line_order(line, here, graph) for line, here in members.items()}


def _line_order(line: str, points: list[_Point], graph: Graph) -> list[_Point]:
    tags = {point: point.tag_in(line) for point in points}
    versioned = all(tag.name.version is not None for tag in tags.values())

    def key(point: _Point) -> tuple[VersionKey, int]:
        tag = tags[point]
        version = tag.name.version if versioned and tag.name.version else ((), 0, "", 0)
        return (version, tag.timestamp)

    return ordered(points, _before(points, graph), key)


def _before(points: Sequence[_Point], graph: Graph) -> dict[_Point, list[_Point]]:
    """For each point those that it contains, the nearest ones: what they contain comes before them anyway."""
    at = {point.commit_id: point for point in points}
    marks = graph.marks(at)
    return {p: [at[name] for name in graph.nearest(p.commit_id, marks)] for p in points}


def _document_order(
    points: Sequence[_Point], lines: dict[str, list[_Point]], graph: Graph
) -> list[_Point]:
    """All points oldest first: ancestry and each line's own order, then date."""
    before = _before(points, graph)
    for line in lines.values():
        for older, newer in zip(line, line[1:], strict=False):
            before[newer].append(older)
    return ordered(points, before, lambda point: point.tag.timestamp)


def _span(graph: Graph, point: _Point, lines: dict[str, list[_Point]]) -> Span:
    line = point.tag.name.line
    earlier = lines[line][: lines[line].index(point)]
    wanted = (p for p in reversed(earlier) if graph.contains(point.commit_id, p.commit_id))
    base = next((p for p in wanted if point.tag.name.prerelease or p.stable_in(line)), None)
    nearest = graph.nearest(point.commit_id, graph.marks(p.commit_id for p in earlier))
    return Span(
        commit_id=point.commit_id,
        tag=point.tag,
        line=line,
        base=base.commit_id if base else "",
        base_tag=base.tag_in(line) if base else None,
        aliases=point.aliases,
        commits=tuple(graph.own(point.commit_id, nearest)),
    )
