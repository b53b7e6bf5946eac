"""What a branch must not have, in real repositories: each with who brought it and what mends it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from dvc.repo import Repo
from gitrepo import GitRepo
from snapshot.agreement import quiet_dvc
from workflows.branches import (
    RULES,
    begun,
    below,
    branch,
    checked,
    dvcfile,
    md5,
    metrics,
    only,
    project,
    told,
)

from dvc_changelog.config import Config
from dvc_changelog.domain import (
    OF_REVIEW,
    ChangeType,
    FindingKind,
    MetricChange,
    OutputChange,
    Review,
    StageChange,
)
from dvc_changelog.history import History
from dvc_changelog.render.figures import MINUS
from dvc_changelog.render.rules import holding
from dvc_changelog.workflows import generate, rules, write
from dvc_changelog.workflows.common import snapshots_of

__all__ = ["begun", "branch", "quiet_dvc"]

REASON = "\n\nReason: It drifted"
REMEDY = "Train it better, or correct its limit in `metric-rules`."


def scored(auc: float = 0.9, latency: float = 41) -> dict[str, str | bytes]:
    return project(values=metrics(auc, latency))


def test_a_branch_without_fault_has_none(branch: GitRepo) -> None:
    branch.commit(f"Retrain{REASON}", project(model="2", values=metrics(0.95)))
    review = checked(branch)
    assert told(review) == []
    assert review.checked == rules.CHEAP
    assert (review.target, review.branch) == ("main", "tune")


LIMITS: list[tuple[float, float | None, float, str]] = [
    # latency on main, on the branch's first and on its second commit; what is said of it
    (41, None, 55, "This branch moved it from 41 ms."),
    (60, None, 55, "It was so on main already, at 60 ms: this branch improved it."),
    (55, 40, 60, "It was so on main already, at 55 ms: this branch worsened it."),
    (55, None, 55, "It was so on main already: this branch did not move it."),
]


@pytest.mark.parametrize(("before", "between", "after", "said"), LIMITS)
def test_a_limit_is_told_with_who_passed_it(
    repo: GitRepo, before: float, between: float | None, after: float, said: str
) -> None:
    repo.commit("Begin", scored(latency=before))
    repo.git("checkout", "-q", "-b", "tune")
    if between:
        repo.commit("Between", scored(latency=between))
    moved = repo.commit("Score", scored(latency=after))
    head = repo.commit("Docs", {"README.md": "x"})
    unit = {"latency": {"better": "lower", "max": 50, "unit": "ms"}}
    found = only(checked(repo, metric_rules=unit))
    what = f"latency (m.json) is {after} ms, over the limit of 50 ms. {said}"
    assert (found.kind, found.what, found.remedy) == ("threshold", what, REMEDY)
    assert (found.path, found.subject) == ("m.json", "latency")
    assert found.commit_id == (head if before == after else moved)


def test_a_metric_that_is_new_is_beyond_its_limit_too(repo: GitRepo) -> None:
    repo.commit("Begin", project(values='{"auc": 0.9}'))
    repo.git("checkout", "-q", "-b", "tune")
    repo.commit("Time it", scored(latency=60))
    assert only(checked(repo)).what.endswith("over the limit of 50. It is new in this branch.")


def test_a_drop_is_the_branchs_own(branch: GitRepo) -> None:
    moved = branch.commit("Retrain", scored(auc=0.8))
    drop = {"auc": {"better": "higher", "max-drop": 0.05}}
    assert told(review := checked(branch, metric_rules=drop)) == [("threshold", moved[:7], "auc")]
    assert (
        only(review).what == "auc (m.json) got worse by 0.1, more than the 0.05 allowed. It was 0.9 on main."
    )


def test_a_metric_that_vanished_does_not_keep_its_limit(branch: GitRepo) -> None:
    gone = branch.commit("Drop it", project(values='{"auc": 0.9}'))
    review = checked(branch)
    assert told(review) == [("threshold", gone[:7], "latency")]
    assert only(review).what == "latency (m.json) is not there any more; its limit is max = 50."
    assert (only(review).remedy, review.failing) == (
        "Bring it back, or take its limit out of `metric-rules`.",
        review.findings,
    )


def test_what_got_worse_is_found_beyond_its_tolerance_and_once(branch: GitRepo) -> None:
    moved = branch.commit("Score", scored(auc=0.88, latency=45))
    review = checked(branch)
    assert told(review) == [("regression", moved[:7], "latency"), ("regression", moved[:7], "auc")]
    assert review.findings[1].what == f"auc (m.json) got worse: 0.9 → 0.88, {MINUS}0.02 ({MINUS}2.2 %)."
    assert review.failing == ()
    branch.commit("Score again", scored(auc=0.895, latency=60))
    assert [(kind, subject) for kind, _, subject in told(checked(branch))] == [("threshold", "latency")]


def test_the_worst_regression_comes_first(branch: GitRepo) -> None:
    branch.commit("Score", scored(auc=0.88, latency=49))
    assert [subject for _, _, subject in told(checked(branch))] == ["latency", "auc"]


def test_a_metric_that_is_no_number_any_more_got_worse(branch: GitRepo) -> None:
    branch.commit("Diverge", project(values='{"auc": NaN, "latency": 41}'))
    assert only(checked(branch)).what == "auc (m.json) got worse: 0.9 → NaN."


def test_data_that_no_run_has_seen_leaves_the_lock_behind(branch: GitRepo) -> None:
    brought = branch.commit(f"March{REASON}", {"data.csv.dvc": dvcfile("data.csv", "2")})
    branch.commit("Docs", {"README.md": "x"})
    found = only(checked(branch))
    assert found.what == "The stage train is not as it last ran: data.csv changed."
    assert found.remedy == "`dvc repro train`, then commit dvc.lock and m.json."
    assert (found.kind, found.path, found.subject, found.commit_id) == (
        "stale-lock",
        "dvc.lock",
        "train",
        brought,
    )


def test_a_lock_that_was_behind_before_is_still_found(branch: GitRepo) -> None:
    branch.git("checkout", "-q", "main")
    branch.commit("Tune", {"params.yaml": "lr: 0.5\n"})
    branch.git("checkout", "-q", "-b", "docs")
    head = branch.commit("Docs", {"README.md": "x"})
    found = only(checked(branch))
    assert found.what.endswith("lr is 0.5, was 0.1. It was so on main already.")
    assert found.commit_id == head
    moved = branch.commit("Tune more", {"params.yaml": "lr: 0.7\n"})
    assert not only(checked(branch)).what.endswith("already.")
    assert only(checked(branch)).commit_id in {moved, head}


def test_of_a_stage_that_was_behind_before_it_is_told_what_the_branch_did_not_bring(branch: GitRepo) -> None:
    branch.git("checkout", "-q", "main")
    branch.commit("Tune", {"params.yaml": "lr: 0.5\n"})
    branch.git("checkout", "-q", "-b", "march")
    head = branch.commit(f"March{REASON}", {"data.csv.dvc": dvcfile("data.csv", "2")})
    found = only(checked(branch))
    assert found.what.endswith("lr is 0.5, was 0.1; data.csv changed. lr was so on main already.")
    assert found.commit_id == head


def test_stages_that_were_behind_before_are_told_together_after_the_others(repo: GitRepo) -> None:
    stages = {
        name: f"  {name}:\n    cmd: x\n    params: [{name}]\n    outs: [{name}.txt]\n" for name in "abc"
    }
    ran = "".join(
        f"  {name}:\n    cmd: x\n    params:\n      params.yaml:\n        {name}: 1\n"
        f"    outs:\n    - path: {name}.txt\n      md5: {name * 32}\n      size: 1\n"
        for name in "abc"
    )
    pipeline = {
        "dvc.yaml": "stages:\n" + "".join(stages.values()),
        "dvc.lock": f"schema: '2.0'\nstages:\n{ran}",
    }
    repo.commit("Begin", {**pipeline, "params.yaml": "a: 1\nb: 2\nc: 2\n"})
    repo.git("checkout", "-q", "-b", "tune")
    repo.commit("Tune", {"params.yaml": "a: 2\nb: 2\nc: 2\n"})
    own, before = (each for each in checked(repo).findings if each.kind == "stale-lock")
    assert own.what == "The stage a is not as it last ran: a is 2, was 1."
    assert before.what == "2 stages are not as they last ran: b and c. It was so on main already."
    assert before.remedy == "`dvc repro`, then commit dvc.lock."


def test_a_frozen_stage_is_behind_where_the_branch_changed_what_it_reads(repo: GitRepo) -> None:
    files = project()
    files["dvc.yaml"] = str(files["dvc.yaml"]).replace("  train:\n", "  train:\n    frozen: true\n")
    repo.commit("Begin", files)
    repo.git("checkout", "-q", "-b", "tune")
    tuned = repo.commit("Tune", {"params.yaml": "lr: 0.2\n"})
    repo.commit("Docs", {"README.md": "x"})
    found = only(checked(repo))
    assert found.what == (
        "The stage train is not as it last ran: lr is 0.2, was 0.1. "
        "It is frozen: `dvc repro` does not run it."
    )
    assert (found.kind, found.path, found.commit_id) == ("stale-lock", "dvc.lock", tuned)
    repo.git("branch", "-f", "main", "HEAD")
    repo.commit("More", {"README.md": "y"})
    assert told(checked(repo)) == []


def test_data_that_a_stage_reads_and_nothing_has_any_more_is_found(branch: GitRepo) -> None:
    (branch.path / "data.csv.dvc").unlink()
    gone = branch.commit(f"Take away{REASON}", {})
    found = only(checked(branch))
    assert found.what == "The stage train reads data.csv, which neither DVC nor Git has any more."
    assert (found.kind, found.path, found.commit_id) == ("stale-lock", "dvc.yaml", gone)


CODE = {"src/eval.py": "1\n", "lib/a.py": "2\n", "lib/b/c.py": "3\n", "held.py": "4\n"}
READERS = """\
  score_a: &score
    cmd: python src/eval.py
    deps: [model.pkl, src/eval.py, lib, ../outside.py, local.py]
  score_b: *score
  held:
    frozen: true
    cmd: python held.py
    deps: [held.py, src/eval.py]
