"""`review` as a person and as CI run it: what is printed, written and shown, and the exit code."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gitrepo import GitRepo, isolated
from jsonschema import Draft202012Validator
from junitparser import JUnitXml
from workflows.branches import project, scored

from dvc_changelog.render.schemas import schema

if TYPE_CHECKING:
    from clirun import Run

__all__ = ["isolated"]

RULES = '[tool.dvc-changelog.metric-rules]\nlatency = {better = "lower", max = 50}\nauc = {better = "higher"}\n'
