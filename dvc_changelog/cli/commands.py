"""From a command's arguments to a workflow, and from its result to text and an exit code."""

from __future__ import annotations

import os
import posixpath
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dvc_changelog import config as configuration
from dvc_changelog import workflows
from dvc_changelog.cli import console
from dvc_changelog.cli.console import Verbosity
from dvc_changelog.config import Config
from dvc_changelog.domain import Changelog
from dvc_changelog.errors import DocumentError, UsageError
from dvc_changelog.history import Git, History, parse_tag
from dvc_changelog.workflows import Part

_CHECK_FAILED = 3


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
    output: str | None = None
    json: bool = False
    template: Path | None = None
    adopt: bool = False
    check: bool = False
    fetch: bool = False
    each: bool = False
    overrides: Mapping[str, object] = field(default_factory=dict)


def generate(request: Request) -> int:
    """`dvc-changelog generate`: the exit code, 3 where `--check` finds a file not up to date."""
    part = _part(request)
    history, config = _opened(request)
    root = history.git.root
    output = request.output or ("-" if request.json else config.output)
    if request.overrides.get("project") and not request.output and output != "-":
        output = posixpath.join(config.project, output)  # each project has its own
        config = config.replace(output=posixpath.normpath(output))
    if request.output:  # then this is the file whose own commits are no news
        config = config.replace(output=_within(root, request.output))
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
            tag=request.tag,
            config=config,
            fetch=request.fetch,
            progress=step,
        )
    for message in changelog.messages:
        console.remark(message, request.verbosity)
    _say_time(request, started, len(changelog.releases))
    return _delivered(changelog, config, output, history, request)


def _generate_each(request: Request, part: Part, history: History, config: Config, output: str) -> int:
    """`--each-artifact`: all is told before the first file is written; the exit code is that of the worst."""
    _refuse_with_each(request, output)
    started = time.perf_counter()

    def written(artifact: str) -> bool:
        return _place(workflows.path_of(output, artifact), request, history).exists()

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
        code = max(code, _delivered(changelog, config, output, history, request))
    return code


def _refuse_with_each(request: Request, output: str) -> None:
    if workflows.PLACE not in output:
        raise UsageError(
            "--each-artifact needs a path with {artifact} in it",
            f"For example --output '{{artifact}}/{'changelog.json' if request.json else 'CHANGELOG.md'}'.",
        )
    artifact = request.overrides.get("artifact")
    refused = {"--artifact": artifact, "--tag": request.tag, "--current": request.current}
    for name, given in refused.items():
        if given:
            raise UsageError(f"--each-artifact and {name} exclude each other", "Give one of them.")


def _say_time(request: Request, started: float, number: int, what: str = "release") -> None:
    if request.verbosity is Verbosity.VERBOSE:
        plural = "" if number == 1 else "s"
        console.remark(f"Read {number:,} {what}{plural} in {time.perf_counter() - started:.2f} s.")


def _delivered(changelog: Changelog, config: Config, output: str, history: History, request: Request) -> int:
    """Print the changelog, or bring it into its file; the exit code."""
    template = _template(request, config, history.git.root)
    config = config.replace(artifact=changelog.artifact)
    output = workflows.path_of(output, changelog.artifact)
    if request.json:
        return _put_json(changelog, output, history, request)
    if output == "-":
        from dvc_changelog.render import markdown

        console.put(markdown.document(changelog, config, template))
        return 0
    return _to_file(changelog, config, _place(output, request, history), request, template)


def review(request: Request, base: str | None, head: str | None, *, workspace: bool) -> None:
    """`dvc-changelog review`: the entry of two revisions on stdout."""
    if workspace and head:
        raise UsageError(f"--workspace describes the working tree, not {head}", "Leave one of them out.")
    if not base and not workspace:
        raise UsageError(
            "There is nothing to compare with", "Name a revision, or tell what is not committed: --workspace."
        )
    history, config = _opened(request)
    started = time.perf_counter()
    with console.progress(request.verbosity) as step:
        told = workflows.review(
            *(history, base or "HEAD", head or "HEAD"),
            config=config,
            workspace=workspace,
            fetch=request.fetch,
            progress=step,
        )
    for message in told.messages:
        console.remark(message, request.verbosity)
    _say_time(request, started, 2, "revision")
    if request.json:
        from dvc_changelog.render import json_

        console.put(json_.review(told))
    else:
        from dvc_changelog.render import markdown

        template = _template(request, config, history.git.root)
        console.put(markdown.entry(told, config, template))