"""


def reading(files: dict[str, str | bytes]) -> dict[str, str | bytes]:
    """The project with stages more that read code in Git, a file outside, and one that Git ignores."""
    pipeline = (
        str(project()["dvc.yaml"]).replace("artifacts:", f"{READERS}artifacts:").replace("score@", "score")
    )
    return {**project(), **files, "dvc.yaml": pipeline, ".gitignore": "local.py\n", "local.py": "5\n"}


GONE = [
    # what is taken away, and where it went; what is said of it
    (
        {"src/eval.py": ""},
        "src/eval.py",
        "it back (`git checkout BASE -- src/eval.py`), or take it out of",
    ),
    (
        {"src/eval.py": "src/score.py"},
        "src/eval.py",
        "it back (`git checkout BASE -- src/eval.py`), name src/score.py instead in",
    ),
    (
        {"lib/a.py": "", "lib/b/c.py": ""},
        "lib",
        "it back (`git checkout BASE -- lib`), or take it out of",
    ),
    (
        {"lib/a.py": "", "lib/b/c.py": "", "src/eval.py": ""},
        "src/eval.py and lib",
        "them back (`git checkout BASE -- src/eval.py lib`), or take them out of",
    ),
]


@pytest.mark.parametrize(("gone", "named", "remedy"), GONE)
def test_code_that_a_stage_reads_and_git_lacks_now_is_found(
    repo: GitRepo, gone: dict[str, str], named: str, remedy: str
) -> None:
    base = repo.commit("Begin", reading({**CODE}))
    repo.git("checkout", "-q", "-b", "tune")
    for path, to in gone.items():
        repo.git(*(("mv", path, to) if to else ("rm", "-q", path)))
    brought = repo.commit("Tidy up", {})
    repo.commit("Docs", {"README.md": "x"})
    found = next(each for each in checked(repo).findings if "neither" in each.what)
    names = f"The stages score_a and score_b read {named}"
    assert found.what == f"{names}, which neither DVC nor Git has any more."
    assert found.remedy.startswith(f"Bring {remedy.replace('BASE', base[:7])}")
    assert found.remedy.endswith(" of them." if "instead" in remedy else " out of the `deps` of dvc.yaml.")
    assert (found.kind, found.path, found.commit_id) == ("stale-lock", "dvc.yaml", brought)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repo.path)
        with Repo() as dvc:
            (status,) = (each for each in dvc.status()["score_b"] if "changed deps" in each)
    lacking = {path for path, fate in status["changed deps"].items() if fate == "deleted"}
    assert lacking >= set(named.split(" and "))


def test_code_that_only_a_frozen_stage_reads_or_a_link_stands_for_is_not_missed(repo: GitRepo) -> None:
    repo.commit("Begin", reading({**CODE}))
    repo.git("checkout", "-q", "-b", "tune")
    repo.git("rm", "-q", "held.py", "src/eval.py")
    (repo.path / "src").mkdir(exist_ok=True)
    (repo.path / "src/eval.py").symlink_to("../lib/a.py")
    repo.commit("Tidy up", {})
    assert not [each for each in checked(repo).findings if "neither" in each.what]


def test_a_stage_that_dvc_runs_each_time_from_now_on_is_a_change(branch: GitRepo) -> None:
    text = str(project()["dvc.yaml"]).replace("cmd:", "always_changed: true\n    cmd:")
    branch.commit("Always", {"dvc.yaml": text})
    (change,) = checked(branch).release.changes
    assert isinstance(change, StageChange)
    assert change.old
    assert change.new
    assert (change.old.always_changed, change.new.always_changed) == (False, True)


def test_a_stage_that_works_elsewhere_reads_and_writes_what_it_did(branch: GitRepo) -> None:
    """DVC takes all of it for changed, as the lock's paths are of the directory in which it ran."""
    text = str(project()["dvc.yaml"]).replace("    cmd:", "    wdir: src\n    cmd:").replace("[lr]", "[]")
    for name in ("data.csv", "labels.csv", "m.json:"):
        text = text.replace(name, f"../{name}")
    text = text.replace("outs: [model.pkl]", "outs: [../model.pkl]")
    branch.commit("Move", {"dvc.yaml": text, "src/train.py": "1"})
    found = next(each for each in checked(branch).findings if each.kind is FindingKind.STALE_LOCK)
    assert found.what == "The stage train is not as it last ran: it works in src, not in the Git root."


