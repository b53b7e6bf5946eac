"""The commands. Each takes its arguments, calls one workflow, and writes what it gives."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dvc_changelog.cli import console
from dvc_changelog.cli.console import Verbosity

app = typer.Typer(
    name="dvc-changelog",
    help="Changelogs for projects that version data and models with DVC: what changed in data, models, "
    "params, metrics and code between releases. "
    "Reads Git and DVC's files; runs nothing, needs no cache and no network.",
    epilog="First time here? `dvc-changelog generate -o -` prints the changelog of this repository; "
    "`dvc-changelog demo` builds a small repository to look at.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How a document is written."""

    MARKDOWN = "markdown"
    JSON = "json"


_SELECT = "Which releases"
_WRITE = "Output"
_RUN = "Running"

Repo = Annotated[
    Path,
    typer.Option(
        "--repo", "-r", help="A place in the repository.", rich_help_panel=_RUN, show_default="here"
    ),
]
ConfigFile = Annotated[
    Path | None, typer.Option("--config", "-c", help="The configuration file to use.", rich_help_panel=_RUN)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", rich_help_panel=_RUN)]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say what is done.", rich_help_panel=_RUN)]
OutputFormat = Annotated[
    Format,
    typer.Option("--format", "-f", help="How to write it.", rich_help_panel=_WRITE, case_sensitive=False),
]
Template = Annotated[
    Path | None,
    typer.Option(
        "--template", help="A Jinja2 file that replaces the entry of a release.", rich_help_panel=_WRITE
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include-path", help="Only what happened below this glob. Repeatable.", rich_help_panel=_SELECT
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude-path", help="Leave out what happened below this glob. Repeatable.", rich_help_panel=_SELECT
    ),
]


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version and exit.")] = False,
) -> None:
    if version:
        from dvc_changelog import __version__

        console.put(f"dvc-changelog {__version__}\n")
        raise typer.Exit


