"""The documentation of the configuration, drawn from the options themselves."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from dvc_changelog.config.option import Kind, kebab
from dvc_changelog.config.settings import Config, options
from dvc_changelog.config.shape import bare, literal

_HEAD = """\
# The configuration of dvc-changelog. It needs none: every option stands here with its default, commented out.
# In pyproject.toml the same lines go below [tool.dvc-changelog]. An environment variable such as
# DVC_CHANGELOG_TAG_PATTERN comes over this file, an option of the command line over both.
"""
_INFERRED = "# Of the metrics here, by their names. Correct what is wrong; of the rest nothing is known."
_WIDTH = 100


def template_text(metrics: Mapping[str, str] | None = None) -> str:
    """Return the configuration that `dvc-changelog init` writes: every option at its default, commented out.

    `metrics` are globs of metrics, each with what is better there, "" for unknown: rules that stand there to
    be corrected. A line that begins with "#" and no blank is an option: without that sign it is valid TOML.
    """
    defaults = Config()
    parts = [_HEAD]
    for name, option in options().items():
        comment = textwrap.wrap(  # names of options have hyphens
            option.doc, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
        )
        if option.example:
            comment.append(f"# Example: {option.example}")
        settings = [f"#{line}" for line in _settings(name, getattr(defaults, name))]
        if name == "metric_rules" and metrics:
            settings = [_INFERRED, *(_metric_rule(key, better) for key, better in metrics.items())]
        parts.append("\n".join([*comment, *settings]) + "\n")
    return "\n".join(parts)


def reference_markdown() -> str:
    """Return a Markdown table of all options: name, kind, default, and what it does, with an example."""
    defaults = Config()
    rows = ["| Option | Value | Default | What it does |", "|---|---|---|---|"]
    for name, option in options().items():
        meaning = option.doc
        if option.example:
            meaning += f"<br>Example: {_code(option.example)}"
        default = getattr(defaults, name)
        shown = "<br>".join(map(_code, _entries(option.kind, default)))
        rows.append(f"| `{kebab(name)}` | {option.kind} | {shown} | {_cell(meaning)} |")
    return "\n".join(rows) + "\n"


def _metric_rule(key: str, better: str) -> str:
    """Return the line of a rule; one of which nothing is known is commented out."""
    rule = f"metric-rules.{bare(key)} = {literal({'better': better or 'neither'})}"
    return rule if better else f"#{rule}"


def _settings(name: str, value: object) -> list[str]:
    """Return the lines of TOML that set an option: one a key for a table, so that each stands for itself."""
    if isinstance(value, Mapping) and value:
        return [f"{kebab(name)}.{bare(key)} = {literal(item)}" for key, item in value.items()]
    return [f"{kebab(name)} = {literal(value)}"]


def _entries(kind: Kind, value: object) -> list[str]:
    if isinstance(value, Mapping) and kind in {Kind.TABLE, Kind.LISTS}:
        return [f"{bare(key)} = {literal(item)}" for key, item in value.items()]
    return [literal(value)]


def _code(text: str) -> str:
    return f"`{text}`"


def _cell(text: str) -> str:
    """Return text that does not end its cell."""
    return text.replace("|", "\\|")
