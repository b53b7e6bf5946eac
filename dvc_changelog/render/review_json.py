"""A review as JSON: a release with its two sides, and what is said of it as a branch."""

from __future__ import annotations

from typing import Any

from dvc_changelog.domain import Noticed, Picture, Rehomed, Review, Successor
from dvc_changelog.render import json_
from dvc_changelog.render.cause_json import because
from dvc_changelog.render.criteria_json import criteria
from dvc_changelog.render.findings_json import findings, unchecked
from dvc_changelog.render.rules import looked_at


def document(review: Review) -> str:
    """What `review --format json` prints, after schema/changelog.schema.json; ends in a newline."""
    return json_.dump({**json_.compared(review.release), "review": _told(review)})


def _told(review: Review) -> dict[str, Any]:
    return {
        "target": review.target,
        "branch": review.branch,
        "from_merge_base": review.from_merge_base,
        "behind": review.behind,
        "contested": list(review.contested),
        "noticed": _noticed(review.noticed),
        "criteria": criteria(review.criteria),
        "next_version": _next(review.successor) if review.successor else None,
        "passed": not review.failing,
        "checked": [kind.value for kind in looked_at(review)],
        "fail_on": sorted(kind.value for kind in review.fail_on),
        "findings": findings(review),
        "unchecked": unchecked(review),
        "pictures": [_picture(picture) for picture in review.pictures],
    }


def _noticed(noticed: Noticed) -> dict[str, Any]:
    return {
        "unexplained": list(noticed.unexplained),
        "without_model": noticed.without_model,
        "because": because(noticed.because),
        "other_data": list(noticed.other_data),
        "other_model": list(noticed.other_model),
        "unheeded": [f"{path}:{name}" for path, name in noticed.unheeded],
        "orphaned": list(noticed.orphaned),
        "readers": {path: list(stages) for path, stages in noticed.readers},
        "remotes": [_remote(remote) for remote in noticed.rehomed],
    }


def _remote(remote: Rehomed) -> dict[str, Any]:
    return {
        "project": remote.root,
        "name": remote.name or None,
        "place": remote.place or None,
        "old_name": remote.old_name or None,
        "old_place": remote.old_place or None,
        "default": remote.default,
    }


def _next(successor: Successor) -> dict[str, Any]:
    return {
        "tag": successor.tag or None,
        "level": successor.level.name.lower(),
        "current": successor.current or None,
        "unknown": successor.why or None,
    }


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "title": picture.title,
        "name": picture.name,
        "alt": picture.alt,
        "url": picture.url or None,
    }
