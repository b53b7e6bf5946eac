"""The options of the commands: their flags, their help, the panel they stand in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


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
        "--repo",
        "-r",
        help="A place in the repository.",
        metavar="PATH",
        rich_help_panel=_RUN,
        show_default="here",
    ),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", help="The configuration file to use.", metavar="FILE", rich_help_panel=_RUN
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", rich_help_panel=_RUN)]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say what is done.", rich_help_panel=_RUN)]

Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        help="The file to update; - prints.",
        metavar="FILE",
        rich_help_panel=_WRITE,
        show_default="CHANGELOG.md",
    ),
]
OutputFormat = Annotated[
    Format,
    typer.Option("--format", "-f", help="How to write it.", rich_help_panel=_WRITE, case_sensitive=False),
]
TraceFormat = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        help="How to write it.",
        rich_help_panel=_WRITE,
        case_sensitive=False,
        show_default="a table on a terminal, else markdown",
    ),
]
Template = Annotated[
    Path | None,
    typer.Option(
        "--template",
        help="A Jinja2 file that replaces the entry of a release.",
        metavar="FILE",
        rich_help_panel=_WRITE,
    ),
]
Adopt = Annotated[
    bool,
    typer.Option(
        "--adopt",
        help="Take over a changelog written by hand or by another tool; its text stays.",
        rich_help_panel=_WRITE,
    ),
]
Check = Annotated[
    bool,
    typer.Option(
        "--check", help="Write nothing; exit 3 if the file is not up to date.", rich_help_panel=_WRITE
    ),
]
Fetch = Annotated[
    bool,
    typer.Option(
        "--fetch",
        help="Get metrics, params and directory listings that DVC's cache lacks from its remote, never data; "
        "tell what changed in the repositories of imports.",
        rich_help_panel=_RUN,
    ),
]

Range = Annotated[
    str | None, typer.Argument(metavar="RANGE", help="A..B: what B has and A has not. Default: all.")
]
Unreleased = Annotated[
    bool, typer.Option("--unreleased", "-u", help="Only what no release has yet.", rich_help_panel=_SELECT)
]
Latest = Annotated[
    bool, typer.Option("--latest", "-l", help="Only the latest release.", rich_help_panel=_SELECT)
]
Current = Annotated[
    bool, typer.Option("--current", help="Only the release checked out.", rich_help_panel=_SELECT)
]
Tag = Annotated[
    str | None,
    typer.Option(
        "--tag",
        "-t",
        help="Name the unreleased part (no tag is created).",
        metavar="NAME",
        rich_help_panel=_SELECT,
    ),
]
Bump = Annotated[
    bool,
    typer.Option(
        "--bump", help="Name the unreleased part by the version that follows.", rich_help_panel=_SELECT
    ),
]
BumpedVersion = Annotated[
    bool,
    typer.Option(
        "--bumped-version",
        help="Print the version that follows, as next-version does, and nothing else.",
        rich_help_panel=_SELECT,
    ),
]
WithTagMessage = Annotated[
    str | None,
    typer.Option(
        "--with-tag-message",
        help="What the message of that tag will say: told as if the tag were there.",
        metavar="TEXT",
        rich_help_panel=_SELECT,
    ),
]
TagPattern = Annotated[
    str | None,
    typer.Option(
        help="Only tags that match this regular expression are releases.",
        metavar="REGEX",
        rich_help_panel=_SELECT,
    ),
]
IgnoreTags = Annotated[
    list[str] | None,
    typer.Option(
        help="Tags that are no releases: their commits go to the next. Repeatable.",
        metavar="REGEX",
        rich_help_panel=_SELECT,
    ),
]
SkipTags = Annotated[
    list[str] | None,
    typer.Option(
        help="Releases to leave out with their commits, by tag. Repeatable.",
        metavar="REGEX",
        rich_help_panel=_SELECT,
    ),
]
AllTags = Annotated[
    bool, typer.Option("--all-tags", help="Take tags of other branches too.", rich_help_panel=_SELECT)
]
MergePrereleases = Annotated[
    bool,
    typer.Option(
        "--merge-prereleases",
        help="Fold prereleases into the release they led to.",
        rich_help_panel=_SELECT,
    ),
]
Artifact = Annotated[
    str | None,
    typer.Option(help="Only the releases of this artifact.", metavar="NAME", rich_help_panel=_SELECT),
]
Project = Annotated[
    str | None,
    typer.Option(
        metavar="PATH",
        help="Only this DVC project, seen from here or from the Git root; . is the one here.",
        rich_help_panel=_SELECT,
    ),
]
EachArtifact = Annotated[
    bool,
    typer.Option(
        "--each-artifact",
        help="A changelog for each artifact that has releases: -o 'changelogs/{artifact}.md'.",
        rich_help_panel=_SELECT,
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include-path",
        help="Only what happened below this glob. Repeatable.",
        metavar="GLOB",
        rich_help_panel=_SELECT,
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude-path",
        help="Leave out what happened below this glob. Repeatable.",
        metavar="GLOB",
        rich_help_panel=_SELECT,
    ),
]
Experiments = Annotated[
    bool,
    typer.Option(
        "--experiments", help="List the DVC experiments that were tried (refs/exps).", rich_help_panel=_SELECT
    ),
]
