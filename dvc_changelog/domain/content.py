"""Values of params and metrics files, and the identity of what DVC tracks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType

from dvc_changelog.dataclass import dataclass

Value = object
"""A value of a params or metrics file, as DVC reads it: str, int, float, bool, None, list, dict."""

EMPTY: Mapping[str, Value] = MappingProxyType({})

_NO_FILES = "d751713988987e9331980363e24189ce.dir"
"""The digest of a directory without files: the md5 of `[]`, its listing."""


@dataclass(frozen=True, slots=True)
class Content:
    """The identity of a file or directory, as DVC records it.

    `algorithm` is "md5", "etag", "checksum" or "version_id"; "query" or "table" for what is asked of a
    database, "version" for that of a dataset, "dataset" for one that a stage depends on; "files", with a
    hash over those of `files`, for a directory that has none of its own; "git", with the object's id, for
    what is in Git. `digest` ends in ".dir" for a directory. `legacy` marks an md5 that DVC 2 took after
    dos2unix. `size` is in bytes; `nfiles` counts the files of a directory. `files` lists them where they are
    known (see `listed`), as of a cloud-versioned one: (path below it, digest, size). `versions` says under
    which version_id such a remote keeps what: (path below a directory, "" for a file; version_id); where it
    lies does not tell contents apart.
    """

    algorithm: str
    digest: str
    size: int | None = None
    nfiles: int | None = None
    legacy: bool = False
    files: tuple[tuple[str, str, int | None], ...] = ()
    versions: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether it is a directory without files: DVC takes the md5 of its list, "[]"."""
        return self.nfiles == 0 or self.digest == "d751713988987e9331980363e24189ce.dir"

    @property
    def is_dir(self) -> bool:
        """Whether the content is a directory."""
        return self.digest.endswith(".dir") or bool(self.files) or self.nfiles is not None

    @property
    def listed(self) -> bool:
        """Whether the content is a directory and its files are known."""
        return bool(self.files) or self.digest == _NO_FILES

    def same(self, other: Content) -> bool:
        """Whether both are byte for byte the same, as far as the record tells: by hash, not by size."""
        return (self.algorithm, self.digest) == (other.algorithm, other.digest)

    def differs(self, other: Content) -> bool:
        """Whether both are surely not the same: hashes of one kind, that no migration explains."""
        unsure = self.migrated(other) and (self.may_equal(other) or None in {self.size, other.size})
        return self.algorithm == other.algorithm and not self.same(other) and not unsure

    def migrated(self, other: Content) -> bool:
        """Whether DVC 2 hashed one side and DVC 3 the other."""
        return self.legacy != other.legacy and self.algorithm == other.algorithm == "md5"

    def may_equal(self, other: Content) -> bool:
        """Whether two hashes may differ only by DVC's version: DVC 2 took its md5 of text after dos2unix.

        Equal sizes and numbers of files are what a mere migration leaves; that it was one they do not prove.
        """
        sizes = self.size is not None and self.size == other.size
        counts = None in {self.nfiles, other.nfiles} or self.nfiles == other.nfiles
        return self.migrated(other) and not self.same(other) and sizes and counts
