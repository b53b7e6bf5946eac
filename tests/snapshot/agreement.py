"""What we and what DVC say of two revisions, brought to one form: the yardstick of the agreement tests."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dvc_changelog.diff import diff
from dvc_changelog.domain import ChangeType, MetricChange, Output, OutputChange, ParamChange, Snapshot
from dvc_changelog.insight import Files, files_between
from dvc_changelog.snapshot import Snapshots

Values = dict[tuple[str, str], tuple[Any, Any]]
"""(path, name) -> (old, new), None for what is not there."""


@dataclass(slots=True)
class Told:
    """Changes of params, metrics and outputs. `unread` are their files that could not be read.

    A rename is one output deleted and one added; which they are is in `renamed`. `inside` are the fates of
    the files of directories.
    """

    params: Values = field(default_factory=dict)
    metrics: Values = field(default_factory=dict)
    outputs: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    renamed: set[tuple[str, str]] = field(default_factory=set)
    inside: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    failed: str = ""


def ours(before: Snapshot, after: Snapshot, snapshots: Snapshots | None = None) -> Told:
    """What `diff` says, in DVC's form: a renamed param is one deleted and one added.

    The reader of both snapshots tells beside what became of the files of directories.
    """
    told = Told()
    changes = diff(before, after)
    outputs = (change for change in changes if isinstance(change, OutputChange))
    if snapshots:
        told.inside = files_inside(snapshots.examined(change, after.projects) for change in outputs)
    for change in changes:
        match change:
            case ParamChange() | MetricChange() if change.change is ChangeType.UNKNOWN:
                told.unread.add(change.path)
            case ParamChange(change=ChangeType.RENAMED):
                told.params[change.old_path, change.old_name] = plain(change.old), None
                told.params[change.path, change.name] = None, plain(change.new)
            case ParamChange():
                told.params[change.path, change.name] = plain(change.old), plain(change.new)
            case MetricChange():
                told.metrics[change.path, change.name] = plain(change.old), plain(change.new)
            case OutputChange(change=ChangeType.RENAMED, old=Output() as old, new=Output() as new):
                if change.content_change is ChangeType.RENAMED:
                    told.renamed.add((old.path, new.path))
                told.outputs[old.path] = "deleted", old.content.digest, ""
                told.outputs[new.path] = "added", "", new.content.digest
            case OutputChange():
                told.outputs[change.path] = (
                    change.change.value,
                    change.old.content.digest if change.old else "",
                    change.new.content.digest if change.new else "",
                )
            case _:
                pass
    return told


def files_inside(changes: Iterable[OutputChange | None]) -> dict[str, str]:
    """The fates of the files of directories whose content changed, by their path; a rename is two."""
    told: dict[str, str] = {}
    for change in changes:
        if not change or not change.old or not change.new or change.change is ChangeType.RENAMED:
            continue
        found = files_between(change.old.content, change.new.content) or Files()
        for fate, names in (("added", found.added), ("deleted", found.deleted), ("modified", found.modified)):
            told |= {f"{change.path}/{name}": fate for name in names}
        for before, after in found.renamed:
            told |= {f"{change.path}/{before}": "deleted", f"{change.path}/{after}": "added"}
    return told


def dvcs(project: Path, old: str, new: str | None, *, data: bool = True) -> Told:
    """What `dvc params diff`, `dvc metrics diff` and `dvc diff` say, in process; None: the workspace."""
    from dvc.repo import Repo

    told = Told()
    with Repo(str(project)) as repo:
        _values(repo.params.diff(old, new or "workspace"), told.params, told)
        _values(repo.metrics.diff(old, new or "workspace"), told.metrics, told)
        if data:
            _data(repo.diff(old, new), told)
    return told


def dvcs_of_both(project: Path, old: str, new: str) -> Told:
    """The same of two revisions, in a third of the time: DVC reads each once, not once for each command.

    That it is the same is seen where both are asked, in test_agreement_with_dvc.py.
    """
    from dvc.repo import Repo
    from dvc.repo.diff import _diff as diff_of_data
    from dvc.repo.metrics.diff import _diff as diff_of_values

    told = Told()
    params, metrics, indexes = {}, {}, {}
    tracked: set[tuple[str, ...]] = set()
    with Repo(str(project)) as repo:
        for revision in repo.brancher(revs=[old, new], workspace=False):
            params[revision] = repo.params.show(hide_workspace=False)[""]
            metrics[revision] = repo.metrics.show(hide_workspace=False)[""]
            view = repo.index.targets_view(None)
            indexes[revision] = view.data["repo"]
            tracked |= view.data_keys.get("repo", set())
        _values(diff_of_values(params, old, new), told.params, told)
        _values(diff_of_values(metrics, old, new), told.metrics, told)
        _data(diff_of_data(indexes[old], indexes[new], tracked, with_missing=False), told)
    return told


def _values(said: dict[str, Any], values: Values, told: Told) -> None:
    """`dvc params diff` or `dvc metrics diff` in our form."""
    for error in said.get("errors", {}).values():
        if isinstance(error, dict):
            told.unread.update(path.lstrip("/") for path in error)
        else:
            told.failed = f"{type(error).__name__}: {error}"
    for path, changes in said.get("diff", {}).items():
        for name, change in changes.items():
            values[path, str(name)] = plain(change.get("old")), plain(change.get("new"))


def _data(said: dict[str, Any], told: Told) -> None:
    """`dvc diff` in our form. An output that was never saved, of hash None, is none."""
    outputs = told.outputs
    for entry in said.get("added", ()):
        if entry["hash"]:
            outputs[_path(entry["path"])] = "added", "", entry["hash"]
    for entry in said.get("deleted", ()):
        if entry["hash"]:
            outputs[_path(entry["path"])] = "deleted", entry["hash"], ""
    for entry in said.get("modified", ()):
        old, new = entry["hash"]["old"] or "", entry["hash"]["new"] or ""
        outputs[_path(entry["path"])] = "modified" if old and new else "added" if new else "deleted", old, new
    for entry in said.get("renamed", ()):
        old, new = _path(entry["path"]["old"]), _path(entry["path"]["new"])
        told.renamed.add((old, new))
        outputs[old], outputs[new] = ("deleted", entry["hash"], ""), ("added", "", entry["hash"])


def _path(path: str) -> str:
    return path.rstrip("/")


def below(prefix: str, told: Told) -> Told:
    """Paths of a project's own, seen from the Git root."""
    if not prefix:
        return told
    return Told(
        {(f"{prefix}/{path}", name): pair for (path, name), pair in told.params.items()},
        {(f"{prefix}/{path}", name): pair for (path, name), pair in told.metrics.items()},
        {f"{prefix}/{path}": what for path, what in told.outputs.items()},
        {(f"{prefix}/{old}", f"{prefix}/{new}") for old, new in told.renamed},
        unread={f"{prefix}/{path}" for path in told.unread},
        failed=told.failed,
    )