@app.command()
def generate(
    range_: Annotated[
        str | None, typer.Argument(metavar="[RANGE]", help="A..B: what B has and A has not. Default: all.")
    ] = None,
    unreleased: Annotated[
        bool,
        typer.Option("--unreleased", "-u", help="Only what no release has yet.", rich_help_panel=_SELECT),
    ] = False,
    latest: Annotated[
        bool, typer.Option("--latest", "-l", help="Only the latest release.", rich_help_panel=_SELECT)
    ] = False,
    current: Annotated[
        bool, typer.Option("--current", help="Only the release checked out.", rich_help_panel=_SELECT)
    ] = False,
    tag: Annotated[
        str | None,
        typer.Option(
            "--tag", "-t", help="Name the unreleased part (no tag is created).", rich_help_panel=_SELECT
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="The file to update; - prints.",
            rich_help_panel=_WRITE,
            show_default="CHANGELOG.md",
        ),
    ] = None,
    format_: OutputFormat = Format.MARKDOWN,
    template: Template = None,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt",
            help="Take over a changelog written by hand or by another tool; its text stays.",
            rich_help_panel=_WRITE,
        ),
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Write nothing; exit 3 if the file is not up to date.", rich_help_panel=_WRITE
        ),
    ] = False,
    tag_pattern: Annotated[
        str | None,
        typer.Option(
            help="Only tags that match this regular expression are releases.", rich_help_panel=_SELECT
        ),
    ] = None,
    ignore_tags: Annotated[
        list[str] | None,
        typer.Option(
            help="Tags (regex) that are no releases: their commits go to the next.", rich_help_panel=_SELECT
        ),
    ] = None,
    skip_tags: Annotated[
        list[str] | None,
        typer.Option(help="Releases (regex) to leave out with their commits.", rich_help_panel=_SELECT),
    ] = None,
    all_tags: Annotated[
        bool, typer.Option("--all-tags", help="Take tags of other branches too.", rich_help_panel=_SELECT)
    ] = False,
    merge_prereleases: Annotated[
        bool,
        typer.Option(
            "--merge-prereleases",
            help="Fold prereleases into the release they led to.",
            rich_help_panel=_SELECT,
        ),
    ] = False,
    artifact: Annotated[
        str | None, typer.Option(help="Only the releases of this artifact.", rich_help_panel=_SELECT)
    ] = None,
    include_path: Include = None,
    exclude_path: Exclude = None,
    config: ConfigFile = None,
    repo: Repo = Path(),
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Write or update the changelog.

    Every tag is a release, compared with the one before it; no configuration and no message convention is
    needed. CHANGELOG.md is updated in place: a second run changes nothing, and what you write into it stays.
    """
    from dvc_changelog.cli import commands

    raise typer.Exit(
        commands.generate(
            commands.Request(
                repo=repo,
                config=config,
                verbosity=_verbosity(quiet=quiet, verbose=verbose),
                range=range_,
                unreleased=unreleased,
                latest=latest,
                current=current,
                tag=tag,
                output=output,
                json=format_ is Format.JSON,
                template=template,
                adopt=adopt,
                check=check,
                overrides={
                    "tag_pattern": tag_pattern,
                    "ignore_tags": ignore_tags or None,
                    "skip_tags": skip_tags or None,
                    "all_tags": all_tags or None,
                    "merge_prereleases": merge_prereleases or None,
                    "artifact": artifact,
                    "include_paths": include_path or None,
                    "exclude_paths": exclude_path or None,
                },
            )
        )
    )


@app.command()
def review(
    base: Annotated[str, typer.Argument(help="The revision to compare with: a tag, a branch, a commit.")],
    head: Annotated[str, typer.Argument(help="The revision to describe.")] = "HEAD",
    format_: OutputFormat = Format.MARKDOWN,
    template: Template = None,
    include_path: Include = None,
    exclude_path: Exclude = None,
    config: ConfigFile = None,
    repo: Repo = Path(),
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Tell what changed between any two revisions.

    The same entry as in a changelog, for two states as they are, ancestors of each other or not.
    """
    from dvc_changelog.cli import commands

    commands.review(
        commands.Request(
            repo=repo,
            config=config,
            verbosity=_verbosity(quiet=quiet, verbose=verbose),
            json=format_ is Format.JSON,
            template=template,
            overrides={"include_paths": include_path or None, "exclude_paths": exclude_path or None},
        ),
        base,
        head,
    )


@app.command()
def show(
    version: Annotated[
        str | None, typer.Argument(metavar="[VERSION]", help="A release; default: what is newest.")
    ] = None,
    config: ConfigFile = None,
    repo: Repo = Path(),
    quiet: Quiet = False,
) -> None:
    """Draw one release on the terminal."""
    from dvc_changelog.cli import commands

    commands.show(
        commands.Request(repo=repo, config=config, verbosity=_verbosity(quiet=quiet, verbose=False)), version
    )


@app.command()
def init(
    force: Annotated[bool, typer.Option("--force", help="Write over a configuration that is there.")] = False,
    repo: Repo = Path(),
    quiet: Quiet = False,
) -> None:
    """Write a commented configuration, every option at its default.

    The tool works without one.
    """
    from dvc_changelog.cli import commands

    commands.init(commands.Request(repo=repo, verbosity=_verbosity(quiet=quiet, verbose=False)), force=force)


@app.command()
def demo(
    directory: Annotated[Path, typer.Argument(help="Where to build it; new or empty.")] = Path(
        "dvc-changelog-demo"
    ),
    quiet: Quiet = False,
) -> None:
    """Build a small real DVC repository and write its changelog.

    A model is trained, its data grows, it is retrained, rolled back and repaired, in about twenty commits.
    """
    from dvc_changelog.cli import commands

    commands.demo(directory, _verbosity(quiet=quiet, verbose=False))


def _verbosity(*, quiet: bool, verbose: bool) -> Verbosity:
    if quiet:
        return Verbosity.QUIET
    return Verbosity.VERBOSE if verbose else Verbosity.NORMAL
