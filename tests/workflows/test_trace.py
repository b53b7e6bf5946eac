"""The life of a thing: what each commit left, on real repositories and on random histories."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from clirun import files_of, project
from gitrepo import EPOCH, HOUR, GitRepo, Node, imported
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_changelog.domain import CauseKind, ChangeType, Life, Reading, Subject, Traced
from dvc_changelog.errors import UnknownRevisionError, UsageError
from dvc_changelog.history import History
from dvc_changelog.insight import condition, holds, moves, reading
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.workflows.trace import trace

__all__ = ["project"]


def shown(of: Reading) -> object:
    if of.unread:
        return "?"
    if not of.there:
        return None
    return of.content.digest[:4] if of.content else of.value


def told(life: Life) -> list[tuple[str, object]]:
    """(subject of the commit, what it left), newest first."""
    return [(entry.commit.message, shown(entry.new)) for entry in life.entries]


# What a person sees.


def test_a_metric_has_a_life(project: GitRepo) -> None:
    life = trace(project.path, "accuracy")
    assert told(life) == [("Plant more trees", 0.9), ("train a model", 0.8)]
    assert [entry.version for entry in life.entries] == ["v1.1.0-rc.1", "v1.0.0"]
    assert [entry.change for entry in life.entries] == [ChangeType.MODIFIED, ChangeType.ADDED]
    assert life.entries[0].delta == pytest.approx(0.1)


def test_a_model_and_a_param_have_theirs(project: GitRepo) -> None:
    life = trace(project.path, "model.pkl")
    assert told(life) == [("Plant more trees", "bbbb"), ("train a model", "aaaa")]
    assert [(cause.kind, cause.name, cause.old, cause.new) for cause in life.entries[0].because] == [
        (CauseKind.PARAM, "train.trees", 50, 100)
    ]
    life = trace(project.path, "train.trees")
    assert told(life) == [("Plant more trees", 100), ("train a model", 50)]
    assert all(not entry.because for entry in life.entries)


def test_what_no_release_has_yet_is_unreleased(project: GitRepo) -> None:
    project.commit("Again", files_of(trees=100, model="b" * 32, accuracy=0.7))
    assert trace(project.path, "accuracy").entries[0].version == ""


def test_a_content_that_is_back_is_told(project: GitRepo) -> None:
    project.commit("Back", files_of(trees=50, model="a" * 32, accuracy=0.8))
    life = trace(project.path, "model.pkl")
    assert (life.entries[0].again, life.entries[0].again_in) == (life.entries[-1].commit.id, "v1.0.0")


def test_reasons_are_those_of_the_commit(project: GitRepo) -> None:
    project.commit("Less\n\nReason: it cost too much", files_of(trees=10, model="d" * 32, accuracy=0.7))
    assert trace(project.path, "model.pkl").entries[0].reasons == ("it cost too much",)


@pytest.mark.parametrize(
    ("since", "expected", "before"),
    [
        ("v1.0.0", ["Plant more trees"], "train a model"),
        ("1.0.0", ["Plant more trees"], "train a model"),
        ("v1.1.0", [], "Plant more trees"),
        ("HEAD~1", [], "Plant more trees"),
        ("exp-1", ["Plant more trees"], "train a model"),
        ("2024-01-01", ["Plant more trees", "train a model"], None),
        ("2024-01-01 01:30", ["Plant more trees"], "train a model"),
        ("2024-01-02", [], "Plant more trees"),
    ],
)
def test_since_cuts_and_tells_what_was_there(
    project: GitRepo, since: str, expected: list[str], before: str | None
) -> None:
    life = trace(project.path, "accuracy", since=since)
    assert [entry.commit.message for entry in life.entries] == expected
    assert (life.before.commit.message if life.before else None) == before


def test_since_what_there_is_not_is_refused(project: GitRepo) -> None:
    with pytest.raises(UnknownRevisionError, match=r"v1.0.1"):
        trace(project.path, "accuracy", since="v1.0.1")
    with pytest.raises(UsageError, match="2024-13-01 is no day"):
        trace(project.path, "accuracy", since="2024-13-01")


# Conditions.


def test_when_names_the_commit_and_the_release(project: GitRepo) -> None:
    project.commit("Worse", files_of(trees=9, model="e" * 32, accuracy=0.6))
    project.commit("Better", files_of(trees=90, model="f" * 32, accuracy=0.95))
    life = trace(project.path, when="accuracy < 0.85")
    assert [(o.entry.commit.message, o.until.commit.message if o.until else "") for o in life.onsets] == [
        ("Worse", "Better"),
        ("train a model", "Plant more trees"),
    ]
    assert life.holds is False
    assert trace(project.path, "accuracy", when="metrics.json:accuracy > 0.9").holds is True
    assert trace(project.path, when="accuracy > 2").onsets == ()


def test_tags_on_other_branches_are_no_matter_of_a_life(project: GitRepo) -> None:
    project.git("checkout", "-q", "-b", "elsewhere", "HEAD~1")
    project.release("v9.0.0", "Elsewhere", {"x": "1"})
    project.git("checkout", "-q", "-")
    assert trace(project.path, "accuracy").messages == ()


def test_when_and_the_target_must_agree(project: GitRepo) -> None:
    with pytest.raises(UsageError, match=r"--when asks of train\.trees, and accuracy is traced"):
        trace(project.path, "accuracy", when="train.trees > 3")
    with pytest.raises(UsageError, match="nothing to trace"):
        trace(project.path)


# Names.


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("train", "params.yaml:train.trees"),
        ("acuracy", r"Did you mean accuracy"),
        ("zzz", "Outputs are called by their path"),
        ("metrics.json", "metrics.json:accuracy"),
    ],
)
def test_a_name_that_is_none_is_refused_with_those_near(project: GitRepo, target: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        trace(project.path, target)


def test_what_is_gone_can_be_traced(project: GitRepo) -> None:
    project.git("rm", "-q", "metrics.json", "params.yaml", "dvc.yaml", "dvc.lock")
    project.record("Give up")
    assert told(trace(project.path, "accuracy"))[0] == ("Give up", None)
    assert told(trace(project.path, "model.pkl"))[0] == ("Give up", None)
    assert trace(project.path, "train.trees").now.there is False


def test_what_only_commits_between_releases_had_can_be_traced(repo: GitRepo) -> None:
    repo.release("v1", "One", {".dvc/config": "", "params.yaml": "lr: 1\n"})
    repo.commit("Add", {"params.yaml": "lr: 1\nshort: 2\n"})
    repo.commit("Remove", {"params.yaml": "lr: 1\n"})
    repo.release("v2", "Two", {"params.yaml": "lr: 3\n"})
    assert told(trace(repo.path, "short")) == [("Remove", None), ("Add", 2)]


def test_an_artifact_without_data_is_said_to_be_one(repo: GitRepo) -> None:
    repo.commit("Declare", {".dvc/config": "", "dvc.yaml": "artifacts:\n  net:\n    path: net.bin\n"})
    with pytest.raises(UsageError, match=r"(?s)The artifact net has no data here.*dvc.yaml declares net.bin"):
        trace(repo.path, "net")


def test_where_there_is_no_dvc_it_says_so(repo: GitRepo) -> None:
    repo.commit()
    with pytest.raises(UsageError, match="no DVC files in this repository"):
        trace(repo.path, "model.pkl")


# What moves.


def dvc_file(path: str, digest: str) -> str:
    return f"outs:\n- md5: {digest}\n  hash: md5\n  size: 3\n  path: {path}\n"


def test_an_output_is_followed_through_a_rename(repo: GitRepo) -> None:
    repo.commit("Add", {".dvc/config": "", "old.csv.dvc": dvc_file("old.csv", "1" * 32)})
    repo.commit("More", {"old.csv.dvc": dvc_file("old.csv", "2" * 32)})
    repo.git("rm", "-q", "old.csv.dvc")
    repo.commit("Move", {"new.csv.dvc": dvc_file("new.csv", "2" * 32)})
    repo.commit("Yet more", {"new.csv.dvc": dvc_file("new.csv", "3" * 32)})
    life = trace(repo.path, "new.csv")
    assert told(life) == [("Yet more", "3333"), ("Move", "2222"), ("More", "2222"), ("Add", "1111")]
    assert (life.entries[1].change, life.entries[1].old.path) == (ChangeType.RENAMED, "old.csv")
    gone = trace(repo.path, "old.csv")
    assert (gone.entries[0].change, gone.entries[0].moved_to) == (ChangeType.DELETED, "new.csv")


def test_params_and_metrics_are_followed_to_another_file(repo: GitRepo) -> None:
    old = {".dvc/config": "", "params.yaml": "a:\n  lr: 1\n  n: 2\n", "metrics.json": '{"x": 1, "y": 2}'}
    repo.commit("Start", old)
    repo.git("rm", "-q", "metrics.json")
    repo.commit("Move", {"params.yaml": "b:\n  lr: 1\n  n: 2\n", "eval/metrics.json": '{"x": 1, "y": 2}'})
    repo.commit("Tune", {"params.yaml": "b:\n  lr: 3\n  n: 2\n", "eval/metrics.json": '{"x": 5, "y": 2}'})
    assert told(trace(repo.path, "b.lr")) == [("Tune", 3), ("Move", 1), ("Start", 1)]
    assert told(trace(repo.path, "x")) == [("Tune", 5), ("Move", 1), ("Start", 1)]
    assert trace(repo.path, "a.lr").entries[0].moved_to == "params.yaml:b.lr"


def test_an_artifact_is_followed_wherever_its_data_lies(repo: GitRepo) -> None:
    declared = "artifacts:\n  net:\n    path: {}\n    type: model\n"
    repo.commit("First", {".dvc/config": "", "a.bin.dvc": dvc_file("a.bin", "1" * 32)})
    repo.commit("Declare", {"dvc.yaml": declared.format("a.bin")})
    repo.commit("Other", {"b.bin.dvc": dvc_file("b.bin", "2" * 32)})
    repo.commit("Switch", {"dvc.yaml": declared.format("b.bin")})
    life = trace(repo.path, "net")
    assert told(life) == [("Switch", "2222"), ("First", "1111")]
    assert life.entries[0].change is ChangeType.RENAMED


# What cannot be read.


def test_an_artifact_that_is_to_be_written_elsewhere_is_not_gone(repo: GitRepo) -> None:
    declared = (
        "artifacts: {{net: {{path: {0}, type: model}}}}\nstages: {{train: {{cmd: run, outs: [{0}]}}}}\n"
    )
    out = f"{{path: a.pkl, md5: {'a' * 32}, hash: md5}}"
    lock = f"schema: '2.0'\nstages: {{train: {{cmd: run, outs: [{out}]}}}}\n"
    repo.commit("Begin", {".dvc/config": "", "dvc.yaml": declared.format("a.pkl"), "dvc.lock": lock})
    repo.commit("Move", {"dvc.yaml": declared.format("d/a.pkl")})
    assert told(trace(repo.path, "net")) == [("Move", "?"), ("Begin", "aaaa")]


def test_what_cannot_be_read_is_an_entry(repo: GitRepo) -> None:
    repo.commit("Start", {".dvc/config": "", "metrics.json": '{"auc": 1}', **files_at("dvc.yaml")})
    repo.commit("Break", {"metrics.json": '{"auc": '})
    repo.commit("Mend", {"metrics.json": '{"auc": 1}'})
    life = trace(repo.path, "auc", when="auc >= 1")
    assert told(life) == [("Mend", 1), ("Break", "?"), ("Start", 1)]
    assert "not valid JSON" in life.entries[1].new.unread
    assert [onset.entry.commit.message for onset in life.onsets] == ["Start"]


def files_at(*names: str) -> dict[str, str]:
    pipeline = "stages:\n  eval:\n    cmd: x\n    metrics:\n    - metrics.json:\n        cache: false\n"
    return dict.fromkeys(names, pipeline)


def test_an_output_went_with_the_dvc_yaml_that_left_its_lock_behind(repo: GitRepo) -> None:
    entry = f"{{path: a.pkl, md5: {'a' * 32}, hash: md5}}"
    lock = f"schema: '2.0'\nstages: {{train@a: {{cmd: run, outs: [{entry}]}}}}\n"
    stage = "stages: {train: {foreach: [a], do: {cmd: run, outs: ['${item}.pkl']}}}"
    repo.commit("Begin", {".dvc/config": "", "dvc.yaml": stage, "dvc.lock": lock})
    repo.git("rm", "-q", "dvc.yaml")
    repo.commit("Drop")
    repo.git("rm", "-q", "dvc.lock")
    repo.commit("Tidy up")
    assert told(trace(repo.path, "a.pkl")) == [("Drop", None), ("Begin", "aaaa")]


def test_an_output_whose_file_is_broken_is_not_gone(repo: GitRepo) -> None:
    repo.commit("Start", {".dvc/config": "", "d.dvc": dvc_file("d", "1" * 32)})
    repo.commit("Break", {"d.dvc": "<<<<<<< HEAD\n"})
    repo.commit("Mend", {"d.dvc": dvc_file("d", "2" * 32)})
    assert told(trace(repo.path, "d")) == [("Mend", "2222"), ("Break", "?"), ("Start", "1111")]


def test_what_a_file_no_longer_names_is_found(repo: GitRepo) -> None:
    """Though its name is a part of other words there, or the file names another one with the values."""
    pipeline = files_at("dvc.yaml")["dvc.yaml"]
    start = {"d.dvc": dvc_file("d", "1" * 32), "dvc.yaml": pipeline.replace("metrics.json", "m.json")}
    repo.commit("Start", {".dvc/config": "", "m.json": '{"auc": 1}', **start})
    repo.commit("Other", {"d.dvc": dvc_file("e", "2" * 32), "dvc.yaml": pipeline})
    assert told(trace(repo.path, "d")) == [("Other", None), ("Start", "1111")]
    assert told(trace(repo.path, "m.json:auc")) == told(trace(repo.path, "auc"))
    assert told(trace(repo.path, "auc")) == [("Other", None), ("Start", 1)]


def test_metrics_in_an_absent_cache_are_told_by_their_hash(repo: GitRepo) -> None:
    pipeline = (
        "stages:\n  eval:\n    cmd: x\n    outs: [kept]\n    metrics: [kept.json]\nmetrics: [kept/m.json]\n"
    )
    lock = "schema: '2.0'\nstages:\n  eval:\n    cmd: x\n    outs:\n    - path: kept.json\n      md5: {}\n"
    lock += f"    - path: kept\n      md5: {'3' * 32}.dir\n"
    start = {".dvc/config": "", "dvc.yaml": pipeline, "dvc.lock": lock.format("1" * 32)}
    repo.commit("Start", start)
    repo.commit("Move", {"dvc.lock": lock.format("2" * 32)})
    life = trace(repo.path, "kept.json:auc")
    assert told(life) == [("Move", "?"), ("Start", "?")]
    assert [entry.new.content.digest[:2] for entry in life.entries if entry.new.content] == ["22", "11"]
    with pytest.raises(UsageError, match=r"name one of them, as in kept/m\.json:NAME"):
        trace(repo.path, "kept/m.json")
    assert life.messages == (
        "2 objects that would tell more of it: not in DVC's cache here; --fetch gets what is small.",
    )


# Laws, on histories of branches and merges.

_PIPELINES = (
    """\
