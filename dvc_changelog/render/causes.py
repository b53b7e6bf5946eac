"""Why something changed, in words: clauses after "because"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Cause, CauseKind, ChangeType, Forge
from dvc_changelog.render import figures, links, names
from dvc_changelog.render.cells import by_item, value
from dvc_changelog.render.phrase import Phrase, code, joined, link, listed, plain, some

FEW = 3
"""More roots of one kind than this are counted, and the first of them named."""
_MOST = {True: 8, False: 5}
"""How many lines a model has, and data; of more the nearest are told, and the others counted."""
_FEW_COMMITS = 2
_LONGEST_TAIL = 100

_NOUNS = {
    CauseKind.DATA: "data set",
    CauseKind.IMPORT: "import",
    CauseKind.PARAM: "hyperparameter",
    CauseKind.COMMAND: "command",
    CauseKind.FILE: "source file",
    CauseKind.PACKAGE: "package",
    CauseKind.STAGE: "stage",
    CauseKind.NOTHING: "output",
    CauseKind.UNKNOWN: "output",
}
_INPUTS = CauseKind.DATA, CauseKind.FILE
"""What is told alike: files that a stage reads."""
_FATES = {ChangeType.ADDED: "added", ChangeType.DELETED: "removed"}
_NOTHING = Phrase()
_OWN = {CauseKind.NOTHING, CauseKind.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Clause:
    """What changed (`body`), and by which way it came here, or what else is to be said of it (`rest`).

    `lead` is the word before: "because", "perhaps because", or "" where the clause stands by itself.
    """

    body: Phrase
    rest: Phrase = _NOTHING
    lead: str = "because "

    @property
    def line(self) -> Phrase:
        """As a line of its own."""
        return joined((self.lead, self.body, self.rest), "")


def lines(causes: Sequence[Cause], stage: str, forge: Forge | None, *, model: bool = False) -> list[Phrase]:
    """One line a clause: "because `train.n_est` went 50 → 100".

    Args:
        causes: the roots of one change, or of those of the items of one foreach stage.
        stage: the address of what made it; may be a family, "train@…".
        forge: where links go.
        model: whether it was retrained, not merely rebuilt.
    """
    told: list[Phrase] = []
    left = 0
    for group in _grouped(causes):
        if len(told) < _MOST[model]:
            told += (clause.line for clause in _of_group(group, stage, forge, model=model))
        else:
            left += len(group)
    if left:
        told.append(plain(f"and {left:,} more further up, in ") + code("--format json"))
    return told


def tail(causes: Sequence[Cause], stage: str, forge: Forge | None) -> Phrase:
    """All in the end of a line, where that is short: ", because `data/raw` changed"; else nothing."""
    said = clauses(causes, stage, forge) if len(_grouped(causes)) < FEW else []
    mixed = len({(clause.lead, clause.rest) for clause in said}) > 1
    if not said or mixed or (len(said) > 1 and any(": " in str(clause.body) for clause in said)):
        return Phrase()
    if said[0].lead:
        text = plain(", ") + said[0].lead + listed(clause.body for clause in said) + said[0].rest
    else:  # as in "rebuilt by `tidy`, 2.1 MB, with the same inputs"
        made = str(said[0].body)
        text = plain(", ") + (made.removeprefix("rebuilt ") if made.startswith("rebuilt ") else said[0].body)
    return text if len(str(text)) <= _LONGEST_TAIL else Phrase()


def clauses(causes: Sequence[Cause], stage: str, forge: Forge | None, *, model: bool = False) -> list[Clause]:
    """What is to be said, the nearest first; many roots of one kind that came one way are one clause."""
    groups = _grouped(causes)
    return [clause for group in groups for clause in _of_group(group, stage, forge, model=model)]


def _grouped(causes: Sequence[Cause]) -> list[list[Cause]]:
    """The roots that may be one clause, the nearest first."""
    groups: dict[tuple[object, ...], list[Cause]] = {}
    for cause in causes:
        kind = (cause.kind, cause.change, bool(cause.name))
        if not cause.name and cause.kind in _INPUTS:
            redefined = ChangeType.ADDED if cause.change in _FATES else ChangeType.MODIFIED
            kind = (CauseKind.DATA, redefined, False)
        groups.setdefault((*kind, _families(cause.through), cause.recorded), []).append(cause)
    return list(groups.values())


def together(several: Iterable[Sequence[Cause]]) -> list[Cause]:
    """The roots of several changes, each once: stages of one foreach are one way."""
    found: dict[tuple[object, ...], Cause] = {}
    for cause in (cause for causes in several for cause in causes):
        key = (cause.kind, cause.change, cause.path, cause.name, _families(cause.through), cause.recorded)
        found.setdefault(key, cause)
    return list(found.values())


@lru_cache(maxsize=1024)
def _families(through: tuple[str, ...]) -> tuple[str, ...]:
    """The way, with foreach and matrix stages by what their items share."""
    if not any("@" in address for address in through):
        return through
    return tuple(dict.fromkeys(names.family(address) or address for address in through))


def _of_group(group: list[Cause], stage: str, forge: Forge | None, *, model: bool) -> Iterator[Clause]:
    first = group[0]
    if first.kind in _OWN:
        yield _unexplained(group, stage, forge, model=model)
    elif not first.recorded:
        yield _perhaps(group, stage, forge)
    elif first.kind is CauseKind.PARAM and first.change is not ChangeType.MODIFIED:
        used = some([_named(cause) for cause in group], FEW)
        yield Clause(_maker(first, stage) + _uses(first.change, used), _way(first, skip=1))
    elif _redefines(first):
        yield Clause(_maker(first, stage) + _redefined(group), _way(first, skip=1))
    elif first.kind is CauseKind.PARAM and len(group) <= FEW:
        yield from (Clause(_step(cause), _way(first)) for cause in group)
    elif first.kind is CauseKind.COMMAND:
        stages = _unique(_items(cause.name for cause in group))
        what = "the command of " if len(stages) == 1 else "the commands of "
        yield Clause(what + some(stages, FEW) + " changed", _way(first, skip=1))
    elif first.kind is CauseKind.STAGE:
        yield from (_made_elsewhere(cause, stage) for cause in group)
    else:
        yield Clause(_changed(group, forge), _way(first))


def _uses(change: ChangeType, params: Phrase) -> Phrase:
    """As in " now uses `lr`"."""
    if change is ChangeType.UNKNOWN:
        return " last ran with " + params + ", which it no longer uses"
    return (" now uses " if change is ChangeType.ADDED else " no longer uses ") + params


def _redefines(cause: Cause) -> bool:
    """Whether an input came or went."""
    return cause.kind in {*_INPUTS, CauseKind.IMPORT} and cause.change in _FATES


def _redefined(group: list[Cause]) -> Phrase:
    """As in " now depends on `a`, no longer on `b`"."""
    came = [_named(cause) for cause in group if cause.change is ChangeType.ADDED]
    went = [_named(cause) for cause in group if cause.change is ChangeType.DELETED]
    if not came:
        return " no longer depends on " + some(went, FEW)
    return " now depends on " + some(came, FEW) + (", no longer on " + some(went, FEW) if went else "")


def _changed(group: list[Cause], forge: Forge | None) -> Phrase:
    """As in "`a.py` (`1a2b3c4`) and `b.py` changed", "20 hyperparameters changed: `lr`, … and 17 more"."""
    first = group[0]
    if first.kind is CauseKind.PACKAGE and len(group) <= FEW:
        return listed(_package(cause) for cause in group)
    if first.kind is CauseKind.IMPORT and len(group) <= FEW:
        return listed(_import(cause) for cause in group)
    verb = " had changed before" if first.kind is CauseKind.DATA and first.name else " changed"
    if len(group) == 1:
        return _named(first) + verb + _commits(first, forge)
    if len(group) <= FEW:
        return listed(_named(cause) + _commits(cause, forge) for cause in group) + verb
    alike = all(cause.kind is first.kind for cause in group)
    counted = figures.count(len(group), _NOUNS[first.kind] if alike else "input")
    if first.kind is CauseKind.PARAM:
        return (
            plain(counted) + _places(group) + verb + ": " + some(_unique(cause.name for cause in group), FEW)
        )
    return plain(counted + verb + ": ") + some([_named(cause) for cause in group], FEW)


def _places(group: Sequence[Cause]) -> Phrase:
    """As in " in `conf/a.yaml`", " in 8 files"; nothing of params.yaml."""
    files = {cause.path for cause in group}
    return Phrase(_named(group[0]).parts[1:]) if len(files) == 1 else plain(f" in {len(files):,} files")


def _unique(texts: Iterable[str]) -> list[Phrase]:
    return [code(text) for text in dict.fromkeys(texts)]


def _items(addresses: Iterable[str]) -> list[str]:
    """Addresses of stages, several items of one foreach or matrix stage as one."""
    known = list(dict.fromkeys(addresses))
    families = [names.family(address) for address in known]
    return [
        family if family and families.count(family) > 1 else address
        for address, family in zip(known, families, strict=True)
    ]


def _named(cause: Cause) -> Phrase:
    match cause.kind:
        case CauseKind.PARAM:
            default = cause.path.rpartition("/")[2] == "params.yaml"
            return code(cause.name) if default else code(cause.name) + " in " + code(cause.path)
        case CauseKind.PACKAGE:
            return plain(cause.name)
        case CauseKind.IMPORT:
            return code(cause.name or cause.path.removesuffix(".dvc"))
        case _:
            return code(cause.path)


def _step(cause: Cause) -> Phrase:
    """As in "`train.n_est` went 50 → 100"."""
    if items := by_item(cause.old, cause.new):
        return _named(cause) + " is now " + items
    return joined((_named(cause), " went ", value(cause.old), " → ", value(cause.new)), "")


def _package(cause: Cause) -> Phrase:
    if fate := _FATES.get(cause.change):
        return _named(cause) + f" was {fate}"
    old, new = (side or "any version" for side in (cause.old, cause.new))
    return _named(cause) + f" went {old} → {new}"


def _import(cause: Cause) -> Phrase:
    what = plain("the dataset " if cause.name else "the import ") + _named(cause)
    if not (isinstance(cause.old, str) and isinstance(cause.new, str)) or cause.old == cause.new:
        return what + " changed"
    return what + " went " + code(cause.old[:7]) + " → " + code(cause.new[:7])


def _made_elsewhere(cause: Cause, stage: str) -> Clause:
    """That another stage makes something, or no more."""
    what = cause.new or cause.old
    thing = code(what) if cause.through or cause.name != stage else plain("it")
    how = " makes " if cause.change is ChangeType.ADDED else " no longer makes "
    now = " now" if cause.change is ChangeType.ADDED else ""
    return Clause(code(cause.name) + how + (thing if what else "it") + now, _way(cause))


def _unexplained(group: list[Cause], stage: str, forge: Forge | None, *, model: bool) -> Clause:
    """That nothing recorded changed, or that what is recorded does not tell."""
    first = group[0]
    unknown = first.kind is CauseKind.UNKNOWN
    if not first.through and first.name in {stage, ""} | {c.name for c in group if names.family(c.name)}:
        if first.commits:
            return Clause(_elsewhere(first, forge), lead="")
        made = "retrained" if model else "rebuilt"
        own = "why is not recorded" if unknown else f"{made} with the same inputs: not deterministic?"
        return Clause(plain(own), lead="")
    what = some([code(cause.path) for cause in group], FEW) + " changed"
    if first.commits and unknown:
        return Clause(what, _way(first, skip=1) + ": " + _elsewhere(first, forge))
    if unknown:
        return Clause(what, _way(first, skip=1) + "; why is not recorded")
    makers = some([code(name) for name in dict.fromkeys(cause.name for cause in group)], FEW)
    return Clause(what, _way(first, skip=1) + ", though no input of " + makers + " did: not deterministic?")


def _elsewhere(cause: Cause, forge: Forge | None) -> Phrase:
    """That a merge has what another run made; of what, its lock does not tell."""
    return plain("recorded with other inputs in ") + _commit(cause.commits[0], forge)


def _perhaps(group: list[Cause], stage: str, forge: Forge | None) -> Clause:
    """What no lock records, and what may be why."""
    first = group[0]
    if first.kind is CauseKind.PACKAGE:
        told = listed(map(_package, group)) if len(group) <= FEW else _changed(group, forge)
        return Clause(told, _way(first), "no recorded input changed; perhaps because ")
    runs = ", which " + _maker(first, stage) + " runs but does not depend on"
    return Clause(_changed(group, forge) + runs, _way(first, skip=1), "perhaps because ")


def _maker(cause: Cause, stage: str) -> Phrase:
    """The stage whose own root it is; `stage` may be "" where that is not known by name."""
    address = cause.through[0] if cause.through else stage
    return plain("its stage") if not address else code(names.family(address) or address)


def _way(cause: Cause, skip: int = 0) -> Phrase:
    """As in ", through `prepare` and `featurize`"; `skip` leaves out stages that are named already."""
    between = _families(cause.through)[skip:]
    return _through(between) if between else _NOTHING


@lru_cache(maxsize=1024)  # whatever changed far up comes by the same ways to all that is below
def _through(between: tuple[str, ...]) -> Phrase:
    return ", through " + some([code(address) for address in between], FEW)


def _commits(cause: Cause, forge: Forge | None) -> Phrase:
    """The commits that touched a source file; what touched data is its `.dvc` file's."""
    if cause.kind is not CauseKind.FILE or not cause.commits:
        return Phrase()
    shown = [_commit(commit, forge) for commit in cause.commits[:_FEW_COMMITS]]
    more = len(cause.commits) - _FEW_COMMITS
    return " (" + listed([*shown, f"{more:,} more"] if more > 0 else shown) + ")"


def _commit(commit_id: str, forge: Forge | None) -> Phrase:
    return link(commit_id[:7], links.commit(commit_id, forge), as_code=True)
