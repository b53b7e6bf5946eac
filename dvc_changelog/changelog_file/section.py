"""A section as the tool writes it."""

from __future__ import annotations

from dvc_changelog.dataclass import dataclass

UNRELEASED = "unreleased"


@dataclass(frozen=True, slots=True)
class Source:
    """What a section was told from that not every machine has.

    `sides` names the two states compared. `lacking` counts the values that could not be read; `held` says
    whether others could, from DVC's cache.
    """

    sides: str
    lacking: int = 0
    held: bool = False

    def poorer_than(self, other: Source | None) -> bool:
        """Whether the other was told of the same states from more."""
        return other is not None and other.sides == self.sides and other.lacking < self.lacking


@dataclass(frozen=True, slots=True)
class Section:
    """One release's part of the document.

    `key` is its stable id: the tag's name ("v1.2.0", "model@v1.0.0"), or "unreleased". `text` is Markdown
    with LF line ends that starts with its "## ..." heading, without marks. `source` is where its values came
    from, None if all of them came from Git.
    """

    key: str
    text: str
    source: Source | None = None
