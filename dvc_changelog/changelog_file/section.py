"""A section as the tool writes it."""

from __future__ import annotations

from dataclasses import dataclass

UNRELEASED = "unreleased"


@dataclass(frozen=True, slots=True)
class Section:
    """One release's part of the document.

    `key` is its stable id: the tag's name ("v1.2.0", "model@v1.0.0"), or "unreleased". `text` is Markdown
    with LF line ends that starts with its "## ..." heading, without marks.
    """

    key: str
    text: str
