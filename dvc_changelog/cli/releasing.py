"""`release`: from its arguments to a plan, what is shown of it, its carrying out, and the exit code."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from dvc_changelog.cli import console
from dvc_changelog.cli.request import Request, opened
from dvc_changelog.cli.versions import level_of, outcome, put_reasons
from dvc_changelog.history import History, landing
from dvc_changelog.workflows.release import Plan, carried_out, planned


def release(
    request: Request,
    *,
    bump: str | None,
    pre: str,
    words: str,
    require_pushed: bool,
    allow: list[str],
    push: bool,
    dry_run: bool,
    fail_if_none: bool,
) -> int:
    """`dvc-changelog release`: the exit code, 3 where something keeps it from being done."""
    history, config = opened(request)
    if not dry_run:
        _recover(history, request)
        history, config = opened(request)
    with console.progress(request.verbosity) as step:
        plan = planned(
            history,
            tag=request.tag or "",
            level=level_of(bump),
            pre=pre,
            words=words,
            require_pushed=require_pushed,
            allow=allow,
            config=config,
            fetch=request.fetch,
            progress=step,
        )
    for message in plan.messages:
        console.remark(message, request.verbosity)
    if not plan.tag:
        if push and not dry_run and plan.found.again:  # else the branch has more than the release
            _push(history, plan.found.again, request)
        return outcome(plan.found, request, fail_if_none=fail_if_none)
    return _follow(history, plan, request, push=push, dry_run=dry_run)


def _follow(history: History, plan: Plan, request: Request, *, push: bool, dry_run: bool) -> int:
    """Do what the plan says, or say what keeps it from being done; the exit code."""
    if dry_run:
        _show(plan, push=push)
    for finding in plan.findings:
        console.complain(finding.what, finding.remedy)
    if plan.findings:
        allowed = ", ".join(dict.fromkeys(f"--allow {h.kind.value}" for h in plan.findings))
        stays = f" What may stay as it is: {allowed}."
        if any(finding.must for finding in plan.findings):
            stays = ""  # first things first
        console.remark(f"{plan.tag} was not released.{stays}", request.verbosity)
        return console.CHECK_FAILED
    landing.check(history.git, plan.files or {}, plan.tag)
    if push:
        landing.remote_for(history.git, history.branch())  # asked before, for a release is not taken back
    if dry_run:
        console.remark("Nothing was written: leave --dry-run out to release it.", request.verbosity)
        return 0
    carried_out(history, plan)
    console.remark(f"Released {plan.tag}: committed {', '.join(plan.files or ())}.", request.verbosity)
    if push:
        _push(history, plan.tag, request)
    else:
        console.remark("Nothing was pushed: `dvc-changelog release --push` does that.", request.verbosity)
    return 0


def _recover(history: History, request: Request) -> None:
    found = landing.recover(history.git)
    if found is None:
        return
    told = {
        landing.Ending.COMPLETED: "was completed",
        landing.Ending.TAKEN_BACK: "was taken back: all is as before it",
        landing.Ending.LEFT: "was given up: the branch has moved on since",
    }
    console.remark(f"A release of {found.tag} that was cut off {told[found.ending]}.", request.verbosity)


def _push(history: History, tag: str, request: Request) -> None:
    branch = history.branch()
    remote = landing.remote_for(history.git, branch)
    landing.push(history.git, remote, branch, tag)
    short = branch.removeprefix("refs/heads/")
    console.remark(f"Pushed {short} and {tag} to {remote}.", request.verbosity)


def _show(plan: Plan, *, push: bool) -> None:
    """All that would be done, on stdout."""
    console.put(f"{plan.tag}\n\n")
    put_reasons(plan.found)
    console.put(f"\nCommit:\n\n{_indented(plan.message)}\nTag {plan.tag}:\n\n{_indented(plan.tag_message)}")
    if push:
        console.put(f"\nPush: the branch and {plan.tag}, nothing else.\n")
    for path, new in (plan.files or {}).items():  # at the end, for a changelog can be long
        console.put("".join(_diff(path, (plan.before or {}).get(path), new)))


def _diff(path: str, old: bytes | None, new: bytes) -> Iterator[str]:
    before, after = ((side or b"").decode("utf-8", "replace").splitlines() for side in (old, new))
    name = f"a/{path}" if old is not None else "/dev/null"
    yield "\n"
    for line in difflib.unified_diff(before, after, name, f"b/{path}", n=2, lineterm=""):
        yield f"{line}\n"


def _indented(text: str) -> str:
    return "".join(f"    {line}".rstrip() + "\n" for line in text.splitlines())
