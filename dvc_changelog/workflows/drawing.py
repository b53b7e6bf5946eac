"""Drawing, in a process of its own: a specification that hangs or breaks it down costs one picture."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_PATIENCE = 30.0
_PER_JOB = 3.0
"""Seconds for a run, and for each picture of it. One takes a tenth of a second; starting takes one."""
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""What drawing needs to know of the environment: it gets no token."""

REMEDY = "Install the extra that draws plots: `pip install 'dvc-changelog[plots]'`."


def available() -> bool:
    """Whether what draws is installed."""
    return importlib.util.find_spec("vl_convert") is not None


def drawn(jobs: Sequence[Mapping[str, Any]]) -> list[bytes | str]:
    """A PNG for each job, or why there is none.

    Args:
        jobs: {"vega": a Vega-Lite specification} or {"svg": the text of a drawing}.
    """
    found: list[bytes | str] = []
    while len(found) < len(jobs):
        answers, end = _run(jobs[len(found) :])
        found += answers
        if len(found) < len(jobs):
            found.append(end)
    return found


def _run(jobs: Sequence[Mapping[str, Any]]) -> tuple[list[bytes | str], str]:
    """The answers of one process, and what to say of the job that it did not come to the end of."""
    lines = b"".join(json.dumps(job).encode() + b"\n" for job in jobs)
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path if path)
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ} | {"PYTHONPATH": paths}
    end = "drawing it broke down"
    with tempfile.TemporaryDirectory(prefix="dvc-changelog-") as place:
        try:
            said = subprocess.run(
                (sys.executable, "-P", str(Path(__file__).with_name("painter.py"))),
                cwd=place,
                env=environment,
                input=lines,
                capture_output=True,
                timeout=_PATIENCE + _PER_JOB * len(jobs),
                check=False,
            ).stdout
        except subprocess.TimeoutExpired as error:
            said, end = error.stdout or b"", "drawing it takes too long"
    return [_answer(line) for line in said.split(b"\n")[:-1]], end


def _answer(line: bytes) -> bytes | str:
    told = json.loads(line)
    return base64.b64decode(told["png"]) if "png" in told else str(told["why"])
