"""The commands of a pull request, for `app`: their arguments and what they mean."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dvc_changelog.cli import options
from dvc_changelog.cli.console import Verbosity

_COMPARED = "What is compared"
_RESULT = "Where the result goes"
_COMMENT = "The pull request's comment"

REVIEW_EXAMPLES = (
    "Examples: `dvc-changelog review`, `dvc-changelog review v1.0.0 v1.1.0`, "
    "`dvc-changelog review HEAD --workspace`, `dvc-changelog review --post --fail-on threshold,undocumented`."
)
CHECK_EXAMPLES = (
    "Examples: `dvc-changelog check`, `dvc-changelog check --fail-on threshold,stale-lock`, "
    "`dvc-changelog check --format junit --output report.xml`."
)


class Report(StrEnum):
    """How a review is written."""

    MARKDOWN = "markdown"
    JSON = "json"
    JUNIT = "junit"


class CheckReport(StrEnum):
    """How a check is written."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"


Base = Annotated[
    str | None,
    typer.Argument(
        metavar="BASE",
        help="The branch that this one goes to, or a tag or commit; or a range, A..B or A...B.",
        show_default="the pull request's target, else the default branch",
    ),
]
Head = Annotated[
    str | None,
    typer.Argument(metavar="HEAD", help="Then BASE and HEAD are compared as they are.", show_default="HEAD"),
]
Workspace = Annotated[
    bool,
    typer.Option(
        "--workspace",
        help="Describe the working tree, uncommitted changes included; with HEAD as BASE these alone.",
        rich_help_panel=_COMPARED,
    ),
]
Deepen = Annotated[
    bool,
    typer.Option(
        "--deepen",
        help="Get the target branch and the history that a shallow clone lacks from its Git remote.",
        rich_help_panel=_COMPARED,
    ),
]
FailOn = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        help="Exit with 3 for any of these, with commas between: threshold, regression, unreadable, "
        "undocumented, stale-lock, outdated; none for nothing.",
        metavar="KINDS",
        rich_help_panel=_RESULT,
    ),
]
Written = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write it there.", metavar="FILE", rich_help_panel=_RESULT),
]
Annotations = Annotated[
    bool | None,
    typer.Option(
        "--annotations/--no-annotations",
        help="Annotate the files at fault, and write the job's summary.",
        rich_help_panel=_RESULT,
        show_default="in GitHub Actions",
    ),
]


def review(
    base: Base = None,
    head: Head = None,
    workspace: Workspace = False,
    deepen: Deepen = False,
    fail_on: FailOn = None,
    format_: Annotated[
        Report | None,
        typer.Option(
            "--format",
            "-f",
            help="How to write it.",
            rich_help_panel=_RESULT,
            case_sensitive=False,
            show_default="a table on a terminal, else markdown",
        ),
    ] = None,
    output: Written = None,
    annotations: Annotations = None,
    post: Annotated[
        bool,
        typer.Option("--post", help="Create it, or bring it up to date.", rich_help_panel=_COMMENT),
    ] = False,
    identity: Annotated[
        str,
        typer.Option(
            "--id",
            help="Which one, where several reviews comment on one pull request.",
            metavar="NAME",
            rich_help_panel=_COMMENT,
        ),
    ] = "default",
    number: Annotated[
        int,
        typer.Option(
            "--number",
            min=0,
            help="The pull request's number.",
            metavar="N",
            rich_help_panel=_COMMENT,
            show_default="as CI says",
        ),
    ] = 0,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            "-n",
            help="Print what --post would write, and where; send nothing.",
            rich_help_panel=_COMMENT,
        ),
    ] = False,
    plots: Annotated[
        Path | None,
        typer.Option(
            "--plots",
            help="Draw plots, and the metrics over the last releases, into this directory; "
            "with --post also for the comment.",
            metavar="DIR",
            rich_help_panel=_COMMENT,
        ),
    ] = None,
    plots_branch: Annotated[
        str,
        typer.Option(
            "--plots-branch",
            help="The branch that keeps the images of comments.",
            metavar="NAME",
            rich_help_panel=_COMMENT,
        ),
    ] = "dvc-changelog-plots",
    template: options.Template = None,
    project: options.Project = None,
    experiments: options.Experiments = False,
    include_path: options.Include = None,
    exclude_path: options.Exclude = None,
    fetch: options.Fetch = False,
    config: options.ConfigFile = None,
    repo: options.Repo = Path(),
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> None:
    """Tell a reviewer what a branch does to data, models, params and metrics.

    With BASE alone, or none, a branch is compared with where it parted from BASE: what landed there meanwhile
    is not its doing. Two revisions are compared as they are. A metric beyond its limit makes it fail, with
    exit code 3.
    """
    from dvc_changelog.cli import reviewing
    from dvc_changelog.cli.posting import Comment
    from dvc_changelog.cli.request import Request

    request = Request(
        repo=repo,
        config=config,
        verbosity=_verbosity(quiet=quiet, verbose=verbose),
        output=str(output) if output else None,
        template=template,
        fetch=fetch,
        overrides={
            "project": project,
            "experiments": experiments or None,
            "include_paths": include_path or None,
            "exclude_paths": exclude_path or None,
            "fail_on": reviewing.kinds(fail_on),
        },
    )
    identity = identity.strip() or "default"  # what a variable of CI holds may be empty
    comment = Comment(identity, number, plots_branch, posted=post or dry_run, dry_run=dry_run)
    compared = reviewing.Compared(base, head, workspace=workspace, deepen=deepen)
    report = format_.value if format_ else ""
    with reviewing.failures_annotated(annotations):
        code = reviewing.review(request, compared, report, comment, plots=plots, annotated=annotations)
    raise typer.Exit(code)


def check(
    base: Base = None,
    head: Head = None,
    workspace: Workspace = False,
    deepen: Deepen = False,
    fail_on: FailOn = None,
    format_: Annotated[
        CheckReport,
        typer.Option(
            "--format", "-f", help="How to write it.", rich_help_panel=_RESULT, case_sensitive=False
        ),
    ] = CheckReport.TEXT,
    output: Written = None,
    annotations: Annotations = None,
    project: options.Project = None,
    include_path: options.Include = None,
    exclude_path: options.Exclude = None,
    fetch: options.Fetch = False,
    config: options.ConfigFile = None,
    repo: options.Repo = Path(),
    verbose: options.Verbose = False,
    quiet: options.Quiet = False,
) -> None:
    """Look for what a branch must not have, and fail if it does, with exit code 3.

    A metric beyond its limit, what cannot be read, a model or source data changed without a `Reason:` in a
    commit, a pipeline that did not run since its inputs changed, a changelog out of date. Each is told with
    the commit, the file and the command that mends it.
    """
    from dvc_changelog.cli import reviewing
    from dvc_changelog.cli.request import Request

    request = Request(
        repo=repo,
        config=config,
        verbosity=_verbosity(quiet=quiet, verbose=verbose),
        output=str(output) if output else None,
        fetch=fetch,
        overrides={
            "project": project,
            "include_paths": include_path or None,
            "exclude_paths": exclude_path or None,
            "fail_on": reviewing.kinds(fail_on),
        },
    )
    compared = reviewing.Compared(base, head, workspace=workspace, deepen=deepen)
    with reviewing.failures_annotated(annotations):
        code = reviewing.check(request, compared, format_.value, annotated=annotations)
    raise typer.Exit(code)


def _verbosity(*, quiet: bool, verbose: bool) -> Verbosity:
    if quiet:
        return Verbosity.QUIET
    return Verbosity.VERBOSE if verbose else Verbosity.NORMAL
