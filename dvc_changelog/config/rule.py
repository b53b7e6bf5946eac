"""What a person says of metrics: which way they are better, what is noise, and where their limits are."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType

from dvc_changelog.config.complaint import BadValueError, suggest
from dvc_changelog.config.option import kebab, snake
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.meaning import Goal

BETTER: Mapping[str, Goal] = MappingProxyType(
    {"higher": Goal.HIGHER, "lower": Goal.LOWER, "neither": Goal.NONE}
)


@dataclass(frozen=True, slots=True)
class MetricRule:
    """What is said of the metrics that a glob matches; None where nothing is said.

    `tolerance` is absolute, `relative_tolerance` a part of the old value: a move within either is noise.
    `min` and `max` bound the value, `max_drop` how far it may get worse from one release to the next.
    """

    better: Goal | None = None
    tolerance: float | None = None
    relative_tolerance: float | None = None
    min: float | None = None
    max: float | None = None
    max_drop: float | None = None
    unit: str | None = None
    drift: bool | None = None

    @property
    def limited(self) -> bool:
        """Whether it has a limit that a value can be beyond."""
        return not self.min is self.max is self.max_drop is None


SILENT = MetricRule()


def rules(value: Mapping[str, object]) -> Mapping[str, MetricRule]:
    """Return the rules by the globs of the metrics that they are of, in the order given."""
    return MappingProxyType({key: _rule(key, said) for key, said in value.items()})


def covers(key: str, path: str, name: str) -> bool:
    """Whether the key of a rule means a metric: by its name, or with the file, as in "reports/*.json:auc".

    The lone value of a file, which has no name, is meant by the file alone.
    """
    return fnmatchcase(name or path, key) or fnmatchcase(f"{path}:{name}", key)


def rule_of(rules: Mapping[str, MetricRule], path: str, name: str) -> MetricRule:
    """Return what is said of a metric: field by field, by the first rule that says it."""
    said: dict[str, object] = {}
    for key, rule in rules.items():
        if covers(key, path, name):
            for field in dataclasses.fields(rule):
                value = getattr(rule, field.name)
                if value is not None:
                    said.setdefault(field.name, value)
    # The values come from the fields of the same names; the type checker cannot follow that.
    return MetricRule(**said) if said else SILENT  # type: ignore[arg-type]


def in_lists(rules: Mapping[str, MetricRule]) -> tuple[str, ...]:
    """Return the keys of metrics that may stand in a list, which DVC does not look into: with a number as a
    part, and those of drift, whose reports are lists.
    """
    return tuple(
        key for key, rule in rules.items() if rule.drift or any(part.isdigit() for part in key.split("."))
    )


def _rule(key: str, said: object) -> MetricRule:
    if isinstance(said, MetricRule):
        return said
    if not key.strip():
        raise BadValueError("has a rule for a metric without a name", 'Name it, or write "*" for all.', key)
    if not isinstance(said, Mapping):
        raise BadValueError(f"`{key}` must be a table", 'Write {better = "higher"}.', key)
    fields: dict[str, object] = {}
    for written, raw in said.items():
        field = snake(str(written))
        take = _TAKEN.get(field)
        if take is None:
            raise _unknown(key, str(written), raw)
        if field in fields:
            raise BadValueError(f"`{key}` sets `{kebab(field)}` twice: with `-` and with `_`", "", key)
        try:
            fields[field] = take(raw)
        except BadValueError as error:
            raise BadValueError(f"`{key}`: `{kebab(field)}` {error.what}", error.remedy, key) from error
    rule = MetricRule(**fields)  # type: ignore[arg-type]  # each value went through the law of its field
    if rule.min is not None and rule.max is not None and rule.min > rule.max:
        raise BadValueError(f"`{key}`: `min` is above `max`", "Exchange them.", key)
    return rule


def _unknown(key: str, written: str, raw: object) -> BadValueError:
    if isinstance(raw, Mapping):
        return BadValueError(
            f"`{key}` holds a table `{written}`",
            f'Put a name that has a dot into quotes: metric-rules."{key}.{written}".',
            key,
        )
    return BadValueError(
        f"`{key}`: unknown key `{written}`", suggest(kebab(snake(written)), map(kebab, _TAKEN)), key
    )


def _goal(raw: object) -> Goal:
    if not isinstance(raw, str) or raw not in BETTER:
        remedy = suggest(raw, BETTER) if isinstance(raw, str) else "Write it in quotes."
        raise BadValueError('must be "higher", "lower" or "neither"', remedy)
    return BETTER[raw]


def _number(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        raise BadValueError("must be a number", "Write a number such as 0.05, without quotes.")
    return raw


def _amount(raw: object) -> float:
    number = _number(raw)
    if number < 0:
        raise BadValueError(f"must not be negative, as {number} is", "Write 0 or more.")
    return number


def _unit(raw: object) -> str:
    if not isinstance(raw, str):
        raise BadValueError("must be text in quotes", 'Write "ms".')
    return raw.strip()


def _flag(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise BadValueError("must be true or false", "Write true or false, without quotes.")
    return raw


_TAKEN: Mapping[str, Callable[[object], object]] = MappingProxyType(
    {
        "better": _goal,
        "tolerance": _amount,
        "relative_tolerance": _amount,
        "min": _number,
        "max": _number,
        "max_drop": _amount,
        "unit": _unit,
        "drift": _flag,
    }
)
