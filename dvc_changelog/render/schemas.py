"""The JSON Schemas of what is printed, as they lie in the package."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a document: "changelog" (of `review` too), "trace", "check" or "next-version"."""
    text = (files("dvc_changelog.render") / "schema" / f"{name}.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
