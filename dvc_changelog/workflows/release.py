"""`release`: what is checked out becomes a version: checked, written, committed, tagged, all or nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import field, replace
from pathlib import Path

from dvc_changelog.config import Config
from dvc_changelog.config.stamp import stamp
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Finding, Level
from dvc_changelog.errors import UsageError
from dvc_changelog.history import History, landing, parse_tag
from dvc_changelog.render import markdown, tag_message
from dvc_changelog.workflows.artifacts import PLACE, path_of
from dvc_changelog.workflows.common import open_history, snapshots_of
from dvc_changelog.workflows.completing import Progress
from dvc_changelog.workflows.finding import of_rules
from dvc_changelog.workflows.generate import generate
from dvc_changelog.workflows.next_version import NextVersion, next_version
from dvc_changelog.workflows.readiness import unready
from dvc_changelog.workflows.version_files import stamped
from dvc_changelog.workflows.writing import edited


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a release does, and nothing of it done.

    `findings` are what must not be, and keep it from being carried out. `tag` is "" where nothing asks for
    a release, or what is asked for is this commit already; then there is nothing else either. `files` are
    the contents that it writes, by path from the Git root, `before` those that are there, None for a file
    that is new.
    """

    found: NextVersion
    findings: tuple[Finding, ...] = ()
    tag: str = ""
    files: Mapping[str, bytes] | None = None
    before: Mapping[str, bytes | None] | None = None
    message: str = ""
    tag_message: str = ""
    parent: str = ""
    timestamp: int = 0
    messages: tuple[str, ...] = ()


def planned(
    repo: History | Path | str = ".",
    *,
    tag: str = "",
    level: Level | None = None,
    pre: str = "",
    words: str = "",
    require_pushed: bool = False,
    allow: Collection[str] = (),
    config: Config | None = None,
    fetch: bool = False,
    progress: Progress | None = None,
) -> Plan:
    """Decide all of a release.

    Args:
        repo: any place in the repository, or one that is open.
        tag: the tag's name; by default that of the version that follows.
        level: see `next_version`.
        pre: see `next_version`.
        words: what the person says of the release, at the head of the tag's message and of the entry.
        require_pushed: also check that DVC's remotes have what DVC tracks.
        allow: kinds of findings that are let through.
        config: options; by default those of the repository's configuration file.
        fetch: see `generate`.
        progress: see `generate`.

    Raises:
        ChangelogError: see `generate` and `next_version`; a version file that cannot be set; the tag that was
            named stands on another commit.
    """
    history, config = open_history(repo, config)
    head = history.head()
    found = next_version(
        history, level=level, pre=pre, config=config, fetch=fetch, progress=progress, tag=tag
    )
    if tag:
        found = replace(found, again=_on_it(history, head, tag))
    if tag and found.artifact and parse_tag(tag).line != found.artifact:
        raise UsageError(
            f"{tag} is no version of {found.artifact}",
            f"Name one such as {found.artifact.replace(':', '=')}@v1.0.0, or leave --tag out.",
        )
    name = tag or (found.step.tag if found.step else "")
    if not name or found.again:
        return Plan(replace(found, step=None), messages=found.messages)
    version = found.step.version if found.step and not tag else _version(name)
    message = config.release_message.replace("{tag}", name).replace("{version}", version)
    there = _Files(history, head)
    stamps = _stamped(config, there, version, found.current)
    output, telling = _output(config, found.artifact)
    # Told as if the release's own commit were there: it has the version, and some text of the changelog.
    ahead = {**stamps, output: (there.read(output) or b"") + b"\n"}
    upper = landing.draft(history.git, head, ahead, message, history.at(head, "HEAD").timestamp)
    told = generate(
        *(history, f"..{upper}"),
        tag=name,
        tag_message=words or None,
        weighed=bool(config.template),
        config=telling,
        fetch=fetch,
        progress=progress,
    )
    (entry,) = (release for release in told.releases if release.head.version == name)
    template = history.git.root / config.template if config.template else None
    text = markdown.entry(entry, telling, template)
    files = {**stamps, output: edited(told, telling, history.git.root / output, template=template).data}
    if config.entry_in_commit:
        message = tag_message.commit_message(text, message, whole=output).removesuffix("\n")
    return Plan(
        found,
        _hindrances(history, config, found, require_pushed=require_pushed, allow=allow),
        tag=name,
        files=files,
        before={path: there.read(path) for path in files},
        message=f"{message}\n",
        tag_message=tag_message.message(text, name, words, whole=output, config=telling),
        parent=head,
        timestamp=entry.head.timestamp,
        messages=tuple(dict.fromkeys((*found.messages, *told.messages))),
    )


def carried_out(history: History, plan: Plan) -> None:
    """Do what a plan says, all of it or nothing.

    Raises:
        UsageError: something keeps it from being done.
        GitError: see `landing`.
    """
    if plan.findings or not plan.tag:
        raise UsageError("There is nothing to carry out", "See what keeps it: `findings`.")
    ready = landing.prepare(
        history.git,
        files=plan.files or {},
        message=plan.message,
        tag=plan.tag,
        tag_message=plan.tag_message,
        timestamp=plan.timestamp,
        parent=plan.parent,
    )
    landing.land(history.git, ready)


def _output(config: Config, artifact: str) -> tuple[str, Config]:
    """The changelog that is written, and the options that tell it: of one artifact only in its own file."""
    if config.output == "-":
        raise UsageError("A release needs a changelog file", "Set `output` to one, or leave it out.")
    if PLACE in config.output:
        if not artifact:
            raise UsageError(
                f"{config.output} names no file: which artifact is meant?", "Add --artifact NAME."
            )
        return path_of(config.output, artifact), config.replace(artifact=artifact)
    return config.output, config.replace(artifact="")


def _on_it(history: History, head: str, tag: str) -> str:
    """The tag if it stands on this commit, "" where there is none of the name. UsageError: on another one."""
    there = next((found.commit_id for found in history.all_tags if found.name.text == tag), "")
    if there and there != head:
        raise UsageError(
            f"The tag {tag} exists already: it stands on {there[:7]}",
            "It is not moved. Name another one, or leave --tag out.",
        )
    return tag if there else ""


def _hindrances(
    history: History, config: Config, found: NextVersion, *, require_pushed: bool, allow: Collection[str]
) -> tuple[Finding, ...]:
    """All that must not be, but for what is let through."""
    # The changelog need not be in Git yet: it is brought up to date in place, and nothing of it is lost.
    written = tuple(dict.fromkeys(stamp(text).path for text in config.version_files))
    snapshots = snapshots_of(history, config)
    return (
        *unready(
            *(history, snapshots, found.release), written=written, require_pushed=require_pushed, allow=allow
        ),
        *(finding for finding in of_rules(found.forbidden) if finding.kind not in allow),
    )


def _version(tag: str) -> str:
    """The version in a tag that a person named, else the tag."""
    found = re.search(r"(?:^|[@_/-])[vV]?(\d[\w.+-]*)$", tag)
    return found[1] if found else tag


def _stamped(config: Config, there: _Files, version: str, current: str) -> Mapping[str, bytes]:
    before = _version(current) if current else ""
    return stamped(config.version_files, there.read, version, current=before, paths=lambda: there.paths)


@dataclass(slots=True)
class _Files:
    """The files that a commit has, as they lie in the working tree."""

    history: History
    commit_id: str
    paths: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.paths = self.history.files(self.commit_id)

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None for one that Git does not have."""
        place = self.history.git.root / path
        return place.read_bytes() if path in self.paths and place.is_file() else None
