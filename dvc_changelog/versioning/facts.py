"""What of a release may ask for a version: each commit, change and note as one flat fact. Pure.

It names and describes; which level a fact asks for, the rules say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import assert_never

from dvc_changelog.config.bump import ARCHITECTURE, RETYPED
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import (
    ArtifactChange,
    Cause,
    CauseKind,
    Change,
    ChangeType,
    Commit,
    FileChanged,
    ImportChange,
    MetricChange,
    Note,
    Output,
    OutputChange,
    PackageChange,
    ParamChange,
    PlotChange,
    PlotDefinitionChange,
    Release,
    RemoteChange,
    Role,
    StageChange,
    within,
)
from dvc_changelog.versioning import words
from dvc_changelog.versioning.architecture import is_architecture
from dvc_changelog.versioning.byproducts import is_byproduct


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing of a release, by all that a rule can ask of it.

    `paths` are those of a change, old and new, or all files of a commit. `groups` are the type of a commit
    that follows a convention, else all that it touched; the kind of a note. `because` are the kinds of its
    causes. `why` says what became of it, after its name.
    """

    kind: str
    name: str
    paths: tuple[str, ...] = ()
    change: str = ""
    roles: frozenset[str] = frozenset()
    because: frozenset[str] = frozenset()
    verdict: str = ""
    groups: frozenset[str] = frozenset()
    scope: str = ""
    breaking: bool = False
    commit_id: str = ""
    why: str = ""


def facts(release: Release, internal: Collection[str] = (), in_git: Collection[str] = ()) -> Iterator[Fact]:
    """All facts of a release.

    Args:
        release: told.
        internal: paths that stages read, of metrics and of plots: outputs among them are no product for
            those outside.
        in_git: paths of outputs that Git has on the one side, where DVC has them not: they have stayed.
    """
    yield from map(_of_commit, release.commits)
    params = {change.path for change in release.changes if isinstance(change, ParamChange)}
    for change in release.changes:
        match change:
            case OutputChange():
                yield from _of_output(change, internal, params, in_git=change.path in in_git)
            case ArtifactChange():
                yield from _of_artifact(change)
            case MetricChange() | ParamChange() | PackageChange():
                yield _of_value(change)
            case StageChange():
                stage = change.new or change.old
                why = words.of_stage(change.old, change.new, change.change)
                yield _plain("stage", stage.address if stage else change.name, change, why)
            case PlotDefinitionChange():
                yield _plain("plot", change.name, change)
            case ImportChange():
                yield _plain("import", change.path, change, words.of_import(change))
            case RemoteChange():
                yield _plain("remote", change.path, change, words.of_keeper(change))
            case FileChanged() | PlotChange():
                yield _plain(_KINDS[type(change)], change.path, change)
            case _:
                assert_never(change)
    yield from map(_of_note, release.notes)


def _of_commit(commit: Commit) -> Fact:
    return Fact(
        "commit",
        commit.message,
        tuple(dict.fromkeys(path for file in commit.files for path in (file.path, file.old_path) if path)),
        groups=frozenset(map(str, commit.touches)) if _by_touch(commit) else frozenset((commit.group,)),
        scope=commit.scope,
        breaking=commit.breaking is not None,
        commit_id=commit.id,
        why=words.of_commit(commit),
    )


def _by_touch(commit: Commit) -> bool:
    """Whether a commit stands under what it touched most: then the rest that it touched counts, too."""
    return not commit.conventional and commit.group in set(map(str, commit.touches))


def _of_note(note: Note) -> Fact:
    return Fact("note", note.text, groups=frozenset((note.kind,)), commit_id=note.commit_id, why=note.kind)


def _plain(kind: str, name: str, change: Change, why: str = "") -> Fact:
    """A fact that has no more than its fate, and what is said of it."""
    before = change.old_path if isinstance(change, FileChanged | PlotChange) else ""
    paths = _both(change.path, before)
    return Fact(kind, name, paths, change.change.value, why=why or words.FATES[change.change])


_KINDS = {FileChanged: "file", PlotChange: "plot"}


def _of_value(change: MetricChange | ParamChange | PackageChange) -> Fact:
    paths, fate = _both(change.path, change.old_path), change.change.value
    name = change.name or change.path
    match change:
        case MetricChange():
            verdict = change.judged.verdict.value
            return Fact("metric", name, paths, fate, verdict=verdict, why=words.of_metric(change))
        case ParamChange():
            return Fact("param", name, paths, fate, why=words.of_param(change))
        case PackageChange():
            return Fact("package", name, paths, fate, why=words.of_package(change))


def _of_output(
    change: OutputChange, internal: Collection[str], params: Collection[str], *, in_git: bool
) -> Iterator[Fact]:
    output = change.new or change.old
    assert output is not None, "a change has at least one side"
    rehashed = change.change is ChangeType.UNKNOWN and change.rehashed
    if rehashed and not change.model:
        return  # the same content, as far as is known, under another DVC's hash; a model is seldom a text
    roles = {output.role.value}
    product = output.artifact is not None or change.model
    if product or not _is_inner(change.old_path or change.path, output, internal):
        roles.add("public")
    because = set(_kinds(change.because, params))
    # Of what a person put there, nobody knows what it was made of.
    unknown = {CauseKind.UNKNOWN.value} if change.model or output.role is Role.DERIVED else set[str]()
    if rehashed or in_git:
        unknown = set()  # it may well be what it was
    kind = "model" if change.model else "data"
    name = output.artifact.name if output.artifact else change.path
    for fate in dict.fromkeys((change.change, change.content_change)):
        yield Fact(
            kind,
            name,
            _both(change.path, change.old_path),
            (ChangeType.MODIFIED if in_git else fate).value,
            frozenset(roles),
            frozenset(because or unknown),
            why=words.of_output(change, fate, in_git=in_git),
        )


def _is_inner(path: str, output: Output, internal: Collection[str]) -> bool:
    """Whether an output is the pipeline's own: what a person put into DVC is for whoever gets it."""
    made = output.role is Role.DERIVED and is_byproduct(path)
    return made or output.content.is_empty or any(_touch(path, other) for other in internal)


def _of_artifact(change: ArtifactChange) -> Iterator[Fact]:
    old, new = change.old, change.new
    artifact = new or old
    assert artifact is not None, "a change has at least one side"
    fate, name = change.change, artifact.address
    if fate is ChangeType.RENAMED and not change.old_address:
        fate = ChangeType.MODIFIED  # the other file has the same name for it
    paths = tuple(dict.fromkeys(side.path for side in (old, new) if side and side.path)) or (change.path,)
    yield Fact("artifact", name, paths, fate.value, why=words.of_artifact(old, new, fate))
    if old and new and old.type and new.type and old.type != new.type:
        why = f"is declared as {new.type}, and was as {old.type}"
        yield Fact("artifact", name, paths, RETYPED, why=why)


def _kinds(causes: Iterable[Cause], params: Collection[str]) -> Iterator[str]:
    for cause in causes:
        if cause.kind is CauseKind.FILE and cause.path in params:
            continue  # a stage that has params.yaml among its deps: what changed there are the params
        yield cause.kind.value
        if cause.is_other_data:
            yield CauseKind.DATA.value
        if cause.kind is CauseKind.PARAM and is_architecture(cause.name, cause.old, cause.new):
            yield ARCHITECTURE


def _both(path: str, old: str) -> tuple[str, ...]:
    return (path, old) if old and old != path else (path,)


def _touch(one: str, other: str) -> bool:
    return within(one, other) or within(other, one)
