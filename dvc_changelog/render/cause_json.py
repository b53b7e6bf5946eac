"""Causes as JSON, after the contract of schema/changelog.schema.json."""

from __future__ import annotations

from typing import Any

from dvc_changelog.domain import Cause, Unmoved
from dvc_changelog.render.json_values import plain


def because(causes: tuple[Cause, ...]) -> list[dict[str, Any]]:
    """Causes as plain data, the nearest first."""
    return [
        {
            "kind": cause.kind.value,
            "change": cause.change.value,
            "path": cause.path,
            "name": cause.name or cause.path,
            "old": plain(cause.old),
            "new": plain(cause.new),
            "through": list(cause.through),
            "commits": list(cause.commits),
            "recorded": cause.recorded,
        }
        for cause in causes
    ]


def unmoved(found: Unmoved) -> dict[str, Any]:
    """A stage whose inputs changed and whose outputs did not."""
    return {"stage": found.stage, "paths": list(found.paths), "because": because(found.because)}
