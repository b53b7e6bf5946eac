"""GTO's registries: what GTO says of them and what we say is the same.

AGREEMENT_REGISTRIES=500 in the environment tries that many.

Intended differences, which these registries do not have: a lightweight tag `name@v1.0.0` is a release here,
as every tag is; `build#12` is one too, where GTO takes 12 for a place; two versions on one commit, at which
GTO gives up, are told; so is `name@created`, which ends GTO with a KeyError.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest
import registries
from gto import api
from gto.exceptions import GTOException
from registries import Registry

from dvc_changelog.domain import Deployment, Lifecycle
from dvc_changelog.history import History

if TYPE_CHECKING:
    from gitrepo import GitRepo

SEEDS = range(int(os.environ.get("AGREEMENT_REGISTRIES", "4")))


@pytest.mark.parametrize("seed", SEEDS)
def test_we_tell_of_a_registry_what_gto_tells(repo: GitRepo, seed: int) -> None:
    Registry(repo, random.Random(seed)).live(24)
    path = repo.path
    gtos, ours = registries.gtos_history(path), registries.our_history(path)
    assert [event[:3:2] for event in gtos] == [event[:3:2] for event in ours], "the order"
    assert sorted(gtos) == sorted(ours)
    assert registries.gtos_versions(path) == registries.our_versions(path)
    assert registries.gtos_places(path) == registries.our_places(path)


def test_we_tell_who_did_what_and_what_they_said_as_gto_does(repo: GitRepo) -> None:
    repo.commit()
    repo.tag("a@v1.0.0", message="Register\n\nIt is good")
    for number, tag in enumerate(("a#prod#2", "a#prod!#3", "a@v1.0.0!#4", "a@deprecated#5")):
        who = {"GIT_COMMITTER_NAME": f"Z\u00eb {number}", "GIT_COMMITTER_EMAIL": f"z{number}@example.org"}
        repo.clock += 1
        repo.git("tag", "-m", f"So be it {number}\n\nAt last", tag, env=who)
    history = History(repo.path)
    events: list[Deployment | Lifecycle] = [*history.deployments(), *history.lifecycle()]
    ours = {
        event.tag: (event.author and (event.author.name, event.author.email), event.message, event.commit_id)
        for event in events
    }
    gtos = {
        event["ref"]: ((event["author"], event["author_email"]), event["message"].strip(), event["commit"])
        for event in api.history(repo.path)
    }
    assert len(ours) == 5
    assert ours == gtos


def test_what_happened_within_a_second_is_told_as_gto_tells_it(repo: GitRepo) -> None:
    repo.commit()
    for tag in ("a@v1.0.0", "a@v1.0.0!#2", "b@v1.0.0", "b@v1.0.0!#2", "a#dev#3", "a#dev!#4"):
        repo.tag(tag, message="At once")
    repo.tag("b@v1.0.0#3", message="A second later", date=repo.clock + 1)
    assert [tag.name.text for tag in History(repo.path).release_tags()] == ["b@v1.0.0#3"]
    assert registries.gtos_versions(repo.path) == registries.our_versions(repo.path)
    assert registries.gtos_places(repo.path) == registries.our_places(repo.path) == {}


def test_a_version_is_cancelled_on_its_commit_alone(repo: GitRepo) -> None:
    first = repo.commit()
    repo.tag("a@v1.0.0", message="Register")
    repo.commit()
    repo.tag("a@v1.0.0!#2", message="Cancel it elsewhere")
    assert registries.gtos_versions(repo.path) == {"a": {("v1.0.0", first)}}
    assert registries.our_versions(repo.path) == {"a": {("v1.0.0", first)}}


def test_gto_and_we_read_no_event_from_a_tag_without_annotation(repo: GitRepo) -> None:
    repo.commit()
    repo.tag("a@v1.0.0", message="Register")
    for tag in ("a@v1.0.0!#2", "a#dev#3", "a@deprecated"):
        repo.tag(tag)
    assert registries.gtos_history(repo.path) == registries.our_history(repo.path)
    assert [event[2] for event in registries.our_history(repo.path)] == ["registration"]


def test_two_versions_on_one_commit_are_told_where_gto_gives_up(repo: GitRepo) -> None:
    repo.commit()
    for tag in ("a@v1.0.0", "a@v1.1.0", "a#dev#1"):
        repo.tag(tag, message="Both")
    with pytest.raises(GTOException):
        api.show(repo.path)
    assert [event[3:5] for event in registries.our_history(repo.path)] == [
        ("v1.0.0", ""),
        ("v1.1.0", ""),
        ("v1.1.0", "dev"),
    ]


def test_a_creation_is_told_where_gto_fails(repo: GitRepo) -> None:
    repo.commit()
    repo.tag("a@created", message="Create")
    with pytest.raises(KeyError):
        api.show(repo.path)
    assert [str(event.event) for event in History(repo.path).lifecycle()] == ["created"]


@pytest.mark.parametrize(
    ("tag", "event"),
    [
        ("models=churn@v1.0.0-rc.1#3", "registration"),
        ("churn@v1.0.0+b.5", "registration"),
        ("churn@v2.0.3#4", "registration"),
        ("churn@v1.0.0!", "deregistration"),
        ("a/b_c-d#pre-prod/eu#2", "assignment"),
        ("churn#1#2", "assignment"),
        ("churn#prod!", "unassignment"),
        ("a.b/x=churn@deprecated#12", "deprecation"),
        ("churn@v1.0", ""),
        ("churn@1.0.0", ""),
        ("churn@v01.0.0", ""),
        ("churn@1.0.0!", ""),
        ("churn@deprecated!#5", ""),
        ("churn-#prod#1", ""),
        ("churn#prod-#1", ""),
        ("mod\u00e8le#prod#1", ""),
        ("a=b=c@v1.0.0", ""),
        ("churn#prod#one", ""),
    ],
)
def test_what_gto_takes_for_an_event_we_do(repo: GitRepo, tag: str, event: str) -> None:
    repo.commit()
    repo.tag(tag, message="By hand")
    assert [each[2] for each in registries.gtos_history(repo.path)] == ([event] if event else [])
    if event in {"registration", ""}:
        assert [each.name.text for each in History(repo.path).release_tags()] == [tag]
    assert [each[2] for each in registries.our_history(repo.path)] == ([event] if event else [])
