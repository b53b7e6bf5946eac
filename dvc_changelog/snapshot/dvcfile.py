"""`.dvc` files: data, imports, and the stages of DVC before 1.0 (also `Dvcfile`)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Content, Dependency, Import, Output, Role, Stage, StageRun
from dvc_changelog.snapshot import yaml12
from dvc_changelog.snapshot.entries import content_of, join
from dvc_changelog.snapshot.lockfile import command
from dvc_changelog.snapshot.unreadable import UnreadableError


@dataclass(frozen=True, slots=True)
class DvcFile:
    """What a `.dvc` file says. `types` are by path, as declared; `metrics` what a pre-1.0 stage marks.

    `unrecorded` are outputs without a hash, as `dvc import --no-download` leaves them.
    """

    outputs: tuple[Output, ...] = ()
    unrecorded: tuple[str, ...] = ()
    source: Import | None = None
    stage: Stage | None = None
    metrics: tuple[str, ...] = ()
    types: tuple[tuple[str, str], ...] = ()


def parse(path: str, data: bytes) -> DvcFile:
    """Read a `.dvc` file at `path` (from the Git root).

    Raises:
        UnreadableError: it is no YAML, or no mapping.
    """
    document = yaml12.load(data) or {}
    if not isinstance(document, Mapping):
        raise UnreadableError("not a .dvc file: no mapping at the top")
    directory = join(posixpath.dirname(path), str(document.get("wdir") or "."))
    entries = [e for e in _list(document.get("outs")) if e.get("path") is not None]
    stage = _stage(path, directory, document) if document.get("cmd") else None
    metrics = tuple(join(directory, str(e["path"])) for e in entries if e.get("metric"))
    source = None if stage else _import(path, document)
    outputs = (replace(output, file=path) for output in _outputs(directory, entries, document, stage))
    if source and source.kind == "repo":  # DVC pushes no copy of what another repository keeps
        outputs = (replace(output, remote=None) for output in outputs)
    return DvcFile(
        outputs=tuple(outputs),
        unrecorded=tuple(join(directory, str(e["path"])) for e in entries if content_of(e) is None),
        source=source,
        stage=stage,
        metrics=metrics,
        types=tuple((join(directory, str(e["path"])), str(e["type"])) for e in entries if e.get("type")),
    )


def _outputs(
    directory: str,
    entries: list[Mapping[str, object]],
    document: Mapping[str, object],
    stage: Stage | None,
) -> Iterator[Output]:
    for entry in entries:
        content = content_of(entry)
        if content is None:
            continue
        yield Output(
            path=join(directory, str(entry["path"])),
            content=content,
            role=Role.DERIVED if stage else Role.SOURCE,
            stage=stage.address if stage else "",
            cached=entry.get("cache") is not False,
            desc=str(entry.get("desc") or document.get("desc") or ""),
            remote=str(entry.get("remote") or ""),
        )


def _stage(path: str, directory: str, document: Mapping[str, object]) -> Stage:
    deps = _list(document.get("deps"))
    outs = _list(document.get("outs"))
    located = [Dependency(join(directory, str(d.get("path"))), content_of(d)) for d in deps if d.get("path")]
    made = [Dependency(join(directory, str(o.get("path"))), content_of(o)) for o in outs if o.get("path")]
    return Stage(
        path=path,
        name="",
        cmd=command(document.get("cmd")),
        wdir=directory,
        deps=tuple(dep.path for dep in located),
        outs=tuple(out.path for out in made),
        frozen=bool(document.get("frozen") or document.get("locked")),
        always_changed=bool(document.get("always_changed")),
        ran=StageRun(command(document.get("cmd")), tuple(located), tuple(made)),
    )


def _import(path: str, document: Mapping[str, object]) -> Import | None:
    deps = _list(document.get("deps"))
    if not deps:
        return None
    dep = deps[0]
    source, content = str(dep.get("path") or ""), content_of(dep)
    match dep:
        case {"repo": {"url": url, **rest}}:
            return Import(
                path,
                "repo",
                str(url),
                source,
                str(rest.get("rev") or ""),
                str(rest.get("rev_lock") or ""),
                content,
                remote=str(rest.get("remote") or ""),
            )
        case {"db": Mapping() as db} | {"repo": Mapping() as db}:
            name = str(db.get("connection") or db.get("profile") or "")
            return Import(path, "db", name, str(db.get("file_format") or ""), content=_database(content, db))
        case _:
            return Import(path, "url", source, content=content)


def _database(content: Content | None, db: Mapping[str, object]) -> Content | None:
    """A database has no hash of its own: the query or table says what was asked of it."""
    if content:
        return content
    if query := db.get("query"):
        return Content("query", " ".join(str(query).split()))
    table = db.get("table") or db.get("model")  # a model of dbt is a table
    return Content("table", str(table)) if table else None


def _list(value: object) -> list[Mapping[str, object]]:
    return [e for e in value if isinstance(e, Mapping)] if isinstance(value, list) else []
