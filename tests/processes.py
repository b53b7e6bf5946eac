"""Processes that tests kill: alone, with their group, or all that came of them. Linux, by /proc.

All that came of one is known by a mark in its environment, `LANDING_TEST`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

MARK = "LANDING_TEST"


def marked(mark: str) -> list[int]:
    """All processes that came of the one that was started, in whatever session and with whatever parent."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for place in Path("/proc").iterdir():
        try:
            if place.name.isdigit() and wanted in (place / "environ").read_bytes().split(b"\0"):
                found.append(int(place.name))
        except OSError:
            continue
    return found


def kill_process(process: subprocess.Popen[bytes], _: str) -> None:
    """Kill it alone."""
    process.kill()


def kill_group(process: subprocess.Popen[bytes], _: str) -> None:
    """Kill it and what it started in its group."""
    os.killpg(process.pid, signal.SIGKILL)


def kill_tree(_: subprocess.Popen[bytes], mark: str) -> None:
    """Kill all at once: they are stopped first, so that none starts another or goes on."""
    stopped: set[int] = set()
    while fresh := set(marked(mark)) - stopped:
        for pid in fresh:
            send(pid, signal.SIGSTOP)
        stopped |= fresh
    for pid in stopped:
        send(pid, signal.SIGKILL)


def send(pid: int, what: signal.Signals) -> None:
    """Send a signal to a process that may have ended."""
    try:
        os.kill(pid, what)
    except ProcessLookupError:
        return


def gone(process: subprocess.Popen[bytes], mark: str) -> None:
    """Wait until all that came of it has ended."""
    process.wait()
    until = time.monotonic() + 30
    while marked(mark):
        assert time.monotonic() < until, "something still runs"
        time.sleep(0.005)
    assert process.stderr is not None
    process.stderr.close()
