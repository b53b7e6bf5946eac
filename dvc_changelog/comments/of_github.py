"""Comments on GitHub, with PyGithub."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests
from github import Auth, Github, GithubException

from dvc_changelog.comments.client import Comment, unanswered
from dvc_changelog.comments.failure import (
    CREATING,
    LISTING,
    MISUNDERSTOOD,
    MOVED,
    UPDATING,
    Failure,
    asking,
    named,
)
from dvc_changelog.comments.place import Place
from dvc_changelog.comments.token import Token

if TYPE_CHECKING:
    from github.IssueComment import IssueComment
    from github.NamedUser import NamedUser
    from github.Organization import Organization

_PER_PAGE = 100
_INSTALLATION = "ghs_"  # how a token begins that is of an app, as that of Actions: it may not ask who it is


class GitHub:
    """A `Client`. To the API a pull request is an issue, and its comments are the issue's."""

    def __init__(self, place: Place, token: Token, timeout: float) -> None:
        connection = Github(
            auth=Auth.Token(token.secret),
            base_url=place.api,
            timeout=max(1, round(timeout)),  # it takes whole seconds only
            per_page=_PER_PAGE,
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
            lazy=True,
        )
        self._user = connection.get_user()
        self._pull = connection.get_repo(place.repository).get_issue(place.number)
        self._issues, self._number = f"/repos/{place.repository}/issues", place.number
        self.is_machine = token.secret.startswith(_INSTALLATION)

    def comments(self) -> list[Comment]:
        """As `Client`."""
        return asking(LISTING, self._listed, _read)

    def _listed(self) -> list[Comment]:
        return [_told(comment) for comment in self._pull.get_comments()]

    def create(self, text: str) -> Comment:
        """As `Client`."""
        at = f"{self._issues}/{self._number}/comments"
        return asking(CREATING, lambda: self._written("POST", at, text), _read)

    def update(self, comment: Comment, text: str) -> Comment:
        """As `Client`."""
        at = f"{self._issues}/comments/{comment.id}"
        return asking(UPDATING, lambda: self._written("PATCH", at, text), _read)

    def _written(self, verb: str, at: str, text: str) -> Comment:
        """A write whose answer is looked at: the library takes a redirect for success, and follows none."""
        headers, found = self._pull.requester.requestJsonAndCheck(verb, at, input={"body": text})
        if isinstance(found, dict) and "id" in found:
            return Comment(int(found["id"]), text, found.get("html_url") or "")
        raise Failure(MOVED if "location" in headers else MISUNDERSTOOD)

    def me(self) -> str:
        """As `Client`."""
        return named(lambda: self._user.login, _read)


def _told(comment: IssueComment) -> Comment:
    user: NamedUser | Organization | None = comment.user  # none: the account is gone
    by_machine = user is not None and user.type == "Bot" and user.login.endswith("[bot]")
    return Comment(comment.id, comment.body or "", comment.html_url, user.login if user else "", by_machine)


def _read(error: Exception) -> Failure | None:
    match error:
        case Failure():
            return error
        case GithubException():
            said = error.data.get("message") if isinstance(error.data, dict) else None
            return Failure(error.status, str(said or error.message or ""), error.headers)
        case requests.ConnectionError() | requests.Timeout():
            return unanswered(error)
        case _:
            return None
