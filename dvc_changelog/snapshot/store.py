"""DVC's cache on this machine: objects read by the hash that DVC recorded; what is missing is remembered.

Reads only. What it hands out has been hashed again: an object that is not what its name says is none.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content
from dvc_changelog.snapshot.unreadable import UnreadableError

_MD5 = re.compile(r"[0-9a-f]{32}(\.dir)?")
_DVC_3, _DVC_2 = "files/md5", "."
"""Where the two layouts keep an object, below the cache's directory."""
_LARGEST = 1 << 28
"""Bytes. A metrics file or manifest beyond this is not read: it would be none."""

_MOST_KEPT = 500_000
"""Files of all manifests that are kept, about 200 bytes each."""

DAMAGED = "its object in DVC's cache is damaged (another hash than its name); `dvc fetch` gets it again"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An object that was asked for and is not here. `path` is for messages, `remote` where DVC keeps it.

    See `Output` for a remote that is None: there is nobody to ask.
    """

    content: Content
    path: str
    remote: str | None = ""


@dataclass(slots=True)
class Store:
    """The caches of the projects of a working tree.

    Args:
        top: the working tree's top directory; None where there is none (a bare repository).

    `wanted` are the objects asked for in vain, by the project's directory; `held` the paths of those that are
    here. `troubles` says of a project why
    its configuration cannot be read.
    """

    top: Path | None
    wanted: dict[str, dict[Content, Wanted]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    troubles: dict[str, str] = field(default_factory=dict)
    _caches: dict[str, Path | None] = field(default_factory=dict)
    _manifests: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def read(self, content: Content, project: str, path: str, remote: str | None = "") -> bytes | None:
        """The bytes of an object, from the cache or from where it is checked out; None if it is not here.

        Args:
            content: as DVC recorded it.
            project: the directory of its project, from the Git root.
            path: where it belongs in the working tree.
            remote: the remote that keeps it, "" for the default one; None for none.

        Raises:
            UnreadableError: it is here, but damaged.
        """
        place = self.place(content, project)
        data = _bytes(place) if place else self._checked_out(content, path)
        if data is None:
            if _is_object(content):
                items = self.wanted.setdefault(project, {})
                if content not in items or items[content].remote is None:
                    items[content] = Wanted(content, path, remote)
            return None
        if not _is(data, content.digest):
            raise UnreadableError(DAMAGED)
        self.held.add(path)
        return data

    def glance(self, content: Content, project: str, path: str = "") -> bytes | None:
        """The bytes of a sound object, as `read` finds them, or None; that it is wanted is not noted."""
        place = self.place(content, project)
        data = _bytes(place) if place else self._checked_out(content, path)
        return data if data is not None and _is(data, content.digest) else None

    def _checked_out(self, content: Content, path: str) -> bytes | None:
        """The bytes of what lies at its path in the working tree, if it is just this content."""
        if self.top is None or content.is_dir:
            return None
        place = inside(self.top, path)
        data = _bytes(place, content.size) if place else None
        return data if data is not None and _is(data, content.digest) else None

    def place(self, content: Content, project: str) -> Path | None:
        """The file that holds an object; None if it is not here."""
        cache = self.directory(project) if _is_object(content) else None
        if cache is None:
            return None
        layouts = (_DVC_2, _DVC_3) if content.legacy else (_DVC_3, _DVC_2)
        places = (cache / layout / content.digest[:2] / content.digest[2:] for layout in layouts)
        return next((place for place in places if os.path.isfile(place)), None)  # noqa: PTH113  # may be denied

    def manifest(
        self, content: Content, project: str, path: str, remote: str | None = ""
    ) -> Mapping[str, str] | None:
        """The files of a directory, {path below it: md5}; None if its manifest is not here. See `read`.

        A content may list its files itself: of a cloud-versioned directory, or of one without files.
        """
        if content.listed:
            return {name: digest for name, digest, _ in content.files}
        if not content.digest.endswith(".dir"):
            return None
        known = self._manifests.get(content.digest)
        if known is None:
            data = self.read(content, project, path, remote)
            if data is None:
                return None
            known = _entries(data)
        self.held.add(path)
        self._remember(content.digest, known)
        return known

    def _remember(self, digest: str, files: Mapping[str, str]) -> None:
        """Keep a manifest as the last one used; of large ones only the two that are compared."""
        self._manifests.pop(digest, None)
        self._manifests[digest] = files
        number = sum(map(len, self._manifests.values()))
        for oldest in list(self._manifests)[:-2]:
            if number <= _MOST_KEPT:
                return
            number -= len(self._manifests.pop(oldest))

    def glance_inside(self, content: Content, project: str, name: str) -> Content | None:
        """The content of a file in a directory; None if it is not known here, or has none. As `glance`."""
        known: Mapping[str, str] | None = {file: digest for file, digest, _ in content.files}
        if not content.listed and content.digest.endswith(".dir"):
            known = self._manifests.get(content.digest)
            if known is None and (data := self.glance(content, project)):
                known = _entries(data)
        return Content("md5", known[name], legacy=content.legacy) if known and name in known else None

    def directory(self, project: str) -> Path | None:
        """The cache of a project; None if there is none, or DVC's configuration cannot be read.

        A project that is no longer there has that of the Git root.
        """
        if project not in self._caches:
            self._caches[project] = self._found(project)
        return self._caches[project]

    def dvc_directory(self, project: str) -> Path | None:
        """The `.dvc` of a project in the working tree, else that of the Git root."""
        if self.top is None:
            return None
        places = (self.top / project / ".dvc", self.top / ".dvc")
        return next((d for d in places if os.path.isdir(d)), None)  # noqa: PTH112  # may be denied

    def _found(self, project: str) -> Path | None:
        dvc = self.dvc_directory(project)
        try:
            return _configured(dvc) if dvc else None
        except UnreadableError as error:
            self.troubles[project] = error.reason
            return None


def inside(top: Path, path: str) -> Path | None:
    """The file at a path of the working tree; None if there is none, or a link leads out of it.

    What lies elsewhere on this machine is not the repository's to show.
    """
    place = top / path
    try:
        return place if place.is_file() and place.resolve().is_relative_to(top.resolve()) else None
    except (OSError, ValueError):  # ValueError: a path that no file can have
        return None


def _is_object(content: Content) -> bool:
    """Whether DVC's cache can hold it: what comes from a repository is no path before it is checked."""
    return content.algorithm == "md5" and bool(_MD5.fullmatch(content.digest))


