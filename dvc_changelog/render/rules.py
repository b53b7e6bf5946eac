"""What each rule of a review says where it holds, so that "nothing found" names what was looked at. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dvc_changelog.domain import OF_REVIEW, Finding, FindingKind, Review

CLAIMS: Mapping[FindingKind, str] = MappingProxyType(
    {
        FindingKind.THRESHOLD: "no metric is beyond its limit",
        FindingKind.REGRESSION: "no metric got worse by more than its tolerance",
        FindingKind.UNREADABLE: "what decides can be read",
        FindingKind.UNDOCUMENTED: "each change of a model or of source data has a reason",
        FindingKind.STALE_LOCK: "the pipeline ran since its inputs changed",
        FindingKind.OUTDATED: "the changelog is up to date",
    }
)


def unsure(kind: FindingKind, why: str) -> str:
    """That nobody knows whether a rule holds; `why` is a sentence without its stop."""
    return f"{_unsure(kind)}{why}."


def why_unsure(found: Finding) -> str:
    """Why, of what `unsure` says; else all that is said."""
    return found.what.removeprefix(_unsure(found.kind))


def _unsure(kind: FindingKind) -> str:
    return f"That {CLAIMS[kind]} could not be checked: "


def looked_at(review: Review) -> tuple[FindingKind, ...]:
    """The rules that were looked at, in order of weight."""
    there = {*review.checked, *(found.kind for found in (*review.findings, *review.unchecked))}
    return tuple(kind for kind in OF_REVIEW if kind in there)


def of(review: Review, kind: FindingKind) -> tuple[Finding, ...]:
    """What was found of one rule."""
    return tuple(found for found in review.findings if found.kind is kind)


def holding(review: Review) -> tuple[FindingKind, ...]:
    """The rules that hold, and could be checked."""
    return tuple(k for k in looked_at(review) if not of(review, k) and not left_open(review, k))


def left_open(review: Review, kind: FindingKind) -> tuple[Finding, ...]:
    """Why one rule could not be checked; nothing where it is known not to hold."""
    return () if of(review, kind) else tuple(item for item in review.unchecked if item.kind is kind)


def place(found: Finding) -> str:
    """The commit and the file at fault, as far as they are known."""
    return " ".join(filter(None, (found.commit_id[:7], found.path)))
