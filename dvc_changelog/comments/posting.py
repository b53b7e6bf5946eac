"""The one comment of a pull request: found among all, and created or updated."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from dvc_changelog.comments.client import Client, opened, silenced
from dvc_changelog.comments.failure import Failure, error_of
from dvc_changelog.comments.forges import TRAITS
from dvc_changelog.comments.ours import Signature, ours
from dvc_changelog.comments.patience import Patience
from dvc_changelog.comments.place import Place
from dvc_changelog.comments.token import Token, token_of
from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import ForgeError


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
    signature: Signature,
    patience: Patience | None = None,
) -> Posted:
    """Post with the token that the environment has.

    Args:
        place: which pull request; `place_of` tells it.
        body: the whole comment, its mark in the first line.
        environ: as `os.environ`.
        signature: how `body` begins.
        patience: how long to wait.

    Raises:
        NotPermittedError: no token, or one that may not write: the text has to go elsewhere.
        ForgeError: as `post`.
        UsageError: there is no token where one could be.
    """
    return post(place, token_of(place, environ), body, signature=signature, patience=patience)


def post(
    place: Place, token: Token, body: str, *, signature: Signature, patience: Patience | None = None
) -> Posted:
    """Create or update the one comment.

    Args:
        place: which pull request.
        token: what to ask with; it is in no message.
        body: the whole comment, its mark in the first line.
        signature: how `body` begins, by which the one that is there is known.
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
            return patience.until_done(lambda: _once(client, body, signature))
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


def _once(client: Client, body: str, signature: Signature) -> Posted:
    """One attempt. It begins with a look at all comments: the last one may have made its own unheard."""
    there = client.comments()
    known = ours(there, signature, client)
    messages: list[str] = []
    for count, found in enumerate(known):
        if _same(found.text, body):
            return Posted(found.url, unchanged=True, messages=tuple(messages))
        try:
            updated = client.update(found, body)
        except Failure as failure:
            if not failure.forbidden or failure.status == HTTPStatus.UNAUTHORIZED:
                raise
            messages.append(f"Left alone, for this token may not update it: {found.url or found.id}.")
            continue
        others = [one for one in known[count + 1 :] if one.author == found.author]
        if others:
            named = ", ".join(one.url or str(one.id) for one in others)
            messages.append(f"Of several comments with this mark one was updated; delete {named}.")
        return Posted(updated.url, messages=tuple(messages))
    strangers = [one for one in there if signature.marked(one.text) and one not in known]
    messages += [f"Left alone, for it is not known to be ours: {one.url or one.id}." for one in strangers]
    return Posted(client.create(body).url, created=True, messages=tuple(messages))


def _same(there: str, body: str) -> bool:
    """Whether a forge shows two texts alike: some drop the last line's end, or write ends as Windows does."""
    return _plain(there) == _plain(body)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
