"""Lines about packages, environment files and imports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dvc_changelog.domain import (
    ChangeType,
    FileChanged,
    ImportChange,
    OutputChange,
    PackageChange,
    is_lock_file,
)
from dvc_changelog.render import figures
from dvc_changelog.render.imports import lines as import_lines
from dvc_changelog.render.phrase import Phrase, code, joined, plain
from dvc_changelog.render.shapes import Line

_MANY = 8
_FEW_FILES = 4
_LONGEST = 60
_COMMIT = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{32}\b")
_FATES = {ChangeType.MODIFIED: "changed", ChangeType.ADDED: "added", ChangeType.DELETED: "removed"}


def lines(
    packages: Sequence[PackageChange],
    files: Sequence[FileChanged],
    imports: Sequence[ImportChange],
    outputs: Sequence[OutputChange] = (),
    *,
    first: bool = False,
) -> Iterator[Line]:
    """Imports, packages by file, packages that moved, other files by fate. At the first release packages
    are counted. `outputs` are told already.
    """
    yield from import_lines(imports, outputs)
    by_file: dict[str, list[PackageChange]] = {}
    moved: dict[tuple[str, str], list[PackageChange]] = {}
    for package in packages:
        if package.change is ChangeType.RENAMED:
            moved.setdefault((package.old_path, package.path), []).append(package)
        else:
            by_file.setdefault(package.path, []).append(package)
    # A lock file repeats what the file beside it says, and adds what that draws in: last.
    for path in sorted(by_file, key=lambda p: (is_lock_file(p), p)):
        yield _file_of_packages(path, by_file[path], counted=first)
    yield from (_move(*places, members) for places, members in moved.items())
    by_fate: dict[ChangeType, list[FileChanged]] = {}
    for file in files:
        by_fate.setdefault(file.change, []).append(file)
    for fate, members in by_fate.items():
        yield _files(fate, members)


def _file_of_packages(path: str, changes: Sequence[PackageChange], *, counted: bool) -> Line:
    head = code(path) + f": {figures.count(len(changes), 'package')}"
    if counted and all(change.change is ChangeType.ADDED for change in changes):
        return Line(head)
    if len(changes) <= _MANY:
        return Line(_capital(joined(_told(changes), "; ")) + " (" + code(path) + ")", weight=len(changes))
    parts = [_package(change) for change in changes]
    counts = [(word, sum(change.change is fate for change in changes)) for fate, word in _FATES.items()]
    told = ", ".join(f"{number:,} {word}" for word, number in counts if number)
    below = tuple(_capital(part) for part in parts)
    if told.count(",") == 0:
        return Line(head + told.removeprefix(f"{len(changes):,}"), below, len(parts))
    return Line(head + f" ({told})", below, len(parts))


def _move(old_path: str, path: str, changes: Sequence[PackageChange]) -> Line:
    places = plain(" from ") + code(old_path) + " to " + code(path)
    names = [plain(change.name) if change.old == change.new else _package(change) for change in changes]
    if len(names) <= _MANY:
        return Line("Moved " + joined(names) + places, weight=len(names))
    return Line(plain(f"Moved {len(names):,} packages") + places, tuple(names), len(names))


def _told(changes: Sequence[PackageChange]) -> Iterator[Phrase]:
    """As in "numpy 1 → 2; added lightgbm 4.5.0, xgboost; removed notebook": each verb once."""
    by_fate: dict[ChangeType, list[PackageChange]] = {fate: [] for fate in _FATES}
    for change in changes:
        by_fate.setdefault(change.change, []).append(change)
    for fate, members in by_fate.items():
        if members and fate in {ChangeType.ADDED, ChangeType.DELETED}:
            yield joined((_package(members[0]), *map(_name, members[1:])))
        else:
            yield from map(_package, members)


def _name(change: PackageChange) -> Phrase:
    """A package with the version it has now; one that went needs none."""
    new = _version(change.new)
    return plain(change.name) + (" " + new if new else "")


def _package(change: PackageChange) -> Phrase:
    match change.change:
        case ChangeType.ADDED:
            return "added " + _name(change)
        case ChangeType.DELETED:
            return plain(f"removed {change.name}")
        case _:
            old, new = _version(change.old), _version(change.new)
            return plain(f"{change.name} ") + (old or "any version") + " → " + (new or "any version")


def _version(text: str | None) -> Phrase:
    """A version; an address is no link here, but what pip was told."""
    shown = figures.shortened(_COMMIT.sub(r"\1", text or ""), _LONGEST)
    return code(shown) if "://" in shown else plain(shown)


def _capital(phrase: Phrase) -> Phrase:
    """As in "Added x" where a list item begins; a package's own name stays as it is."""
    first, *rest = phrase.parts
    if not first.text.startswith(("added ", "removed ")):
        return phrase
    return plain(first.text[0].upper() + first.text[1:]) + Phrase(tuple(rest))


def _files(fate: ChangeType, changes: Sequence[FileChanged]) -> Line:
    verb = {
        ChangeType.ADDED: "Added",
        ChangeType.DELETED: "Removed",
        ChangeType.RENAMED: "Renamed",
        ChangeType.UNKNOWN: "Possibly changed",
    }.get(fate, "Changed")
    names = [
        code(c.old_path) + " to " + code(c.path) if fate is ChangeType.RENAMED else code(c.path)
        for c in changes
    ]
    if len(names) > _FEW_FILES:
        return Line(plain(f"{verb} {len(names):,} files"), tuple(names), len(names))
    return Line(plain(f"{verb} ") + joined(names), weight=len(names))
