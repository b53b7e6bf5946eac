"""Causes in repositories that the real DVC made: told of a release, beside what was done to it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from gitrepo import GitRepo, isolated
from snapshot.agreement import quiet_dvc

from dvc_changelog.config import Config
from dvc_changelog.domain import Cause, OutputChange, ParamChange, Release
from dvc_changelog.render import markdown, trace
from dvc_changelog.workflows import compare, generate
from dvc_changelog.workflows.trace import trace as traced

__all__ = ["isolated", "quiet_dvc"]

PIPELINE = """\
stages:
  left:
    cmd: cat data/raw.csv src/left.sh > left.csv
    deps: [data/raw.csv, src/left.sh]
    outs: [left.csv]
  right:
    cmd: cat data/raw.csv sub/base.txt > right.csv
    deps: [data/raw.csv, sub/base.txt]
    outs: [right.csv]
  join:
    cmd: cat left.csv right.csv > join.csv
    deps: [left.csv, right.csv]
    outs: [join.csv]
  fit:
    foreach: [a, b]
    do:
      cmd: cat join.csv conf/${item}.txt params.yaml > ${item}.pkl
      deps: [join.csv, "conf/${item}.txt"]
      params: [lr]
      outs: ["${item}.pkl"]
  count:
    cmd: wc -l join.csv > count.txt
    deps: [join.csv]
    outs: [count.txt]
  dice:
    cmd: date +%s%N > dice.txt
    deps: [conf]
    outs: [dice.txt]
  held:
    frozen: true
    cmd: cp data/raw.csv held.txt
    deps: [data/raw.csv]
    outs: [held.txt]
"""
SUB = """\
stages:
  base:
    cmd: cp ../params.yaml base.txt
    params: [{../params.yaml: [n]}]
    outs: [base.txt]
