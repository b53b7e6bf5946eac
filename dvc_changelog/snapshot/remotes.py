"""Getting small objects from DVC's remotes into DVC's cache, by DVC's own means and with its credentials."""

from __future__ import annotations

import io
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dvc_changelog.dataclass import dataclass
from dvc_changelog.snapshot.store import Wanted

if TYPE_CHECKING:
    from dvc.repo import Repo
    from dvc_data.hashfile.db import HashFileDB
    from dvc_objects.fs.base import FileSystem

LARGEST = 1 << 24
"""Bytes of the largest metrics or params file that is fetched: 16 MB. Data is never fetched."""
MOST_FILES = 200_000
"""Files of the largest directory whose manifest is fetched, which has about 80 bytes for each."""

_PUSH = "`dvc push --all-commits` brings there what another machine's cache has"
_TOO_LARGE = " is too large to be fetched for a changelog"

Step = Callable[[int, int], None]
"""Called with how many objects are fetched, and of how many."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """How many objects came, and in a sentence each why others did not."""

    count: int = 0
    failures: tuple[str, ...] = ()


def fetch(
    project: Path, wanted: Collection[Wanted], step: Step | None = None, top: Path | None = None
) -> Fetched:
    """Get objects into the cache of a project, as `dvc fetch` does, but only these.

    Args:
        project: its directory.
        wanted: what to get; what is large is left out, and said.
        step: called as objects come.
        top: the directory that paths are seen from, where it is not the project's.

    Returns:
        what came. That a remote cannot be reached, or lacks an object, is no error: values stay unread.
    """
    small = [item for item in wanted if _is_small(item)]
    failures = [f"{item.path}{_TOO_LARGE}" for item in wanted if item not in small]
    by_place: dict[tuple[str | None, bool], list[Wanted]] = defaultdict(list)
    for item in small:
        by_place[item.remote, item.content.legacy].append(item)
    count = 0
    for (remote, legacy), items in by_place.items():
        try:
            with unattended(), _opened(project) as repo:
                source = _source(repo, remote, legacy=legacy, top=top or project)
                cache = repo.cache.legacy if legacy else repo.cache.local
                lost = _got(cache, source, items, step)
        except Exception as error:  # noqa: BLE001  # plugins of DVC raise what their libraries do
            failures.append(f"{_names(items)} could not be fetched: {reason(error)}")
        else:
            count += len(items) - sum(map(len, lost.values()))
            failures += [f"{_names(missing)}{why}" for why, missing in lost.items()]
    return Fetched(count, tuple(failures))


@contextmanager
def unattended() -> Iterator[None]:
    """Where no person is at a terminal, whatever asks for a password gets no answer, instead of waiting."""
    before = sys.stdin
    if before and not before.closed and before.isatty():
        yield
        return
    sys.stdin = io.StringIO()
    try:
        yield
    finally:
        sys.stdin = before


@contextmanager
def _opened(project: Path) -> Iterator[Repo]:
    from dvc.repo import Repo

    with Repo(str(project)) as repo:
        yield repo


@dataclass(frozen=True, slots=True)
class _Source:
    """A remote: its name, its files, and where among them an object is."""

    name: str | None
    fs: FileSystem
    place: Callable[[Wanted], str]


def _source(repo: Repo, name: str | None, *, legacy: bool, top: Path) -> _Source:
    """The remote of this name, else the default one. A cloud-versioned one keeps files by their paths."""
    remote = repo.cloud.get_remote(name or None, "fetch")
    if not remote.fs.version_aware:
        objects = remote.legacy_odb if legacy else remote.odb
        return _Source(name, remote.fs, lambda item: objects.oid_to_path(item.content.digest))

    def place(item: Wanted) -> str:
        parts = Path(os.path.relpath(top / item.path, repo.root_dir)).parts
        path = remote.fs.join(remote.path, *parts)
        return str(remote.fs.version_path(path, dict(item.content.versions).get("")))

    return _Source(name, remote.fs, place)


def _got(
    cache: HashFileDB, source: _Source, items: list[Wanted], step: Step | None
) -> dict[str, list[Wanted]]:
    """Get these objects; what did not come, by the reason. An error that is not of one object is raised."""
    from fsspec.callbacks import Callback

    failed: dict[str, BaseException] = {}
    asked = [item for item in items if not _is_large_there(item, source)]
    names = [item.content.digest for item in asked]
    hooks = {"step": lambda size, value, **_: step(value, size)} if step else {}
    try:
        cache.add(
            [source.place(item) for item in asked],
            source.fs,
            names,
            on_error=failed.__setitem__,
            verify=True,
            callback=Callback(hooks=hooks),
        )
    except FileNotFoundError:
        if not failed:  # else it is a file that DVC was to move, had its download not failed
            raise
    lost: dict[str, list[Wanted]] = defaultdict(list)
    where = f" the remote {source.name}" if source.name else " the remote"
    said = {type(error): reason(error) for error in reversed(failed.values())}  # one of a kind is enough
    for item in items:
        error = failed.get(item.content.digest)
        if item not in asked:
            lost[_TOO_LARGE].append(item)
        elif isinstance(error, FileNotFoundError):
            lost[f": not on{where}; {_PUSH}"].append(item)
        elif error is not None:
            lost[f" could not be fetched: {said[type(error)]}"].append(item)
        elif not cache.exists(item.content.digest):  # DVC takes away what has another hash
            lost[f": damaged on{where}"].append(item)
    return lost


def _is_large_there(item: Wanted, source: _Source) -> bool:
    """Whether a file is large of which DVC recorded no size: in a directory, it does not."""
    if item.content.is_dir or item.content.size is not None:
        return False
    try:
        return (source.fs.size(source.place(item)) or 0) > LARGEST
    except OSError:  # that is told when it is asked for
        return False


def _is_small(item: Wanted) -> bool:
    content = item.content
    if content.is_dir:
        return (content.nfiles or 0) <= MOST_FILES
    return (content.size or 0) <= LARGEST


def _names(items: Collection[Wanted]) -> str:
    paths = list(dict.fromkeys(item.path for item in items))
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1:,} more"


def reason(error: BaseException) -> str:
    """What DVC or a plugin of it says, on one line."""
    if isinstance(error, EOFError):
        return "the remote asks for a password, and nobody is here to answer"
    return (" ".join(str(error).split()) or type(error).__name__).rstrip(".")
