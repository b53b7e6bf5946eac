"""Turn texts into the features that occur most often."""

import csv
from collections import Counter
from pathlib import Path

import yaml
from model import features, write_json


def main() -> None:
    """Write the vocabulary, and each ticket as the features it has."""
    params = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["featurize"]
    with Path("data/prepared.csv").open(encoding="utf-8", newline="") as table:
        tickets = [
            (ticket["team"], features(ticket["text"], params["ngrams"], params["stopwords"]))
            for ticket in csv.DictReader(table)
        ]
    counts = Counter(name for _, found in tickets for name in found)
    most = sorted(counts, key=lambda name: (-counts[name], name))[: params["max_features"]]
    known = set(most)
    write_json(
        "data/features/vocabulary.json",
        {"ngrams": params["ngrams"], "stopwords": params["stopwords"], "names": sorted(known)},
    )
    write_json(
        "data/features/tickets.json",
        [[team, [name for name in found if name in known]] for team, found in tickets],
    )


main()
