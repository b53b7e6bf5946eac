"""CHANGELOG.md in place: reads it, brings our sections up to date, writes it back.

Knows the file, its marks and Markdown's outline. Must not know where a section's text comes from.
"""

from dvc_changelog.changelog_file.edition import differing, is_ours, keys, richer, update
from dvc_changelog.changelog_file.section import UNRELEASED, Section, Source
from dvc_changelog.changelog_file.storage import Document, decoded, encoded, read, write

__all__ = [
    "UNRELEASED",
    "Document",
    "Section",
    "Source",
    "decoded",
    "differing",
    "encoded",
    "is_ours",
    "keys",
    "read",
    "richer",
    "update",
    "write",
]
