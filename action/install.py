"""Step "install" of action.yml: dvc-changelog in a virtual environment of its own.

It takes its inputs from INPUT_*, and tells the next step which Python to run. The project's environment is
neither used nor changed. It needs the standard library alone, and the pip of the Python that runs it: one in
the new environment would take longer to get than our own package.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_QUIETLY = ("--quiet", "--disable-pip-version-check", "--no-input")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.!+]*")


def requirement(environ: Mapping[str, str]) -> str:
    """What pip is asked for: the version, with what comments on this forge and, if wanted, draws plots."""
    gitea = environ.get("GITEA_ACTIONS") or environ.get("FORGEJO_ACTIONS")
    extras = ["gitea" if gitea else "github"]
    if environ.get("INPUT_PLOTS", "").lower() == "true":
        extras.append("plots")
    name, version = f"dvc-changelog[{','.join(extras)}]", environ.get("INPUT_VERSION", "").strip()
    if version in {"", "."}:
        # pip takes a directory of a name like "release-2" for a version, and would keep what it once built of
        # it for ever; "." has no such name.
        version = Path(environ["GITHUB_ACTION_PATH"]).resolve().as_uri() + "/."
    return f"{name}=={version}" if _VERSION.fullmatch(version) else f"{name} @ {version}"


def alone(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would lead Python to code of the project: pip starts one without -I."""
    return {name: value for name, value in environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}


def python_of(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def main() -> int:
    """Install it, unless an earlier use of the action in this job did; the exit code."""
    environ = os.environ
    home = Path(environ["RUNNER_TEMP"], "dvc-changelog")
    stamp, wanted = home / "installed.txt", f"{sys.version}\n{requirement(environ)}\n"
    python = python_of(home / "venv")
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        for module in (
            ["venv", "--without-pip", str(home / "venv")],
            ["pip", "--python", str(python), "install", *_QUIETLY, requirement(environ)],
        ):
            command = [sys.executable, "-I", "-m", *module]
            if code := subprocess.run(command, env=alone(environ), check=False).returncode:
                return code
        stamp.write_text(wanted, encoding="utf-8")
    with Path(environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"python={python}\n")
    return subprocess.run([str(python), "-I", "-m", "dvc_changelog", "--version"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
