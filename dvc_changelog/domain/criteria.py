"""What a branch changes, in its own configuration, of what it is judged by."""

from __future__ import annotations

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.change_type import ChangeType
from dvc_changelog.domain.meaning import Alert

Said = float | bool | str | tuple[str, ...] | None
"""What a configuration says of one thing; None where nothing."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing of the configuration that says what is judged, and how; `option` is the key in its file.

    Of a rule for metrics it is "min", "max-drop", "tolerance" and so on: then `metrics` are the names of
    those that it is of, or the key of the rule where no metric is known that it means; `unit` is theirs.
    `looser`: what did not pass may pass now.
    """

    option: str
    old: Said
    new: Said
    looser: bool
    metrics: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What the configuration at `path` says otherwise at the head than at the base.

    `fate` is that of the file. `missed` are the limits of the base that the head does not keep, and its own
    that it does. `unread` says why a side cannot be read, `at_head` whether that is the head.
    """

    path: str
    fate: ChangeType
    changes: tuple[Criterion, ...] = ()
    missed: tuple[Alert, ...] = ()
    unread: str = ""
    at_head: bool = False

    @property
    def looser(self) -> tuple[Criterion, ...]:
        """What passes more."""
        return tuple(change for change in self.changes if change.looser)

    @property
    def others(self) -> tuple[Criterion, ...]:
        """What passes as much or less."""
        return tuple(change for change in self.changes if not change.looser)
