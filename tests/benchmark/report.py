"""What the measured times say, for people and for DVC: the benchmark's last stage."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

Row = Mapping[str, str]
Metrics = dict[str, dict[str, float | None]]


def summarise(runs: Iterable[Row]) -> Metrics:
    """The fastest run of each side, and how many times faster than the peer ours is.

    in: rows of runs.csv; out: race -> ours, peer (seconds), ratio (peer / ours), None where one did not run
    """
    best: Metrics = {}
    for run in runs:
        race = best.setdefault(run["race"], {"ours": None, "peer": None, "ratio": None})
        if run["seconds"]:
            seconds, known = float(run["seconds"]), race[run["side"]]
            race[run["side"]] = round(seconds if known is None else min(known, seconds), 4)
    for race in best.values():
        if race["ours"] and race["peer"]:
            race["ratio"] = round(race["peer"] / race["ours"], 2)
    return best


def times(metrics: Metrics) -> str:
    """The plot's data. in: what `summarise` found; out: CSV, a row for each side that ran."""
    rows = [
        f"{race} ({side}),{race},{side},{found[side]}"
        for race, found in metrics.items()
        for side in ("ours", "peer")
        if found[side] is not None
    ]
    return "\n".join(["run,race,side,seconds", *rows]) + "\n"


def table(metrics: Metrics, runs: Iterable[Row]) -> str:
    """The figures with their commands. in: metrics, rows of runs.csv; out: Markdown."""
    commands = {(run["race"], run["side"]): run["command"] for run in runs}
    lines = [
        "# Benchmark",
        "",
        "Written by `dvc repro` (`make bench`): the fastest of several runs, ours and the peer in turn, on",
        "the history that `params.yaml` describes. `{repo}` is a clone of it, `{old}` and `{new}` are its",
        "last two releases. A race against a peer that is not installed was not run.",
        "",
        "| | Ours | Peer | Ratio | Our command | Peer's commands |",
        "|:--|--:|--:|--:|:--|:--|",
    ]
    for race, found in metrics.items():
        ours, peer, ratio = (
            "not run" if value is None else f"{value:.2f}{unit}"
            for value, unit in ((found["ours"], " s"), (found["peer"], " s"), (found["ratio"], " x"))
        )
        cells = [race, ours, peer, ratio, *(f"`{commands[race, side]}`" for side in ("ours", "peer"))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def write(runs_file: Path, target: Path) -> None:
    """Write metrics.json, times.csv and README.md. in: runs.csv, the folder."""
    with runs_file.open(encoding="utf-8", newline="") as rows:
        runs = list(csv.DictReader(rows))
    metrics = summarise(runs)
    target.mkdir(parents=True, exist_ok=True)
    texts = {
        "metrics.json": json.dumps(metrics, indent=2) + "\n",
        "times.csv": times(metrics),
        "README.md": table(metrics, runs),
    }
    for name, text in texts.items():
        (target / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path("build/benchmark/runs.csv"), Path("docs/benchmark"))
