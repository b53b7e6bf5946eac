"""The files of a revision that matter here, found in its tree; equal subtrees are walked once."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Container, Iterable, Iterator
from contextlib import suppress
from enum import Enum, auto
from functools import cache

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import FileChange, holders
from dvc_changelog.history import MissingObjectError, Objects, TreeEntry
from dvc_changelog.snapshot import environment, packages


class Kind(Enum):
    """What a file is, by its name."""

    DVCFILE = auto()
    PIPELINE = auto()
    LOCK = auto()
    IGNORE = auto()
    ARTIFACTS = auto()
    PROJECT = auto()
    PACKAGES = auto()
    ENVIRONMENT = auto()
    METRICS = auto()
    MISSING = auto()


OF_DVC = frozenset((Kind.DVCFILE, Kind.PIPELINE, Kind.LOCK, Kind.PROJECT))
"""What makes a DVC project, and what a .dvcignore can hide."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of interest: its path from the Git root and its blob id.

    PROJECT stands for a directory that holds `.dvc/`; MISSING for a directory that the clone lacks.
    """

    kind: Kind
    path: str
    blob: str


_BY_NAME = {
    "dvc.yaml": Kind.PIPELINE,
    "dvc.lock": Kind.LOCK,
    ".dvcignore": Kind.IGNORE,
    "artifacts.yaml": Kind.ARTIFACTS,
    "Dvcfile": Kind.DVCFILE,
    **dict.fromkeys(("metrics.json", "metrics.yaml", "metrics.yml", "metrics.toml"), Kind.METRICS),
}


def places_of(paths: Iterable[str]) -> frozenset[str]:
    """The directories in which files of interest lie, and those above them.

    Args:
        paths: every path that a history ever touched. What lies in a tree of the history was brought there by
            one of its commits, so that no other directory has to be looked into.
    """
    places = {""}
    for path in paths:
        if kind_of(path) or is_dvcs_own(path):
            above = posixpath.dirname(path)
            while above not in places:
                places.add(above)
                above = posixpath.dirname(above)
    return frozenset(places)


def warm(objects: Objects, tree_ids: Iterable[str], places: Container[str] | None = None) -> None:
    """Read the trees of several revisions, level by level, each level together: far fewer waits for Git.

    Args:
        objects: where to read them.
        tree_ids: the revisions' trees.
        places: the directories that matter; None for all.
    """
    level = [("", oid) for oid in dict.fromkeys(tree_ids)]
    seen = set(level)
    while level:
        objects.warm(oid for _, oid in level)
        below: list[tuple[str, str]] = []
        for path, oid in level:
            try:
                entries = objects.tree(oid)
            except MissingObjectError:
                continue
            for entry in entries:
                if entry.is_tree and entry.name != ".dvc":
                    place = (f"{path}/{entry.name}" if path else entry.name, entry.oid)
                    if place not in seen and (places is None or place[0] in places):
                        seen.add(place)
                        below.append(place)
        level = below


class Tree:
    """The files of one revision.

    Args:
        objects: where to read it.
        tree_id: its tree.
        walks: remembers subtrees between revisions; share it among them.
        places: the directories in which to look for files of interest; None for all.
    """

    def __init__(
        self,
        objects: Objects,
        tree_id: str,
        walks: dict[tuple[str, str], tuple[Found, ...]],
        places: Container[str] | None = None,
    ) -> None:
        self._objects = objects
        self._root = tree_id
        self._walks = walks
        self._places = places

    def found(self) -> tuple[Found, ...]:
        """All files of interest."""
        return self._walk("", self._root)

    def blob(self, path: str) -> str | None:
        """The blob id of the file at `path`; None if there is no file (or a link, or a directory)."""
        entry = self._entry(path)
        return entry[0] if entry and not entry[1] else None

    def files_below(self, path: str) -> Iterator[tuple[str, str]]:
        """(path, blob id) of each file below a directory, "" for all; nothing if there is none."""
        if oid := self.directory_id(path):
            yield from self._files(path, oid)

    def directory_id(self, path: str) -> str:
        """The tree id of a directory, "" if there is none; the root for ""."""
        if not path:
            return self._root
        entry = self._entry(path)
        return entry[0] if entry and entry[1] else ""

    def changed(self, places: Collection[str], old: Tree | None) -> Iterator[FileChange]:
        """The files at or below some places that are not as in an older tree; none from where one lacks."""
        above = {up for place in places for up in holders(place)}

        def wanted(path: str) -> bool:
            return path in above or any(up in places for up in holders(path))

        with suppress(MissingObjectError):
            yield from self._objects.changed(old.directory_id("") if old else "", self._root, wanted=wanted)

    def lacks(self, path: str) -> bool:
        """Whether there is surely nothing at `path`: a link may lead there, and a tree may be missing."""
        try:
            return self._find(path) is None
        except MissingObjectError:
            return False

    def _entry(self, path: str) -> tuple[str, bool] | None:
        try:
            found = self._find(path)
        except MissingObjectError:
            return None
        return (found.oid, found.is_tree) if found and not found.is_link else None

    def _find(self, path: str) -> TreeEntry | None:
        """The entry at `path`, or the link on the way there, which is not followed; None if there is none."""
        here: TreeEntry | None = TreeEntry("", self._root, is_tree=True, is_link=False)
        for part in path.split("/"):
            if here is None or here.is_link:
                break
            entries = self._objects.tree(here.oid) if here.is_tree else ()
            here = next((e for e in entries if e.name == part), None)
        return here

    def _files(self, path: str, oid: str) -> Iterator[tuple[str, str]]:
        try:
            entries = self._objects.tree(oid)
        except MissingObjectError:  # already told by the walk, as a directory of this revision
            return
        for entry in entries:
            below = f"{path}/{entry.name}" if path else entry.name
            if entry.is_tree:
                yield from self._files(below, entry.oid)
            elif not entry.is_link:
                yield below, entry.oid

    def _walk(self, path: str, oid: str) -> tuple[Found, ...]:
        known = self._walks.get((path, oid))
        if known is None:
            known = self._walks[path, oid] = tuple(self._look(path, oid))
        return known

    def _look(self, path: str, oid: str) -> Iterator[Found]:
        try:
            entries = self._objects.tree(oid)
        except MissingObjectError:
            yield Found(Kind.MISSING, path, oid)
            return
        for entry in entries:
            below = f"{path}/{entry.name}" if path else entry.name
            if entry.is_tree:
                if entry.name == ".dvc":
                    yield Found(Kind.PROJECT, path, entry.oid)
                elif self._places is None or below in self._places:
                    yield from self._walk(below, entry.oid)
            elif not entry.is_link and (kind := kind_of(below)):
                yield Found(kind, below, entry.oid)


def is_dvcs_own(path: str) -> bool:
    """Whether a path lies in the directory in which DVC keeps its configuration."""
    return path.startswith(".dvc/") or "/.dvc/" in path


@cache  # a path recurs in every revision
def kind_of(path: str) -> Kind | None:
    """What a file is by its path; None if it is of no interest here."""
    name = posixpath.basename(path)
    if kind := _BY_NAME.get(name):
        return kind
    if name.endswith(".dvc") and name != ".dvc":
        return Kind.DVCFILE
    if packages.names(path):
        return Kind.PACKAGES
    return Kind.ENVIRONMENT if environment.names(path) else None
