"""That nothing that is said has a token in it, and that libraries are asked no earlier than they must be."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from forgeserver import BASIC, SECRET, USER, Fault, ForgeServer

from dvc_changelog.comments.ours import Signature
from dvc_changelog.comments.patience import Patience
from dvc_changelog.comments.place import Place
from dvc_changelog.comments.posting import post
from dvc_changelog.comments.token import Token
from dvc_changelog.errors import ForgeError


def said_by(error: BaseException) -> Iterator[str]:
    """All that an error, and every error that led to it, could be made to say."""
    yield from traceback.format_exception(error)
    there: list[BaseException] = [error]
    for one in there:
        yield from (repr(one), str(one), repr(vars(one)))
        there += [cause for cause in (one.__cause__, one.__context__) if cause and cause not in there]


SIGNATURE = Signature(frozenset({"mark"}), "### Model review")
ECHO = f"{SECRET} {quote(SECRET, safe='')} {BASIC} " * 20
HOSTILE = [
    Fault(401, f'{{"message": "Bad credentials {ECHO}"}}'),
    Fault(403, ECHO),
    Fault(404, f"<html>{ECHO}</html>", {"Content-Type": "text/html"}),
    Fault(418, f'{{"type": "error", "error": {{"message": "{ECHO}", "detail": "{ECHO}"}}}}'),
    Fault(500, ECHO, {"X-Echo": SECRET}),
    Fault(200, f'{{"token": "{SECRET}"}}'),
    Fault(200, f'["{SECRET}"]'),
    Fault(200, ECHO),
    Fault(429, ECHO, {"Retry-After": SECRET}),
    Fault(302, "", {"Location": f"http://127.0.0.1:9/{quote(SECRET, safe='')}?private_token={SECRET}"}),
    Fault(301, "", {"Location": f"http://127.0.0.1:9/{quote(SECRET, safe='')}?private_token={SECRET}"}),
    Fault(200, "[]", {"Link": f'<http://127.0.0.1:9/?private_token={SECRET}>; rel="next"'}),
    Fault(200, f'{{"values": [{{}}], "next": "http://127.0.0.1:9/?access_token={SECRET}"}}'),
    Fault(404, ECHO, method="POST"),
    Fault(200, ECHO, method="POST"),
]


def test_nothing_that_is_said_has_the_token(
    forge: ForgeServer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    recwarn: pytest.WarningsRecorder,
) -> None:
    caplog.set_level(logging.DEBUG)
    token = Token("A_TOKEN", SECRET, USER if forge.place.kind == "bitbucket" else "")
    said: list[str] = []
    for fault in HOSTILE:
        forge.faults = [fault]
        forge.comments = []
        try:
            post(forge.place, token, "body", signature=SIGNATURE, patience=Patience(timeout=1, tries=1))
        except ForgeError as error:
            said += said_by(error)
    forge.complaints = []  # of the pages that the server sent them to
    out, err = capfd.readouterr()
    everything = "".join(said) + caplog.text + out + err + "".join(map(str, recwarn))
    assert len(said) > 30
    for form in (SECRET, SECRET[:10], quote(SECRET, safe="")[:12], BASIC[:16]):
        assert form not in everything
    assert out + err == ""


def test_what_the_machine_keeps_for_a_host_does_not_take_its_place(
    forge: ForgeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A .netrc has logins for Git; libraries would put them before a token."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login ana password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert post(forge.place, Token("A_TOKEN", SECRET), "body", signature=SIGNATURE).created
    assert all(asked.headers["authorization"].endswith(f" {SECRET}") for asked in forge.asked)


def test_the_libraries_log_again_afterwards(forge: ForgeServer) -> None:
    before = logging.getLogger("github").level
    post(forge.place, Token("A_TOKEN", SECRET), "body", signature=SIGNATURE)
    assert logging.getLogger("github").level == before


@pytest.mark.parametrize(
    ("kind", "module"),
    [
        ("github", "github"),
        ("gitlab", "gitlab"),
        ("gitea", "pyforgejo"),
        ("bitbucket", "atlassian.bitbucket.cloud.repositories.pullRequests"),
    ],
)
def test_a_library_that_is_not_there_is_named(
    kind: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, f"dvc_changelog.comments.of_{kind}", raising=False)
    with pytest.raises(ForgeError) as raised:
        post(
            Place(kind, "https://host", "team/models", 12),
            Token("A_TOKEN", "a"),
            "body",
            signature=SIGNATURE,
        )
    assert f"pip install 'dvc-changelog[{kind}]'" in raised.value.remedy


def alone(script: Path, **environ: str) -> str:
    return subprocess.run(
        [sys.executable, script],
        env={**os.environ, **environ},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.strip()


def test_no_library_is_imported_before_it_is_used(tmp_path: Path) -> None:
    libraries = {"github", "gitlab", "pyforgejo", "atlassian", "httpx", "requests"}
    script = tmp_path / "script.py"
    script.write_text(
        f"import dvc_changelog.comments, dvc_changelog.cli, sys; print({libraries} & set(sys.modules))"
    )
    assert alone(script) == "set()"


def test_what_a_project_keeps_in_a_file_of_variables_stays_there(tmp_path: Path) -> None:
    """pyforgejo reads the first .env above itself, which is a project's where its .venv is inside of it."""
    import pyforgejo

    site = tmp_path / ".venv" / "site"
    site.mkdir(parents=True)
    (site / "pyforgejo").symlink_to(Path(pyforgejo.__file__).parent)
    (tmp_path / ".env").write_text("KEPT_THERE=s3cret\n")
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    script = tmp_path / "script.py"  # of code that is no file, it takes the working directory
    script.write_text(
        "import os, sys, dvc_changelog.comments.of_gitea\n"
        "print(os.environ.get('KEPT_THERE'))\n"
        "del sys.modules['pyforgejo.client']\n"
        "import pyforgejo.client\n"
        "print(os.environ.get('KEPT_THERE'))\n"
    )
    assert alone(script, PYTHONPATH=path).split() == ["None", "s3cret"]
