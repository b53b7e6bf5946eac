"""`next-version`: what changed since the last stable version, the level it asks for, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from dvc_changelog.config import Config
from dvc_changelog.domain import Bump, Forbidden, Level, Release
from dvc_changelog.history import History, Selection, Tag, TagName, Told
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


@dataclass(frozen=True, slots=True)
class NextVersion:
    """What follows the current version, and why.

    `step` is None where nothing asks for a new version. `current` is the tag of the greatest version that is
    out, "" where there is none; `since` that of the stable one that `release` is compared with. `refused`
    are rules that forbid what follows. `wanted` says that a person named the level. `again` is the tag on
    the commit itself that is what was asked for, "" where there is none.
    """

    release: Release
    level: Level
    step: Step | None
    current: str = ""
    since: str = ""
    artifact: str = ""
    refused: tuple[Forbidden, ...] = ()
    wanted: bool = False
    again: str = ""
    messages: tuple[str, ...] = ()

    @property
    def bump(self) -> Bump:
        """What was asked for."""
        return self.release.bump

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
    upper: str = "",
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
        upper: the commit to release; HEAD if not given.
        tag: the tag that a person names: none is looked for, and `step` is None.

    Raises:
        ChangelogError: see `generate`, and `versioning.next_version`.
    """
    history, config = open_history(repo, config)
    asked = asked_for(history, None)
    if upper:
        asked = Asked(upper, "", {upper: "HEAD"})
    snapshots = snapshots_of(history, config)
    selection = selection_of(history, snapshots, asked, config)
    config, selection = _of_line(history, config, snapshots, asked, selection)
    told = history.releases(asked.upper, selection, every=config.all_tags)
    tags = _of(told, selection, config)
    scheme = _scheme(config, [tag.name for tag in tags])
    out = standing(scheme, [tag.name for tag in tags])
    base = next((tag.commit_id for tag in tags if out.stable and tag.name == out.stable), "")
    with fetching(history, wanted=fetch) as sources:
        (release,), messages = completed(
            lambda: [_told(history, snapshots, config, asked.upper, (base, out.stable))],
            *(snapshots, sources, progress),
        )
    again = _again(scheme, out, [tag for tag in tags if tag.commit_id == asked.upper], pre)
    wanted = release.bump.level if level is None else level
    latest = next((each for each in tags if each.name in out.prereleases[-1:]), None)
    if level is None and pre and latest and is_prerelease_of(scheme, latest.name, pre):
        # One prerelease follows another for what came after it, not once more for what it has.
        new = _told(history, snapshots, config, asked.upper, (latest.commit_id, latest.name))
        wanted = Level.NONE if new.bump.level is Level.NONE else wanted
    if again and level is None:
        wanted = Level.NONE
    step = (
        None
        if tag
        else following(
            scheme,
            [tag.name for tag in tags],
            wanted,
            today=datetime.fromtimestamp(now(), UTC).date(),
            pre=pre,
            initial=config.initial_version,
            taken=_taken(history.all_tags),
        )
    )
    return NextVersion(
        release=release,
        level=wanted,
        step=step,
        current=out.current.text if out.current else "",
        since=out.stable.text if out.stable else "",
        artifact=config.artifact,
        refused=release.bump.refused(max(wanted, Level.PATCH) if tag else wanted),
        wanted=level is not None,
        again=again,
        messages=(*told.messages, *_remarks(release, out, config, snapshots), *messages),
    )


def _of_line(
    history: History, config: Config, snapshots: Snapshots, asked: Asked, selection: Selection
) -> tuple[Config, Selection]:
    """The options with the full name of the artifact whose version is asked for, and its tags alone."""
    if not config.artifact:
        return config, selection
    expected = artifacts.known(history) | declared(snapshots, history, asked)
    name = artifacts.resolved(config.artifact, history, selection, lambda: expected)
    return config.replace(artifact=name), replace(selection, artifact=name)


def _of(told: Told, selection: Selection, config: Config) -> list[Tag]:
    """The tags of the one line that is counted on, oldest first."""
    tags = [t for span in reversed(told.spans) for t in (*reversed(span.aliases), span.tag) if t]
    tags = [tag for tag in tags if selection.takes(tag.name)]
    if config.artifact:
        return [tag for tag in tags if tag.name.line == config.artifact]
    line = line_of(config.tag_format)
    if not line and not any(tag.name.line == "" and tag.name.version for tag in tags):
        # A team that names its releases `model-training-1.0.0`; what is after "@" is an artifact's.
        named = [tag.name.line for tag in tags if tag.name.version and not tag.name.number]
        line = named[-1] if named and not config.tag_format else ""
    return [tag for tag in tags if tag.name.line == line]


def _again(scheme: Scheme, out: Standing, here: Sequence[Tag], pre: str) -> str:
    """Of the tags on the commit itself, the version that a run before this one would have given."""
    names = [tag.name for tag in here]
    if out.stable is not None and out.stable in names:
        return out.stable.text
    last = out.current
    if pre and last is not None and last in names and is_prerelease_of(scheme, last, pre):
        return last.text
    return ""


def _scheme(config: Config, tags: Sequence[TagName]) -> Scheme:
    return inferred(
        tags,
        tag_format=config.tag_format,
        calendar=config.calendar,
        artifact=config.artifact,
        stay_below=config.major_version_zero,
        initial=config.initial_version,
    )


def _taken(tags: Sequence[Tag]) -> dict[str, str]:
    return {tag.name.text: tag.commit_id[:7] for tag in tags}


def _told(
    history: History, snapshots: Snapshots, config: Config, upper: str, since: tuple[str, TagName | None]
) -> Release:
    """What changed since the last stable version, a commit and its tag, told like a release."""
    base, stable = since
    head = history.at(upper, "HEAD")
    version = stable.text if stable else None
    old = history.at(base, version or base[:7], version) if base else None
    commits = history.reached(upper)
    if old is not None:
        commits = history.commits(base, upper) if base != upper else []
    sides = (snapshots.at(old), snapshots.at(head))
    concern = concern_of(config.artifact, sides) if config.artifact else None
    teller = Teller(
        history,
        snapshots,
        config,
        namesakes=namesakes((version or "",)),
        forge=forge_of(history, config),
    )
    return teller.between(old, head, commits, concern=concern)


def _remarks(release: Release, out: Standing, config: Config, snapshots: Snapshots) -> Iterator[str]:
    sides = (snapshots.at(release.base), snapshots.at(release.head))
    if config.artifact and concern_of(config.artifact, sides) is None:
        yield f"No dvc.yaml declares the artifact {config.artifact}: all that changed counts for it."
    if not out.current and out.others:
        one = out.others[-1].text
        yield f"None of the tags here is a version to count on ({one}): this is the first one."
    unread = [problem.path for problem in release.problems if not problem.missing]
    if unread:
        more = f" and {len(unread) - 1:,} more" if len(unread) > 1 else ""
        yield f"{unread[0]}{more} could not be read: the level may be higher."
    for forbidden in release.bump.forbidden:
        if forbidden.unchecked:
            yield f"{forbidden.rule} could not be checked: {forbidden.why}."