stages:
  eval:
    cmd: x
    outs: [model.bin]
    params:
    - p.json:
    metrics:
    - m.json:
        cache: false
""",
    "stages:\n  eval:\n    cmd: x\n    outs: [model.bin]\n    metrics: [other.json]\n    params: [lr]\n",
    "vars: [p.json]\nstages:\n  eval:\n    cmd: x\n    outs: ['${out}']\n    metrics: [m.json]\n",
    "stages: {eval: [broken\n",
)
_LOCK = "schema: '2.0'\nstages:\n  eval:\n    cmd: x\n    outs:\n    - path: model.bin\n      md5: {}\n"
_CHOICES: dict[str, tuple[str, ...]] = {
    "params.yaml": ("lr: 1\n", "lr: 2\nn: 1\n", "n: 1\n", "lr: [broken\n"),
    "p.json": ('{"out": "model.bin"}', '{"out": "x.bin"}', "{broken"),
    "m.json": ('{"auc": 1}', '{"auc": 2, "f1": 1}', '{"f1": 3}', "{broken"),
    "dvc.yaml": _PIPELINES,
    "dvc.lock": (_LOCK.format("1" * 32), _LOCK.format("2" * 32), "schema: [broken\n"),
    "d.dvc": (dvc_file("d", "1" * 32), dvc_file("d", "2" * 32), dvc_file("e", "3" * 32)),
    "README": ("a", "b"),
}
_SUBJECTS = (
    Subject(Traced.PARAM, "params.yaml", "lr"),
    Subject(Traced.METRIC, "m.json", "auc"),
    Subject(Traced.OUTPUT, "model.bin"),
    Subject(Traced.OUTPUT, "d"),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Node]:
    nodes = [Node(files={".dvc/config": "", **draw(_changes())})]
    for at in range(1, draw(st.integers(2, 9))):
        parents = tuple(
            dict.fromkeys(draw(st.lists(st.integers(max(0, at - 3), at - 1), min_size=1, max_size=2)))
        )
        nodes.append(Node(parents, f"c{at}", draw(_changes())))
    return nodes


def _changes() -> st.SearchStrategy[dict[str, str]]:
    pairs = [st.tuples(st.just(name), st.sampled_from(texts)) for name, texts in _CHOICES.items()]
    return st.lists(st.one_of(pairs), max_size=3).map(dict)


@given(histories(), st.sampled_from(_SUBJECTS))
@settings(max_examples=60)
def test_a_life_is_that_of_full_snapshots_at_every_commit(nodes: list[Node], subject: Subject) -> None:
    """Nothing is lost by reading only commits that name the thing; so for the onsets of a condition."""
    with tempfile.TemporaryDirectory() as place:
        repo = GitRepo.init(Path(place) / "repo")
        imported(repo, nodes)
        history = History(repo.path)
        state = _every_state(history, subject)
        expected = _scanned(history, subject, state)
        if not any(now.there for _, now in expected):
            return  # never there, if perhaps hidden by what cannot be read: there is no life to tell
        try:
            life = trace(repo.path, subject.target, when=f"{subject.target} == 1")
        except UsageError:
            assert all(now.unread for _, now in expected if now.there)
            return
        found = [(entry.commit.id, entry.new) for entry in life.entries]
        assert [(commit, shown(now)) for commit, now in found] == [(c, shown(now)) for c, now in expected]
        assert life.now == state(history.head())
        asked = condition("x == 1")
        for onset in life.onsets:
            assert holds(asked, state(onset.entry.commit.id))
            assert not holds(asked, onset.entry.old)


def _every_state(history: History, subject: Subject) -> Callable[[str], Reading]:
    snapshots = Snapshots(history.git)
    commits = [commit.id for commit in history.reached(history.head())]
    read = {commit: snapshots.at(history.at(commit, commit[:7])) for commit in commits}
    files = {s.outputs[subject.path].file for s in read.values() if subject.path in s.outputs}
    return lambda commit: reading(subject, read[commit], files)


def _scanned(
    history: History, subject: Subject, state: Callable[[str], Reading]
) -> list[tuple[str, Reading]]:
    parents = {commit.id: commit.parents for commit in history.reached(history.head())}
    found, _ = moves(history.head(), parents, state)
    return [(m.commit_id, m.new) for m in found if m.new != (m.old or Reading(subject.path, subject.name))]


# The demo tells what its story did.


def test_the_demo_is_told_as_its_story(built_demo: Path) -> None:
    model = trace(built_demo, "router")
    back = next(entry for entry in model.entries if entry.commit.message.startswith("Go back"))
    assert (back.again_in, back.version) == ("v1.0.0", "v1.1.1")
    assert "names the team that closed a ticket" in back.reasons[0]
    grown = trace(built_demo, "data/raw")
    months = ["March", "February again", "Go back", "February", "January"]
    for entry, month in zip(grown.entries, months, strict=True):
        assert month in entry.commit.message
    epochs = trace(built_demo, "train.epochs")
    assert [shown(entry.new) for entry in epochs.entries] == [8, 2]
    dropped = trace(built_demo, when="test.accuracy < 0.8")
    assert dropped.onsets[0].entry.commit.message == "Add the tickets of February"
    assert dropped.onsets[0].until == next(e for e in dropped.entries if e.commit.id == back.commit.id)


def test_dates_are_those_of_the_commits(project: GitRepo) -> None:
    assert trace(project.path, "accuracy").entries[-1].commit.timestamp == EPOCH + HOUR