def merged(parts: Iterable[Told]) -> Told:
    """Several projects of one repository as one."""
    whole = Told()
    for part in parts:
        whole.params |= part.params
        whole.metrics |= part.metrics
        whole.outputs |= part.outputs
        whole.renamed |= part.renamed
        whole.inside |= part.inside
        whole.unread |= part.unread
        whole.failed = whole.failed or part.failed
    return whole


def as_we_mean_it(dvc: Told, we: Told, old: Snapshot, new: Snapshot) -> tuple[Told, Told]:
    """Both sides without the intended differences; the list is at the top of test_agreement_with_dvc.py."""
    dvc.params = {at: pair for at, pair in dvc.params.items() if not _always_nan(pair)}
    dvc.metrics = {at: pair for at, pair in dvc.metrics.items() if not _always_nan(pair)}
    we.params = {at: pair for at, pair in we.params.items() if pair != (None, None)}
    cached = [{path for path, output in side.outputs.items() if output.cached} for side in (old, new)]
    told = {
        path: (was if path in cached[0] else "", now if path in cached[1] else "")
        for path, (_, was, now) in we.outputs.items()
    }
    we.outputs = {path: (_fate(*pair), *pair) for path, pair in told.items() if pair[0] != pair[1]}
    both = {path for path, out in old.outputs.items() if path in new.outputs and out.content.is_dir}
    dvc.inside = {
        path: fate
        for path, (fate, _, _) in dvc.outputs.items()
        if any(path.startswith(f"{d}/") for d in both)
    }
    dvc.outputs = {
        path: what
        for path, what in dvc.outputs.items()
        if path in {*old.outputs, *new.outputs}
        and what[1] != what[2]
        and not _only_cached(old.outputs.get(path), new.outputs.get(path))
    }
    return dvc, we


def _only_cached(old: Output | None, new: Output | None) -> bool:
    """Whether all that changed is that DVC keeps an output now, or no longer."""
    return old is not None and new is not None and old.cached != new.cached and old.content.same(new.content)


def _fate(was: str, now: str) -> str:
    return "modified" if was and now else "added" if now else "deleted"


def _always_nan(pair: tuple[object, object]) -> bool:
    return pair[0] == pair[1] and pair[0] in ("a NaN", "[nan]")


@pytest.fixture(autouse=True)
def quiet_dvc(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, isolated: None
) -> None:
    """DVC without the machine's settings, in every test that imports this fixture beside `isolated`."""
    home = str(tmp_path_factory.getbasetemp())
    for name in ("DVC_GLOBAL_CONFIG_DIR", "DVC_SYSTEM_CONFIG_DIR", "DVC_SITE_CACHE_DIR"):
        monkeypatch.setenv(name, home)
    monkeypatch.setenv("DVC_NO_ANALYTICS", "1")
    monkeypatch.setenv("DVC_TEST", "1")


def plain(value: Any) -> Any:
    """A value that equals itself, NaN included; a list is text, as in DVC's own output, and so is a date."""
    match value:
        case dt.date() | dt.time():
            return value.isoformat()
        case float() if math.isnan(value):
            return "a NaN"
        case list() | tuple() | set() | dict():
            return str(_listed(value))
        case _:
            return value


def _listed(value: Any) -> Any:
    """Tuples and sets, which a Python file has, as lists."""
    match value:
        case list() | tuple():
            return [_listed(item) for item in value]
        case set():
            return sorted(map(_listed, value), key=str)
        case dict():
            return {key: _listed(item) for key, item in value.items()}
        case _:
            return value
