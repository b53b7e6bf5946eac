"""Hyperparameters that are those of an earlier release again."""

from __future__ import annotations

from collections.abc import Iterator

from dvc_changelog.domain import Release
from dvc_changelog.render import names
from dvc_changelog.render.phrase import code, listed, plain
from dvc_changelog.render.shapes import Line


def params(release: Release) -> Iterator[Line]:
    """That all of them are, or those of some files."""
    for rollback in release.rollbacks:
        version = names.label(rollback.version, release)
        if rollback.params:
            yield Line(plain(f"The hyperparameters are those of {version} again"))
        elif rollback.params_files:
            files = listed(map(code, rollback.params_files))
            yield Line(plain("The values in ") + files + f" are those of {version} again")
