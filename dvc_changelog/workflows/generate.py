"""`generate`: the releases of a repository, told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto
from itertools import islice
from pathlib import Path

from dvc_changelog.config import Config
from dvc_changelog.domain import Changelog, Deployment, Release
from dvc_changelog.errors import UnknownRevisionError, UsageError
from dvc_changelog.history import History, Selection, Span, Tag, Told, parse_tag, same_artifact
from dvc_changelog.render.names import namesakes
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows.common import forge_of, now, open_history, snapshots_of
from dvc_changelog.workflows.completing import Progress, completed
from dvc_changelog.workflows.projects import of_others, project_of, projects_at
from dvc_changelog.workflows.tell import Teller

_NO_DVC = (
    "No DVC files here: the changelog tells of code only. "
    "`dvc init` and `dvc add` bring data and models in; --repo names another repository."
)


class Part(Enum):
    """Which releases are wanted."""

    ALL = auto()
    UNRELEASED = auto()
    LATEST = auto()
    CURRENT = auto()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request, its revisions resolved."""

    upper: str
    lower: str
    names: Mapping[str, str]


def generate(
    repo: History | Path | str = ".",
    range: str | None = None,  # noqa: A002  # the word of git and git-cliff
    *,
    part: Part = Part.ALL,
    tag: str | None = None,
    version: str | None = None,
    newest: bool = False,
    config: Config | None = None,
    fetch: bool = False,
    progress: Progress | None = None,
) -> Changelog:
    """Tell the releases of a repository.

    Args:
        repo: any place in the repository, or one that is open.
        range: `A..B`: only what B reaches and A does not; the default is all that HEAD reaches.
        part: all releases, the unreleased part, the latest release, or the one checked out.
        tag: names the unreleased part; nothing is created.
        version: only this release, by its tag, an alias, or its number; "unreleased" for what has no tag.
        newest: only what comes first: the unreleased part if there is one, else the latest release.
        config: options; by default those of the repository's configuration file.
        fetch: get values that DVC keeps from its remotes where the cache lacks them.
        progress: called as releases are told, and as such values come.

    Returns:
        the releases, newest first, with remarks for the person who asked.

    Raises:
        ChangelogError: see `dvc_changelog.errors`; the message names the thing and the remedy.
    """
    history, config = open_history(repo, config)
    asked = _asked(history, range)
    snapshots = snapshots_of(history, config)
    selection = _selection(history, snapshots, asked, config)
    planned = None if tag is None else _planned(history, tag, asked.upper)
    told = history.releases(asked.upper, selection, every=config.all_tags, lower=asked.lower, planned=planned)
    chosen = [_named(told, version)] if version else _chosen(told, part, asked.upper, config)
    soon = chosen[:2] if newest else chosen
    snapshots.expect((history.at(span.commit_id, "").tree_id for span in soon), history.touched())
    events, calls = _events(history, told, selection), namesakes(told.order)
    teller = Teller(history, snapshots, config, events, calls, forge_of(history, config))

    def tell() -> list[Release]:
        found = (r for r in _told(teller, chosen, asked, progress) if _has_something(r, part))
        return list(islice(found, 1 if newest else None))

    releases, remarks = completed(tell, snapshots, fetch=fetch, progress=progress)
    return Changelog(
        releases=tuple(releases),
        order=_order(told),
        messages=(*told.messages, *_hints(snapshots, history, asked, releases), *remarks),
    )


def _told(
    teller: Teller, chosen: Sequence[Span], asked: _Asked, progress: Progress | None
) -> Iterator[Release]:
    for done, span in enumerate(chosen):
        if progress:
            progress("Reading release", done + 1, len(chosen))
        yield teller.release(span, asked.names)


def _asked(history: History, text: str | None) -> _Asked:
    if text is None:
        head = history.head()
        return _Asked(head, "", {head: "HEAD"})
    lower, upper = history.range(text)
    left, _, right = text.partition("..")
    return _Asked(upper, lower, {lower: left, upper: right or "HEAD"})


