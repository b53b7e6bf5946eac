"""The law of releases: what Git says of random histories, and a second opinion in a few lines of Python."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gitrepo import GitRepo, Node, imported
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvc_changelog.domain import Author, Commit
from dvc_changelog.history import Git, History, Selection, Span, Tag, log, parse_tag
from dvc_changelog.history.graph import Graph
from dvc_changelog.history.releases import spans

NAMES = (
    *("v0.9", "v0.10", "v1.0.0rc1", "v1.0.0", "v1.0.1", "v2.0.0-rc.1", "v2.0.0"),
    *("model@v1.0.0", "model@v1.1.0-rc.1", "model@v1.1.0", "base-graph-v1", "base-graph-v2"),
    *("exp-7", "exp-8", "2024-assessment-year", "2025-assessment-year", "baseline", "final"),
)
"""Tags of several lines, of versions and of none, prereleases among them."""


@dataclass(frozen=True)
class Shape:
    """A history: each commit's parents by index, and which commit each tag is on. The last commit is HEAD."""

    parents: tuple[tuple[int, ...], ...]
    tags: Mapping[str, int]
    dates: tuple[int, ...]

    def reached(self, at: int) -> set[int]:
        """A commit and all its ancestors."""
        found, queue = set[int](), [at]
        while queue:
            if (here := queue.pop()) not in found:
                found.add(here)
                queue += self.parents[here]
        return found

    def earlier(self, at: int, line: str, among: Mapping[str, int]) -> set[int]:
        """The commits of other releases of a line that a commit contains."""
        reached = self.reached(at) - {at}
        return {other for name, other in among.items() if parse_tag(name).line == line and other in reached}


@st.composite
def shapes(draw: st.DrawFn, size: int = 14) -> Shape:
    count = draw(st.integers(1, size))
    parents: list[tuple[int, ...]] = [()]
    for at in range(1, count):
        near = st.integers(max(0, at - 4), at - 1)
        chosen = draw(st.lists(near, min_size=0 if at % 7 == 0 else 1, max_size=3, unique=True))
        parents.append(tuple(chosen))
    tags = draw(st.dictionaries(st.sampled_from(NAMES), st.integers(0, count - 1), max_size=9))
    dates = draw(st.lists(st.integers(1_600_000_000, 1_600_000_009), min_size=count, max_size=count))
    return Shape(tuple(parents), tags, tuple(dates))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(shapes(), st.booleans())
def test_the_commits_of_a_release_are_those_that_git_says(shape: Shape, every: bool) -> None:
    with tempfile.TemporaryDirectory() as directory:
        repo = GitRepo.init(Path(directory), "--bare")
        commits = enumerate(zip(shape.parents, shape.dates, strict=True))
        nodes = [Node(parents, f"Commit {at}", date=date) for at, (parents, date) in commits]
        ids = imported(repo, nodes, shape.tags)
        history = History(repo.path)
        told = history.releases(ids[-1], Selection(), every=every)
        history.git.close()
        merged = {name: at for name, at in shape.tags.items() if at in shape.reached(len(ids) - 1)}
        taken = shape.tags if every or not merged else merged
        assert {ids[at] for at in taken.values()} == {span.commit_id for span in told.spans if span.tag}
        for span in told.spans:
            earlier = (
                [ids[at] for at in shape.earlier(ids.index(span.commit_id), span.line, taken)]
                if span.tag
                else [ids[at] for at in taken.values()]
            )
            expected = repo.git("rev-list", span.commit_id, "--not", *earlier).split()
            assert sorted(expected) == sorted(commit.id for commit in span.commits)
            assert expected or span.tag
        reached = repo.git("rev-list", ids[-1], *(ids[at] for at in taken.values())).split()
        assert set(reached) == {commit.id for span in told.spans for commit in span.commits}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(shapes())
def test_commits_are_read_in_the_topological_order_of_git(shape: Shape) -> None:
    with tempfile.TemporaryDirectory() as directory:
        repo = GitRepo.init(Path(directory), "--bare")
        commits = enumerate(zip(shape.parents, shape.dates, strict=True))
        nodes = [Node(parents, f"Commit {at}", date=date) for at, (parents, date) in commits]
        tips = [imported(repo, nodes, shape.tags)[-1], *(f"refs/tags/{name}" for name in shape.tags)]
        git = Git(repo.path)
        expected = repo.git("log", "--topo-order", "--format=%H", *tips).split()
        assert expected == [commit.id for commit in log.read(git, tips)]
        git.close()


@settings(max_examples=600, deadline=None)
@given(shapes(24), st.booleans())
def test_every_law_of_releases_holds_on_any_graph(shape: Shape, folded: bool) -> None:
    graph, tags = _graph(shape)
    told = spans(graph, tags, str(len(shape.parents) - 1), Selection(merge_prereleases=folded))
    _commits_are_told_once_per_line(shape, told)
    _ancestors_come_after(shape, told)
    _compared_within_the_line(shape, told)
    if not folded:
        for span in told:
            here = int(span.commit_id)
            earlier = shape.earlier(here, span.line, shape.tags) if span.tag else set(shape.tags.values())
            known = set().union(*(shape.reached(at) for at in earlier)) if earlier else set()
            assert shape.reached(here) - known == {int(commit.id) for commit in span.commits}


def _commits_are_told_once_per_line(shape: Shape, told: Sequence[Span]) -> None:
    """No commit is lost, and only releases that do not contain each other share one."""
    all_reached = set().union(*(shape.reached(int(span.commit_id)) for span in told)) if told else set()
    assert all_reached | shape.reached(len(shape.parents) - 1) == {
        int(c.id) for span in told for c in span.commits
    }
    for span in told:
        for other in told:
            if (
                span.line == other.line
                and int(other.commit_id) in shape.reached(int(span.commit_id))
                and span is not other
            ):
                assert not {c.id for c in span.commits} & {c.id for c in other.commits}


def _ancestors_come_after(shape: Shape, told: Sequence[Span]) -> None:
    """The document is newest first, so that what a release contains is told below it; commits likewise."""
    for at, span in enumerate(told):
        assert not any(int(span.commit_id) in shape.reached(int(o.commit_id)) for o in told[at + 1 :])
        seen: set[int] = set()
        for commit in span.commits:
            assert not seen & set(shape.reached(int(commit.id))) - {int(commit.id)}
            seen.add(int(commit.id))


def _compared_within_the_line(shape: Shape, told: Sequence[Span]) -> None:
    """A release is compared with one of its line, contained or made no later; a stable one with a stable one.

    Only the first stable version of a line may be compared with a prerelease.
    """
    for span in told:
        if span.base_tag and span.tag:
            assert span.line == span.base_tag.name.line
            contained = shape.reached(int(span.commit_id)) - {int(span.commit_id)}
            assert int(span.base) in contained or span.base_tag.timestamp <= span.tag.timestamp
            stable = [
                s
                for s in told
                if s.tag and s.line == span.line and not s.prerelease and int(s.commit_id) in contained
            ]
            assert span.prerelease or not span.base_tag.name.prerelease or not stable


def _graph(shape: Shape) -> tuple[Graph, list[Tag]]:
    commits = [
        Commit(str(at), tuple(map(str, parents)), "", shape.dates[at], Author("Ada", ""), "Work")
        for at, parents in enumerate(shape.parents)
    ]
    tags = [Tag(parse_tag(name), str(at), shape.dates[at]) for name, at in shape.tags.items()]
    marked = [str(at) for at in {*shape.tags.values(), len(commits) - 1}]
    return Graph(commits[::-1], marked), tags
