"""The life of one thing as JSON, after the contract of schema/trace.schema.json."""

from __future__ import annotations

from typing import Any

from dvc_changelog.domain import Entry, Life, Onset, Reading
from dvc_changelog.render import cause_json, json_
from dvc_changelog.render.json_values import plain


def document(life: Life) -> str:
    """A life: what is traced, what there is now, and its entries, newest first; ends in a newline."""
    subject = life.subject
    return json_.dump(
        {
            "schema_version": json_.SCHEMA_VERSION,
            "target": {
                "kind": subject.kind.value,
                "path": subject.path,
                "name": subject.name or None,
                "artifact": subject.artifact or None,
            },
            "head": {"commit_id": life.head.commit_id, "timestamp": life.head.timestamp},
            "now": _reading(life.now),
            "since": life.since or None,
            "entries": [_entry(entry) for entry in life.entries],
            "before": _entry(life.before) if life.before else None,
            "when": _when(life),
        }
    )


def _entry(entry: Entry) -> dict[str, Any]:
    commit = entry.commit
    return {
        "commit_id": commit.id,
        "message": commit.message,
        "author": {"name": commit.author.name, "email": commit.author.email},
        "timestamp": commit.timestamp,
        "version": entry.version or None,
        "change": entry.change.value,
        "old": _reading(entry.old),
        "new": _reading(entry.new),
        "delta": plain(entry.delta),
        "moved_to": entry.moved_to or None,
        "again": {"commit_id": entry.again, "version": entry.again_in or None} if entry.again else None,
        "reasons": list(entry.reasons),
        "because": cause_json.because(entry.because),
    }


def _reading(reading: Reading) -> dict[str, Any]:
    content = reading.content
    return {
        "path": reading.path,
        "name": reading.name or None,
        "there": reading.there,
        "value": plain(reading.value),
        "content": (
            {content.algorithm: content.digest, "size": content.size, "nfiles": content.nfiles}
            if content
            else None
        ),
        "unread": reading.unread or None,
    }


def _when(life: Life) -> dict[str, Any] | None:
    if life.condition is None:
        return None
    return {
        "condition": life.condition.text,
        "holds": life.holds,
        "became": [_onset(onset) for onset in life.onsets],
    }


def _onset(onset: Onset) -> dict[str, Any]:
    return {
        "commit_id": onset.entry.commit.id,
        "version": onset.entry.version or None,
        "until": onset.until.commit.id if onset.until else None,
        "sure": onset.sure,
    }
