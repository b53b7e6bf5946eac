"""What a command was asked for: its arguments, and the repository, options and files that they mean."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from dvc_changelog import config as configuration
from dvc_changelog.cli.console import Verbosity
from dvc_changelog.config import Config
from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import UsageError
from dvc_changelog.history import History
from dvc_changelog.workflows import Part


@dataclass(frozen=True, slots=True)
class Request:
    """The arguments of a command. `overrides` are options by field name; None where no flag was given."""

    repo: Path = Path()
    config: Path | None = None
    verbosity: Verbosity = Verbosity.NORMAL
    range: str | None = None
    unreleased: bool = False
    latest: bool = False
    current: bool = False
    tag: str | None = None
    bump: bool = False
    bumped_version: bool = False
    tag_message: str | None = None
    output: str | None = None
    json: bool = False
    template: Path | None = None
    adopt: bool = False
    check: bool = False
    fetch: bool = False
    each: bool = False
    overrides: Mapping[str, object] = field(default_factory=dict)


def part_of(request: Request) -> Part:
    """Which releases were asked for. UsageError: several parts were."""
    asked = [
        (request.unreleased, Part.UNRELEASED, "--unreleased"),
        (request.latest, Part.LATEST, "--latest"),
        (request.current, Part.CURRENT, "--current"),
    ]
    chosen = [(part, name) for given, part, name in asked if given]
    if len(chosen) > 1:
        raise UsageError(f"{chosen[0][1]} and {chosen[1][1]} exclude each other", "Give one of them.")
    return chosen[0][0] if chosen else Part.ALL


def opened(request: Request) -> tuple[History, Config]:
    """The repository, and its configuration under the options of the command line."""
    history = History(request.repo)
    config = configuration.load(history.git.root, request.config, os.environ)
    overrides = dict(request.overrides)
    if project := overrides.get("project"):
        overrides["project"] = _project_from_root(history, request.repo, str(project))
    return history, config.replace(**overrides)


def _project_from_root(history: History, here: Path, project: str) -> str:
    """A project's directory, relative to the root: seen from here where there is such a directory."""
    top, path = history.git.root.resolve(), (here / project).resolve()
    seen_here = path.is_dir() and path.is_relative_to(top) and not history.git.bare
    return path.relative_to(top).as_posix() if seen_here else project


def here_from_root(history: History, here: Path) -> str:
    """The directory in which a person stands, relative to the root; the root where it lies elsewhere."""
    top, path = history.git.root.resolve(), here.resolve()
    if history.git.bare or not path.is_relative_to(top):
        return ""
    return "" if path == top else path.relative_to(top).as_posix()


def template_of(request: Request, config: Config, root: Path) -> Path | None:
    """The template that was named; one of the configuration is seen from the root. None for the default."""
    if request.template:
        return request.template
    return root / config.template if config.template else None


def place_of(output: str, request: Request, history: History) -> Path:
    """A file named on the command line is seen from here; one of the configuration from the root."""
    if request.output:
        return Path(output)
    if history.git.bare:
        raise UsageError(
            "A bare repository has no place for a changelog", "Name one with --output, or print with -o -."
        )
    return history.git.root / output


def from_root(root: Path, output: str) -> str | None:
    """A file named on the command line, relative to the root; None where it lies elsewhere, or is no file."""
    path, top = Path(output).resolve(), root.resolve()
    return path.relative_to(top).as_posix() if output != "-" and path.is_relative_to(top) else None
