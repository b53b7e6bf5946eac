"""Addresses of repositories, databases and data elsewhere, as they may be shown."""

from __future__ import annotations

import re

_CREDENTIALS = re.compile(r"(?<=://)[^/?#\s]*@")


def without_credentials(text: str) -> str:
    """A text whose addresses name no user and no password."""
    return _CREDENTIALS.sub("", text)
