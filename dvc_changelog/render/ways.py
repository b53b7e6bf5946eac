"""The commands that reproduce a version and that go back from it."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator

from dvc_changelog.domain import ChangeType, OutputChange, Release, within
from dvc_changelog.render import names
from dvc_changelog.render.phrase import Phrase, code, joined, plain


def lines(release: Release) -> Iterator[Phrase]:
    """How to get this version's data and models, and how to go back to those of the version before."""
    held = release.line or any(isinstance(change, OutputChange) for change in release.changes)
    if not release.projects and not held:  # there is but code
        return
    _, previous = names.sides(release)
    if release.head.version:
        how = "pull" if release.remote else "checkout"
        line = plain("This version: ") + code(_checkout(release.head.version, how, release.filled))
        if release.filled and not release.remote:
            line += ", with the data in your cache: it names no default remote"
        yield line + _anew(release)
    if release.base and release.base.version:
        yield plain(f"Back to {previous}: ") + _back(release, release.base.version)
        parts = list(_parts(release, release.base.version, previous))
        if parts:
            yield plain(f"Of {previous} ") + joined(parts, "; ")


def _anew(release: Release) -> Phrase:
    """How the pipeline of the one project makes all of it again; not where it would run with other params."""
    if release.projects != ("",) or not release.pipelines or release.stale:
        return Phrase()
    everywhere = "" if release.pipelines == ("dvc.yaml",) else " --all-pipelines"
    return "; " + code(f"dvc repro --force{everywhere}") + " runs its pipeline anew"


def _back(release: Release, version: str) -> Phrase:
    """Who had the data has it in the cache still, and needs no remote; a new clone asks the remote for it."""
    back = code(_checkout(version, "checkout", release.base_filled))
    if not release.base_remote or not release.base_filled:
        return back
    return back + ", or " + code(_dvc("pull", release.base_filled)) + " where the cache lacks the data"


def _parts(release: Release, version: str, called: str) -> Iterator[Phrase]:
    """One model and one data set that the version before has in another state, each by itself."""
    modified = [
        change
        for change in release.changes
        if isinstance(change, OutputChange) and change.change is ChangeType.MODIFIED and change.old
    ]
    models = [change for change in modified if change.model]
    data = [change for change in modified if not change.model and _is_brought(change)]
    if models:
        what = "only the model: " if len(models) == 1 else "only one model: "
        yield what + code(_one(models[0], release, version, called))
    if data:
        what = "only the data set: " if len(data) == 1 else "only one data set: "
        yield what + code(_one(data[0], release, version, called))


def _is_brought(change: OutputChange) -> bool:
    """Whether a `.dvc` file of its own records it."""
    return bool(change.old and change.old.file.endswith(".dvc") and not change.old.stage)


def _one(change: OutputChange, release: Release, version: str, called: str) -> str:
    """What a `.dvc` file records comes back with that file, so that Git and DVC agree on it after."""
    if not change.old or not _is_brought(change):
        return _get(change, version, called)
    file = change.old.file
    root = max((root for root in release.projects if within(file, root)), key=len, default="")
    place = f"--cd {shlex.quote(root)} " if root else ""
    how = "pull" if release.base_remote else "checkout"
    inside = shlex.quote(posixpath.relpath(file, root or "."))
    git = f"git checkout {shlex.quote(version)} -- {shlex.quote(file)}"
    return f"{git} && dvc {place}{how} {inside}"


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
