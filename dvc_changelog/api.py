"""The tool from Python: what the command line is built on.

`generate`, `compare`, `review`, `check` and `trace` give values of `dvc_changelog.domain`; `to_markdown` and
`to_json` draw them.
`next_version` tells which version follows, and why.
"""

from __future__ import annotations

from pathlib import Path

from dvc_changelog.config import Config
from dvc_changelog.domain import Changelog, Life, Release, Review
from dvc_changelog.render import comment, json_, markdown, review_json, trace_json
from dvc_changelog.render import trace as trace_markdown
from dvc_changelog.workflows import NextVersion, Part, check, compare, generate, next_version, review
from dvc_changelog.workflows.trace import trace

__all__ = [
    "Config",
    "NextVersion",
    "Part",
    "check",
    "compare",
    "generate",
    "next_version",
    "review",
    "to_json",
    "to_markdown",
    "trace",
]


def to_markdown(
    told: Changelog | Release | Review | Life, *, config: Config | None = None, template: Path | None = None
) -> str:
    """A changelog as a document, a release as an entry, a review as a comment, or the life of one thing.

    Args:
        told: what `generate`, `compare`, `review` or `trace` returned.
        config: headings and folding; the defaults if not given.
        template: a Jinja2 file that replaces the entry of a release.

    Raises:
        TemplateError: the template is missing or wrong.
    """
    config = config or Config()
    if isinstance(told, Life):
        return trace_markdown.markdown(told)
    if isinstance(told, Review):
        return comment.comment(told, config)
    if isinstance(told, Release):
        return markdown.entry(told, config, template=template)
    return markdown.document(told, config, template)


def to_json(told: Changelog | Release | Review | Life) -> str:
    """A changelog, a release with its two sides, a review or a life, as JSON after the package's schemas."""
    if isinstance(told, Life):
        return trace_json.document(told)
    if isinstance(told, Review):
        return review_json.document(told)
    return json_.review(told) if isinstance(told, Release) else json_.document(told)
