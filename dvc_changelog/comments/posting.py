"""The one comment of a pull request: found among all, and created or updated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from dvc_changelog.comments.client import Client, Comment, opened, silenced
from dvc_changelog.comments.failure import Failure, error_of
from dvc_changelog.comments.forges import TRAITS
from dvc_changelog.comments.patience import Patience
from dvc_changelog.comments.place import Place
from dvc_changelog.comments.token import Token, token_of
from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import ForgeError

IsMine = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a comment: `created` anew, or found as it should be (`unchanged`), or else updated.

    `url` is where a person reads it, "" where the forge does not say. `messages` are what a user should know
    besides, in whole sentences.
    """

    url: str
    created: bool = False
    unchanged: bool = False
    messages: tuple[str, ...] = ()


def deliver(
    place: Place,
    body: str,
    environ: Mapping[str, str],
    *,
    is_mine: IsMine,
    patience: Patience | None = None,
) -> Posted:
    """Post with the token that the environment has.

    Args:
        place: which pull request; `place_of` tells it.
        body: the whole comment, its mark in the first line.
        environ: as `os.environ`.
        is_mine: whether a comment's text has the mark that `body` has.
        patience: how long to wait.

    Raises:
        NotPermittedError: no token, or one that may not write: the text has to go elsewhere.
        ForgeError: as `post`.
        UsageError: there is no token where one could be.
    """
    return post(place, token_of(place, environ), body, is_mine=is_mine, patience=patience)


def post(
    place: Place, token: Token, body: str, *, is_mine: IsMine, patience: Patience | None = None
) -> Posted:
    """Create or update the one comment.

    Args:
        place: which pull request.
        token: what to ask with; it is in no message.
        body: the whole comment, its mark in the first line.
        is_mine: whether a comment's text has the mark that `body` has. A mark counts only in the first line:
            further down it is somebody's quotation.
        patience: how long to wait.

    Returns:
        what was done. A comment that has the text already is left alone.

    Raises:
        NotPermittedError: the token may not write, or the conversation is closed.
        ForgeError: the library is not installed, the body is too long, the forge does not answer, or not so.
    """
    _fits(body, place)
    patience = patience or Patience()
    with silenced():
        client = opened(place, token, patience.timeout)
        try:
            return patience.until_done(lambda: _once(client, body, is_mine))
        except Failure as failed:
            error = error_of(failed, place, token)
    raise error


def _fits(body: str, place: Place) -> None:
    traits = TRAITS[place.kind]
    if len(body) > traits.limit:
        raise ForgeError(
            f"The comment has {len(body):,} characters, and {traits.name} takes {traits.limit:,}",
            "Print it instead, or write it to the summary of the job.",
        )


def _once(client: Client, body: str, is_mine: IsMine) -> Posted:
    """One attempt. It begins with a look at all comments: the last one may have made its own unheard."""
    marked = sorted((found for found in client.comments() if _marked(found, is_mine)), key=lambda one: one.id)
    messages: list[str] = []
    for count, found in enumerate(marked):
        if _same(found.text, body):
            return Posted(found.url, unchanged=True, messages=tuple(messages))
        try:
            updated = client.update(found, body)
        except Failure as failure:
            if not failure.forbidden or failure.status == HTTPStatus.UNAUTHORIZED:
                raise
            messages.append(f"Left alone, for this token may not update it: {found.url or found.id}.")
            continue
        if others := [other.url or str(other.id) for other in marked[count + 1 :]]:
            messages.append(
                f"The oldest of several comments with this mark was updated; delete {', '.join(others)}."
            )
        return Posted(updated.url, messages=tuple(messages))
    return Posted(client.create(body).url, created=True, messages=tuple(messages))


def _marked(comment: Comment, is_mine: IsMine) -> bool:
    """Whether it is one of ours: with the mark, and in the first line that is not blank."""
    first = comment.text.lstrip("\ufeff \r\n\t").splitlines()[:1]
    return bool(first) and is_mine(comment.text) and is_mine(f"{first[0]}\n")


def _same(there: str, body: str) -> bool:
    """Whether a forge shows two texts alike: some drop the last line's end, or write ends as Windows does."""
    return _plain(there) == _plain(body)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
