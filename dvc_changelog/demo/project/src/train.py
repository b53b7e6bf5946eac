"""Train the router: an averaged perceptron."""

import random
from pathlib import Path

import yaml
from model import Weights, read_json, route, write_json


def main() -> None:
    """Write the weights, averaged over all steps of the training."""
    params = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["train"]
    tickets = read_json("data/features/tickets.json")
    teams = sorted({team for team, _ in tickets})
    weights: Weights = {team: {} for team in teams}
    total: Weights = {team: {} for team in teams}
    rng = random.Random(params["seed"])
    for _ in range(params["epochs"]):
        rng.shuffle(tickets)
        for team, found in tickets:
            guess = route(weights, found)
            if guess != team:
                for name in found:
                    weights[team][name] = weights[team].get(name, 0.0) + params["learning_rate"]
                    weights[guess][name] = weights[guess].get(name, 0.0) - params["learning_rate"]
        for team in teams:
            for name, weight in weights[team].items():
                total[team][name] = total[team].get(name, 0.0) + weight
    averages = {
        team: {name: round(weight / params["epochs"], 4) for name, weight in sorted(known.items())}
        for team, known in total.items()
    }
    write_json("models/router.json", averages)


main()
