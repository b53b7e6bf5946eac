"""What a person says of versions: which change or commit asks for which level, and what is no release."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from dvc_changelog.config.complaint import BadValueError, suggest
from dvc_changelog.config.option import kebab, snake
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.change_type import ChangeType
from dvc_changelog.domain.meaning import CauseKind, Verdict
from dvc_changelog.domain.release import Level

LEVELS: Mapping[str, Level] = MappingProxyType({level.name.lower(): level for level in Level})
_FORBIDS: Mapping[str, Level] = MappingProxyType(
    {"any": Level.PATCH} | {word: level for word, level in LEVELS.items() if level}
)
RETYPED = "retyped"
"""What became of an artifact whose declared type is another one; it has no word in DVC."""
ARCHITECTURE = "architecture"
"""Why a model changed, beside the kinds of causes: a param that says what is trained, such as its layers."""
KINDS = (
    *("commit", "note", "model", "artifact", "data", "stage", "param", "metric", "plot"),
    *("import", "package", "file", "remote"),
)
ROLES = ("source", "derived", "public")
CHANGES = (*(change.value for change in ChangeType), RETYPED)
CAUSES = (*(kind.value for kind in CauseKind), ARCHITECTURE)
VERDICTS = tuple(verdict.value for verdict in Verdict)
_MEANT: Mapping[str, str] = MappingProxyType(
    {"removed": "deleted", "new": "added", "changed": "modified", "moved": "renamed"}
)
"""What people write for a word that we take from DVC, and that resembles another one."""


@dataclass(frozen=True, slots=True)
class BumpRule:
    """What asks for a level, or forbids one; an empty condition is met by everything.

    Of several words in one condition one is enough. `path` are globs as in .gitignore: of a commit, all files
    match. `name` are globs of dotted names, artifacts, and commits' scopes. `below` and `above` are of a
    metric as it is now, whether or not it moved. `forbid`: no release of this level or a higher one while
    it is met. `label` is how a message calls the rule.
    """

    level: Level | None = None
    forbid: Level | None = None
    kind: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    verdict: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    breaking: bool | None = None
    below: float | None = None
    above: float | None = None
    label: str = ""

    @property
    def bounded(self) -> bool:
        """Whether it asks for the value of a metric."""
        return self.below is not None or self.above is not None


def bump_rules(value: Sequence[object]) -> tuple[BumpRule, ...]:
    """Return the rules in the order given, each numbered from 1 in its label."""
    return tuple(_rule(number, said) for number, said in enumerate(value, 1))


def _rule(number: int, said: object) -> BumpRule:
    if isinstance(said, BumpRule):
        return said
    label = f"rule {number}"
    if not isinstance(said, Mapping):
        raise BadValueError(f"{label} must be a table", 'Write {kind = "model", level = "minor"}.')
    fields: dict[str, object] = {}
    for written, raw in said.items():
        field = snake(str(written))
        take = _TAKEN.get(field)
        if take is None:
            known = suggest(kebab(field), map(kebab, _TAKEN))
            raise BadValueError(f"{label}: unknown key `{written}`", known)
        try:
            fields[field] = take(raw)
        except BadValueError as error:
            raise BadValueError(f"{label}: `{kebab(field)}` {error.what}", error.remedy) from error
    rule = BumpRule(**fields, label=label)  # type: ignore[arg-type]  # each went through the law of its field
    _check(rule)
    return rule


def _check(rule: BumpRule) -> None:
    """Refuse a rule that says nothing, or that nothing can ever meet."""
    if (rule.level is None) == (rule.forbid is None):
        both = "both `level` and `forbid`" if rule.forbid is not None else "neither `level` nor `forbid`"
        raise BadValueError(
            f"{rule.label} has {both}", 'Give one: level = "minor", or forbid = "any" for no release.'
        )
    of_metrics = {"below": rule.below, "above": rule.above, "verdict": rule.verdict or None}
    of_commits = {"group": rule.group or None, "breaking": rule.breaking}
    for kind, asked in (("metric", of_metrics), ("commit", of_commits)):
        for key, given in asked.items():
            if given is not None and rule.kind and rule.kind != (kind,):
                raise BadValueError(
                    f"{rule.label}: only a {kind} has a `{key}`", f'Write kind = "{kind}", or leave kind out.'
                )


def _words(known: Sequence[str]) -> Callable[[object], tuple[str, ...]]:
    def take(raw: object) -> tuple[str, ...]:
        words = _texts(raw)
        for word in words:
            if word not in known:
                meant = _MEANT.get(word, "")
                raise BadValueError(
                    f"has the unknown word `{word}`", suggest(meant if meant in known else word, known)
                )
        return words

    return take


def _texts(raw: object) -> tuple[str, ...]:
    texts = (raw,) if isinstance(raw, str) else tuple(raw) if isinstance(raw, list | tuple) else ()
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        raise BadValueError("must be a text, or a list of texts", 'Write "…" or ["…", "…"].')
    return texts


def _level(raw: object) -> Level:
    if not isinstance(raw, str) or raw not in LEVELS:
        remedy = suggest(raw, LEVELS) if isinstance(raw, str) else "Write it in quotes."
        raise BadValueError('must be "major", "minor", "patch" or "none"', remedy)
    return LEVELS[raw]


def _forbidden(raw: object) -> Level:
    if isinstance(raw, str) and raw in _FORBIDS:
        return _FORBIDS[raw]
    remedy = "Leave the rule out." if raw == "none" else "Write it in quotes."
    if isinstance(raw, str) and raw != "none":
        remedy = suggest(raw, _FORBIDS)
    raise BadValueError('must be "any", "patch", "minor" or "major"', remedy)


def _number(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        raise BadValueError("must be a number", "Write a number such as 0.9, without quotes.")
    return raw


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise BadValueError("must be true or false", "Write true or false, without quotes.")
    return raw


_TAKEN: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {
        "level": _level,
        "forbid": _forbidden,
        "kind": _words(KINDS),
        "path": _texts,
        "name": _texts,
        "change": _words(CHANGES),
        "role": _words(ROLES),
        "because": _words(CAUSES),
        "verdict": _words(VERDICTS),
        "group": _texts,
        "breaking": _flag,
        "below": _number,
        "above": _number,
    }
)
