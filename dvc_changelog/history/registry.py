"""What GTO's tags say together: which registrations hold, and what befell the artifacts. Pure.

As GTO has it: it reads annotated tags only, and a version is a name on a commit, so that cancelling it
anywhere else cancels nothing. Of what happened within one second, the cancelling came last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dvc_changelog.domain import Deployment, Lifecycle, LifecycleEvent
from dvc_changelog.history.releases import Tag
from dvc_changelog.history.tags import TagKind

_Version = tuple[str, str, str]
"""The artifact, the version as it is written, the commit."""

_ORDER = (
    LifecycleEvent.CREATED,
    LifecycleEvent.DEPRECATED,
    LifecycleEvent.REGISTERED,
    LifecycleEvent.CANCELLED,
)


def held(tags: Iterable[Tag]) -> list[Tag]:
    """The tags that can be releases: no events, and no registrations that were cancelled since."""
    tags = list(tags)
    cancelled: dict[_Version, int] = {}
    for tag in tags:
        if tag.annotated and tag.name.kind is TagKind.LIFECYCLE and tag.name.cancelled:
            cancelled[_version(tag)] = max(tag.timestamp, cancelled.get(_version(tag), 0))
    return [
        tag
        for tag in tags
        if tag.name.kind is TagKind.RELEASE and tag.timestamp > cancelled.get(_version(tag), -1)
    ]


def deployments(tags: Sequence[Tag]) -> list[Deployment]:
    """Where artifacts were brought to and taken from, oldest first, with the version on the same commit.

    A version that was cancelled is named too: it ran there all the same.
    """
    valid = {tag.name.text for tag in held(tags)}
    releases = [tag for tag in tags if tag.name.kind is TagKind.RELEASE]
    releases.sort(
        key=lambda tag: (
            _is_read(tag),
            tag.name.text in valid,
            tag.name.version or ((), 0, "", 0),
            tag.timestamp,
        )
    )
    versions = {(tag.commit_id, tag.name.line): tag.name.text for tag in releases}
    found = [
        Deployment(
            tag.name.text,
            tag.name.line,
            tag.name.target,
            tag.timestamp,
            tag.commit_id,
            cancelled=tag.name.cancelled,
            version=versions.get((tag.commit_id, tag.name.line), ""),
            author=tag.author,
            message=tag.message,
        )
        for tag in tags
        if tag.name.kind is TagKind.DEPLOYMENT and _is_read(tag)
    ]
    return sorted(found, key=lambda event: (event.timestamp, event.cancelled, event.tag))


def lifecycle(tags: Sequence[Tag]) -> list[Lifecycle]:
    """What else befell artifacts, oldest first: deprecations, cancelled versions, and their registrations.

    A registration that holds is none of them: it is a release.
    """
    valid = {tag.name.text for tag in held(tags)}
    found = [
        Lifecycle(
            *(tag.name.text, tag.name.line, event, tag.timestamp, tag.commit_id, tag.name.number),
            author=tag.author,
            message=tag.message,
        )
        for tag in tags
        if _is_read(tag) and tag.name.text not in valid
        for event in _events(tag)
    ]
    return sorted(found, key=lambda event: (event.timestamp, _ORDER.index(event.event), event.tag))


def unread(tags: Iterable[Tag]) -> list[Tag]:
    """The tags that are written as events of GTO, but are not annotated: GTO does not read them."""
    return [tag for tag in tags if tag.name.kind is not TagKind.RELEASE and not tag.annotated]


def _events(tag: Tag) -> Iterator[LifecycleEvent]:
    if tag.name.kind is TagKind.RELEASE:
        yield LifecycleEvent.REGISTERED
    elif tag.name.cancelled and tag.name.kind is TagKind.LIFECYCLE:
        yield LifecycleEvent.CANCELLED
    elif tag.name.state:
        yield LifecycleEvent(tag.name.state)


def _is_read(tag: Tag) -> bool:
    """Whether GTO reads a tag."""
    return tag.annotated and tag.name.gto


def _version(tag: Tag) -> _Version:
    return (tag.name.line, tag.name.number, tag.commit_id)