def test_a_lock_that_lost_a_part_of_a_run_is_told_so(branch: GitRepo) -> None:
    lock = "".join(line for line in str(project()["dvc.lock"]).splitlines(True) if "path: labels" not in line)
    branch.commit("Edit", {"dvc.lock": lock})
    found = next(each for each in checked(branch).findings if each.kind is FindingKind.STALE_LOCK)
    assert found.what == "The stage train is not as it last ran: dvc.lock records labels.csv no more."


def test_a_stage_without_a_command_is_none_that_dvc_reads(branch: GitRepo) -> None:
    text = str(project()["dvc.yaml"]).replace("cmd:", "cmmd:")
    broken = branch.commit("Edit", {"dvc.yaml": text})
    found = only(checked(branch))
    assert found.what == "dvc.yaml: DVC refuses it: stage `train` has an unknown key `cmmd`."
    assert (found.kind, found.path, found.commit_id) == ("unreadable", "dvc.yaml", broken)


def test_what_dvc_refuses_is_unreadable_and_unchecked_but_what_can_be_read_is_told(branch: GitRepo) -> None:
    files = project(model="2", lr=0.2, values=metrics(auc=0.5))
    files["dvc.yaml"] = str(files["dvc.yaml"]).replace("outs:", "outz:")
    branch.commit(f"Edit{REASON}", files)
    review = checked(branch)
    said = [(found.kind.value, found.subject) for found in review.findings]
    assert ("unreadable", "") in said
    assert ("regression", "auc") in said
    unchecked = {found.kind: found.what for found in review.unchecked}
    assert unchecked[FindingKind.STALE_LOCK].endswith("could not be checked: dvc.yaml cannot be read.")
    changes = [change for change in review.release.changes if isinstance(change, OutputChange)]
    assert [(change.change.value, change.path) for change in changes] == [("modified", "model.pkl")]
    branch.commit("Another file", {"x.py": "1"})
    assert only(checked(branch, "HEAD~1", "HEAD")).what.endswith("already.")


