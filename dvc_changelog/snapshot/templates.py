"""Templates of dvc.yaml (`${}`, foreach, matrix), resolved by DVC's own resolver over files of a revision.

Nothing is run: the resolver substitutes values of params and vars files, which are read from Git.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dvc_changelog.dataclass import dataclass
from dvc_changelog.snapshot.entries import join
from dvc_changelog.snapshot.pipeline import Reader

if TYPE_CHECKING:
    from dvc.parsing import DataResolver


@dataclass(frozen=True, slots=True)
class Resolved:
    """A document without templates; `problem` says what could not be resolved, else "".

    `used` are the values that templates took from files, by path and dotted name: DVC shows them as params.
    """

    document: Mapping[str, object]
    used: Mapping[str, Mapping[str, object]]
    problem: str = ""


def resolve(path: str, document: Mapping[str, object], read: Reader) -> Resolved:
    """Resolve the templates of a dvc.yaml.

    Args:
        path: where it lies, from the Git root.
        document: its content.
        read: gives the bytes of the params and vars files that it names.

    Returns:
        every stage and section that could be resolved; a failing one is left out and named in `problem`.
    """
    from dvc.exceptions import DvcException
    from dvc.parsing import DataResolver
    from dvc.parsing.context import ContextError

    directory = posixpath.dirname(path)
    errors = (DvcException, ContextError, ValueError, TypeError, KeyError, AttributeError, AssertionError)
    try:
        resolver = DataResolver(_Project(read), directory, dict(document))
        names = resolver.get_keys()
    except errors as error:
        return Resolved({}, {}, _reason(error))
    stages: dict[str, object] = {}
    problems: list[str] = []
    for name in names:
        try:
            stages.update(resolver.resolve_one(name))
        except errors as error:
            problems.append(f"stage {name}: {_reason(error)}")
    result: dict[str, object] = {"stages": stages}
    for section in ("metrics", "params", "plots", "artifacts", "datasets"):
        try:
            result[section] = getattr(resolver, f"resolve_{section}")()
        except errors as error:
            problems.append(f"{section}: {_reason(error)}")
    return Resolved(result, _used(resolver, directory, stages), "; ".join(problems[:3]))


def _used(
    resolver: DataResolver, directory: str, stages: Mapping[str, object]
) -> dict[str, dict[str, object]]:
    used: dict[str, dict[str, object]] = {}
    for name in stages:
        for file, values in (resolver.tracked_vars.get(name) or {}).items():
            if values:
                used.setdefault(join("", str(file)) or directory, {}).update(values)
    return used


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


class _Project:
    """As much of `dvc.repo.Repo` as the resolver asks for."""

    def __init__(self, read: Reader) -> None:
        self.fs = _Files(read)
        self.config: dict[str, Any] = {}


class _Files:
    """What the resolver asks of a DVC filesystem: files of one revision, by path from the Git root."""

    def __init__(self, read: Reader) -> None:
        self._read = read

    def exists(self, path: str) -> bool:
        return self._read(join("", path)) is not None

    def isdir(self, _path: str) -> bool:
        return False

    def open(self, path: str, *_args: object, **_kwargs: object) -> io.StringIO:
        data = self._read(join("", path))
        if data is None:
            raise FileNotFoundError(path)
        return io.StringIO(data.decode("utf-8"))

    def suffix(self, path: str) -> str:
        return posixpath.splitext(path)[1]

    def join(self, *parts: str) -> str:
        return posixpath.join(*parts)

    def normpath(self, path: str) -> str:
        return posixpath.normpath(path)

    def relpath(self, path: str, start: str = "") -> str:
        return posixpath.relpath(path, start or ".")
