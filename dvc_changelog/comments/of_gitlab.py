"""Comments on GitLab, which it calls notes, with python-gitlab."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import gitlab
import requests

from dvc_changelog.comments.client import Comment, unanswered
from dvc_changelog.comments.failure import CREATING, LISTING, MOVED, UPDATING, Failure, asking, named
from dvc_changelog.comments.place import Place
from dvc_changelog.comments.token import Token

_PER_PAGE = 100
_MACHINE = re.compile(r"(project|group)_\d+_bot\w*")  # the user that comes with a token of a project
_ONCE = {"obey_rate_limit": False, "retry_transient_errors": False}


class GitLab:
    """A `Client`."""

    def __init__(self, place: Place, token: Token, timeout: float) -> None:
        self._place = place
        self._headers: Mapping[str, str] = {}
        self.is_machine = False  # its tokens look alike
        session = requests.Session()
        # The library's errors do not have the headers, and these say how long to wait.
        session.hooks["response"].append(self._remember)
        connection = gitlab.Gitlab(
            place.api.removesuffix("/api/v4"),
            oauth_token=token.secret,  # as its description has it; tokens of projects go so too
            timeout=timeout,
            keep_base_url=True,  # the next page is asked for where the first one was
            session=session,
        )
        self._connection = connection
        project = connection.projects.get(place.repository, lazy=True)
        self._notes = project.mergerequests.get(place.number, lazy=True).notes

    def _remember(self, response: requests.Response, *_: object, **__: object) -> None:
        self._headers = response.headers

    def comments(self) -> list[Comment]:
        """As `Client`."""
        return asking(LISTING, self._listed, self._read)

    def _listed(self) -> list[Comment]:
        notes = self._notes.list(get_all=True, per_page=_PER_PAGE, sort="asc", order_by="created_at", **_ONCE)
        return [self._told(note.attributes) for note in notes if not note.attributes.get("system")]

    def create(self, text: str) -> Comment:
        """As `Client`."""
        made = partial(self._notes.create, {"body": text}, **_ONCE)
        return asking(CREATING, lambda: self._told(made().attributes), self._read)

    def update(self, comment: Comment, text: str) -> Comment:
        """As `Client`."""
        made = partial(self._notes.update, comment.id, {"body": text}, **_ONCE)
        return asking(UPDATING, lambda: self._told(made()), self._read)

    def me(self) -> str:
        """As `Client`."""
        return named(self._named, self._read)

    def _named(self) -> str:
        user = self._connection.http_get("/user", query_data=None, **_ONCE)
        return str(user.get("username", "")) if isinstance(user, dict) else ""

    def _told(self, note: Mapping[str, Any]) -> Comment:
        """A note has no address of its own in an answer; its page is that of the merge request."""
        place, number = self._place, int(note["id"])
        page = f"{place.web}/-/merge_requests/{place.number}#note_{number}" if place.web else ""
        author = (note.get("author") or {}).get("username") or ""
        return Comment(number, note.get("body") or "", page, author, bool(_MACHINE.fullmatch(author)))

    def _read(self, error: Exception) -> Failure | None:
        match error:
            case gitlab.RedirectError():
                return Failure(MOVED)
            case gitlab.GitlabError() if error.response_code:
                return Failure(error.response_code, str(error.error_message), self._headers)
            case requests.ConnectionError() | requests.Timeout():
                return unanswered(error)
            case _:
                return None