@pytest.mark.parametrize("lock", [None, "schema: '2.0'\nstages: {}\n"])
@pytest.mark.parametrize("cached", [False, True])
def test_a_lock_that_is_gone_is_found_and_takes_nothing_away(
    repo: GitRepo, lock: str | None, *, cached: bool
) -> None:
    files = project()
    if cached:
        files["dvc.yaml"] = str(files["dvc.yaml"]).replace("m.json: {cache: false}", "m.json")
        files.pop("m.json")
    repo.commit("Begin", files)
    repo.git("checkout", "-q", "-b", "tune")
    (repo.path / "dvc.lock").unlink()
    gone = repo.commit("Take away", {"dvc.lock": lock} if lock else {})
    review = checked(repo, metric_rules={})
    (found,) = (found for found in review.findings if found.kind is FindingKind.STALE_LOCK)
    fate = "records no run any more" if lock else "is gone"
    assert found.what == f"dvc.lock {fate}: nobody knows what the stage train ran with and made."
    assert found.remedy == (
        f"`git checkout {review.release.base.commit_id[:7] if review.release.base else ''} -- dvc.lock` "
        f"brings it back; else `dvc repro`, then commit dvc.lock{'' if cached else ' and m.json'}."
    )
    assert (found.path, found.subject, found.commit_id) == ("dvc.lock", "train", gone)
    fates = [change.change for change in review.release.changes if isinstance(change, MetricChange)]
    assert ChangeType.DELETED not in fates
    if not lock:
        unsure = {found.kind: found.remedy for found in review.unchecked}
        assert unsure[FindingKind.UNDOCUMENTED] == found.remedy


