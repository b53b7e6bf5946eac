"""The working tree as a tree of Git: what is committed, with what is not laid over it.

The repository is not written to: objects and index of this tree lie in a temporary directory.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path

from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import UsageError
from dvc_changelog.history.git import Git

_LARGEST = 1 << 24
"""Bytes. An untracked file beyond this is no source, params or metrics file; it is left out."""
_CHANGED, _UNMERGED, _UNTRACKED = "1", "u", "?"
_FIELDS = {_CHANGED: 8, _UNMERGED: 10, _UNTRACKED: 1}
"""How many fields stand before the path in an entry of `git status --porcelain=v2`."""
_FILE, _PROGRAM, _LINK, _ABSENT = "100644", "100755", "120000", "000000"
_STATUS = ("--porcelain=v2", "-z", "--untracked-files=all", "--ignore-submodules=all", "--no-renames")


@dataclass(slots=True)
class _Differing:
    """What differs from HEAD, by name: `staged` with mode and id, the files to be hashed, what is gone."""

    staged: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    untracked: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


@contextmanager
def working_tree(git: Git) -> Iterator[str]:
    """The id of a tree with the files of the working tree, tracked and untracked, but for ignored ones.

    It can be read until the context ends. Files pass the filters that Git is configured with, as for
    `git status`. Links that changed stay as they are committed; one in the place of a file is read as the
    file that it leads to.

    Raises:
        UsageError: the repository is bare.
        GitError: Git cannot tell the state of the working tree.
    """
    if git.bare:
        raise UsageError("A bare repository has no working tree", "Run --workspace in a clone of it.")
    with tempfile.TemporaryDirectory(prefix="dvc-changelog-") as place:
        store = Path(git.run("rev-parse", "--git-path", "objects").removesuffix("\n"))
        others = [_quoted(str(git.root / store)), os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")]
        environment = {
            "GIT_INDEX_FILE": str(Path(place, "index")),
            "GIT_OBJECT_DIRECTORY": place,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(filter(None, others)),
        }
        found = _differing(git)
        head = git.run("rev-parse", "--verify", "--quiet", "HEAD^{tree}", check=False).strip()
        git.feed("read-tree", *([head] if head else ["--empty"]), environment=environment)
        changed = _hashed(git, found.changed, environment, "-w")
        untracked = _hashed(git, found.untracked, environment)
        entries = [
            *(f"0 {'0' * len(head)}\t{name}\0" for name in found.gone),
            *(f"{entry}\t{name}\0" for name, entry in found.staged.items()),
            *(f"{_mode(git.root / name)} {oid}\t{name}\0" for name, oid in (changed | untracked).items()),
        ]
        data = "".join(entries).encode("utf-8", "surrogateescape")
        git.feed("update-index", "-z", "--index-info", data=data, environment=environment)
        tree = git.feed("write-tree", "--missing-ok", environment=environment).strip()
        names = {oid: name for name, oid in untracked.items()}

        def bring(oid: str) -> bool:
            """Write the object of an untracked file: there may be very many, and few are read."""
            return oid in names and oid in _hashed(git, [names[oid]], environment, "-w").values()

        git.objects.also_in(place, bring)
        try:
            yield tree
        finally:
            git.close()


def _hashed(git: Git, names: list[str], environment: Mapping[str, str], *options: str) -> dict[str, str]:
    """The blob ids of files, by name. A name in quotes can hold whatever a file's name can."""
    data = "".join(f"{_quoted(name)}\n" for name in names).encode("utf-8", "surrogateescape")
    ids = git.feed("hash-object", *options, "--stdin-paths", data=data, environment=environment).split()
    return dict(zip(names, ids, strict=True))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def _differing(git: Git) -> _Differing:
    found = _Differing()
    for entry in filter(None, git.feed("status", *_STATUS).split("\0")):
        kind = entry[0]
        if kind in _FIELDS:
            *fields, name = entry.split(" ", _FIELDS[kind])
            _sort(found, fields, name, git.root / name)
    for entry in filter(None, git.feed("ls-files", "-v", "-z").split("\0")):
        tag, name = entry[0], entry[2:]
        if (tag.islower() or tag == "S") and _is_regular(git.root / name):  # Git was told not to look
            found.changed.append(name)
    return found


def _sort(found: _Differing, fields: list[str], name: str, path: Path) -> None:
    kind, before = fields[0], fields[3] if fields[0] == _CHANGED else _FILE
    if kind == _UNTRACKED:
        if _is_regular(path) and os.access(path, os.R_OK) and path.stat().st_size <= _LARGEST:
            found.untracked.append(name)
    elif kind == _CHANGED and fields[1][1] == "." and fields[4] != _ABSENT:
        found.staged[name] = f"{fields[4]} {fields[7]}"
    elif path.is_file() and (before != _LINK or not path.is_symlink()):
        found.changed.append(name)
    elif not path.is_symlink() or before != _LINK:
        found.gone.append(name)


def _is_regular(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _mode(path: Path) -> str:
    return _PROGRAM if os.access(path, os.X_OK) else _FILE
