"""Releases as JSON, after the contract of schema/changelog.schema.json."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, assert_never

from dvc_changelog.domain import (
    Change,
    Changelog,
    Commit,
    Content,
    FileChanged,
    Import,
    ImportChange,
    MetricChange,
    Output,
    OutputChange,
    PackageChange,
    ParamChange,
    Release,
    Revision,
    Stage,
    StageChange,
    Value,
)

SCHEMA_VERSION = 1
"""Grows when a field changes its meaning or goes; new fields may come within a version."""


def document(changelog: Changelog) -> str:
    """A changelog: `{"schema_version", "releases"}`, newest first, ending in a newline."""
    return _dump({"schema_version": SCHEMA_VERSION, "releases": [release(r) for r in changelog.releases]})


def review(told: Release) -> str:
    """One release with its `base` and `head` revisions, ending in a newline."""
    sides = {"base": _revision(told.base), "head": _revision(told.head)}
    return _dump({"schema_version": SCHEMA_VERSION, **release(told), **sides})


def schema() -> dict[str, Any]:
    """The JSON Schema that both documents are valid against."""
    from importlib.resources import files

    text = (files("dvc_changelog.render") / "schema" / "changelog.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


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
        "bump": {"level": told.bump.level.name.lower(), "because": list(told.bump.because)},
        "commits": [_commit(c) for c in told.commits],
        "changes": [change(c) for c in told.changes],
        "notes": [{"kind": n.kind, "text": n.text, "commit_id": n.commit_id or None} for n in told.notes],
        "deployments": [
            {
                "tag": d.tag,
                "artifact": d.artifact,
                "target": d.target,
                "timestamp": d.timestamp,
                "commit_id": d.commit_id,
                "cancelled": d.cancelled,
            }
            for d in told.deployments
        ],
        "problems": [{"path": p.path, "reason": p.reason, "revision": p.revision} for p in told.problems],
        "stale": [
            {"path": s.path, "name": s.name, "value": plain(s.value), "locked": plain(s.locked), "stage": s.stage}
            for s in told.stale
        ],
        "statistics": {**told.statistics, "merges": told.merges},
    }


def change(item: Change) -> dict[str, Any]:
    """One change as plain data: `kind`, `change`, `path`, `name`, `old`, `new`, and what its kind has."""
    match item:
        case OutputChange():
            return _output_change(item)
        case ParamChange():
            return _change("param", item, item.name, plain(item.old), plain(item.new)) | {
                "stages": list(item.stages),
                **({"old_path": item.old_path, "old_name": item.old_name} if item.old_path else {}),
            }
        case MetricChange():
            return _change("metric", item, item.name, plain(item.old), plain(item.new)) | {
                "delta": plain(item.delta),
                "verdict": "neutral",
                "commits": [],
                "old_content": _content(item.old_content),
                "new_content": _content(item.new_content),
            }
        case StageChange():
            return _change("stage", item, item.name, _stage(item.old), _stage(item.new))
        case ImportChange():
            return _change("import", item, item.path.removesuffix(".dvc"), _import(item.old), _import(item.new))
        case PackageChange():
            return _change("package", item, item.name, item.old, item.new)
        case FileChanged():
            extra = {"old_path": item.old_path} if item.old_path else {}
            return _change("file", item, item.path, _blob(item.old), _blob(item.new)) | extra
        case _:
            assert_never(item)


def plain(value: Value) -> Any:
    """A value as JSON has it: NaN and infinities, which JSON lacks, as their YAML names."""
    match value:
        case float() if math.isnan(value):
            return ".nan"
        case float() if math.isinf(value):
            return ".inf" if value > 0 else "-.inf"
        case None | bool() | int() | float() | str():
            return value
        case Mapping():
            return {str(key): plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case set() | frozenset():
            return sorted((plain(inner) for inner in value), key=repr)
        case _:
            return str(value)


def _dump(data: object) -> str:
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"


def _change(kind: str, item: Change, name: str, old: object, new: object) -> dict[str, Any]:
    return {"kind": kind, "change": item.change.value, "path": item.path, "name": name, "old": old, "new": new}


def _output_change(item: OutputChange) -> dict[str, Any]:
    output = item.new or item.old
    assert output is not None
    artifact = output.artifact
    result = _change("model" if item.model else "data", item, artifact.name if artifact else item.path, None, None)
    result |= {
        "old": _content(item.old.content) if item.old else None,
        "new": _content(item.new.content) if item.new else None,
        "role": output.role.value,
        "stage": output.stage or None,
        "cached": output.cached,
        "files": None,
        "because": [],
    }
    if item.old_path:
        result["old_path"] = item.old_path
    if artifact:
        result["artifact"] = {
            "name": artifact.name,
            "type": artifact.type,
            "labels": list(artifact.labels),
            "desc": artifact.desc,
        }
    return result


def _content(content: Content | None) -> dict[str, Any] | None:
    if content is None:
        return None
    return {content.algorithm: content.digest, "size": content.size, "nfiles": content.nfiles}


def _stage(stage: Stage | None) -> dict[str, Any] | None:
    if stage is None:
        return None
    return {
        "cmd": stage.cmd,
        "wdir": stage.wdir,
        "deps": list(stage.deps),
        "outs": list(stage.outs),
        "params": [f"{file}:{key}" if key else file for file, key in stage.params],
        "metrics": list(stage.metrics),
        "plots": list(stage.plots),
        "frozen": stage.frozen,
    }


def _import(source: Import | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "kind": source.kind,
        "url": source.url or source.source,
        "path": source.source,
        "rev": source.rev or None,
        "rev_lock": source.rev_lock or None,
        "content": _content(source.content),
    }


def _blob(blob: str | None) -> dict[str, str] | None:
    return {"blob": blob} if blob else None


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