def test_a_conflict_of_locks_resolved_by_one_side_is_the_merges(branch: GitRepo) -> None:
    """Both sides ran; the merge has the params of both, and the lock of one."""
    branch.commit(f"Tune{REASON}", project(lr=0.2, model="2"))
    branch.git("checkout", "-q", "main")
    branch.commit(f"March{REASON}", project(data="2", model="3"))
    branch.git("checkout", "-q", "tune")
    branch.git("merge", "-q", "--no-commit", "--no-ff", "--strategy=ours", "main")
    branch.git("checkout", "main", "--", "data.csv.dvc")
    merge = branch.commit("Merge main", {})
    found = only(checked(branch))
    assert found.what.endswith("data.csv changed.")
    assert (found.kind, found.commit_id) == ("stale-lock", merge)


def test_a_conflict_that_was_committed_cannot_be_read(branch: GitRepo) -> None:
    lock = str(project()["dvc.lock"])
    broken = branch.commit("Merge", {"dvc.lock": f"<<<<<<< HEAD\n{lock}=======\n>>>>>>> main\n"})
    review = checked(branch)
    found = only(review)
    assert (found.kind, found.path, found.commit_id) == ("unreadable", "dvc.lock", broken)
    assert found.remedy == "Correct it; `dvc status` tells more."
    branch.git("checkout", "-q", "-b", "further")
    head = branch.commit("Docs", {"README.md": "x"})
    found = only(checked(branch, base="tune"))
    assert found.what.endswith(". It was so on tune already.")
    assert found.commit_id == head


def test_a_branch_that_mends_the_lock_passes_once_it_gives_a_reason(branch: GitRepo) -> None:
    cached = project()
    cached["dvc.yaml"] = str(cached["dvc.yaml"]).replace("m.json: {cache: false}", "m.json")
    object_ = branch.path / ".dvc/cache/files/md5" / md5(metrics())[:2] / md5(metrics())[2:]
    object_.parent.mkdir(parents=True)
    object_.write_text(metrics())
    branch.git("rm", "-q", "m.json")
    branch.commit("Keep metrics in DVC", {"dvc.yaml": cached["dvc.yaml"], "dvc.lock": "<<<<<<< HEAD\n"})
    branch.git("checkout", "-q", "-b", "mend")
    branch.commit("Mend the lock", {"dvc.lock": cached["dvc.lock"]})
    review = checked(branch, base="tune", fail_on=("unreadable", "undocumented", "stale-lock"))
    assert {found.kind.value for found in review.failing} == {"undocumented"}
    branch.git("commit", "-q", "--allow-empty", "-m", f"docs: why router changed{REASON}")
    assert not checked(branch, base="tune", fail_on=("unreadable", "undocumented", "stale-lock")).failing


def unchecked(review: Review) -> dict[str, str]:
    """Rule and file of what could not be checked."""
    return {found.kind.value: found.path for found in review.unchecked}


def test_a_rule_that_could_not_be_checked_is_not_said_to_hold_and_fails(branch: GitRepo) -> None:
    broken = branch.commit("Merge", {"dvc.lock": "<<<<<<< HEAD\n"})
    review = checked(branch, fail_on=("threshold", "stale-lock"))
    assert unchecked(review) == {"undocumented": "dvc.lock", "stale-lock": "dvc.lock"}
    (found,) = review.failing
    assert found.what == (
        "That the pipeline ran since its inputs changed could not be checked: dvc.lock cannot be read."
    )
    assert (found.kind, found.commit_id, found.remedy) == (
        "stale-lock",
        broken,
        "Correct it; `dvc status` tells more.",
    )
    assert set(holding(review)) == {FindingKind.THRESHOLD, FindingKind.REGRESSION}
    silent = checked(branch, note_trailers={"Reason": ""})
    assert unchecked(silent) == {"stale-lock": "dvc.lock"}


