"""The tool from Python: what the command line is built on.

`generate` and `review` give values of `dvc_changelog.domain`; `to_markdown` and `to_json` draw them.
"""

from __future__ import annotations

from pathlib import Path

from dvc_changelog.config import Config
from dvc_changelog.domain import Changelog, Release
from dvc_changelog.render import json_, markdown
from dvc_changelog.workflows import Part, generate, review

__all__ = ["Config", "Part", "generate", "review", "to_json", "to_markdown"]


def to_markdown(
    told: Changelog | Release, *, config: Config | None = None, template: Path | None = None
) -> str:
    """A changelog as a document, or one release as an entry.

    Args:
        told: what `generate` or `review` returned.
        config: headings and folding; the defaults if not given.
        template: a Jinja2 file that replaces the entry of a release.

    Raises:
        TemplateError: the template is missing or wrong.
    """
    config = config or Config()
    if isinstance(told, Release):
        return markdown.entry(told, config, template=template)
    return markdown.document(told, config, template)


def to_json(told: Changelog | Release) -> str:
    """A changelog, or one release with its two sides, as JSON after the schema in the package."""
    return json_.review(told) if isinstance(told, Release) else json_.document(told)
