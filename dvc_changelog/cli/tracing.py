"""`dvc-changelog trace`: the life of one thing, drawn on a terminal, else written."""

from __future__ import annotations

import sys
import time

from dvc_changelog.cli import console
from dvc_changelog.cli.console import Verbosity
from dvc_changelog.cli.request import Request, here_from_root, opened
from dvc_changelog.workflows import trace as workflow


def trace(
    request: Request, target: str | None, *, when: str | None, since: str | None, markdown: bool
) -> None:
    """Tell a life on stdout, as JSON, as Markdown, or drawn where stdout is a terminal."""
    history, config = opened(request)
    started = time.perf_counter()
    with console.progress(request.verbosity) as step:
        life = workflow.trace(
            *(history, target),
            when=when,
            since=since,
            here=here_from_root(history, request.repo),
            config=config,
            fetch=request.fetch,
            progress=step,
        )
    for message in life.messages:
        console.remark(message, request.verbosity)
    if request.verbosity is Verbosity.VERBOSE:
        console.remark(f"Read the history in {time.perf_counter() - started:.2f} s.")
    if request.json:
        from dvc_changelog.render import trace_json

        console.put(trace_json.document(life))
    elif sys.stdout.isatty() and not markdown:
        from dvc_changelog.render import trace_terminal

        trace_terminal.draw(life, table=bool(target))
    else:
        from dvc_changelog.render import trace as render

        console.put(render.markdown(life, table=bool(target)))
