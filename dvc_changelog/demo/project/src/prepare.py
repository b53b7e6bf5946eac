"""Join the weekly files of tickets into one table."""

import csv
from pathlib import Path

import yaml


def main() -> None:
    """Keep the tickets in our languages that have enough words."""
    params = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["prepare"]
    with Path("data/prepared.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["text", "team"])
        for path in sorted(Path("data/raw").glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as week:
                for ticket in csv.DictReader(week):
                    if ticket["language"] not in params["languages"]:
                        continue
                    if len(ticket["text"].split()) < params["min_words"]:
                        continue
                    writer.writerow([ticket["text"], ticket["team"]])


main()
