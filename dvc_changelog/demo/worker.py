"""DVC and Git in one process that stays: importing DVC costs more than most commands.

A script, run by `workshop`: a line of stdin is `[tool, arguments, environment]` as JSON, a line of stdout the
exit code. Whatever Git, DVC and the stages print goes to stderr.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence


def main() -> None:
    """Run commands until stdin ends."""
    commands = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a stage must not read our commands …
    os.dup2(2, 1)  # … nor write our answers
    tools: dict[str, Callable[[Sequence[str], dict[str, str]], int]] = {"dvc": _dvc, "git": _git}
    for line in commands:
        tool, arguments, environment = json.loads(line)
        code = tools[tool](arguments, environment)
        sys.stdout.flush()
        print(code, file=answers, flush=True)


def _dvc(arguments: Sequence[str], _environment: dict[str, str]) -> int:
    from dvc.cli import main as dvc

    return int(dvc(list(arguments)))


def _git(arguments: Sequence[str], environment: dict[str, str]) -> int:
    from git import Git

    code, _, said = Git().execute(
        ["git", *arguments], env=environment, with_extended_output=True, with_exceptions=False
    )
    sys.stderr.write(f"{said}\n" if said else "")
    return code


if __name__ == "__main__":
    main()
