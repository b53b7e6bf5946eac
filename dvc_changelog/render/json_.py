"""Releases as JSON, after the contract of schema/changelog.schema.json."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, assert_never

from dvc_changelog.domain import (
    Artifact,
    ArtifactChange,
    Change,
    Changelog,
    ChangeType,
    Commit,
    Content,
    Deployment,
    Experiment,
    FileChanged,
    Import,
    ImportChange,
    Lifecycle,
    MetricChange,
    Migration,
    Output,
    OutputChange,
    PackageChange,
    ParamChange,
    PlotChange,
    PlotDefinitionChange,
    Problem,
    Release,
    Revision,
    SourceChanges,
    Stage,
    StageChange,
    Stale,
    Value,
)
from dvc_changelog.insight import files_between
from dvc_changelog.render import plot_json

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
        "prereleases": list(told.prereleases),
        "project": None if told.project is None else told.project or ".",
        "bump": {"level": told.bump.level.name.lower(), "because": list(told.bump.because)},
        "commits": [_commit(c) for c in told.commits],
        "changes": [change(c) for c in told.changes],
        "notes": [{"kind": n.kind, "text": n.text, "commit_id": n.commit_id or None} for n in told.notes],
        "deployments": [_deployment(d) for d in told.deployments],
        "lifecycle": [_lifecycle(e) for e in told.lifecycle],
        "migrations": [_migration(m) for m in told.migrations],
        "experiments": None if told.experiments is None else [_experiment(e) for e in told.experiments],
        "problems": [_problem(p) for p in told.problems],
        "stale": [_stale(s) for s in told.stale],
        "statistics": {**told.statistics, "merges": told.merges},
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
        "problems": [_problem(p) for p in tried.problems],
    }


def _problem(item: Problem) -> dict[str, str]:
    return {"path": item.path, "reason": item.reason, "revision": item.revision}


def _stale(item: Stale) -> dict[str, Any]:
    value, locked = plain(item.value), plain(item.locked)
    return {
        "path": item.path,
        "name": item.name,
        "value": value,
        "missing": item.missing,
        "locked": locked,
        "stage": item.stage,
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
                "within": item.within or None,
            }
        case StageChange():
            return _change("stage", item, item.name, _stage(item.old), _stage(item.new))
        case ArtifactChange():
            before = item.old if item.change is ChangeType.RENAMED else None
            extra = {"old_path": before.file} if before else {}
            return _change("artifact", item, item.name, _artifact(item.old), _artifact(item.new)) | extra
        case PlotChange() | PlotDefinitionChange():
            return _plot(item)
        case ImportChange():
            return _import_change(item)
        case PackageChange():
            extra = {"old_path": item.old_path} if item.old_path else {}
            return _change("package", item, item.name, item.old, item.new) | extra
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


def _dump(data: Mapping[str, Any]) -> str:
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


def _change(kind: str, item: Change, name: str, old: object, new: object) -> dict[str, Any]:
    return {
        "kind": kind,
        "change": item.change.value,
        "path": item.path,
        "name": name,
        "old": old,
        "new": new,
    }


def _output_change(item: OutputChange) -> dict[str, Any]:
    output = item.new or item.old
    assert output is not None
    artifact = output.artifact
    result = _change(
        "model" if item.model else "data", item, artifact.name if artifact else item.path, None, None
    )
    result |= {
        "old": _content(item.old.content) if item.old else None,
        "new": _content(item.new.content) if item.new else None,
        "role": output.role.value,
        "stage": output.stage or None,
        "cached": output.cached,
        "files": _files(item.old, item.new),
        "because": [],
    }
    if output.plots:
        result["plots"] = list(output.plots)
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


def _plot(item: PlotChange | PlotDefinitionChange) -> dict[str, Any]:
    if isinstance(item, PlotDefinitionChange):
        old, new = plot_json.definition(item.old), plot_json.definition(item.new)
        return _change("plot_definition", item, item.name, old, new)
    before, after = (_content(file.content) if file else None for file in (item.old, item.new))
    return _change("plot", item, item.path, before, after) | plot_json.file(item)


def _files(old: Output | None, new: Output | None) -> dict[str, Any] | None:
    """How many files of a directory have which fate, where both sides are known, and their names."""
    found = files_between(old.content, new.content) if old and new else None
    if found is None:
        return None
    return {
        "added": len(found.added),
        "deleted": len(found.deleted),
        "modified": len(found.modified),
        "renamed": len(found.renamed),
        "paths": {
            "added": list(found.added),
            "deleted": list(found.deleted),
            "modified": list(found.modified),
            "renamed": [{"old_path": before, "path": after} for before, after in found.renamed],
        },
    }


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


def _artifact(artifact: Artifact | None) -> dict[str, Any] | None:
    if artifact is None:
        return None
    return {
        "path": artifact.path,
        "type": artifact.type,
        "labels": list(artifact.labels),
        "desc": artifact.desc,
    }


def _import_change(item: ImportChange) -> dict[str, Any]:
    name = (item.new or item.old or Import("", "", "")).name
    kind, called = ("dataset", name) if name else ("import", item.path.removesuffix(".dvc"))
    found = item.source_changes
    return _change(kind, item, called, _import(item.old), _import(item.new)) | {
        "source_changes": _source_changes(found) if found else None
    }


def _source_changes(found: SourceChanges) -> dict[str, Any]:
    return {
        "commits": [_commit_of_source(commit) for commit in found.commits],
        "gone": [_commit_of_source(commit) for commit in found.gone],
        "changes": [change(inner) for inner in found.changes],
        "unchanged": found.unchanged,
        "problems": [_problem(problem) for problem in found.problems],
    }


def _commit_of_source(commit: Commit) -> dict[str, Any]:
    return {
        "id": commit.id,
        "message": commit.message,
        "author": {"name": commit.author.name, "email": commit.author.email},
        "timestamp": commit.timestamp,
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
        "remote": source.remote or None,
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
