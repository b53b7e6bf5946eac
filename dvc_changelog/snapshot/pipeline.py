"""dvc.yaml: stages and top-level sections, templates resolved."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Artifact, Plot, Stage
from dvc_changelog.snapshot import yaml12
from dvc_changelog.snapshot.datasets import entries_of
from dvc_changelog.snapshot.entries import join
from dvc_changelog.snapshot.lockfile import command
from dvc_changelog.snapshot.plots import plots_of
from dvc_changelog.snapshot.unreadable import UnreadableError

DEFAULT_PARAMS = "params.yaml"


@dataclass(frozen=True, slots=True)
class Flags:
    """What dvc.yaml says of an output beside its path."""

    cached: bool = True
    type: str = ""
    desc: str = ""
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A dvc.yaml, understood. Paths are seen from the Git root.

    `flags` are by output path. `params` are the files of the top-level section, `used` the values that
    templates took from files, by path and dotted name; `lacked` are the files that these looked for and Git
    does not have. `unresolved` says what of the templates could not be resolved, or why DVC refuses the file;
    `groups` are then the names of all stages as written, before foreach and matrix.
    """

    stages: Mapping[str, Stage] = field(default_factory=dict)
    flags: Mapping[str, Flags] = field(default_factory=dict)
    metrics: tuple[str, ...] = ()
    params: tuple[str, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    plots: tuple[Plot, ...] = ()
    datasets: tuple[Mapping[str, object], ...] = ()
    unresolved: str = ""
    groups: frozenset[str] = frozenset()
    used: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    lacked: tuple[str, ...] = ()


def is_templated(document: Mapping[str, object], data: bytes) -> bool:
    """Whether reading needs DVC's resolver: interpolation, foreach or matrix."""
    stages = document.get("stages")
    groups = stages.values() if isinstance(stages, Mapping) else ()
    return b"${" in data or any(isinstance(s, Mapping) and ("foreach" in s or "matrix" in s) for s in groups)


_WRITES = ("outs", "metrics", "plots")


def load(data: bytes) -> Mapping[str, object]:
    """The document of a dvc.yaml.

    Raises:
        UnreadableError: it is no YAML, or no mapping.
    """
    document = yaml12.load(data) or {}
    if not isinstance(document, Mapping):
        raise UnreadableError("not a dvc.yaml: no mapping at the top")
    return document


def written(path: str, data: bytes) -> Mapping[str, frozenset[str] | None]:
    """Reader: what each stage of a dvc.yaml writes, as its lock calls it; None where templates decide that.

    A stage that stands for several has its name alone, as it is before the `@` in theirs.

    Raises:
        UnreadableError: see `load`.
    """
    directory = posixpath.dirname(path)
    found: dict[str, frozenset[str] | None] = {}
    for name, definition in _mapping(load(data).get("stages")).items():
        stage = _mapping(definition)
        outs = [out for section in _WRITES for out, _ in _named(stage.get(section))]
        open_ = not stage.get("cmd") or "matrix" in stage or any("${" in out for out in outs)
        found[str(name)] = None if open_ else frozenset(join(directory, out) for out in outs)
    return found


def understand(path: str, document: Mapping[str, object], unresolved: str = "") -> Pipeline:
    """Turn a document without templates into a pipeline; what has a wrong shape is left out.

    Args:
        path: where the dvc.yaml lies, from the Git root.
        document: the file's content, resolved.
        unresolved: what the resolver could not do, or DVC does not take, if anything.
    """
    directory = posixpath.dirname(path)
    stages: dict[str, Stage] = {}
    flags: dict[str, Flags] = {}
    for name, definition in _mapping(document.get("stages")).items():
        if isinstance(definition, Mapping):
            stage = stages[str(name)] = _stage(path, str(name), directory, definition)
            flags.update(_flags(stage.wdir, definition))
    return Pipeline(
        stages=stages,
        flags=flags,
        metrics=tuple(join(directory, str(m)) for m in _sequence(document.get("metrics"))),
        params=tuple(join(directory, str(p)) for p in _sequence(document.get("params"))),
        artifacts=tuple(artifacts(path, document.get("artifacts"))),
        plots=tuple(plots_of(path, document)),
        datasets=entries_of(document.get("datasets")),
        unresolved=unresolved,
    )


_ARTIFACT = {"path", "type", "labels", "desc", "meta", "description", "virtual", "custom"}
"""The keys of an artifact: DVC's, and those of GTO's artifacts.yaml."""
_PROSE = {"desc", "description"}


def artifacts(path: str, section: object) -> Iterator[Artifact]:
    """The declarations of an `artifacts:` section, or of a whole artifacts.yaml, at `path`.

    An entry of which neither DVC nor GTO knows a key is none, nor is one of other keys with a description:
    other tools have an artifacts.yaml too. There GTO takes for virtual what is not said to be there.
    """
    of_gto = posixpath.basename(path) == "artifacts.yaml"
    for name, entry in _mapping(section).items():
        if isinstance(entry, Mapping) and (entry.keys() <= _ARTIFACT or entry.keys() & _ARTIFACT - _PROSE):
            labels = entry.get("labels")
            yield Artifact(
                name=str(name),
                path=join(posixpath.dirname(path), str(entry["path"])) if entry.get("path") else "",
                file=path,
                type=str(entry.get("type") or ""),
                labels=tuple(str(label) for label in _sequence(labels)),
                desc=str(entry.get("desc") or entry.get("description") or ""),
                virtual=of_gto and entry.get("virtual") is not False,
            )


def _stage(path: str, name: str, directory: str, definition: Mapping[str, object]) -> Stage:
    wdir = join(directory, str(definition.get("wdir") or "."))
    return Stage(
        path=path,
        name=name,
        cmd=command(definition.get("cmd")),
        wdir=wdir,
        deps=tuple(join(wdir, dep) for dep, _ in _named(definition.get("deps"))),
        outs=tuple(join(wdir, out) for out, _ in _named(definition.get("outs"))),
        params=tuple(_params(wdir, definition.get("params"))),
        metrics=tuple(join(wdir, metric) for metric, _ in _named(definition.get("metrics"))),
        plots=tuple(join(wdir, plot) for plot, _ in _named(definition.get("plots"))),
        frozen=bool(definition.get("frozen")),
        always_changed=bool(definition.get("always_changed")),
        desc=str(definition.get("desc") or ""),
    )


def _params(wdir: str, section: object) -> Iterator[tuple[str, str]]:
    """Pairs of file and key. A plain name is a key of params.yaml; a file without keys is tracked whole."""
    for entry in _sequence(section):
        if not isinstance(entry, Mapping):
            yield join(wdir, DEFAULT_PARAMS), str(entry)
            continue
        for file, keys in entry.items():
            names = [str(key) for key in _sequence(keys)]
            for name in names or [""]:
                yield join(wdir, str(file)), name


def _flags(wdir: str, definition: Mapping[str, object]) -> Iterator[tuple[str, Flags]]:
    for section in ("outs", "metrics", "plots"):
        for out, flags in _named(definition.get(section)):
            yield (
                join(wdir, out),
                Flags(
                    flags.get("cache") is not False,
                    str(flags.get("type") or ""),
                    str(flags.get("desc") or ""),
                    str(flags.get("remote") or ""),
                ),
            )


def _named(section: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The entries of outs, deps, metrics, plots: a path, or a path with flags."""
    for entry in _sequence(section):
        if isinstance(entry, Mapping):
            for name, flags in entry.items():
                yield str(name), flags if isinstance(flags, Mapping) else {}
        elif entry is not None:
            yield str(entry), {}


def _mapping(value: object) -> Mapping[object, object]:
    return value if isinstance(value, Mapping) else {}


def _sequence(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


Reader = Callable[[str], bytes | None]
"""Gives the bytes of a file of the revision by its path from the Git root; None where there is none."""
