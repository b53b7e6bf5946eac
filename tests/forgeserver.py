"""A forge on loopback that keeps the comments of pull requests, and holds its clients to its description."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from apidescription import Asked, Description

from dvc_changelog.comments.place import Place

SECRET = "s3cret/T0ken+of=ours"
USER = "ana"
BASIC = b64encode(f"{USER}:{SECRET}".encode()).decode()
ME, SOMEBODY, MACHINE = 7, 8, 9
PROJECT = "70"  # what GitLab counts `team/models` as
AT = "2026-11-28T09:00:00Z"
AT_HOME = "https://example.org/x"


@dataclass
class Stored:
    id: int
    text: str
    author: int = ME
    deleted: bool = False
    system: bool = False


@dataclass
class Fault:
    """What happens to the next request (of a method, if one is named) instead of an answer.

    `lost`: it is done, and then the line is cut. `hang`: nothing comes. Without a status the line is cut.
    """

    status: int = 0
    text: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)
    method: str = ""
    lost: bool = False
    hang: bool = False


class ForgeServer:
    """One repository, `team/models`, on one forge. `dialect` says how that one speaks."""

    def __init__(self, name: str) -> None:
        self.dialect = DIALECTS[name]
        self.description = Description(name)
        self.comments: list[Stored] = []
        self.faults: list[Fault] = []
        self.asked: list[Asked] = []
        self.complaints: list[str] = []
        self.issued: set[str] = set()
        self.read_only = False
        self.guarded = True
        self.tells_me = True
        self.secrets = {SECRET, BASIC}
        self.url = ""
        self.over = threading.Event()

    @property
    def place(self) -> Place:
        api, web, kind = self.url + self.dialect.base, f"{self.url}/team/models", self.dialect.kind
        return Place(kind, api, "team/models", 12, web=web, ci=kind)

    @property
    def methods(self) -> list[str]:
        return [asked.method for asked in self.asked]

    def add(self, text: str, author: int = ME, *, deleted: bool = False, system: bool = False) -> Stored:
        number = max((one.id for one in self.comments), default=100) + 1
        self.comments.append(Stored(number, text, author, deleted, system))
        return self.comments[-1]

    def texts(self) -> list[str]:
        return [one.text for one in self.comments]

    def fault_for(self, asked: Asked) -> Fault | None:
        for fault in self.faults:
            if fault.method in {"", asked.method}:
                self.faults.remove(fault)
                return fault
        return None

    def judged(self, asked: Asked) -> Asked:
        """What of a request is held to the description."""
        if self.url + asked.url in self.issued:  # a link of ours may have what it likes
            return replace(asked, url=asked.path)
        if asked.url == f"{self.dialect.base}/user":  # no extract has it: its headers are as the listing's
            return replace(asked, url=self.dialect.comments_path)
        return asked

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        """Status, headers and JSON for a request that is as described."""
        dialect = self.dialect
        if asked.headers.get("authorization", "").partition(" ")[2] not in self.secrets:
            return 401, {}, dialect.error("Bad credentials")
        parts = asked.path.strip("/").split("/")
        if asked.url == f"{dialect.base}/user":
            return (
                (200, {}, dialect.user(ME)) if self.tells_me else (403, {}, dialect.error("Not this token"))
            )
        if not any("team" in part or part == PROJECT for part in parts):
            return 404, {}, dialect.error("Not Found")
        if asked.method == "GET":
            return self._page(asked)
        if self.read_only:
            return 403, {}, dialect.error("Resource not accessible by integration")
        text = dialect.text_of(json.loads(asked.body))
        if asked.method == "POST":
            return 201, {}, dialect.comment(self.add(text), self)
        found = next((one for one in self.comments if str(one.id) == parts[-1]), None)
        if not found:
            return 404, {}, dialect.error("Not Found")
        if self.guarded and found.author == SOMEBODY:
            return 403, {}, dialect.error("Not your comment")
        found.text = text
        return 200, {}, dialect.comment(found, self)

    def _page(self, asked: Asked) -> tuple[int, dict[str, str], Any]:
        query = {key: values[0] for key, values in parse_qs(urlsplit(asked.url).query).items()}
        size = min(100, int(query.get("per_page", self.dialect.page))) if self.dialect.page else 10**9
        number = int(query.get("page", 1))
        there = [one for one in self.comments if self.dialect.lists(one)]
        start = (number - 1) * size
        shown = [self.dialect.comment(one, self) for one in there[start : start + size]]
        following = ""
        if start + size < len(there):
            extra = f"per_page={size}" if self.dialect.kind != "bitbucket" else "ctx=opaque"
            following = f"{self.url}{asked.path}?page={number + 1}&{extra}"
            self.issued.add(following)
        return self.dialect.listing(shown, following)


class Dialect:
    """GitHub's, and what the others have in common with it."""

    kind = "github"
    base = ""
    page = 30
    comments_path = "/repos/team/models/issues/12/comments"

    def lists(self, one: Stored) -> bool:
        return not one.deleted and not one.system

    def listing(self, shown: list[Any], following: str) -> tuple[int, dict[str, str], Any]:
        return 200, {"Link": f'<{following}>; rel="next"'} if following else {}, shown

    def text_of(self, body: Any) -> str:
        return str(body["body"])

    def error(self, message: str) -> Any:
        return {"message": message, "documentation_url": "https://example.org"}

    def user(self, author: int) -> Any:
        name, kind = (f"app-{author}[bot]", "Bot") if author == MACHINE else (f"user-{author}", "User")
        links = ("avatar", "followers", "following", "gists", "html", "organizations", "received_events")
        urls = {f"{name}_url": AT_HOME for name in (*links, "events", "repos", "starred", "subscriptions")}
        known = {"login": name, "id": author, "node_id": "n", "gravatar_id": "", "type": kind}
        return {**known, "site_admin": False, "url": AT_HOME, **urls}

    def comment(self, one: Stored, server: ForgeServer) -> Any:
        at = f"{server.url}/repos/team/models/issues"
        return {
            "id": one.id,
            "node_id": "n",
            "url": f"{at}/comments/{one.id}",
            "html_url": f"{server.url}/team/models/pull/12#issuecomment-{one.id}",
            "issue_url": f"{at}/12",
            "body": one.text,
            "user": self.user(one.author) if one.author else None,  # of an account that is gone
            "created_at": AT,
            "updated_at": AT,
        }


