"""Which changes of models and source data owe a reason, and which commits give one."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from workflows.branches import begun, below, branch, checked, dvcfile, md5, only, project, told

from dvc_changelog.domain import Author, Commit, FileChange, Finding, OutputChange, Revert
from dvc_changelog.workflows.reasons import Moved, Reasons, keys_of

if TYPE_CHECKING:
    from gitrepo import GitRepo

__all__ = ["begun", "branch"]

MODEL = Moved(
    "the model router (model.pkl)", "changed", "model.pkl", "dvc.lock", ("router", "model.pkl"), ("b",)
)
DATA = Moved("the data data/raw", "changed", "data/raw", "data/raw.dvc", ("data/raw",), ("a",))
BOTH = [MODEL, DATA]
LOCK = (FileChange("dvc.lock", "dvc.lock", "1", "2"),)


def commit(
    name: str,
    *,
    reason: str = "",
    key: str = "Reason",
    message: str = "Work",
    body: str = "",
    files: tuple[FileChange, ...] = LOCK,
    parents: tuple[str, ...] = ("base",),
) -> Commit:
    trailers = ((key, reason),) if reason else ()
    return Commit(name, parents, "", 0, Author("", ""), message, body, trailers, files)


GIVEN = [
    ([], [MODEL, DATA]),
    ([commit("b")], [MODEL, DATA]),
    ([commit("b", reason="Drift")], [DATA]),
    ([commit("b", reason="Drift", key="WHY")], [DATA]),
    ([commit("b", reason="Drift", key="Note")], [MODEL, DATA]),
    ([commit("b", body="Some words.\n\nReason: Drift\n\nMore.")], [DATA]),
    ([commit("b", body="* Retrain\n\n* reason: Drift")], [DATA]),
    ([commit("b", body="No Reason: none")], [MODEL, DATA]),
    # A placeholder says nothing, be it that of our own command.
    ([commit("b", reason="…"), commit("b", reason="..."), commit("b", reason="TODO")], [MODEL, DATA]),
    ([commit("b", body="Reason: <why>\n\n* Reason: tbd.\nReason:\nMore words")], [MODEL, DATA]),
    ([commit("b", reason="Why not… drift")], [DATA]),
    # One that speaks of it says why, whatever it changed.
    ([commit("z", reason="router saw too few cases")], [DATA]),
    ([commit("z", reason="It drifted", message="docs: why data/raw changed")], [MODEL]),
    ([commit("z", reason="See data/raw.dvc.")], [MODEL]),
    ([commit("z", reason="See data/raw/.")], [MODEL]),
    ([commit("z", reason="See data/raw.csv and old/data/raw, routers, data/raw/part")], [MODEL, DATA]),
    # A commit without files is for all, but where it names some.
    ([commit("z", reason="Monthly run", files=())], []),
    ([commit("z", reason="Monthly run of the router", files=())], [DATA]),
    # A merge is for what it brought.
    ([commit("m", reason="New month", files=(), parents=("base", "a")), commit("a")], [MODEL]),
    ([commit("m", reason="New month", files=(), parents=("a", "base")), commit("a")], [MODEL, DATA]),
    (
        [
            commit("m", reason="New month", parents=("b", "a")),
            commit("b", parents=("base",)),
            commit("a", parents=("b",)),
        ],
        [MODEL],
    ),
]


@pytest.mark.parametrize(("commits", "missing"), GIVEN)
def test_a_reason_is_for_what_its_commit_changed_merged_or_names(
    commits: list[Commit], missing: list[Moved]
) -> None:
    assert (
        Reasons(commits, keys_of({"Why": "reason", "Reason": "reason", "Note": "note"})).missing(BOTH)
        == missing
    )


def test_the_trailer_that_is_asked_for_is_the_usual_one_if_it_is_one() -> None:
    assert keys_of({"Why": "reason", "Note": "note", "Reason": "reason"}) == ["Reason", "Why"]
    assert keys_of({"Why": "reason", "Reason": "note"}) == ["Why"]


def undocumented(repo: GitRepo, **options: Any) -> list[Finding]:
    return [found for found in checked(repo, **options).findings if found.kind == "undocumented"]


def carried_out(repo: GitRepo, found: Finding) -> None:
    """The command of the remedy, as a person runs it, with words for the dots."""
    command = found.remedy.split("`")[1].replace("…", "It drifted")
    repo.clock += 3600
    repo.git(*shlex.split(command)[1:])


def test_a_retrained_model_wants_a_reason_and_the_remedy_gives_it(branch: GitRepo) -> None:
    head = branch.commit("Retrain", project(model="2", lr=0.2))
    (found,) = undocumented(branch)
    assert found.what == f"The model router (model.pkl) changed with {head[:7]}, and no commit says why."
    assert found.remedy == '`git commit --amend --no-edit --trailer "Reason: …"` says it.'
    assert (found.path, found.subject, found.commit_id) == ("dvc.lock", "model.pkl", head)
    carried_out(branch, found)
    assert undocumented(branch) == []
    assert undocumented(branch, note_trailers={"Reason": ""}) == []


def test_a_reason_can_be_added_later(branch: GitRepo) -> None:
    trained = branch.commit("Retrain", project(model="2", lr=0.2))
    branch.commit("Docs", {"README.md": "x"})
    (found,) = undocumented(branch)
    assert found.commit_id == trained
    assert (
        found.remedy
        == """`git commit --allow-empty -m 'docs: why router changed' --trailer "Reason: …"` says it."""
    )
    carried_out(branch, found)
    assert undocumented(branch) == []


def test_who_says_why_the_data_changed_says_why_the_model_did(branch: GitRepo) -> None:
    branch.commit("Add March\n\nReason: March is in", {"data.csv.dvc": dvcfile("data.csv", "2")})
    branch.commit("Reproduce", project(data="2", model="2"))
    assert undocumented(branch) == []


def test_who_says_why_a_param_changed_says_why_the_model_did(branch: GitRepo) -> None:
    branch.commit("Learn faster\n\nReason: It did not converge", {"params.yaml": "lr: 0.2\n"})
    branch.commit("Reproduce", project(lr=0.2, model="2"))
    assert undocumented(branch) == []


FATES: list[tuple[str, Callable[[GitRepo], object], list[tuple[str, str]]]] = [
    (
        "a data set that was changed",
        lambda repo: repo.commit("Data", {"data.csv.dvc": dvcfile("data.csv", "2")}),
        [("data.csv", "The data data.csv changed with")],
    ),
    (
        "data and a model that came",
        lambda repo: repo.commit("More", {"x.dvc": dvcfile("x", "2"), "y.onnx.dvc": dvcfile("y.onnx", "3")}),
        [("x", "The data x is new with"), ("y.onnx", "The model y.onnx is new with")],
    ),
    (
        "data that went",
        lambda repo: (repo.git("rm", "-q", "data.csv.dvc"), repo.commit("Less", {})),
        [("data.csv", "The data data.csv was taken away with")],
    ),
    (
        "data that was renamed",
        lambda repo: (
            repo.git("mv", "data.csv.dvc", "d.csv.dvc"),
            repo.commit("Move", {"d.csv.dvc": dvcfile("d.csv", "1")}),
        ),
        [],
    ),
    (
        "data of Git that a stage reads",
        lambda repo: repo.commit("Label", {"labels.csv": "b\n", "other.csv": "x"}),
        [("labels.csv", "The data labels.csv changed with")],
    ),
    (
        "data of Git that is elsewhere",
        lambda repo: (
            repo.git("mv", "labels.csv", "l.csv"),
            repo.commit("Move", {"dvc.yaml": str(project()["dvc.yaml"]).replace("labels.csv", "l.csv")}),
        ),
        [],
    ),
    (
        "what a stage makes of data",
        lambda repo: repo.commit("Metrics", {"m.json": '{"auc": 0.95}'}),
        [],
    ),
    (
        "what is as it was in the end",
        lambda repo: (repo.commit("Retrain", project(model="2")), repo.commit("Back", project())),
        [],
    ),
]


@pytest.mark.parametrize(("act", "expected"), [fate[1:] for fate in FATES], ids=[fate[0] for fate in FATES])
def test_what_owes_a_reason(
    branch: GitRepo, act: Callable[[GitRepo], object], expected: list[tuple[str, str]]
) -> None:
    act(branch)
    found = undocumented(branch)
    assert [item.subject for item in found] == [subject for subject, _ in expected]
    for item, (_, what) in zip(found, expected, strict=True):
        assert item.what.startswith(what)


def test_a_model_that_came_back_owes_one_too(repo: GitRepo) -> None:
    repo.commit("Begin", project())
    repo.commit("Retrain", project(model="2"))
    repo.git("checkout", "-q", "-b", "back")
    repo.git("revert", "--no-edit", "HEAD")
    assert [found.subject for found in undocumented(repo)] == ["model.pkl"]


def _imported(rev: str, content: str) -> str:
    repo = f"{{url: https://git.example.org/registry, rev_lock: {rev}}}"
    return f"deps:\n- path: raw.csv\n  repo: {repo}\n{dvcfile('raw.csv', content)}"


def test_an_import_owes_one_where_it_brings_other_data(repo: GitRepo) -> None:
    repo.commit("Begin", {**project(), "raw.csv.dvc": _imported("a" * 40, "1")})
    repo.git("checkout", "-q", "-b", "update")
    repo.commit("Update, nothing new", {"raw.csv.dvc": _imported("b" * 40, "1")})
    assert undocumented(repo) == []
    repo.commit("Update", {"raw.csv.dvc": _imported("c" * 40, "2")})
    assert [found.subject for found in undocumented(repo)] == ["raw.csv"]


def test_a_data_set_of_a_pipeline_owes_one(repo: GitRepo) -> None:
    declared = "datasets:\n- {{name: cats, type: url, url: 's3://pets/{}'}}\n"
    repo.commit("Begin", project(more=declared.format("v1")))
    repo.git("checkout", "-q", "-b", "update")
    repo.commit("More cats", project(more=declared.format("v2")))
    (found,) = undocumented(repo)
    assert found.what.startswith("The data set ds://cats changed with")
    carried_out(repo, found)
    assert undocumented(repo) == []


_EACH = """\
stages:
  train:
    foreach: ${sizes}
    do:
      cmd: python train.py ${item}
      outs:
      - models/${item}.pkl
