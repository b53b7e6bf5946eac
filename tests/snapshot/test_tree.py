"""Where to look for files of interest, told by the paths that a history touched."""

from __future__ import annotations

import posixpath

from hypothesis import given
from hypothesis import strategies as st

from dvc_changelog.snapshot.tree import kind_of, places_of

PARTS = st.sampled_from(["a", "b", ".dvc", ".github", "workflows", "requirements"])
FILES = st.sampled_from(["dvc.lock", "x.dvc", "config", "ci.yml", "dev.txt", "Dockerfile", "main.py"])
PATHS = st.builds(lambda above, name: "/".join([*above, name]), st.lists(PARTS, max_size=4), FILES)


@given(st.lists(PATHS))
def test_each_directory_down_to_a_file_of_interest_is_a_place(paths: list[str]) -> None:
    places = places_of(paths)
    for path in paths:
        above = posixpath.dirname(path)
        if kind_of(path) or ".dvc" in above.split("/"):
            while above:
                assert above in places
                above = posixpath.dirname(above)
    plain = [path for path in paths if not kind_of(path) and ".dvc" not in path.split("/")]
    assert places_of(plain) == {""}
