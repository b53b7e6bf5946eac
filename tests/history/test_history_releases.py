"""Releases from tags: families, order, aliases, prereleases, and which tags are taken."""

from __future__ import annotations

import pytest
from gitrepo import EPOCH, HOUR, GitRepo

from dvc_changelog.errors import RangeError
from dvc_changelog.history import History, Selection, Span, Tag, Told, parse_tag


def test_each_family_is_compared_with_the_one_before_in_its_own(repo: GitRepo) -> None:
    for name in (
        "base-graph-v1",
        "win-graph-v1",
        "model@v1.0.0",
        "base-graph-v2",
        "model@v1.1.0",
        "win-graph-v2",
    ):
        repo.release(name)
    expected = [
        ("win-graph-v2", "win-graph-v1"),
        ("model@v1.1.0", "model@v1.0.0"),
        ("base-graph-v2", "base-graph-v1"),
        ("model@v1.0.0", ""),
        ("win-graph-v1", ""),
        ("base-graph-v1", ""),
    ]
    assert expected == _pairs(told(repo))


def test_the_commits_of_a_family_go_back_to_its_own_last_release(repo: GitRepo) -> None:
    first = repo.release("model@v1.0.0")
    other = repo.release("v5.0.0")
    last = repo.release("model@v1.1.0")
    spans = {_name(span): [c.id for c in span.commits] for span in told(repo).spans}
    assert {"model@v1.1.0": [last, other], "v5.0.0": [other, first], "model@v1.0.0": [first]} == spans


def test_tags_without_versions_are_one_line_in_the_order_of_history(repo: GitRepo) -> None:
    for name in ("baseline", "bigger-net", "final", "final-really"):
        repo.release(name)
    expected = [
        ("final-really", "final"),
        ("final", "bigger-net"),
        ("bigger-net", "baseline"),
        ("baseline", ""),
    ]
    assert expected == _pairs(told(repo))


def test_v0_10_comes_after_v0_9_where_both_are_on_side_branches(repo: GitRepo) -> None:
    repo.commit()
    for name in ("v0.10", "v0.9"):
        repo.git("checkout", "-q", "-b", f"branch-{name}", "main")
        repo.release(name)
    repo.git("checkout", "-q", "main")
    repo.merge("branch-v0.9")
    repo.merge("branch-v0.10")
    repo.tag("v0.11")
    assert _names(told(repo)) == ["v0.11", "v0.10", "v0.9"]


def test_ancestry_goes_before_dates_that_run_backwards(repo: GitRepo) -> None:
    for at, name in enumerate(("v0.0.1", "v0.0.2", "v0.0.9")):
        repo.commit(date=EPOCH - at * HOUR)
        repo.tag(name, message="Release", date=EPOCH - at * HOUR)
    assert _pairs(told(repo)) == [("v0.0.9", "v0.0.2"), ("v0.0.2", "v0.0.1"), ("v0.0.1", "")]


def test_ancestry_goes_before_versions_that_run_backwards(repo: GitRepo) -> None:
    for name in ("v0.0.9", "v0.0.2", "v0.1.0"):
        repo.release(name)
    assert _pairs(told(repo)) == [("v0.1.0", "v0.0.2"), ("v0.0.2", "v0.0.9"), ("v0.0.9", "")]


def test_several_tags_on_one_commit_are_one_release_named_by_the_highest_final_version(repo: GitRepo) -> None:
    repo.commit()
    for name in ("v1.0.0rc1", "latest", "v0.9", "v1.0.0", "model@v3.0.0", "v2.0.0-rc.1"):
        repo.tag(name)
    (span,) = told(repo).spans
    assert _name(span) == "v1.0.0"
    assert sorted(t.name.text for t in span.aliases) == [
        "latest",
        "model@v3.0.0",
        "v0.9",
        "v1.0.0rc1",
        "v2.0.0-rc.1",
    ]


