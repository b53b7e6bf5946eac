"""From a command's arguments to a workflow, and from its result to text and an exit code."""

from __future__ import annotations

import os
import posixpath
import time
from pathlib import Path

from dvc_changelog import config as configuration
from dvc_changelog import workflows
from dvc_changelog.cli import console, versions
from dvc_changelog.cli.console import Verbosity
from dvc_changelog.cli.delivery import delivered
from dvc_changelog.cli.request import Request, from_root, opened, part_of, place_of
from dvc_changelog.config import Config
from dvc_changelog.errors import DocumentError, UsageError
from dvc_changelog.history import Git, History
from dvc_changelog.workflows import Part

_RULES = "`metric-rules` says what is better for the metrics here, by their names: correct it."


def generate(request: Request) -> int:
    """`dvc-changelog generate`: the exit code, 3 where `--check` finds a file not up to date."""
    part = part_of(request)
    history, config = opened(request)
    if request.bumped_version:
        return versions.next_version(request, bump=None, pre="", explain=False, fail_if_none=False)
    tag = versions.following(request, history, config) if request.bump else request.tag
    root = history.git.root
    output = request.output or ("-" if request.json else config.output)
    if request.overrides.get("project") and not request.output and output != "-":
        output = posixpath.join(config.project, output)  # each project has its own
        config = config.replace(output=posixpath.normpath(output))
    if request.output:  # then this is the file whose own commits are no news
        config = config.replace(output=from_root(root, request.output))
    if request.each:
        return _generate_each(request, part, history, config, output)
    if workflows.PLACE in output and not config.artifact:
        raise UsageError(
            f"{output} names no file: which artifact is meant?", "Add --each-artifact or --artifact NAME."
        )
    if request.check and output == "-":
        raise UsageError("--check needs a file to look at", "Leave `--output -` and `--format json` out.")
    started = time.perf_counter()
    with console.progress(request.verbosity) as step:
        changelog = workflows.generate(
            *(history, request.range),
            part=part,
            tag=tag,
            tag_message=request.tag_message if tag or not request.bump else None,
            weighed=request.json or bool(request.template or config.template),
            config=config,
            fetch=request.fetch,
            progress=step,
        )
    for message in changelog.messages:
        console.remark(message, request.verbosity)
    _say_time(request, started, len(changelog.releases))
    return delivered(changelog, config, output, history, request)


def _generate_each(request: Request, part: Part, history: History, config: Config, output: str) -> int:
    """`--each-artifact`: all is told before the first file is written; the exit code is that of the worst."""
    _refuse_with_each(request, output)
    started = time.perf_counter()

    def written(artifact: str) -> bool:
        return place_of(workflows.path_of(output, artifact), request, history).exists()

    with console.progress(request.verbosity) as step:
        told = list(
            workflows.generate_each(
                *(history, request.range),
                part=part,
                config=config,
                fetch=request.fetch,
                progress=step,
                kept=written,
            )
        )
    _say_time(request, started, sum(len(changelog.releases) for _, changelog in told))
    shared = set.intersection(*(set(changelog.messages) for _, changelog in told))
    for message in sorted(shared, key=told[0][1].messages.index):  # of the repository, not of an artifact
        console.remark(message, request.verbosity)
    code = 0
    for name, changelog in told:
        for message in changelog.messages:
            if message not in shared:
                console.remark(f"{name}: {message}", request.verbosity)
        code = max(code, delivered(changelog, config, output, history, request))
    return code


def _refuse_with_each(request: Request, output: str) -> None:
    if workflows.PLACE not in output:
        raise UsageError(
            "--each-artifact needs a path with {artifact} in it",
            f"For example --output 'changelogs/{{artifact}}.{'json' if request.json else 'md'}'.",
        )
    artifact = request.overrides.get("artifact")
    refused = {
        "--artifact": artifact,
        "--tag": request.tag,
        "--bump": request.bump,
        "--with-tag-message": request.tag_message,
        "--current": request.current,
    }
    for name, given in refused.items():
        if given:
            raise UsageError(f"--each-artifact and {name} exclude each other", "Give one of them.")


def _say_time(request: Request, started: float, number: int, what: str = "release") -> None:
    if request.verbosity is Verbosity.VERBOSE:
        plural = "" if number == 1 else "s"
        console.remark(f"Read {number:,} {what}{plural} in {time.perf_counter() - started:.2f} s.")


def show(request: Request, version: str | None) -> None:
    """`dvc-changelog show`: one release, drawn."""
    from dvc_changelog.render import terminal

    history, config = opened(request)
    with console.progress(request.verbosity) as step:
        changelog = workflows.generate(
            history,
            version=version,
            newest=not version,
            weighed=False,
            config=config.replace(all_tags=True) if version else config,
            fetch=request.fetch,
            progress=step,
        )
    for message in changelog.messages:
        console.remark(message, request.verbosity)
    if not changelog.releases:
        raise UsageError(
            "There is nothing to show yet: no tag, and no commit but the changelog's",
            "Commit something first.",
        )
    terminal.draw(changelog.releases[0], config)


def init(request: Request, *, force: bool) -> None:
    """`dvc-changelog init`: the commented configuration at the repository's root."""
    root = Git(request.repo).root
    present = configuration.existing(root)
    path = configuration.init_path(root)
    if present and not (force and root / present == path):
        raise UsageError(
            f"There is a configuration already: {present}",
            "Edit it, or write over dvc-changelog.toml with --force."
            if root / present == path
            else "Edit it.",
        )
    rules, unread = workflows.metric_rules(root)
    try:
        path.write_text(configuration.template_text(rules), encoding="utf-8")
    except OSError as error:
        raise DocumentError(
            str(path), f"cannot be written: {error.strerror}", "Check the directory's permissions."
        ) from error
    console.remark(
        f"Wrote {path.name}; every option is at its default, remove the # of those you change."
        + (f" {_RULES}" if any(rules.values()) else ""),
        request.verbosity,
    )
    if unread:
        more = f" and {len(unread) - 1:,} more" if len(unread) > 1 else ""
        console.remark(
            f"Of the metrics in {unread[0]}{more} it says nothing: they cannot be read here.",
            request.verbosity,
        )


def demo(directory: Path, verbosity: Verbosity) -> None:
    """`dvc-changelog demo`: the repository, its changelog, and what to try next."""
    from dvc_changelog.demo import build

    root = build(directory, lambda text: console.remark(f"  {text}", verbosity))
    config = configuration.load(root, None, {})
    changelog = workflows.generate(root, config=config)
    written = workflows.write(changelog, config, root / config.output)
    shown = os.path.relpath(written.path)
    console.remark(f"\nWrote {shown}. Try next:", verbosity)
    for command in ("show", "review main...smaller-vocabulary", "next-version --explain"):
        console.remark(f"  dvc-changelog {command} -r {os.path.relpath(root)}", verbosity)