@pytest.mark.parametrize("limits", [{}, RULES])
def test_a_broken_lock_is_mended_itself_and_no_cache_is_asked(repo: GitRepo, limits: dict[str, Any]) -> None:
    files = project()
    files["dvc.yaml"] = str(files["dvc.yaml"]).replace("m.json: {cache: false}", "m.json")
    files.pop("m.json")
    repo.commit("Begin", files)
    repo.git("checkout", "-q", "-b", "tune")
    repo.commit("Merge", {"dvc.lock": "<<<<<<< HEAD\n"})
    review = checked(repo, metric_rules=limits)
    assert unchecked(review)["regression"] == "dvc.lock"
    assert not [item for item in (*review.findings, *review.unchecked) if "pull" in item.remedy]
    assert limits or told(review) == [("unreadable", review.release.head.commit_id[:7], "")]


def test_params_that_cannot_be_read_leave_it_open_whether_the_pipeline_ran(branch: GitRepo) -> None:
    branch.commit("Merge", {"params.yaml": "lr: [\n"})
    assert unchecked(checked(branch)) == {"stale-lock": "params.yaml"}


def test_a_broken_metrics_file_is_corrected_not_pulled(branch: GitRepo) -> None:
    broken = branch.commit("Merge", project(values="<<<<<<< HEAD\n"))
    review = checked(branch)
    assert [(rule, commit) for rule, commit, _ in told(review)] == [("unreadable", broken[:7])]
    assert unchecked(review)["threshold"] == unchecked(review)["regression"] == "m.json"
    assert only(review).what.startswith("The limit max = 50 of latency (m.json) cannot be checked")
    assert only(review).remedy.startswith("Correct m.json: ")
    assert only(checked(branch, metric_rules={})).what.startswith("m.json: ")
    mended = checked(branch, base="HEAD", head="main")
    assert told(mended) == []


def test_a_broken_params_file_cannot_be_read(branch: GitRepo) -> None:
    broken = branch.commit("Merge", {"params.yaml": "lr: [\n"})
    found = [found for found in checked(branch).findings if found.kind is FindingKind.UNREADABLE]
    assert [(item.path, item.commit_id) for item in found] == [("params.yaml", broken)]


def test_metrics_that_dvc_keeps_are_named_with_the_command_that_brings_them(repo: GitRepo) -> None:
    def kept(values: str) -> dict[str, str | bytes]:
        files = below("sub", project(values=values))
        files["sub/dvc.yaml"] = str(files["sub/dvc.yaml"]).replace("m.json: {cache: false}", "m.json")
        return {path: text for path, text in files.items() if path != "sub/m.json"}

    repo.commit("Begin", kept(metrics()))
    repo.git("checkout", "-q", "-b", "tune")
    moved = repo.commit("Score", kept(metrics(0.8)))
    found = only(checked(repo, metric_rules={}))
    assert found.what == (
        "The metrics file sub/m.json changed, and its values cannot be read here: DVC's cache lacks them."
    )
    assert found.remedy == "`dvc --cd sub pull m.json` brings them here, `--fetch` as well."
    assert (found.path, found.commit_id) == ("sub/m.json", moved)
    limited = only(checked(repo))
    assert limited.what.startswith("The limit max = 50 of latency (sub/m.json) cannot be checked")
    assert limited.what.endswith("It was so on main already.")


def test_what_only_says_less_is_not_unreadable(branch: GitRepo) -> None:
    directory = f"outs:\n- {{path: raw, hash: md5, md5: {md5('x')}.dir, size: 9, nfiles: 2}}\n"
    plots = "plots: [p.csv]\n"
    branch.commit(f"Data{REASON}", {"raw.dvc": directory, **project(more=plots)})
    assert told(checked(branch)) == []


def test_one_project_is_checked_alone(repo: GitRepo) -> None:
    repo.commit("Begin", below("a", project()) | below("b", project()))
    repo.git("checkout", "-q", "-b", "tune")
    repo.commit("A", {"a/params.yaml": "lr: 0.2\n"})
    repo.commit("B", {"b/params.yaml": "lr: [\n"})
    assert [found.subject for found in checked(repo, project="a").findings] == ["a/dvc.yaml:train"]
    assert {found.path for found in checked(repo, project="b").findings} == {"b/params.yaml"}
    assert checked(repo, project="b", exclude_paths=("b/params.yaml",)).findings == ()


def test_what_is_not_committed_is_checked_as_it_lies_there(branch: GitRepo) -> None:
    branch.write({"params.yaml": "lr: 0.2\n", "m.json": metrics(0.9, 60)})
    review = checked(branch, workspace=True)
    assert told(review) == [("threshold", "", "latency"), ("stale-lock", "", "train")]
    assert told(checked(branch)) == []