def _selection(history: History, snapshots: Snapshots, asked: _Asked, config: Config) -> Selection:
    """Which tags are releases; where one project is told alone, those named after others are not."""
    projects = projects_at(snapshots, config, [history.at(asked.upper, asked.names[asked.upper])])
    lines = {tag.name.line for tag in history.all_tags} if projects else set()
    return Selection(
        *(
            config.tag_pattern,
            config.ignore_tags,
            config.skip_tags,
            config.merge_prereleases,
            config.artifact,
        ),
        of_others(lines, project_of(config) or "", projects),
    )


def _has_something(release: Release, part: Part) -> bool:
    """Whether a release is worth an entry: it has a tag, and its project is there already."""
    if release.commits or release.changes or part is Part.UNRELEASED:
        return True
    return bool(release.head.version) and (release.project is None or bool(release.projects))


def _planned(history: History, name: str, upper: str) -> Tag:
    if not history.can_be_tag(name):
        raise UsageError(
            f"{name!r} cannot be the name of a tag", "Name one such as v1.2.0; see `git check-ref-format`."
        )
    if any(tag.name.text == name for tag in history.all_tags):
        raise UsageError(f"The tag {name} exists already", "Leave --tag out: its release is told as it is.")
    tag = Tag(parse_tag(name), upper, now())
    here = [
        t.name.text for t in history.release_tags() if t.commit_id == upper and t.name.line == tag.name.line
    ]
    if here:
        raise UsageError(
            f"Nothing is unreleased: this commit is {here[0]} already", "Commit first, or leave --tag out."
        )
    return tag


def _chosen(told: Told, part: Part, upper: str, config: Config) -> list[Span]:
    spans = [span for span in told.spans if not span.skipped]
    match part:
        case Part.ALL:
            if config.artifact and not any(span.tag for span in spans):
                raise UsageError(
                    f"There is no release of the artifact {config.artifact}",
                    "A release of an artifact is a tag such as "
                    f"{config.artifact}@v1.0.0 (GTO) or {config.artifact}-v1.0.0.",
                )
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


def _named(told: Told, version: str) -> Span:
    names: dict[str, Span] = {}
    for span in told.spans:
        for tag in (span.tag, *span.aliases) if span.tag else ():
            names.setdefault(tag.name.text, span)
            names.setdefault(tag.name.text.removeprefix("v"), span)
        if span.tag is None:
            names["unreleased"] = span
    found = names.get(version) or names.get(version.removeprefix("v")) or names.get(version.lower())
    if found:
        return found
    near = get_close_matches(version, names, n=3, cutoff=0.5) or list(names)[:3]
    raise UnknownRevisionError(version, f"Releases with similar names: {', '.join(near)}." if near else "")


def _order(told: Told) -> tuple[str, ...]:
    unreleased = any(span.tag is None for span in told.spans)
    return ("unreleased", *told.order) if unreleased else told.order


def _events(history: History, told: Told, selection: Selection) -> dict[str, tuple[Deployment, ...]]:
    """Each deployment goes to the first release of its artifact made at or after it, else to the last.

    An artifact without releases of its own has those of the repository. Deployments of commits on branches
    that are not told are left out, as their releases are.
    """
    here = {commit.id for span in told.spans for commit in span.commits}
    if not told.spans:
        return {}
    events: dict[str, list[Deployment]] = {}
    spans = list(reversed(told.spans))
    for event in history.deployments():
        if event.commit_id not in here:
            continue
        if selection.artifact and not same_artifact(event.artifact, selection.artifact):
            continue
        if event.artifact in selection.not_lines:
            continue
        own = [s for s in spans if not s.tag or _is_of(s, event.artifact)]
        own = own if any(s.tag for s in own) else spans
        later = (s for s in own if s.tag and s.tag.timestamp >= event.timestamp)
        target = next(later, own[-1])
        events.setdefault(target.commit_id, []).append(event)
    return {commit: tuple(found) for commit, found in events.items()}


def _is_of(span: Span, artifact: str) -> bool:
    """Whether one of a release's tags is of the artifact."""
    return any(tag.name.line == artifact for tag in (span.tag, *span.aliases) if tag)


def _hints(
    snapshots: Snapshots, history: History, asked: _Asked, releases: Sequence[Release]
) -> tuple[str, ...]:
    if releases and not snapshots.at(history.at(asked.upper, asked.names[asked.upper])).has_dvc:
        return (_NO_DVC,)
    return ()
