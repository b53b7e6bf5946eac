"""The workflows from Python: what they return, and that they stand a repository that changes meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import dvc_changelog
from dvc_changelog.config import Config
from dvc_changelog.errors import NotARepositoryError, UnknownRevisionError, UsageError
from dvc_changelog.workflows import Part, compare, generate
from dvc_changelog.workflows.paths import Paths

if TYPE_CHECKING:
    from gitrepo import GitRepo


def test_a_commit_that_lands_meanwhile_waits_for_the_next_run(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    head = repo.commit("Before")
    seen: list[tuple[int, int]] = []

    def meanwhile(_: str, done: int, total: int) -> None:
        repo.commit(f"Meanwhile {done}")
        repo.tag(f"v2.{done}")
        repo.git("tag", "-d", "v1.0.0") if done == 1 else None
        seen.append((done, total))

    told = generate(repo.path, config=Config(), progress=meanwhile)
    assert seen == [(1, 2), (2, 2)]
    assert [(head, None), (repo.git("rev-parse", "HEAD~3"), "v1.0.0")] == [
        (release.head.commit_id, release.head.version) for release in told.releases
    ]
    assert [commit.message for commit in told.releases[0].commits] == ["Before"]


def test_a_branch_switched_and_rewritten_meanwhile_is_told_as_it_was(repo: GitRepo) -> None:
    repo.release("v1.0.0", "Begin", {"params.yaml": "a: 1\n"})
    repo.commit("Change", {"params.yaml": "a: 2\n"})

    def meanwhile(_: str, __: int, ___: int) -> None:
        repo.git("reset", "-q", "--hard", "v1.0.0")

    told = generate(repo.path, config=Config(), progress=meanwhile)
    assert [commit.message for commit in told.releases[0].commits] == ["Change"]
    assert told.releases[0].head.name == "HEAD"


def test_a_deployment_stands_in_a_release_of_its_artifact(repo: GitRepo) -> None:
    repo.release("one@v1.0.0")
    repo.clock += 1
    repo.tag("one#prod#1", message="Deploy")
    repo.tag("other#prod#1", message="Deploy what has no release")
    repo.release("two@v1.0.0")
    told = generate(repo.path, config=Config()).releases
    assert [(r.head.version, [d.tag for d in r.deployments]) for r in told] == [
        ("two@v1.0.0", ["other#prod#1"]),
        ("one@v1.0.0", ["one#prod#1"]),
    ]


def test_what_was_missing_before_is_no_remark_of_the_release_that_mends_it(repo: GitRepo) -> None:
    repo.release(
        "v1.0.0", files={"dvc.yaml": "metrics: [m.json]\nparams: [broken.yaml]\n", "broken.yaml": "a: ["}
    )
    repo.release("v1.1.0", files={"dvc.yaml": "metrics: [n.json]\n", "n.json": "{}"})
    new, old = generate(repo.path, config=Config()).releases
    assert [problem.path for problem in old.problems] == ["broken.yaml", "m.json"]
    assert [problem.path for problem in new.problems] == ["broken.yaml"]


def test_a_merge_is_listed_where_it_recorded_what_none_of_its_parents_has(repo: GitRepo) -> None:
    def data(digest: str, model: str) -> dict[str, str]:
        outs = {"raw.csv": digest, "model.pkl": model}
        return {f"{path}.dvc": f"outs: [{{md5: {32 * md5}, path: {path}}}]\n" for path, md5 in outs.items()}

    repo.release("v1.0.0", files={".dvc/config": "", **data("0", "0")})
    for message, made in (("Bring together", data("1", "2")), ("Retrain on both", data("1", "3"))):
        repo.git("checkout", "-q", "-b", message.split()[0], "v1.0.0")
        repo.commit("Theirs", data("1", "0"))
        repo.git("checkout", "-q", "--detach", "v1.0.0")
        repo.commit("Ours", data("0", "2"))
        repo.git("merge", "--quiet", "--no-ff", "--no-commit", message.split()[0])
        repo.commit(message, made)
        (release,) = generate(repo.path, "v1.0.0..HEAD", config=Config()).releases
        merges = [(c.message, [t.value for t in c.touches]) for c in release.commits if c.is_merge]
        assert merges == ([("Retrain on both", ["model"])] if "Retrain" in message else [])
        assert release.merges == (0 if "Retrain" in message else 1)


@pytest.mark.parametrize("noted", [False, True])
@pytest.mark.parametrize(
    ("commit", "title", "expected"),
    [
        ("wip", "feat: add recall", [("add recall", "feat"), ("wip", "code")]),
        ("wip", "Add recall", [("wip", "code")]),
        ("wip", "Add recall\n\nBREAKING CHANGE: all anew", [("Merge pull request #1", ""), ("wip", "code")]),
        ("feat: add recall", "feat: add recall", [("add recall", "feat")]),
        ("add recall", "feat: add recall", [("add recall", "feat"), ("add recall", "code")]),
        ("fix: add recall", "feat: add recall", [("add recall", "feat"), ("add recall", "fix")]),
        ("feat: add recall", "feat!: add recall", [("add recall", "feat"), ("add recall", "feat")]),
        ("feat: add recall", "feat: add recall (#1)", [("add recall", "feat")]),
        (
            "feat: add recall of all classes",
            "feat: add recall of a…",
            [("add recall of all classes", "feat")],
        ),
    ],
)
def test_the_title_of_a_pull_request_is_told_where_no_commit_of_it_says_that(
    repo: GitRepo, commit: str, title: str, expected: list[tuple[str, str]], *, noted: bool
) -> None:
    repo.release("v1.0.0")
    repo.git("checkout", "-q", "-b", "theirs")
    repo.commit(commit, {"train.py": "1\n"})
    repo.git("checkout", "-q", "main")
    before = state_of(repo)
    reason = "\n\nReason: wanted" if noted else ""
    repo.git("merge", "-q", "--no-ff", "-m", f"Merge pull request #1\n\n{title}{reason}", "theirs")
    (release, *_) = generate(repo.path, config=Config()).releases
    found = [(c.message, c.group if c.conventional or not c.is_merge else "") for c in release.commits]
    assert found == expected
    assert [note.text for note in release.notes] == (["wanted"] if noted else [])
    assert all(not commit.trailers or noted for commit in release.commits if commit.breaking is None)
    assert release.merges == (0 if len(expected) == 2 else 1)
    assert before != state_of(repo)


def test_a_note_that_says_what_the_title_says_is_kept(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    repo.git("checkout", "-q", "-b", "theirs")
    repo.commit("wip", {"train.py": "1\n"})
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge #1\n\nfeat: add recall\n\nReason: add recall", "theirs")
    (release, *_) = generate(repo.path, config=Config()).releases
    assert [note.text for note in release.notes] == ["add recall"]


def state_of(repo: GitRepo) -> str:
    """The state of what is not released."""
    return generate(repo.path, config=Config()).releases[0].state


def test_a_merge_tells_of_a_model_in_git_that_it_changed_itself(repo: GitRepo) -> None:
    repo.release("v1.0.0", files={"model.pkl": "0", "train.py": "0"})
    repo.git("checkout", "-q", "-b", "theirs")
    repo.commit("Theirs", {"a.py": "1\n"})
    repo.git("checkout", "-q", "main")
    repo.commit("Ours", {"b.py": "1\n"})
    repo.git("merge", "-q", "--no-ff", "--no-commit", "theirs")
    (repo.path / "model.pkl").unlink()
    repo.git("commit", "-qam", "Bring together")
    (release, *_) = generate(repo.path, config=Config()).releases
    assert sorted((commit.message, commit.group) for commit in release.commits) == [
        ("Bring together", "model"),
        ("Ours", "code"),
        ("Theirs", "code"),
    ]


def test_the_functions_of_the_package_are_the_workflows(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    repo.release("v1.1.0")
    assert dvc_changelog.generate(repo.path).order == ("v1.1.0", "v1.0.0")
    release = dvc_changelog.compare(repo.path, "v1.0.0", "v1.1.0")
    assert release.base
    assert (release.base.name, release.head.name) == ("v1.0.0", "v1.1.0")


def test_releases_that_only_a_v_tells_apart_are_called_by_their_whole_tags(repo: GitRepo) -> None:
    repo.git("remote", "add", "origin", "https://github.com/acme/router")
    repo.release("v1.1.0")
    repo.release("1.2.0")
    repo.release("v1.2.0")
    told = dvc_changelog.to_markdown(generate(repo.path, config=Config()))
    assert [line.split("]")[0] for line in told.splitlines() if line.startswith("## ")] == [
        "## [v1.2.0",
        "## [1.2.0",
        "## [1.1.0",
    ]
    assert "\n[v1.2.0]: https://github.com/acme/router/compare/1.2.0...v1.2.0\n" in told
    assert "\n[1.2.0]: https://github.com/acme/router/compare/v1.1.0...1.2.0\n" in told
    compared = dvc_changelog.to_markdown(compare(repo.path, "1.2.0", "v1.2.0", config=Config()))
    assert compared.startswith("## [1.2.0 → v1.2.0]\n")


def test_a_range_s_ends_are_called_as_the_user_calls_them(repo: GitRepo) -> None:
    first = repo.commit()
    repo.commit()
    repo.git("branch", "topic")
    (release,) = generate(repo.path, f"{first[:10]}..topic", config=Config()).releases
    assert release.base
    assert (first[:10], "topic") == (release.base.name, release.head.name)


def test_a_range_of_branches_that_parted_is_compared_with_where_they_did(repo: GitRepo) -> None:
    start = repo.commit("Begin", {"params.yaml": "a: 1\n"})
    repo.git("checkout", "-q", "-b", "topic")
    topic = repo.commit("Topic", {"topic.txt": "1\n"})
    repo.git("checkout", "-q", "main")
    repo.commit("Main", {"params.yaml": "a: 2\n", "dvc.yaml": "params: [params.yaml]\n"})
    (release,) = generate(repo.path, "main..topic", config=Config()).releases
    assert release.base
    assert (start, topic) == (release.base.commit_id, release.head.commit_id)
    assert [commit.message for commit in release.commits] == ["Topic"]
    assert release.changes == (), "what main changed since is no news of the topic"


def test_a_version_is_found_by_tag_alias_or_number(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    repo.tag("stable")
    repo.commit()
    for name in ("v1.0.0", "1.0.0", "stable", "vstable"):
        (release,) = generate(repo.path, version=name, config=Config()).releases
        assert release.head.version == "v1.0.0"
    (release,) = generate(repo.path, version="Unreleased", config=Config()).releases
    assert release.head.version is None
    with pytest.raises(UnknownRevisionError, match=r"v1\.0\.0"):
        generate(repo.path, version="v1.0.1", config=Config())


def test_the_unreleased_part_of_a_released_commit_is_empty(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    assert generate(repo.path, part=Part.UNRELEASED, config=Config()).releases == ()
    with pytest.raises(UsageError, match="Nothing is unreleased"):
        generate(repo.path, tag="v1.1.0", config=Config())


def test_commits_are_counted_where_they_are_not_listed(repo: GitRepo) -> None:
    repo.commit("Begin")
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("Side", {"side.txt": "1"})
    repo.git("checkout", "-q", "main")
    repo.commit("Bump version", {"version.txt": "1"})
    repo.commit("Write the changelog", {"CHANGELOG.md": "x"})
    repo.merge("side")
    (release,) = generate(repo.path, config=Config(skip_commits=("^Bump",))).releases
    expected = {"commits": 2, "merges": 1, "changelog_only": 1, "skipped": 1, "other_paths": 0}
    expected["in_prereleases"] = 0
    assert expected == dict(release.statistics)
    (release,) = generate(repo.path, config=Config(merges=True, output="./docs/../CHANGELOG.md")).releases
    assert sorted(
        (c.message for c in release.commits), key=["Merge", "Bump version", "Side", "Begin"].index
    ) == ["Merge", "Bump version", "Side", "Begin"]


def test_no_workflow_writes_to_the_repository(repo: GitRepo) -> None:
    repo.release("v1.0.0", "Begin", {"params.yaml": "a: 1\n", "dvc.yaml": "params: [params.yaml]\n"})
    before = _files(repo.path)
    generate(repo.path, config=Config())
    compare(repo.path, "v1.0.0", config=Config())
    assert before == _files(repo.path)


def test_a_place_that_is_no_repository_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotARepositoryError):
        generate(tmp_path)
    with pytest.raises(NotARepositoryError):
        compare(tmp_path / "nowhere", "HEAD")


@pytest.mark.parametrize(
    ("include", "exclude", "wanted", "unwanted"),
    [
        ((), (), ["a.py", "docs/a.md"], []),
        (("models/",), (), ["models/a.pkl", "deep/models/b.pkl"], ["a.py", "models.py"]),
        (
            ("*.py", "docs/**"),
            ("docs/old/**",),
            ["a.py", "src/a.py", "docs/a.md"],
            ["a.txt", "docs/old/a.md"],
        ),
        ((), ("/data",), ["src/data/a"], ["data/a", "data"]),
    ],
)
def test_paths_are_filtered_as_by_gitignore(
    include: tuple[str, ...], exclude: tuple[str, ...], wanted: list[str], unwanted: list[str]
) -> None:
    paths = Paths(include, exclude)
    assert wanted == [path for path in [*wanted, *unwanted] if paths(path)]


def _files(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("v1.1.9", "Releases with similar names: v1.1.0, v1.0.0."),
        ("v1.1", "Releases with similar names: v1.1.0, v1.0.0."),
        ("baselin", "Releases with similar names: baseline."),
        ("nothing-of-the-kind", "None has a similar name; the newest releases are baseline, v1.1.0, v1.0.0."),
    ],
)
def test_an_unknown_release_is_an_error_that_names_those_that_may_be_meant(
    repo: GitRepo, version: str, expected: str
) -> None:
    for tag in ("2023.1", "v1.0.0", "v1.1.0", "baseline"):
        repo.release(tag)
    repo.commit()
    with pytest.raises(UnknownRevisionError) as raised:
        generate(repo.path, version=version, config=Config())
    assert raised.value.remedy == expected


def test_before_the_first_release_none_has_a_similar_name(repo: GitRepo) -> None:
    repo.commit()
    with pytest.raises(UnknownRevisionError) as raised:
        generate(repo.path, version="v1.0.0", config=Config())
    assert raised.value.remedy == "There is no release yet: no tag."
