"""The course of a metric: what it was at the last releases, where a branch starts and where it ends."""

from __future__ import annotations

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.meaning import Verdict


@dataclass(frozen=True, slots=True)
class Mark:
    """The metric at one state, which a reader knows as `label`.

    `value` is finite; None where there is none, for the reason `gap`: "absent", "not readable", "no number".
    """

    label: str
    value: float | None
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A metric over several states, oldest first; the last one is what is reviewed.

    `limits` are ("min" or "max", bound). `beyond` says that the last value is beyond one of its limits.
    """

    path: str
    name: str
    marks: tuple[Mark, ...]
    limits: tuple[tuple[str, float], ...] = ()
    verdict: Verdict = Verdict.NEUTRAL
    beyond: bool = False
    unit: str = ""
