"""The one comment of a pull request, on the forge where it is. It knows forges, and nothing of DVC or Git.

`place_of` says which pull request, `limit_of` and `speaks_html` what a comment there may be, and `deliver`
creates it or brings it up to date. The forges' libraries are imported only then.
"""

from __future__ import annotations

from dvc_changelog.comments.forges import limit_of, speaks_html
from dvc_changelog.comments.patience import Patience
from dvc_changelog.comments.place import Place, place_of
from dvc_changelog.comments.posting import Posted, deliver, post
from dvc_changelog.comments.token import Token, token_of

__all__ = [
    "Patience",
    "Place",
    "Posted",
    "Token",
    "deliver",
    "limit_of",
    "place_of",
    "post",
    "speaks_html",
    "token_of",
]
