"""`generate`, flag by flag."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clirun import files_of
from gitrepo import HOUR, GitRepo

if TYPE_CHECKING:
    from clirun import Run


def headings(text: str) -> list[str]:
    """The releases of a document by their headings, versions with the `v` of their tags."""
    found = re.findall(r"^## \[?(\S+?)\]?(?: - .*)?$", text, re.MULTILINE)
    return [f"v{name}" if name[0].isdigit() else name for name in found]


def test_the_document_goes_to_changelog_md_at_the_root(project: GitRepo, run: Run) -> None:
    ran = run("generate", at=project.path / "docs")
    text = (project.path / "CHANGELOG.md").read_text()
    assert (ran.code, ran.out) == (0, "")
    assert "CHANGELOG.md" in ran.err
    assert headings(text) == ["Unreleased", "v1.1.0", "v1.1.0-rc.1", "v1.0.0"]
    assert "train.trees" in text


def test_a_dash_prints_the_document_alone_and_remarks_go_to_stderr(project: GitRepo, run: Run) -> None:
    ran = run("generate", "-o", "-")
    assert ran.out.startswith("# Changelog\n")
    assert "1 tag is not merged" in ran.err
    assert "not merged" not in ran.out
    assert not (project.path / "CHANGELOG.md").exists()


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["-u"], ["Unreleased"]),
        (["--unreleased"], ["Unreleased"]),
        (["-l"], ["v1.1.0"]),
        (["--latest"], ["v1.1.0"]),
        (["-t", "v2.0.0"], ["v2.0.0", "v1.1.0", "v1.1.0-rc.1", "v1.0.0"]),
        (["--tag", "v2.0.0", "--unreleased"], ["v2.0.0"]),
        (["--tag", "v2.0.0", "--latest"], ["v2.0.0"]),
        (["--tag-pattern", r"^v\d+\.\d+\.\d+$"], ["Unreleased", "v1.1.0", "v1.0.0"]),
        (["--ignore-tags", "rc"], ["Unreleased", "v1.1.0", "v1.0.0"]),
        (["--ignore-tags", "rc", "--ignore-tags", r"v1\.0"], ["Unreleased", "v1.1.0"]),
        (["--skip-tags", "rc"], ["Unreleased", "v1.1.0", "v1.0.0"]),
        (["--all-tags"], ["Unreleased", "exp-1", "v1.1.0", "v1.1.0-rc.1", "v1.0.0"]),
        (["--merge-prereleases"], ["Unreleased", "v1.1.0", "v1.0.0"]),
        (["v1.0.0..v1.1.0"], ["v1.1.0", "v1.1.0-rc.1"]),
        (["v1.1.0.."], ["Unreleased"]),
        (["..v1.0.0"], ["v1.0.0"]),
        (["v1.0.0..side"], ["exp-1"]),
        (["--artifact", "exp", "--all-tags"], ["Unreleased", "exp-1"]),
    ],
)
def test_the_releases_told_are_those_asked_for(run: Run, args: list[str], expected: list[str]) -> None:
    ran = run("generate", "-o", "-", *args)
    assert ran.code == 0, ran.err
    assert sorted(expected) == sorted(headings(ran.out))
    if "exp-1" not in expected:
        assert expected == headings(ran.out)


def test_the_release_checked_out_is_told_with_current(project: GitRepo, run: Run) -> None:
    project.git("checkout", "-q", "v1.0.0")
    assert headings(run("generate", "-o", "-", "--current").out) == ["v1.0.0"]
    project.git("checkout", "-q", "main")
    ran = run("generate", "-o", "-", "--current")
    assert (ran.code, ran.out) == (2, "")
    assert "no tag" in ran.err


def test_ignored_tags_fold_and_skipped_tags_drop_their_commits(run: Run) -> None:
    assert "Plant more trees" in run("generate", "-o", "-", "-l", "--ignore-tags", "rc").out
    assert "Plant more trees" in run("generate", "-o", "-", "-l", "--merge-prereleases").out
    assert "Plant more trees" not in run("generate", "-o", "-", "--skip-tags", "rc").out


def test_paths_filter_commits_and_changes_but_no_tags(run: Run) -> None:
    only = run("generate", "-o", "-", "--include-path", "src/**").out
    assert "seed the forest" in only
    assert "train.trees" not in only
    assert "Plant more trees" not in only
    without = run("generate", "-o", "-", "--exclude-path", "params.yaml", "--exclude-path", "dvc.*").out
    assert "| `train.trees`" not in without
    assert "accuracy" in without
    assert [h for h in headings(only) if h != "Unreleased"] == ["v1.1.0", "v1.1.0-rc.1", "v1.0.0"]


def test_json_is_printed_and_is_one_document(run: Run) -> None:
    ran = run("generate", "--format", "json")
    told = json.loads(ran.out)
    assert told["schema_version"] == 1
    assert [release["version"] for release in told["releases"]] == [None, "v1.1.0", "v1.1.0-rc.1", "v1.0.0"]
    assert [release["previous"] and release["previous"]["version"] for release in told["releases"]] == [
        "v1.1.0",
        "v1.0.0",
        "v1.0.0",
        None,
    ]


def test_json_goes_to_a_file_and_is_checked_there(project: GitRepo, run: Run) -> None:
    assert run("generate", "-f", "json", "-o", "out.json", "--check").code == 3
    assert not (project.path / "out.json").exists(), "a check writes nothing"
    assert run("generate", "-f", "json", "-o", "out.json").code == 0
    json.loads((project.path / "out.json").read_text())
    assert run("generate", "-f", "json", "-o", "out.json", "--check").code == 0
    (project.path / "notes.md").write_text("By hand\n")
    ran = run("generate", "-f", "json", "-o", "notes.md")
    assert (ran.code, (project.path / "notes.md").read_text()) == (1, "By hand\n")
    assert "something else than JSON" in ran.err


def test_a_template_replaces_the_entry(project: GitRepo, run: Run) -> None:
    (project.path / "t.j2").write_text("## {{ release.head.version or 'next' }}\nMine.\n")
    assert "Mine." in run("generate", "-o", "-", "--template", "t.j2").out
    (project.path / "t.j2").write_text("{% if %}")
    ran = run("generate", "-o", "-", "--template", "t.j2")
    assert (ran.code, ran.out) == (1, "")
    assert "t.j2: line 1" in ran.err
    assert "cannot be read" in run("generate", "-o", "-", "--template", "nowhere.j2").err


def test_check_says_3_until_the_file_is_up_to_date(project: GitRepo, run: Run) -> None:
    ran = run("generate", "--check")
    assert ran.code == 3
    assert "not up to date" in ran.err
    assert not (project.path / "CHANGELOG.md").exists()
    run("generate")
    assert run("generate", "--check").code == 0
    project.commit("feat: more", {"src/more.py": "1\n"})
    before = (project.path / "CHANGELOG.md").read_bytes()
    assert run("generate", "--check").code == 3
    assert before == (project.path / "CHANGELOG.md").read_bytes()
    assert run("generate", "--check", "-o", "-").code == 2


@pytest.mark.parametrize("output", ["CHANGELOG.md", "docs/CHANGES.md"])
def test_a_second_run_changes_no_byte_even_when_the_changelog_is_committed(
    project: GitRepo, run: Run, output: str
) -> None:
    path = project.path / output
    args = ["generate", *(["-o", output] if output != "CHANGELOG.md" else [])]
    run(*args)
    before, when = path.read_bytes(), path.stat().st_mtime_ns
    assert "up to date already" in run(*args).err
    assert (before, when) == (path.read_bytes(), path.stat().st_mtime_ns)
    project.commit("Write the changelog", {})
    assert run(*args, "--check").code == 0
    run(*args)
    assert before == path.read_bytes()


def test_a_planned_release_stays_as_it_is_once_it_is_tagged(
    project: GitRepo, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(project.clock + HOUR))
    run("generate", "--tag", "v2.0.0")
    before = (project.path / "CHANGELOG.md").read_bytes()
    project.commit("Release v2.0.0", {})
    project.tag("v2.0.0", message="Release")
    run("generate")
    assert before == (project.path / "CHANGELOG.md").read_bytes()


def test_a_new_release_turns_unreleased_into_its_section(project: GitRepo, run: Run) -> None:
    run("generate")
    project.tag("v1.2.0")
    run("generate")
    assert headings((project.path / "CHANGELOG.md").read_text()) == [
        "v1.2.0",
        "v1.1.0",
        "v1.1.0-rc.1",
        "v1.0.0",
    ]


@pytest.mark.parametrize("flag", [["-u"], ["-l"], ["v1.0.0.."], ["--tag", "v2.0.0"]])
def test_a_part_updates_its_section_and_leaves_the_others(
    project: GitRepo, run: Run, flag: list[str]
) -> None:
    run("generate")
    before = headings((project.path / "CHANGELOG.md").read_text())
    assert run("generate", *flag).code == 0
    after = headings((project.path / "CHANGELOG.md").read_text())
    assert [h for h in before if h != "Unreleased"] == [h for h in after if h not in {"Unreleased", "v2.0.0"}]


@pytest.mark.parametrize(
    "form",
    [b"\xef\xbb\xbf", b"\r\n", b"no final newline"],
    ids=["byte order mark", "CRLF", "no final newline"],
)
def test_the_form_of_a_file_is_kept(project: GitRepo, run: Run, form: bytes) -> None:
    path = project.path / "CHANGELOG.md"
    run("generate")
    data = path.read_bytes()
    match form:
        case b"\r\n":
            data = data.replace(b"\n", b"\r\n")
        case b"no final newline":
            data = data.rstrip(b"\n")
        case _:
            data = form + data
    path.write_bytes(data)
    assert run("generate").code == 0
    assert data == path.read_bytes(), "nothing new, no byte changed"
    project.release("v1.2.0", "feat: news", {"src/new.py": "1\n"})
    assert run("generate").code == 0
    after = path.read_bytes()
    assert b"1.2.0" in after
    assert after.startswith(b"\xef\xbb\xbf") == data.startswith(b"\xef\xbb\xbf")
    assert after.endswith(b"\n") == data.endswith(b"\n")
    assert (b"\r\n" in data) == (after.count(b"\n") == after.count(b"\r\n"))


def test_a_file_without_our_marks_is_left_alone_until_it_is_adopted(project: GitRepo, run: Run) -> None:
    path = project.path / "CHANGELOG.md"
    path.write_text("# History\n\n## v0.1.0\n\nWritten by hand.\n")
    ran = run("generate")
    assert ran.code == 1
    assert "--adopt" in ran.err
    assert path.read_text() == "# History\n\n## v0.1.0\n\nWritten by hand.\n"
    assert run("generate", "--adopt").code == 0
    assert "Written by hand." in path.read_text()
    assert "v1.1.0" in path.read_text()


def test_a_hand_written_note_survives(project: GitRepo, run: Run) -> None:
    path = project.path / "CHANGELOG.md"
    run("generate")
    lines = path.read_text().split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith(("## [1.1.0]", "## 1.1.0")))
    path.write_text("\n".join([*lines[: at + 1], "", "**Approved by the board.**", *lines[at + 1 :]]))
    project.release("v1.2.0", "feat: news", {"src/new.py": "1\n"})
    run("generate")
    assert "**Approved by the board.**" in path.read_text()


def test_quiet_says_nothing_and_verbose_says_what_was_done(run: Run) -> None:
    assert run("generate", "-q").err == ""
    assert "Read 4 releases" in run("generate", "-v").err


def test_the_place_is_named_with_repo(project: GitRepo, run: Run, tmp_path: Path) -> None:
    ran = run("generate", "-r", str(project.path), at=tmp_path)
    assert ran.code == 0
    assert (project.path / "CHANGELOG.md").exists()
    ran = run("generate", "-r", str(project.path), "-o", "here.md", at=tmp_path)
    assert (tmp_path / "here.md").exists(), "a file named on the command line is seen from where one stands"


def test_the_configuration_is_found_or_named(project: GitRepo, run: Run) -> None:
    (project.path / "dvc-changelog.toml").write_text('title = "Found"\n')
    assert "# Found" in run("generate", "-o", "-").out
    (project.path / "other.toml").write_text('title = "Named"\ntag-pattern = "^v1.0"\n')
    ran = run("generate", "-o", "-", "-c", "other.toml")
    assert "# Named" in ran.out
    assert headings(ran.out) == ["Unreleased", "v1.0.0"]
    assert headings(run("generate", "-o", "-", "-c", "other.toml", "..v1.0.0").out) == ["v1.0.0"]


def test_a_bare_repository_is_printed_but_has_no_place_for_a_file(
    project: GitRepo, run: Run, tmp_path: Path
) -> None:
    bare = GitRepo.clone(project.path, tmp_path / "bare", "--bare")
    assert "v1.1.0" in run("generate", "-o", "-", at=bare.path).out
    ran = run("generate", at=bare.path)
    assert ran.code == 2
    assert "--output" in ran.err


def test_a_repository_without_dvc_gets_its_code_told_and_a_hint(run: Run, tmp_path: Path) -> None:
    plain = GitRepo.init(tmp_path / "plain")
    plain.release("v1.0.0", "feat: begin", {"a.py": "1\n"})
    ran = run("generate", "-o", "-", at=plain.path)
    assert ran.code == 0
    assert "begin" in ran.out
    assert "No DVC files here" in ran.err


def test_deployments_are_told_with_their_artifact(project: GitRepo, run: Run) -> None:
    project.tag("models=churn@v1.0.0", message="Register")
    project.tag("models=churn#prod#1", message="Deploy", date=project.clock)
    project.tag("models=other#prod#1", message="Deploy", date=project.clock)
    (release,) = json.loads(run("generate", "-f", "json", "--artifact", "churn", "-l").out)["releases"]
    assert [event["tag"] for event in release["deployments"]] == ["models=churn#prod#1"]


@pytest.fixture
def registry(project: GitRepo) -> GitRepo:
    """The project, with an artifact of the same name in two directories."""
    for tag in ("a=churn@v1.0.0", "b=churn@v1.0.0", "a=churn#prod#1", "b=churn@deprecated"):
        project.tag(tag, message="Event")
    return project


EACH = ("generate", "--each-artifact", "-o", "logs/{artifact}.md")


def test_each_artifact_gets_a_file_that_a_second_run_leaves_alone(registry: GitRepo, run: Run) -> None:
    ran = run(*EACH)
    paths = [registry.path / "logs" / where / "churn.md" for where in "ab"]
    assert (ran.code, ran.err.splitlines()) == (0, ["Wrote logs/a/churn.md.", "Wrote logs/b/churn.md."])
    one, other = (path.read_text() for path in paths)
    assert one.startswith("# Changelog of a:churn\n")
    assert headings(one) == ["a=churn@v1.0.0"]
    assert "**a:churn** v1.0.0 deployed to `prod` (2024-01-01)" in one
    assert "**b:churn** deprecated (2024-01-01)" in other
    assert "a:churn" not in other
    paths[0].write_text(one.replace("# Changelog of a:churn\n", "# By hand\n"))
    before = [path.read_bytes() for path in paths]
    assert run(*EACH, "--check").code == 0
    assert run(*EACH).code == 0
    registry.git("add", "--all")
    registry.git("commit", "-qm", "Write the changelogs")
    assert run(*EACH).code == 0
    assert before == [path.read_bytes() for path in paths]


def test_a_check_of_each_artifact_says_which_file_is_behind(registry: GitRepo, run: Run) -> None:
    run(*EACH)
    registry.commit()
    registry.tag("a=churn@v1.1.0", message="Register")
    (registry.path / "logs/b/churn.md").unlink()
    ran = run(*EACH, "--check")
    assert ran.code == 3
    assert "logs/a/churn.md is not up to date" in ran.err
    assert "logs/b/churn.md is not up to date\n       Run the same without --check.\n" in ran.err
    assert not (registry.path / "logs/b/churn.md").exists()


def test_a_cancelled_version_leaves_the_files_that_have_it(registry: GitRepo, run: Run) -> None:
    assert run(*EACH).code == run("generate").code == 0
    registry.clock += 1
    registry.tag("a=churn@v1.0.0!#2", message="Cancel", date=registry.clock)
    path = registry.path / "logs" / "a" / "churn.md"
    ran = run(*EACH, "--check")
    assert (ran.code, "logs/a/churn.md is not up to date" in ran.err) == (3, True)
    assert run(*EACH).err.splitlines() == [
        "Updated logs/a/churn.md.",
        "logs/b/churn.md is up to date already.",
    ]
    assert headings(path.read_text()) == ["Unreleased"]
    assert "**a:churn** v1.0.0 cancelled" in path.read_text()
    assert run(*EACH, "--check").code == 0
    path.unlink()
    assert run(*EACH).err.splitlines() == [
        "What was registered of a:churn was cancelled since: there is no changelog of it.",
        "logs/b/churn.md is up to date already.",
    ]


def test_each_artifact_as_json_and_one_by_its_name(registry: GitRepo, run: Run) -> None:
    assert run("generate", "--each-artifact", "-f", "json", "-o", "{artifact}.json").code == 0
    (release,) = json.loads((registry.path / "b/churn.json").read_text())["releases"]
    assert [event["event"] for event in release["lifecycle"]] == ["deprecated"]
    assert run("generate", "--artifact", "a:churn", "-o", "logs/{artifact}.md").code == 0
    assert run("generate", "-l", "--each-artifact", "-q", "-o", "logs/{artifact}.md").code == 0
    assert "Read 2 releases in" in run(*EACH, "-v").err
    assert "Read 1 release in" in run("generate", "-l", "-o", "-", "-v").err
    assert "Read 2 revisions in" in run("review", "v1.0.0", "-v").err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--each-artifact"], "changelogs/{artifact}.md"),
        (["--each-artifact", "-o", "-"], "{artifact}"),
        (["--each-artifact", "-f", "json"], "changelogs/{artifact}.json"),
        (["--each-artifact", "-o", "{artifact}.md", "--artifact", "a:churn"], "exclude each other"),
        (["--each-artifact", "-o", "{artifact}.md", "--tag", "a=churn@v2.0.0"], "exclude each other"),
        (["--each-artifact", "-o", "{artifact}.md", "--with-tag-message", "x"], "exclude each other"),
        (["--each-artifact", "-o", "{artifact}.md", "--current"], "exclude each other"),
        (["-o", "{artifact}.md"], "--each-artifact or --artifact NAME"),
        (["--artifact", "churn", "-o", "{artifact}.md"], "a:churn, b:churn"),
    ],
)
def test_each_artifact_used_wrongly_says_how_to_use_it(
    registry: GitRepo, run: Run, args: list[str], said: str
) -> None:
    ran = run("generate", *args)
    assert ran.code == 2
    assert said in ran.err
    assert not list(registry.path.glob("*.md"))


def test_one_artifacts_releases_do_not_get_into_the_changelog_of_all(registry: GitRepo, run: Run) -> None:
    path = registry.path / "CHANGELOG.md"
    run("generate")
    whole = path.read_text()
    ran = run("generate", "--artifact", "a:churn")
    assert (ran.code, path.read_text()) == (1, whole)
    assert "v1.1.0" in ran.err
    assert "--output" in ran.err
    assert (
        run("generate", "--artifact", "a:churn", "-o", "CHANGELOG.md").code == 0
    )  # if that is what is meant
    path.unlink()
    assert run("generate", "--artifact", "a:churn").code == 0
    assert "up to date" in run("generate", "--artifact", "a:churn").err


def test_a_title_that_was_given_stays_that_of_one_artifact(registry: GitRepo, run: Run) -> None:
    assert run("generate", "--artifact", "a:churn", "-o", "-").out.startswith("# Changelog of a:churn\n")
    (registry.path / "dvc-changelog.toml").write_text('title = "Found"\n')
    assert run("generate", "--artifact", "a:churn", "-o", "-").out.startswith("# Found\n")


def test_a_repository_of_gto_alone_has_its_artifacts_told(run: Run, tmp_path: Path) -> None:
    plain = GitRepo.init(tmp_path / "plain")
    plain.commit("Train", {"artifacts.yaml": "churn: {path: m.pkl, type: model}\n", "m.pkl": "a"})
    plain.tag("churn@v1.0.0", message="Register")
    plain.commit("Train again", {"m.pkl": "b"})
    plain.tag("churn@v1.1.0", message="Register")
    ran = run("generate", "-o", "-", at=plain.path)
    assert "**churn** (`m.pkl`) updated" in ran.out
    assert "Declared artifact" not in ran.out
    assert "dvc checkout" not in ran.out
    assert "the artifacts that GTO knows" in ran.err
    assert "code only" not in ran.err


def test_experiments_are_told_where_asked_for(project: GitRepo, run: Run) -> None:
    project.experiment("dizzy-sumo", files_of(trees=200, model="d" * 32, accuracy=0.95))
    assert "dizzy-sumo" not in run("generate", "-o", "-").out
    asked = run("generate", "-o", "-", "--experiments").out
    row = "| `dizzy-sumo` | `train.trees` 100 → 200 | `accuracy` 0.95 (+0.05) | 2024-01-01 |"
    assert row in asked
    assert "1 experiment was tried on `" in asked.split("## ")[1]
    assert row in run("review", "v1.1.0", "--experiments").out
    assert "dizzy-sumo" in run("show", "--experiments").out
    (project.path / "dvc-changelog.toml").write_text("experiments = true\n")
    assert run("generate", "-o", "-").out == asked
    told = json.loads(run("generate", "--format", "json", "--unreleased").out)["releases"][0]
    assert [(e["name"], e["applied"]) for e in told["experiments"]] == [("dizzy-sumo", None)]
    (project.path / "dvc-changelog.toml").unlink()
    assert json.loads(run("generate", "--format", "json").out)["releases"][0]["experiments"] is None


@pytest.mark.parametrize("command", [("generate", "-o", "-"), ("review", "v1.0.0"), ("show",)])
def test_where_there_are_no_experiments_the_way_to_get_them_is_said(run: Run, command: tuple[str]) -> None:
    assert "refs/exps" not in run(*command).err
    ran = run(*command, "--experiments")
    assert ran.code == 0
    assert "`git fetch origin 'refs/exps/*:refs/exps/*'`" in ran.err


def test_the_words_of_a_planned_tag_stand_in_its_entry(run: Run, project: GitRepo) -> None:
    ran = run("generate", "--tag", "v2.0.0", "--with-tag-message", "Fewer trees", "-u", "-o", "-")
    assert "\n\n> Fewer trees\n\n" in ran.out
    run("generate", "--tag", "v2.0.0", "--with-tag-message", "Fewer trees")
    planned = (project.path / "CHANGELOG.md").read_text()
    project.tag("v2.0.0", message="Fewer trees")
    assert run("generate").code == 0
    again = (project.path / "CHANGELOG.md").read_text()
    assert [line for line in planned.splitlines() if line.startswith(">")] == [
        line for line in again.splitlines() if line.startswith(">")
    ]
    assert run("generate", "--check").code == 0


def test_the_unreleased_part_is_named_by_the_version_that_follows(project: GitRepo, run: Run) -> None:
    project.commit("feat: answer in batches", {"src/batch.py": "1\n"})
    following = run("generate", "--bumped-version")
    shown = run("generate", "--bump", "-o", "-")
    assert (following.code, shown.code) == (0, 0)
    assert next(line for line in shown.out.splitlines() if line.startswith("## ")).startswith(
        f"## {following.out.strip()[1:]} - "
    )


def test_a_part_is_named_once(project: GitRepo, run: Run) -> None:
    both = run("generate", "--bump", "--tag", "v2.0.0")
    each = run("generate", "--bump", "--each-artifact", "-o", "c/{artifact}.md")
    assert (both.code, each.code) == (2, 2)
    assert not (project.path / "c").exists()
