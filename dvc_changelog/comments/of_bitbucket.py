"""Comments on Bitbucket Cloud, with atlassian-python-api."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from atlassian.bitbucket.cloud.repositories.pullRequests import PullRequest

from dvc_changelog.comments.client import Comment, unanswered
from dvc_changelog.comments.failure import CREATING, LISTING, UPDATING, Failure, asking
from dvc_changelog.comments.place import Place
from dvc_changelog.comments.token import Token


class Bitbucket:
    """A `Client`."""

    def __init__(self, place: Place, token: Token, timeout: float) -> None:
        at = f"{place.api}/repositories/{place.repository}/pullrequests/{place.number}"
        self._pull = PullRequest(
            # What the library would ask for first, and what it needs of it.
            {"type": "pullrequest", "links": {"self": {"href": at}}},
            **({"username": token.user, "password": token.secret} if token.user else {"token": token.secret}),
            cloud=True,
            api_root=None,
            api_version="2.0",
            retry_with_header=False,
        )
        self.is_machine = False  # its tokens look alike
        self._pull.timeout = timeout  # type: ignore[assignment]  # its parameter would round it

    def comments(self) -> list[Comment]:
        """As `Client`."""
        return asking(LISTING, self._listed, _read)

    def _listed(self) -> list[Comment]:
        found = (comment.data for comment in self._pull.comments())
        return [_told(comment) for comment in found if not comment.get("deleted")]

    def create(self, text: str) -> Comment:
        """As `Client`."""
        return asking(CREATING, lambda: _told(self._pull.comment(text)), _read)

    def update(self, comment: Comment, text: str) -> Comment:
        """As `Client`."""
        # Not `Comment.update` of the library, which goes where an answer says it should.
        at, data = f"comments/{comment.id}", {"content": {"raw": text}}
        return asking(UPDATING, lambda: _told(self._pull.put(at, data=data) or {}), _read)

    def me(self) -> str:
        """As `Client`. An access token may not ask; and nobody may edit here what another one wrote."""
        return ""


def _told(comment: Mapping[str, Any]) -> Comment:
    page = comment.get("links", {}).get("html", {}).get("href", "")
    user, text = comment.get("user") or {}, (comment.get("content") or {}).get("raw") or ""
    # An account of this type comes with an access token.
    return Comment(int(comment["id"]), text, page, user.get("uuid") or "", user.get("type") == "app_user")


def _read(error: Exception) -> Failure | None:
    match error:
        case requests.HTTPError() if error.response is not None:
            # Where the answer has no words of its own, the error's are those of HTTP around an address.
            said = error.response.reason if " for url: " in str(error) else str(error)
            return Failure(error.response.status_code, said, error.response.headers)
        case requests.ConnectionError() | requests.Timeout():
            return unanswered(error)
        case _:
            return None
