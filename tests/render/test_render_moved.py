"""Which commits moved what: told where it is news, and how short."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from render.stories import ADDED, between, commit, metric, moved, output, param, revision
from rich.console import Console

from dvc_changelog.config import Config
from dvc_changelog.domain import (
    Alert,
    Cause,
    CauseKind,
    Commit,
    Drift,
    Goal,
    Judgement,
    MetricChange,
    OutputChange,
    Release,
    Rest,
    Revert,
    Review,
    Step,
    Swing,
    Trend,
)
from dvc_changelog.render import json_changes, markdown, terminal
from dvc_changelog.render.comment import comment

ONE, TWO, MERGE = (
    commit(0xE4BC9B0, "Use bigrams"),
    commit(0xBEA12FE, "Tune"),
    replace(commit(0xAAA0003, "Merge branch 'tune'"), parents=("a", "b")),
)
OUTSIDE = "c0ffee0" + "0" * 33


def auc(*steps: tuple[Commit | None, float, float], rest: Rest | None = None) -> MetricChange:
    """A metric that these commits moved, None for the working tree."""
    told = tuple(Step(by.id if by else "", old, new, new - old) for by, old, new in steps)
    return replace(metric("auc", 1, 4), steps=told, rest=rest)


def told(*listed: Commit, changes: tuple[MetricChange, ...], **parts: object) -> list[str]:
    """The lines that a release has below its table of metrics."""
    release = between(commits=listed, movers=(MERGE, ONE, TWO), changes=changes)
    release = replace(release, **parts)  # type: ignore[arg-type]  # fields of a release
    text = markdown.entry(release, Config(fold_after=50))
    section = text.partition("### Metrics")[2].partition("###")[0]
    return [line for line in section.splitlines() if line and not line.startswith("|")]


def test_the_only_commit_of_a_release_moved_what_moved() -> None:
    assert told(ONE, changes=(auc((ONE, 1, 4)),)) == []


def test_the_only_one_of_several_that_moved_anything_is_named() -> None:
    assert told(ONE, TWO, changes=(auc((ONE, 1, 4)),)) == ["All of it moved in `e4bc9b0` Use bigrams."]


def test_a_subject_that_is_a_sentence_ends_it() -> None:
    done = replace(ONE, message="Done.")
    assert told(done, TWO, changes=(auc((ONE, 1, 4)),), movers=(done,))[0].endswith("`e4bc9b0` Done.")


def test_a_commit_that_is_not_listed_is_named_all_the_same() -> None:
    """A merge, or a commit of other paths."""
    assert told(ONE, changes=(auc((MERGE, 1, 4)),)) == [
        "All of it moved in `aaa0003` Merge branch 'tune' (the merge itself)."
    ]


def test_not_all_is_said_where_something_cannot_be_read() -> None:
    unread = MetricChange(ADDED, "m.json", "loss", None, 1)
    assert told(ONE, TWO, changes=(auc((ONE, 1, 4)), unread)) == [
        "Where it moved:",
        "- `e4bc9b0` Use bigrams: `auc` +3",
    ]


def test_what_is_not_committed_yet_comes_first() -> None:
    assert told(ONE, TWO, changes=(auc((None, 2, 4), (ONE, 1, 2)),)) == [
        "Where it moved:",
        "- what is not committed yet: `auc` +2",
        "- `e4bc9b0` Use bigrams: `auc` +1",
    ]
    assert told(changes=(auc((None, 1, 4)),)) == ["All of it moved in what is not committed yet."]


@pytest.mark.parametrize(
    ("rest", "prereleases", "line"),
    [
        (Rest(1, (), OUTSIDE), (), "these commits start from `c0ffee0`, not from 1.1.0"),
        (Rest(1, (), OUTSIDE), ("v1.2.0-rc1",), "it came with the prereleases before"),
        (Rest(1, (TWO.id,)), (), "values cannot be read here at `bea12fe`"),
        (
            Rest(1, (TWO.id,), OUTSIDE),
            (),
            "these commits start from `c0ffee0`, not from 1.1.0 and values cannot be read here at `bea12fe`",
        ),
    ],
)
def test_what_could_not_be_placed_says_why(rest: Rest, prereleases: tuple[str, ...], line: str) -> None:
    lines = told(ONE, changes=(auc((ONE, 2, 4), rest=rest),), prereleases=prereleases)
    assert lines[-1] == f"- Not placed: `auc` +1, since {line}"


def test_of_many_values_of_a_commit_the_rest_is_counted() -> None:
    many = tuple(replace(auc((ONE, 1, 4), (TWO, 1, 1)), name=f"m{n}") for n in range(7))
    new = tuple(
        MetricChange(ADDED, "metrics.json", f"n{n}", None, 1, steps=(Step(ONE.id, None, 1),))
        for n in range(3)
    )
    lines = told(ONE, TWO, changes=(*many, *new))
    assert lines[1] == "- `e4bc9b0` Use bigrams: `m0` +3, `m1` +3, `m2` +3, `m3` +3, 3 more, 3 new"


def test_values_that_matter_are_not_hidden_behind_others() -> None:
    """What is beyond a limit, then what is judged; of equal weight, what moved most."""
    plain = [replace(auc((ONE, 1, 9), (TWO, 1, 1)), name=f"m{n}") for n in range(5)]
    known = replace(plain[0], name="loss", judged=Judgement(goal=Goal.LOWER))
    said = replace(plain[0], name="cost", judged=Judgement(goal=Goal.LOWER, configured=True))
    far = replace(auc((ONE, 1, 99), (TWO, 1, 1)), name="far")
    beyond = replace(auc((ONE, 1, 2), (TWO, 1, 1)), name="beyond")
    slow = replace(known, name="latency")
    alert = Alert("metrics.json", "beyond", "max", 1, 2)
    lines = told(ONE, TWO, changes=(*plain, slow, known, far, said, beyond), alerts=(alert,))
    assert lines[-2] == "- `e4bc9b0` Use bigrams: `latency` +8, `loss` +8, `cost` +8, `beyond` +1, 6 more"


def test_names_that_several_files_have_are_told_apart() -> None:
    one, other = auc((ONE, 1, 4)), replace(auc((TWO, 1, 4)), path="b.json")
    assert told(ONE, TWO, changes=(one, other, replace(one, name="f1")))[1:] == [
        "- `e4bc9b0` Use bigrams: `auc` in `metrics.json` +3, `f1` +3",
        "- `bea12fe` Tune: `auc` in `b.json` +3",
    ]


def test_a_value_without_a_name_is_called_by_its_file() -> None:
    """All that a file holds, be it text: metrics/emissions.csv."""
    other = auc((ONE, 1, 4))
    lone = replace(auc((ONE, 1, 4)), path="loss.txt", name="")
    text = replace(
        lone,
        path="runs.csv",
        old="a",
        new="b",
        delta=None,
        steps=(Step(ONE.id, "a", "b"), Step(TWO.id, None, "a")),
    )
    swing = Swing("loss.txt", "", 1, 0, 2, (Step(ONE.id, 0, 2, 2), Step(TWO.id, 1, 0, -1)))
    trend = Trend("loss.txt", "", 1, 2, "v1.0.0", 3)
    drift = Drift("loss.txt", "", 1, 2)
    changes = (other, replace(lone, rest=Rest(1, (TWO.id,))), text)
    lines = told(ONE, TWO, changes=changes, swings=(swing,), trends=(trend,), drifts=(drift,))
    assert lines == [
        "- Drift: `loss.txt` 1 → 2",
        "- `loss.txt` **rises slowly**: 1 → 2 over 3 releases, each step within tolerance, since 1.0.0",
        "- `loss.txt` fell to 0 in `bea12fe` and rose to 2 in `e4bc9b0`",
        "Where it moved:",
        "- `e4bc9b0` Use bigrams: `auc` +3, `loss.txt` +3, `runs.csv` changed",
        "- `bea12fe` Tune: `runs.csv` new",
        "- Not placed: `loss.txt` +1, since values cannot be read here at `bea12fe`",
    ]


def test_of_the_first_release_it_is_not_said_that_all_is_new() -> None:
    new = replace(auc((ONE, 1, 4)), change=ADDED, old=None, delta=None)
    new = replace(new, steps=(*new.steps, Step(TWO.id, None, 1)))
    assert told(ONE, TWO, changes=(new,), base=None)[1:] == ["- `e4bc9b0` Use bigrams: `auc` +3"]


def test_many_swings_stand_below_one_line() -> None:
    steps = (Step(ONE.id, 0, 2, 2), Step(TWO.id, 1, 0, -1))
    few = tuple(Swing("m.json", f"m{n}", 1, 0, 2, steps) for n in range(2))
    assert told(ONE, TWO, changes=(), swings=few) == [
        f"- `m{n}` fell to 0 in `bea12fe` and rose to 2 in `e4bc9b0`" for n in range(2)
    ]
    many = tuple(Swing("m.json", f"m{n}", 1, 0, 1, steps) for n in range(9))
    lines = told(ONE, TWO, changes=(), swings=many)
    assert lines[0] == "- 9 metrics went back on their way"
    assert lines[-2] == "  - `m8` fell to 0 in `bea12fe` and came back in `e4bc9b0`"


def entry(release: Release) -> str:
    return markdown.entry(release, Config())


def test_outputs_say_in_which_commit_they_changed_last() -> None:
    old, new = output("a", "1" * 8, 1), output("a", "2" * 8, 2)

    def line(*ids: str, **parts: object) -> str:
        change: OutputChange = replace(moved(old, new), commits=ids)
        release = between(commits=(ONE, TWO), changes=(change,))
        return entry(replace(release, **parts))  # type: ignore[arg-type]  # fields of a release

    assert "`11111111` → `22222222` (in `bea12fe`)" in line(TWO.id)
    assert "`11111111` → `22222222` (last changed in `e4bc9b0`)" in line(ONE.id, TWO.id)
    assert "`11111111` → `22222222` (not committed yet)" in line("")
    assert "`11111111` → `22222222`\n" in line(ONE.id, commits=(ONE,))
    assert "`11111111` → `22222222`\n" in line()


def test_what_a_merge_took_back_is_not_told_from_what_its_stage_ran_with() -> None:
    """A revert may well have put the param back; a merge that keeps one side ran nothing."""
    old, new = output("a", "1" * 8, 1), output("a", "2" * 8, 2)
    lr = Cause(CauseKind.PARAM, "params.yaml", "lr", old=0.2, new=0.1)
    change: OutputChange = replace(moved(old, new), because=(lr,), commits=(TWO.id,), taken_back=TWO.id)
    for merge, why in ((False, "because `lr` went 0.2 → 0.1"), (True, "")):
        reverts = (Revert(TWO.id, ONE.id, undid=("a",), merge=merge),)
        text = entry(between(commits=(ONE, TWO), changes=(change,), reverts=reverts))
        assert "`a` taken back, " in text
        assert ("because" in text, why in text) == (bool(why), True)


def test_what_a_merge_made_up_is_told_by_the_commit_that_recorded_it() -> None:
    old, new = output("a", "1" * 8, 1, stage="fit"), output("a", "2" * 8, 2, stage="fit")
    own = Cause(CauseKind.UNKNOWN, "a", "fit", commits=(TWO.id,))
    through = replace(own, path="b", name="train", through=("train", "pack"))
    for because, said in (
        (own, "`22222222`, recorded with other inputs in `bea12fe`\n"),
        (through, "because `b` changed, through `pack`: recorded with other inputs in `bea12fe`\n"),
    ):
        change: OutputChange = replace(moved(old, new), because=(because,))
        assert said in entry(between(commits=(ONE, TWO), changes=(change,)))


def test_metrics_of_another_model_are_marked_above_their_table() -> None:
    said = "were measured on another `m.pkl` than the one that is recorded now: they tell nothing of it."
    of_another = replace(auc((ONE, 0.8, 0.9)), other_model=("m.pkl",))
    own = metric("loss", 1, 0.9, path="other.json")
    release = between(commits=(ONE,), changes=(of_another,))
    both = replace(release, changes=(of_another, own))
    assert f"\n### Metrics\n\nThese values {said}\n\n| Metric |" in entry(release)
    assert f"\n### Metrics\n\nThose of `{of_another.path}` {said}\n\n| Metric |" in entry(both)
    assert "measured" not in entry(replace(release, changes=(own,)))
    drawn = StringIO()
    terminal.draw(release, Config(), Console(file=drawn, width=200))
    assert "\nThese values were measured on another m.pkl than" in drawn.getvalue()
    shown = comment(Review(release, target="main", branch="dev"), Config())
    assert f"\n\nThese values {said}\n\n| Metric |" in shown
    assert json_changes.change(of_another)["other_model"] == ["m.pkl"]
    assert "other_model" not in json_changes.change(own)


def test_params_say_by_which_commits_they_changed() -> None:
    changes = (
        replace(param("lr", 1, 2), commits=(TWO.id,)),
        replace(param("n", 1, 2), commits=(ONE.id, TWO.id)),
        replace(param("m", 1, 2), commits=(MERGE.id, ONE.id, TWO.id)),
        replace(param("w", 1, 2), commits=("",)),
        param("x", 1, 2),
    )
    text = entry(between(commits=(ONE, TWO), changes=changes))
    assert "| Parameter | 1.1.0 | 1.2.0 | Changed by |" in text
    assert "| `lr` | 1 | **2** | `bea12fe` |" in text
    assert "| `n` | 1 | **2** | `e4bc9b0`, `bea12fe` |" in text
    assert "| `m` | 1 | **2** | `aaa0003` and 2 more |" in text
    assert "| `w` | 1 | **2** | the working tree |" in text
    assert "| `x` | 1 | **2** |  |" in text
    assert "Changed by" not in entry(between(commits=(TWO,), changes=changes[:1]))
    first = replace(between(commits=(ONE, TWO), changes=changes), base=None, head=revision("v1.0.0", 1))
    assert "Changed by" not in entry(first)
