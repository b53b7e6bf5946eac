"""Which release tells of which event of GTO."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import field
from typing import TypeVar

from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Commit, Deployment, Lifecycle
from dvc_changelog.history import History, Selection, Span, Told

E = TypeVar("E", Deployment, Lifecycle)

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Events:
    """Events by the `key` of the release that tells of them; `left_out` is the remark on all others."""

    deployments: Mapping[str, tuple[Deployment, ...]] = field(default_factory=dict)
    lifecycle: Mapping[str, tuple[Lifecycle, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def found(
    history: History, told: Told, selection: Selection, config: Config, tells: Callable[[Span], bool]
) -> Events:
    """The events of the releases told.

    Left out are those of commits on branches that are not told, as their releases are. In a range a release
    tells of the same events as in the whole history.

    Args:
        history: the repository.
        told: its releases.
        selection: which artifacts are wanted.
        config: whether tags of other branches are wanted.
        tells: whether the unreleased part has anything to tell: else it has no place for events either.
    """
    deployments = [event for event in history.deployments() if selection.wants(event.artifact)]
    lifecycle = [event for event in history.lifecycle() if selection.wants(event.artifact)]
    if not deployments and not lifecycle:
        return Events()
    spans: Sequence[Span] = told.uncut or told.spans
    here = {commit.id for span in spans for commit in span.commits}
    missed: list[Deployment | Lifecycle] = []
    if not config.all_tags:
        missed += [event for event in deployments if event.commit_id not in here]
        missed += [event for event in lifecycle if event.commit_id not in here]
        deployments = [event for event in deployments if event.commit_id in here]
        lifecycle = [event for event in lifecycle if event.commit_id in here]
    placed = by_release(deployments, spans), by_release(lifecycle, spans)
    newest = spans[0] if len(spans) > 1 and not spans[0].tag else None
    if newest and any(newest.key in part for part in placed) and not tells(newest):
        spans = spans[1:]
        placed = by_release(deployments, spans), by_release(lifecycle, spans)
    return Events(*placed, (_left_out(missed),) if missed else ())


def on(
    history: History, commits: Iterable[Commit], not_lines: Container[str]
) -> tuple[tuple[Deployment, ...], tuple[Lifecycle, ...]]:
    """The events on these commits, oldest first, but for those of artifacts that are left out."""
    here = {commit.id for commit in commits}

    def takes(event: Deployment | Lifecycle) -> bool:
        return event.commit_id in here and event.artifact not in not_lines

    return tuple(filter(takes, history.deployments())), tuple(filter(takes, history.lifecycle()))


def by_release(events: Sequence[E], spans: Sequence[Span]) -> dict[str, tuple[E, ...]]:
    """Each event goes to the first release of its artifact made at or after it, else to what is newest.

    By the day, whatever the order of versions: a fix of an old one may have come last. A release of several
    tags was made for an artifact when it got the artifact's own. An artifact without releases of its own has
    those of the repository.

    Args:
        events: oldest first.
        spans: what is told, newest first.
    """
    placed: dict[str, list[E]] = {}
    days: dict[str, list[tuple[float, str]]] = {}
    for event in events if spans else ():
        if event.artifact not in days:
            days[event.artifact] = _days(spans, event.artifact)
        own = days[event.artifact]
        _, key = next((day for day in own if day[0] >= event.timestamp), own[-1])
        placed.setdefault(key, []).append(event)
    return {key: tuple(here) for key, here in placed.items()}


def _days(spans: Sequence[Span], artifact: str) -> list[tuple[float, str]]:
    """When each release of an artifact, or else of the repository, was made, with its key; oldest first."""
    tagged = [span for span in reversed(spans) if span.tag]
    made = [(max(days), span.key) for span in tagged if (days := _registered(span, artifact))]
    made = made or [(span.tag.timestamp, span.key) for span in tagged if span.tag]
    unreleased = [(math.inf, span.key) for span in spans if not span.tag]
    return sorted(made, key=lambda day: day[0]) + unreleased


def _registered(span: Span, artifact: str) -> list[float]:
    """When a release got the tags that are of the artifact."""
    return [tag.timestamp for tag in (span.tag, *span.aliases) if tag and tag.name.line == artifact]


def _left_out(events: Sequence[Deployment | Lifecycle]) -> str:
    """The remark that these events are of commits that are not told."""
    tags = ", ".join(event.tag for event in events[:_SHOWN])
    if len(events) == 1:
        return (
            f"1 event of GTO ({tags}) is not merged into this revision and is left out; --all-tags takes it."
        )
    more = ", …" if len(events) > _SHOWN else ""
    return (
        f"{len(events)} events of GTO ({tags}{more}) are not merged into this revision and are left out; "
        "--all-tags takes them."
    )
