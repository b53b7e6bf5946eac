"""Time ours against the peers, side by side in one run on one machine: the benchmark's second stage.

Knows the commands and a stopwatch; what the times mean is the report's business.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

Command = tuple[str, ...]


@dataclass(frozen=True)
class Race:
    """The same job done by ours and by its peer; a side may take several commands, one after the other.

    In a command, {repo} is the clone of the history, {old} and {new} are its last two releases.
    """

    name: str
    ours: tuple[Command, ...]
    peer: tuple[Command, ...]


@dataclass(frozen=True)
class Run:
    """One side of a race, run once; `seconds` is None where it could not be run, and `why` says why."""

    race: str
    side: str
    repeat: int
    seconds: float | None
    command: str
    why: str = ""


RACES = (
    Race(
        "generate",
        (("dvc-changelog", "generate", "-r", "{repo}", "-o", "-"),),
        (("git-cliff", "--offline", "--repository", "{repo}"),),
    ),
    Race(
        "review",
        (("dvc-changelog", "review", "{old}...{new}", "-r", "{repo}"),),
        tuple(("dvc", *what, "diff", "{old}", "{new}") for what in (("params",), ("metrics",), ())),
    ),
    Race("version", (("dvc-changelog", "--version"),), (("dvc", "--version"),)),
)


class OursFailedError(Exception):
    """Our own command is absent or fails: there is nothing to measure."""


def clone(history: Path, target: Path) -> dict[str, str]:
    """Make a clone with a work tree, as DVC needs it.

    in: the bare repository, where; out: what {repo}, {old} and {new} stand for
    """
    subprocess.run(["git", "clone", "--quiet", str(history), str(target)], check=True)
    tags = subprocess.run(
        ["git", "-C", str(target), "tag", "--sort=creatordate"], check=True, capture_output=True, text=True
    ).stdout.split()
    return {"repo": str(target), "old": tags[-2], "new": tags[-1]}


def once(commands: Sequence[Command], words: Mapping[str, str]) -> tuple[float | None, str]:
    """Run the commands one after the other. in: commands, words; out: seconds or None, why None."""
    seconds = 0.0
    for command in commands:
        if not shutil.which(command[0]):
            return None, f"{command[0]} is not installed"
        filled = [part.format(**words) for part in command]
        start = time.perf_counter()
        done = subprocess.run(
            filled,
            cwd=words["repo"],
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            check=False,
        )
        seconds += time.perf_counter() - start
        if done.returncode:
            return None, f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-500:]}"
    return seconds, ""


def _environment() -> dict[str, str]:
    """As where a tool was installed: with its modules compiled, here in the first of the runs."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "DVC_NO_ANALYTICS": "1"}


def measure(races: Sequence[Race], words: Mapping[str, str], repeats: int) -> list[Run]:
    """Run all races, ours and peer in turn, so that a slow moment of the machine hits both.

    in: the races, what the words in the commands stand for, how often; out: the runs
    Raises OursFailedError. A peer that cannot be run is said on stderr, and not tried again.
    """
    runs: list[Run] = []
    given_up: set[str] = set()
    for repeat in range(1, repeats + 1):
        for race in races:
            for side, commands in (("ours", race.ours), ("peer", race.peer)):
                if side == "peer" and race.name in given_up:
                    continue
                seconds, why = once(commands, words)
                if why and side == "ours":
                    raise OursFailedError(why)
                if why:
                    given_up.add(race.name)
                    sys.stderr.write(f"{race.name}: no time for the peer, {why}\n")
                text = " && ".join(" ".join(command) for command in commands)
                runs.append(Run(race.name, side, repeat, seconds, text, why))
    return runs


def save(runs: Sequence[Run], path: Path) -> None:
    """Write the runs as CSV. in: runs, where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [field.name for field in fields(Run)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(run) for run in runs)


if __name__ == "__main__":
    repeats = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["measure"]["repeats"]
    with TemporaryDirectory(ignore_cleanup_errors=True) as place:
        words = clone(Path("build/benchmark/history.git"), Path(place) / "repo")
        save(measure(RACES, words, repeats), Path("build/benchmark/runs.csv"))
