"""Releases as JSON, after the contract of schema/changelog.schema.json."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from dvc_changelog.domain import (
    Changelog,
    Commit,
    Deployment,
    Experiment,
    Lifecycle,
    Migration,
    Note,
    Release,
    Revision,
    Stale,
    Swing,
)
from dvc_changelog.render import cause_json, verdict_json
from dvc_changelog.render.json_changes import change, problem, step
from dvc_changelog.render.json_returns import revert, rollback
from dvc_changelog.render.json_values import plain
from dvc_changelog.versioning import sentences

SCHEMA_VERSION = 1
"""Grows when a field changes its meaning or goes; new fields may come within a version."""


def document(changelog: Changelog) -> str:
    """A changelog: `{"schema_version", "releases"}`, newest first, ending in a newline."""
    return dump({"schema_version": SCHEMA_VERSION, "releases": [release(r) for r in changelog.releases]})


def review(told: Release) -> str:
    """One release with its `base` and `head` revisions, ending in a newline."""
    return dump(compared(told))


def compared(told: Release) -> dict[str, Any]:
    """One release with its two sides, as plain data."""
    sides = {"base": _revision(told.base), "head": _revision(told.head)}
    return {"schema_version": SCHEMA_VERSION, **release(told), **sides}


def release(told: Release) -> dict[str, Any]:
    """One release as plain data."""
    previous = {"version": told.base.version, "commit_id": told.base.commit_id} if told.base else None
    return {
        "version": told.head.version,
        "commit_id": told.head.commit_id,
        "timestamp": told.head.timestamp,
        "previous": previous,
        "line": told.line,
        "aliases": list(told.aliases),
        "prerelease": told.prerelease,
        "prereleases": list(told.prereleases),
        "project": None if told.project is None else told.project or ".",
        "bump": {
            "level": told.bump.level.name.lower(),
            "because": sentences(told.bump.because),
        },
        "commits": [_commit(c) for c in told.commits],
        "changes": [change(c) for c in told.changes],
        **verdict_json.release(told),
        "notes": [_note(n) for n in told.notes],
        "deployments": [_deployment(d) for d in told.deployments],
        "lifecycle": [_lifecycle(e) for e in told.lifecycle],
        "migrations": [_migration(m) for m in told.migrations],
        "experiments": None if told.experiments is None else [_experiment(e) for e in told.experiments],
        "rollbacks": [rollback(r) for r in told.rollbacks],
        "reverts": [revert(r) for r in told.reverts],
        "problems": [problem(p) for p in told.problems],
        "unmoved": [cause_json.unmoved(u) for u in told.unmoved],
        "stale": [_stale(s) for s in told.stale],
        "swings": [_swing(s) for s in told.swings],
        "statistics": {**told.statistics, "merges": told.merges},
    }


def _note(said: Note) -> dict[str, Any]:
    return {
        "kind": said.kind,
        "text": said.text,
        "commit_id": said.commit_id or None,
        "tag": said.tag or None,
    }


def _deployment(event: Deployment) -> dict[str, Any]:
    return {
        "tag": event.tag,
        "artifact": event.artifact,
        "version": event.version or None,
        "target": event.target,
        "timestamp": event.timestamp,
        "commit_id": event.commit_id,
        "cancelled": event.cancelled,
        **_said(event),
    }


def _migration(found: Migration) -> dict[str, Any]:
    return {
        "kind": "lock" if found.path else "dvc",
        "path": found.path or None,
        "old": found.old,
        "new": found.new,
        "outputs": found.outputs,
        "rehashed": found.rehashed,
    }


def _lifecycle(item: Lifecycle) -> dict[str, Any]:
    return {
        "tag": item.tag,
        "artifact": item.artifact,
        "event": item.event,
        "version": item.version or None,
        "timestamp": item.timestamp,
        "commit_id": item.commit_id,
        **_said(item),
    }


def _said(event: Deployment | Lifecycle) -> dict[str, Any]:
    author = event.author
    return {
        "author": {"name": author.name, "email": author.email} if author else None,
        "message": event.message or None,
    }


def _experiment(tried: Experiment) -> dict[str, Any]:
    return {
        "name": tried.name,
        "id": tried.commit_id,
        "baseline": tried.baseline,
        "timestamp": tried.timestamp,
        "message": tried.message or None,
        "applied": tried.applied or None,
        "changes": [change(c) for c in tried.changes],
        "problems": [problem(p) for p in tried.problems],
    }


def _stale(item: Stale) -> dict[str, Any]:
    value, locked = plain(item.value), plain(item.locked)
    return {
        "path": item.path,
        "name": item.name,
        "value": value,
        "missing": item.missing,
        "locked": locked,
        "stage": item.stage,
        "since": item.since.value,
        "added": item.added,
    }


def _swing(item: Swing) -> dict[str, Any]:
    return {
        "path": item.path,
        "name": item.name,
        "old": plain(item.old),
        "turn": plain(item.turn),
        "new": plain(item.new),
        "commits": [step(s) for s in item.steps],
    }


def dump(data: Mapping[str, Any]) -> str:
    """JSON with one commit, change, note, … a line: it reads, greps and diffs well, and is written fast."""
    text = _block(data, "")
    return _SURROGATES.sub("\ufffd", text) + "\n"


def _block(data: Mapping[str, Any], indent: str) -> str:
    """An object with a line for each key; a list of objects with a line for each of these."""
    deeper = indent + "  "
    lines = [f"{deeper}{_ENCODE(key)}: {_member(key, inner, deeper)}" for key, inner in data.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _member(key: str, value: Any, indent: str) -> str:
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return _ENCODE(value)
    deeper = indent + "  "
    inner = [_block(item, deeper) if key == "releases" else _ENCODE(item) for item in value]
    return "[\n" + ",\n".join(deeper + text for text in inner) + f"\n{indent}]"


_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_SURROGATES = re.compile("[\ud800-\udfff]")


def _revision(revision: Revision | None) -> dict[str, Any] | None:
    if revision is None:
        return None
    return {"name": revision.name, "commit_id": revision.commit_id, "timestamp": revision.timestamp}


def _commit(commit: Commit) -> dict[str, Any]:
    return {
        "id": commit.id,
        "message": commit.message,
        "body": commit.body,
        "group": commit.group,
        "scope": commit.scope or None,
        "breaking": commit.breaking is not None,
        "breaking_description": commit.breaking or None,
        "author": {"name": commit.author.name, "email": commit.author.email},
        "timestamp": commit.timestamp,
        "trailers": [{"key": key, "value": value} for key, value in commit.trailers],
        "links": list(commit.links),
        "touches": [touch.value for touch in commit.touches],
    }
