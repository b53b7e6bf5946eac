"""Each forge on loopback, in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from forgeserver import DIALECTS, ForgeServer, serving


@pytest.fixture(params=list(DIALECTS))
def forge(request: pytest.FixtureRequest) -> Iterator[ForgeServer]:
    with serving(request.param) as server:
        yield server
