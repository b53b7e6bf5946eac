"""Build the demo repository: the steps of the story, one commit each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from dvc_changelog.demo.acts import Step
from dvc_changelog.demo.story import PROPOSAL, PROPOSED, STORY
from dvc_changelog.demo.workshop import Workshop, workshop
from dvc_changelog.errors import UsageError


def build(directory: Path, say: Callable[[str], None]) -> Path:
    """Build the repository.

    in: a directory that is empty or not there yet, where a line of progress goes; out: the repository's root
    """
    remedy = "Name a new or empty directory: dvc-changelog demo DIR"
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"{directory} is a file.", remedy)
    if directory.is_dir() and any(directory.iterdir()):
        raise UsageError(f"{directory} is not empty.", remedy)
    directory.mkdir(parents=True, exist_ok=True)
    root = directory.resolve()
    with (
        TemporaryDirectory(prefix="dvc-changelog-demo-", ignore_cleanup_errors=True) as home,
        workshop(root, Path(home)) as place,
    ):
        for step in STORY:
            _take(place, step, say)
        place.dvc("push", "--quiet")
        say(f"On the branch {PROPOSED}, which waits for its review:")
        for step in PROPOSAL:
            _take(place, step, say)
        place.dvc("push", "--quiet")
        place.git("switch", "--quiet", "main")
        place.dvc("checkout", "--quiet")
    return root


def _take(place: Workshop, step: Step, say: Callable[[str], None]) -> None:
    """Do one step: its changes, its commit, its tags. in: the workshop, the step, where progress goes."""
    when = f"{step.day}T09:30:00+00:00"
    say(f"{step.day}  {step.message.partition(chr(10))[0]}")
    for change in step.changes:
        change(place)
    place.git("add", "--all")
    place.git("commit", "--quiet", "--no-verify", "--message", step.message, when=when, author=step.author)
    for tag in step.tags:
        if tag.message:
            place.git("tag", "--annotate", "--message", tag.message, tag.name, when=when, author=step.author)
        else:
            place.git("tag", tag.name)
        say(f"{tag.name}: {tag.tells}" if tag.tells else tag.name)
    if step.tags:
        place.dvc("push", "--quiet")
