"""Artifacts: which one is meant, which release tells of an event, and a changelog for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dvc_changelog.config import Config
from dvc_changelog.domain import OutputChange
from dvc_changelog.errors import UsageError
from dvc_changelog.workflows import Part, compare, generate, generate_each, path_of

if TYPE_CHECKING:
    from gitrepo import GitRepo

    from dvc_changelog.domain import Changelog


def register(repo: GitRepo, *tags: str) -> None:
    """Commit, and register all these there."""
    repo.commit()
    for tag in tags:
        repo.tag(tag, message="Register")


def happens(repo: GitRepo, tag: str, at: str = "HEAD") -> None:
    """An event, ten minutes later than what was last."""
    repo.clock += 600
    repo.tag(tag, at, message="Event")


def events(told: Changelog) -> dict[str | None, list[str]]:
    """The tags of the events by the release that tells of them."""
    return {
        release.head.version: [*(e.tag for e in release.deployments), *(e.tag for e in release.lifecycle)]
        for release in told.releases
    }


def told(repo: GitRepo, **options: object) -> Changelog:
    return generate(repo.path, config=Config().replace(**options))


def test_what_befell_an_artifact_stands_in_the_release_where_it_happened(repo: GitRepo) -> None:
    register(repo, "churn@v1.0.0")
    register(repo, "churn@v1.1.0")
    happens(repo, "churn@v1.1.0!")
    register(repo, "churn@v1.2.0")
    happens(repo, "churn@deprecated")
    assert events(told(repo)) == {
        "churn@v1.2.0": ["churn@v1.1.0", "churn@v1.1.0!", "churn@deprecated"],
        "churn@v1.0.0": [],
    }


def test_an_event_of_the_second_of_a_release_is_of_that_release(repo: GitRepo) -> None:
    """As a script leaves it that registers and deploys at once."""
    register(repo, "churn@v1.0.0")
    repo.tag("churn#prod#1", message="Event")
    register(repo, "churn@v1.1.0")
    assert events(told(repo)) == {"churn@v1.1.0": [], "churn@v1.0.0": ["churn#prod#1"]}


def test_a_registration_counts_from_its_own_day_under_another_tag_too(repo: GitRepo) -> None:
    """As in example-get-started: its releases were registered with GTO long after they were tagged."""
    for number in (1, 2, 3):
        repo.release(f"v{number}")
    for number in (1, 2, 3):
        happens(repo, f"churn@v{number}.0.0", f"v{number}")
        repo.tag(f"churn#stage-{number}#{number}", f"v{number}", message="At once")
        happens(repo, f"churn#late#{number + 3}", f"v{number}")
    assert events(told(repo)) == {
        "v3": ["churn#late#5", "churn#stage-3#3", "churn#late#6"],
        "v2": ["churn#late#4", "churn#stage-2#2"],
        "v1": ["churn#stage-1#1"],
    }


def test_a_release_of_two_versions_of_an_artifact_counts_from_the_later(repo: GitRepo) -> None:
    register(repo, "churn@v1.0.0")
    happens(repo, "churn#prod#1")
    happens(repo, "churn@v1.0.1")
    happens(repo, "churn#prod#2")
    repo.commit()
    assert events(told(repo)) == {None: ["churn#prod#2"], "churn@v1.0.1": ["churn#prod#1"]}


def test_a_fix_of_an_old_version_tells_of_its_own_time(repo: GitRepo) -> None:
    """As in the hackathon project, where v1.0.1-m1 was registered a year after v1.0.3."""
    register(repo, "churn@v1.0.0")
    register(repo, "churn@v2.0.0")
    happens(repo, "churn#prod#1")
    register(repo, "churn@v3.0.0")
    repo.git("checkout", "-q", "-b", "fix", "churn@v1.0.0")
    register(repo, "churn@v1.0.1")
    happens(repo, "churn#dev#2")
    found = events(told(repo, all_tags=True))
    assert list(found) == ["churn@v3.0.0", "churn@v2.0.0", "churn@v1.0.1", "churn@v1.0.0"]
    assert {version: here for version, here in found.items() if here} == {
        "churn@v3.0.0": ["churn#prod#1"],
        "churn@v1.0.1": ["churn#dev#2"],
    }


def test_an_event_stands_once_where_experiments_follow_a_release(repo: GitRepo) -> None:
    repo.commit("Declare", {".dvc/config": "", "params.yaml": "a: 1\n"})
    repo.tag("churn@v1.0.0", message="Register")
    repo.experiment("tried", {"params.yaml": "a: 2\n"})
    happens(repo, "churn#prod#1")
    found = told(repo, experiments=True)
    assert events(found) == {None: [], "churn@v1.0.0": ["churn#prod#1"]}
    assert events(told(repo)) == {"churn@v1.0.0": ["churn#prod#1"]}


def test_one_artifact_has_its_own_events_alone(repo: GitRepo) -> None:
    register(repo, "churn@v1.0.0", "other@v1.0.0")
    for tag in ("churn#prod#1", "other#prod#1", "other@deprecated", "churn@deprecated"):
        happens(repo, tag)
    assert events(told(repo, artifact="churn")) == {"churn@v1.0.0": ["churn#prod#1", "churn@deprecated"]}


def test_events_wait_for_an_unreleased_part_that_has_something_to_tell(repo: GitRepo) -> None:
    """Else committing the changelog would change the changelog, or lose the event."""
    register(repo, "churn@v1.0.0")
    happens(repo, "churn#prod#1")
    assert events(told(repo)) == {"churn@v1.0.0": ["churn#prod#1"]}
    repo.commit("Write the changelog", {"CHANGELOG.md": "text"})
    assert events(told(repo)) == {"churn@v1.0.0": ["churn#prod#1"]}
    repo.commit("Work")
    assert events(told(repo)) == {None: ["churn#prod#1"], "churn@v1.0.0": []}


def test_a_release_of_a_range_tells_of_the_same_events(repo: GitRepo) -> None:
    """Also of those on commits before the range: v1.0.0 was deployed when v1.1.0 was on its way."""
    register(repo, "churn@v1.0.0")
    happens(repo, "churn#dev#1")
    register(repo, "churn@v1.1.0")
    happens(repo, "churn#prod#2", "churn@v1.0.0")
    happens(repo, "churn@deprecated", "churn@v1.0.0")
    repo.commit()
    whole = events(told(repo))
    assert whole == {
        None: ["churn#prod#2", "churn@deprecated"],
        "churn@v1.1.0": ["churn#dev#1"],
        "churn@v1.0.0": [],
    }
    cut = events(generate(repo.path, "churn@v1.0.0..HEAD", config=Config()))
    assert cut == {version: whole[version] for version in (None, "churn@v1.1.0")}
    assert events(generate(repo.path, "churn@v1.1.0..HEAD", config=Config())) == {None: whole[None]}


def test_a_review_tells_of_the_events_on_its_commits(repo: GitRepo) -> None:
    register(repo, "churn@v1.0.0")
    happens(repo, "churn#old#1")
    register(repo, "churn@v1.1.0")
    happens(repo, "churn#prod#2")
    happens(repo, "churn@v1.1.0!")
    told = compare(repo.path, "churn@v1.0.0", config=Config())
    assert [(e.tag, e.version) for e in told.deployments] == [("churn#prod#2", "churn@v1.1.0")]
    assert [e.tag for e in told.lifecycle] == ["churn@v1.1.0", "churn@v1.1.0!"]
    told = compare(repo.path, "HEAD", "churn@v1.0.0", config=Config())
    assert (told.deployments, told.lifecycle) == ((), ())


def test_events_of_other_branches_are_left_out_and_counted(repo: GitRepo) -> None:
    register(repo, "churn@v1.0.0")
    repo.git("checkout", "-q", "-b", "side")
    repo.commit()
    happens(repo, "churn#dev#1")
    repo.git("checkout", "-q", "main")
    repo.commit()
    found = told(repo)
    assert events(found) == {None: [], "churn@v1.0.0": []}
    assert [message for message in found.messages if "1 event of GTO (churn#dev#1)" in message]
    happens(repo, "churn#dev#2", "side")
    happens(repo, "churn@deprecated", "side")
    happens(repo, "churn#dev!#3", "side")
    assert [message for message in told(repo).messages if message.startswith("4 events of GTO (")]
    found = told(repo, all_tags=True)
    assert events(found)[None] == ["churn#dev#1", "churn#dev#2", "churn#dev!#3", "churn@deprecated"]
    assert not [message for message in found.messages if "events" in message]


@pytest.mark.parametrize(
    ("declared", "files", "expected"),
    [
        ("b.h5", {"b.h5": "2"}, ["added b.h5"]),
        ("b.h5", {"b.h5": "2", "a.h5": None}, ["added b.h5", "deleted a.h5"]),
        ("b.h5", {"b.h5": "1", "a.h5": None}, ["renamed b.h5"]),
        ("b.h5", {"b.h5": "1"}, ["added b.h5"]),
        ("old.h5", {}, []),
        ("old.h5", {"old.h5": "3"}, ["modified old.h5"]),
        ("old.h5", {"old.h5": "1"}, ["modified old.h5"]),
        ("dir", {}, []),
        ("dir", {"dir/m": "3"}, ["modified dir"]),
        ("", {"a.h5": "3"}, []),
        ("", {"a.h5": None}, ["deleted a.h5"]),
    ],
)
def test_a_file_that_git_has_on_both_sides_neither_came_nor_went(
    repo: GitRepo, declared: str, files: dict[str, str | None], expected: list[str]
) -> None:
    """As in a registry whose artifact points to another file now, the one before being there still."""
    repo.commit("Begin", {"artifacts.yaml": "m: {path: a.h5}", "a.h5": "1", "old.h5": "0", "dir/m": "0"})
    base = repo.git("rev-parse", "HEAD")
    for gone in [path for path, text in files.items() if text is None]:
        repo.git("rm", "-q", gone)
    repo.write({path: text for path, text in files.items() if text is not None})
    repo.commit("Point elsewhere", {"artifacts.yaml": f"m: {{path: {declared}}}" if declared else "{}"})
    changes = compare(repo.path, base, "HEAD", config=Config()).changes
    assert sorted(f"{c.change} {c.path}" for c in changes if isinstance(c, OutputChange)) == expected


def test_an_artifact_is_named_in_full_or_without_its_directory(repo: GitRepo) -> None:
    register(repo, "models=churn@v1.0.0", "other@v1.0.0")
    for name in ("churn", "models:churn"):
        assert told(repo, artifact=name).artifact == "models:churn"
    register(repo, "churn@v2.0.0")
    assert told(repo, artifact="churn").artifact == "churn"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("churn", "a:churn, b:churn"),
        ("a:chrn", "Did you mean a:churn"),
        ("segmnt", "Did you mean segment?"),
        ("c:churn", "Did you mean"),
        ("xyz", "There are releases of a:churn, b:churn, segment. A release of an artifact is a tag such as"),
        ("gone", "was cancelled since"),
        ("old", "There are releases of"),
    ],
)
def test_an_artifact_that_is_not_there_is_an_error_that_helps(repo: GitRepo, name: str, message: str) -> None:
    register(repo, "a=churn@v1.0.0", "b=churn@v1.0.0", "segment@v1.0.0", "gone@v1.0.0")
    happens(repo, "gone@v1.0.0!")
    happens(repo, "old@deprecated")
    with pytest.raises(UsageError, match=message.replace("?", "[?]")):
        told(repo, artifact=name)


def test_what_was_never_released_can_be_asked_for_what_it_is_now(repo: GitRepo) -> None:
    repo.commit("Declare", {"dvc.yaml": "artifacts: {churn: {path: m.pkl, type: model}}", ".dvc/config": ""})
    config = Config(artifact="churn")
    (release,) = generate(repo.path, config=config, part=Part.UNRELEASED).releases
    assert release.head.version is None
    (release,) = generate(repo.path, config=config, tag="churn@v1.0.0").releases
    assert release.head.version == "churn@v1.0.0"
    with pytest.raises(UsageError):
        generate(repo.path, config=config)


def test_each_artifact_is_told_as_it_would_be_alone(repo: GitRepo) -> None:
    repo.commit("Declare", {"dvc.yaml": "artifacts: {plain: {path: m.pkl}}", ".dvc/config": ""})
    register(repo, "a=churn@v1.0.0", "b=churn@v1.0.0", "plain-v1", "exp-1", "v1.0.0")
    repo.commit()
    happens(repo, "a=churn#prod#1")
    register(repo, "a=churn@v1.1.0")
    each = dict(generate_each(repo.path, config=Config()))
    assert list(each) == ["a:churn", "b:churn", "plain"]
    for name, changelog in each.items():
        assert changelog == told(repo, artifact=name)


def test_an_artifact_of_which_all_was_cancelled_is_named(repo: GitRepo) -> None:
    register(repo, "churn@v1.0.0", "gone@v1.0.0", "left@v1.0.0")
    happens(repo, "churn@v1.0.0!")
    register(repo, "churn@v1.1.0")
    happens(repo, "gone@v1.0.0!", "gone@v1.0.0")
    each = dict(generate_each(repo.path, config=Config()))
    assert list(each) == ["churn", "left"]
    said = "What was registered of gone was cancelled since: there is no changelog of it."
    assert [changelog.messages[-1] for changelog in each.values()] == [said, said]
    happens(repo, "left@v1.0.0!", "left@v1.0.0")
    (told,) = dict(generate_each(repo.path, config=Config())).values()
    assert told.messages[-1].startswith("What was registered of gone, left was cancelled since")


def test_each_artifact_needs_one_and_a_path_of_its_own(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    with pytest.raises(UsageError, match="No artifact has a release"):
        list(generate_each(repo.path, config=Config()))
    register(repo, "a/b@v1.0.0", "a=b@v1.0.0")
    with pytest.raises(UsageError, match="a/b and a:b would share the path a/b"):
        list(generate_each(repo.path, config=Config()))


def test_the_directory_of_an_artifact_becomes_one_of_the_path() -> None:
    assert path_of("{artifact}/CHANGELOG.md", "models/eu:churn") == "models/eu/churn/CHANGELOG.md"
