"""Whether the remotes have what a project's DVC files track, asked by DVC's own means. Nothing is moved.

What is asked for is what `dvc push` would push: not what has `cache: false` or `push: false`, nor imports
from other repositories. Of a directory its listing is asked for, which `dvc push` brings last;
`dvc data status --not-in-remote` takes the same for an answer.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dvc_changelog.dataclass import dataclass
from dvc_changelog.snapshot.remotes import reason, unattended
from dvc_changelog.snapshot.working import reading

if TYPE_CHECKING:
    from dvc.repo import Repo

_LEGACY = "md5-dos2unix"


class Lack(StrEnum):
    """Why data is not known to be on a remote.

    HERE: only this machine has it. NOWHERE: neither the remote nor DVC's cache here has it. NO_REMOTE: the
    project names none. UNKNOWN: the remote, or the project itself, cannot be asked.
    """

    HERE = "here"
    NOWHERE = "nowhere"
    NO_REMOTE = "no-remote"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Unpushed:
    """Data of one project that is not on its remote, by the paths from `top`, sorted; none means all.

    `remote` is its name, "" for what has no name; `reason` what DVC says where nobody knows. `named` are the
    remotes that a project without a default one has.
    """

    lack: Lack
    paths: tuple[str, ...]
    remote: str = ""
    reason: str = ""
    named: tuple[str, ...] = ()


def unpushed(project: Path, top: Path) -> list[Unpushed]:
    """What is tracked in a project's working tree and not on its remotes.

    Args:
        project: its directory.
        top: the directory that paths are seen from.
    """
    try:
        with unattended(), reading(project) as repo:
            return [
                item
                for (remote, legacy), outs in _by_place(repo).items()
                for item in _lacking(repo, remote, outs, top, legacy=legacy)
            ]
    except Exception as error:  # noqa: BLE001  # DVC raises what its libraries do
        return [Unpushed(Lack.UNKNOWN, (), reason=reason(error))]


def _by_place(repo: Repo) -> dict[tuple[str, bool], list[Any]]:
    """The outputs to be pushed by their remote, "" for the default one, and by the layout they have there.

    Of what was never made no hash is recorded: that the stage is to be run is said elsewhere.
    """
    from dvc.repo.worktree import worktree_view

    places: dict[tuple[str, bool], list[Any]] = defaultdict(list)
    for out in worktree_view(repo.index, push=True).outs:
        if out.hash_info:
            places[out.remote or "", out.hash_name == _LEGACY].append(out)
    return places


def _lacking(repo: Repo, name: str, outs: list[Any], top: Path, *, legacy: bool) -> Iterable[Unpushed]:
    from dvc.config import NoRemoteError

    try:
        remote = repo.cloud.get_remote(name or None, "push")
        there = _there(repo, remote, outs, legacy=legacy)
    except NoRemoteError:
        return [Unpushed(Lack.NO_REMOTE, _paths(outs, top), named=tuple(repo.config["remote"]))]
    except Exception as error:  # noqa: BLE001  # plugins of DVC raise what their libraries do
        called = name or str(repo.config["core"].get("remote") or "")
        return [Unpushed(Lack.UNKNOWN, _paths(outs, top), called, reason(error))]
    here: list[Any] = []
    nowhere: list[Any] = []
    for out in outs:
        if id(out) not in there:
            (here if out.cache.exists(out.hash_info.value) else nowhere).append(out)
    return [
        Unpushed(lack, _paths(found, top), str(remote.name))
        for lack, found in ((Lack.HERE, here), (Lack.NOWHERE, nowhere))
        if found
    ]


def _there(repo: Repo, remote: Any, outs: list[Any], *, legacy: bool) -> set[int]:
    """Which outputs the remote has, by `id`. An error says that it cannot be asked."""
    if remote.fs.version_aware:
        _reach(remote.fs, remote.path)
        return {id(out) for out in outs if _has_versions(repo, remote, out)}
    objects = remote.legacy_odb if legacy else remote.odb
    _reach(objects.fs, objects.path)
    digests = {out.hash_info.value for out in outs}
    # One by one: asked for many, the one for local directories takes away what it finds damaged.
    found = set(objects.list_oids_exists(list(digests)))
    return {id(out) for out in outs if out.hash_info.value in found}


def _reach(fs: Any, path: str) -> None:
    """Raise what keeps a remote from being asked: asked for one object, some say that it is not there."""
    with suppress(FileNotFoundError, NotImplementedError):  # nothing was pushed yet; one that lists nothing
        fs.ls(path)


def _has_versions(repo: Repo, remote: Any, out: Any) -> bool:
    """Whether a remote that keeps files by their paths has just the versions that were pushed."""
    parts = Path(os.path.relpath(out.fs_path, repo.root_dir)).parts
    listed = [((), out.meta)]
    if out.is_dir_checksum or out.files:
        if not out.files:  # a push writes the versions of all files down
            return False
        listed = [(key, meta) for key, meta, _ in out.get_obj()]
    if any(meta is None or not meta.version_id for _, meta in listed):
        return False
    fs = remote.fs
    places = [fs.version_path(fs.join(remote.path, *parts, *key), meta.version_id) for key, meta in listed]
    return all(fs.exists(places)) if places else True


def _paths(outs: Iterable[Any], top: Path) -> tuple[str, ...]:
    return tuple(sorted(os.path.relpath(out.fs_path, top).replace(os.sep, "/") for out in outs))
