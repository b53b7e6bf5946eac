"""A review as a comment: its parts, how forges read it, and what it says of each kind of branch."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from render.headlines import HEADLINES, noise
from render.reading import blocks, inlines, text
from render.reviews import MINOR, NO_REASON, ROC, STALE, UNREAD, review, tuned
from render.stories import STORIES, between, commit, full, metric, param, quiet, unread
from render.test_render_golden import agree

from dvc_changelog.config import Config
from dvc_changelog.config.rule import MetricRule
from dvc_changelog.domain import (
    Alert,
    Ask,
    Bump,
    ChangeType,
    Finding,
    FindingKind,
    Forbidden,
    Goal,
    Judgement,
    Level,
    MetricChange,
    Problem,
    Release,
    Review,
    Successor,
    Verdict,
)
from dvc_changelog.render import markdown
from dvc_changelog.render.comment import HEADING, comment, mark, marks

TOLD = ("verdicts", "quiet", "unreadable", "swung", "experiments", "rollback", "crowded")
BETTER = metric("auc", 0.9, 0.92, judged=Judgement(Verdict.BETTER, Goal.HIGHER))
WORSE = metric("loss", 0.5, 0.6, judged=Judgement(Verdict.WORSE, Goal.LOWER))
OVER = Alert("metrics.json", "loss", "max", 0.55, 0.6, 0.5)
UNREAD_METRICS = Finding(
    FindingKind.UNREADABLE, "The metrics file m.json changed.", "", path="m.json", subject="m.json"
)
REGRESSION = Finding(
    FindingKind.REGRESSION,
    "loss (metrics.json) got worse: 0.5 → 0.6.",
    "",
    path="metrics.json",
    subject="loss",
)
FROM_BASE = "at `0000b12`, compared with the merge base `0000a11`"
BROKEN = Problem("dvc.lock", "conflict markers", "v1.1.0")
UNSURE = "**Nothing to look at in what could be read.**"
REST = "The rest got better: `auc` +0.02 (+2.2 %)."
OVER_SAID = "`loss` is 0.6, over the limit of 0.55."
STALE_SAID = (
    "The stage `evaluate` is not as it last ran: src/evaluate.py changed. "
    "`dvc repro evaluate`, then commit dvc.lock."
)
LIST = f"- **Fails:** {STALE_SAID}\n- {OVER_SAID}"
BEFORE = "This would be **1.2.0** (minor), for what came before; these changes alone ask for"
MANY_ASK = (
    "param `p0` was removed; param `p1` was removed; and 3 more changes ask for the same. "
    "Rule 1 of `bump-rules` allows no such release: param p0 was removed."
)
CODE_ONLY = Release(quiet().head, quiet().base, commits=(commit(1, "Fix a typo", "docs"),))


def said(told: Review, config: Config | None = None) -> str:
    return comment(told, config or Config())


@pytest.mark.parametrize("name", TOLD)
def test_a_review_reads_as_its_golden_document(name: str) -> None:
    agree(f"comment-{name}.md", said(review(STORIES[name]())))


def test_a_review_of_a_branch_reads_as_its_golden_document() -> None:
    agree("comment-tuned.md", said(tuned(), Config(metric_rules={"test.roc_auc": MetricRule(min=0.9)})))


def test_a_review_reads_on_bitbucket_as_its_golden_document() -> None:
    agree("comment-bitbucket.md", comment(tuned(), Config(), html=False))


@pytest.mark.parametrize("name", STORIES)
def test_a_comment_is_set_with_care(name: str) -> None:
    """No double space, nothing empty, nothing that a comment leaves out of what a changelog says."""
    release = replace(STORIES[name](), review=True)
    found = said(review(release))
    for line in found.splitlines():
        bare = re.sub(r"\|(?:  \|)+", "||", line.lstrip())
        assert "  " not in bare
        assert line == line.rstrip()
        assert not re.search(r"\( ?\)|, ,|\.\.(?!\.)|: \.|, \.| ,", line)


@pytest.mark.parametrize("name", STORIES)
def test_a_comment_says_all_that_the_entry_of_a_changelog_does(name: str) -> None:
    """Every name, hash, command and figure set as code or bold; the sides have other names."""
    release = STORIES[name]()
    release = replace(release, review=True, alerts=())
    entry, found = (
        markdown.entry(release, Config()),
        said(review(release, from_merge_base=False), Config()),
    )
    words = [re.sub(r"v?1\.[012]\.0", "V", written) for written in (entry, found)]
    told, here = (set(code_of(written)) for written in words)
    assert told - here <= {"V", "--format json"}


def code_of(written: str) -> list[str]:
    codes = [token.content for token in inlines(written) if token.type == "code_inline"]
    return codes + re.findall(r"<code>(.*?)</code>", written)


def test_github_and_gitlab_read_its_parts() -> None:
    found = said(tuned())
    tokens = blocks(found)
    kinds = Counter(token.type for token in tokens)
    assert kinds["table_open"] == 2
    assert kinds["heading_open"] == 1
    assert kinds["blockquote_open"] == 1
    assert tokens[0].content.strip() == mark()
    html = [token.content for token in tokens if token.type == "html_block"][1:]
    assert html == [
        "<details><summary>Where the metrics moved (2 of 8 commits)</summary>\n",
        "</details>\n",
        "<details><summary>Pipeline, environment, deployments, registry, 7 commits</summary>\n",
        "</details>\n",
    ]
    assert all(after == "" for after in re.findall(r"</summary>\n(.*)\n", found))
    shown = [text(token.children or []) for token in tokens if token.type == "inline"]
    assert not [line for line in shown if re.search(r"[<>|*`]|\]\(", line)]
    assert shown[0] == "Model review: tune-forest into main"
    assert "soft" not in "".join(token.type for token in inlines(found))  # which GitHub alone breaks


def test_the_mark_is_known_again() -> None:
    found = said(tuned())
    assert found.startswith("<!-- dvc-changelog review id=default -->\n\n### Model review")
    for one in (found, comment(tuned(), Config(), html=False)):
        first, _, third = one.splitlines()[:3]
        assert first in marks()
        assert first not in marks("eu")
        assert third.startswith(HEADING)


@pytest.mark.parametrize("identity", ["eu", "a b", "-->", "x) y", "a\nb", "ü", "default2", "--"])
@pytest.mark.parametrize("html", [True, False])
def test_an_identity_does_not_break_out_of_its_mark(identity: str, html: bool) -> None:
    found = comment(tuned(), Config(), identity=identity, html=html)
    assert found.splitlines()[0] in marks(identity) - marks()
    first = blocks(found)[0]
    assert first.type == ("html_block" if html else "heading_open")
    assert "Model review (" in found.splitlines()[2]


@pytest.mark.parametrize(
    ("parts", "title", "last"),
    [
        (
            {},
            "`tune-forest` into `main`",
            FROM_BASE,
        ),
        (
            {"behind": 1_200},
            "`tune-forest` into `main`",
            f"{FROM_BASE}; this branch is 1,200 commits behind `main`",
        ),
        ({"from_merge_base": False}, "`main` → `tune-forest`", "at `0000b12`, compared with `0000a11`"),
    ],
)
def test_it_says_what_is_compared(parts: dict[str, object], title: str, last: str) -> None:
    found = said(replace(review(quiet()), **parts))  # type: ignore[arg-type]
    assert f"\n### Model review: {title}\n" in found
    assert found.endswith(f"\n\n<sub>`dvc-changelog review origin/main` {last}</sub>\n")


@pytest.mark.parametrize("merge_base", [True, False])
def test_it_says_that_it_is_of_the_working_tree(merge_base: bool) -> None:
    release = full()
    head = replace(release.head, name="workspace", commit_id="", version=None, working=True)
    found = said(review(replace(release, head=head, review=True), from_merge_base=merge_base))
    sides = "the working tree into `main`" if merge_base else "`main` → the working tree"
    assert f"### Model review: {sides}\n" in found
    assert "| Metric | `main` | working tree | Change |" in found
    assert "<sub>`dvc-changelog review origin/main` on the working tree, compared with" in found


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        (review(between(changes=(BETTER,))), "**Nothing to look at.** `auc` rose to 0.92 (+0.02)."),
        (review(quiet()), "**Nothing that DVC tracks changed.**"),
        (review(replace(quiet(), project="eu")), "**Nothing that DVC tracks in eu changed.**"),
        (review(CODE_ONLY), "**Nothing to look at.** There is no DVC project here."),
        (
            review(replace(quiet(), problems=(BROKEN,))),
            f"{UNSURE} Not all could: see below.",
        ),
        (
            review(replace(quiet(), problems=(BROKEN,)), NO_REASON, NO_REASON),
            f"{UNSURE} Not all could, and 2 reasons are missing: see below.",
        ),
        (review(quiet(), NO_REASON), "**Nothing to look at**, but a reason is missing: see below."),
        (
            review(quiet(), replace(STALE, what="evaluate is stale. It was so on main.", remedy="")),
            "**1 thing to look at.** `evaluate` is stale. It was so on `main`.",
        ),
        (
            review(quiet(), STALE),
            f"**1 thing to look at.** {STALE_SAID}",
        ),
        (
            review(between(changes=(WORSE, BETTER), alerts=(OVER,)), REGRESSION),
            f"**1 thing to look at**, which fails the check. {OVER_SAID} {REST}",
        ),
        (
            review(between(changes=(WORSE, BETTER)), REGRESSION),
            f"**1 thing to look at.** `loss` got worse: 0.5 → 0.6. {REST}",
        ),
        (
            review(between(), REGRESSION),
            "**1 thing to look at.** `loss` (`metrics.json`) got worse: 0.5 → 0.6.",
        ),
        (
            review(between(changes=(unread("m.json", "1", "2"), BETTER)), UNREAD_METRICS),
            "**1 thing to look at.** The metrics file `m.json` changed. `auc` rose to 0.92 (+0.02).",
        ),
        (
            review(between(alerts=(OVER,)), STALE, fail_on=frozenset((FindingKind.STALE_LOCK,))),
            f"**2 things to look at**, 1 of which fails the check.\n\n{LIST}",
        ),
        (
            review(quiet(), STALE, NO_REASON, fail_on=frozenset(FindingKind)),
            "**2 things to look at**, both of which fail the check.",
        ),
        (
            review(quiet(), STALE, *[UNREAD] * 3, fail_on=frozenset(FindingKind)),
            "**4 things to look at**, all of which fail the check.",
        ),
    ],
)
def test_the_verdict_comes_first(told: Review, verdict: str) -> None:
    found = said(told)
    assert found.split("\n\n", 2)[2].startswith(verdict + "\n")


@pytest.mark.parametrize(
    ("successor", "bump", "line"),
    [
        (
            MINOR,
            Bump(),
            f"{BEFORE} none.",
        ),
        (
            replace(MINOR, current=""),
            Bump(Level.MINOR, (Ask(Level.MINOR, "model", "router", "m.pkl", why="is new"),)),
            "This would be **1.2.0**, the first release.",
        ),
        (
            MINOR,
            Bump(Level.MINOR, (Ask(Level.MINOR, "model", "router", "m.pkl", why="is new"),)),
            "This would be **1.2.0** (minor): model `router` is new.",
        ),
        (
            MINOR,
            Bump(Level.PATCH, (Ask(Level.PATCH, "note", "reason"),)),
            f"{BEFORE} patch.",
        ),
        (
            replace(MINOR, tag="v2.0.0", level=Level.MAJOR),
            Bump(
                Level.MAJOR,
                tuple(Ask(Level.MAJOR, "param", f"p{n}", "params.yaml", why="was removed") for n in range(5)),
                (Forbidden(Level.MINOR, "rule 1", "param p0 was removed"),),
            ),
            "This would be **2.0.0** (major): " + MANY_ASK,
        ),
        (Successor("", Level.NONE, "v1.1.0"), Bump(), "This asks for no new version after 1.1.0."),
        (Successor("", Level.NONE), Bump(), "This asks for no new version."),
        (
            Successor("", Level.NONE, why="the tags are not here"),
            Bump(),
            "Which version this would become cannot be told: the tags are not here.",
        ),
    ],
)
def test_it_says_which_version_it_would_become(successor: Successor, bump: Bump, line: str) -> None:
    assert f"\n\n{line}\n\n" in said(review(replace(quiet(), bump=bump), successor=successor))


def test_nothing_is_said_of_a_version_that_nobody_asked_for() -> None:
    assert "version" not in said(review(quiet()))


def test_what_a_reviewer_looks_at_stands_first_in_the_table() -> None:
    rules = {"auc": MetricRule(min=0.9), "loss": MetricRule(max=0.55), "f1": MetricRule(max=1)}
    release = between(changes=(noise("f1", 0.9, 0.91), BETTER, metric("n", 1, 2), WORSE), alerts=(OVER,))
    assert (
        "| `loss` | 0.5 | **0.6** | +0.1 (+20 %) | **worse**, over the limit of 0.55 |\n"
        "| `auc` | 0.9 | **0.92** | +0.02 (+2.2 %) | better (minimum 0.9) |\n"
        "| `n` | 1 | **2** | +1 (+100 %) |  |\n"
        "| `f1` | 0.9 | **0.91** | +0.01 (+1.1 %) | within tolerance (limit 1) |\n"
    ) in said(review(release), Config(metric_rules=rules))


def test_a_limit_that_is_kept_has_a_column_where_no_verdict_has() -> None:
    gone = MetricChange(ChangeType.DELETED, "metrics.json", "gone", 1, None)
    release = between(changes=(metric("n", 1, 2), gone))
    found = said(review(release), Config(metric_rules={"n": MetricRule(min=0.5, max=9)}))
    assert "| `n` | 1 | **2** | +1 (+100 %) | minimum 0.5, limit 9 |\n" in found
    assert "| `gone` | 1 |  | removed |  |\n" in found


def test_the_file_that_most_metrics_are_of_stands_over_them() -> None:
    other = metric("n", 1, 2, "more.json")
    found = said(review(between(changes=(BETTER, other, WORSE))))
    assert "| Metric in `metrics.json` | `main` |" in found
    assert "| `auc` | 0.9 |" in found
    assert "| `n` in `more.json` | 1 |" in found
    assert "| `auc` in `metrics.json` | 0.9 |" in said(review(between(changes=(BETTER, other))))
    lone = replace(other, name="")
    assert "| `more.json` | 1 |" in said(review(between(changes=(lone, BETTER, WORSE))))


def test_the_columns_have_the_names_of_the_sides() -> None:
    release = between(changes=(BETTER,))
    assert "| Metric | `main` | this branch |" in said(review(release))
    assert "| Metric | merge base | this branch |" in said(review(release, behind=3))
    assert "| Metric | `main` | `tune-forest` |" in said(review(release, from_merge_base=False))


def test_pictures_that_are_somewhere_are_shown_and_many_fold() -> None:
    one = said(review(quiet(), pictures=(ROC, replace(ROC, url=""))))
    image = "![The curve of both sides](https://ci.acme.org/roc%20%281%29.svg)"
    assert f"\n**ROC**\n\n{image}\n\n<details>" in one
    assert one.count("![") == 1
    many = said(review(quiet(), pictures=(ROC,) * 3))
    assert "<details><summary>Pictures</summary>\n\n**ROC**" in many
    assert many.count("![") == 3


def test_what_is_missing_stands_at_the_end() -> None:
    """A file that is found to be broken is not told of twice; who brought it is said where that is known."""
    release = replace(
        quiet(),
        problems=(
            Problem("eval/plots", "not in the cache", "v1.1.0"),
            Problem("dvc.lock", "conflict markers", "v1.2.0"),
            Problem("params.yaml", "conflict markers", "v1.2.0"),
        ),
    )
    unread = replace(UNREAD, commit_id=release.head.commit_id)
    others = [
        replace(NO_REASON, what=f"No reason for m{n}.pkl.", subject=f"m{n}.pkl", commit_id="abcdef0" * 5)
        for n in range(6)
    ]
    named = replace(NO_REASON, what="No reason with abcdef0 at all.", commit_id="abcdef0" * 5, remedy="")
    found = said(review(release, unread, *others, named))
    assert "\n\n**1 thing to look at.** `dvc.lock`: it has conflict markers. Correct it.\n" in found
    assert found.endswith(
        "\n\n> "
        + " ".join(f"No reason for `m{n}.pkl` (`abcdef0`)." for n in range(5))
        + " So it is with 1 more. Add `Reason: …` to a commit of this branch.\n>\n"
        "> No reason with `abcdef0` at all.\n>\n"
        "> Not readable here: `eval/plots` at main (not in the cache).\n>\n"
        "> Not readable here: `params.yaml` (conflict markers).\n\n"
        f"<sub>`dvc-changelog review origin/main` {FROM_BASE}</sub>\n"
    )


@pytest.mark.parametrize("name", HEADLINES)
def test_every_headline_has_a_comment(name: str) -> None:
    """What happened is said as a changelog says it; nothing is said twice in a row."""
    found = said(review(HEADLINES[name]))
    assert "**Nothing" in found or " to look at" in found
    for sentence in found.split("\n\n")[3].split(". "):
        assert found.split("\n\n")[2].count(sentence) <= 1


def test_no_line_is_a_command_of_gitlab() -> None:
    finding = replace(STALE, what="/merge is not as it was.", subject="", path="")
    found = said(review(quiet(), finding, finding, finding))
    assert not re.search(r"^/", found, re.MULTILINE)


def test_a_few_hyperparameters_stand_in_a_sentence() -> None:
    changes = (
        param("lr", 0.1, 0.2, "train", path="conf.yaml"),
        param("warm", None, True, path="conf.yaml", change=ChangeType.ADDED),
        param("old", 1, None, path="conf.yaml", change=ChangeType.DELETED),
    )
    line = (
        "**Hyperparameters** — `lr` in `conf.yaml` 0.1 → **0.2** (used by `train`) · "
        "`warm` in `conf.yaml` new, true · `old` in `conf.yaml` removed, was 1"
    )
    assert f"\n\n{line}\n\n" in said(review(between(changes=changes)))
    declared = [replace(change, declared=True) for change in changes[1:]]
    found = said(review(between(changes=(changes[0], *declared))))
    assert "`warm` in `conf.yaml` used now, true · `old` in `conf.yaml` no longer used, was 1" in found
    more = (*changes, param("n", 1, 2, path="conf.yaml"))
    found = said(review(between(changes=more)))
    assert "**Hyperparameters**\n\n| Parameter in `conf.yaml` | `main` | this branch | Used by |" in found


def test_what_has_no_room_is_counted_where_it_would_stand() -> None:
    """Files of hyperparameters by their titles, pictures by their number."""
    values = tuple(param(f"p{n}", 1, 2, path=f"conf/{file}.yaml") for file in range(30) for n in range(5))
    told = review(between(changes=values), pictures=(ROC,) * 30)
    found = comment(told, Config(), limit=7_000)
    assert len(found) <= 7_000
    assert re.search(r"<details><summary>\d+ more files</summary>\n\n- `conf/\d+.yaml`: 5 changed\n", found)
    assert "\n\nTheir values are in `--format json`.\n\n</details>" in found
    assert "… and 15 more pictures." in found
