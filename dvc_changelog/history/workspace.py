"""The working tree as a tree of Git: what is committed, with what is not laid over it.

The repository is not written to: objects and index of this tree lie in a temporary directory.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dvc_changelog.errors import UsageError
from dvc_changelog.history.git import Git

_LARGEST = 1 << 24
"""Bytes. An untracked file beyond this is no source, params or metrics file; it is left out."""
_CHANGED, _UNMERGED, _UNTRACKED = "1", "u", "?"
_FIELDS = {_CHANGED: 8, _UNMERGED: 10, _UNTRACKED: 1}
"""How many fields stand before the path in an entry of `git status --porcelain=v2`."""
_FILE, _PROGRAM, _GONE = "100644", "100755", "0" * 40


@contextmanager
def working_tree(git: Git) -> Iterator[str]:
    """The id of a tree with the files of the working tree, tracked and untracked, but for ignored ones.

    It can be read until the context ends. Links that changed stay as they are committed.

    Raises:
        UsageError: the repository is bare.
        GitError: Git cannot tell the state of the working tree.
    """
    if git.bare:
        raise UsageError("A bare repository has no working tree", "Run --workspace in a clone of it.")
    with tempfile.TemporaryDirectory(prefix="dvc-changelog-") as place:
        store = Path(git.run("rev-parse", "--git-path", "objects").removesuffix("\n"))
        others = [str(git.root / store), os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")]
        environment = {
            "GIT_INDEX_FILE": str(Path(place, "index")),
            "GIT_OBJECT_DIRECTORY": place,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": os.pathsep.join(filter(None, others)),
        }
        present, gone = _differing(git)
        head = git.run("rev-parse", "--verify", "--quiet", "HEAD^{tree}", check=False).strip()
        git.feed("read-tree", *([head] if head else ["--empty"]), environment=environment)
        names = "".join(f"{name}\n" for name in present).encode("utf-8", "surrogateescape")
        ids = git.feed("hash-object", "-w", "--stdin-paths", data=names, environment=environment).split()
        entries = [
            *(f"{_mode(git.root / name)} {oid}\t{name}\0" for name, oid in zip(present, ids, strict=True)),
            *(f"0 {_GONE}\t{name}\0" for name in gone),
        ]
        data = "".join(entries).encode("utf-8", "surrogateescape")
        git.feed("update-index", "-z", "--index-info", data=data, environment=environment)
        tree = git.feed("write-tree", environment=environment).strip()
        git.objects.also_in(place)
        try:
            yield tree
        finally:
            git.close()


def _differing(git: Git) -> tuple[list[str], list[str]]:
    """The files that differ from HEAD and are there, and those that are gone."""
    out = git.feed(
        *(
            "status",
            "--porcelain=v2",
            "-z",
            "--untracked-files=all",
            "--ignore-submodules=all",
            "--no-renames",
        )
    )
    present, gone = [], []
    for entry in filter(None, out.split("\0")):
        kind = entry[0]
        if kind not in _FIELDS:
            continue
        name = entry.split(" ", _FIELDS[kind])[-1]
        path = git.root / name
        if not path.is_file():
            if not path.exists() and not path.is_symlink():
                gone.append(name)
        elif "\n" not in name and not path.is_symlink() and _wanted(path, kind):
            present.append(name)
    return present, gone


def _wanted(path: Path, kind: str) -> bool:
    return kind != _UNTRACKED or path.stat().st_size <= _LARGEST


def _mode(path: Path) -> str:
    return _PROGRAM if os.access(path, os.X_OK) else _FILE
