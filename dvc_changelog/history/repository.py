"""The history of a repository as the workflows ask for it: tags, releases, revisions and ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Author, Commit, Deployment, Lifecycle, Revision
from dvc_changelog.errors import GitError, RangeError, UnknownRevisionError
from dvc_changelog.history import carried, log, registry, shallow, tags
from dvc_changelog.history.git import Git
from dvc_changelog.history.graph import Graph
from dvc_changelog.history.releases import Selection, Span, Tag, spans
from dvc_changelog.history.source import is_commit

if TYPE_CHECKING:
    from dvc_changelog.history.experiments import Timeline, Trial

_TAG_FORMAT = (
    "%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)%00"
    "%(creatordate:unix)%00%(*creatordate:unix)%00%(taggername)%00%(taggeremail)%00"
    "%(contents)%00"
)
_TAG_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Told:
    """Spans newest first, the order of all releases, and remarks for the person running the tool.

    `planned` is the tag that does not exist yet, or "". `uncut` are the spans before a range cut them, empty
    where none does.
    """

    spans: tuple[Span, ...]
    order: tuple[str, ...]
    messages: tuple[str, ...] = ()
    planned: str = ""
    uncut: tuple[Span, ...] = ()


class History:
    """A repository's history.

    Args:
        path: any place in the repository.

    Raises:
        NotARepositoryError, GitError: see `Git`.
    """

    def __init__(self, path: Path) -> None:
        self.git = Git(path)
        self._read: dict[str, Commit] = {}
        self._logs: dict[tuple[str, ...], list[Commit]] = {}

    @cached_property
    def all_tags(self) -> tuple[Tag, ...]:
        """Every tag that points at a commit, with its name understood."""
        return tuple(_tags(self.git))

    def deployments(self) -> list[Deployment]:
        """Where GTO's tags say that artifacts run, oldest first. See `registry`."""
        return registry.deployments(self.all_tags)

    def lifecycle(self) -> list[Lifecycle]:
        """What else GTO's tags tell of artifacts, oldest first. See `registry`."""
        return registry.lifecycle(self.all_tags)

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """DVC's experiments, by their refs: what their commits say is read by `trial`."""
        from dvc_changelog.history import experiments

        return experiments.listed(self.git)

    def trial(self, listed: Trial) -> Trial | None:
        """An experiment with what its commit says; None if that cannot be read."""
        from dvc_changelog.history import experiments

        return experiments.read(listed, self.git.objects)

    def timeline(self) -> Timeline:
        """The history read so far, to be asked which of its commits took a state over."""
        from dvc_changelog.history.experiments import Timeline

        return Timeline(self._read.values(), self.git.objects)

    def head(self) -> str:
        """The commit checked out.

        Raises:
            GitError: the branch has no commits yet.
        """
        return self.git.head()

    def branch(self) -> str:
        """The full ref of the branch that is checked out.

        Raises:
            GitError: none is.
        """
        found = self.git.run("symbolic-ref", "--quiet", "HEAD", check=False).strip()
        if not found:
            raise GitError("HEAD is detached: no branch is checked out", "`git switch BRANCH` goes to one.")
        return found

    def files(self, commit_id: str) -> frozenset[str]:
        """The paths of all files that a commit has."""
        told = self.git.run("ls-tree", "-r", "-z", "--name-only", commit_id)
        return frozenset(told.split("\0")[:-1])

    def revision(self, name: str) -> Revision:
        """The revision that a name stands for.

        Raises:
            UnknownRevisionError: the repository has no such revision.
        """
        commit_id = name if is_commit(name) else self.git.resolve(name)
        if known := self.git.objects.commit(commit_id):
            return Revision(commit_id, *known, name)
        fields = "--format=%H %T %ct"
        told = self.git.run("log", "-1", "--no-show-signature", fields, commit_id, "--", check=False)
        if not told:
            raise UnknownRevisionError(name)
        commit_id, tree_id, time = told.split()
        return Revision(commit_id, tree_id, int(time), name)

    @contextmanager
    def workspace(self, timestamp: int) -> Iterator[Revision]:
        """The working tree as a revision without a commit, which can be read until the context ends.

        Args:
            timestamp: the present.

        Raises:
            UsageError, GitError: see `working_tree`.
        """
        from dvc_changelog.history.workspace import working_tree

        with working_tree(self.git) as tree:
            yield Revision("", tree, timestamp, "workspace", working=True)

    def at(
        self, commit_id: str, name: str, version: str | None = None, timestamp: int | None = None
    ) -> Revision:
        """The revision of a commit under a name, without asking Git where the commit was read already."""
        commit = self._read.get(commit_id)
        if commit is None:
            found = self.revision(commit_id)
            return replace(found, name=name, version=version, timestamp=timestamp or found.timestamp)
        return Revision(commit_id, commit.tree_id, timestamp or commit.timestamp, name, version)

    def releases(
        self, upper: str, selection: Selection, *, every: bool, lower: str = "", planned: Tag | None = None
    ) -> Told:
        """Divide what `upper` reaches into releases.

        Args:
            upper: a commit id; its unreleased part comes first.
            selection: which tags are releases.
            every: take tags that are not merged into `upper` too.
            lower: a commit id; what it contains is left out.
            planned: a tag that does not exist yet, for the unreleased part.

        Raises:
            ShallowCloneError: the clone's cut lies within the history asked for.
            RangeError: `lower` is not before `upper`.
        """
        chosen = [tag for tag in self.release_tags() if selection.takes(tag.name)]
        others = [tag.commit_id for tag in chosen] if every and not lower else [lower] if lower else []
        graph = self._graph([upper, *others], [tag.commit_id for tag in chosen])
        merged = [t for t in chosen if t.commit_id in graph and graph.contains(upper, t.commit_id)]
        taken: Sequence[Tag] = merged
        messages: tuple[str, ...] = ()
        if every and not lower:
            taken = chosen
        elif chosen and not merged and not lower:
            taken = chosen
            graph = self._graph([upper, *(tag.commit_id for tag in chosen)], ())
            messages = (_none_merged(len(chosen)),)
        elif len(merged) < len(chosen) and not lower:
            messages = (_some_left_out(len(chosen) - len(merged)),)
        if unread := registry.unread(self.all_tags):
            messages = (*messages, _not_annotated(unread))
        told = whole = spans(graph, [*taken, planned] if planned else taken, upper, selection)
        order = tuple(span.tag.name.text for span in told if span.tag)
        if lower:
            start = lower if graph.contains(upper, lower) else self.merge_base(lower, upper)
            told = _after(told, graph, lower, start or lower)
        self._refuse_cut(commit for span in told for commit in span.commits)
        name = planned.name.text if planned else ""
        return Told(tuple(told), order, messages, name, tuple(whole) if lower else ())

    def commits(self, base: str, head: str) -> list[Commit]:
        """The commits of `git log base..head`, newest first, merges included.

        Raises:
            ShallowCloneError: the clone's cut lies between the two.
        """
        found = log.read(self.git, [head], exclude=[base] if base else [])
        self._read.update((commit.id, commit) for commit in found)
        self._refuse_cut(found)
        return found

    def reached(self, tip: str) -> list[Commit]:
        """All commits that one reaches, children before parents."""
        return self._log((tip,))

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor of two commits, or "" if they have none."""
        return self.git.run("merge-base", one, other, check=False).strip()

    def range(self, text: str) -> tuple[str, str]:
        """The two commit ids of `A..B`; a missing side is HEAD at the right, the beginning ("") at the left.

        Raises:
            RangeError: the range is no range, is empty, or runs backwards.
            UnknownRevisionError: a side does not exist.
        """
        if "..." in text:
            raise RangeError(
                f"{text} is a symmetric range, which has no order",
                f"Write {text.replace('...', '..')} instead.",
            )
        left, dots, right = text.partition("..")
        if not dots:
            raise RangeError(f"{text} is no range", f"Write A..B, for example {text}..HEAD.")
        lower = self.git.resolve(left) if left else ""
        upper = self.git.resolve(right) if right else self.head()
        if lower == upper:
            raise RangeError(
                f"The range {text} is empty: both sides are {upper[:7]}", "Name two different revisions."
            )
        base = self.merge_base(lower, upper) if lower else ""
        if lower and base == upper:
            raise RangeError(f"The range {text} runs backwards", f"Write {right or 'HEAD'}..{left} instead.")
        return lower, upper

    def differing(self, one: Revision, other: Revision) -> list[str]:
        """The paths that two revisions have otherwise, or only one of them has."""
        if one.tree_id == other.tree_id:
            return []
        told = self.git.run("diff-tree", "-r", "-z", "--name-only", one.tree_id, other.tree_id)
        return told.split("\0")[:-1]

    def known(self) -> Mapping[str, Commit]:
        """The commits read so far, by id: those of one history newest first."""
        return self._read

    def touched(self) -> set[str]:
        """Every path touched by a commit of the history read so far; `releases` reads it to its beginning."""
        return {file.path for commit in self._read.values() for file in commit.files}

    def merged_tags(self, *tips: str) -> list[Tag]:
        """The tags that can be releases and stand on what these commits reach, oldest first."""
        merged = (f"--merged={tip}" for tip in dict.fromkeys(tips))
        told = self.git.run("for-each-ref", *merged, "--format=%(refname:strip=2)", "refs/tags")
        names = set(told.splitlines())
        return sorted((t for t in self.release_tags() if t.name.text in names), key=lambda t: t.timestamp)

    def release_tags(self) -> list[Tag]:
        """The tags that can be releases: not GTO's events, and not what GTO cancelled since."""
        return registry.held(self.all_tags)

    def recent(self, upper: str, selection: Selection, most: int) -> list[Tag]:
        """The last releases that a commit contains, oldest first; see `recent.recent`."""
        from dvc_changelog.history.recent import recent

        return recent(self.git, self.release_tags(), upper, selection, most)

    def _graph(self, tips: Sequence[str], marked: Sequence[str]) -> Graph:
        """The history of `tips`, which are marked too."""
        return Graph(self._log(tuple(dict.fromkeys(tips))), [*tips, *marked])

    def _log(self, tips: tuple[str, ...]) -> list[Commit]:
        """All commits that these reach, read once."""
        commits = self._logs.get(tips)
        if commits is None:
            commits = self._logs[tips] = log.read(self.git, list(tips))
            self._read.update((commit.id, commit) for commit in commits)
        return commits

    def _refuse_cut(self, commits: Iterable[Commit]) -> None:
        if self.git.shallow and any(commit.id in self.git.shallow for commit in commits):
            raise shallow.cut_off("This is a shallow clone: the history asked for is cut off")

    def can_be_tag(self, name: str) -> bool:
        """Whether Git lets a tag have this name."""
        return not name.startswith("-") and bool(
            self.git.run("check-ref-format", "--normalize", f"refs/tags/{name}", check=False)
        )

    def remote_url(self) -> str:
        """The URL of the remote `origin`, or of the only other one, else ""."""
        listed = self.git.run("config", "-z", "--get-regexp", r"^remote\..*\.url$", check=False)
        remotes: dict[str, str] = {}
        for entry in filter(None, listed.split("\0")):
            key, _, url = entry.partition("\n")
            # Git fetches from the first of several.
            remotes.setdefault(key.removeprefix("remote.").removesuffix(".url"), url)
        return remotes.get("origin") or (next(iter(remotes.values())) if len(remotes) == 1 else "")


