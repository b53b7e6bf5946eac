"""Where DVC keeps the data of a project, and what became of that, as it may be shown: without credentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from dvc_changelog.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Remotes:
    """The remotes of a project, as its configuration in Git has them.

    `default` is the name of that which is asked where nobody names one, "" for none. `places` says of each
    name where it is.
    """

    default: str = ""
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rehomed:
    """A remote of the project at `root` that is at another place, or stands in for another one.

    `name` and `old_name` are the same, but for the `default` one, and "" where there is none. `place` and
    `old_place` are "" where nothing says where it is. `used`: data is fetched from there.
    """

    root: str
    name: str
    place: str
    old_name: str
    old_place: str
    default: bool = False
    used: bool = True
