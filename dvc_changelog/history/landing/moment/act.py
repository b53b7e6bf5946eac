"""Landing by a plan, and finishing or taking back a landing that was cut off.

Whatever of it is cut off, at any step, `settle` ends: it can itself be cut off and run again.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys

from .ground import (
    Step,
    as_refused,
    finish,
    forget,
    is_ours,
    lock_index,
    look,
    put_file,
    undo,
    unlock_index,
)
from .plan import Plan, Refused, acquire, home_of, load
from .refs import Transaction, free, moves, value

LANDED, COMPLETED, TAKEN_BACK, LEFT, GONE = "landed", "completed", "taken-back", "left", "gone"
_WAIT = 30.0
"""Seconds for the lock, where it could not be handed down."""


def _silently(_: str) -> None:
    pass


def land(plan: Plan, held: int | None = None, step: Step = _silently) -> None:
    """Bring branch, tag, files and index to what the plan says.

    Raises:
        Refused: something stands in the way, and everything is as before; if that could not be had either,
            the message says so and the journal stays.
    """
    transaction: Transaction | None = None
    try:
        step("lock the index")
        lock_index(plan)
        step("prepare the refs")
        transaction = Transaction(plan, moves(plan), held)
        transaction.prepare()
        step("look once more")
        look(plan)
        for number, put in enumerate(plan.puts):
            step(f"put {put.name}")
            put_file(plan, number)
    except (OSError, Refused) as error:
        if transaction:
            transaction.close()
        undo(plan, step)
        raise as_refused(error) from error
    step("commit the refs")
    if transaction.commit():
        step("finish")
        finish(plan, step)
    elif settle(plan, held, step) != COMPLETED:
        raise transaction.refusal()


def settle(plan: Plan, held: int | None = None, step: Step = _silently) -> str:
    """End what a landing left: COMPLETED where its branch or tag is there, TAKEN_BACK where neither is.

    LEFT, where the branch is elsewhere: the person went on, and nothing but our locks is touched. What a
    person changed since is never touched.

    Raises:
        Refused: it cannot be ended now; the journal stays.
    """
    ours = is_ours(plan)
    step("free the refs")
    free(plan, killed_inside=ours)
    branch, tag = value(plan, plan.branch), value(plan, plan.tag_ref)
    if branch == plan.new or (branch == plan.old and tag == plan.tag_id):
        missing = moves(plan, branch=branch == plan.old, tag=tag is None)
        if missing:
            step("move the refs")
            transaction = Transaction(plan, missing, held)
            transaction.prepare()
            step("commit the refs")
            if not transaction.commit():
                raise transaction.refusal()
        finish(plan, step)
        return COMPLETED
    if branch == plan.old:
        undo(plan, step)
        return TAKEN_BACK
    unlock_index(plan)
    forget(plan)
    return LEFT


def main(arguments: list[str]) -> None:
    """Do what is written down, with signals held off, and print what came of it as JSON.

    Args:
        arguments: `land` or `settle`; the Git directory that the journal lies in; the plan's id; the
            descriptor of the lock, if it was handed down.
    """
    verb, common_dir, wanted, *handed = arguments
    if sys.platform != "win32":
        held_off = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP}
        signal.pthread_sigmask(signal.SIG_BLOCK, held_off)  # Git inherits it, which it does no handler
    else:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    held = int(handed[0]) if handed else None
    try:
        if held is None:
            acquire(home_of(common_dir), _WAIT)
        plan = load(common_dir)
        if plan is None or plan.id != wanted:
            answer: dict[str, object] = {"outcome": GONE}
        elif verb == "land":
            land(plan, held)
            answer = {"outcome": LANDED}
        else:
            answer = {"outcome": settle(plan, held)}
    except (OSError, Refused) as error:
        refused = as_refused(error)
        answer = {"what": refused.what, "remedy": refused.remedy, "again": refused.again}
    with contextlib.suppress(OSError):  # nobody may be left to hear it
        os.write(1, json.dumps(answer).encode("ascii"))
