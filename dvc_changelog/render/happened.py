"""What became of models, data and hyperparameters, in the words of a headline."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from dvc_changelog.domain import (
    ArtifactChange,
    ChangeType,
    ImportChange,
    MetricChange,
    OutputChange,
    ParamChange,
    Release,
    Role,
    Rollback,
)
from dvc_changelog.render import artifacts, figures, models, names, results
from dvc_changelog.render.cells import named
from dvc_changelog.render.phrase import Phrase, Style, code, listed, plain

FEW = 3
_ORDER = (
    ChangeType.MODIFIED,
    ChangeType.ADDED,
    ChangeType.DELETED,
    ChangeType.RENAMED,
    ChangeType.UNKNOWN,
)


class Happened:
    """What the changes of a release come to, what weighs most first."""

    def __init__(self, release: Release) -> None:
        changes = release.changes
        self._release = release
        outputs = [c for c in changes if isinstance(c, OutputChange)]
        self._rehashed = [c for c in outputs if c.change is ChangeType.UNKNOWN and c.rehashed]
        self._outputs = [c for c in outputs if not (c.change is ChangeType.UNKNOWN and c.rehashed)]
        self._models = [c for c in self._outputs if c.model]
        self._data = [c for c in self._outputs if not c.model]
        self._params = [c for c in changes if isinstance(c, ParamChange)]
        self._metrics = [c for c in changes if isinstance(c, MetricChange)]
        self._imports = [c for c in changes if isinstance(c, ImportChange)]
        self._artifacts = [c for c in changes if isinstance(c, ArtifactChange)]
        self._counted: list[ParamChange] = []
        self.trained = False

    def clauses(self) -> Iterator[Phrase]:
        """One clause a kind and fate. What a clause gives as a cause is not told again."""
        if whole := self._whole():
            yield whole
            return
        if self._release.steady:
            yield code(self._release.line) + " itself is unchanged"
        if not self._release.changes:
            return
        repointed = {c.name for c in self._artifacts if c.old and c.new}
        groups = list(models.groups(self._models, self._release, repointed))
        self.trained = bool(groups) and groups[0].trained
        told = {path for group in groups for path in group.data}
        params = self._of_params({name for group in groups for name in group.params})
        things = dict(self._fates(told, trained=bool(groups)))
        for group in groups:
            yield self._with(group, things.pop(group.fate, []) if group.who else [])
        yield params
        yield self._back(told)
        for fate, which in things.items():
            several = len(which) > 1 or not _single(which[0])
            yield listed(which) + f" {models.verb(fate, several=several)}"
        yield _elsewhere(self._params)
        for fate, now in ((ChangeType.ADDED, "now used"), (ChangeType.DELETED, "no longer used")):
            declared = [c for c in self._params if c.declared and c.change is fate]
            if declared:
                yield _count(declared, "hyperparameter") + f" {'is' if len(declared) == 1 else 'are'} {now}"
        yield _repointed(self._artifacts, self._outputs)
        if self._rehashed:
            many = len(self._rehashed) > FEW
            who = [_count(self._rehashed, "output")] if many else [code(c.path) for c in self._rehashed]
            yield listed(who) + " may be unchanged"

    def _whole(self) -> Phrase:
        """As in "rolled back: data, models and hyperparameters are those of 1.0.0 again"."""
        for rollback in self._release.rollbacks:
            if rollback.whole:
                version = names.label(rollback.version, self._release)
                if rollback.tree:
                    return plain(f"rolled back: everything is that of {version} again, code included")
                kinds = (
                    (rollback.data, "data"),
                    (rollback.models, "models"),
                    (rollback.params, "hyperparameters"),
                )
                back = [word for is_back, word in kinds if is_back]
                if back == ["models"] and self._models_of(rollback):
                    return (
                        plain("rolled back: ") + next(models.groups(self._models, self._release, ())).clause
                    )
                if not back:
                    return plain(f"rolled back: data, models and hyperparameters are as in {version} again")
                who = "the " + str(listed(back)) if len(back) == 1 else str(listed(back))
                verb = "is that" if back == ["data"] else "are those"
                return plain(f"rolled back: {who} {verb} of {version} again")
        return Phrase()

    def _models_of(self, rollback: Rollback) -> bool:
        """Whether what is back is a few models, which have names."""
        return 0 < len(self._models) <= FEW and all(
            _is_back(change) and change.again == rollback.version for change in self._models
        )

    def _of_params(self, told: Collection[tuple[str, str]]) -> Phrase:
        """Values that changed: that they are back, or up to three of them one by one. Others are counted."""
        moved = [c for c in self._params if c.value_change is ChangeType.MODIFIED and c.name]
        version = next((r.version for r in self._release.rollbacks if r.params), "")
        if version:
            back = plain(f"the hyperparameters are those of {names.label(version, self._release)} again")
            return Phrase() if told else back
        moved = [c for c in moved if (c.path, c.name) not in told]
        steps = self._steps(moved)
        self._counted = [] if steps else moved
        return listed(steps)

    def _steps(self, moved: Sequence[ParamChange]) -> list[Phrase]:
        """Hyperparameters with their old and new values, where these are few and short; else none."""
        if len(moved) > FEW or not all(models.short(c.old) and models.short(c.new) for c in moved):
            return []
        shared = {c.name for n, c in enumerate(moved) if any(c.name == o.name for o in moved[:n])}
        steps = []
        for number, change in enumerate(moved):
            full = self._release.several or change.name in shared
            who = named(change.path, change.name, full=full)
            old, new = figures.value(change.old), figures.value(change.new)
            went = "" if number else " went"
            steps.append(who + f"{went} from {old} to {new}")
        return steps

    def _back(self, told: Collection[str]) -> Phrase:
        """Data that is that of an earlier release again: all of it, or single data sets."""
        if any(change.again and change.path in told for change in self._data):
            return Phrase()
        version = next((r.version for r in self._release.rollbacks if r.data), "")
        if version:
            return plain(f"the data is that of {names.label(version, self._release)} again")
        back = [c for c in self._data if _is_back(c) and role(c) is Role.SOURCE]
        versions = {c.again for c in back}
        if not back or len(back) > FEW or len(versions) > 1:
            return Phrase()
        are = "is that" if len(back) == 1 else "are those"
        return (
            listed(code(c.path) for c in back)
            + f" {are} of {names.label(versions.pop(), self._release)} again"
        )

    def _with(self, group: models.Group, things: Sequence[Phrase]) -> Phrase:
        """What became of some models, and of data with them."""
        if not things:
            return group.clause
        return listed([group.who, *things]) + f" {models.verb(group.fate, several=True)}"

    def _fates(self, told: Collection[str], *, trained: bool) -> Iterator[tuple[ChangeType, list[Phrase]]]:
        """What else changed, came and went. What a pipeline makes on the way to a model is not told."""
        back = bool(self._back(told))
        data = [c for c in self._data if c.path not in told and not (back and _is_back(c))]
        if trained:
            data = [c for c in data if role(c) is Role.SOURCE]
        for fate in _ORDER:
            things = [thing for thing in self._things(fate, data, told) if thing]
            if things:
                yield fate, things

    def _things(
        self, fate: ChangeType, data: Sequence[OutputChange], told: Collection[str]
    ) -> Iterator[Phrase]:
        """What shares a fate: data sets by name if they are few, the rest counted."""
        here = [c for c in data if c.content_change is fate and not c.awaited]
        sources = [c for c in here if role(c) is Role.SOURCE]
        if len(sources) <= FEW:
            yield from (code(c.path) for c in sources)
        else:
            yield _count(sources, "data set")
        yield _count((c for c in here if role(c) is Role.DERIVED), "pipeline output")
        paths = {*told, *(c.path for c in self._data)}
        brought = [c for c in self._imports if c.change is fate and c.path.removesuffix(".dvc") not in paths]
        yield _count((c for c in brought if not _is_dataset(c)), "import")
        yield _count((c for c in brought if _is_dataset(c)), "dataset")
        if fate is ChangeType.UNKNOWN:
            yield _count(dict.fromkeys(c.path for c in self._params if c.change is fate), "params file")
            return
        params = self._counted if fate is ChangeType.MODIFIED else self._params
        params = [c for c in params if fate is ChangeType.MODIFIED or not _is_elsewhere(c)]
        yield _count((c for c in params if c.value_change is fate and not c.declared), "hyperparameter")
        lost = results.lost(self._release)
        metrics = (c for c in self._metrics if c.change is fate and (c.path, c.name) not in lost)
        yield _count((c for c in metrics if not results.is_step(c)), "metric")


def role(change: OutputChange) -> Role:
    """Whether it was brought in, or made by a stage."""
    output = change.new or change.old
    assert output is not None, "a change has at least one side"
    return output.role


def _is_back(change: OutputChange) -> bool:
    return bool(change.again) and change.change is ChangeType.MODIFIED


def _repointed(changes: Sequence[ArtifactChange], outputs: Sequence[OutputChange]) -> Phrase:
    """Artifacts that stand for other data than before: to those who use them by name the data changed."""
    sides = [(c.old, c.new) for c in artifacts.untold(changes, outputs)]
    found = [new for old, new in sides if old and new and new.path and old.path != new.path]
    if len(found) == 1:
        return plain("artifact ") + code(found[0].address) + " now points to " + code(found[0].path)
    return plain(f"{len(found):,} artifacts now point elsewhere" if found else "")


def _is_elsewhere(change: ParamChange) -> bool:
    """Whether it has its name, and perhaps another value, in another file."""
    return change.change is ChangeType.RENAMED and change.old_name == change.name


def _elsewhere(changes: Iterable[ParamChange]) -> Phrase:
    """Hyperparameters that moved to another file, those that changed on the way too."""
    moved = [c for c in changes if _is_elsewhere(c)]
    files = {c.path for c in moved}
    if not moved:
        return Phrase()
    told = plain(figures.count(len(moved), "hyperparameter") + " moved to ")
    return told + (code(*files) if len(files) == 1 else "other files")


def _single(thing: Phrase) -> bool:
    """Whether it is one thing: a name, or "1 metric"."""
    return thing.parts[0].style is Style.CODE or str(thing).startswith("1 ")


def _is_dataset(change: ImportChange) -> bool:
    source = change.new or change.old
    return bool(source and source.name)


def _count(things: Iterable[object], one: str) -> Phrase:
    number = sum(1 for _ in things)
    return plain(figures.count(number, one) if number else "")
