"""Single versions of files: what a lock or `.dvc` file records of one output, and the values of one file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from gitrepo import isolated, repo

from dvc_changelog.domain import Content, Gap, Output, Role, Snapshot, Stage
from dvc_changelog.history import History
from dvc_changelog.snapshot import Place, Snapshots, place_of
from dvc_changelog.snapshot.past import Past

if TYPE_CHECKING:
    from gitrepo import GitRepo

__all__ = ["isolated", "repo"]

LOCK = """\
schema: '2.0'
stages:
  train:
    cmd: python train.py
    outs:
    - path: ../model.pkl
      hash: md5
      md5: 11111111111111111111111111111111
      size: 3
  evaluate:
    cmd: python evaluate.py
    outs:
    - path: plots
      hash: md5
      md5: 22222222222222222222222222222222.dir
      size: 3
      nfiles: 1
"""
TRACKED = "outs:\n- md5: 33333333333333333333333333333333\n  size: 4\n  hash: md5\n  path: data.csv\n"
CONTENT = Content("md5", "1" * 32, 3)


def past(repo: GitRepo) -> Past:
    return Snapshots(History(repo.path).git).past


def blob(repo: GitRepo, text: str) -> str:
    return repo.git("hash-object", "-w", "--stdin", stdin=text.encode())


@pytest.mark.parametrize(
    ("output", "place"),
    [
        (Output("a.csv", CONTENT, Role.SOURCE, file="a.csv.dvc"), Place("a.csv.dvc", "a.csv")),
        (
            Output("p/model.pkl", CONTENT, Role.DERIVED, "p/dvc.yaml:train", file="p/dvc.lock"),
            Place("p/dvc.lock", "model.pkl", "train", project="p"),
        ),
        (
            Output("s3://b/model.pkl", CONTENT, Role.DERIVED, "p/dvc.yaml:train", file="p/dvc.lock"),
            Place("p/dvc.lock", "s3://b/model.pkl", "train", project="p"),
        ),
        (
            Output("/mnt/model.pkl", CONTENT, Role.DERIVED, "p/dvc.yaml:train", file="p/dvc.lock"),
            Place("p/dvc.lock", "/mnt/model.pkl", "train", project="p"),
        ),
        (Output("a.csv", replace(CONTENT, algorithm="git"), Role.SOURCE, file="dvc.yaml"), None),
        (Output("a.csv", CONTENT, Role.SOURCE), None),
    ],
)
def test_where_an_output_is_recorded(output: Output, place: Place | None) -> None:
    """A lock knows no `wdir`: seen from its own directory, what the stage writes to `..` lies above."""
    stage = Stage("p/dvc.yaml", "train", wdir="p/sub")
    assert place_of(output, Snapshot(stages={stage.address: stage}, projects=("", "p"))) == place


@pytest.mark.parametrize(
    ("place", "text", "digest"),
    [
        (Place("dvc.lock", "../model.pkl", "train"), LOCK, "1" * 32),
        (Place("dvc.lock", "plots", "evaluate"), LOCK, "2" * 32 + ".dir"),
        (Place("dvc.lock", "plots", "eval"), LOCK, Gap.ABSENT),
        (Place("dvc.lock", "other", "train"), LOCK, Gap.ABSENT),
        # A name that YAML quotes.
        (Place("dvc.lock", "plots", "1"), LOCK.replace("evaluate:", "'1':"), "2" * 32 + ".dir"),
        # Not as DVC writes it.
        (Place("dvc.lock", "plots", "evaluate"), f"# By hand\n{LOCK}", "2" * 32 + ".dir"),
        (Place("dvc.lock", "plots", "evaluate"), "<<<<<<< ours\n", Gap.UNREAD),
        (Place("dvc.lock", "plots", "evaluate"), "", Gap.ABSENT),
        (Place("data.csv.dvc", "data.csv"), TRACKED, "3" * 32),
        (Place("data.csv.dvc", "data.csv"), "outs: []\n", Gap.ABSENT),
        (Place("data.csv.dvc", "data.csv"), "]", Gap.UNREAD),
    ],
)
def test_what_a_version_records(repo: GitRepo, place: Place, text: str, digest: str | Gap) -> None:
    found = past(repo).content(place, blob(repo, text) if text else "")
    assert digest == (found if isinstance(found, Gap) else found.digest)


STALE = LOCK + LOCK.partition("  evaluate:")[2].replace("2", "4").join(("  eval:", ""))
"""The stage has another name now; of the old one the lock still has what it knew."""


@pytest.mark.parametrize(
    ("definition", "text", "digest"),
    [
        (None, LOCK, "2"),
        ("[broken", LOCK, "2"),
        ("stages: {evaluate: {cmd: x, outs: [plots]}}", LOCK, "2"),
        ("stages: {evaluate: {cmd: x, plots: [plots: {cache: true}]}}", STALE, "2"),
        ("stages: {eval: {cmd: x, outs: [plots]}}", STALE, "4"),
        ("stages: {evaluate: {cmd: x, outs: ['${where}']}}", STALE, "2"),
        ("stages: {evaluate: {foreach: [a], do: {cmd: x, outs: [plots]}}}", STALE, "2"),
        ("stages: {evaluate: {foreach: [a], do: {}}}", STALE.replace("evaluate:", "evaluate@a:"), "2"),
        # Both, as after a merge: that of its own name.
        ("stages: {evaluate: {cmd: x, outs: [plots]}, eval: {cmd: x, outs: [plots]}}", STALE, "4"),
        # None of those that there are writes it; two others do.
        ("stages: {evaluate: {cmd: x, outs: [else]}}", LOCK, ""),
        ("stages: {train: {cmd: x}}", STALE, ""),
        ("", LOCK, ""),
        (None, STALE.replace("eval:", "b:"), ""),
    ],
)
def test_which_stage_a_version_has_an_output_from(
    repo: GitRepo, definition: str | None, text: str, digest: str
) -> None:
    place = Place("dvc.lock", "plots", "eval", pipeline="dvc.yaml")
    found = past(repo).content(place, blob(repo, text), blob(repo, definition) if definition else definition)
    assert digest == ("" if isinstance(found, Gap) else found.digest[0])


def test_values_of_a_version_in_git(repo: GitRepo) -> None:
    own = past(repo)
    assert own.values("m.json", Place("m.json"), blob(repo, '{"a": {"b": 1}, "c": [2]}'), kind="metrics") == {
        "a.b": 1
    }
    assert own.values("p.yaml", Place("p.yaml"), blob(repo, "c: [2]\n"), kind="params") == {"c": [2]}
    assert own.values("m.json", Place("m.json"), "", kind="metrics") is Gap.ABSENT
    assert own.values("m.json", Place("m.json"), blob(repo, "{"), kind="metrics") is Gap.UNREAD
    assert own.values("m.json", Place("m.json"), "0" * 40, kind="metrics") is Gap.UNREAD


def kept(repo: GitRepo, text: str, suffix: str = "") -> str:
    """The md5 of an object that is put into DVC's cache."""
    md5 = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    repo.write({f".dvc/cache/files/md5/{md5[:2]}/{md5[2:]}{suffix}": text})
    return md5 + suffix


