"""Find how sure the router must be before a ticket skips the human."""

from pathlib import Path

import yaml
from model import read_json, scores, write_json


def main() -> None:
    """Write the smallest lead over the second team that reaches the precision asked for."""
    params = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["calibrate"]
    weights = read_json("models/router.json")
    leads = []
    for team, found in read_json("data/features/tickets.json"):
        (best, first), (_, second) = sorted(scores(weights, found).items(), key=lambda item: -item[1])[:2]
        leads.append((round(first - second, 4), best == team))
    threshold, sure = 0.0, [right for _, right in leads]
    for threshold in sorted({lead for lead, _ in leads}):
        sure = [right for lead, right in leads if lead >= threshold]
        if sum(sure) / len(sure) >= params["target_precision"]:
            break
    write_json("models/threshold.json", {"lead": threshold})
    write_json("calibration.json", {"threshold": threshold, "coverage": round(len(sure) / len(leads), 4)})


main()
