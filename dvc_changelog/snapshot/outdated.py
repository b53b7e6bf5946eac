"""What stages were not reproduced since, as `dvc status` sees it: dvc.lock beside what a revision has.

Source of what counts: dvc 3.67, `dvc/stage/__init__.py` (`status`) and `dvc/stage/loader.py`.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import field
from itertools import accumulate, islice

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, Since, Stage, StageRun, Stale, Value, ValueFile, as_ran, covers
from dvc_changelog.snapshot.blobs import Blobs, Failed
from dvc_changelog.snapshot.ignore import Ignored
from dvc_changelog.snapshot.project import Project
from dvc_changelog.snapshot.tree import Tree

_LARGEST = 1 << 24
_MOST_FILES = 200
_IN_LFS = b"version https://git-lfs"
_GLOB = frozenset("*?[")
_TEXT = bytes(range(32, 127)) + b"\n\r\t\f\b"
_LOOKED_AT = 8000
"""How many bytes Git looks at to tell text from binary."""

_Digests = tuple[str, ...]
"""The md5 of a file as it is, with the line ends of Windows, and as DVC 2 took it.

Git may check text out with line ends of Windows, never the other way: a file that has them in Git has them
everywhere. Each kind by itself is that of all files of a directory.
"""


@dataclass(slots=True)
class Outdated:
    """Finds what is not as it was when stages last ran. Of a directory of Git the hash is made once.

    `hidden` are the files of the revision at hand that DVC does not see.
    """

    blobs: Blobs
    hidden: Ignored = field(default_factory=lambda: Ignored({}))
    _directories: dict[tuple[str, ...], _Digests] = field(default_factory=dict)

    def of(self, project: Project, params: Mapping[str, ValueFile], tree: Tree) -> Iterator[Stale]:
        """What stages of a project would run anew for.

        A frozen stage is not asked for its inputs, as DVC does not; every one is for what it wrote, where
        Git has that. A command that is only broken into other lines is the same. What cannot be compared is
        not told: a file in a directory of which only the hash is known, what lies outside of the repository.
        """
        seen: dict[tuple[str, str], str] = {}
        ran = any(stage.ran for stage in project.stages.values())
        for stage in project.stages.values():
            if stage.ran is None:
                lock = posixpath.join(posixpath.dirname(stage.path), "dvc.lock")
                unread = tree.blob(lock) and lock not in project.locks
                if ran and stage.name and not stage.frozen and _writes(stage) and not unread:
                    yield Stale(stage.path, "", None, None, stage.address, since=Since.NEVER)
                continue
            if stage.ran.cmd and stage.cmd and stage.cmd != stage.ran.cmd:
                yield Stale(stage.path, "", stage.cmd, stage.ran.cmd, stage.address, since=Since.COMMAND)
            if not stage.frozen:
                yield from params_since(stage, stage.ran, params)
                yield from self._inputs(stage, stage.ran, seen, project, tree)
            yield from self._outputs(stage, stage.ran, project, tree)

    def _inputs(
        self, stage: Stage, ran: StageRun, seen: dict[tuple[str, str], str], project: Project, tree: Tree
    ) -> Iterator[Stale]:
        """Inputs that are new or have another hash; `seen` are those of other stages, which share many."""
        locked = {dep.path: dep.content for dep in ran.deps}
        for path in stage.deps:
            if path not in locked:
                yield Stale(path, "", None, None, stage.address, since=Since.INPUT, added=True)
            elif then := locked[path]:
                key = (path, then.digest)
                if key not in seen:
                    seen[key] = self._now(path, then, project, tree)
                if seen[key]:
                    yield Stale(path, "", seen[key], then.digest, stage.address, since=Since.INPUT)

    def _outputs(self, stage: Stage, ran: StageRun, project: Project, tree: Tree) -> Iterator[Stale]:
        """Outputs that are new, or that Git has otherwise than the last run wrote them."""
        locked = {out.path: out.content for out in ran.outs}
        for path in _writes(stage):
            if path not in locked:
                yield Stale(path, "", None, None, stage.address, since=Since.OUTPUT, added=True)
            elif (then := locked[path]) and not _told_as_altered(path, project):
                found = self._in_git(path, then, project, tree)
                if found and then.digest not in found:
                    yield Stale(path, "", found[0], then.digest, stage.address, since=Since.OUTPUT)

    def _now(self, path: str, then: Content, project: Project, tree: Tree) -> str:
        """The hash that an input has now, where it is surely not the one it had; else nothing.

        What Git has is what a stage would read, be it recorded as the output of another one.
        """
        if found := self._in_git(path, then, project, tree):
            return "" if then.digest in found else found[0]
        output = project.outputs.get(path)
        return output.content.digest if output and then.differs(output.content) else ""

    def _in_git(self, path: str, then: Content, project: Project, tree: Tree) -> _Digests:
        """The hashes of what Git has at a path, to compare with a recorded one; none where it has nothing.

        Nor of what is too large, nor of a directory that DVC keeps: Git has but other files there.
        """
        output = project.outputs.get(path)
        if output and output.cached and not tree.blob(path):
            return ()
        return self.digests(path, then, tree)

    def digests(self, path: str, then: Content, tree: Tree, most: int = _MOST_FILES) -> tuple[str, ...]:
        """The hashes that DVC would give to what Git has at a path; none of what is too large to read.

        Args:
            path: of a file or directory.
            then: a recorded content, to compare with.
            tree: all that Git has.
            most: how many files of a directory are too many.

        Returns:
            that of the file as it is, with the line ends of Windows, and last, of a content of DVC 2, as that
            took it.
        """
        if then.algorithm != "md5" or (then.size or 0) > _LARGEST:
            return ()
        if blob := tree.blob(path):
            found = self.blobs.parsed(blob, "", _digests, "md5")
            return () if isinstance(found, Failed) else _possible(found, then)
        if then.nfiles is None:
            return ()
        oid = tree.directory_id(path)
        return _possible(self._directory(path, oid, then.nfiles, tree, most), then) if oid else ()

    def _directory(self, path: str, oid: str, nfiles: int, tree: Tree, most: int) -> _Digests:
        """The hashes of a directory; none where it had files that Git does not have, or has very many."""
        found = dict(islice(tree.files_below(path), most))
        files = {file: blob for file, blob in found.items() if not self.hidden or not self.hidden(file)}
        if not nfiles <= len(files) <= len(found) < most:
            return ()
        key = (oid, *files)
        if not files:
            return (_listing([], ()),) * 3
        if key not in self._directories:
            parts = [self.blobs.parsed(blob, "", _digests, "md5") for blob in files.values()]
            known = [digests for digests in parts if not isinstance(digests, Failed) and digests]
            names = [file.removeprefix(f"{path}/") for file in files]
            whole = zip(*known, strict=True) if len(known) == len(files) else ()
            self._directories[key] = tuple(_listing(names, side) for side in whole)
        return self._directories[key]


def _digests(_path: str, data: bytes) -> _Digests:
    """Reader: see `_Digests`; none of what Git LFS keeps elsewhere, or of what is too large."""
    if data.startswith(_IN_LFS) or len(data) > _LARGEST:
        return ()
    as_it_is = _md5(data)
    if b"\n" not in data:
        return (as_it_is,) * 3
    unix = data.replace(b"\r\n", b"\n")
    of_dvc_2 = _md5(unix) if unix != data and _is_text(data) else as_it_is
    is_text = b"\0" not in data[:_LOOKED_AT]
    return (as_it_is, _md5(unix.replace(b"\n", b"\r\n")) if is_text else as_it_is, of_dvc_2)


def _possible(found: _Digests, then: Content) -> _Digests:
    """Those that can be what a lock has: DVC 2 alone took line ends of Windows for those of Unix."""
    return found if then.legacy else found[:2]


def _is_text(data: bytes) -> bool:
    """What DVC takes for text; see `dvc_data/hashfile/istextfile.py`."""
    block = data[:512]
    return b"\0" not in block and len(block.translate(None, _TEXT)) <= 0.3 * len(block)


def _listing(names: list[str], digests: tuple[str, ...]) -> str:
    """The hash of a directory: that of its listing, as DVC writes it."""
    listed = [{"md5": md5, "relpath": name} for name, md5 in sorted(zip(names, digests, strict=True))]
    return _md5(json.dumps(listed, sort_keys=True).encode()) + ".dir"


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _told_as_altered(path: str, project: Project) -> bool:
    """Whether it is an output that the working tree has otherwise than recorded, which stands beside it."""
    output = project.outputs.get(path)
    return bool(output and output.altered)


def _writes(stage: Stage) -> tuple[str, ...]:
    return (*stage.outs, *stage.metrics, *stage.plots)


def params_since(stage: Stage, ran: StageRun, params: Mapping[str, ValueFile]) -> Iterator[Stale]:
    """Where a params file no longer says what its stage last ran with, or the stage asks for more of it."""
    for (path, name), locked in ran.params:
        found = params[path].values if path in params else None
        if found is None:
            continue
        if name not in found:
            if stage.uses(path, name) and locked != {} and _lacks(found, name):
                yield Stale(path, name, None, locked, stage.address, missing=True)
        elif not as_ran(locked, found[name]) and stage.uses(path, name):
            yield Stale(path, name, found[name], locked, stage.address)
    yield from _new_params(stage, ran, params)


def _new_params(stage: Stage, ran: StageRun, params: Mapping[str, ValueFile]) -> Iterator[Stale]:
    """Params that dvc.yaml names, or that came into a section that it names, since the stage last ran."""
    ran_with: dict[str, set[str]] = {}
    for (path, name), _ in ran.params:
        ran_with.setdefault(path, set()).add(name)
    told: set[tuple[str, str]] = set()
    for path, key in stage.params:
        found, known = params[path].values if path in params else None, ran_with.get(path, set())
        if found is None or key in known or _GLOB & set(key):
            continue
        section = f"{key}." if key else ""
        for name in found:
            inside = name == key or name.startswith(section)
            if inside and name not in known and (path, name) not in told and not _ran_with(known, name):
                told.add((path, name))
                yield Stale(path, name, found[name], None, stage.address, added=True)


def _ran_with(known: set[str], name: str) -> bool:
    """Whether a run had a param, as a section or as part of one."""
    above = accumulate(name.split("."), "{}.{}".format)
    return any(each in known for each in above) or any(covers(name, each) for each in known)


def _lacks(found: Mapping[str, Value], name: str) -> bool:
    """Whether flat values surely lack a key: it may be a section or a pattern, or lie inside of a list."""
    above = accumulate(name.split("."), "{}.{}".format)
    in_list = any(isinstance(found.get(key), list) for key in above)
    return not in_list and not any(covers(name, key) for key in found)
