"""Where a changelog goes: to stdout or into its file, and the exit code that follows."""

from __future__ import annotations

import os
from pathlib import Path

from dvc_changelog import workflows
from dvc_changelog.cli import console
from dvc_changelog.cli.request import Request, place_of, template_of
from dvc_changelog.config import Config
from dvc_changelog.domain import Changelog
from dvc_changelog.errors import DocumentError
from dvc_changelog.history import History, parse_tag


def delivered(changelog: Changelog, config: Config, output: str, history: History, request: Request) -> int:
    """Print the changelog, or bring it into its file; the exit code."""
    template = template_of(request, config, history.git.root)
    config = config.replace(artifact=changelog.artifact)
    output = workflows.path_of(output, changelog.artifact)
    if request.json:
        return _put_json(changelog, output, history, request)
    if output == "-":
        from dvc_changelog.render import markdown

        console.put(markdown.document(changelog, config, template))
        return 0
    return _to_file(changelog, config, place_of(output, request, history), request, template)


def _put_json(changelog: Changelog, output: str, history: History, request: Request) -> int:
    from dvc_changelog import changelog_file
    from dvc_changelog.render import json_

    text = json_.document(changelog)
    if output == "-":
        console.put(text)
        return 0
    path = place_of(output, request, history)
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
        return console.CHECK_FAILED
    else:
        console.remark(f"{'Updated' if existed else 'Wrote'} {shown}.", request.verbosity)
    return 0
