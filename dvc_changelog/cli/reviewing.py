"""`review` and `check`: from their arguments to what is printed, posted and annotated, and the exit code."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dvc_changelog import workflows
from dvc_changelog.cli import console, posting
from dvc_changelog.cli.console import Verbosity
from dvc_changelog.cli.posting import Comment, Sent
from dvc_changelog.cli.request import Request, opened, template_of
from dvc_changelog.config import CI, Config, seen
from dvc_changelog.dataclass import dataclass
from dvc_changelog.domain import Review
from dvc_changelog.errors import ChangelogError
from dvc_changelog.history import History


@dataclass(frozen=True, slots=True)
class Compared:
    """What was asked to be compared; see `workflows.review`."""

    base: str | None
    head: str | None
    workspace: bool
    deepen: bool


def kinds(given: Sequence[str] | None) -> list[str] | None:
    """What `--fail-on` names, its commas taken apart; None where it was not given."""
    if given is None:
        return None
    return [word.strip() for text in given for word in text.split(",") if word.strip()]


def review(
    request: Request,
    compared: Compared,
    format_: str,
    comment: Comment,
    *,
    plots: Path | None,
    annotated: bool | None,
) -> int:
    """`dvc-changelog review`: the exit code, 3 where something found makes it fail."""
    history, config = opened(request)
    ci = seen(os.environ)
    place = posting.place(history, config, ci, comment) if comment.posted else None
    started = time.perf_counter()
    with console.progress(request.verbosity) as step:
        told = workflows.review(
            *(history, compared.base, compared.head),
            config=config,
            workspace=compared.workspace,
            fetch=request.fetch,
            deepen=compared.deepen,
            plots=plots is not None,
            progress=step,
        )
    _say(told, request, started)
    if plots is not None:
        posting.keep(told, plots, request)
    annotated = _annotates(ci) if annotated is None else annotated
    sent = Sent.NOT
    if place:
        sent = posting.deliver(history, config, told, comment, place=place, verbosity=request.verbosity)
    elsewhere = bool(comment.posted and annotated and ci and ci.summary)
    if sent in {Sent.REFUSED, Sent.FAILED}:
        where = "in the summary of this job" if elsewhere else "printed"
        console.remark(f"The review is {where} instead.")
    if format_ or request.output or not (sent is Sent.DONE or elsewhere):
        _show(told, format_, request, config, history, identity=comment.identity)
    code = _ended(told, config, ci, annotated=annotated, identity=comment.identity)
    return code or (console.FAILED if sent is Sent.FAILED else 0)


@contextmanager
def failures_annotated(annotated: bool | None) -> Iterator[None]:
    """Show what keeps a review from being made where CI shows findings: the page of a run has no log."""
    try:
        yield
    except ChangelogError as error:
        if _annotates(seen(os.environ)) if annotated is None else annotated:
            from dvc_changelog.render.annotations import command

            said = f"{error.what}\n{error.remedy}" if error.remedy else error.what
            console.remark(command("error", said, title="dvc-changelog"))
        raise


def check(request: Request, compared: Compared, format_: str, *, annotated: bool | None) -> int:
    """`dvc-changelog check`: the exit code, 3 where something found makes it fail."""
    history, config = opened(request)
    started = time.perf_counter()
    with console.progress(request.verbosity) as step:
        told = workflows.check(
            *(history, compared.base, compared.head),
            config=config,
            workspace=compared.workspace,
            fetch=request.fetch,
            deepen=compared.deepen,
            progress=step,
        )
    _say(told, request, started)
    if format_ != "text" or request.output:
        _put(_report(told, format_, alone=True), request)
    if format_ == "text" or request.output:
        _show_findings(told)
    ci = seen(os.environ)
    annotated = _annotates(ci) if annotated is None else annotated
    shown = format_ == "text" or bool(request.output)
    return _ended(told, config, ci, annotated=annotated, shown=shown)


def _say(told: Review, request: Request, started: float) -> None:
    for message in told.messages:
        console.remark(message, request.verbosity)
    if request.verbosity is Verbosity.VERBOSE:
        console.remark(f"Read 2 revisions in {time.perf_counter() - started:.2f} s.")


def _show(
    told: Review, format_: str, request: Request, config: Config, history: History, *, identity: str
) -> None:
    """A review on stdout or in its file; drawn on a terminal where nobody says how it is to be written."""
    if format_ in {"json", "junit"}:
        _put(_report(told, format_, alone=False), request)
    elif template := template_of(request, config, history.git.root):
        from dvc_changelog.render import markdown

        _put(markdown.entry(told.release, config, template), request)
    elif format_ or request.output or not console.colours(sys.stdout):
        _put(posting.comment(told, config, identity), request)
    else:
        from dvc_changelog.render import terminal

        terminal.draw(told.release, config)
        console.put("\n")
        _show_findings(told)


def _show_findings(told: Review) -> None:
    from dvc_changelog.render import check as drawn

    if console.colours(sys.stdout):
        drawn.draw(told)
    else:
        console.put(drawn.text(told))


def _report(told: Review, format_: str, *, alone: bool) -> str:
    """A document for machines, or the text of a check; `alone` is the JSON of what was found."""
    from dvc_changelog.render import check, findings_json, junit, review_json

    match format_:
        case "junit":
            return junit.document(told)
        case "json":
            return findings_json.document(told) if alone else review_json.document(told)
        case _:
            return check.text(told)


def _put(text: str, request: Request) -> None:
    if not request.output or request.output == "-":
        console.put(text)
        return
    from dvc_changelog import changelog_file

    changelog_file.write(Path(request.output), changelog_file.Document(""), text)
    console.remark(f"Wrote {request.output}.", request.verbosity)


def _annotates(ci: CI | None) -> bool:
    """Whether this CI shows annotations of the kind that we write."""
    return bool(ci and ci.system in {"github", "gitea"})


def _ended(
    told: Review,
    config: Config,
    ci: CI | None,
    *,
    annotated: bool,
    shown: bool = False,
    identity: str = "",
) -> int:
    """Say what was found where CI shows it, and what makes it fail unless that is `shown`; the exit code.

    `identity` is that of a review; a check, which has none, tells no more than that.
    """
    if annotated:
        from dvc_changelog.render import annotations

        if lines := annotations.annotated(told):
            console.remark(lines.rstrip("\n"))
        if ci and ci.summary:
            posting.summarise(told, config, ci.summary, identity)
    elif not shown:
        for found in told.failing:
            console.complain(found.what, found.remedy)
    return console.CHECK_FAILED if told.failing else 0
