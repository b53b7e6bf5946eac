"""Our commands, which spare Typer what cannot be wrong: they understand arguments as Typer's own do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from gitrepo import GitRepo

from dvc_changelog.cli.app import app
from dvc_changelog.cli.command import Command, Group, only
from dvc_changelog.cli.options import Format

CASES = [
    [],
    ["main"],
    ["main", "--format", "json"],
    ["--format", "JSON"],
    ["--format", "yaml"],
    ["--on", "a,b", "--on", "c"],
    ["--number", "7"],
    ["--number", "x"],
    ["--number", "-1"],
    ["--output", "a/b", "--name", ""],
    ["--output", "-", "--repo", ""],
    ["--repo", "~/x", "--format", ""],
    ["--flag", "-v"],
    ["--no-flag"],
    ["main", "extra"],
    ["--unknown"],
    ["--name"],
]


def _understood(args: list[str], **own: Any) -> object:
    """What a command is given for arguments, or what is said of them."""
    given: list[dict[str, Any]] = []
    app = typer.Typer(cls=own.get("group"))

    @app.callback()
    def top(version: Annotated[bool, typer.Option("--version")] = False) -> None: ...

    @app.command(cls=own.get("command"))
    def run(  # noqa: PLR0917  # Typer calls it by keyword
        base: Annotated[str | None, typer.Argument()] = None,
        on: Annotated[list[str] | None, typer.Option("--on")] = None,
        format_: Annotated[Format, typer.Option("--format", case_sensitive=False)] = Format.MARKDOWN,
        number: Annotated[int, typer.Option("--number", min=0)] = 0,
        output: Annotated[Path | None, typer.Option("--output")] = None,
        repo: Annotated[Path, typer.Option("--repo")] = Path(),
        name: Annotated[str, typer.Option("--name")] = "default",
        flag: Annotated[bool | None, typer.Option("--flag/--no-flag")] = None,
        verbose: Annotated[bool, typer.Option("-v")] = False,
    ) -> None:
        given.append(dict(locals()))

    try:
        app(["run", *args], standalone_mode=False)
    except Exception as error:  # noqa: BLE001  # of whatever kind: both must say the same
        return type(error), str(error)
    (told,) = given
    return {key: (type(value), value) for key, value in told.items() if key != "given"}


@pytest.mark.parametrize("args", CASES, ids=" ".join)
def test_arguments_mean_what_they_mean_to_typer(args: list[str]) -> None:
    assert _understood(args, group=Group, command=Command) == _understood(args)


def test_a_required_argument_is_asked_for() -> None:
    def said(command: type[Command] | None) -> str:
        app = typer.Typer()
        app.command(cls=command)(_wants)
        with pytest.raises(Exception, match="version") as raised:
            app([], standalone_mode=False)
        return str(raised.value)

    assert said(Command) == said(None)


def _wants(version: Annotated[str, typer.Argument(metavar="VERSION")]) -> None: ...


def test_a_review_starts_without_what_it_does_not_need(tmp_path: Path) -> None:
    repo = GitRepo.init(tmp_path)
    repo.commit("feat: one")
    program = (
        "import sys\n"
        "from dvc_changelog.cli.app import app\n"
        "sys.argv = ['dvc-changelog', 'review', 'HEAD', '--repo', '.', '--format', 'markdown']\n"
        "app(standalone_mode=False)\n"
        "heavy = {'pydantic', 'rich', 'jinja2', 'dvc', 'packaging'}\n"
        "ours = ('changelog_file', 'domain.trace', 'workflows.writing')\n"
        "heavy |= {f'dvc_changelog.{name}' for name in ours}\n"
        "sys.exit(str(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=repo.path, capture_output=True, text=True, check=False
    )
    assert done.stderr.endswith("\nset()\n")


@pytest.mark.parametrize("name", ["review", "next-version", "generate", "trace"])
def test_a_command_that_is_asked_for_is_built_alone_and_all_are_where_none_is(name: str) -> None:
    assert list(typer.main.get_group(only(app, name)).commands) == [name]
    for unknown in ("--help", "no-such-command", ""):
        assert only(app, unknown).registered_commands == app.registered_commands
