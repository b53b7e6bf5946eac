"""What the stages share: a text's features, and the team a model gives them."""

import json
from pathlib import Path
from typing import Any

Weights = dict[str, dict[str, float]]


def features(text: str, ngrams: list[int], stopwords: list[str]) -> list[str]:
    """Return the n-grams of a text, stop words left out."""
    words = [word for word in text.lower().split() if word not in stopwords]
    return [" ".join(words[i : i + n]) for n in ngrams for i in range(len(words) - n + 1)]


def scores(weights: Weights, found: list[str]) -> dict[str, float]:
    """Return each team's score for a ticket with these features."""
    return {team: sum(known.get(name, 0.0) for name in found) for team, known in weights.items()}


def route(weights: Weights, found: list[str]) -> str:
    """Return the team with the best score, the first by name among equals."""
    by_team = scores(weights, found)
    return max(sorted(by_team), key=by_team.__getitem__)


def read_json(path: str) -> Any:
    """Return what a JSON file holds."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def write_json(path: str, value: object) -> None:
    """Write a JSON file, and the folder it lies in."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8", newline="\n")