class GitLabDialect(Dialect):
    kind = "gitlab"
    base = "/api/v4"
    page = 20
    comments_path = "/api/v4/projects/70/merge_requests/12/notes"

    def lists(self, one: Stored) -> bool:
        return not one.deleted

    def error(self, message: str) -> Any:
        return {"message": message}

    def user(self, author: int) -> Any:
        name = f"project_70_bot_{author}f" if author == MACHINE else f"user-{author}"
        return {"id": author, "username": name}

    def comment(self, one: Stored, server: ForgeServer) -> Any:  # noqa: ARG002 (an answer has no address)
        return {
            "id": one.id,
            "body": one.text,
            "system": one.system,
            "author": self.user(one.author),
            "created_at": AT,
            "updated_at": AT,
            "noteable_id": 900,
            "noteable_iid": 12,
            "noteable_type": "MergeRequest",
            "internal": False,
        }


class GiteaDialect(Dialect):
    kind = "gitea"
    base = "/api/v1"
    page = 0
    comments_path = "/api/v1/repos/team/models/issues/12/comments"

    def error(self, message: str) -> Any:
        return {"message": message, "url": "https://example.org/api/swagger"}

    def user(self, author: int) -> Any:
        if author == MACHINE:
            return {"id": -2, "login": "gitea-actions"}
        return {"id": author, "login": f"user-{author}"}

    def comment(self, one: Stored, server: ForgeServer) -> Any:
        return {
            "id": one.id,
            "html_url": f"{server.url}/team/models/pulls/12#issuecomment-{one.id}",
            "pull_request_url": f"{server.url}/team/models/pulls/12",
            "body": one.text,
            "user": self.user(one.author),
            "assets": [],
            "created_at": AT,
            "updated_at": AT,
        }


class BitbucketDialect(Dialect):
    kind = "bitbucket"
    base = "/2.0"
    page = 10
    comments_path = "/2.0/repositories/team/models/pullrequests/12/comments"

    def lists(self, one: Stored) -> bool:
        return not one.system

    def listing(self, shown: list[Any], following: str) -> tuple[int, dict[str, str], Any]:
        return 200, {}, {"pagelen": 10, "values": shown, **({"next": following} if following else {})}

    def text_of(self, body: Any) -> str:
        return str(body["content"]["raw"])

    def error(self, message: str) -> Any:
        return {"type": "error", "error": {"message": message}}

    def user(self, author: int) -> Any:
        kind = "app_user" if author == MACHINE else "user"
        return {"type": kind, "uuid": f"{{{author}}}", "display_name": "Somebody"}

    def comment(self, one: Stored, server: ForgeServer) -> Any:
        at = f"{server.url}/2.0/repositories/team/models/pullrequests/12/comments/{one.id}"
        page = f"{server.url}/team/models/pull-requests/12/_/diff#comment-{one.id}"
        return {
            "type": "pullrequest_comment",
            "id": one.id,
            "content": {"raw": one.text, "markup": "markdown", "html": ""},
            "user": self.user(one.author),
            "deleted": one.deleted,
            "created_on": AT,
            "updated_on": AT,
            "links": {"self": {"href": at}, "html": {"href": page}},
        }


DIALECTS = {
    "github": Dialect(),
    "gitlab": GitLabDialect(),
    "gitea": GiteaDialect(),
    "forgejo": GiteaDialect(),
    "bitbucket": BitbucketDialect(),
}


@contextmanager
def serving(name: str) -> Iterator[ForgeServer]:
    """A server for one test. What it has to complain of fails the test when it ends."""
    forge = ForgeServer(name)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer in one piece: in two, each waits for the other side's delayed word

        def log_message(self, *_: object) -> None:
            pass

        def do_it(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(
                self.command, self.path, {key.lower(): value for key, value in self.headers.items()}, body
            )
            forge.asked.append(asked)
            forge.complaints += forge.description.of_request(forge.judged(asked))
            fault = forge.fault_for(asked)
            if fault and not fault.status:
                if fault.hang:
                    forge.over.wait(5)
                if fault.lost:
                    forge.answer(asked)
                self.close_connection = True
                return
            status, headers, text = _told(fault) if fault else _json(*forge.answer(asked))
            if not fault:
                forge.complaints += forge.description.of_answer(asked, status, text)
            self.send_response(status)
            for key, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.do_it)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    forge.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield forge
    finally:
        forge.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
    assert forge.complaints == []


def _told(fault: Fault) -> tuple[int, dict[str, str], bytes]:
    return fault.status, fault.headers, fault.text.encode()


def _json(status: int, headers: dict[str, str], value: Any) -> tuple[int, dict[str, str], bytes]:
    return status, headers, json.dumps(value).encode()