def _after(told: list[Span], graph: Graph, lower: str, start: str) -> list[Span]:
    """The spans that `lower` does not contain; those whose own base it contains are compared with `start`."""
    kept = []
    for span in told:
        if graph.reaches(lower, span.commit_id):
            continue
        commits = tuple(c for c in span.commits if not graph.reaches(lower, c.id))
        if span.base == start or (span.base and not graph.reaches(lower, span.base)):
            kept.append(replace(span, commits=commits))
        else:
            kept.append(replace(span, commits=commits, base=start, base_tag=None))
    return kept


def _none_merged(count: int) -> str:
    if count == 1:
        return "The only tag is not merged into this revision: it is taken all the same."
    return f"None of the {count} tags is merged into this revision: all of them are taken."


def _some_left_out(count: int) -> str:
    if count == 1:
        return "1 tag is not merged into this revision and is left out; --all-tags takes it."
    return f"{count} tags are not merged into this revision and are left out; --all-tags takes them."


def _not_annotated(unread: Sequence[Tag]) -> str:
    first = unread[0].name.text
    if len(unread) == 1:
        return f"The tag {first} is not annotated: GTO does not read it, and it is left out."
    are = "are not annotated: GTO does not read them, and they are left out."
    return f"{len(unread)} tags such as {first} {are}"


def _tags(git: Git) -> Iterator[Tag]:
    out = git.run("for-each-ref", f"--format={_TAG_FORMAT}", "refs/tags")
    fields = out.split("\0")
    for at in range(0, len(fields) - _TAG_FIELDS, _TAG_FIELDS):
        name, kind, oid, peeled_kind, peeled, time, peeled_time, *said = fields[at : at + _TAG_FIELDS]
        who, email, contents = said
        annotated = kind == "tag"
        if annotated and peeled_kind == "tag":  # a tag of a tag: older Gits peel one level only
            peeled = git.run("rev-parse", "--verify", "--quiet", f"{oid}^{{commit}}", check=False).strip()
            peeled_kind = "commit" if peeled else "none"
        if (peeled_kind if annotated else kind) != "commit":
            continue
        message = carried.words(carried.unsigned(contents)) if annotated else ""
        when = int(time or peeled_time or 0)  # the tags of Git's first years have no tagger
        author = Author(who, email.strip("<>")) if annotated else None
        yield Tag(
            tags.parse(name.lstrip("\n")), peeled if annotated else oid, when, message, annotated, author
        )
