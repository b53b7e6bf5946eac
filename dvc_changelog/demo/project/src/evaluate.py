"""Measure the router on the tickets it has seen and on those it has not."""

import csv
from pathlib import Path

from model import Weights, features, read_json, route, write_json

Tickets = list[tuple[str, list[str]]]


def holdout() -> Tickets:
    """Return the tickets kept away from training."""
    vocabulary = read_json("data/features/vocabulary.json")
    known, tickets = set(vocabulary["names"]), []
    with Path("data/holdout.csv").open(newline="") as table:
        for ticket in csv.DictReader(table):
            found = features(ticket["text"], vocabulary["ngrams"], vocabulary["stopwords"])
            tickets.append((ticket["team"], [name for name in found if name in known]))
    return tickets


def per_team(weights: Weights, tickets: Tickets) -> dict[str, dict[str, float]]:
    """Return precision, recall and F1 of each team."""
    routed = [(team, route(weights, found)) for team, found in tickets]
    result = {}
    for name in sorted({team for team, _ in tickets}):
        right = sum(team == guess == name for team, guess in routed)
        guessed = sum(guess == name for _, guess in routed)
        precision = right / guessed if guessed else 1.0
        recall = right / sum(team == name for team, _ in routed)
        both = precision + recall
        f1 = 2 * precision * recall / both if both else 0.0
        result[name] = {"precision": precision, "recall": recall, "f1": f1}
    return result


def quality(weights: Weights, tickets: Tickets) -> dict[str, float]:
    """Return the figures that fit in one line each."""
    teams = per_team(weights, tickets)
    right = sum(route(weights, found) == team for team, found in tickets)
    return {
        "accuracy": round(right / len(tickets), 4),
        "macro_f1": round(sum(team["f1"] for team in teams.values()) / len(teams), 4),
    }


def main() -> None:
    """Write metrics.json and the table to plot."""
    weights = read_json("models/router.json")
    seen, unseen = read_json("data/features/tickets.json"), holdout()
    lookups = sum(len(found) * len(weights) for _, found in unseen)
    write_json(
        "metrics.json",
        {
            "train": quality(weights, seen),
            "test": quality(weights, unseen) | {"ops_per_ticket": round(lookups / len(unseen), 1)},
            "model": {"weights": sum(len(known) for known in weights.values())},
        },
    )
    rows = ["team,precision,recall,f1"]
    for name, team in per_team(weights, unseen).items():
        rows.append(f"{name},{team['precision']:.3f},{team['recall']:.3f},{team['f1']:.3f}")
    Path("eval").mkdir(exist_ok=True)
    Path("eval/per_team.csv").write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")


main()
