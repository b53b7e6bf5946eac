"""dvc.lock, of schema 2.0 and of the bare 1.0: what each stage last ran with, and what it made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any, cast

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Dependency, StageRun, Value
from dvc_changelog.snapshot import yaml12
from dvc_changelog.snapshot.datasets import entries_of
from dvc_changelog.snapshot.entries import content_of, join, plain_entries
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
_STAGE = re.compile(rb"\n  (?=\S)")
_FIELD = re.compile(rb"\n(?= {4}[a-z])")
_OTHERWISE = re.compile(rb"^(?! {2}[^#]|\r?$)", re.MULTILINE)


def chunks_of(data: bytes) -> list[bytes] | None:
    """The text of each stage of a lock in the form that DVC writes, from its name on.

    None where the text has another form (a hand edit, conflict markers, other sections).
    """
    head = _AS_DVC_WRITES_IT.match(data)
    if not head:
        return None
    body = data[head.end() :]
    if not _indented(body) and _OTHERWISE.search(body, 0, len(body.rstrip())):
        return None
    ends = [found.start() + 1 for found in _STAGE.finditer(body)]
    return [body[start + 2 : end] for start, end in pairwise((0, *ends, len(body)))]


def _indented(body: bytes) -> bool:
    """Whether all lines are, none of them a comment of the first level: told without looking at each."""
    lines = body.count(b"\n") - body.endswith(b"\n")
    return lines == body.count(b"\n  ") and b"\n  #" not in body and not body.startswith(b"  #")


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


def by_name(data: bytes) -> Mapping[str, bytes | StageRun]:
    """Each stage of a lock: its text, where DVC wrote it, else its run; for where few of them are asked for.

    Raises UnreadableError as `parse` does.
    """
    chunks = chunks_of(data)
    return parse(data).runs if chunks is None else {name_of(chunk): chunk for chunk in chunks}


def run_of(stage: bytes | StageRun, wdir: str) -> StageRun | None:
    """The run of a stage of `by_name`, `located`; None where its text does not parse."""
    return located(stage, wdir) if isinstance(stage, StageRun) else _run(stage, wdir)


@cache
def _run(chunk: bytes, wdir: str) -> StageRun | None:
    try:
        found = _stage(chunk)
    except UnreadableError:
        return None
    return located(found[1], wdir) if found else None


@cache
def _stage(chunk: bytes) -> tuple[str, StageRun] | None:
    """One stage of a lock, from its name on; None where the chunk is not just one stage."""
    if (found := _by_field(chunk)) is not None:
        return found
    document = yaml12.load(chunk)
    runs = list(runs_of(document)) if isinstance(document, Mapping) and len(document) == 1 else []
    return runs[0] if runs else None


def _by_field(chunk: bytes) -> tuple[str, StageRun] | None:
    """One stage, each distinct field parsed once; None where these cannot be told apart by their text."""
    starts = [found.start() + 1 for found in _FIELD.finditer(chunk)]
    fields = [chunk[start:end] for start, end in pairwise((*starts, len(chunk)))]
    values = dict(pair for pair in map(_field, fields) if pair)
    name = _name(chunk[: starts[0]]) if values and len(values) == len(fields) else None
    return None if name is None else (name, StageRun(**values))


@cache
def _name(head: bytes) -> str | None:
    """The name in the first line of a stage; None where it says more, or is none."""
    document = _mapping(head) if head.endswith(b":\n") else {}
    return str(next(iter(document))) if list(document.values()) == [None] else None


@cache  # most are the same in most versions of a lock
def _field(text: bytes) -> tuple[str, Any] | None:
    """A field of a stage: its name in `StageRun`, and its value there; None where the text is none."""
    name, _, rest = text.partition(b":\n")
    if name in (b"    deps", b"    outs") and (plain := plain_entries(rest)) is not None:
        return name.strip().decode(), tuple(Dependency(path, content) for path, content in plain)
    document = _mapping(text)
    found = [(key, _FIELDS[key](value)) for key, value in document.items() if key in _FIELDS]
    return found[0] if len(found) == len(document) == 1 else None


def name_of(chunk: bytes) -> str:
    """The name of the stage that a chunk is the text of; its first line where that is no plain name."""
    head = chunk[: chunk.find(b"\n") + 1]
    name = _name(head)
    return head.decode("utf-8", "replace") if name is None else name


def made_in(fields: bytes) -> tuple[Dependency, ...]:
    """The outputs in the text of a stage from these on; none where it does not parse by itself."""
    field = _field(fields)
    if field and field[0] == "outs":
        return cast("tuple[Dependency, ...]", field[1])
    return _entries(_mapping(fields).get("outs"))


def _mapping(text: bytes) -> Mapping[Any, Any]:
    """A part of a lock that is a mapping by itself; empty if it is none."""
    try:
        document = yaml12.load(text)
    except UnreadableError:
        return {}
    return document if isinstance(document, Mapping) else {}


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
            yield str(name), StageRun(**{field: read(stage.get(field)) for field, read in _FIELDS.items()})


def command(value: object) -> str:
    """A stage's command; several are joined by newlines."""
    if isinstance(value, list):
        return "\n".join(str(part) for part in value)
    return " ".join(str(value).split()) if value is not None else ""


def _entries(value: object) -> tuple[Dependency, ...]:
    return tuple(
        Dependency(str(entry["path"]), content_of(entry))
        for entry in (value if isinstance(value, list) else ())
        if isinstance(entry, Mapping) and entry.get("path")
    )


def _params(value: object) -> tuple[tuple[tuple[str, str], Value], ...]:
    return tuple(_flat(value))


def _flat(value: object) -> Iterator[tuple[tuple[str, str], Value]]:
    """Flat dotted keys mostly; a stage that names a whole section has it nested."""
    for file, values in value.items() if isinstance(value, Mapping) else ():
        for key, inner in values.items() if isinstance(values, Mapping) else ():
            if isinstance(inner, Mapping) and inner:
                for name, leaf in flatten(inner).items():
                    yield (str(file), f"{key}.{name}"), leaf
            else:
                yield (str(file), str(key)), inner


_FIELDS: Mapping[str, Callable[[object], Any]] = {
    "cmd": command,
    "deps": _entries,
    "outs": _entries,
    "params": _params,
}
"""Those of `StageRun`, and how each is read."""