def _configured(dvc: Path) -> Path:
    """The cache's directory as DVC's configuration says at its four levels: system, global, project, local.

    DVC itself reads them, but only where one of them speaks of a cache at all.
    """
    from dvc.dirs import global_config_dir, system_config_dir

    levels = [Path(system_config_dir(), "config"), Path(global_config_dir(), "config")]
    if not any(
        b"cache" in (_bytes(file) or b"").lower() for file in (*levels, dvc / "config", dvc / "config.local")
    ):
        return dvc / "cache"
    from dvc.config import Config
    from dvc.exceptions import DvcException

    try:
        config = Config(str(dvc))
    except DvcException as error:
        raise UnreadableError(str(error).splitlines()[0]) from error
    cache = config["cache"]
    if name := cache.get("local"):  # a remote that serves as the cache
        if name not in config["remote"]:
            raise UnreadableError(f"config file error: remote '{name}' doesn't exist")
        return Path(config["remote"][name].get("url") or dvc / "cache")
    return Path(cache.get("dir") or dvc / "cache")


def _bytes(path: Path, size: int | None = None) -> bytes | None:
    """The bytes of a file, of this size where it is given; None if it is not here or no regular file."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST or size not in {None, found.st_size}:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _is(data: bytes, digest: str) -> bool:
    """Whether the bytes have this md5, or had it for DVC 2, which read line ends of text as Unix's."""
    found = digest.removesuffix(".dir")
    return found in {_md5(data), _md5(data.replace(b"\r\n", b"\n"))}


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _entries(data: bytes) -> dict[str, str]:
    """The manifest of a directory: `[{"md5": …, "relpath": …}, …]`."""
    try:
        # An entry becomes a pair as soon as it is read: a million mappings take a multiple of that.
        return dict(json.loads(data, object_hook=lambda entry: (str(entry["relpath"]), str(entry["md5"]))))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UnreadableError("its manifest in DVC's cache is none") from error