def test_values_that_dvc_keeps(repo: GitRepo) -> None:
    """From its cache, alone or in a directory, or from the working tree; what is absent is not noted."""
    one = kept(repo, '{"auc": 1}')
    listing = json.dumps([{"md5": one, "relpath": "m.json"}])
    directory = kept(repo, listing, ".dir")
    here = '{"auc": 2}'
    repo.write({"eval/m.json": here})
    lying = hashlib.md5(here.encode(), usedforsecurity=False).hexdigest()
    snapshots = Snapshots(History(repo.path).git)

    def read(digest: str, place: Place, path: str) -> object:
        name = place.output.rpartition("/")[2]
        text = f"outs:\n- md5: {digest}\n  hash: md5\n  path: {name}\n"
        return snapshots.past.values(path, place, blob(repo, text), kind="metrics")

    alone = Place("m.json.dvc", "m.json")
    inside = Place("eval.dvc", "eval", below="m.json")
    assert read(one, alone, "m.json") == {"auc": 1}
    assert read(directory, inside, "eval/m.json") == {"auc": 1}
    assert read(lying, Place("eval/m.json.dvc", "eval/m.json"), "eval/m.json") == {"auc": 2}
    assert read("4" * 32, alone, "m.json") is Gap.UNREAD
    assert read("4" * 32 + ".dir", inside, "eval/m.json") is Gap.UNREAD
    assert snapshots.past.values("m.json", alone, "", kind="metrics") is Gap.ABSENT
    assert not snapshots.store.wanted
    assert not snapshots.store.held
