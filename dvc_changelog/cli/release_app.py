"""The commands of versions and releases, for `app`: their arguments and what they mean."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dvc_changelog.cli import options
from dvc_changelog.cli.console import Verbosity

_VERSION = "Which version"
_CHECKS = "What is checked"

NEXT_VERSION_EXAMPLES = (
    "Examples: `dvc-changelog next-version --explain`, `dvc-changelog next-version --pre rc`, "
    "`dvc-changelog next-version --artifact churn`, "
    "`git tag -a $(dvc-changelog next-version --fail-if-none)`."
)

RELEASE_EXAMPLES = (
    "Examples: `dvc-changelog release --dry-run`, `dvc-changelog release --push`, "
    "`dvc-changelog release --pre rc`, `dvc-changelog release --artifact churn`."
)


class Steps(StrEnum):
    """The levels that a person can ask for."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"


class Answer(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"


Bump = Annotated[
    Steps | None,
    typer.Option(
        "--bump",
        help="Take this level, whatever the changes ask for.",
        rich_help_panel=_VERSION,
        case_sensitive=False,
    ),
]
Pre = Annotated[
    str,
    typer.Option(
        "--pre",
        help="A prerelease of this word, as rc in v1.2.0-rc.1; without it the stable version.",
        metavar="WORD",
        rich_help_panel=_VERSION,
    ),
]
FailIfNone = Annotated[
    bool,
    typer.Option("--fail-if-none", help="Exit with 3 if nothing asks for one.", rich_help_panel=_VERSION),
]
OfArtifact = Annotated[
    str | None,
    typer.Option(
        "--artifact",
        help="The version of this artifact, from what concerns it; its tag as GTO has it.",
        metavar="NAME",
        rich_help_panel=_VERSION,
    ),
]


def next_version(
    explain: Annotated[bool, typer.Option("--explain", "-e", help="Tell what asks for which level.")] = False,
    bump: Bump = None,
    pre: Pre = "",
    artifact: OfArtifact = None,
    fail_if_none: FailIfNone = False,
    format_: Annotated[
        Answer, typer.Option("--format", "-f", help="How to write it.", case_sensitive=False)
    ] = Answer.TEXT,
    tag_pattern: options.TagPattern = None,
    ignore_tags: options.IgnoreTags = None,
    all_tags: options.AllTags = False,
    project: options.Project = None,
    include_path: options.Include = None,
    exclude_path: options.Exclude = None,
    fetch: options.Fetch = False,
    config: options.ConfigFile = None,
    repo: options.Repo = Path(),
    quiet: options.Quiet = False,
) -> None:
    """Print the tag of the next version, decided by what changed in data, models and code.

    A removed model makes a major version, one retrained on new data a minor one, other hyperparameters or a
    fix a patch. Nothing is created. Where nothing asks for a version, it is the current one.
    """
    from dvc_changelog.cli import versions
    from dvc_changelog.cli.request import Request

    request = Request(
        repo=repo,
        config=config,
        verbosity=Verbosity.QUIET if quiet else Verbosity.NORMAL,
        json=format_ is Answer.JSON,
        fetch=fetch,
        overrides={
            "tag_pattern": tag_pattern,
            "ignore_tags": ignore_tags or None,
            "all_tags": all_tags or None,
            "artifact": artifact,
            "project": project,
            "include_paths": include_path or None,
            "exclude_paths": exclude_path or None,
        },
    )
    level = bump.value if bump else None
    raise typer.Exit(
        versions.next_version(request, bump=level, pre=pre, explain=explain, fail_if_none=fail_if_none)
    )


def release(
    bump: Bump = None,
    pre: Pre = "",
    tag: Annotated[
        str | None,
        typer.Option(
            "--tag",
            "-t",
            help="Name the tag yourself, whatever follows.",
            metavar="NAME",
            rich_help_panel=_VERSION,
        ),
    ] = None,
    artifact: OfArtifact = None,
    fail_if_none: FailIfNone = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Show all that would be done, and do nothing.")
    ] = False,
    push: Annotated[
        bool, typer.Option("--push", help="Push the branch and the tag; nothing is pushed without it.")
    ] = False,
    with_tag_message: Annotated[
        str,
        typer.Option(
            "--with-tag-message",
            "-m",
            help="Your words, at the head of the tag's message and of the entry.",
            metavar="TEXT",
        ),
    ] = "",
    require_pushed: Annotated[
        bool,
        typer.Option(
            "--require-pushed",
            help="Check that DVC's remotes have all that DVC tracks.",
            rich_help_panel=_CHECKS,
        ),
    ] = False,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            "--allow",
            help="Let this through: dirty, stale-lock, altered-data, not-pushed, threshold, unreadable, "
            "policy. Repeatable.",
            metavar="CHECK",
            rich_help_panel=_CHECKS,
        ),
    ] = None,
    all_tags: options.AllTags = False,
    fetch: options.Fetch = False,
    config: options.ConfigFile = None,
    repo: options.Repo = Path(),
    quiet: options.Quiet = False,
) -> None:
    """Release what is checked out: check, decide the version, write, commit and tag, all or nothing.

    The tree must be clean, dvc.lock up to date and no metric beyond its limit. CHANGELOG.md and the files of
    `version-files` are written and committed, and the commit gets an annotated tag that carries the entry,
    signed if Git is set so. Run again it does nothing; an existing tag is never moved. Git's hooks are not
    run.
    """
    from dvc_changelog.cli import releasing
    from dvc_changelog.cli.request import Request

    request = Request(
        repo=repo,
        config=config,
        verbosity=Verbosity.QUIET if quiet else Verbosity.NORMAL,
        tag=tag,
        fetch=fetch,
        overrides={"artifact": artifact, "all_tags": all_tags or None},
    )
    raise typer.Exit(
        releasing.release(
            request,
            bump=bump.value if bump else None,
            pre=pre,
            words=with_tag_message,
            require_pushed=require_pushed,
            allow=allow or [],
            push=push,
            dry_run=dry_run,
            fail_if_none=fail_if_none,
        )
    )
