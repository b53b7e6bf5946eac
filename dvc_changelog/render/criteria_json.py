"""What a branch changes of what it is judged by, as JSON."""

from __future__ import annotations

from typing import Any

from dvc_changelog.domain import Criteria, Criterion
from dvc_changelog.render.verdict_json import alert


def criteria(told: Criteria | None) -> dict[str, Any] | None:
    """All of it as plain data; null where it changes nothing."""
    if told is None:
        return None
    return {
        "path": told.path,
        "change": told.fate.value,
        "looser": bool(told.looser),
        "changes": [_change(change) for change in told.changes],
        "missed": [alert(each) for each in told.missed],
        "unread": told.unread or None,
        "unread_at": ("head" if told.at_head else "base") if told.unread else None,
    }


def _change(change: Criterion) -> dict[str, Any]:
    return {
        "option": change.option,
        "metrics": list(change.metrics),
        "old": _said(change.old),
        "new": _said(change.new),
        "looser": change.looser,
    }


def _said(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
