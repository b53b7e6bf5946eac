"""What a comment says to look at though no rule is broken, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from render.reviews import STALE, UNREAD, review
from render.stories import between, commit, metric

from dvc_changelog.config import Config, MetricRule
from dvc_changelog.domain import (
    Alert,
    Artifact,
    ArtifactChange,
    Ask,
    Bump,
    Cause,
    CauseKind,
    Change,
    ChangeType,
    Content,
    Finding,
    FindingKind,
    Goal,
    Judgement,
    Level,
    MetricChange,
    Noticed,
    Output,
    OutputChange,
    Rehomed,
    Release,
    Revert,
    Review,
    Role,
    Since,
    Stage,
    StageChange,
    Stale,
    Unmoved,
    Verdict,
)
from dvc_changelog.render.comment import comment
from dvc_changelog.workflows.unchecked import of_rule

DELETED, ADDED, RENAMED = ChangeType.DELETED, ChangeType.ADDED, ChangeType.RENAMED
EVALUATE = Cause(CauseKind.FILE, "src/evaluate.py")
LR = Cause(CauseKind.PARAM, "params.yaml", "lr", old=1, new=2)
MODEL = Output("m.pkl", Content("md5", "a"), Role.DERIVED, model=True)
GONE = tuple(MetricChange(DELETED, "m.json", f"m{n}", 1, None) for n in range(5))
CAME = MetricChange(ADDED, "m.json", "accuracy", None, 0.97)
TAGGER = Artifact("tagger", "m.pkl", "dvc.yaml")
CALLED = ArtifactChange(RENAMED, "dvc.yaml", "r-tagger", TAGGER, replace(TAGGER, name="r-tagger"))
RENAMING = Ask(Level.MAJOR, "artifact", "r-tagger", "m.pkl", "renamed", "was renamed from tagger")
MAJOR = Ask(Level.MAJOR, "commit", "Drop it", commit_id="abcdef0" * 5, why="is breaking")

HOME = Rehomed("", "storage", "s3://b", "storage", "s3://a", default=True)
FETCHED = "data and models are fetched from there"
LOSES = "`main` changed {} too since this branch left it: taking one side of {} loses the other's."
OTHER = "Metrics were measured on another `data/test` than on `main`"
READERS = ("plot", "report")
FEATURES = OutputChange(
    ChangeType.MODIFIED,
    "data/test",
    Output("data/test", Content("md5", "a"), Role.DERIVED, stage="split"),
    Output("data/test", Content("md5", "b"), Role.DERIVED, stage="split"),
    because=(LR,),
)


def verdict(told: Review, config: Config | None = None) -> str:
    return comment(told, config or Config()).split("\n\n", 2)[2]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            review(between(), behind=3, contested=("data/raw",)),
            LOSES.format("`data/raw`", "it"),
        ),
        (
            review(between(), behind=3, contested=("a", "b", "c", "params.yaml:lr")),
            LOSES.format("`a`, `b`, `c` and 1 more", "them"),
        ),
        (
            review(between(), noticed=Noticed(rehomed=(HOME,))),
            f"DVC's remote `storage` is now `s3://b`, was `s3://a`: {FETCHED}.",
        ),
        (
            review(between(), noticed=Noticed(rehomed=(replace(HOME, used=False, root="sub"),))),
            "DVC's remote `storage` of `sub` is now `s3://b`, was `s3://a`.",
        ),
        (
            review(between(), noticed=Noticed(rehomed=(replace(HOME, name="spare"),))),
            f"DVC's default remote is now `spare` (`s3://b`), was `storage` (`s3://a`): {FETCHED}.",
        ),
        (
            review(between(), noticed=Noticed(rehomed=(replace(HOME, old_name="", old_place=""),))),
            f"DVC's default remote is now `storage` (`s3://b`), there was none before: {FETCHED}.",
        ),
        (
            review(between(), noticed=Noticed(rehomed=(replace(HOME, name="", place=""),))),
            "DVC's default remote `storage` (`s3://a`) is configured no more: `dvc pull` does not know where",
        ),
        (
            review(between(), noticed=Noticed(rehomed=(replace(HOME, name="", place="", default=False),))),
            "DVC's remote `storage` (`s3://a`) is configured no more: what is kept there cannot be fetched.",
        ),
        (
            review(between(), noticed=Noticed(unmoved=(Unmoved("train", ("m.pkl",), (LR,)),))),
            "`train` made the same `m.pkl`, though `lr` went 1 → 2.",
        ),
        (
            review(between(), noticed=Noticed(without_model=True, because=(EVALUATE,))),
            "Metrics moved though no model did: `src/evaluate.py` changed.",
        ),
        (review(between(), noticed=Noticed(without_model=True)), "Metrics moved though no model did."),
        (
            review(between(), noticed=Noticed(other_data=("data/test",))),
            OTHER + ".",
        ),
        (
            review(between(changes=(FEATURES,)), noticed=Noticed(other_data=("data/test",))),
            OTHER + ", because `lr` went 1 → 2.",
        ),
        (
            review(
                replace(
                    between(changes=(FEATURES,)),
                    stale=(Stale("data/test", "", "3", "2", "evaluate", since=Since.INPUT),),
                ),
                noticed=Noticed(other_data=("data/test",)),
            ),
            OTHER + ".",  # nor on that which is there now
        ),
        (
            review(between(), noticed=Noticed(unheeded=(("params.yaml", "lr"),))),
            "No stage depends on `lr`: `dvc repro` does not notice that it changed.",
        ),
        (
            review(between(), noticed=Noticed(unheeded=tuple(("conf.yaml", f"p{n}") for n in range(5)))),
            (
                "No stage depends on `p0`, `p1`, `p2` and 2 more in `conf.yaml`: "
                "`dvc repro` does not notice that they changed."
            ),
        ),
        (
            review(between(), noticed=Noticed(unheeded=(("a/params.yaml", "lr"), ("params.yaml", "lr")))),
            (
                "No stage depends on `lr` in `a/params.yaml` and `params.yaml`: "
                "`dvc repro` does not notice that they changed."
            ),
        ),
        (review(between(), noticed=Noticed(orphaned=("m.json",))), "No stage makes `m.json` any more."),
        (
            review(between(), noticed=Noticed(orphaned=("m.json",), readers=(("m.json", ("report",)),))),
            "No stage makes `m.json` any more, and `report` still reads it.",
        ),
        (
            review(
                between(),
                noticed=Noticed(
                    orphaned=("m.json", "n.json"), readers=(("m.json", READERS), ("n.json", READERS))
                ),
            ),
            "No stage makes `m.json` and `n.json` any more, and `plot` and `report` still read them.",
        ),
        (
            review(between(), noticed=Noticed(orphaned=("m.json", "n.json"), readers=(("n.json", READERS),))),
            "No stage makes `m.json` and `n.json` any more, and `plot` and `report` still read `n.json`.",
        ),
        (
            review(
                between(),
                noticed=Noticed(
                    orphaned=("m.json", "n.json"), readers=(("m.json", ("plot",)), ("n.json", READERS))
                ),
            ),
            "No stage makes `m.json` and `n.json` any more, and `plot` and `report` still read some of them.",
        ),
        (review(between(changes=GONE[:1])), "Metric `m0` is gone."),
        (review(between(changes=GONE[:2])), "Metrics `m0` and `m1` are gone."),
        (
            review(between(), noticed=Noticed(other_model=("m.pkl",))),
            "Metrics were measured on another `m.pkl` than the one of this branch.",
        ),
        (
            review(between(changes=GONE[:2]), noticed=Noticed(shared=frozenset(("m1",)))),
            "Metrics `m0` and `m1` of `m.json` are gone.",
        ),
        (
            review(between(changes=(GONE[0], replace(GONE[0], path="n.json")))),
            "Metrics `m0` (`m.json`) and `m0` (`n.json`) are gone.",
        ),
        (
            review(between(changes=(replace(GONE[0], old=0.94), replace(CAME, new=0.94)))),
            "Metric `m0` is gone from `m.json`; `accuracy` with the same value is new there.",
        ),
        (
            review(between(changes=(replace(GONE[0], old=0.5), replace(CAME, new=0.5)))),
            "Metric `m0` is gone.",
        ),
        (review(between(changes=(replace(GONE[0], old=0.94), CAME))), "Metric `m0` is gone."),
        (review(between(changes=GONE)), "5 metrics are gone: `m0`, `m1`, `m2` and 2 more."),
        (
            review(between(changes=tuple(replace(one, declared=True) for one in GONE[:2]))),
            "Metrics `m0` and `m1` are declared metrics no more.",
        ),
        (review(between(changes=(OutputChange(DELETED, "m.pkl", MODEL, None),))), "Model `m.pkl` is gone."),
        (
            review(between(changes=(ArtifactChange(DELETED, "dvc.yaml", "tagger", TAGGER, None),))),
            "Artifact `tagger` is declared no more.",
        ),
        (
            review(between(changes=(CALLED,), bump=Bump(Level.MAJOR, (RENAMING,)))),
            "Artifact `tagger` was renamed to `r-tagger`.\n",
        ),
        (
            review(between(bump=Bump(Level.MAJOR, (MAJOR,)))),
            "These changes ask for a major version: commit abcdef0 (`Drop it`): is breaking.",
        ),
    ],
)
def test_nothing_to_look_at_is_claimed_only_where_it_is_so(told: Review, said: str) -> None:
    assert verdict(told).startswith(f"**1 thing to look at.** {said}")


def test_a_rule_that_fails_since_it_could_not_be_checked_is_to_be_looked_at() -> None:
    unsure = Finding(FindingKind.STALE_LOCK, "Whether dvc.lock is stale is not known.", "")
    told = review(between(), unchecked=(unsure,), fail_on=frozenset((FindingKind.STALE_LOCK,)))
    assert verdict(told).startswith("**1 thing to look at**, which fails the check. Whether dvc.lock is")
    assert verdict(review(between(), unchecked=(unsure,))).startswith("**Nothing")


def unsure(kind: FindingKind, why: str = "dvc.lock cannot be read") -> Finding:
    return of_rule(kind, why, "Correct it.", "dvc.lock")


@pytest.mark.parametrize(
    ("unchecked", "said"),
    [
        ((unsure(FindingKind.REGRESSION),), "`regression` could not be checked: {}"),
        (
            tuple(map(unsure, (FindingKind.REGRESSION, FindingKind.UNDOCUMENTED, FindingKind.STALE_LOCK))),
            "`regression`, `undocumented` and `stale-lock` could not be checked: {}",
        ),
        (
            (of_rule(FindingKind.REGRESSION, "a is odd", "", "a"), unsure(FindingKind.STALE_LOCK)),
            "`regression` could not be checked: `a` is odd. `stale-lock` could not be checked: {}",
        ),
        (
            (unsure(FindingKind.REGRESSION, "dvc.lock is odd in many ways"), unsure(FindingKind.STALE_LOCK)),
            "`regression` and `stale-lock` could not be checked: {}",
        ),
        (
            (Finding(FindingKind.STALE_LOCK, "Nobody knows.", ""),),
            "`stale-lock` could not be checked: Nobody knows.",
        ),
    ],
)
def test_a_rule_that_could_not_be_checked_is_named_at_the_end(
    unchecked: tuple[Finding, ...], said: str
) -> None:
    told = verdict(review(between(), unchecked=unchecked))
    assert told.startswith("**Nothing to look at in what could be read.** Not all could: see below.\n")
    assert "\n> " + said.format("`dvc.lock` cannot be read.") + "\n" in told


def test_a_rule_that_fails_or_is_known_not_to_hold_is_not_said_to_be_unchecked() -> None:
    of_lock = unsure(FindingKind.STALE_LOCK)
    fails = review(between(), unchecked=(of_lock,), fail_on=frozenset((FindingKind.STALE_LOCK,)))
    assert "\n> " not in verdict(fails)
    assert "\n> " not in verdict(review(between(), STALE, unchecked=(of_lock,)))


def test_what_went_is_not_told_once_more_as_a_major_step() -> None:
    ask = Ask(Level.MAJOR, "model", "m", "m.pkl", "deleted", "was removed")
    changes = (OutputChange(DELETED, "m.pkl", MODEL, None),)
    assert "ask for a major" not in verdict(review(between(changes=changes, bump=Bump(Level.MAJOR, (ask,)))))


def worse(name: str, old: float, new: float) -> tuple[Change, Finding]:
    finding = Finding(
        FindingKind.REGRESSION, f"{name} got worse: {old} → {new}.", "", path="metrics.json", subject=name
    )
    return metric(name, old, new, judged=Judgement(Verdict.WORSE, Goal.HIGHER)), finding


def crowd() -> Review:
    moves = (
        worse("acc.train", 0.9, 0.5),
        worse("acc.test", 0.9, 0.8),
        worse("auc.test", 0.9, 0.6),
        worse("f1.test", 0.9, 0.8999),
        worse("r2.test", 0.9, 0.8999),
    )
    found = [finding for _, finding in moves]
    return review(between(changes=tuple(c for c, _ in moves)), *found, STALE, UNREAD, contested=("data",))


def order(text: str) -> list[str]:
    return [line[2:].split(" ")[0] for line in text.split("\n\n")[1].splitlines()]


def test_the_worst_is_told_first() -> None:
    """Test data before training data, by how far; what hardly moved is summed up at the end."""
    text = verdict(crowd())
    assert text.startswith("**7 things to look at.**")
    assert order(text) == ["`dvc.lock`:", "The", "`main`", "`auc.test`", "`acc.test`", "`acc.train`", "2"]
    assert "- 2 metrics got worse by less than 0.1 %: `f1.test` and `r2.test`.\n" in text


def test_a_file_of_dvc_that_cannot_be_read_is_told_before_what_is_missed_for_it() -> None:
    limit = Finding(FindingKind.THRESHOLD, "auc is 0.5, under the limit.", "", path="m.json", subject="auc")
    told = verdict(review(between(), limit, UNREAD, fail_on=frozenset()))
    assert order(told) == ["`dvc.lock`:", "`auc`"]


def test_many_metrics_that_differ_by_a_number_are_one_thing() -> None:
    classes = [worse(f"class_{n:02}.recall", 0.9, 0.8 - n / 100) for n in range(7)]
    moves = [*classes, *(worse(f"f{n}.test", 0.9, 0.89) for n in range(7))]
    text = verdict(review(between(changes=tuple(c for c, _ in moves)), *(found for _, found in moves)))
    assert text.startswith("**8 things to look at.**")
    assert "- 7 metrics `class_*.recall` got worse, `class_06.recall` most: 0.9 → 0.74" in text


def test_a_model_that_changed_though_nothing_else_did_is_looked_at_first() -> None:
    output = Output("m.pkl", Content("md5", "a" * 32), Role.DERIVED, "train", model=True)
    other = replace(output, content=Content("md5", "b" * 32))
    change = OutputChange(ChangeType.MODIFIED, "m.pkl", output, other)
    told = verdict(review(between(changes=(change,)), noticed=Noticed(unexplained=("m.pkl",))))
    assert told.startswith(
        "**1 thing to look at.** The model `m.pkl` changed, though nothing that `train` reads did: "
        "not deterministic, or not made by it?\n"
    )


@pytest.mark.parametrize(
    ("reverted", "what"), [("b" * 40, "what `bbbbbbb` of `main` did"), ("", "what `main` did")]
)
def test_a_merge_that_takes_one_side_says_what_of_the_other_it_takes_back(reverted: str, what: str) -> None:
    release = replace(between(), reverts=(Revert("a" * 40, reverted, undid=("m.pkl",), merge=True),))
    said = f"**1 thing to look at.** The merge `aaaaaaa` takes back {what} to `m.pkl`.\n"
    assert verdict(review(release)).startswith(said)


def test_a_metric_that_several_files_have_is_told_with_its_file() -> None:
    change, found = worse("acc", 0.9, 0.8)
    found = replace(found, what=found.what.replace("acc", f"acc ({change.path})", 1))
    told = review(between(changes=(change,)), found)
    assert "`acc` got worse" in verdict(told)
    shared = replace(told, noticed=Noticed(shared=frozenset(("acc",))))
    assert f"`acc` (`{change.path}`) got worse" in verdict(shared)


def test_a_small_move_counts_where_a_tolerance_says_so() -> None:
    text = verdict(crowd(), Config(metric_rules={"f1.test": MetricRule(tolerance=0.00001)}))
    assert order(text)[-3:] == ["`f1.test`", "`acc.train`", "`r2.test`"]


def new_stage(name: str) -> StageChange:
    return StageChange(ADDED, "dvc.yaml", name, None, Stage("dvc.yaml", name))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((new_stage("train"),), "Stage `train` is new. 1 commit."),
        (
            (replace(new_stage("fit"), change=RENAMED, old=Stage("dvc.yaml", "train")),),
            "Stage `train` is now `fit`. 1 commit.",
        ),
        ((new_stage("a"), new_stage("b")), "Stages `a` and `b` are new. 1 commit."),
        (
            (ArtifactChange(ADDED, "dvc.yaml", "tagger", None, TAGGER),),
            "Artifact `tagger` is new. 1 commit.",
        ),
        ((CALLED,), "Artifact `tagger` was renamed to `r-tagger`. 1 commit."),
        (
            (ArtifactChange(RENAMED, "d.yaml", "tagger", TAGGER, replace(TAGGER, file="d.yaml")),),
            "Artifact `tagger` is defined otherwise. 1 commit.",
        ),
    ],
)
def test_the_news_is_more_than_a_number_of_commits(changes: tuple[Change, ...], said: str) -> None:
    assert f"\n\n{said}\n\n" in comment(review(release(changes)), Config())


def release(changes: tuple[Change, ...]) -> Release:
    return between(changes=changes, commits=(commit(1, "Add it", "code"),))


def test_all_metrics_that_went_are_counted() -> None:
    """One that has a limit is no less gone."""
    alert = Alert("m.json", "m0", "min", 0.5, None, 1, "it is not there any more")
    text = comment(review(between(changes=GONE, alerts=(alert,))), Config())
    assert "5 metrics were removed. " in text


def test_a_limit_of_a_metric_that_is_gone_is_not_told_once_more_as_unchecked() -> None:
    alert = Alert("m.json", "m0", "min", 0.5, None, 1, "it is not there any more")
    said = verdict(review(between(changes=GONE[:1], alerts=(alert,))))
    assert "m0` is not there any more; its limit is min = 0.5." in said
    assert "cannot be checked" not in said