"""
FILES = {
    "dvc.yaml": PIPELINE,
    "sub/dvc.yaml": SUB,
    "params.yaml": "lr: 1\nn: 1\nunused: 1\n",
    "data/raw.csv": "id\n1\n",
    "src/left.sh": "#!/bin/sh\n",
    "conf/a.txt": "a\n",
    "conf/b.txt": "b\n",
    "requirements.txt": "numpy==1.0\n",
}


def run(place: Path, *data: str, force: str = "") -> None:
    """Track data and reproduce what is out of date; one stage whatever it is."""
    from dvc.repo import Repo

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        with Repo() as dvc:
            for path in data:
                dvc.add(path)
            dvc.reproduce(all_pipelines=True)
            if force:
                dvc.reproduce(force, force=True, single_item=True)


def reproduce(place: Path, stage: str) -> None:
    """Bring one stage up to date, with what it needs."""
    from dvc.repo import Repo

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        with Repo() as dvc:
            dvc.reproduce(stage)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from dvc.repo import Repo

    repo = GitRepo.init(tmp_path_factory.mktemp("causes") / "repo")
    repo.write({**FILES, "dvc.yaml": PIPELINE.replace("    frozen: true\n", "")})
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(repo.path)
        Repo.init().close()
    run(repo.path, "data/raw.csv")
    repo.commit("Begin", {"dvc.yaml": PIPELINE})
    repo.tag("old")
    return repo.path


@pytest.fixture
def project(built: Path, tmp_path: Path) -> GitRepo:
    return GitRepo(Path(shutil.copytree(built, tmp_path / "repo", symlinks=True)))


def told(project: GitRepo, files: Mapping[str, str], *data: str, force: str = "") -> Release:
    """The release in which these files were written, and everything was run."""
    project.write(files)
    run(project.path, *data, force=force)
    project.commit("Change", {})
    project.tag("new")
    return compare(project.path, "old", "new", config=Config())


def causes(release: Release) -> dict[str, list[str]]:
    """The roots of each output that changed: "kind name", "through" what."""
    return {
        change.path: [_short(cause) for cause in change.because]
        for change in release.changes
        if isinstance(change, OutputChange) and change.because
    }


def _short(cause: Cause) -> str:
    way = f" through {', '.join(cause.through)}" if cause.through else ""
    return f"{cause.kind} {cause.name or cause.path}{way}"


def test_data_comes_down_a_diamond(project: GitRepo) -> None:
    release = told(project, {"data/raw.csv": "id\n1\n2\n"}, "data/raw.csv")
    assert causes(release) == {
        "a.pkl": ["data data/raw.csv through left, join"],
        "b.pkl": ["data data/raw.csv through left, join"],
        "count.txt": ["data data/raw.csv through left, join"],
        "join.csv": ["data data/raw.csv through left"],
        "left.csv": ["data data/raw.csv"],
        "right.csv": ["data data/raw.csv"],
    }


def test_a_param_comes_from_another_dvc_yaml(project: GitRepo) -> None:
    release = told(project, {"params.yaml": "lr: 1\nn: 2\nunused: 1\n"})
    assert causes(release)["join.csv"] == ["param n through sub/dvc.yaml:base, right"]
    assert [(u.stage, u.paths) for u in release.unmoved] == [("count", ("count.txt",))]  # as many lines


def test_an_item_of_a_foreach_stage_has_its_own(project: GitRepo) -> None:
    release = told(project, {"conf/a.txt": "A\n", "requirements.txt": "numpy==2.0\n"})
    assert causes(release)["a.pkl"] == ["file conf/a.txt"]
    assert "b.pkl" not in causes(release)


def test_a_command_is_that_of_the_item_that_has_another(project: GitRepo) -> None:
    other = PIPELINE.replace("[a, b]", "{a: cat, b: cat -n}").replace(
        "cmd: cat join.csv conf", "cmd: RUN conf"
    )
    other = other.replace("${item}", "${key}").replace("RUN", "${item} join.csv")
    text = markdown.entry(told(project, {"dvc.yaml": other}), Config())
    assert "- `b.pkl` rebuilt by `fit@b`" in text
    assert ", because the command of `fit@b` changed\n" in text


def test_a_stage_that_was_renamed_is_compared_with_what_it_was(project: GitRepo) -> None:
    renamed = PIPELINE.replace("  join:\n", "  merge:\n")
    files = {"dvc.yaml": renamed, "src/left.sh": "#!/bin/bash\n"}
    assert causes(told(project, files))["a.pkl"] == ["file src/left.sh through left, merge"]


def test_a_stage_that_is_not_deterministic_is_told(project: GitRepo) -> None:
    release = told(project, {}, force="dice")
    assert causes(release) == {"dice.txt": ["nothing dice"]}


def test_what_no_lock_records_is_called_perhaps(project: GitRepo) -> None:
    release = told(project, {"requirements.txt": "numpy==2.0\n"}, force="dice")
    [change] = [c for c in release.changes if isinstance(c, OutputChange)]
    assert [(_short(cause), cause.recorded) for cause in change.because] == [("package numpy", False)]


def test_a_frozen_stage_is_not_run_and_not_told(project: GitRepo) -> None:
    release = told(project, {"data/raw.csv": "id\n1\n2\n"}, "data/raw.csv")
    assert "held.txt" not in causes(release)
    assert not release.stale


def test_a_command_that_makes_the_same_is_said_once(project: GitRepo) -> None:
    same = PIPELINE.replace("wc -l join.csv >", "wc -l  join.csv 2>/dev/null >")
    release = told(project, {"dvc.yaml": same})
    assert not causes(release)
    assert [(u.stage, u.paths, [_short(c) for c in u.because]) for u in release.unmoved] == [
        ("count", ("count.txt",), ["command count"])
    ]


def test_a_commit_after_the_run_is_no_cause(project: GitRepo) -> None:
    """What an input was when its stage ran is not always what the release has."""
    project.write({"src/left.sh": "#!/bin/bash\n", "conf/a.txt": "A\n"})
    run(project.path)
    ran = project.commit("Run", {})
    project.commit("Not run", {"src/left.sh": "#!/bin/zsh\n", "conf/b.txt": "B\n"})
    project.tag("new")
    release = compare(project.path, "old", "new", config=Config())
    found = {change.path: change.because for change in release.changes if isinstance(change, OutputChange)}
    assert [(_short(cause), cause.commits) for cause in found["left.csv"]] == [("file src/left.sh", ())]
    assert [(_short(cause), cause.commits) for cause in found["dice.txt"]] == [("file conf", ())]
    assert [(_short(c), c.commits) for c in found["a.pkl"] if c.path != "src/left.sh"] == [
        ("file conf/a.txt", (ran,))
    ]


def test_a_param_that_was_taken_and_dropped_is_not_told_as_used_now(project: GitRepo) -> None:
    """dvc.lock still has it from the last run."""
    taken = PIPELINE.replace("params: [lr]", "params: [lr, n]")
    project.write({"dvc.yaml": taken})
    run(project.path)
    project.commit("Use n", {})
    project.commit("Use it no more", {"dvc.yaml": PIPELINE, "params.yaml": "lr: 1\nn: 2\nunused: 1\n"})
    project.tag("new")
    release = compare(project.path, "old", "new", config=Config())
    assert not release.unmoved
    assert [c.stages for c in release.changes if isinstance(c, ParamChange)] == [("sub/dvc.yaml:base",)]


@pytest.mark.parametrize("target", ["dice.txt", "model.pkl", "t"])
def test_a_life_does_not_give_the_thing_itself_as_its_cause(project: GitRepo, target: str) -> None:
    """A stage ran anew with the same inputs; then that was taken back, where nothing was run."""
    more = "    outs: [dice.txt, model.pkl]\n    metrics: [{dice.json: {cache: false}}]\n"
    cmd = """date +%s%N | tee dice.txt model.pkl && echo '{"t":' $(date +1%N) '}' > dice.json"""
    made = PIPELINE.replace("    outs: [dice.txt]\n", more).replace("date +%s%N > dice.txt", cmd)
    assert made != PIPELINE
    project.write({"dvc.yaml": made})
    run(project.path)
    project.commit("Score", {})
    run(project.path, force="dice")
    project.commit("Again", {})
    project.git("revert", "--no-edit", "HEAD")
    back, again, *_ = trace.seen(traced(project.path, target)).table.rows
    made_anew = "retrained" if target == "model.pkl" else "rebuilt"
    assert (str(again[-1]), str(back[-1])) == (f"{made_anew} with the same inputs: not deterministic?", "")


def test_what_was_brought_back_is_not_called_made_anew(project: GitRepo) -> None:
    """Neither of an earlier release, nor where only a revert tells; nor is what was made from it."""
    project.git("tag", "-d", "old")
    project.write(
        {
            "dvc.yaml": PIPELINE.replace("> dice.txt", "> dice.txt && cp dice.txt model.pkl").replace(
                "[dice.txt]", "[dice.txt, model.pkl]"
            )
        }
    )
    run(project.path)
    project.commit("Copy", {})
    project.tag("v1")
    run(project.path, force="dice")
    project.commit("Again", {})
    project.tag("v2")
    project.git("revert", "--no-edit", "HEAD")
    project.tag("v3")
    for lock in (
        compare(project.path, "v2", "v3", config=Config()),
        generate(project.path, config=Config()).releases[0],
    ):
        text = markdown.entry(lock, Config())
        assert "same inputs" not in text
        assert "trained" not in text
    taken = markdown.entry(compare(project.path, "v2", "v3", config=Config()), Config())
    assert "`model.pkl` was taken back." in taken
    assert "\n- `model.pkl` taken back, " in taken
    assert markdown.entry(generate(project.path, config=Config()).releases[0], Config()).splitlines()[2] == (
        "Rolled back: everything is that of 1 again, code included. 1 commit."
    )


# What was changed, and run, by several commits.

COUNTING = PIPELINE.replace("join.csv > count.txt\n", "join.csv > count.txt\n    params: [unused]\n")
MORE, TUNED = {"data/raw.csv": "id\n1\n2\n"}, {"params.yaml": "lr: 1\nn: 1\nunused: 2\n"}


def causes_of(project: GitRepo, path: str) -> list[str]:
    project.tag("new")
    return causes(compare(project.path, "old", "new", config=Config()))[path]


@pytest.mark.parametrize("steps", [(MORE, TUNED), (TUNED, MORE)])
def test_a_param_with_which_the_same_was_made_is_no_cause(
    project: GitRepo, steps: tuple[Mapping[str, str], ...]
) -> None:
    """Neither after what changed the output, nor before."""
    project.write({"dvc.yaml": COUNTING})
    run(project.path)
    project.commit("Begin", {})
    project.git("tag", "--force", "old")
    for files in steps:
        project.write(files)
        run(project.path, "data/raw.csv")
        project.commit("Step", {})
    assert causes_of(project, "count.txt") == ["data data/raw.csv through left, join"]


@pytest.mark.parametrize(("before", "expected"), [(True, "package numpy"), (False, "nothing dice")])
def test_packages_that_came_after_the_last_run_are_not_why(
    project: GitRepo, before: bool, expected: str
) -> None:
    upgrade = {"requirements.txt": "numpy==2.0\n"}
    project.commit("Upgrade" if before else "Other", upgrade if before else {"README.md": ""})
    run(project.path, force="dice")
    project.commit("Again", {})
    project.commit("Upgrade", {"requirements.txt": "numpy==2.0\npandas==1.0\n"})
    assert causes_of(project, "dice.txt") == [expected]


def test_what_an_earlier_commit_set_and_ran_in_part_is_a_cause(project: GitRepo) -> None:
    project.commit("Set", {"params.yaml": "lr: 1\nn: 2\nunused: 1\n"})
    reproduce(project.path, "right")
    project.commit("Run in part", {})
    run(project.path)
    project.commit("Run the rest", {})
    assert causes_of(project, "join.csv") == ["param n through sub/dvc.yaml:base, right"]


def test_an_input_that_was_made_anew_after_the_last_run_is_told_as_it_was_then(project: GitRepo) -> None:
    project.write(MORE)
    run(project.path, "data/raw.csv")
    project.commit("More data", {})
    project.write({"src/left.sh": "#!/bin/bash\n"})
    reproduce(project.path, "left")
    project.commit("Run in part", {})
    assert causes_of(project, "join.csv") == ["data data/raw.csv through left"]


def test_what_another_stage_makes_now_changed_by_what_the_one_before_ran_with(project: GitRepo) -> None:
    """`tally` never took `join.csv`, of which `count` made it anew before."""
    project.write(MORE)
    run(project.path, "data/raw.csv")
    project.commit("More data", {})
    count = "  count:\n    cmd: wc -l join.csv > count.txt\n    deps: [join.csv]\n    outs: [count.txt]\n"
    parted = (
        "  count:\n    cmd: cp join.csv lines.csv\n    deps: [join.csv]\n    outs: [lines.csv]\n"
        "  tally:\n    cmd: wc -l join.csv > count.txt\n    deps: [lines.csv]\n    outs: [count.txt]\n"
    )
    project.write({"dvc.yaml": PIPELINE.replace(count, parted)})
    run(project.path)
    project.commit("Count apart", {})
    assert causes_of(project, "count.txt") == ["data data/raw.csv through left, join"]


def test_a_stage_that_moved_to_another_dvc_yaml_left_its_files_in_place(project: GitRepo) -> None:
    count = "  count:\n    cmd: wc -l join.csv > count.txt\n    deps: [join.csv]\n    outs: [count.txt]\n"
    files = {
        "dvc.yaml": PIPELINE.replace(count, ""),
        "sub/dvc.yaml": SUB + count.replace("    cmd:", "    wdir: ..\n    cmd:"),
    }
    text = markdown.entry(told(project, files), Config())
    assert "- Stage `count` moved from `dvc.yaml` to `sub/dvc.yaml`\n\n" in text


def test_an_import_that_moved_is_a_root(built: Path, tmp_path: Path) -> None:
    from dvc.repo import Repo

    source = GitRepo.init(tmp_path / "source")
    source.commit("One", {"words.txt": "one\n"})
    project = GitRepo.init(tmp_path / "importer")
    project.write(
        {"dvc.yaml": "stages: {use: {cmd: cp words.txt out.txt, deps: [words.txt], outs: [out.txt]}}"}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.path)
        Repo.init().close()
        with Repo() as dvc:
            dvc.imp(str(source.path), "words.txt")
        run(project.path)
        project.commit("Import", {})
        project.tag("old")
        source.commit("Two", {"words.txt": "two\n"})
        with Repo() as dvc:
            dvc.update(["words.txt.dvc"])
        release = told(project, {})
    [cause] = next(c.because for c in release.changes if isinstance(c, OutputChange) and c.path == "out.txt")
    commits = source.git("log", "--format=%H").split()
    assert (cause.kind.value, cause.path, [cause.new, cause.old]) == ("import", "words.txt.dvc", commits)


def test_what_an_input_was_in_between_is_told_where_it_is_back(project: GitRepo) -> None:
    """`count` counts what `base.txt` was in between: that the ends have it alike is no matter."""
    for n, stage in ((2, ""), (1, "right")):
        project.write({"params.yaml": f"lr: 1\nn: {n}\nunused: 1\n"})
        if stage:
            reproduce(project.path, stage)
        else:
            run(project.path)
        project.commit("Step", {})
    assert causes_of(project, "join.csv") == ["param n through sub/dvc.yaml:base, right"]