def test_the_branch_itself_is_looked_at_where_it_brings_nothing(branch: GitRepo) -> None:
    branch.commit(f"Tune{REASON}", {"params.yaml": "lr: 0.2\n"})
    assert told(checked(branch, base="tune")) == [
        ("stale-lock", branch.git("rev-parse", "HEAD")[:7], "train")
    ]


def test_what_landed_on_the_target_meanwhile_is_not_the_branchs(branch: GitRepo) -> None:
    branch.commit(f"Retrain{REASON}", project(model="2"))
    branch.git("checkout", "-q", "main")
    branch.commit("Elsewhere", project(labels="b\n", model="3"))
    branch.git("checkout", "-q", "tune")
    review = checked(branch)
    assert (told(review), review.behind, review.from_merge_base) == ([], 1, True)
    assert told(checked(branch, "main", "tune")) == []


def test_what_to_fail_on_is_what_was_asked_else_the_usual(branch: GitRepo) -> None:
    branch.commit("Score", scored(auc=0.8))
    assert checked(branch).fail_on == frozenset(OF_REVIEW) - {FindingKind.REGRESSION}
    assert [f.kind for f in checked(branch, fail_on=("regression",)).failing] == [FindingKind.REGRESSION]
    review = checked(branch, fail_on=("none",))
    assert (review.failing, len(review.findings)) == ((), 1)


def test_a_rule_that_can_find_nothing_is_not_said_to_hold(branch: GitRepo) -> None:
    silent = checked(branch, note_trailers={"Reason": ""})
    assert FindingKind.UNDOCUMENTED not in silent.checked
    assert FindingKind.OUTDATED not in silent.checked


def written(repo: GitRepo, message: str = "docs: bring the changelog up to date", **options: Any) -> str:
    config = Config().replace(**options)
    changelog = generate(repo.path, config=config)
    write(changelog, config, repo.path / config.output)
    return repo.commit(message, {})


def outdated(repo: GitRepo, base: str = "main", **options: Any) -> list[tuple[str, str]]:
    return [(found.kind.value, found.what) for found in checked(repo, base, **options).findings]


def released(repo: GitRepo) -> None:
    """A release, and its changelog."""
    repo.tag("v1.0.0")
    written(repo)


def test_a_changelog_that_is_written_on_release_alone_is_no_branchs_business(branch: GitRepo) -> None:
    released(branch)
    branch.git("branch", "-f", "main")
    branch.commit("feat: answer faster", {"src/a.py": "x"})
    review = checked(branch)
    assert told(review) == []
    assert FindingKind.OUTDATED in review.checked


def test_an_unreleased_part_must_be_up_to_date(branch: GitRepo) -> None:
    released(branch)
    branch.commit("feat: answer", {"src/a.py": "x"})
    written(branch)
    branch.git("branch", "-f", "main")
    head = branch.commit("feat: answer faster", {"src/b.py": "x"})
    found = only(checked(branch))
    assert found.what == "CHANGELOG.md is not what `generate` writes: unreleased would be told otherwise."
    assert found.remedy == "`dvc-changelog generate`, then commit CHANGELOG.md."
    assert (found.kind, found.path, found.commit_id) == ("outdated", "CHANGELOG.md", head)
    written(branch)
    assert told(checked(branch)) == []


def test_a_release_that_is_told_otherwise_is_found(branch: GitRepo) -> None:
    released(branch)
    branch.git("branch", "-f", "main")
    old = (branch.path / "CHANGELOG.md").read_text(encoding="utf-8")
    entry = next(line for line in old.splitlines() if line.startswith("- "))
    # What a person takes away stays away; what the marks say was written cannot be trusted after a merge.
    begin, _, rest = old.partition("<!-- dvc-changelog:end v1.0.0 ")
    broken = branch.commit("Merge", {"CHANGELOG.md": f"{begin}<!-- dvc-changelog:end v1.0.0 -->\n"})
    assert entry in old
    assert rest
    found = checked(branch).findings
    assert [(item.kind.value, item.commit_id) for item in found] == [("outdated", broken)]
    branch.git("checkout", "-q", "-b", "docs")
    branch.commit("Docs", {"README.md": "x"})
    assert outdated(branch, "tune")[0][1].endswith(
        "v1.0.0 would be told otherwise. This branch did not touch it."
    )


