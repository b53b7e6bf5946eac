"""Releases as Markdown; a user can have each set by a Jinja2 template instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dvc_changelog.config import TITLE, Config
from dvc_changelog.domain import Changelog, Release
from dvc_changelog.errors import TemplateError
from dvc_changelog.render import escape, figures
from dvc_changelog.render.blocks import BELOW
from dvc_changelog.render.entry import written
from dvc_changelog.render.phrase import Phrase, code, plain
from dvc_changelog.render.shapes import LIMIT, View
from dvc_changelog.render.view import view

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from markupsafe import Markup

_SEMANTIC = re.compile(r"(?:^|[@/_-])v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$")
"""A tag that is, or ends in, a version of SemVer 2.0."""

_BLANK_LINES = re.compile(r"\n{3,}")


def entry(release: Release, config: Config, template: Path | None = None) -> str:
    """One release as a section of a changelog.

    Args:
        release: what to tell.
        config: headings and folding.
        template: a Jinja2 file that is used instead; it gets `release`, `view`, `config`, `forge`.

    Returns:
        Markdown that starts with its `## ` heading and ends in one newline.

    Raises:
        TemplateError: the template is missing or wrong; names the file and the line.
    """
    seen = view(release, config)
    text = written(seen) if template is None else _rendered(template, seen, release, config)
    return _BLANK_LINES.sub("\n\n", text).strip() + "\n"


def header(config: Config, order: Sequence[str] = ()) -> str:
    """What stands at the top of a new changelog; `order` names its releases."""
    versions = [name for name in order if name != "unreleased"]
    # Said only where it is true: teams name tags as they like.
    semantic = bool(versions) and all(_SEMANTIC.search(name) for name in versions)
    follow = ", and versions follow [Semantic Versioning](https://semver.org/)" if semantic else ""
    title = config.title
    if config.artifact and title == TITLE:
        title = f"{TITLE} of {config.artifact}"
    return (
        f"# {plain(title).markdown}\n\n"
        "All notable changes to the code, data and models of this project are documented in this file.\n"
        f"The format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/){follow}.\n"
    )


def document(changelog: Changelog, config: Config, template: Path | None = None) -> str:
    """A whole changelog: the header, then each release."""
    entries = (entry(release, config, template) for release in changelog.releases)
    return "\n".join((header(config, changelog.order), *entries))


def _rendered(path: Path, seen: View, release: Release, config: Config) -> str:
    template = _template(path)
    try:
        return template.render(view=seen, release=release, config=config, forge=release.forge)
    except Exception as error:  # a template can raise whatever a value's own methods raise
        what = str(error) or type(error).__name__
        raise TemplateError(str(path), f"{_line_in_template(error)}{what}", _HELP) from error


def _template(path: Path) -> Template:
    from jinja2 import TemplateSyntaxError

    try:
        return _environment().from_string(path.read_text(encoding="utf-8"))
    except TemplateSyntaxError as error:
        raise TemplateError(str(path), f"line {error.lineno}: {error.message}", _HELP) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise TemplateError(str(path), f"the template cannot be read: {reason}", _HELP) from error


def _line_in_template(error: BaseException) -> str:
    """Where in the template an error arose: Jinja2 gives its frames the template's line numbers."""
    trace, found = error.__traceback__, ""
    while trace:
        if trace.tb_frame.f_code.co_filename in {"<template>", "<unknown>"}:
            found = f"line {trace.tb_lineno}: "
        trace = trace.tb_next
    return found


_HELP = "docs/templates.md lists the values and filters that a template has."


def _environment() -> Environment:
    """Jinja2's sandbox with our filters."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    def finalize(value: object) -> Markup:
        """What `{{ }}` writes: escaped as Markdown, unless it is Markdown already."""
        # S704: the text is made safe for Markdown here; HTML's own escaping would show as entities.
        return value if isinstance(value, Markup) else Markup(_phrase(value).markdown)  # noqa: S704

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=finalize,
        autoescape=True,  # so that a macro's result counts as written already
        keep_trailing_newline=True,
    )
    # S704: each makes its text safe for where it stands; `raw` is the template's own.
    filters: dict[str, Callable[..., Any]] = {
        "cell": lambda value: Markup(_phrase(value).cell),  # noqa: S704
        "heading": lambda value: Markup(escape.heading(_phrase(value).markdown)),  # noqa: S704
        "code": code,
        "html": lambda value: Markup(_phrase(value).html),  # noqa: S704
        "url": lambda value: Markup(escape.url(str(value))),  # noqa: S704
        "raw": Markup,
        "size": figures.size,
        "date": figures.date,
        "digest": figures.digest,
        "value": figures.value,
    }
    environment.filters.update(filters)
    environment.globals.update(limit=LIMIT, open_below=BELOW)
    return environment


def _phrase(value: object) -> Phrase:
    if isinstance(value, Phrase):
        return value
    return plain("" if value is None else value)
