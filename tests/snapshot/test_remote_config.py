"""Which remotes a project has: by our reader and by DVC's own, and what of them is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from dvc.config import Config
from gitrepo import GitRepo

from dvc_changelog.domain import Remotes
from dvc_changelog.history import History
from dvc_changelog.snapshot import Snapshots
from dvc_changelog.snapshot.remote_config import remotes_of, shareable

CONFIGS = {
    "as DVC writes it": "[core]\n    remote = storage\n['remote \"storage\"']\n    url = s3://a/b\n",
    "without quotes": '[core]\nremote=storage\n[remote "storage"]\nurl=s3://a/b\n',
    "quoted otherwise": '["core"]\nremote = \'storage\'\n[\'remote "storage"\']\nurl = "s3://a/b c"\n',
    "with remarks": "# ours\n[core] # here\nremote = it # it\n['remote \"it\"']\nurl = /tmp/x # y\n",
    "in capitals": "[Core]\nRemote = Storage\n['remote \"Storage\"']\nURL = s3://A/B\n",
    "two": "['remote \"a\"']\nurl = ../a\n['remote \"b\"']\nurl = gs://b\nversion_aware = true\n",
    "another section": '[cache]\nremote = none\nurl = x\n[db "pg"]\nurl = postgresql://h/d\n',
    "empty": "",
    "no remote": "[core]\nautostage = true\nremote =\n",
    "spaces": '[ core ]\n  remote = my store\n[ remote "my store" ]\n  url = /data/my store\n',
}


@pytest.mark.parametrize("text", CONFIGS.values(), ids=CONFIGS.keys())
def test_remotes_are_read_as_dvc_reads_them(text: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(text, encoding="utf-8")
    theirs = Config.load_file(str(tmp_path / "config"))
    places = {name: remote["url"] for name, remote in theirs["remote"].items() if remote.get("url")}
    default = theirs.get("core", {}).get("remote", "").lower()
    assert remotes_of("", text.encode()) == Remotes(default, places)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("s3://bucket/path", "s3://bucket/path"),
        ("s3://bucket/a@b", "s3://bucket/a@b"),
        ("https://bo:secret@host/x", "https://host/x"),
        ("https://secret@host/x", "https://host/x"),
        ("ssh://bo@host:22/x", "ssh://host:22/x"),
        ("https://bo:sec/ret@host/x", "https://…@host/x"),
        ("https://host/x?sig=secret", "https://host/x?…"),
        ("https://bo:sec?ret@host/x?sig=secret", "https://…@host/x?…"),
        ("../store", "../store"),
    ],
)
def test_what_may_be_a_secret_is_not_shown(url: str, shown: str) -> None:
    assert shareable(url) == shown
    assert "secret" not in shareable(url)


def test_a_remote_in_another_and_another_endpoint_are_where_they_lead() -> None:
    text = (
        "['remote \"a\"']\nurl = s3://b/\nendpointurl = https://k:secret@minio:9000\n"
        "secret_access_key = secret\n"
        "['remote \"c\"']\nurl = remote://a/sub\n['remote \"d\"']\nurl = remote://d/x\n"
    )
    assert remotes_of("", text.encode()).places["a"] == "s3://b/ at https://minio:9000"
    assert remotes_of("", text.encode()).places["c"] == "s3://b/sub at https://minio:9000"
    assert remotes_of("", text.encode()).places["d"].startswith("remote://d/x")
    assert "secret" not in repr(remotes_of("", text.encode()))


def test_each_project_has_its_own(tmp_path: Path) -> None:
    repo = GitRepo.init(tmp_path)
    config = CONFIGS["as DVC writes it"]
    repo.commit("Two", {".dvc/config": config, "sub/.dvc/config": "", "bad/.dvc/config": b"\xff\xfe[core"})
    history = History(repo.path)
    snapshot = Snapshots(history.git).at(history.revision("HEAD"))
    assert snapshot.remotes == {"": Remotes("storage", {"storage": "s3://a/b"}), "sub": Remotes()}
    assert not snapshot.remote
