"""`datasets:` of dvc.yaml, with what dvc.lock recorded of each: told like imports.

Source of the form: dvc 3.67, `dvc/repo/datasets.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dvc_changelog.domain import Content, Import
from dvc_changelog.snapshot.entries import content_of

SCHEME = "ds://"
"""How a stage names a dataset among its dependencies."""
_KINDS = {"dvc": "repo", "url": "url", "dc": "dc"}
_SPEC = ("url", "type", "path", "rev")


def entries_of(section: object) -> tuple[Mapping[str, object], ...]:
    """The entries of a `datasets:` section that have a name and a type."""
    entries = section if isinstance(section, list) else ()
    return tuple(e for e in entries if isinstance(e, Mapping) and e.get("name") and e.get("type"))


def datasets_of(
    path: str, declared: tuple[Mapping[str, object], ...], locked: tuple[Mapping[str, object], ...]
) -> Iterator[Import]:
    """The datasets of the dvc.yaml at `path`.

    Args:
        path: from the Git root.
        declared: the entries of its section.
        locked: those of the dvc.lock beside it. One that was recorded for another declaration does not count:
            nor does it for DVC ("not in sync").
    """
    by_name = {str(entry["name"]): entry for entry in locked}
    for entry in declared:
        lock = by_name.get(str(entry["name"]), {})
        yield _dataset(path, entry, lock if _spec(lock) == _spec(entry) else {})


def identity(lock: Mapping[str, object]) -> Content | None:
    """What a dataset was when it was recorded: a version, the hashes of an address; none of a repository."""
    if lock.get("version") is not None:
        return Content("version", str(lock["version"]))
    meta, files = lock.get("meta"), lock.get("files")
    listed = [{**_mapping(f.get("meta")), **f} for f in files] if isinstance(files, list) else None
    return content_of({**_mapping(meta), "files": listed})


def _dataset(path: str, entry: Mapping[str, object], lock: Mapping[str, object]) -> Import:
    kind = str(entry["type"])
    return Import(
        path,
        _KINDS.get(kind, kind),
        str(entry.get("url") or ""),
        str(entry.get("path") or ""),
        str(entry.get("rev") or ""),
        str(lock.get("rev_lock") or ""),
        identity(lock),
        name=str(entry["name"]),
    )


def _spec(entry: Mapping[str, object]) -> list[str]:
    return [str(entry.get(key) or "") for key in _SPEC]


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
