"""What a branch must not have as JSON, after the contract of schema/check.schema.json."""

from __future__ import annotations

from typing import Any

from dvc_changelog.domain import Finding, Review, Revision
from dvc_changelog.render.criteria_json import criteria
from dvc_changelog.render.json_ import dump
from dvc_changelog.render.rules import looked_at

SCHEMA_VERSION = 1


def document(review: Review) -> str:
    """What `check` prints, ending in a newline."""
    return dump(
        {
            "schema_version": SCHEMA_VERSION,
            "passed": not review.failing,
            "target": review.target,
            "branch": review.branch,
            "base": _revision(review.release.base),
            "head": _revision(review.release.head),
            "checked": [kind.value for kind in looked_at(review)],
            "fail_on": sorted(kind.value for kind in review.fail_on),
            "findings": findings(review),
            "unchecked": unchecked(review),
            "criteria": criteria(review.criteria),
        }
    )


def findings(review: Review) -> list[dict[str, Any]]:
    """The findings as plain data, in order of weight; null for what is not known."""
    return _plain(review.findings, review)


def unchecked(review: Review) -> list[dict[str, Any]]:
    """The rules that could not be checked, each with why, as plain data."""
    return _plain(review.unchecked, review)


def _plain(items: tuple[Finding, ...], review: Review) -> list[dict[str, Any]]:
    return [
        {
            "rule": found.kind.value,
            "what": found.what,
            "remedy": found.remedy,
            "path": found.path or None,
            "commit_id": found.commit_id or None,
            "subject": found.subject or None,
            "fails": found.kind in review.fail_on,
        }
        for found in items
    ]


def _revision(side: Revision | None) -> dict[str, Any] | None:
    return {"name": side.name, "commit_id": side.commit_id or None} if side else None
