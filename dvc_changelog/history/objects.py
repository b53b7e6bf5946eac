"""Objects of a repository, read through one `git cat-file --batch`; many at a time where known ahead."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from dvc_changelog.domain import FileChange

_AT_ONCE = 128
"""Requests of a pack; two of them are 10 KB, which a pipe holds on every system."""


class MissingObjectError(Exception):
    """The repository lacks an object that its history names (partial clone, damaged store)."""

    def __init__(self, oid: str) -> None:
        self.oid = oid
        super().__init__(oid)


class TreeEntry(NamedTuple):
    """A name in a directory of a revision. `is_tree` for a directory; submodules are left out."""

    name: str
    oid: str
    is_tree: bool
    is_link: bool


_Process = subprocess.Popen[bytes]
_ENTRY = {size: re.compile(rb"([0-7]+) ([^\0]+)\0(.{%d})" % size, re.DOTALL) for size in (20, 32)}
"""An entry of a tree object, by the length of an id in bytes: SHA-1, SHA-256."""
_COMMIT = re.compile(
    rb"tree (?P<tree>[0-9a-f]+)\n(?:parent [0-9a-f]+\n)*author .*\ncommitter .* (?P<time>\d+) [+-]\d{4}\n"
)
_DIRECTORY = (b"40000", b"040000")
_SYMLINK, _SUBMODULE = b"120000", b"160000"


class Objects:
    """Reads blobs, trees and commits.

    Args:
        command: the `git` command up to its subcommand.
        directory: where to run it.
        environment: the process's environment.
    """

    def __init__(self, command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> None:
        self._command = [*command, "cat-file", "--batch"]
        self._directory = directory
        self._environment = dict(environment)
        self._process: _Process | None = None
        self._bring: Callable[[str], bool] = lambda _: False
        self._trees: dict[str, tuple[TreeEntry, ...]] = {}
        self._ahead: dict[str, bytes] = {}

    def read(self, oid: str) -> bytes:
        """The bytes of an object.

        Raises:
            MissingObjectError: the repository does not have it.
        """
        data = self._ahead.pop(oid, None)
        if data is None:
            data = next(self._many([oid]))[1]
        if data is None and self._bring(oid):
            data = next(self._many([oid]))[1]
        if data is None:
            raise MissingObjectError(oid)
        return data

    def commit(self, oid: str) -> tuple[str, int] | None:
        """The tree and the time of a commit; None where this is no such object, or a damaged one."""
        data = next(self._many([oid]))[1]
        found = _COMMIT.match(data) if data is not None else None
        return (found["tree"].decode(), int(found["time"])) if found else None

    def ahead(self, oids: Iterable[str]) -> None:
        """Read blobs that are asked for next, all together, each to be read once.

        What was read ahead before and not asked for is forgotten; missing ones are left to `read`.
        """
        self._ahead = {oid: data for oid, data in self._many(dict.fromkeys(oids)) if data is not None}

    def tree(self, oid: str) -> tuple[TreeEntry, ...]:
        """The entries of a directory; equal ids are read once.

        Raises:
            MissingObjectError: the repository does not have the tree.
        """
        entries = self._trees.get(oid)
        if entries is None:
            entries = self._trees[oid] = _entries(self.read(oid), len(oid) // 2)
        return entries

    def warm(self, trees: Iterable[str]) -> None:
        """Read trees that will be asked for, all together; missing ones are left to `tree`."""
        unknown = [oid for oid in dict.fromkeys(trees) if oid not in self._trees]
        for oid, data in self._many(unknown):
            if data is not None:
                self._trees[oid] = _entries(data, len(oid) // 2)

    def also_in(self, directory: str, bring: Callable[[str], bool]) -> None:
        """Look in a further directory of objects too; `bring` puts an object there that is to be read."""
        self.close()
        self._bring = bring
        known = self._environment.get("GIT_ALTERNATE_OBJECT_DIRECTORIES", "")
        self._environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = os.pathsep.join(
            filter(None, (directory, known))
        )

    def changed(
        self, old: str, new: str, below: str = "", wanted: Callable[[str], bool] | None = None
    ) -> Iterator[FileChange]:
        """The files that differ between two trees ("" for none); what is the same on both sides is not read.

        Nor is what is not `wanted`, which is asked of each path that differs, be it a file or a directory.

        Raises:
            MissingObjectError: the repository lacks a tree on the way.
        """
        before, after = ({entry.name: entry for entry in self.tree(oid)} if oid else {} for oid in (old, new))
        for name in sorted(before.keys() | after.keys()):
            sides = before.get(name), after.get(name)
            if sides[0] == sides[1]:
                continue
            path = f"{below}/{name}" if below else name
            was_tree, is_tree = (side.oid if side and side.is_tree else "" for side in sides)
            if wanted and not wanted(path):
                continue
            yield from self.changed(was_tree, is_tree, path, wanted) if was_tree != is_tree else ()
            was, now = (side.oid if side and not side.is_tree else "" for side in sides)
            if was != now:
                yield FileChange(path, path, was, now)

    def close(self) -> None:
        """End the process at once: it only reads, and may be at work still where we were interrupted."""
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):  # what was not sent yet goes nowhere
                    if pipe:
                        pipe.close()
            self._process = None

    def _many(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Each id with its bytes, None where the object is missing; to be read to its end.

        Sent in packs, one ahead: Git looks up the next while the answers to the first are read.
        """
        waiting = iter(oids)
        pack = self._asked(list(islice(waiting, _AT_ONCE)))
        while pack:
            following = self._asked(list(islice(waiting, _AT_ONCE)))
            try:
                answers = [(oid, self._answer(self._started())) for oid in pack]
            except (OSError, EOFError):
                # A `cat-file` that died (an old Git does, on a lazy fetch it may not make) is started afresh,
                # and what it died of is found by asking one by one.
                self.close()
                answers = [(oid, self._alone(oid)) for oid in pack]
                self._asked(following)
            yield from answers
            pack = following

    def _asked(self, oids: list[str]) -> list[str]:
        """Send for objects; that Git has died shows when it does not answer."""
        if oids:
            process = self._started()
            assert process.stdin is not None
            with suppress(OSError):
                process.stdin.write("".join(f"{oid}\n" for oid in oids).encode())
                process.stdin.flush()
        return oids

    def _alone(self, oid: str) -> bytes | None:
        try:
            self._asked([oid])
            return self._answer(self._started())
        except (OSError, EOFError):
            self.close()
            return None

    def _answer(self, process: _Process) -> bytes | None:
        """`<id> <type> <size>`, newline, the bytes, newline; or `<id> missing`. EOFError if Git died."""
        assert process.stdout is not None
        header = process.stdout.readline().split()
        if not header:
            raise EOFError
        if len(header) != 3:  # noqa: PLR2004  # the three fields of an answer
            return None
        size = int(header[2])
        data = process.stdout.read(size + 1)
        if len(data) != size + 1:
            raise EOFError
        return data[:-1]

    def _started(self) -> _Process:
        if self._process is None:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._directory,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process


def _entries(data: bytes, id_length: int) -> tuple[TreeEntry, ...]:
    r"""Parse a tree object: `<mode> <name>\0<id>` again and again (Git's documentation of tree objects)."""
    found = _ENTRY[id_length].findall(data)
    return tuple(_entry(mode, name, oid) for mode, name, oid in found if mode != _SUBMODULE)


@cache  # from one revision of a directory to the next, few of its entries differ
def _entry(mode: bytes, name: bytes, oid: bytes) -> TreeEntry:
    text = name.decode("utf-8", "surrogateescape")
    return TreeEntry(text, oid.hex(), mode in _DIRECTORY, mode == _SYMLINK)
