"""The life of one thing: an output, a metric or a param, and every commit that moved it."""

from __future__ import annotations

from enum import StrEnum

from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain.change_type import ChangeType
from dvc_changelog.domain.content import Content, Value
from dvc_changelog.domain.meaning import Cause
from dvc_changelog.domain.revision import Commit, Forge, Revision
from dvc_changelog.domain.sameness import same


class Traced(StrEnum):
    """What kind of thing is traced."""

    OUTPUT = "output"
    METRIC = "metric"
    PARAM = "param"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is traced.

    `path` is that of the output, or of the file in which the metric or param `name` stands. `artifact` is the
    address of an artifact that was asked for by its name: then its data is followed, wherever it lies.
    """

    kind: Traced
    path: str
    name: str = ""
    artifact: str = ""

    @property
    def target(self) -> str:
        """As one asks for it without doubt: "data/raw", "metrics.json:test.auc", "churn"."""
        if self.artifact:
            return self.artifact
        return f"{self.path}:{self.name}" if self.name else self.path


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What one revision has of the thing.

    `path` and `name` are those it has there. `there` says that it exists: then it has a `value`, of an output
    a `content`. `unread` is why nobody can tell here, else "": what is known of its file is the `content`.
    """

    path: str
    name: str = ""
    there: bool = False
    value: Value = None
    content: Content | None = None
    unread: str = ""

    def __eq__(self, other: object) -> bool:
        """Whether both are the same as far as is known: an unread one is only if its file is."""
        if not isinstance(other, Reading):
            return NotImplemented
        if (self.path, self.name, self.there) != (other.path, other.name, other.there):
            return False
        if bool(self.unread) != bool(other.unread):
            return False
        if self.content and other.content:
            return self.content.same(other.content)
        return (
            (self.content is other.content) and self.unread == other.unread and same(self.value, other.value)
        )

    def __hash__(self) -> int:
        return hash((self.path, self.name, self.there))

    @property
    def known(self) -> bool:
        """Whether it is there and can be read."""
        return self.there and not self.unread

    @property
    def number(self) -> int | float | None:
        """The value, where it is a number; truth values are none."""
        numeric = isinstance(self.value, int | float) and not isinstance(self.value, bool)
        return self.value if self.known and numeric else None  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of a life: what a commit left, and what was there before.

    `version` is the release that first had it, "" for none yet. `delta` is None where a side is no number.
    `moved_to` is where the thing went that is not there any more: its target. `again` is the id of an earlier
    commit that had left the same content, with another one since, and `again_in` that one's release.
    `because` are causes, `reasons` what the commit's author gave as such. `stage` is the address of what made
    it, or the metrics file that it stands in, "" for none; `model` says that it is a model.
    """

    commit: Commit
    change: ChangeType
    old: Reading
    new: Reading
    version: str = ""
    delta: float | None = None
    moved_to: str = ""
    again: str = ""
    again_in: str = ""
    because: tuple[Cause, ...] = ()
    reasons: tuple[str, ...] = ()
    stage: str = ""
    model: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A question to a value: `name` is the target as it was written, `operator` one of < <= > >= == !=."""

    name: str
    operator: str
    operand: Value
    text: str


@dataclass(frozen=True, slots=True)
class Onset:
    """An entry with which a condition became true, and the one that ended it, if any.

    It is not `sure` that it was this one where what was there just before cannot be read.
    """

    entry: Entry
    until: Entry | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Life:
    """The life of a thing up to a revision: its entries, newest first.

    `since` is how the user called the beginning, "" for the whole life; `before` is then the entry that left
    what was there at that time. `onsets`, newest first, answer `condition`; `holds` says whether it is true
    now, None where that cannot be read. `namesakes` and `forge`: see `Release`. `messages` are remarks for
    the person running the tool.
    """

    subject: Subject
    head: Revision
    now: Reading
    entries: tuple[Entry, ...]
    since: str = ""
    before: Entry | None = None
    condition: Condition | None = None
    onsets: tuple[Onset, ...] = ()
    holds: bool | None = None
    namesakes: frozenset[str] = frozenset()
    forge: Forge | None = None
    messages: tuple[str, ...] = ()