"""
_RAN = """\
  train@{size}:
    cmd: python train.py {size}
    outs:
    - {{path: models/{size}.pkl, hash: md5, md5: {md5}, size: 2}}
"""


def _sizes(*sizes: str) -> str:
    return f"sizes: [{', '.join(sizes)}]\n"


def _both_sizes(repo: GitRepo) -> None:
    lock = "schema: '2.0'\nstages:\n" + "".join(_RAN.format(size=s, md5=md5(s)) for s in ("small", "large"))
    files = {"params.yaml": _sizes("small", "large"), "dvc.yaml": _EACH, "dvc.lock": lock}
    repo.commit("Begin", {".dvc/config": "", **files})
    repo.git("checkout", "-q", "-b", "drop")


def test_a_model_that_is_declared_no_more_owes_one_though_its_lock_still_has_it(repo: GitRepo) -> None:
    _both_sizes(repo)
    repo.commit("Docs", {"README.md": "x"})
    repo.write({"params.yaml": _sizes("small")})
    assert undocumented(repo, workspace=True) == [], "not committed yet"
    gone = repo.commit("Drop", {"params.yaml": _sizes("small")})
    repo.commit("More docs", {"README.md": "y"})
    (found,) = undocumented(repo)
    assert found.what == (
        f"The model models/large.pkl was taken away with {gone[:7]}, and no commit says why."
    )
    assert (found.path, found.commit_id) == ("params.yaml", gone)
    carried_out(repo, found)
    assert undocumented(repo) == []


def test_a_merge_says_why_a_model_is_declared_no_more(repo: GitRepo) -> None:
    _both_sizes(repo)
    repo.git("checkout", "-q", "-b", "topic")
    repo.commit("Drop", {"dvc.yaml": _EACH.replace("${sizes}", "[small]")})
    repo.git("checkout", "-q", "drop")
    repo.commit("Docs", {"README.md": "x"})
    repo.git("merge", "-q", "--no-ff", "-m", "Merge topic", "topic")
    (found,) = undocumented(repo)
    assert found.path == "dvc.yaml"
    repo.git("commit", "-q", "--amend", "-m", "Merge topic\n\nReason: Too large")
    assert undocumented(repo) == []


def test_a_merge_into_the_branch_is_for_what_it_brought(branch: GitRepo) -> None:
    branch.git("checkout", "-q", "-b", "topic")
    branch.commit("Retrain", project(model="2"))
    branch.git("checkout", "-q", "tune")
    branch.commit("Label", {"labels.csv": "b\n"})
    branch.git("merge", "-q", "--no-ff", "-m", "Merge topic\n\nReason: It drifted", "topic")
    assert [found.subject for found in undocumented(branch)] == ["labels.csv"]


def test_a_merge_that_keeps_what_both_began_with_takes_back_what_the_other_side_did(repo: GitRepo) -> None:
    repo.commit("Begin", project())
    repo.git("checkout", "-q", "-b", "dev")
    labelled = {**project(labels="b\n"), "params.yaml": "lr: 0.1\nmore: 1\n"}
    repo.commit("Label\n\nReason: More labels", labelled)
    repo.git("checkout", "-q", "main")
    trained = repo.commit("Retrain\n\nReason: Drift", project(model="2", lr=0.2))
    repo.commit("Docs", {"README.md": "x"})
    repo.git("checkout", "-q", "dev")
    repo.git("merge", "-q", "-s", "ours", "-m", "Merge main", "main")
    review = checked(repo)
    (found,) = undocumented(repo)
    merge = review.release.head.commit_id
    assert (
        found.what == f"The model router (model.pkl) was taken back with {merge[:7]}, and no commit says why."
    )
    (revert,) = review.release.reverts
    assert revert == Revert(merge, trained, "Retrain", undid=("model.pkl",), merge=True)
    (model,) = (c for c in review.release.changes if isinstance(c, OutputChange) and c.model)
    assert (model.taken_back, bool(model.because)) == (merge, True)
    carried_out(repo, found)
    assert undocumented(repo) == []


def test_a_merge_that_keeps_what_its_own_side_did_takes_nothing_back(repo: GitRepo) -> None:
    repo.commit("Begin", project())
    repo.git("checkout", "-q", "-b", "dev")
    repo.commit("Retrain\n\nReason: Drift", project(model="3", lr=0.3))
    repo.git("checkout", "-q", "main")
    repo.commit("Retrain", project(model="2", lr=0.2))
    repo.git("checkout", "-q", "dev")
    repo.git("merge", "-q", "-s", "ours", "-m", "Merge main", "main")
    assert checked(repo).release.reverts == ()
    assert undocumented(repo) == []


def test_a_squash_merge_keeps_the_reasons_of_its_commits(branch: GitRepo) -> None:
    body = "* Retrain\n\nReason: It drifted\n\n* Tidy up\n\n---------\n\nCo-authored-by: Bo <bo@example.org>"
    branch.commit(f"Retrain (#41)\n\n{body}", project(model="2"))
    assert undocumented(branch) == []
    (note,) = checked(branch).release.notes
    assert (note.kind, note.text) == ("reason", "It drifted"), "what counts is shown"


def test_what_is_not_committed_owes_none_yet(branch: GitRepo) -> None:
    branch.write(project(model="2"))
    assert undocumented(branch, workspace=True) == []
    head = branch.commit("Retrain", project(model="3"))
    branch.write(project(model="4"))
    assert [found.commit_id for found in undocumented(branch, workspace=True)] == [head]


def test_many_are_told_by_the_commit_that_changed_them(branch: GitRepo) -> None:
    first = branch.commit("Some", {f"a{n}.dvc": dvcfile(f"a{n}", "1") for n in range(7)})
    second = branch.commit("More", {"b.dvc": dvcfile("b", "1")})
    found = undocumented(branch)
    assert [item.commit_id for item in found] == [first, second]
    assert found[0].what == (
        f"7 data sets changed with {first[:7]}, and no commit says why: a0, a1, a2, a3, a4 and 2 more."
    )
    carried_out(branch, found[0])
    assert undocumented(branch) == []


def test_each_project_owes_its_own(repo: GitRepo) -> None:
    repo.commit("Begin", below("a", project()) | below("b", project()))
    repo.git("checkout", "-q", "-b", "tune")
    repo.commit("A", below("a", project(model="2")))
    repo.commit("B\n\nReason: It drifted", below("b", project(model="2")))
    assert [found.subject for found in undocumented(repo)] == ["a/model.pkl"]
    assert [found.subject for found in undocumented(repo, project="a")] == ["a/model.pkl"]
    assert undocumented(repo, project="b") == []
    assert undocumented(repo, exclude_paths=("a/**",)) == []


def test_a_name_is_quoted_for_a_shell(branch: GitRepo) -> None:
    name = "it's $(here)"
    branch.commit(
        "Odd", {f"{name}.dvc": f'outs:\n- {{path: "{name}", hash: md5, md5: {md5("1")}, size: 2}}\n'}
    )
    branch.commit("Docs", {"README.md": "x"})
    (found,) = undocumented(branch)
    command = found.remedy.split("`")[1]
    said = subprocess.run(
        ["sh", "-c", f"printf %s {command.partition('-m ')[2]}"], capture_output=True, check=True
    )
    assert said.stdout.decode().startswith(f"docs: why {name} changed")


def test_what_is_documented_is_found_by_no_rule(branch: GitRepo) -> None:
    branch.commit("Retrain\n\nReason: It drifted", project(model="2", lr=0.2))
    assert told(checked(branch)) == []
    branch.commit("Retrain again", project(model="3", lr=0.3))
    assert told(checked(branch)) == []  # the branch says why it trains anew
    assert only(checked(branch, base="HEAD~1")).kind == "undocumented"
