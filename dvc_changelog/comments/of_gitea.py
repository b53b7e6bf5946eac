"""Comments on Gitea and Forgejo, with pyforgejo.

Of the libraries for the two it is the one that has releases for Python 3.11, types, and calls that wait for
their answer; it is made from Forgejo's own description of its API, which is Gitea's for comments.
"""

from __future__ import annotations

import os
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from dvc_changelog.comments.client import Comment, unanswered
from dvc_changelog.comments.failure import CREATING, LISTING, MOVED, UPDATING, Failure, asking, named
from dvc_changelog.comments.place import Place
from dvc_changelog.comments.token import Token

_BEFORE = set(os.environ)
from pyforgejo import PyforgejoApi  # noqa: E402 (between two looks at the environment)
from pyforgejo.core.api_error import ApiError  # noqa: E402 (as above)

if TYPE_CHECKING:
    from pyforgejo.core.request_options import RequestOptions
    from pyforgejo.issue.client import IssueClient
    from pyforgejo.types.comment import Comment as Found
    from pyforgejo.user.client import UserClient

# It reads a file .env into the environment as it is imported; what a project keeps there is not for us, nor
# for the programs that we start.
for _name in set(os.environ) - _BEFORE:
    del os.environ[_name]

_ONCE: RequestOptions = {"max_retries": 0}
_OF_ACTIONS = -2  # the id of the user that the tokens of Actions are of


class Gitea:
    """A `Client`. To the API a pull request is an issue, whose comments come all at once."""

    def __init__(self, place: Place, token: Token, timeout: float) -> None:
        self._owner, _, self._name = place.repository.partition("/")
        self._number = place.number
        self.is_machine = False  # its tokens look alike
        api = PyforgejoApi(
            base_url=place.api,
            api_key=token.secret,
            httpx_client=httpx.Client(timeout=timeout, event_hooks={"request": [_discreet]}),
        )
        self._issue: IssueClient = api.issue
        self._user: UserClient = api.user

    def comments(self) -> list[Comment]:
        """As `Client`."""
        call = partial(self._issue.get_comments, self._owner, self._name, self._number, request_options=_ONCE)
        return asking(LISTING, lambda: [_told(comment) for comment in call()], _read)

    def create(self, text: str) -> Comment:
        """As `Client`."""
        call = partial(self._issue.create_comment, self._owner, self._name, self._number, body=text)
        return asking(CREATING, lambda: _told(call(request_options=_ONCE)), _read)

    def update(self, comment: Comment, text: str) -> Comment:
        """As `Client`."""
        call = partial(self._issue.edit_comment, self._owner, self._name, comment.id, body=text)
        return asking(UPDATING, lambda: _told(call(request_options=_ONCE)), _read)

    def me(self) -> str:
        """As `Client`."""
        return named(lambda: self._user.get_current(request_options=_ONCE).login or "", _read)


def _discreet(request: httpx.Request) -> None:
    """Leave out which Python and which kernel ask: no forge wants to know, and no description lists it."""
    for name in [name for name in request.headers if name.startswith("x-fern-")]:
        del request.headers[name]


def _told(comment: Found) -> Comment:
    if comment.id is None:
        raise ValueError
    author, user = (comment.user.login or "", comment.user.id) if comment.user else ("", None)
    return Comment(comment.id, comment.body or "", comment.html_url or "", author, user == _OF_ACTIONS)


def _read(error: Exception) -> Failure | None:
    match error:
        case ApiError() if error.status_code and error.status_code >= HTTPStatus.BAD_REQUEST:
            said = error.body.get("message") if isinstance(error.body, dict) else error.body
            return Failure(error.status_code, str(said or ""), error.headers)
        case ApiError() if error.status_code and error.status_code >= HTTPStatus.MULTIPLE_CHOICES:
            return Failure(MOVED)  # followed by none: what is written would be lost
        case httpx.TransportError():
            return unanswered(error)
        case _:
            return None
