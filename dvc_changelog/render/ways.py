"""The commands that reproduce a version and that go back from it."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator

from dvc_changelog.domain import ChangeType, OutputChange, Release
from dvc_changelog.render.phrase import Phrase, code, plain

_FEW = 2


def lines(release: Release) -> Iterator[Phrase]:
    """How to get this version's data and models, and how to go back to the version before."""
    if not release.projects:
        return
    if release.head.version:
        yield plain("This version: ") + code(_checkout(release.head.version, "pull", release.projects))
    if release.base and release.base.version:
        back = code(_checkout(release.base.version, "checkout", release.projects))
        line = plain(f"Back to {release.base.version}: ") + back
        for change in _models(release)[:_FEW]:
            command = f"dvc get . {shlex.quote(change.path)} --rev {shlex.quote(release.base.version)}"
            line = line + "; the model alone: " + code(command)
        yield line


def _models(release: Release) -> list[OutputChange]:
    return [
        c for c in release.changes if isinstance(c, OutputChange) and c.model and c.change is ChangeType.MODIFIED
    ]


def _checkout(version: str, command: str, projects: tuple[str, ...]) -> str:
    """DVC works below its project's directory; one at the Git root serves all."""
    git = f"git checkout {shlex.quote(version)}"
    if "" in projects:
        return f"{git} && dvc {command}"
    places = " && ".join(f"dvc --cd {shlex.quote(posixpath.normpath(p))} {command}" for p in projects)
    return f"{git} && {places}"
