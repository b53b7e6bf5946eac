"""Lines about DVC's files brought into the form of another DVC: told once, and no change of data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvc_changelog.domain import Migration
from dvc_changelog.render import figures
from dvc_changelog.render.cells import FEW_LINES
from dvc_changelog.render.phrase import Phrase, code, plain
from dvc_changelog.render.shapes import Line


def lines(found: Sequence[Migration]) -> Iterator[Line]:
    """The outputs that went to the hashes of another DVC, and the locks of another schema."""
    yield from (Line(_outputs(migration)) for migration in found if not migration.path)
    locks: dict[tuple[str, str], list[str]] = {}
    for migration in found:
        if migration.path:
            locks.setdefault((migration.old, migration.new), []).append(migration.path)
    for (old, new), paths in locks.items():
        step = f" moved from schema {old} to {new}"
        if len(paths) > FEW_LINES:
            text = plain(f"{len(paths):,} lock files{step}")
            yield Line(text, tuple(code(path) for path in paths), len(paths))
        else:
            yield from (Line(code(path) + step) for path in paths)


def _outputs(migration: Migration) -> Phrase:
    lead = "Migrated to" if migration.old < migration.new else "Went back to"
    what = figures.count(migration.outputs, "output")
    verb = "is" if migration.outputs == 1 else "are"
    text = f"{lead} DVC {migration.new}: {what} {verb} recorded in its form now"
    if not migration.rehashed:
        return plain(f"{text}, hashes unchanged")
    which = "" if migration.outputs == migration.rehashed else f"{migration.rehashed:,} of them "
    return plain(f"{text}, {which}with another hash at the same size")
