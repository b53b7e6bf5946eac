"""Step "run" of action.yml: from inputs to the command line of dvc-changelog, from its result to outputs.

It takes its inputs from INPUT_* and runs in the environment that step "install" made. What is shown where is
the tool's own affair: it knows that it runs in GitHub Actions.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

REPORT = {"--format", "-f", "--output", "-o"}
CHECK_FAILED = 3
USAGE = 2


class InputError(Exception):
    """An input that cannot be meant."""


def arguments(environ: Mapping[str, str], report: Path, plots: Path) -> list[str]:
    """The command line.

    Args:
        environ: with the inputs.
        report: where the result goes.
        plots: where images go, if they are wanted.

    Raises:
        InputError: an input has a value that it must not have. It names both.
    """
    command = environ.get("INPUT_COMMAND", "")
    if command not in {"review", "check"}:
        raise InputError(f"command: {command!r} is neither review nor check.")
    given = [command, "--format", "json", "--output", str(report)]
    given += [f"--{name}" for name in ("deepen", "fetch") if switch(environ, name)]
    if kinds := environ.get("INPUT_FAIL_ON", "").strip():
        given += [f"--fail-on={kinds}"]
    if command == "review":
        if switch(environ, "post") and of_pull_request(environ):
            given += ["--post", f"--id={environ.get('INPUT_ID', '').strip() or 'default'}"]
        if switch(environ, "plots"):
            given += [f"--plots={plots}"]
    try:
        more = shlex.split(environ.get("INPUT_ARGS", ""))
    except ValueError as error:
        raise InputError(f"args: {error}.") from error
    if taken := [arg for arg in more if arg.partition("=")[0] in REPORT]:
        raise InputError(f"args: {taken[0]} is the action's own: its output `report` is the JSON of the run.")
    given += more
    base = environ.get("INPUT_BASE", "").strip()
    return [*given, "--", base] if base else given


def switch(environ: Mapping[str, str], name: str) -> bool:
    """An input that is true or false.

    Raises:
        InputError: it is neither.
    """
    value = environ.get(f"INPUT_{name.upper()}", "").strip().lower()
    if value not in {"true", "false", ""}:
        raise InputError(f"{name}: {value!r} is neither true nor false.")
    return value == "true"


def of_pull_request(environ: Mapping[str, str]) -> bool:
    """Whether the event that started the job is of a pull request: only then is there one to comment on."""
    return "pull_request" in _read(Path(environ.get("GITHUB_EVENT_PATH", "")))


def outputs(code: int, report: Path, plots: Path) -> dict[str, str]:
    """The outputs of the action, by the exit code of the command and the files that it wrote."""
    found: dict[str, str] = {}
    if code in {0, CHECK_FAILED}:
        found["failed"] = "true" if code else "false"
    if report.is_file():
        following = (_read(report).get("review") or {}).get("next_version") or {}
        found["report"] = str(report)
        found["version"] = following.get("tag") or ""
        found["level"] = following.get("level") or ""
    if plots.is_dir():
        found["plots"] = str(plots)
    return found


def main() -> int:
    """Run it; its exit code."""
    environ = dict(os.environ)
    home = Path(environ["RUNNER_TEMP"], "dvc-changelog")
    name = re.sub(r"[^\w.-]+", "-", f"{environ.get('INPUT_COMMAND', '')}-{environ.get('INPUT_ID', '')}")
    report, plots = home / f"{name}.json", home / f"{name}-plots"
    report.unlink(missing_ok=True)  # of an earlier use in this job
    try:
        given = arguments(environ, report, plots)
    except InputError as error:
        sys.stdout.write(f"::error title=dvc-changelog::{error}\n")
        return USAGE
    code = subprocess.run([sys.executable, "-I", "-m", "dvc_changelog", *given], check=False).returncode
    with Path(environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.writelines(f"{key}={value}\n" for key, value in outputs(code, report, plots).items())
    return code


def _read(path: Path) -> dict[str, Any]:
    """A JSON object in a file; empty where there is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


if __name__ == "__main__":
    sys.exit(main())
