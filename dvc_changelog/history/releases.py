"""From tags and the graph to spans: which release has which commits and is compared with which. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from itertools import pairwise

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Author, Commit
from dvc_changelog.history.graph import Graph, ordered
from dvc_changelog.history.tags import TagName, VersionKey


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag. `timestamp` is the tagger's, else the commit's; `message` and `author` an annotated tag's.

    The message is what a person wrote: without a signature, and without the entry that it may carry.
    """

    name: TagName
    commit_id: str
    timestamp: int
    message: str = ""
    annotated: bool = False
    author: Author | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tags become releases. Patterns are regular expressions, searched in the tag's name.

    `not_lines` are lines of releases that are left out.
    `artifact` is the full name of the only line wanted, "" for all.
    """

    tag_pattern: str = ""
    ignore_tags: tuple[str, ...] = ()
    skip_tags: tuple[str, ...] = ()
    merge_prereleases: bool = False
    artifact: str = ""
    not_lines: frozenset[str] = frozenset()

    def wants(self, line: str) -> bool:
        """Whether a line of releases, or an artifact's events, are wanted."""
        return self.artifact in {"", line} and line not in self.not_lines

    def takes(self, name: TagName) -> bool:
        """Whether a tag becomes a release (a skipped one does, to be left out of what is told)."""
        if not self.wants(name.line):
            return False
        if self.tag_pattern and not re.search(self.tag_pattern, name.text):
            return False
        return not any(re.search(pattern, name.text) for pattern in self.ignore_tags)

    def skips(self, name: TagName) -> bool:
        """Whether a release is left out with its commits."""
        return any(re.search(pattern, name.text) for pattern in self.skip_tags)


@dataclass(frozen=True, slots=True)
class Span:
    """The commits between a release and the one it is compared with.

    `tag` is None for the unreleased part. `base` is the commit compared with, "" for the empty state;
    `base_tag` its tag. `commits` come newest first, merges included. `prereleases` are those between the base
    and a stable version, which tell their commits themselves; `since` are all commits since the base then,
    but for those of dropped tags. `folded` are the tags of prereleases that are told in it, oldest first.
    `apart` says that the base stands on another branch; `shared` are ids of those commits that it has too.
    """

    commit_id: str
    tag: Tag | None
    line: str
    base: str = ""
    base_tag: Tag | None = None
    aliases: tuple[Tag, ...] = ()
    commits: tuple[Commit, ...] = field(default=(), repr=False)
    prereleases: tuple[Tag, ...] = ()
    since: tuple[Commit, ...] = field(default=(), repr=False)
    skipped: bool = False
    apart: bool = False
    shared: frozenset[str] = field(default=frozenset(), repr=False)
    folded: tuple[Tag, ...] = ()

    @property
    def key(self) -> str:
        """The tag's name, "" for the unreleased part."""
        return self.tag.name.text if self.tag else ""

    @property
    def prerelease(self) -> bool:
        """Whether the tag names a prerelease."""
        return bool(self.tag and self.tag.name.prerelease)


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """A tagged commit: the tag that names it, and in which lines it counts."""

    commit_id: str
    tag: Tag
    aliases: tuple[Tag, ...]

    @property
    def lines(self) -> set[str]:
        return {tag.name.line for tag in (self.tag, *self.aliases)}

    def stable_in(self, line: str) -> bool:
        return not self.tag_in(line).name.prerelease

    def tag_in(self, line: str) -> Tag:
        return max((t for t in (self.tag, *self.aliases) if t.name.line == line), key=rank)


def first_releases(told: Sequence[Span]) -> dict[str, str]:
    """The key of the release that first had each commit, of releases that come newest first."""
    found: dict[str, str] = {}
    for span in reversed(told):
        for commit in span.commits:
            found.setdefault(commit.id, span.key)
    return found


def spans(graph: Graph, tags: Sequence[Tag], head: str, selection: Selection) -> list[Span]:
    """Divide the history into releases.

    Args:
        graph: all commits, with every tag's commit marked.
        tags: the tags that become releases; those whose commit is not in the graph are left out.
        head: the commit whose unreleased part is wanted, in the graph; "" for none.
        selection: how they are told.

    Returns:
        the unreleased part (if `head` has commits that no release has), then the releases, newest first.
    """
    points = whole = _points(tag for tag in tags if tag.commit_id in graph)
    if selection.merge_prereleases:
        points = _without_folded(points, graph)
    lines = _lines(points, graph)
    made = {point: span for line, here in lines.items() for point, span in _line_spans(graph, line, here)}
    result = [made[point] for point in _document_order(points, lines, graph)]
    if folded := set(whole).difference(points):
        result = [replace(span, folded=_folded_into(span, folded)) for span in result]
    result = [replace(span, skipped=bool(span.tag and selection.skips(span.tag.name))) for span in result]
    if dropped := {commit.id for span in result if span.skipped for commit in span.commits}:
        result = [replace(s, since=tuple(c for c in s.since if c.id not in dropped)) for s in result]
    tagged = graph.marks(point.commit_id for point in points)
    if head and (commits := graph.own(head, tagged)):
        base = next((s for s in reversed(result) if graph.contains(head, s.commit_id)), None)
        result.append(
            Span(
                commit_id=head,
                tag=None,
                line=base.line if base else "",
                # Where all releases stand on branches, it is what came since the last of them left.
                base=base.commit_id if base else graph.fork(head, tagged),
                base_tag=base.tag if base else None,
                commits=tuple(commits),
            )
        )
    return result[::-1]


