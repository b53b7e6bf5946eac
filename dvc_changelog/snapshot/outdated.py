"""What stages were not reproduced since, as `dvc status` sees it: dvc.lock beside what a revision has.

Source of what counts: dvc 3.67, `dvc/stage/__init__.py` (`status`) and `dvc/stage/loader.py`.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, islice

from dvc_changelog.domain import Content, Since, Stage, StageRun, Stale, Value, ValueFile, as_ran, covers
from dvc_changelog.snapshot.blobs import Blobs, Failed
from dvc_changelog.snapshot.ignore import Ignored
from dvc_changelog.snapshot.project import Project
from dvc_changelog.snapshot.tree import Tree

_LARGEST = 1 << 24
_MOST_FILES = 200
_IN_LFS = b"version https://git-lfs"
_GLOB = frozenset("*?[")

_Digests = tuple[str, ...]
"""The md5 of a file as it is, and with the line ends of Unix and of Windows, as Git may check it out."""


@dataclass(slots=True)
class Outdated:
    """Finds what is not as it was when stages last ran. Of a directory of Git the hash is made once.

    `hidden` are the files of the revision at hand that DVC does not see.
    """

    blobs: Blobs
    hidden: Ignored = field(default_factory=lambda: Ignored({}))
    _directories: dict[tuple[str, int], _Digests] = field(default_factory=dict)

    def of(self, project: Project, params: Mapping[str, ValueFile], tree: Tree) -> Iterator[Stale]:
        """What stages of a project would run anew for.

        A frozen stage is not asked for its inputs, as DVC does not. A command that is only broken into other
        lines is the same. What cannot be compared is not told: a file in a directory of which only the hash
        is known, what lies outside of the repository.
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
                yield from _params(stage, stage.ran, params)
                yield from self._inputs(stage, stage.ran, seen, project, tree)
            known = {out.path for out in stage.ran.outs}
            for path in _writes(stage):
                if path not in known:
                    yield Stale(path, "", None, None, stage.address, since=Since.OUTPUT, added=True)

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

    def _now(self, path: str, then: Content, project: Project, tree: Tree) -> str:
        """The hash that an input has now, where it is surely not the one it had; else nothing."""
        output = project.outputs.get(path)
        if output and output.content.algorithm != "git":
            return output.content.digest if then.differs(output.content) else ""
        if then.algorithm != "md5" or then.size is None or then.size > _LARGEST:
            return ""
        if blob := tree.blob(path):
            found = self.blobs.parsed(blob, path, _digests, "md5")
        elif not output and then.nfiles and (oid := tree.directory_id(path)):
            found = self._directory(path, oid, then.nfiles, tree)
        else:
            return ""
        return "" if isinstance(found, Failed) or not found or then.digest in found else found[0]

    def _directory(self, path: str, oid: str, nfiles: int, tree: Tree) -> _Digests:
        """The hashes of a directory; none where it had files that Git does not have, or has very many."""
        found = dict(islice(tree.files_below(path), _MOST_FILES))
        files = {file: blob for file, blob in found.items() if not self.hidden or not self.hidden(file)}
        if not nfiles <= len(files) <= len(found) < _MOST_FILES:
            return ()
        key = (oid, len(files))
        if key not in self._directories:
            parts = [self.blobs.parsed(blob, file, _digests, "md5") for file, blob in files.items()]
            known = [digests for digests in parts if not isinstance(digests, Failed) and digests]
            names = [file.removeprefix(f"{path}/") for file in files]
            whole = zip(*known, strict=True) if len(known) == len(files) else ()
            self._directories[key] = tuple(_listing(names, side) for side in whole)
        return self._directories[key]


def _digests(_path: str, data: bytes) -> _Digests:
    """Reader: see `_Digests`; none of what Git LFS keeps elsewhere."""
    if data.startswith(_IN_LFS):
        return ()
    unix = data.replace(b"\r\n", b"\n")
    return tuple(map(_md5, (data, unix, unix.replace(b"\n", b"\r\n"))))


def _listing(names: list[str], digests: tuple[str, ...]) -> str:
    """The hash of a directory: that of its listing, as DVC writes it."""
    listed = [{"md5": md5, "relpath": name} for name, md5 in sorted(zip(names, digests, strict=True))]
    return _md5(json.dumps(listed, sort_keys=True).encode()) + ".dir"


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _writes(stage: Stage) -> tuple[str, ...]:
    return (*stage.outs, *stage.metrics, *stage.plots)


def _params(stage: Stage, ran: StageRun, params: Mapping[str, ValueFile]) -> Iterator[Stale]:
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
