"""A published OpenAPI description, as a judge of requests and answers.

The descriptions are no part of this project: they lie in `shared/api` beside its checkout, or nowhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from openapi_schema_validator import OAS30Validator, oas30_format_checker

FOLDER = Path(__file__).parents[2] / "shared" / "api"
Schema = Mapping[str, Any]

# What every client of HTTP may send. What it means for authorization is looked at apart.
GENERAL = frozenset(
    {
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    }
)


@dataclass(frozen=True)
class Asked:
    """One request, as a server sees it; the names of its headers are in small letters."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.url).query, keep_blank_values=True)


class Description:
    """One description. Complaints are sentences; there are none where all is as it is described."""

    def __init__(self, name: str) -> None:
        path = FOLDER / f"{name}.json"
        if not path.is_file():
            pytest.skip(f"the description of the API is not there: ../shared/api/{path.name}")
        self.document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        server = urlsplit(self.document.get("servers", [{"url": ""}])[0]["url"])
        self.base = server.path.rstrip("/")

    def of_request(self, asked: Asked) -> Iterator[str]:
        """What is wrong with a request."""
        found = self._operation(asked)
        if not found:
            yield f"no operation {asked.method} {asked.path}"
            return
        operation, parameters, values = found
        for name, value in values.items():
            yield from self._of_parameter(parameters, "path", name, value)
        for name, value in asked.query:
            yield from self._of_parameter(parameters, "query", name, value)
        described = {one["name"].lower() for one in parameters if one["in"] == "header"}
        for name in asked.headers:
            if name not in described | GENERAL:
                yield f"header {name} is not described"
        scheme = asked.headers.get("authorization", "").partition(" ")[0].lower()
        if scheme not in self._schemes():
            yield f"authorization by {scheme!r} is not described, but {sorted(self._schemes())}"
        yield from self._of_body(operation, asked)

    def of_answer(self, asked: Asked, status: int, body: bytes) -> Iterator[str]:
        """What is wrong with an answer. One of a status that is not described is nobody's to judge."""
        found = self._operation(asked)
        if not found or str(status) not in found[0]["responses"]:
            return
        content = self._resolved(found[0]["responses"][str(status)]).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if schema:
            yield from self._of_value(schema, json.loads(body), f"the answer {status}")

    def _operation(self, asked: Asked) -> tuple[Schema, list[Schema], dict[str, str]] | None:
        for template, operations in self.document["paths"].items():
            pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.base + template))
            match = re.fullmatch(pattern, asked.path)
            if match and asked.method.lower() in operations:
                operation = operations[asked.method.lower()]
                both = [*operations.get("parameters", []), *operation.get("parameters", [])]
                values = {name: unquote(value) for name, value in match.groupdict().items()}
                return operation, [self._resolved(one) for one in both], values
        return None

    def _of_parameter(self, known: list[Schema], place: str, name: str, value: str) -> Iterator[str]:
        found = next((one for one in known if (one["in"], one["name"]) == (place, name)), None)
        if not found:
            yield f"{place} parameter {name} is not described"
            return
        number = found["schema"].get("type") == "integer" and re.fullmatch(r"-?\d+", value)
        yield from self._of_value(found["schema"], int(value) if number else value, f"{place} {name}")

    def _of_body(self, operation: Schema, asked: Asked) -> Iterator[str]:
        described = self._resolved(operation.get("requestBody", {})).get("content", {})
        if not asked.body:
            if described:
                yield "there is no body"
            return
        kind = asked.headers.get("content-type", "").partition(";")[0]
        if kind not in described:
            yield f"a body of type {kind!r} is not described"
            return
        value = json.loads(asked.body)
        schema = described[kind]["schema"]
        yield from self._unknown_keys(schema, value, "the body")
        yield from self._of_value(_typeless(schema, self.document), value, "the body")

    def _of_value(self, schema: Schema, value: object, what: str) -> Iterator[str]:
        components = self.document["components"]
        whole = {**schema, "components": components}
        validator = OAS30Validator(whole, format_checker=oas30_format_checker)
        for error in validator.iter_errors(value):
            yield f"{what}: {'/'.join(map(str, error.path))}: {error.message[:200]}"

    def _unknown_keys(self, schema: Schema, value: object, what: str) -> Iterator[str]:
        """Keys that no part of a schema lists; most schemas would let them pass."""
        if not isinstance(value, dict):
            return
        known = dict(self._properties(schema))
        for key, inner in value.items():
            if key in known:
                yield from self._unknown_keys(known[key], inner, f"{what}.{key}")
            else:
                yield f"{what}: key {key} is not described"

    def _properties(self, schema: Schema) -> Iterator[tuple[str, Schema]]:
        schema = self._resolved(schema)
        yield from schema.get("properties", {}).items()
        for word in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(word, ()):
                yield from self._properties(part)

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            found: Any = self.document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            schema = found
        return schema

    def _schemes(self) -> set[str]:
        """The first words that the header Authorization may have."""
        schemes = self.document["components"].get("securitySchemes", {}).values()
        words = {one["scheme"].lower() for one in schemes if one["type"] == "http"}
        words |= {"bearer" for one in schemes if one["type"] == "oauth2"}
        words |= {
            "token"
            for one in schemes
            if (one["type"], one.get("name")) == ("apiKey", "Authorization")
            and '"token"' in one["description"]
        }
        return words or {"bearer", "token"}  # GitHub's extract says nothing; its manual has these


def _typeless(schema: Schema, document: Schema) -> Schema:
    """Bitbucket's schema of a comment is that of its answers, which have a type; a request needs none."""
    if schema.get("$ref") != "#/components/schemas/pullrequest_comment":
        return schema
    schemas = document["components"]["schemas"]
    parts = [
        part for part in schemas["comment"]["allOf"] if part.get("$ref") != "#/components/schemas/object"
    ]
    assert len(parts) == 1
    return {"allOf": [*parts, schemas["pullrequest_comment"]["allOf"][1]]}
