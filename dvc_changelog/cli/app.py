"""The commands. Each takes its arguments, calls one workflow, and writes what it gives."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dvc_changelog.cli import console, options
from dvc_changelog.cli.command import Command, Group
from dvc_changelog.cli.console import Verbosity
from dvc_changelog.cli.options import Format
from dvc_changelog.cli.release_app import NEXT_VERSION_EXAMPLES, RELEASE_EXAMPLES, next_version, release
from dvc_changelog.cli.review_app import CHECK_EXAMPLES, REVIEW_EXAMPLES, check, review

app = typer.Typer(
    name="dvc-changelog",
    cls=Group,
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


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version and exit.")] = False,
) -> None:
    if version:
        from dvc_changelog import __version__

        console.put(f"dvc-changelog {__version__}\n")
        raise typer.Exit


@app.command(cls=Command)
def generate(
    range_: options.Range = None,
    unreleased: options.Unreleased = False,
    latest: options.Latest = False,
    current: options.Current = False,
    tag: options.Tag = None,
    bump: options.Bump = False,
    bumped_version: options.BumpedVersion = False,
    with_tag_message: options.WithTagMessage = None,
    output: options.Output = None,
    format_: options.OutputFormat = Format.MARKDOWN,
    template: options.Template = None,
    adopt: options.Adopt = False,
    check: options.Check = False,
    tag_pattern: options.TagPattern = None,
    ignore_tags: options.IgnoreTags = None,
    skip_tags: options.SkipTags = None,
    all_tags: options.AllTags = False,
    merge_prereleases: options.MergePrereleases = False,
    artifact: options.Artifact = None,
    project: options.Project = None,
    each_artifact: options.EachArtifact = False,
    experiments: options.Experiments = False,
    include_path: options.Include = None,
    exclude_path: options.Exclude = None,
    fetch: options.Fetch = False,
    config: options.ConfigFile = None,
    repo: options.Repo = Path(),
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> None:
    """Write or update the changelog.

    Every tag is a release, compared with the one before it; no configuration and no message convention is
    needed. CHANGELOG.md is updated in place: a second run changes nothing, and what you write into it stays.
    """
    from dvc_changelog.cli import commands
    from dvc_changelog.cli.request import Request

    raise typer.Exit(
        commands.generate(
            Request(
                repo=repo,
                config=config,
                verbosity=_verbosity(quiet=quiet, verbose=verbose),
                range=range_,
                unreleased=unreleased,
                latest=latest,
                current=current,
                tag=tag,
                bump=bump,
                bumped_version=bumped_version,
                tag_message=with_tag_message,
                output=output,
                json=format_ is Format.JSON,
                template=template,
                adopt=adopt,
                check=check,
                fetch=fetch,
                each=each_artifact,
                overrides={
                    "tag_pattern": tag_pattern,
                    "ignore_tags": ignore_tags or None,
                    "skip_tags": skip_tags or None,
                    "all_tags": all_tags or None,
                    "merge_prereleases": merge_prereleases or None,
                    "artifact": artifact,
                    "project": project,
                    "experiments": experiments or None,
                    "include_paths": include_path or None,
                    "exclude_paths": exclude_path or None,
                },
            )
        )
    )


@app.command(cls=Command)
def show(
    version: Annotated[
        str | None, typer.Argument(metavar="VERSION", help="A release; default: what is newest.")
    ] = None,
    project: options.Project = None,
    experiments: options.Experiments = False,
    fetch: options.Fetch = False,
    config: options.ConfigFile = None,
    repo: options.Repo = Path(),
    quiet: options.Quiet = False,
) -> None:
    """Draw one release on the terminal."""
    from dvc_changelog.cli import commands
    from dvc_changelog.cli.request import Request

    commands.show(
        Request(
            repo=repo,
            config=config,
            verbosity=_verbosity(quiet=quiet, verbose=False),
            fetch=fetch,
            overrides={"project": project, "experiments": experiments or None},
        ),
        version,
    )


@app.command(
    cls=Command,
    epilog="Examples: `dvc-changelog trace data/raw`, `dvc-changelog trace router`, "
    "`dvc-changelog trace metrics.json:test.auc --since v1.0.0`, "
    "`dvc-changelog trace --when 'test.auc < 0.9'`.",
)
def trace(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="TARGET",
            help="An output's path, a model's or artifact's name, or the name of a metric or param, "
            "with its file where several have it (metrics.json:test.auc). What is gone counts too.",
            show_default=False,
        ),
    ] = None,
    when: Annotated[
        str | None,
        typer.Option(
            "--when",
            "-w",
            help="Find where this became so: 'test.auc < 0.9', 'train.model == xgboost'. "
            "One of < <= > >= == != ; TARGET may be left out.",
            metavar="CONDITION",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", "-s", help="Only from this revision, release or day on.", metavar="WHEN"),
    ] = None,
    format_: options.TraceFormat = None,
    project: options.Project = None,
    fetch: options.Fetch = False,
    config: options.ConfigFile = None,
    repo: options.Repo = Path(),
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> None:
    """Tell the whole life of a data set, model, metric or param.

    Each value or hash it had, newest first, with release, commit, author, date and cause; along the history
    of what is checked out. On a terminal as a table with a line of its numbers, else as Markdown.
    """
    from dvc_changelog.cli.request import Request
    from dvc_changelog.cli.tracing import trace as run

    run(
        Request(
            repo=repo,
            config=config,
            verbosity=_verbosity(quiet=quiet, verbose=verbose),
            json=format_ is Format.JSON,
            fetch=fetch,
            overrides={"project": project},
        ),
        target,
        when=when,
        since=since,
        markdown=format_ is Format.MARKDOWN,
    )


app.command("review", cls=Command, epilog=REVIEW_EXAMPLES)(review)
app.command("check", cls=Command, epilog=CHECK_EXAMPLES)(check)
app.command("next-version", cls=Command, epilog=NEXT_VERSION_EXAMPLES)(next_version)
app.command("release", cls=Command, epilog=RELEASE_EXAMPLES)(release)


@app.command(cls=Command)
def init(
    force: Annotated[bool, typer.Option("--force", help="Write over a configuration that is there.")] = False,
    repo: options.Repo = Path(),
    quiet: options.Quiet = False,
) -> None:
    """Write a commented configuration, every option at its default.

    What is better for each metric at HEAD, as far as its name tells, stands there to be corrected. The tool
    works without a configuration.
    """
    from dvc_changelog.cli import commands
    from dvc_changelog.cli.request import Request

    commands.init(Request(repo=repo, verbosity=_verbosity(quiet=quiet, verbose=False)), force=force)


@app.command(cls=Command)
def demo(
    directory: Annotated[
        Path, typer.Argument(metavar="DIRECTORY", help="Where to build it; new or empty.")
    ] = Path("dvc-changelog-demo"),
    quiet: options.Quiet = False,
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