def test_marks_that_are_broken_leave_it_unknown(branch: GitRepo) -> None:
    released(branch)
    text = (branch.path / "CHANGELOG.md").read_text(encoding="utf-8")
    branch.commit("Merge", {"CHANGELOG.md": text.replace("<!-- dvc-changelog:end", "<!-- gone")})
    review = checked(branch)
    found = only(review)
    assert (found.kind, found.path) == ("unreadable", "CHANGELOG.md")
    assert unchecked(review) == {"outdated": "CHANGELOG.md"}
    assert found.what.startswith("Whether CHANGELOG.md is up to date cannot be told: ")
    assert "Restore the mark" in found.remedy


def test_another_tools_changelog_is_left_alone(branch: GitRepo) -> None:
    branch.commit("Docs", {"CHANGELOG.md": "# Changelog\n\n## 1.0.0\n\n- By hand\n"})
    review = checked(branch)
    assert told(review) == []
    assert FindingKind.OUTDATED not in review.checked


def test_the_changelog_of_the_head_is_asked_not_the_one_checked_out(branch: GitRepo) -> None:
    released(branch)
    branch.commit("Docs", {"README.md": "x"})
    (branch.path / "CHANGELOG.md").unlink()
    assert outdated(branch) == []
    branch.git("checkout", "-q", "--", "CHANGELOG.md")
    branch.write({"CHANGELOG.md": "# Mine\n"})
    assert FindingKind.OUTDATED not in checked(branch, workspace=True).checked


def test_each_artifacts_changelog_is_checked(branch: GitRepo) -> None:
    output = "docs/{artifact}.md"
    branch.tag("router@v1.0.0", message="first")
    config = Config().replace(output=output, artifact="router")
    told_of = generate(branch.path, config=config)
    write(told_of, config, branch.path / "docs/router.md")
    branch.commit("docs: changelog", {})
    assert outdated(branch, output=output) == []
    branch.tag("router@v1.1.0", message="second")
    ((kind, what),) = outdated(branch, output=output)
    assert (kind, what.split(" is not")[0]) == ("outdated", "docs/router.md")


def test_a_clone_without_the_history_says_so(branch: GitRepo, tmp_path: Path) -> None:
    released(branch)
    for at in range(3):
        branch.commit(f"Docs {at}", {"README.md": str(at)})
    clone = GitRepo.clone(branch.path, tmp_path / "clone", "--depth=2")
    ((kind, what),) = outdated(clone, "HEAD~1")
    assert kind == "unreadable"
    assert what.startswith("Whether CHANGELOG.md is up to date cannot be told: This is a shallow clone")


def test_commits_are_read_where_they_are_not_given(branch: GitRepo) -> None:
    head = branch.commit("Retrain", project(model="2"))
    told_of = checked(branch).release
    history = History(branch.path)
    found = rules.findings(history, snapshots_of(history, Config()), told_of, Config())
    assert [(item.kind.value, item.commit_id) for item in found] == [("undocumented", head)]


SCRIPT = """\
lr = float(open('params.yaml').read().split()[1])
open('m.json', 'w').write('{"auc": %s}' % lr)
open('model.pkl', 'w').write(open('data.csv').read() * 2)
"""
STAGE = f"""\
stages:
  train:
    cmd: '{sys.executable} train.py'
    deps: [data.csv, train.py]
    params: [lr]
    outs: [model.pkl]
    metrics: [m.json]
"""


def test_a_project_that_dvc_runs(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data update without a run, then the commands that the findings name, until nothing is found."""
    from dvc.repo import Repo

    def ran(message: str, files: dict[str, str | bytes], *, reproduce: bool = True) -> str:
        repo.write(files)
        with Repo(str(repo.path)) as dvc:
            dvc.add("data.csv")
            if reproduce:
                dvc.reproduce()
        return repo.commit(message, {})

    monkeypatch.chdir(repo.path)
    with Repo.init(str(repo.path)):
        pass
    ran("Begin", {"train.py": SCRIPT, "dvc.yaml": STAGE, "params.yaml": "lr: 0.9\n", "data.csv": "1\n"})
    repo.git("checkout", "-q", "-b", "march")
    data = ran("March", {"data.csv": "2\n"}, reproduce=False)
    review: Review = checked(repo)
    assert told(review) == [("undocumented", data[:7], "data.csv"), ("stale-lock", data[:7], "train")]
    ran("Reproduce\n\nReason: March is in: data.csv, and model.pkl of it", {})
    assert told(checked(repo)) == []
