"""The secret that a forge is asked with, and how it is kept out of all that is said."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import field
from urllib.parse import quote, quote_plus

from dvc_changelog.comments.forges import ANY_TOKEN, TRAITS, needed
from dvc_changelog.comments.place import Place
from dvc_changelog.dataclass import dataclass
from dvc_changelog.errors import NotPermittedError, UsageError

_USER, _PASSWORD = "BITBUCKET_USERNAME", "BITBUCKET_APP_PASSWORD"


@dataclass(frozen=True, slots=True)
class Token:
    """A secret; `variable` is where it was found, `user` whose it is where a forge wants a name beside it."""

    variable: str
    secret: str = field(repr=False)
    user: str = ""

    def hidden_in(self, text: str) -> str:
        """A text without the secret, in any of the forms that it travels in."""
        basic = b64encode(f"{self.user}:{self.secret}".encode()).decode()
        forms = {self.secret, quote(self.secret, safe=""), quote_plus(self.secret), basic}
        for form in sorted(forms, key=len, reverse=True):
            text = text.replace(form, "***") if form else text
        return text


def token_of(place: Place, environ: Mapping[str, str]) -> Token:
    """The token for a place.

    Args:
        place: where the comment goes.
        environ: as `os.environ`.

    Raises:
        NotPermittedError: there is none, as in the runs of a fork.
        UsageError: there is none, or it cannot be one.
    """
    traits = TRAITS[place.kind]
    names = (ANY_TOKEN, *traits.tokens, *(("GITHUB_TOKEN",) if _in_gitea(place, environ) else ()))
    user = environ.get(_USER, "").strip() if place.kind == "bitbucket" else ""
    found = next((name for name in names if environ.get(name, "").strip()), "")
    if found:
        return _checked(Token(found, environ[found].strip()))
    if user and environ.get(_PASSWORD, "").strip():
        return _checked(Token(_PASSWORD, environ[_PASSWORD].strip(), user))
    job = "; CI_JOB_TOKEN is there, but cannot write notes" if environ.get("CI_JOB_TOKEN") else ""
    either = " or ".join(names[1:])
    if place.kind == "bitbucket":
        either += f", or {_USER} and {_PASSWORD}"
    if place.fork:
        raise NotPermittedError(
            f"The branch comes from a fork, whose runs get no token for {traits.name}",
            f"To comment on those too, run where the secrets are: {needed(place.kind, place.ci)}.",
        )
    raise UsageError(
        f"There is no token for {traits.name}: {either} is not set" + (job if place.kind == "gitlab" else ""),
        f"What it takes: {needed(place.kind, place.ci)}. {ANY_TOKEN} is read on any forge.",
    )


def _in_gitea(place: Place, environ: Mapping[str, str]) -> bool:
    """Whether `GITHUB_TOKEN` is one of Gitea: GitHub's own must not be shown to another host."""
    return place.kind == "gitea" and bool(environ.get("GITEA_ACTIONS") or environ.get("FORGEJO_ACTIONS"))


def _checked(token: Token) -> Token:
    """A token that may stand in a header. The libraries would show one that may not in their error."""
    if not all("!" <= letter <= "~" for letter in token.secret):
        raise UsageError(
            f"What {token.variable} holds is no token: it has spaces, line ends or letters that none has",
            "Set it once more; a variable that was not expanded, or copied with its quotes, looks so.",
        )
    return token
