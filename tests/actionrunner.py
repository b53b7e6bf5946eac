"""A runner of composite GitHub Actions, as far as ours goes: what it does not know fails the test."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_TOKEN = re.compile(r"\s*(?:(?P<text>'[^']*')|(?P<name>[a-z][\w.-]*)|(?P<operator>==|\|\|))")
_KEYS = {"id", "name", "if", "uses", "with", "shell", "run", "env", "working-directory"}
Uses = Callable[[str, Mapping[str, str]], Mapping[str, str]]


@dataclass
class Job:
    """One job: its environment, and what its steps left. `get` does what `uses` names, with its outputs."""

    action: Path
    workspace: Path
    temp: Path
    environ: dict[str, str]
    token: str = "none"
    get: Uses | None = None
    log: str = ""
    codes: dict[str, int] = field(default_factory=dict)
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def summary(self) -> str:
        return self._file("summary").read_text(encoding="utf-8")

    def _file(self, name: str) -> Path:
        path = self.temp / "_runner" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        return path

    def run(self, **inputs: str) -> dict[str, str]:
        """Run the action; its outputs. Names are written with `_` for `-`."""
        described = yaml.safe_load((self.action / "action.yml").read_text(encoding="utf-8"))
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert given.keys() <= described["inputs"].keys()
        known = {"github.token": self.token}
        known |= {
            f"inputs.{name}": given.get(name, evaluated(str(about.get("default", "")), known))
            for name, about in described["inputs"].items()
        }
        assert described["runs"]["using"] == "composite"
        self.codes.clear()
        for step in described["runs"]["steps"]:
            self._step(step, known)
        for name in ("env", "path"):
            assert self._file(name).read_text(encoding="utf-8") == "", "the job's environment is not ours"
        return {name: evaluated(about["value"], known) for name, about in described["outputs"].items()}

    def _step(self, step: Mapping[str, Any], known: dict[str, str]) -> None:
        assert step.keys() <= _KEYS
        if any(self.codes.values()) or ("if" in step and value(step["if"], known) in {"", "false"}):
            return
        if "uses" in step:
            assert self.get, f"the job has nothing to get {step['uses']} from"
            using = {name: evaluated(str(text), known) for name, text in step["with"].items()}
            self.used.append((step["uses"], using))
            found = self.get(step["uses"], using)
        else:
            found = self._ran(step, known)
        known |= {f"steps.{step['id']}.outputs.{name}": text for name, text in found.items()}

    def _ran(self, step: Mapping[str, Any], known: Mapping[str, str]) -> Mapping[str, str]:
        assert step["shell"] == "bash"
        script = self._file(f"{step['id']}.sh")
        script.write_text(evaluated(step["run"], known), encoding="utf-8")
        output = self._file(f"{step['id']}.output")
        output.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace / evaluated(step.get("working-directory", "."), known),
            env={
                **self.environ,
                "GITHUB_ACTIONS": "true",
                "CI": "true",
                "GITHUB_ACTION_PATH": str(self.action),
                "GITHUB_WORKSPACE": str(self.workspace),
                "RUNNER_TEMP": str(self.temp),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_ENV": str(self._file("env")),
                "GITHUB_PATH": str(self._file("path")),
                "GITHUB_STEP_SUMMARY": str(self._file("summary")),
                **{name: evaluated(str(text), known) for name, text in step.get("env", {}).items()},
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.log += done.stdout
        self.codes[step["id"]] = done.returncode
        lines = output.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


def evaluated(text: str, known: Mapping[str, str]) -> str:
    """A text with its expressions replaced by what they stand for."""
    return EXPRESSION.sub(lambda found: value(found[1], known), text)


def value(expression: str, known: Mapping[str, str]) -> str:
    """What an expression stands for: names, texts, `==` and `||`, and nothing else."""
    words, at = [], 0
    while at < len(expression.rstrip()):
        found = _TOKEN.match(expression, at)
        assert found, f"not known here: {expression}"
        words.append(found)
        at = found.end()
    terms = [_term(word, known) for word in words[::2]]
    operators = {word["operator"] for word in words[1::2]}
    assert len(words) % 2, f"not known here: {expression}"
    if operators == {"=="}:
        assert len(terms) == 2, f"not known here: {expression}"
        return "true" if terms[0] == terms[1] else "false"
    assert operators <= {"||"}, f"not known here: {expression}"
    return next((term for term in terms if term), terms[-1])


def _term(word: re.Match[str], known: Mapping[str, str]) -> str:
    if word["text"]:
        return word["text"][1:-1]
    name = word["name"] or ""
    if name.startswith("steps."):  # of a step that was skipped, or gave no such output
        return known.get(name, "")
    assert name in known, f"no such thing: {name}"
    return known[name]
