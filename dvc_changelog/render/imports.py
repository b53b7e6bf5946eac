"""Lines about what is brought in from elsewhere: imports, and the datasets of dvc.yaml."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterator, Sequence

from dvc_changelog.domain import (
    Change,
    ChangeType,
    FileChanged,
    Import,
    ImportChange,
    MetricChange,
    OutputChange,
    ParamChange,
    SourceChanges,
    without_credentials,
)
from dvc_changelog.render import commits, figures, outputs
from dvc_changelog.render.cells import named
from dvc_changelog.render.phrase import Phrase, code, joined, plain
from dvc_changelog.render.shapes import Line

_FORGE = re.compile(r"^(?:https?://|ssh://|git://)(?:[^/@]*@)?[^/]+/|^[\w.-]+@[\w.-]+:")
"""The host of a repository's address; what follows is how people call it: owner/name."""

_ASKED = {"query", "table"}
"""What identifies the data of a database, which has no hash of its own."""
_LONGEST_QUERY = 100


def lines(changes: Sequence[ImportChange], told: Sequence[OutputChange] = ()) -> Iterator[Line]:
    """One line an import or dataset; below it what changed in its source, where that is known.

    `told` are the outputs here: what they say of the data is not said again.
    """
    steps = {_step(change) for change in told}
    for change in changes:
        found = change.source_changes
        yield Line(_line(change), tuple(_there(found, steps)) if found else ())


def _there(found: SourceChanges, steps: Container[object]) -> Iterator[Phrase]:
    """What changed in a source, and the commits that did it."""
    if found.unchanged:
        yield plain("the same in both commits of the source")
    for change in found.changes:
        if not _told(change, steps):
            yield _of_source(change)
    for problem in found.problems:
        at = code(problem.path) + f" at {problem.revision[:7]} ({problem.reason.rstrip('.')})"
        yield "not readable in the source: " + at
    yield from (commits.line(commit, found.forge) for commit in found.commits)
    yield from ("no longer in it: " + commits.line(commit, found.forge) for commit in found.gone)


def _told(change: Change, steps: Container[object]) -> bool:
    """Whether another line says it: that of the data here, that of a file which one side cannot read."""
    match change:
        case OutputChange():
            return _step(change) in steps
        case MetricChange() | ParamChange():
            return change.change is ChangeType.UNKNOWN and bool(change.name)
        case _:
            return False


def _step(change: OutputChange) -> tuple[str, ...]:
    """The hashes before and after: equal ones are of the same data, whatever its path."""
    return tuple(side.content.digest if side else "" for side in (change.old, change.new))


def _of_source(change: Change) -> Phrase:
    match change:
        case OutputChange():
            return outputs.line(change)
        case MetricChange() | ParamChange() if not change.name and change.change is ChangeType.UNKNOWN:
            return code(change.path) + " changed, its values are not readable here"
        case MetricChange() | ParamChange():
            old, new = (
                plain("none") if side is None else code(figures.value(side))
                for side in (change.old, change.new)
            )
            return named(change.path, change.name, full=True) + ": " + old + " → " + new
        case FileChanged():
            return code(change.path) + f" {change.change}"
        case _:
            return Phrase()


def _line(change: ImportChange) -> Phrase:
    old, new = change.old, change.new
    here = new or old
    assert here is not None, "a change has at least one side"
    if change.change is ChangeType.DELETED:
        end = " is no longer defined, was from " if here.name else " is no longer imported from "
        return (plain("Dataset ") if here.name else Phrase()) + _target(change, here) + end + _source(here)
    if change.change is ChangeType.RENAMED and old:
        return _moved(old, here) + ", still from " + _source(here)
    lead = ("Added dataset " if not old else "Dataset ") if here.name else "Imported "
    told = plain(lead) + _target(change, here) + " from " + _source(here)
    if not old or not new:
        if here.content and here.content.algorithm in _ASKED:
            return told + ", " + _state(here)
        at = _state(here) if here.rev_lock or here.content else Phrase()
        return told + (" at " + at if at else Phrase()) + (_rev("", here.rev) if at else Phrase())
    steps = list(_steps(old, new))
    return told + (", " if _place(old) != _place(new) else ": ") + joined(steps)


def _moved(old: Import, new: Import) -> Phrase:
    """The same import by another file, or a dataset in another dvc.yaml."""
    if new.name:
        return plain("Dataset ") + code(new.name) + " moved from " + code(old.path) + " to " + code(new.path)
    before, after = (code(side.path.removesuffix(".dvc")) for side in (old, new))
    return plain("Import ") + before + " is now " + after


def _target(change: ImportChange, here: Import) -> Phrase:
    return code(here.name or change.path.removesuffix(".dvc"))


def _steps(old: Import, new: Import) -> Iterator[Phrase]:
    """What moved: the place, the commit or content, the revision asked for, the remote."""
    if _place(old) != _place(new):
        yield plain("before from ") + _source(old)
    was, now = _state(old), _state(new)
    if (old.rev_lock, _digest(old)) != (new.rev_lock, _digest(new)):
        if new.kind == old.kind == "db":
            yield plain("now ") + now + ", not " + was if now != was else plain("now another query")
        else:
            yield was + " → " + now + _rev(old.rev, new.rev)
    elif old.rev != new.rev:
        yield (
            plain("now at ")
            + code(new.rev or "the default branch")
            + f", same {'commit' if new.rev_lock else 'content'}"
        )
    if old.remote != new.remote:
        yield (
            plain("now by the remote ") + code(new.remote)
            if new.remote
            else plain("now by its default remote")
        )
    if old.kind == new.kind == "db" and old.source != new.source:
        yield plain("now as ") + code(new.source or "csv")


def _place(source: Import) -> tuple[str, str, str]:
    """Where it comes from; of a database the `source` is but the format."""
    path = "" if source.kind == "db" else without_credentials(source.source)
    return source.kind, without_credentials(source.url), path


def _rev(old: str, new: str) -> Phrase:
    """The revision that was asked for: a tag, a branch."""
    if not new:
        return Phrase()
    return plain(" (rev ") + (code(old) + " → " if old and old != new else "") + code(new) + ")"


def _state(source: Import) -> Phrase:
    """What was brought in: the source's commit, a version, a query or table, a hash."""
    if source.rev_lock:
        return code(source.rev_lock[:7])
    if not source.content:
        return plain("not locked")
    if source.content.algorithm == "version":
        return plain(f"version {source.content.digest}")
    if source.content.algorithm in _ASKED:
        asked = code(figures.shortened(source.content.digest, _LONGEST_QUERY))
        return plain(f"the {source.content.algorithm} ") + asked
    return code(figures.digest(source.content.digest.strip('"')))


def _digest(source: Import) -> tuple[str, str]:
    return (source.content.algorithm, source.content.digest) if source.content else ("", "")


def _source(source: Import) -> Phrase:
    """Where it comes from: a repository with the path in it, a database, an address."""
    match source.kind:
        case "repo":
            return code(repository(source.url)) + (
                plain(" (") + code(source.source) + ")" if source.source else ""
            )
        case "db":
            return plain("the database ") + code(without_credentials(source.url) or "?")
        case _:
            return code(without_credentials(source.source or source.url))


def repository(url: str) -> str:
    """As people call it: `owner/name` on a forge, the directory's name elsewhere."""
    path = without_credentials(url).rstrip("/").removesuffix(".git")
    if found := _FORGE.match(path):
        return path[found.end() :].strip("/") or url
    return posixpath.basename(path) or url
