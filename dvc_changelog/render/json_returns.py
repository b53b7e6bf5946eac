"""What is back in a release, as JSON: earlier contents, and what reverts undid."""

from __future__ import annotations

from typing import Any

from dvc_changelog.domain import Revert, Rollback


def rollback(item: Rollback) -> dict[str, Any]:
    """What is that of an earlier version again."""
    return {
        "version": item.version,
        "whole": item.whole,
        "tree": item.tree,
        "data": item.data,
        "models": item.models,
        "params": item.params,
        "params_files": list(item.params_files),
    }


def revert(item: Revert) -> dict[str, Any]:
    """A commit that takes back another one."""
    return {
        "commit_id": item.commit_id,
        "reverted": item.reverted or None,
        "message": item.message or None,
        "version": item.version or None,
        "undid": list(item.undid),
        **({"merge": True} if item.merge else {}),
    }
