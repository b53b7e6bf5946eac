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
        line = plain("This version: ") + code(_checkout(release.head.version, how, release.projects))
        yield line if release.remote else line + ", with the data in your cache: it names no default remote"
    if release.base and release.base.version:
        back = code(_checkout(release.base.version, "checkout", release.base_projects))
        line = plain(f"Back to {previous}: ") + back
        models = _models(release)
        if models:
            what = "the model alone" if len(models) == 1 else "one model alone"
            line = line + f"; {what}: " + code(_get(models[0].path, release.base.version))
        yield line


def _models(release: Release) -> list[OutputChange]:
    """The models that the version before has under the same path, in another state."""
    return [
        change
        for change in release.changes
        if isinstance(change, OutputChange) and change.model and change.change is ChangeType.MODIFIED
    ]


def _get(path: str, version: str) -> str:
    where = shlex.quote(path)
    return f"dvc get . {where} --rev {shlex.quote(version)} --out {where} --force"


def _checkout(version: str, command: str, projects: tuple[str, ...]) -> str:
    """DVC works below its project's directory; one at the Git root serves all."""
    git = f"git checkout {shlex.quote(version)}"
    if not projects:  # the version is older than DVC's coming
        return git
    if "" in projects:
        return f"{git} && dvc {command}"
    places = " && ".join(f"dvc --cd {shlex.quote(posixpath.normpath(p))} {command}" for p in projects)
    return f"{git} && {places}"
