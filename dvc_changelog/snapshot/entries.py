"""One entry of dvc.lock or a `.dvc` file: the path and the identity of its content.

Source of the form: dvc 3.67, `dvc/schema.py` and https://dvc.org/doc/user-guide/project-structure.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from dvc_changelog.domain import Content

_OTHER_HASHES = ("etag", "checksum", "version_id")
_URL_MARK = "://"
_PLAIN = re.compile(
    rb"    - path: (?P<path>[A-Za-z_][\w@+=-]*[./][\w@+=./-]*)\n"
    rb"(?P<hash>      hash: md5\n)?"
    rb"      md5: (?P<md5>(?=[0-9be]*[acdf])[0-9a-f]{32}(?:\.dir)?)\n"
    rb"(?:      size: (?P<size>[0-9]{1,18})\n)?(?:      nfiles: (?P<nfiles>[0-9]{1,18})\n)?"
    rb"(?:      isexec: true\n)?"
)
"""An entry as DVC mostly writes it: its path and its md5 are such that YAML takes them for text."""

_MOST = 100_000


def content_of(entry: Mapping[str, object]) -> Content | None:
    """The content that an entry identifies, or None where it has no hash (never saved)."""
    size, nfiles = _number(entry.get("size")), _number(entry.get("nfiles"))
    files = tuple(_files(entry.get("files")))
    versions = tuple(_versions(entry))
    for name in ("md5", *_OTHER_HASHES):
        digest = entry.get(name)
        if digest:
            legacy = name == "md5" and "hash" not in entry
            return Content(name, str(digest), size, nfiles, legacy, files, versions)
    if isinstance(dataset := entry.get("dataset"), Mapping):
        return Content("dataset", _fingerprint(dataset))
    if files:
        return Content("files", _combined(files), size, nfiles or len(files), files=files, versions=versions)
    return _cloud(entry.get("cloud"), size, nfiles)


def plain_entries(text: bytes) -> list[tuple[str, Content]] | None:
    """The paths and contents of a list in a lock, by its text alone; None where that takes a YAML parser."""
    found, at = [], 0
    while entry := _PLAIN.match(text, at):
        size, nfiles, at = entry["size"], entry["nfiles"], entry.end()
        content = Content(
            "md5",
            entry["md5"].decode(),
            int(size) if size else None,
            int(nfiles) if nfiles else None,
            legacy=not entry["hash"],
        )
        found.append((entry["path"].decode(), content))
    return found if found and not text[at:].strip() else None


@lru_cache(_MOST)  # a path recurs in each version of a lock
def join(directory: str, path: str) -> str:
    """A path of an entry, seen from the Git root. URLs and absolute paths stay as they are."""
    if _URL_MARK in path or posixpath.isabs(path):
        return path
    joined = posixpath.normpath(posixpath.join(directory, path.replace("\\", "/")))
    return "" if joined == "." else joined


def _cloud(cloud: object, size: int | None, nfiles: int | None) -> Content | None:
    """The identity that a cloud-versioned remote gave: `cloud: {REMOTE: {etag, version_id}}`."""
    if not isinstance(cloud, Mapping):
        return None
    for remote in cloud.values():
        if isinstance(remote, Mapping):
            for name in _OTHER_HASHES:
                if remote.get(name):
                    return Content(name, str(remote[name]), size, nfiles)
    return None


def _files(value: object) -> Iterable[tuple[str, str, int | None]]:
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, Mapping) and entry.get("relpath"):
            content = content_of({**entry, "files": None})
            yield str(entry["relpath"]), content.digest if content else "", _number(entry.get("size"))


def _versions(entry: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    """The version_id of a file, and of each file of a directory; like DVC, of the first remote named."""
    listed = entry.get("files")
    for file in (entry, *(listed if isinstance(listed, list) else ())):
        cloud = file.get("cloud") if isinstance(file, Mapping) else None
        if isinstance(cloud, Mapping):
            first = next(iter(cloud.values()), None)
            if isinstance(first, Mapping) and first.get("version_id"):
                yield "" if file is entry else str(file.get("relpath")), str(first["version_id"])


def _combined(files: tuple[tuple[str, str, int | None], ...]) -> str:
    text = "\n".join(f"{digest} {path}" for path, digest, _ in sorted(files))
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() + ".dir"


def _fingerprint(dataset: Mapping[str, object]) -> str:
    text = json.dumps(dataset, sort_keys=True, default=str)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
