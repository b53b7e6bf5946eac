"""The words the story is told in: steps, tags, and what can happen to a repository between two commits."""

from __future__ import annotations

from collections.abc import Callable

from dvc_changelog.dataclass import dataclass
from dvc_changelog.demo import tickets
from dvc_changelog.demo.workshop import Workshop

Act = Callable[[Workshop], None]

WEEK, HOLDOUT = 50, 200


@dataclass(frozen=True)
class Tag:
    """A tag to set: annotated if it has a message. `tells` is what the builder says of it."""

    name: str
    message: str = ""
    tells: str = ""


@dataclass(frozen=True)
class Step:
    """One commit: when, by whom, with which message, after which changes; and the tags set on it."""

    day: str
    author: str
    message: str
    changes: tuple[Act, ...]
    tags: tuple[Tag, ...] = ()


def copy(*paths: str) -> Act:
    """Put packaged files in place."""
    return lambda place: place.copy(*paths)


def edit(path: str, old: str, new: str) -> Act:
    """Replace one piece of a file."""
    return lambda place: place.edit(path, old, new)


def git(*args: str) -> Act:
    """Run git."""
    return lambda place: place.git(*args)


def dvc(*args: str) -> Act:
    """Run DVC."""
    return lambda place: place.dvc(*args, "--quiet")


def weeks(days: tuple[str, ...], *, spanish: float = 0.0, labels: str = "owner") -> Act:
    """Write a file of raw tickets for each week."""

    def act(place: Workshop) -> None:
        for day in days:
            place.write(
                f"data/raw/{day}.csv",
                tickets.table(day, WEEK, spanish=spanish, labels=labels, unlabelled=0.04),
            )

    return act


def holdout(*, spanish: float = 0.0, labels: str = "owner") -> Act:
    """Write the tickets that training never sees; with Spanish ones they are more."""
    count = HOLDOUT + (100 if spanish else 0)
    return lambda place: place.write(
        "data/holdout.csv", tickets.table("holdout", count, spanish=spanish, labels=labels)
    )


def artifact_version(version: str, deployment: int) -> tuple[Tag, ...]:
    """The tags GTO sets to register a version of the router and to deploy it."""
    return (
        Tag(f"router@{version}", f"Registering artifact router version {version}"),
        Tag(f"router#prod#{deployment}", f"Assigning stage prod to artifact router version {version}"),
    )


def append(path: str, text: str) -> Act:
    """Put text after a file's last line."""
    return lambda place: place.write(path, (place.root / path).read_text(encoding="utf-8") + text)


def write(path: str, text: str) -> Act:
    """Write a file."""
    return lambda place: place.write(path, text)


TRACK_DATA = dvc("add", "data/raw", "data/holdout.csv")
REPRODUCE = dvc("repro")
