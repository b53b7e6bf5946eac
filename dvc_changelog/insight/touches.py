"""What kind of thing a path is, and so what a commit touched: the grouping where no convention is used."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Commit, FileChange, Snapshot, Touch
from dvc_changelog.snapshot import Kind, is_dvcs_own, kind_of, looks_like_model

_DOC_SUFFIXES = frozenset(
    (
        *(".md", ".markdown", ".rst", ".tex", ".adoc", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".pdf"),
        *(".bib", ".docx", ".pptx"),
    )
)
_DOC_NAMES = re.compile(
    r"^(?:licen[cs]e|copying|notice|authors|contributors|citation\.cff|codeowners)"
    r"|^(?:readme|changelog|contributing)(?:\.txt)?$",
    re.IGNORECASE,
)
_DATA_SUFFIXES = frozenset(
    (
        *(".csv", ".tsv", ".parquet", ".feather", ".arrow", ".xlsx", ".xls", ".npy", ".npz"),
        *(".jsonl", ".ndjson", ".geojson", ".shp", ".sqlite", ".db"),
        *(".pkl", ".pickle", ".joblib", ".h5", ".hdf5", ".rds", ".rdata"),
    )
)
_TEXTS = frozenset(("", ".json", ".txt", ".yaml", ".yml", ".py"))
"""Files of Git that may be named after a model and are read by people."""
_HOUSEKEEPING = frozenset(
    (
        *(".gitignore", ".gitattributes", ".gitkeep", ".gitmodules", ".dvcignore"),
        *(".editorconfig", ".flake8", ".pylintrc", ".pre-commit-config.yaml", ".mailmap"),
        *(".keep", ".ds_store", ".git-blame-ignore-revs"),
        # They hold the version, as the tag does.
        *("version", "version.txt", ".bumpversion.cfg", ".bumpversion.toml", ".release-please-manifest.json"),
    )
)
_TEST = re.compile(
    r"(?:^|/)(?:tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.\w+$"
    r"|(?:^|/)(?:coverage|junit)\.(?:xml|json)$|(?:^|/)\.coverage(?:rc)?$"
)
_TESTS_OF_CODE = re.compile(r"(?:^|/)(?:tests|testing)/", re.IGNORECASE)
_VALUES = frozenset((".yaml", ".yml", ".json", ".toml"))
_PARAMS = re.compile(r"(?:^|/)params/")
_PLOTTED = frozenset((".csv", ".tsv", ".json"))
_PLOTS = re.compile(r"(?:^|/)(?:dvclive|plots|metrics)/")
_WEIGHT = (
    Touch.MODEL,
    Touch.DATA,
    Touch.PARAMS,
    Touch.METRICS,
    Touch.PIPELINE,
    Touch.CODE,
    Touch.ENVIRONMENT,
    Touch.TESTS,
    Touch.DOCS,
)

Rewritten = Callable[[FileChange], tuple[str, ...]]
"""The outputs that a commit's change of a dvc.lock or `.dvc` file recorded otherwise."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a release's snapshots say of paths: what no name can tell."""

    models: frozenset[str] = frozenset()
    params: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    environment: frozenset[str] = frozenset()

    @classmethod
    def of(cls, snapshots: Iterable[Snapshot]) -> Known:
        """What these snapshots know, together."""
        sides = list(snapshots)
        return cls(
            models=frozenset(path for s in sides for path, output in s.outputs.items() if output.model),
            params=frozenset(path for s in sides for path in s.params),
            metrics=frozenset(path for s in sides for path in s.metrics)
            | frozenset(path for s in sides for path in s.plots)
            | frozenset(path for s in sides for stage in s.stages.values() for path in stage.plots),
            environment=frozenset(path for s in sides for path in (*s.files, *s.packages)),
        )


def touches(commit: Commit, known: Known, rewritten: Rewritten) -> tuple[Touch, ...]:
    """What a commit touched, in order of weight; nothing for mere housekeeping (`.gitignore`).

    A merge touched the outputs that none of its parents has so, and data and models that are kept in Git.

    Args:
        commit: with its raw diff.
        known: what the snapshots around it say of paths.
        rewritten: reads which outputs a changed DVC file recorded otherwise.
    """
    found: set[Touch] = set()
    if commit.is_merge:
        found.update(_of_output(output, known) for output in _made(commit.files, rewritten))
        plain = (_of_plain(file.path, known) for file in commit.files if kind_of(file.path) is None)
        found.update(touch for touch in plain if touch in {Touch.MODEL, Touch.DATA})
    else:
        for file in commit.files:
            found.update(_of_file(file, known, rewritten))
    return tuple(touch for touch in _WEIGHT if touch in found)


def _made(files: Iterable[FileChange], rewritten: Rewritten) -> Iterator[str]:
    """The outputs that a merge recorded as none of its parents did; the rest it only brings together."""
    sides: dict[str, list[set[str]]] = {}
    for file in files:
        if kind_of(file.path) in {Kind.DVCFILE, Kind.LOCK}:
            sides.setdefault(file.path, []).append(set(rewritten(file)))
    for outputs in sides.values():
        yield from set.intersection(*outputs)


def _of_file(file: FileChange, known: Known, rewritten: Rewritten) -> Iterable[Touch]:
    path = file.path
    match kind_of(path):
        case Kind.DVCFILE | Kind.LOCK:
            # Where no output is recorded otherwise (a migration, a description), it is DVC's bookkeeping.
            return {_of_output(output, known) for output in rewritten(file)} or (Touch.PIPELINE,)
        case Kind.PIPELINE | Kind.ARTIFACTS | Kind.PROJECT:
            return (Touch.PIPELINE,)
        case Kind.METRICS:
            return (Touch.METRICS,)
        case _:
            touch = _of_plain(path, known)
            return (touch,) if touch else ()


def _of_output(path: str, known: Known) -> Touch:
    if path in known.models:
        return Touch.MODEL
    if path in known.metrics:
        return Touch.METRICS
    return Touch.MODEL if looks_like_model(path) else Touch.DATA  # one that no release has any more


def _of_plain(path: str, known: Known) -> Touch | None:
    """By what the snapshots know, then by name; None for housekeeping."""
    if path in known.metrics:
        return Touch.METRICS
    if path in known.params:
        return Touch.PARAMS
    if path in known.models:
        return Touch.MODEL
    return Touch.ENVIRONMENT if path in known.environment else by_name(path)


@cache  # a path recurs in many commits
def by_name(path: str) -> Touch | None:
    """What a file of Git is by its name alone; None for housekeeping."""
    name = posixpath.basename(path).lower()
    suffix = posixpath.splitext(name)[1]
    if name in _HOUSEKEEPING:
        return None
    # DVC's own directory holds where data is kept, and how: remotes, cache.
    if kind_of(path) is not None or is_dvcs_own(path):
        return Touch.ENVIRONMENT
    if _TEST.search(path):
        return Touch.TESTS
    if name == "params.yaml" or (suffix in _VALUES and _PARAMS.search(path)):
        return Touch.PARAMS
    if suffix in _PLOTTED and _PLOTS.search(path):
        return Touch.METRICS
    if suffix in _DOC_SUFFIXES or path.startswith("docs/") or _DOC_NAMES.match(name):
        return Touch.DOCS
    if suffix not in _TEXTS and looks_like_model(path):
        return Touch.MODEL
    return Touch.DATA if suffix in _DATA_SUFFIXES else Touch.CODE


@cache
def is_data(path: str) -> bool:
    """Whether a file of Git that a stage reads is data by its name: a test set is, too (`X_test.csv`)."""
    if by_name(path) is not Touch.TESTS:
        return by_name(path) is Touch.DATA
    told = looks_like_model(path) or _PLOTS.search(path) or _TESTS_OF_CODE.search(path)
    return not told and posixpath.splitext(path.lower())[1] in _DATA_SUFFIXES
