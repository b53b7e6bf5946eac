"""The judge of the other tests: that it finds what is not described."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from apidescription import Asked, Description

GITHUB = Asked(
    "POST",
    "/repos/team/models/issues/12/comments",
    {"authorization": "Bearer x", "content-type": "application/json"},
    b'{"body": "text"}',
)
BITBUCKET = replace(
    GITHUB,
    url="/2.0/repositories/team/models/pullrequests/12/comments",
    body=b'{"content": {"raw": "text"}}',
)


@pytest.mark.parametrize(
    ("name", "asked", "complaint"),
    [
        ("github", GITHUB, None),
        ("github", replace(GITHUB, body=b'{"body": "text", "tag": 1}'), "key tag is not described"),
        ("github", replace(GITHUB, body=b'{"body": 1}'), "body: 1 is not of type"),
        ("github", replace(GITHUB, body=b"{}"), "'body' is a required property"),
        ("github", replace(GITHUB, body=b""), "there is no body"),
        ("github", replace(GITHUB, method="PUT"), "no operation PUT"),
        ("github", replace(GITHUB, url=GITHUB.url + "?page=1"), "query parameter page is not described"),
        ("github", replace(GITHUB, url=GITHUB.url.replace("12", "x")), "path issue_number"),
        ("github", replace(GITHUB, headers={**GITHUB.headers, "private-token": "x"}), "header private-token"),
        ("bitbucket", BITBUCKET, None),
        ("bitbucket", replace(BITBUCKET, body=b'{"content": {"text": ""}}'), "key text is not described"),
        ("gitea", replace(GITHUB, url=f"/api/v1{GITHUB.url}"), "authorization by 'bearer'"),
    ],
)
def test_a_request_that_is_not_described(name: str, asked: Asked, complaint: str | None) -> None:
    complaints = list(Description(name).of_request(asked))
    if complaint is None:
        assert complaints == []
    else:
        assert any(complaint in one for one in complaints), complaints


def test_an_answer_that_is_not_as_described() -> None:
    description = Description("github")
    assert list(description.of_answer(GITHUB, 201, json.dumps({"id": "1"}).encode()))
    assert not list(description.of_answer(GITHUB, 503, b"busy"))
