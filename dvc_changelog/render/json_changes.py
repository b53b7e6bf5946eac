"""Changes as JSON, one form a kind, after the contract of schema/changelog.schema.json."""

from __future__ import annotations

from typing import Any, assert_never

from dvc_changelog.domain import (
    Artifact,
    ArtifactChange,
    Change,
    ChangeType,
    Commit,
    Content,
    FileChanged,
    Goal,
    Import,
    ImportChange,
    Judgement,
    MetricChange,
    Output,
    OutputChange,
    PackageChange,
    ParamChange,
    PlotChange,
    PlotDefinitionChange,
    Problem,
    RemoteChange,
    Rest,
    SourceChanges,
    Stage,
    StageChange,
    Step,
    without_credentials,
)
from dvc_changelog.insight import files_between
from dvc_changelog.render import cause_json, plot_json
from dvc_changelog.render.json_values import plain


def change(item: Change) -> dict[str, Any]:
    """One change as plain data: `kind`, `change`, `path`, `name`, `old`, `new`, and what its kind has."""
    match item:
        case OutputChange():
            return _output_change(item)
        case ParamChange():
            return _change("param", item, item.name, plain(item.old), plain(item.new)) | {
                "stages": list(item.stages),
                "commits": list(item.commits),
                **({"old_path": item.old_path, "old_name": item.old_name} if item.old_path else {}),
                **(_known(item) | {"unread": item.unread} if item.unread else {}),
                **({"declared": True} if item.declared else {}),
            }
        case MetricChange():
            return _change("metric", item, item.name, plain(item.old), plain(item.new)) | {
                "delta": plain(item.delta),
                **judged(item.judged),
                "commits": [step(s) for s in item.steps],
                "rest": _rest(item.rest),
                **_known(item),
                **({"old_path": item.old_path} if item.old_path else {}),
                **({"unread": item.unread} if item.unread else {}),
                **({"declared": True} if item.declared else {}),
                **({"other_model": list(item.other_model)} if item.other_model else {}),
            }
        case StageChange():
            return _change("stage", item, item.name, _stage(item.old), _stage(item.new))
        case ArtifactChange():
            return _artifact_change(item)
        case PlotChange() | PlotDefinitionChange():
            return _plot(item)
        case ImportChange():
            return _import_change(item)
        case PackageChange() | FileChanged():
            return _software_change(item)
        case RemoteChange():
            return _change("remote", item, item.path, item.old or None, item.new or None) | (
                {"in_git": item.in_git, "same_content": item.same} if item.in_git else {}
            )
        case _:
            assert_never(item)


def judged(judgement: Judgement) -> dict[str, Any]:
    """What is thought of a metric's change, and what that goes by."""
    return {
        "verdict": judgement.verdict.value,
        "goal": None if judgement.goal is Goal.NONE else judgement.goal.value,
        "noise": judgement.noise,
        "unit": judgement.unit or None,
    }


def step(item: Step) -> dict[str, Any]:
    """What one commit did to a metric."""
    old, new = plain(item.old), plain(item.new)
    return {"id": item.commit_id, "old": old, "new": new, "delta": plain(item.delta)}


def _rest(item: Rest | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {"delta": plain(item.delta), "unread": list(item.unread), "outside": item.outside or None}


def problem(item: Problem) -> dict[str, str]:
    """What could not be read, as plain data."""
    return {"path": item.path, "reason": item.reason, "revision": item.revision}


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
        "because": cause_json.because(item.because),
        "commits": list(item.commits),
    }
    if item.awaited:
        result["awaited"] = list(item.awaited)
    if item.again:
        result["again"] = item.again
    if item.taken_back:
        result["taken_back"] = item.taken_back
    if output.plots:
        result["plots"] = list(output.plots)
    if item.old_path:
        result["old_path"] = item.old_path
    if artifact:
        result["artifact"] = {
            "name": artifact.name,
            "address": artifact.address,
            "type": artifact.type,
            "labels": list(artifact.labels),
            "desc": artifact.desc,
        }
    return result


def _artifact_change(item: ArtifactChange) -> dict[str, Any]:
    result = _change("artifact", item, item.name, _artifact(item.old), _artifact(item.new))
    if item.change is ChangeType.RENAMED and item.old:
        if item.old.file != item.path:
            result["old_path"] = item.old.file
        if item.old.name != item.name:
            result["old_name"] = item.old.name
    return result


def _plot(item: PlotChange | PlotDefinitionChange) -> dict[str, Any]:
    if isinstance(item, PlotDefinitionChange):
        old, new = plot_json.definition(item.old), plot_json.definition(item.new)
        return _change("plot_definition", item, item.name, old, new)
    before, after = (_content(file.content) if file else None for file in (item.old, item.new))
    return _change("plot", item, item.path, before, after) | plot_json.file(item)


def _software_change(item: PackageChange | FileChanged) -> dict[str, Any]:
    extra = {"old_path": item.old_path} if item.old_path else {}
    if isinstance(item, PackageChange):
        return _change("package", item, item.name, item.old, item.new) | extra
    return _change("file", item, item.path, _blob(item.old), _blob(item.new)) | extra


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


def _known(item: MetricChange | ParamChange) -> dict[str, Any]:
    """What is known of a file whose values cannot be read."""
    return {
        "old_content": _content(item.old_content),
        "new_content": _content(item.new_content),
        "within": item.within or None,
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
        **({"always_changed": True} if stage.always_changed else {}),
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
    before = item.old.path if item.old and item.change is ChangeType.RENAMED else ""
    return _change(kind, item, called, _import(item.old), _import(item.new)) | {
        "source_changes": _source_changes(found) if found else None,
        **({"old_path": before} if before else {}),
    }


def _source_changes(found: SourceChanges) -> dict[str, Any]:
    return {
        "commits": [_commit_of_source(commit) for commit in found.commits],
        "gone": [_commit_of_source(commit) for commit in found.gone],
        "changes": [change(inner) for inner in found.changes],
        "unchanged": found.unchanged,
        "problems": [problem(item) for item in found.problems],
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
        "url": without_credentials(source.url or source.source),
        "path": without_credentials(source.source),
        "rev": source.rev or None,
        "rev_lock": source.rev_lock or None,
        "remote": source.remote or None,
        "content": _content(source.content),
    }


def _blob(blob: str | None) -> dict[str, str] | None:
    return {"blob": blob} if blob else None
