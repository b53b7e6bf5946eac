"""`next-version`: what changed since the last stable version, the level it asks for, and what follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Bump, Forbidden, Level, Release
from dvc_changelog.history import History, Selection, Tag
from dvc_changelog.render.names import namesakes
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.versioning import (
    Scheme,
    Standing,
    Step,
    concern_of,
    inferred,
    is_prerelease_of,
    line_of,
    standing,
)
from dvc_changelog.versioning import next_version as following
from dvc_changelog.workflows import artifacts
from dvc_changelog.workflows.asked import Asked, asked_for
from dvc_changelog.workflows.common import forge_of, now, open_history, snapshots_of
from dvc_changelog.workflows.completing import Progress, completed, fetching
from dvc_changelog.workflows.generate import declared, selection_of
from dvc_changelog.workflows.tell import Teller

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class NextVersion:
    """What follows the current version, and why.

    `step` is None where nothing asks for a new version. `current` is the tag of the greatest version that is
    out, "" where there is none; `since` that of the stable one that `release` is compared with. `forbidden`
    are rules that forbid what follows, or could not be checked. `wanted` says that a person named the level.
    `again` is the tag on the commit itself that is what was asked for, "" where there is none. `after` says
    what else decided the number, in words.
    """

    release: Release
    level: Level
    step: Step | None
    current: str = ""
    since: str = ""
    artifact: str = ""
    forbidden: tuple[Forbidden, ...] = ()
    wanted: bool = False
    again: str = ""
    after: str = ""
    messages: tuple[str, ...] = ()

    @property
    def bump(self) -> Bump:
        """What was asked for."""
        return self.release.bump

    @property
    def refused(self) -> tuple[Forbidden, ...]:
        """What forbids it for sure."""
        return tuple(found for found in self.forbidden if not found.unchecked)

    @property
    def tag(self) -> str:
        """The tag of what follows; the current one where nothing does, "" where there is none either."""
        return self.step.tag if self.step else self.current


def next_version(
    repo: History | Path | str = ".",
    *,
    level: Level | None = None,
    pre: str = "",
    config: Config | None = None,
    fetch: bool = False,
    progress: Progress | None = None,
    tag: str = "",
) -> NextVersion:
    """Decide which version follows, from what changed since the last stable one.

    Args:
        repo: any place in the repository, or one that is open.
        level: the level that a person wants, whatever was asked for.
        pre: the word of a prerelease ("rc"); "" for a stable version.
        config: options; by default those of the repository's configuration file. `artifact` asks for the
            version of that one, from what concerns it.
        fetch: get values that DVC keeps from its remotes where the cache lacks them.
        progress: called as they come.
        tag: the tag that a person names: none is looked for, and `step` is None.

    Raises:
        ChangelogError: see `generate`, and `versioning.next_version`.
    """
    history, config = open_history(repo, config)
    asked = asked_for(history, None)
    snapshots = snapshots_of(history, config)
    selection = selection_of(history, snapshots, asked, config)
    config, selection = of_line(history, config, snapshots, asked, selection)
    told = history.releases(asked.upper, selection, every=config.all_tags)
    tags = [t for span in reversed(told.spans) for t in (*reversed(span.aliases), span.tag) if t]
    line = Line.of(config, counted(tags, selection, config))
    with fetching(history, wanted=fetch) as sources:
        (release,), messages = completed(
            lambda: [_told(history, snapshots, config, asked.upper, line.stable)],
            *(snapshots, sources, progress),
        )
    wanted = release.bump.level if level is None else level
    if level is None and pre and (latest := line.prerelease(pre)):
        # One prerelease follows another for what came after it, not once more for what it has.
        new = _told(history, snapshots, config, asked.upper, latest)
        wanted = Level.NONE if new.bump.level is Level.NONE else wanted
    step = None if tag else line.step(wanted, pre, config, history.all_tags)
    return NextVersion(
        release=release,
        level=wanted,
        step=step,
        current=line.out.current.text if line.out.current else "",
        since=line.out.stable.text if line.out.stable else "",
        artifact=config.artifact,
        forbidden=release.bump.forbids(max(wanted, Level.PATCH) if tag else wanted),
        wanted=level is not None,
        again=line.again(asked.upper, pre),
        after=line.after(step, wanted),
        messages=(*told.messages, *_remarks(release, line, config, snapshots, history), *messages),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """The line of releases that is counted on: its tags, oldest first, how they are numbered, what is out."""

    tags: tuple[Tag, ...]
    scheme: Scheme
    out: Standing

    @classmethod
    def of(cls, config: Config, tags: Sequence[Tag]) -> Line:
        """The line of these tags, as far as the options do not say otherwise."""
        names = [tag.name for tag in tags]
        scheme = inferred(
            names,
            tag_format=config.tag_format,
            calendar=config.calendar,
            artifact=config.artifact,
            stay_below=config.major_version_zero,
            initial=config.initial_version,
        )
        return cls(tuple(tags), scheme, standing(scheme, names))

    @property
    def stable(self) -> Tag | None:
        """The greatest version that is no prerelease."""
        return next((tag for tag in self.tags if tag.name == self.out.stable), None)

    def prerelease(self, word: str) -> Tag | None:
        """The last prerelease since the stable version, if it is one of this word."""
        last = next((tag for tag in self.tags if tag.name in self.out.prereleases[-1:]), None)
        return last if last and is_prerelease_of(self.scheme, last.name, word) else None

    def again(self, commit_id: str, pre: str) -> str:
        """Of the tags on a commit, the version that a run before this one would have given."""
        found = (self.stable, self.prerelease(pre) if pre else None)
        return next((tag.name.text for tag in found if tag and tag.commit_id == commit_id), "")

    def step(self, level: Level, pre: str, config: Config, taken: Sequence[Tag]) -> Step | None:
        """What follows; see `versioning.next_version`."""
        return following(
            self.scheme,
            [tag.name for tag in self.tags],
            level,
            today=datetime.fromtimestamp(now(), UTC).date(),
            pre=pre,
            initial=config.initial_version,
            taken={tag.name.text: tag.commit_id[:7] for tag in taken},
        )

    def after(self, step: Step | None, level: Level) -> str:
        """What but the level decides the number: a prerelease that is out, or that it is to stay below 1."""
        if step is None:
            return ""
        last = self.out.prereleases[-1].text if self.out.prereleases else ""
        if last.startswith(step.tag):
            return f"{step.tag} is the stable version after {last}."
        if self.scheme.stay_below and level is Level.MAJOR and step.version.startswith("0."):
            return "Below 1.0.0 a major version is a minor one here (`major-version-zero`)."
        return ""


def of_line(
    history: History, config: Config, snapshots: Snapshots, asked: Asked, selection: Selection
) -> tuple[Config, Selection]:
    """The options with the full name of the artifact whose version is asked for, and its tags alone."""
    if not config.artifact:
        return config, selection
    expected = artifacts.known(history) | declared(snapshots, history, asked)
    name = artifacts.resolved(config.artifact, history, selection, lambda: expected)
    return config.replace(artifact=name), replace(selection, artifact=name)


def counted(tags: Iterable[Tag], selection: Selection, config: Config) -> list[Tag]:
    """Of tags, oldest first, those of the one line that is counted on."""
    tags = [tag for tag in tags if selection.takes(tag.name)]
    if config.artifact:
        return [tag for tag in tags if tag.name.line == config.artifact]
    line = line_of(config.tag_format)
    if not line and not any(tag.name.line == "" and tag.name.version for tag in tags):
        # A team that names its releases `model-training-1.0.0`; what is after "@" is an artifact's.
        named = [tag.name.line for tag in tags if tag.name.version and not tag.name.number]
        line = named[-1] if named and not config.tag_format else ""
    return [tag for tag in tags if tag.name.line == line]


def _told(history: History, snapshots: Snapshots, config: Config, upper: str, since: Tag | None) -> Release:
    """What changed since a version, told like a release."""
    head = history.at(upper, "HEAD")
    version = since.name.text if since else ""
    old = history.at(since.commit_id, version, version) if since else None
    commits = history.reached(upper)
    if since:
        commits = history.commits(since.commit_id, upper) if since.commit_id != upper else []
    sides = (snapshots.at(old), snapshots.at(head))
    concern = concern_of(config.artifact, sides) if config.artifact else None
    teller = Teller(
        history,
        snapshots,
        config,
        namesakes=namesakes((version,)),
        forge=forge_of(history, config),
    )
    return teller.between(old, head, commits, concern=concern)


def _remarks(
    release: Release, line: Line, config: Config, snapshots: Snapshots, history: History
) -> Iterator[str]:
    sides = (snapshots.at(release.base), snapshots.at(release.head))
    out = line.out
    base = line.stable.commit_id if line.stable else ""
    if out.stable and history.merge_base(base, release.head.commit_id) != base:
        yield f"{out.stable.text} is not in the history of this commit: what only it has counts as removed."
    if config.artifact and concern_of(config.artifact, sides) is None:
        yield f"No dvc.yaml declares the artifact {config.artifact}: all that changed counts for it."
    if not out.current and not config.artifact and (names := sorted(artifacts.known(history))):
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        of = f"{', '.join(names[:_SHOWN])}{more}"
        yield f"The versions here are those of artifacts ({of}): --artifact NAME asks for that of one."
    elif not out.current and out.others:
        one = out.others[-1].text
        yield f"None of the tags here is a version to count on ({one}): this is the first one."
    unread = [problem for problem in release.problems if not problem.missing]
    if unread:
        more = f" and {len(unread) - 1:,} more" if len(unread) > 1 else ""
        first = f"{unread[0].path} at {unread[0].revision or 'HEAD'}"
        yield f"{first}{more} could not be read ({unread[0].reason}): the level may be higher."
    for forbidden in release.bump.forbidden:
        if forbidden.unchecked:
            yield f"{forbidden.rule} could not be checked: {forbidden.why}."
