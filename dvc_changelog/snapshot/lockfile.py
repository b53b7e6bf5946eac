"""dvc.lock, of schema 2.0 and of the bare 1.0: what each stage last ran with, and what it made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from dvc_changelog.domain import Dependency, StageRun, Value
from dvc_changelog.snapshot import yaml12
from dvc_changelog.snapshot.datasets import entries_of
from dvc_changelog.snapshot.entries import content_of, join
from dvc_changelog.snapshot.unreadable import UnreadableError
from dvc_changelog.snapshot.values import flatten


@dataclass(frozen=True, slots=True)
class LockFile:
    """A lock's stages by name, and its datasets. Paths are as written: relative to the working directory."""

    schema: str
    runs: Mapping[str, StageRun]
    datasets: tuple[Mapping[str, object], ...] = ()


def parse(data: bytes) -> LockFile:
    """Read a lock file.

    Raises:
        UnreadableError: it is no YAML, or no lock of a schema known here.
    """
    if (runs := by_stage(data)) is not None:
        return LockFile("2.0", runs)
    document = yaml12.load(data) or {}
    if not isinstance(document, Mapping):
        raise UnreadableError("not a lock file: no mapping at the top")
    if "schema" not in document:
        return LockFile("1.0", dict(runs_of(document)))
    schema = str(document["schema"])
    if not schema.startswith("2."):
        raise UnreadableError(f"a lock file of the unknown schema {schema}")
    runs = dict(runs_of(document.get("stages") or {}))
    return LockFile(schema, runs, entries_of(document.get("datasets")))


_AS_DVC_WRITES_IT = re.compile(rb"\Aschema: '2\.0'\r?\nstages:\r?\n(?=  \S)")
_STAGE = re.compile(rb"^  (?=\S)", re.MULTILINE)
_OTHERWISE = re.compile(rb"^(?! {2}[^#]|\r?$)", re.MULTILINE)


def chunks_of(data: bytes) -> list[bytes] | None:
    """The text of each stage of a lock in the form that DVC writes, from its name on.

    None where the text has another form (a hand edit, conflict markers, other sections).
    """
    head = _AS_DVC_WRITES_IT.match(data)
    if not head or _OTHERWISE.search(data, head.end(), len(data.rstrip())):
        return None
    return _STAGE.split(data[head.end() :])[1:]


def by_stage(data: bytes) -> dict[str, StageRun] | None:
    """The runs of a lock in the form that DVC writes, each distinct stage parsed once per process.

    A lock of thousands of stages changes by a few in a commit. None where the text has another form or does
    not parse: then the whole is read, with its line numbers.
    """
    chunks = chunks_of(data)
    if chunks is None:
        return None
    try:
        pairs = [_stage(chunk) for chunk in chunks]
    except UnreadableError:
        return None
    runs = dict(pair for pair in pairs if pair)
    return runs if len(runs) == len(chunks) else None


@cache
def _stage(chunk: bytes) -> tuple[str, StageRun] | None:
    """One stage of a lock, from its name on; None where the chunk is not just one stage."""
    document = yaml12.load(chunk)
    found = list(runs_of(document)) if isinstance(document, Mapping) and len(document) == 1 else []
    return found[0] if found else None


def located(run: StageRun, wdir: str) -> StageRun:
    """A run with its paths seen from the Git root; `wdir` is the stage's working directory."""
    return replace(
        run,
        deps=tuple(Dependency(join(wdir, dep.path), dep.content) for dep in run.deps),
        outs=tuple(Dependency(join(wdir, out.path), out.content) for out in run.outs),
        params=tuple(((join(wdir, file), key), value) for (file, key), value in run.params),
    )


def runs_of(stages: object) -> Iterator[tuple[str, StageRun]]:
    """The runs of a lock's stages, by name."""
    if not isinstance(stages, Mapping):
        raise UnreadableError("not a lock file: its stages are no mapping")
    for name, stage in stages.items():
        if isinstance(stage, Mapping):
            yield (
                str(name),
                StageRun(
                    cmd=command(stage.get("cmd")),
                    deps=tuple(_entries(stage.get("deps"))),
                    outs=tuple(_entries(stage.get("outs"))),
                    params=tuple(_params(stage.get("params"))),
                ),
            )


def command(value: object) -> str:
    """A stage's command; several are joined by newlines."""
    if isinstance(value, list):
        return "\n".join(str(part) for part in value)
    return " ".join(str(value).split()) if value is not None else ""


def _entries(value: object) -> Iterator[Dependency]:
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, Mapping) and entry.get("path"):
            yield Dependency(str(entry["path"]), content_of(entry))


def _params(value: object) -> Iterator[tuple[tuple[str, str], Value]]:
    """Flat dotted keys mostly; a stage that names a whole section has it nested."""
    for file, values in value.items() if isinstance(value, Mapping) else ():
        for key, inner in values.items() if isinstance(values, Mapping) else ():
            if isinstance(inner, Mapping) and inner:
                for name, leaf in flatten(inner).items():
                    yield (str(file), f"{key}.{name}"), leaf
            else:
                yield (str(file), str(key)), inner
