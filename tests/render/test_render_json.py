"""The JSON is what its schema says, whatever the repository holds."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from render.reviews import reviews
from strategies import changelogs, releases, whole

from dvc_changelog.domain import (
    Artifact,
    ArtifactChange,
    Changelog,
    ChangeType,
    Content,
    MetricChange,
    Output,
    OutputChange,
    ParamChange,
    Problem,
    Release,
    Revert,
    Review,
    Revision,
    Role,
)
from dvc_changelog.render import json_, json_changes, review_json
from dvc_changelog.render.json_returns import revert
from dvc_changelog.render.schemas import schema

HEAD = Revision("a" * 40, "b" * 40, 1_770_000_000, "v1.0.0", "v1.0.0")


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema("changelog"))


def read(text: str) -> Any:
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema("changelog"))


@whole
@given(changelogs)
def test_every_changelog_is_valid(changelog: Changelog) -> None:
    validator().validate(read(json_.document(changelog)))


@whole
@given(reviews(much=(1,)))
def test_every_review_is_valid(told: Review) -> None:
    release = replace(told.release, base=told.release.base or HEAD)
    validator().validate(read(review_json.document(replace(told, release=release))))


@whole
@given(releases)
def test_two_states_that_are_compared_are_valid(release: Release) -> None:
    validator().validate(read(json_.review(release)))


@whole
@given(changelogs)
def test_the_layout_changes_no_value(changelog: Changelog) -> None:
    """What is written line by line is what the values are, but for surrogates, which UTF-8 cannot have."""
    data = {"schema_version": 1, "releases": [json_.release(each) for each in changelog.releases]}
    plain = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace").decode().replace("\ufffd", "?")
    assert read(json_.document(changelog).replace("\ufffd", "?")) == json.loads(plain)


@whole
@given(changelogs)
def test_every_document_is_utf_8(changelog: Changelog) -> None:
    json_.document(changelog).encode("utf-8")


@pytest.mark.parametrize("place", ["releases", "commits", "changes", "problems"])
def test_a_field_that_the_schema_does_not_know_is_drift(place: str) -> None:
    change = ParamChange(ChangeType.ADDED, "params.yaml", "lr", None, 0.1)
    release = Release(HEAD, None, changes=(change,), problems=(Problem("p", "broken", "HEAD"),))
    document = read(json_.document(Changelog((release,))))
    told = document["releases"][0]
    found = {"releases": told, "changes": told["changes"][0], "problems": told["problems"][0]}
    found.get(place, told).update({"surprise": 1})
    assert not validator().is_valid(document)


def test_a_release_has_the_fields_of_the_contract() -> None:
    told = json_.release(Release(HEAD, replace(HEAD, version=None, commit_id="c" * 40)))
    contract = {
        "version",
        "commit_id",
        "timestamp",
        "previous",
        "bump",
        "commits",
        "changes",
        "notes",
        "problems",
    }
    assert contract | {"problems", "statistics"} <= set(told)
    assert told["previous"] == {"version": None, "commit_id": "c" * 40}


def test_a_model_has_its_two_contents_by_hash() -> None:
    old = Output("m.pkl", Content("md5", "1" * 32, 10), Role.DERIVED, "train", model=True)
    new = replace(old, content=Content("etag", "2", None, 3))
    told = json_changes.change(OutputChange(ChangeType.UNKNOWN, "m.pkl", old, new))
    assert told == {
        "kind": "model",
        "change": "unknown",
        "path": "m.pkl",
        "name": "m.pkl",
        "old": {"md5": "1" * 32, "size": 10, "nfiles": None},
        "new": {"etag": "2", "size": None, "nfiles": 3},
        "role": "derived",
        "stage": "train",
        "cached": True,
        "files": None,
        "because": [],
        "commits": [],
    }


def test_an_output_that_is_to_be_written_elsewhere_says_where() -> None:
    old = Output("m.pkl", Content("md5", "1" * 32, 10), Role.DERIVED, "train", model=True)
    told = json_changes.change(OutputChange(ChangeType.UNKNOWN, "m.pkl", old, None, awaited=("d/m.pkl",)))
    assert (told["change"], told["new"], told["awaited"]) == ("unknown", None, ["d/m.pkl"])


def test_an_output_that_was_brought_back_names_the_commit_that_did_it() -> None:
    old, new = (Output("m.pkl", Content("md5", digest * 32, 10), Role.DERIVED) for digest in "12")
    change = OutputChange(ChangeType.MODIFIED, "m.pkl", old, new, taken_back="b" * 40)
    assert json_changes.change(change)["taken_back"] == "b" * 40
    assert revert(Revert("b" * 40, "", merge=True))["merge"] is True


def test_an_artifact_has_its_two_declarations() -> None:
    old = Artifact("net", "m.pkl", "dvc.yaml", "model", ("a",), "Text")
    new = replace(old, file="sub/dvc.yaml", path="sub/m.pkl")
    assert json_changes.change(ArtifactChange(ChangeType.RENAMED, new.file, new.name, old, new)) == {
        "kind": "artifact",
        "change": "renamed",
        "path": "sub/dvc.yaml",
        "name": "net",
        "old": {"path": "m.pkl", "type": "model", "labels": ["a"], "desc": "Text"},
        "new": {"path": "sub/m.pkl", "type": "model", "labels": ["a"], "desc": "Text"},
        "old_path": "dvc.yaml",
    }


def test_an_artifact_of_another_name_says_what_it_was_called() -> None:
    old = Artifact("net", "m.pkl", "dvc.yaml", "model")
    new = replace(old, name="tagger")
    told = json_changes.change(ArtifactChange(ChangeType.RENAMED, new.file, new.name, old, new))
    assert (told["change"], told["name"], told["old_name"]) == ("renamed", "tagger", "net")
    assert "old_path" not in told


def test_files_are_counted_where_both_sides_list_them() -> None:
    old = Output("d", Content("md5", "1", files=(("a", "1", 1), ("b", "1", 1))), Role.SOURCE)
    new = replace(old, content=Content("md5", "2", files=(("a", "2", 1), ("c", "1", 1), ("d", "1", 1))))
    told = json_changes.change(OutputChange(ChangeType.MODIFIED, "d", old, new))
    assert told["files"] == {
        "added": 1,
        "deleted": 0,
        "modified": 1,
        "renamed": 1,
        "paths": {
            "added": ["d"],
            "deleted": [],
            "modified": ["a"],
            "renamed": [{"old_path": "b", "path": "c"}],
        },
    }


def test_a_metric_names_the_directory_whose_hashes_it_has() -> None:
    sides = Content("md5", "1" * 32 + ".dir"), Content("md5", "2" * 32 + ".dir")
    told = json_changes.change(
        MetricChange(
            ChangeType.UNKNOWN, "eval/m.json", "", None, None, None, *sides, within="eval", unread="both"
        )
    )
    assert (told["within"], told["unread"]) == ("eval", "both")
    assert json_changes.change(MetricChange(ChangeType.ADDED, "m.json", "auc", None, 1))["within"] is None


def test_a_metric_has_no_verdict_and_no_commits_yet() -> None:
    told = json_changes.change(
        MetricChange(ChangeType.MODIFIED, "m.json", "auc", 0.5, float("nan"), float("nan"))
    )
    assert (told["verdict"], told["commits"]) == ("neutral", [])
    assert (told["new"], told["delta"]) == (".nan", ".nan")
