"""Registries made by GTO itself, event by event, and what GTO and we say of them.

GTO has no clock to set: the tag that it makes is given its date afterwards.
"""

from __future__ import annotations

import contextlib
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gto import api
from gto.exceptions import GTOException

from dvc_changelog.history import History

if TYPE_CHECKING:
    from gitrepo import GitRepo

Event = tuple[int, str, str, str, str, str]
"""When, the artifact, GTO's word for what happened, the version, the place, the tag."""

ARTIFACTS = ("churn", "models:churn", "seg/ment")
PLACES = ("prod", "pre-prod")
_HAPPENINGS = (
    ("register",) * 3 + ("assign",) * 3 + ("cancel", "register again", "unassign", "unassign", "deprecate")
)
_SIMPLE, _SKIP = 0.5, 0.2
_WORDS = {"cancelled": "deregistration", "deprecated": "deprecation", "registered": "registration"}
_RANKS = ("deprecation", "registration", "deregistration", "assignment", "unassignment")
"""What GTO lists first of the same second."""


@dataclass
class Registry:
    """A repository that events are made in, at random but for the seed."""

    repo: GitRepo
    chance: random.Random

    def live(self, events: int) -> None:
        """Let this much happen; what GTO refuses does not."""
        self.repo.commit()
        for _ in range(events):
            if self.chance.random() < 0.2:
                self.repo.commit()
            self.repo.clock += self.chance.choice((0, 1, 60))
            self._dated(self.chance.choice(_HAPPENINGS), self.chance.choice(ARTIFACTS))

    def _dated(self, happening: str, artifact: str) -> None:
        """Make an event; its tag, which GTO made now, is given the date of the repository's clock."""
        before = set(self.repo.git("tag").split())
        with contextlib.suppress(GTOException):
            self._make(happening, artifact)
        for tag in set(self.repo.git("tag").split()) - before:
            self.repo.git("tag", "-f", "-a", "-m", "By GTO", tag, f"{tag}^{{commit}}")

    def _make(self, happening: str, artifact: str) -> None:
        """Make an event, mostly one that can be."""
        path, simple = self.repo.path, self.chance.random() < _SIMPLE
        versions = _versions(path, artifact)
        commits = self.repo.git("rev-list", "HEAD").split()
        commit = self.chance.choice(commits)
        version = self.chance.choice(versions) if versions else None
        at = version["commit_hexsha"] if version else commit
        match happening:
            case "register":
                api.register(path, artifact, commit, simple=simple)
            case "cancel":
                api.deregister(path, artifact, at, simple=simple)
            case "register again":
                api.register(path, artifact, at, simple=False)
            case "assign":
                place = self.chance.choice(PLACES)
                skip = self.chance.random() < _SKIP
                api.assign(path, artifact, place, ref=commit, skip_registration=skip, force=True)
            case "unassign":
                places = [stage["stage"] for stage in version["stages"]] if version else []
                api.unassign(path, artifact, at, stage=self.chance.choice(places or PLACES))
            case _:
                api.deprecate(path, artifact, commit, simple=simple)


def _versions(path: Path, artifact: str) -> list[Any]:
    """The versions of an artifact, those cancelled included."""
    try:
        return list(api.show(path, artifact, deprecated=True, versions_per_stage=-1))
    except GTOException:
        return []


def gtos_history(path: Path) -> list[Event]:
    """What `gto history` lists, oldest first; a commit that stands for a version is none."""
    return [
        (
            int(event["timestamp"].timestamp()),
            event["artifact"],
            event["event"],
            "" if event["version"] == event["commit"] else event["version"] or "",
            event["stage"] or "",
            event["ref"],
        )
        for event in api.history(path, ascending=True)
    ]


def our_history(path: Path) -> list[Event]:
    """The same from our releases, deployments and the rest."""
    history = History(path)
    found = [
        (tag.timestamp, tag.name.line, "registration", tag.name.number, "", tag.name.text)
        for tag in history.release_tags()
        if tag.annotated and tag.name.gto
    ]
    found += [
        (
            event.timestamp,
            event.artifact,
            "unassignment" if event.cancelled else "assignment",
            event.version.partition("@")[2].partition("#")[0],
            event.target,
            event.tag,
        )
        for event in history.deployments()
    ]
    found += [
        (event.timestamp, event.artifact, _WORDS[event.event], event.version, "", event.tag)
        for event in history.lifecycle()
    ]
    history.git.close()
    return sorted(found, key=lambda event: (event[0], _RANKS.index(event[2])))


def gtos_versions(path: Path) -> dict[str, set[tuple[str, str]]]:
    """The registered versions of each artifact that `gto show` lists as active, with their commits."""
    shown = {name: api.show(path, name, registered_only=True, deprecated=True) for name in _names(path)}
    return {
        name: {
            (one["version"], one["commit_hexsha"])
            for one in versions
            if one["is_active"] and one["registrations"]
        }
        for name, versions in shown.items()
    }


def our_versions(path: Path) -> dict[str, set[tuple[str, str]]]:
    """The same from our releases."""
    found: dict[str, set[tuple[str, str]]] = {name: set() for name in _names(path)}
    history = History(path)
    for tag in history.release_tags():
        if tag.annotated and tag.name.gto:
            found[tag.name.line].add((tag.name.number, tag.commit_id))
    history.git.close()
    return found


def gtos_places(path: Path) -> dict[tuple[str, str], set[str]]:
    """The commits that each place has of each artifact, as `gto show --vs -1` has it."""
    found: dict[tuple[str, str], set[str]] = {}
    for name in _names(path):
        for version in api.show(path, name, deprecated=True, versions_per_stage=-1):
            for stage in version["stages"]:
                if version["is_active"]:
                    found.setdefault((name, stage["stage"]), set()).add(stage["commit_hexsha"])
    return found


def our_places(path: Path) -> dict[tuple[str, str], set[str]]:
    """The same, from our deployments in their order; a version that was cancelled is shown nowhere."""
    history = History(path)
    cancelled = {event.tag for event in history.lifecycle()}
    found: dict[tuple[str, str], set[str]] = {}
    for event in history.deployments():
        here = found.setdefault((event.artifact, event.target), set())
        if event.cancelled:
            here.discard(event.commit_id)
        elif event.version not in cancelled:
            here.add(event.commit_id)
    history.git.close()
    return {place: commits for place, commits in found.items() if commits}


def _names(path: Path) -> list[str]:
    return list(api.show(path, deprecated=True))
