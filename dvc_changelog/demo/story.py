"""What happened to the ticket router from January to March 2026: the demo's history, one commit a step."""

from __future__ import annotations

from dvc_changelog.demo.acts import (
    REPRODUCE,
    TRACK_DATA,
    Step,
    Tag,
    append,
    artifact_version,
    copy,
    dvc,
    edit,
    git,
    holdout,
    weeks,
    write,
)

ADA = "Ada Moreno <ada@example.org>"
JUN = "Jun Watanabe <jun@example.org>"

JANUARY = ("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26")
FEBRUARY = ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23")
MARCH = ("2026-03-02", "2026-03-09", "2026-03-16")
LAST = ("2026-03-23",)

PROPOSED = "smaller-vocabulary"
"""The branch that waits for its review."""

CALIBRATE_PARAMS = "\ncalibrate:\n  target_precision: 0.998\n"
CALIBRATE_STAGE = """\
  calibrate:
    cmd: python src/calibrate.py
    deps:
      - data/features
      - models/router.json
      - src/calibrate.py
      - src/model.py
    params:
      - calibrate.target_precision
    outs:
      - models/threshold.json
    metrics:
      - calibration.json:
          cache: false
"""

FIRST = (
    Step(
        "2026-01-28",
        ADA,
        "Start the ticket router",
        (
            git("init", "--quiet"),
            git("symbolic-ref", "HEAD", "refs/heads/main"),
            dvc("init"),
            dvc("remote", "add", "--default", "storage", ".dvc-storage"),
            write(".gitignore", "/.dvc-storage\n__pycache__/\n"),
            edit(".dvcignore", "# Add patterns", "/.dvc-storage\n__pycache__/\n# Add patterns"),
            copy("README.md", "requirements.txt"),
        ),
    ),
    Step(
        "2026-01-29",
        ADA,
        "Add the tickets of January and a holdout",
        (weeks(JANUARY), holdout(), TRACK_DATA),
    ),
    Step(
        "2026-01-30",
        ADA,
        "First pipeline: prepare, featurize, train, evaluate",
        (
            copy("params.yaml", "dvc.yaml", "src/model.py", "src/prepare.py", "src/featurize.py"),
            copy("src/train.py", "src/evaluate.py"),
            REPRODUCE,
        ),
        (Tag("v0.1.0", tells="a first router, on the tickets of January"),),
    ),
    Step(
        "2026-02-03",
        JUN,
        "fix(prepare): drop tickets without a team\n\n"
        "They made up a team of their own, with an empty name. Fixes #3.",
        (
            edit(
                "src/prepare.py",
                '                    writer.writerow([ticket["text"], ticket["team"]])',
                '                    if ticket["team"]:\n'
                '                        writer.writerow([ticket["text"], ticket["team"]])',
            ),
            REPRODUCE,
        ),
    ),
    Step(
        "2026-02-04",
        ADA,
        "More epochs and a larger vocabulary",
        (
            edit("params.yaml", "epochs: 2", "epochs: 8"),
            edit("params.yaml", "max_features: 25", "max_features: 60"),
            REPRODUCE,
        ),
    ),
    Step(
        "2026-02-05",
        ADA,
        "Declare the router as a model",
        (
            edit(
                "dvc.yaml",
                "stages:\n",
                "artifacts:\n  router:\n    path: models/router.json\n    type: model\n"
                "    desc: Sends a ticket to the team that can answer it\n    labels: [support, text]\n"
                "stages:\n",
            ),
            REPRODUCE,
        ),
        (
            Tag("v1.0.0", "The first router in production", "epochs 2 -> 8, deployed to prod"),
            *artifact_version("v1.0.0", 1),
        ),
    ),
)

