"""Lines about packages, environment files and imports."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from dvc_changelog.domain import ChangeType, FileChanged, Import, ImportChange, PackageChange
from dvc_changelog.render import figures
from dvc_changelog.render.phrase import Phrase, code, joined, plain
from dvc_changelog.render.shapes import Line

_LOCKS = {"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "renv.lock", "conda-lock.yml", "conda-lock.yaml"}
_MANY = 12


def lines(
    packages: Sequence[PackageChange],
    files: Sequence[FileChanged],
    imports: Sequence[ImportChange],
    *,
    first: bool = False,
) -> Iterator[Line]:
    """Imports, then packages by file, then other files by fate. At the first release packages are counted."""
    for change in imports:
        yield Line(_import(change), weight=1)
    by_file: dict[str, list[PackageChange]] = {}
    for package in packages:
        by_file.setdefault(package.path, []).append(package)
    # A lock file repeats what the file beside it says, and adds what that draws in: last.
    for path in sorted(by_file, key=lambda p: (posixpath.basename(p) in _LOCKS, p)):
        yield _file_of_packages(path, by_file[path], counted=first)
    by_fate: dict[ChangeType, list[FileChanged]] = {}
    for file in files:
        by_fate.setdefault(file.change, []).append(file)
    for fate, members in by_fate.items():
        yield Line(_files(fate, members), weight=len(members))


def _file_of_packages(path: str, changes: Sequence[PackageChange], *, counted: bool) -> Line:
    if counted and all(change.change is ChangeType.ADDED for change in changes):
        return Line(code(path) + f": {figures.count(len(changes), 'package')}", weight=1)
    parts = [_package(change) for change in changes]
    if len(parts) > _MANY:
        counts = [
            (sum(c.change is ChangeType.MODIFIED for c in changes), "changed"),
            (sum(c.change is ChangeType.ADDED for c in changes), "added"),
            (sum(c.change is ChangeType.DELETED for c in changes), "removed"),
        ]
        told = ", ".join(f"{n} {word}" for n, word in counts if n)
        return Line(code(path) + f": {figures.count(len(changes), 'package')} ({told})", tuple(parts), len(parts))
    return Line(joined(parts, "; ") + " (" + code(path) + ")")


def _package(change: PackageChange) -> Phrase:
    match change.change:
        case ChangeType.ADDED:
            return plain(f"added {change.name} {figures.shortened(change.new or '', 60)}".rstrip())
        case ChangeType.DELETED:
            return plain(f"removed {change.name}")
        case _:
            old = figures.shortened(change.old or "", 60) or "any version"
            new = figures.shortened(change.new or "", 60) or "any version"
            return plain(f"{change.name} {old} → {new}")


def _files(fate: ChangeType, changes: Sequence[FileChanged]) -> Phrase:
    if fate is ChangeType.RENAMED:
        return plain("Renamed ") + joined(code(c.old_path) + " to " + code(c.path) for c in changes)
    verb = {ChangeType.ADDED: "Added ", ChangeType.DELETED: "Removed "}.get(fate, "Changed ")
    return plain(verb) + joined(code(change.path) for change in changes)


def _import(change: ImportChange) -> Phrase:
    old, new = change.old, change.new
    here = new or old
    target = change.path.removesuffix(".dvc")
    source = _source(here) if here else plain("")
    match change.change:
        case ChangeType.ADDED if new:
            at = plain(" at ") + code(_revision(new)) if _revision(new) else plain("")
            return plain("Imported ") + code(target) + " from " + source + at
        case ChangeType.DELETED:
            return code(target) + " is no longer imported from " + source
        case _ if old and new:
            if (old.url, old.source) != (new.url, new.source):
                return plain("Imported ") + code(target) + " from " + source + ", before from " + _source(old)
            step = code(_revision(old) or "?") + " → " + code(_revision(new) or "?")
            return plain("Imported ") + code(target) + " from " + source + ": " + step
        case _:
            return code(target)


def _source(source: Import) -> Phrase:
    match source.kind:
        case "repo":
            name = posixpath.basename(source.url.rstrip("/")).removesuffix(".git")
            return code(name or source.url) + (plain(" (") + code(source.source) + ")" if source.source else "")
        case "db":
            return plain("the database ") + code(source.url or "?")
        case _:
            return code(source.source)


def _revision(source: Import) -> str:
    if source.rev_lock:
        return source.rev_lock[:7]
    return figures.digest(source.content.digest) if source.content else source.rev