def rank(tag: Tag) -> tuple[bool, bool, bool, VersionKey, int]:
    """Sorts the tags of one commit, the naming one last: a final version, of the repository's own line,
    the highest, the newest.
    """
    key = tag.name.version or ((), 0, "", 0)
    return (tag.name.version is not None, not tag.name.prerelease, tag.name.line == "", key, tag.timestamp)


def _points(tags: Iterable[Tag]) -> list[_Point]:
    at: dict[str, list[Tag]] = defaultdict(list)
    for tag in tags:
        at[tag.commit_id].append(tag)
    points = []
    for commit_id, here in at.items():
        best, *rest = sorted(here, key=rank, reverse=True)
        points.append(_Point(commit_id, best, tuple(rest)))
    return points


def _without_folded(points: list[_Point], graph: Graph) -> list[_Point]:
    """Without the prereleases that a stable release of their line contains: their entries are its own."""

    def folded(point: _Point) -> bool:
        return not any(point.stable_in(line) for line in point.lines) and any(
            other.stable_in(point.tag.name.line) and graph.contains(other.commit_id, point.commit_id)
            for other in points
            if point.tag.name.line in other.lines and other is not point
        )

    return [point for point in points if not folded(point)]


def _folded_into(span: Span, folded: Iterable[_Point]) -> tuple[Tag, ...]:
    """The tags of folded prereleases that a release tells the commits of, oldest first."""
    own = {commit.id for commit in span.commits}
    here = (tag for point in folded if point.commit_id in own for tag in (point.tag, *point.aliases))
    return tuple(sorted((tag for tag in here if tag.name.line == span.line), key=rank))


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


def _document_order(points: Sequence[_Point], lines: dict[str, list[_Point]], graph: Graph) -> list[_Point]:
    """All points oldest first: ancestry, then each line's own order, then date."""
    successors: dict[_Point, list[_Point]] = defaultdict(list)
    for line in lines.values():
        for older, newer in pairwise(line):
            successors[newer].append(older)
    return ordered(points, _before(points, graph), lambda point: point.tag.timestamp, successors)


def _line_spans(graph: Graph, line: str, points: Sequence[_Point]) -> Iterator[tuple[_Point, Span]]:
    """The releases of a line, oldest first; points that count in it only by an alias are told elsewhere."""
    earlier = 0
    for at, point in enumerate(points):
        if point.tag.name.line == line:
            base, between = _compared_with(point, points[:at], line, graph)
            nearest = graph.nearest(point.commit_id, earlier)
            since = graph.own(point.commit_id, graph.marks([base.commit_id])) if base and between else ()
            commits = graph.own(point.commit_id, graph.marks(nearest))
            apart = base if base and not graph.contains(point.commit_id, base.commit_id) else None
            yield (
                point,
                Span(
                    commit_id=point.commit_id,
                    tag=point.tag,
                    line=line,
                    base=base.commit_id if base else "",
                    base_tag=base.tag_in(line) if base else None,
                    aliases=point.aliases,
                    commits=tuple(commits),
                    prereleases=tuple(p.tag_in(line) for p in between),
                    since=tuple(since),
                    apart=apart is not None,
                    shared=frozenset(c.id for c in commits if apart and graph.reaches(apart.commit_id, c.id)),
                ),
            )
        earlier |= graph.marks([point.commit_id])


def _precedes(earlier: _Point, point: _Point, line: str, graph: Graph) -> bool:
    """Whether an earlier point of the line can be what a release is compared with.

    It is contained in the release, or stands on a branch of its own and was made no later: a fix of an old
    version, made after the release, is nothing that the release came from.
    """
    if graph.contains(point.commit_id, earlier.commit_id):
        return True
    return earlier.tag_in(line).timestamp <= point.tag_in(line).timestamp


def _compared_with(
    point: _Point, earlier: Sequence[_Point], line: str, graph: Graph
) -> tuple[_Point | None, list[_Point]]:
    """The last one before (of a stable version the last stable one), and the prereleases since."""
    passed: list[_Point] = []
    for other in reversed(earlier):
        if _precedes(other, point, line, graph):
            if point.tag.name.prerelease or other.stable_in(line):
                return other, passed[::-1]
            passed.append(other)
    return (passed[0], []) if passed else (None, [])