SECOND = (
    Step(
        "2026-02-24",
        JUN,
        "Add the tickets of February\n\n"
        "Reason: Tickets in Spanish doubled since the launch in Mexico; the router knew none.",
        (
            weeks(FEBRUARY, spanish=0.4, labels="closer"),
            holdout(spanish=0.35, labels="closer"),
            TRACK_DATA,
            edit("params.yaml", "languages: [en]", "languages: [en, es]"),
            edit("params.yaml", "and, to, for]", "and, to, for, el, mi, por]"),
            REPRODUCE,
        ),
    ),
    Step(
        "2026-02-25",
        ADA,
        "Try bigrams\n\nReason: `cancel order` and `cancel subscription` go to different teams.",
        (
            edit("params.yaml", "ngrams: [1]", "ngrams: [1, 2]"),
            edit("params.yaml", "max_features: 60", "max_features: 300"),
            REPRODUCE,
        ),
    ),
    Step(
        "2026-02-26",
        JUN,
        "fix(evaluate): read the holdout as UTF-8 (#7)",
        (
            edit("src/evaluate.py", '.open(newline="")', '.open(encoding="utf-8", newline="")'),
            REPRODUCE,
        ),
        (
            Tag("v1.1.0", "Spanish", "retrained on February with bigrams, featurize.ngrams [1] -> [1, 2]"),
            *artifact_version("v1.1.0", 2),
        ),
    ),
    Step(
        "2026-03-03",
        ADA,
        "Go back to the data and params of 1.0.0\n\n"
        "Reason: The export of February names the team that closed a ticket, not the one that owns it.\n"
        " That was the drop of 1.1.0, not Spanish being harder.\n"
        "Known-issue: Tickets in Spanish are all sent to one team again.",
        (
            git("checkout", "--quiet", "v1.0.0", "--", "params.yaml", "data/raw.dvc", "data/holdout.csv.dvc"),
            dvc("checkout"),
            REPRODUCE,
        ),
    ),
    Step(
        "2026-03-04",
        JUN,
        "fix(evaluate): a team that nobody was sent to has precision 0, not 1 (#12)",
        (edit("src/evaluate.py", "if guessed else 1.0", "if guessed else 0.0"), REPRODUCE),
        (Tag("v1.1.1", "Rolled back", "data, params and model are those of v1.0.0 again"),),
    ),
)

THIRD = (
    Step(
        "2026-03-10",
        JUN,
        "Add the tickets of February again, with the team that owns them\n\n"
        "Reason: The help desk exported February anew.",
        (
            weeks(FEBRUARY, spanish=0.4),
            holdout(spanish=0.35),
            TRACK_DATA,
            edit("params.yaml", "languages: [en]", "languages: [en, es]"),
            edit("params.yaml", "and, to, for]", "and, to, for, el, mi, por]"),
            edit("params.yaml", "max_features: 60", "max_features: 110"),
            REPRODUCE,
        ),
    ),
    Step(
        "2026-03-11",
        ADA,
        "Bigrams, now on the right labels",
        (
            edit("params.yaml", "ngrams: [1]", "ngrams: [1, 2]"),
            edit("params.yaml", "max_features: 110", "max_features: 300"),
            REPRODUCE,
        ),
    ),
    Step(
        "2026-03-12",
        ADA,
        "feat: leave a ticket to a human when the router is not sure (#15)",
        (
            copy("src/calibrate.py"),
            append("params.yaml", CALIBRATE_PARAMS),
            append("dvc.yaml", CALIBRATE_STAGE),
            REPRODUCE,
        ),
    ),
    Step(
        "2026-03-13",
        JUN,
        "feat(api): answer over HTTP (#9)",
        (copy("src/serve.py", "Dockerfile"),),
    ),
    Step(
        "2026-03-16",
        JUN,
        "Bump PyYAML and DVC",
        (
            edit("requirements.txt", "pyyaml==6.0.1", "pyyaml==6.0.2"),
            edit("requirements.txt", "dvc==3.55.2", "dvc==3.59.1"),
        ),
        (
            Tag(
                "v1.2.0",
                "Spanish, and a human where in doubt",
                "February again with right labels, a new stage",
            ),
            *artifact_version("v1.2.0", 3),
        ),
    ),
    Step(
        "2026-03-23",
        JUN,
        "Add the tickets of March",
        (weeks(MARCH, spanish=0.4), TRACK_DATA, REPRODUCE),
    ),
    Step(
        "2026-03-24",
        ADA,
        "Keep fewer features: a ticket costs too much",
        (edit("params.yaml", "max_features: 300", "max_features: 150"), REPRODUCE),
    ),
    Step(
        "2026-03-25",
        ADA,
        "docs: say what calibration.json holds",
        (
            edit(
                "README.md",
                "- `metrics.json`",
                "- `calibration.json`: how sure is sure enough\n- `metrics.json`",
            ),
        ),
    ),
)

STORY = FIRST + SECOND + THIRD

PROPOSAL = (
    Step(
        "2026-03-30",
        JUN,
        "Add the tickets of the last week of March",
        (
            git("switch", "--quiet", "--create", PROPOSED),
            weeks(LAST, spanish=0.4),
            TRACK_DATA,
            REPRODUCE,
        ),
    ),
    Step(
        "2026-03-31",
        JUN,
        "Half the vocabulary, twice the epochs\n\nReason: A ticket still costs too much.",
        (
            edit("params.yaml", "max_features: 150", "max_features: 70"),
            edit("params.yaml", "epochs: 8", "epochs: 16"),
            REPRODUCE,
        ),
    ),
)
"""What is not merged yet."""
