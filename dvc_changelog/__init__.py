"""Changelogs for projects that version data and models with DVC.

    >>> import dvc_changelog
    >>> changelog = dvc_changelog.generate("path/to/repository")      # doctest: +SKIP
    >>> print(dvc_changelog.to_markdown(changelog))                   # doctest: +SKIP

Everything is imported when it is first used: `import dvc_changelog` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dvc_changelog.deferred import deferred

if TYPE_CHECKING:
    from dvc_changelog.api import check, compare, generate, next_version, review, to_json, to_markdown, trace
    from dvc_changelog.domain import Changelog, Life, Release, Review
    from dvc_changelog.errors import ChangelogError

__version__ = "0.1.0"

__all__ = [
    "Changelog",
    "ChangelogError",
    "Life",
    "Release",
    "Review",
    "__version__",
    "check",
    "compare",
    "generate",
    "next_version",
    "review",
    "to_json",
    "to_markdown",
    "trace",
]

__getattr__ = deferred(
    __name__,
    {
        "Changelog": "dvc_changelog.domain",
        "ChangelogError": "dvc_changelog.errors",
        "Life": "dvc_changelog.domain",
        "Release": "dvc_changelog.domain",
        "Review": "dvc_changelog.domain",
        "check": "dvc_changelog.api",
        "compare": "dvc_changelog.api",
        "generate": "dvc_changelog.api",
        "next_version": "dvc_changelog.api",
        "review": "dvc_changelog.api",
        "to_json": "dvc_changelog.api",
        "to_markdown": "dvc_changelog.api",
        "trace": "dvc_changelog.api",
    },
)
