"""`next-version`: from its arguments to the version on stdout, why it is that one, and the exit code."""

from __future__ import annotations

import json
import sys

from dvc_changelog import workflows
from dvc_changelog.cli import console
from dvc_changelog.cli.request import Request, opened
from dvc_changelog.config import LEVELS, Config
from dvc_changelog.domain import Level
from dvc_changelog.errors import UsageError
from dvc_changelog.history import History
from dvc_changelog.workflows import NextVersion


def level_of(bump: str | None) -> Level | None:
    """The level that a person wants; None where what changed decides."""
    return LEVELS[bump] if bump else None


def next_version(request: Request, *, bump: str | None, pre: str, explain: bool, fail_if_none: bool) -> int:
    """`dvc-changelog next-version`: the exit code, 3 where a rule forbids it or nothing asks for it."""
    history, config = opened(request)
    with console.progress(request.verbosity) as step:
        found = workflows.next_version(
            history, level=level_of(bump), pre=pre, config=config, fetch=request.fetch, progress=step
        )
    for message in found.messages:
        console.remark(message, request.verbosity)
    if request.json:
        console.put(json.dumps(_data(found), indent=2, ensure_ascii=False) + "\n")
    else:
        # What must not be is not printed: `git tag $(dvc-changelog next-version)` sees no exit code.
        console.put(f"{found.tag}\n" if found.tag and not found.refused else "")
        if explain:
            put_reasons(found)
    return outcome(found, request, fail_if_none=fail_if_none)


def following(request: Request, history: History, config: Config) -> str | None:
    """The tag of what follows, for the unreleased part; None where nothing asks for it.

    Raises:
        UsageError: `--tag` names one, too; or a rule forbids it.
    """
    if request.tag:
        raise UsageError("--bump and --tag exclude each other", "Give one of them.")
    found = workflows.next_version(history, config=config, fetch=request.fetch)
    if found.refused:
        why = found.refused[0]
        raise UsageError(
            f"No release may follow: {why.why} ({why.rule} of `bump-rules`)", "Name the part with --tag."
        )
    return found.step.tag if found.step else None


def outcome(found: NextVersion, request: Request, *, fail_if_none: bool) -> int:
    """Say what stands in the way of a version, or that none follows; the exit code."""
    if found.refused:
        for forbidden in found.refused:
            console.complain(
                f"No {found.level.name.lower()} release: {forbidden.why} ({forbidden.rule} of `bump-rules`)"
            )
        return console.CHECK_FAILED
    if found.step is None:
        since = f" since {found.current}" if found.current else ""
        what = f"Nothing asks for a new version{since}; --bump LEVEL makes one all the same."
        if found.again:
            what = f"Nothing asks for a new version: this commit is {found.again} already."
        if fail_if_none:
            console.complain(what)
            return console.CHECK_FAILED
        console.remark(what, request.verbosity)
    return 0


def put_reasons(found: NextVersion) -> None:
    """What asked for which level: a table on a terminal, else plain lines."""
    from dvc_changelog.render import explain

    head, *rest = explain.lines(*(found.bump, found.level, found.since, found.current), wanted=found.wanted)
    if found.after:
        head = f"{found.after}\n{head}"
    if console.colours(sys.stdout):
        explain.draw(head, found.bump.asks)
    else:
        console.put("".join(f"{line}\n" for line in (head, *rest)))


def _data(found: NextVersion) -> dict[str, object]:
    from dvc_changelog.render import explain

    return {
        "schema_version": 1,
        "tag": found.tag or None,
        "version": found.step.version if found.step else None,
        "level": found.level.name.lower(),
        "asked": found.bump.level.name.lower(),
        "current": found.current or None,
        "since": found.since or None,
        "artifact": found.artifact or None,
        "because": explain.data(found.bump),
        "forbidden": [
            {
                "level": forbidden.level.name.lower(),
                "rule": forbidden.rule,
                "why": forbidden.why,
                "unchecked": forbidden.unchecked,
            }
            for forbidden in found.bump.forbidden
        ],
    }