def test_a_final_version_names_a_commit_rather_than_a_prerelease_of_the_repository(repo: GitRepo) -> None:
    repo.commit()
    repo.tag("v1.0.0-rc.1")
    repo.tag("model@v1.0.0")
    assert _names(told(repo)) == ["model@v1.0.0"]


def test_an_alias_counts_in_its_own_family(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    repo.tag("model@v1.0.0")
    repo.release("model@v1.1.0")
    assert _pairs(told(repo)) == [("model@v1.1.0", "model@v1.0.0"), ("v1.0.0", "")]


def test_a_stable_version_is_compared_with_the_stable_one_before(repo: GitRepo) -> None:
    for name in ("v1.0.0", "v1.1.0-rc.1", "v1.1.0-rc.2", "v1.1.0", "v1.2.0-rc.1"):
        repo.release(name)
    expected = [
        ("v1.2.0-rc.1", "v1.1.0"),
        ("v1.1.0", "v1.0.0"),
        ("v1.1.0-rc.2", "v1.1.0-rc.1"),
        ("v1.1.0-rc.1", "v1.0.0"),
        ("v1.0.0", ""),
    ]
    assert expected == _pairs(told(repo))


def test_prereleases_fold_into_the_release_they_led_to_when_asked(repo: GitRepo) -> None:
    commits = [
        repo.release(name) for name in ("v1.0.0", "v1.1.0-rc.1", "v1.1.0-rc.2", "v1.1.0", "v1.2.0-rc.1")
    ]
    found = told(repo, merge_prereleases=True)
    assert _pairs(found) == [("v1.2.0-rc.1", "v1.1.0"), ("v1.1.0", "v1.0.0"), ("v1.0.0", "")]
    assert commits[3:0:-1] == [commit.id for commit in found.spans[1].commits]


def test_a_prerelease_tagged_after_its_release_but_before_it_in_history_folds_too(repo: GitRepo) -> None:
    early = repo.commit()
    repo.release("v1.0.0")
    repo.tag("v1.0.0-rc.1", early, message="Late", date=repo.clock + 5 * HOUR)
    assert _names(told(repo)) == ["v1.0.0", "v1.0.0-rc.1"]
    assert _names(told(repo, merge_prereleases=True)) == ["v1.0.0"]


def test_an_ignored_tag_gives_its_commits_to_the_next_release(repo: GitRepo) -> None:
    first, second, third = (repo.release(name) for name in ("v1.0.0", "nightly-1", "v1.1.0"))
    found = told(repo, ignore_tags=("^nightly",))
    assert _pairs(found) == [("v1.1.0", "v1.0.0"), ("v1.0.0", "")]
    assert [[third, second], [first]] == [[c.id for c in span.commits] for span in found.spans]


def test_a_skipped_tag_takes_its_commits_along(repo: GitRepo) -> None:
    first, second, third = (repo.release(name) for name in ("v1.0.0", "v1.0.1", "v1.1.0"))
    found = [span for span in told(repo, skip_tags=(r"^v1\.0\.1$",)).spans if not span.skipped]
    assert [[third], [first]] == [[c.id for c in span.commits] for span in found]
    assert [second, ""] == [span.base for span in found]


def test_a_pattern_narrows_to_one_line_of_releases(repo: GitRepo) -> None:
    for name in ("v1.0.0", "exp-7", "v1.1.0"):
        repo.release(name)
    repo.commit()
    assert _names(told(repo, tag_pattern=r"^v\d")) == ["", "v1.1.0", "v1.0.0"]


def test_the_releases_of_one_artifact_are_found_by_its_full_name(repo: GitRepo) -> None:
    for name in ("models=churn@v1.0.0", "v1.0.0", "models=churn@v1.1.0", "churn-v2.0.0", "other@v1.0.0"):
        repo.release(name)
    expected = ["models=churn@v1.1.0", "models=churn@v1.0.0"]
    assert expected == [name for name in _names(told(repo, artifact="models:churn")) if name]
    assert [name for name in _names(told(repo, artifact="churn")) if name] == ["churn-v2.0.0"]


def test_tags_that_are_not_merged_are_left_out_and_counted(repo: GitRepo) -> None:
    _with_side_branch(repo)
    found = told(repo)
    assert _names(found) == ["v1.1.0", "v1.0.0"]
    assert "1 tag is not merged" in found.messages[0]
    assert "--all-tags" in found.messages[0]


def test_tags_of_other_branches_are_taken_when_asked(repo: GitRepo) -> None:
    _with_side_branch(repo)
    found = told(repo, every=True)
    assert {("v1.1.0", "v1.0.1"), ("v1.0.1", "v1.0.0"), ("v1.0.0", "")} == set(_pairs(found))
    assert not found.messages


def test_all_tags_are_taken_and_that_is_said_when_none_is_merged(repo: GitRepo) -> None:
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    repo.release("v1.0.0")
    repo.release("v1.1.0")
    repo.git("checkout", "-q", "main")
    repo.commit()
    found = told(repo)
    assert {"", "v1.1.0", "v1.0.0"} == set(_names(found))
    assert "None of the 2 tags is merged" in found.messages[0]


def test_a_planned_tag_does_not_hide_that_no_tag_is_merged(repo: GitRepo) -> None:
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    repo.release("v1.0.0")
    repo.git("checkout", "-q", "main")
    repo.commit()
    history = History(repo.path)
    planned = Tag(parse_tag("v2.0.0"), history.head(), repo.clock)
    found = history.releases(history.head(), Selection(), every=False, planned=planned)
    assert {"v2.0.0", "v1.0.0"} == set(_names(found))
    assert "The only tag is not merged" in found.messages[0]


def test_only_tags_that_the_pattern_takes_are_spoken_of(repo: GitRepo) -> None:
    repo.release("exp-1")
    repo.git("checkout", "-q", "-b", "side")
    repo.release("v1.0.0")
    repo.release("exp-2")
    repo.git("checkout", "-q", "main")
    repo.commit()
    found = told(repo, tag_pattern="^v")
    assert {"", "v1.0.0"} == set(_names(found)), "no v tag is merged, so they are taken all"
    assert "The only tag is not merged" in found.messages[0]
    assert "1 tag is not merged" in told(repo, tag_pattern="^exp").messages[0]


def test_what_is_unreleased_begins_where_the_last_release_left_if_none_is_merged(repo: GitRepo) -> None:
    repo.commit()
    fork = repo.commit()
    for name in ("v1.0.0", "v2.0.0"):
        repo.git("checkout", "-q", "--detach", "main")
        repo.release(name)
    repo.git("checkout", "-q", "main")
    repo.commit()
    unreleased, *_ = told(repo, every=True).spans
    assert (unreleased.tag, unreleased.base_tag, unreleased.base) == (None, None, fork)
    assert len(unreleased.commits) == 1


def test_a_planned_tag_names_the_unreleased_part_whatever_the_pattern(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    head = repo.commit()
    history = History(repo.path)
    planned = Tag(parse_tag("next"), head, repo.clock)
    found = history.releases(head, Selection(tag_pattern="^v"), every=False, planned=planned)
    assert _names(found) == ["next", "v1.0.0"]


def test_tags_of_tags_are_followed_to_their_commit(repo: GitRepo) -> None:
    repo.commit()
    repo.tag("inner", message="Inner")
    repo.tag("middle", "inner", message="Middle")
    repo.tag("v1.0.0", "middle", message="Outer")
    repo.git("tag", "-d", "inner", "middle")
    (span,) = told(repo).spans
    assert (span.tag and span.tag.message) == "Outer"
    assert repo.git("rev-parse", "v1.0.0^{commit}") == span.commit_id


@pytest.mark.parametrize("every", [False, True])
def test_tags_of_blobs_and_trees_are_no_releases(repo: GitRepo, every: bool) -> None:
    repo.release("v1.0.0")
    repo.tag("a-blob", "HEAD:work.txt")
    repo.tag("a-tree", "HEAD^{tree}", message="A tree")
    repo.tag("a-tag-of-a-tree", "a-tree", message="A tag of a tag of a tree")
    repo.tag("a-tag-of-a-tag-of-a-tree", "a-tag-of-a-tree", message="And again")
    assert _names(told(repo, every=every)) == ["v1.0.0"]


def test_an_old_tag_without_a_tagger_has_the_date_of_its_commit(repo: GitRepo) -> None:
    commit = repo.commit()
    body = f"object {commit}\ntype commit\ntag v1.0.0\n\nAs in 2005\n"
    oid = repo.git("hash-object", "-t", "tag", "-w", "--stdin", "--literally", stdin=body.encode())
    repo.git("update-ref", "refs/tags/v1.0.0", oid)
    (tag,) = History(repo.path).all_tags
    assert (repo.clock, "As in 2005") == (tag.timestamp, tag.message)


def test_deployments_of_gto_are_events_and_no_releases(repo: GitRepo) -> None:
    repo.release("model@v1.0.0")
    repo.tag("model#prod#1", message="Run it")
    repo.tag("model#dev#2", message="Try it", date=repo.clock - 1)
    repo.tag("model#prod!#3", message="Stop it")
    history = History(repo.path)
    assert [tag.name.text for tag in history.release_tags()] == ["model@v1.0.0"]
    expected = [("dev", False), ("prod", False), ("prod", True)]
    assert expected == [(event.target, event.cancelled) for event in history.deployments()]


def test_a_registration_that_gto_cancelled_is_no_release(repo: GitRepo) -> None:
    repo.release("model@v1.0.0")
    repo.release("model@v1.1.0")
    repo.tag("model@v1.0.0!#2", "model@v1.0.0", message="No")
    repo.release("v1.0.0")
    assert _names(told(repo)) == ["v1.0.0", "model@v1.1.0"]


def test_a_registration_that_was_cancelled_and_made_again_is_a_release(repo: GitRepo) -> None:
    repo.release("model@v1.0.0")
    repo.tag("model@v1.0.0!#2", message="No", date=repo.clock + 1)
    repo.tag("model@v1.0.0#3", message="Yes", date=repo.clock + 2)
    assert [tag.name.text for tag in History(repo.path).release_tags()] == ["model@v1.0.0#3"]


def test_what_became_of_registrations_is_told_in_its_order(repo: GitRepo) -> None:
    repo.commit()
    tags = ("model@v1.0.0", "model@v1.0.0!#2", "model@v1.0.0#3", "model@deprecated#4", "model@v2.0.0")
    for at, tag in enumerate(tags):
        repo.tag(tag, message="Event", date=repo.clock + at)
    assert [(event.event, event.version, event.tag) for event in History(repo.path).lifecycle()] == [
        ("registered", "v1.0.0", "model@v1.0.0"),
        ("cancelled", "v1.0.0", "model@v1.0.0!#2"),
        ("deprecated", "", "model@deprecated#4"),
    ]


def test_a_deployment_names_its_version_though_that_was_cancelled_since(repo: GitRepo) -> None:
    repo.commit()
    repo.tag("model@v1.0.0", message="Register")
    repo.tag("model#prod#1", message="Deploy")
    repo.tag("model@v1.0.0!", message="Cancel")
    assert [event.version for event in History(repo.path).deployments()] == ["model@v1.0.0"]


def test_events_without_annotation_are_left_out_and_counted(repo: GitRepo) -> None:
    repo.release("model@v1.0.0")
    repo.tag("model#prod#1")
    assert told(repo).messages == (
        "The tag model#prod#1 is not annotated: GTO does not read it, and it is left out.",
    )
    repo.tag("model@v1.0.0!")
    assert told(repo).messages == (
        "2 tags such as model#prod#1 are not annotated: GTO does not read them, and they are left out.",
    )
    assert _names(told(repo)) == ["model@v1.0.0"]


def test_a_range_tells_the_releases_after_its_beginning(repo: GitRepo) -> None:
    commits = [repo.release(name) for name in ("v1.0.0", "v1.1.0", "v1.2.0")] + [repo.commit()]
    history = History(repo.path)
    lower, upper = history.range("v1.0.0..v1.2.0")
    found = history.releases(upper, Selection(), every=False, lower=lower)
    assert _pairs(found) == [("v1.2.0", "v1.1.0"), ("v1.1.0", "v1.0.0")]
    lower, upper = history.range(f"{commits[1]}..")
    assert _names(history.releases(upper, Selection(), every=False, lower=lower)) == ["", "v1.2.0"]


def test_a_range_that_begins_between_releases_cuts_the_release_it_falls_into(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    middle = repo.commit()
    last = repo.release("v1.1.0")
    history = History(repo.path)
    (span,) = history.releases(last, Selection(), every=False, lower=middle).spans
    assert (middle, [last]) == (span.base, [commit.id for commit in span.commits])


def test_a_range_holds_no_release_of_another_branch(repo: GitRepo) -> None:
    start = repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    repo.release("v1.0.0")
    repo.git("checkout", "-q", "main")
    end = repo.commit()
    history = History(repo.path)
    for every in (False, True):
        found = history.releases(end, Selection(), every=every, lower=start)
        assert [("", [end])] == [(_name(span), [c.id for c in span.commits]) for span in found.spans]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("v1.0.0..v1.0.0", "empty"),
        ("v1.1.0..v1.0.0", "backwards"),
        ("v1.0.0...v1.1.0", "symmetric"),
        ("v1.0.0", "no range"),
        ("HEAD..", "empty"),
    ],
)
def test_a_range_that_holds_nothing_is_refused_with_its_remedy(repo: GitRepo, text: str, says: str) -> None:
    repo.release("v1.0.0")
    repo.release("v1.1.0")
    with pytest.raises(RangeError, match=says) as caught:
        History(repo.path).range(text)
    assert caught.value.remedy


def told(repo: GitRepo, *, every: bool = False, **selection: object) -> Told:
    """The releases of HEAD."""
    history = History(repo.path)
    return history.releases(history.head(), Selection(**selection), every=every)  # type: ignore[arg-type]


def _with_side_branch(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    repo.git("checkout", "-q", "-b", "side")
    repo.release("v1.0.1")
    repo.git("checkout", "-q", "main")
    repo.release("v1.1.0")


def _name(span: Span) -> str:
    return span.tag.name.text if span.tag else ""


def _names(found: Told) -> list[str]:
    return [_name(span) for span in found.spans]


def _pairs(found: Told) -> list[tuple[str, str]]:
    return [(_name(span), span.base_tag.name.text if span.base_tag else "") for span in found.spans]


def test_a_fix_of_an_old_version_made_later_is_nothing_that_a_release_came_from(repo: GitRepo) -> None:
    repo.release("v1.0.0")
    repo.release("v1.1.0")
    repo.git("checkout", "-q", "-b", "maintenance", "v1.0.0")
    repo.release("v1.0.1")
    repo.git("checkout", "-q", "main")
    assert {("v1.1.0", "v1.0.0"), ("v1.0.1", "v1.0.0"), ("v1.0.0", "")} == set(_pairs(told(repo, every=True)))


def test_releases_on_branches_of_their_own_are_compared_with_the_one_before(repo: GitRepo) -> None:
    repo.commit()
    for version in ("v1.0.0", "v2.0.0"):
        repo.git("checkout", "-q", "-b", f"release/{version}", "main")
        repo.release(version)
        repo.git("checkout", "-q", "main")
        repo.commit()
    here = told(repo, every=True)
    assert ("v2.0.0", "v1.0.0") in _pairs(here)
    assert [span.apart for span in here.spans if span.key] == [True, False]


def test_the_first_stable_version_is_compared_with_its_last_prerelease(repo: GitRepo) -> None:
    for version in ("v1.0.0rc1", "v1.0.0rc2", "v1.0.0"):
        repo.release(version)
    assert ("v1.0.0", "v1.0.0rc2") in _pairs(told(repo))
