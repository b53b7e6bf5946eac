"""DVC's command line in one process that stays: importing DVC costs more than most commands.

A script, run by `workshop`: a line of stdin is a command's arguments as JSON, a line of stdout its exit code.
Whatever DVC and the stages print goes to stderr.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Run commands until stdin ends."""
    commands = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a stage must not read our commands …
    os.dup2(2, 1)  # … nor write our answers
    from dvc.cli import main as dvc

    for line in commands:
        code = dvc(json.loads(line))
        sys.stdout.flush()
        print(code, file=answers, flush=True)


if __name__ == "__main__":
    main()