def show(request: Request, version: str | None) -> None:
    """`dvc-changelog show`: one release, drawn."""
    from dvc_changelog.render import terminal

    history, config = _opened(request)
    with console.progress(request.verbosity) as step:
        changelog = workflows.generate(
            history,
            version=version,
            newest=not version,
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
    try:
        path.write_text(configuration.template_text(), encoding="utf-8")
    except OSError as error:
        raise DocumentError(
            str(path), f"cannot be written: {error.strerror}", "Check the directory's permissions."
        ) from error
    console.remark(
        f"Wrote {path.name}; every option is at its default, remove the # of those you change.",
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
    for command in ("show", "review v1.0.0 v1.1.0", "generate --check"):
        console.remark(f"  dvc-changelog {command} -r {os.path.relpath(root)}", verbosity)


def _part(request: Request) -> Part:
    asked = [
        (request.unreleased, Part.UNRELEASED, "--unreleased"),
        (request.latest, Part.LATEST, "--latest"),
        (request.current, Part.CURRENT, "--current"),
    ]
    chosen = [(part, name) for given, part, name in asked if given]
    if len(chosen) > 1:
        raise UsageError(f"{chosen[0][1]} and {chosen[1][1]} exclude each other", "Give one of them.")
    return chosen[0][0] if chosen else Part.ALL


def _opened(request: Request) -> tuple[History, Config]:
    history = History(request.repo)
    config = configuration.load(history.git.root, request.config, os.environ)
    overrides = dict(request.overrides)
    if project := overrides.get("project"):
        overrides["project"] = _from_root(history, request.repo, str(project))
    return history, config.replace(**overrides)


def _from_root(history: History, here: Path, project: str) -> str:
    """A project's directory, relative to the root: seen from here where there is such a directory."""
    top, path = history.git.root.resolve(), (here / project).resolve()
    seen_here = path.is_dir() and path.is_relative_to(top) and not history.git.bare
    return path.relative_to(top).as_posix() if seen_here else project


def _template(request: Request, config: Config, root: Path) -> Path | None:
    if request.template:
        return request.template
    return root / config.template if config.template else None


def _place(output: str, request: Request, history: History) -> Path:
    """A file named on the command line is seen from here; one of the configuration from the root."""
    if request.output:
        return Path(output)
    if history.git.bare:
        raise UsageError(
            "A bare repository has no place for a changelog", "Name one with --output, or print with -o -."
        )
    return history.git.root / output


def _within(root: Path, output: str) -> str | None:
    """A file named on the command line, relative to the root; None where it lies elsewhere, or is no file."""
    path, top = Path(output).resolve(), root.resolve()
    return path.relative_to(top).as_posix() if output != "-" and path.is_relative_to(top) else None


def _put_json(changelog: Changelog, output: str, history: History, request: Request) -> int:
    from dvc_changelog import changelog_file
    from dvc_changelog.render import json_

    text = json_.document(changelog)
    if output == "-":
        console.put(text)
        return 0
    path = _place(output, request, history)
    before = changelog_file.read(path)
    if before.text.strip() and not before.text.lstrip().startswith("{"):
        raise DocumentError(str(path), "holds something else than JSON", "Name another file, or - to print.")
    changed = text != before.text
    if not request.check:
        changelog_file.write(path, changelog_file.Document(""), text)
    return _outcome(path, request, changed=changed, existed=before.existed)


def _to_file(
    changelog: Changelog, config: Config, path: Path, request: Request, template: Path | None
) -> int:
    if request.overrides.get("artifact") and not request.output:
        _refuse_a_mixture(changelog.artifact, path)
    written = workflows.write(
        changelog, config, path, adopt=request.adopt, dry=request.check, template=template
    )
    if written.kept:
        what = written.kept[0] if len(written.kept) == 1 else f"{len(written.kept):,} releases"
        verb = "stays as it is" if len(written.kept) == 1 else "stay as they are"
        console.remark(f"{what} {verb}: the file has values that cannot be read here.", request.verbosity)
    return _outcome(path, request, changed=written.changed, existed=written.existed)


def _refuse_a_mixture(artifact: str, path: Path) -> None:
    """One artifact's releases go into the changelog of all only where the file was named."""
    from dvc_changelog import changelog_file

    keys = changelog_file.keys(changelog_file.read(path).text, str(path))
    other = [key for key in keys if key != changelog_file.UNRELEASED and parse_tag(key).line != artifact]
    if other:
        raise DocumentError(
            os.path.relpath(path),
            f"has releases that are none of {artifact}, such as {other[0]}",
            f"Name the file of the artifact with --output, for example '{workflows.PLACE}/CHANGELOG.md'.",
        )


def _outcome(path: Path, request: Request, *, changed: bool, existed: bool) -> int:
    """Say what became of the file, or would have."""
    shown = min(os.path.relpath(path), str(path.resolve()), key=len)
    if not changed:
        console.remark(f"{shown} is up to date{'' if request.check else ' already'}.", request.verbosity)
    elif request.check:
        console.complain(f"{shown} is not up to date", "Run the same without --check.")
        return _CHECK_FAILED
    else:
        console.remark(f"{'Updated' if existed else 'Wrote'} {shown}.", request.verbosity)
    return 0
