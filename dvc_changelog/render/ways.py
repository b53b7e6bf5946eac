"""The commands that reproduce a version and that go back from it."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator

from dvc_changelog.domain import ChangeType, OutputChange, Release
from dvc_changelog.render import names
from dvc_changelog.render.phrase import Phrase, code, plain


def lines(release: Release) -> Iterator[Phrase]:
    """How to get this version's data and models, and how to go back to the version before."""
    if not release.projects:
        return
    _, previous = names.sides(release)
    if release.head.version:
        how = "pull" if release.remote else "checkout"
        line = plain("This version: ") + code(_checkout(release.head.version, how, release.filled))
        if release.filled and not release.remote:
            line += ", with the data in your cache: it names no default remote"
        yield line
    if release.base and release.base.version:
        line = plain(f"Back to {previous}: ") + _back(release, release.base.version)
        models = _models(release)
        if models:
            what = "the model alone" if len(models) == 1 else "one model alone"
            line = line + f"; {what}: " + code(_get(models[0], release.base.version, previous))
        yield line


def _back(release: Release, version: str) -> Phrase:
    """Who had the data has it in the cache still, and needs no remote; a new clone asks the remote for it."""
    back = code(_checkout(version, "checkout", release.base_filled))
    if not release.base_remote or not release.base_filled:
        return back
    return back + ", or " + code(_dvc("pull", release.base_filled)) + " where the cache lacks the data"


def _models(release: Release) -> list[OutputChange]:
    """The models that the version before has under the same path, in another state."""
    return [
        change
        for change in release.changes
        if isinstance(change, OutputChange) and change.model and change.change is ChangeType.MODIFIED
    ]


def _get(model: OutputChange, version: str, called: str) -> str:
    """A file in its place; a directory beside it, since `dvc get` would put it inside of the one there."""
    where = shlex.quote(model.path)
    if model.old and model.old.content.algorithm == "git":
        return f"git checkout {shlex.quote(version)} -- {where}"
    get = f"dvc get . {where} --rev {shlex.quote(version)} --out"
    if model.old and model.old.content.is_dir:
        beside = shlex.quote(f"{model.path}-{called.replace('/', '-')}")
        return f"{get} {beside}"
    return f"{get} {where} --force"


def _checkout(version: str, command: str, filled: tuple[str, ...]) -> str:
    git = f"git checkout {shlex.quote(version)}"
    return f"{git} && {_dvc(command, filled)}" if filled else git


def _dvc(command: str, filled: tuple[str, ...]) -> str:
    """One DVC command a project: DVC leaves out the projects below its own."""
    places = (f"--cd {shlex.quote(posixpath.normpath(path))} " if path else "" for path in filled)
    return " && ".join(f"dvc {place}{command}" for place in places)
