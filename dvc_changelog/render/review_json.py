"""A review as JSON: a release with its two sides, and what is said of it as a branch."""

from __future__ import annotations

from typing import Any

from dvc_changelog.domain import Picture, Review, Successor
from dvc_changelog.render import json_
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
        "criteria": criteria(review.criteria),
        "next_version": _next(review.successor) if review.successor else None,
        "passed": not review.failing,
        "checked": [kind.value for kind in looked_at(review)],
        "fail_on": sorted(kind.value for kind in review.fail_on),
        "findings": findings(review),
        "unchecked": unchecked(review),
        "pictures": [_picture(picture) for picture in review.pictures],
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
