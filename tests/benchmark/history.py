"""A long synthetic history of a DVC repository, written by `git fast-import`: the benchmark's first stage.

Every project in it (a folder with its own dvc.yaml) has a param file, a lock, metrics, raw data. Commits
tune params, change data, go back to what was before, or touch code only. A hash follows from the inputs of
its stage: what is downstream of a change changes, and what goes back has its old hash again.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

START = 1_700_000_000
AUTHORS = ("Ada Moreno <ada@example.org>", "Jun Watanabe <jun@example.org>", "Kim Okafor <kim@example.org>")
HABITS = ("{}", "{}", "feat: {}", "fix({}): {}", "chore: {}", "WIP {}")
KNOBS = ("learning_rate", "epochs", "columns", "optimizer", "max_depth", "dropout", "seed", "shuffle")
FIXED = {
    ".dvc/config": "[core]\n    analytics = false\n    check_update = false\n",
    ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
    ".dvcignore": "",
    "README.md": "# A long history\n",
}


@dataclass(frozen=True)
class Size:
    """How long and how wide the history is: `history:` of params.yaml."""

    commits: int
    releases: int
    projects: int
    stages: int
    params: int
    seed: int


@dataclass
class Project:
    """One dvc.yaml and what belongs to it, as it is at the commit being written."""

    name: str
    params: dict[str, dict[str, Any]]
    raw: int = 1
    quality: float = 0.7
    past: list[tuple[dict[str, dict[str, Any]], int]] = field(default_factory=list)


def knob(rng: random.Random, name: str) -> Any:
    """A likely value of a param. in: randomness, the param's name; out: the value."""
    match name.rstrip("0123456789_"):
        case "learning_rate":
            return rng.choice((0.1, 0.03, 0.01, 0.003, 0.001, 1e-05))
        case "columns":
            return sorted(rng.sample(["age", "city", "income", "plan", "tenure", "zip"], rng.randint(2, 5)))
        case "optimizer":
            return rng.choice(("adam", "sgd", "adamw", "lbfgs"))
        case "dropout":
            return round(rng.uniform(0, 0.6), 2)
        case "shuffle":
            return rng.random() < 0.5
        case _:
            return rng.choice((5, 8, 10, 20, 50, 100, 200))


def projects(size: Size, rng: random.Random) -> list[Project]:
    """The projects as they are at the first commit."""
    result = []
    for number in range(size.projects):
        params: dict[str, dict[str, Any]] = {f"stage{stage}": {} for stage in range(size.stages)}
        for index in range(size.params):
            name = KNOBS[index // size.stages % len(KNOBS)]
            suffix = index // (size.stages * len(KNOBS))
            params[f"stage{index % size.stages}"][f"{name}_{suffix}" if suffix else name] = knob(rng, name)
        result.append(Project(f"p{number:02}", params))
    return result


def md5(*parts: object) -> str:
    """A hash of values, as DVC would write it."""
    return hashlib.md5(json.dumps(parts, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def dump(value: Any) -> str:
    """YAML as DVC writes it, in the order given."""
    return str(yaml.dump(value, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False))


def pipeline(project: Project) -> str:
    """The project's dvc.yaml: a chain of stages from the raw data to the metrics."""
    stages: dict[str, Any] = {}
    source = "data/raw.csv"
    for name, params in project.params.items():
        stages[name] = {"cmd": f"python src/{name}.py", "deps": [source], "outs": [f"out/{name}.bin"]}
        if params:
            stages[name]["params"] = [f"{name}.{knob}" for knob in params]
        source = f"out/{name}.bin"
    stages["evaluate"] = {"cmd": "python src/evaluate.py", "deps": [source]}
    stages["evaluate"]["metrics"] = [{"metrics.json": {"cache": False}}]
    model = {"path": source, "type": "model", "desc": f"The model of {project.name}"}
    return dump({"stages": stages, "artifacts": {f"model-{project.name}": model}})


def lock(project: Project, metrics: str) -> str:
    """The project's dvc.lock. in: the project, the text of its metrics.json; out: YAML."""
    entry = {
        "path": "data/raw.csv",
        "hash": "md5",
        "md5": md5(project.name, project.raw),
        "size": project.raw * 4096,
    }
    stages: dict[str, Any] = {}
    for name, params in project.params.items():
        out = md5(entry["md5"], name, params)
        stage: dict[str, Any] = {"cmd": f"python src/{name}.py", "deps": [entry]}
        if params:
            stage["params"] = {"params.yaml": {f"{name}.{key}": value for key, value in params.items()}}
        entry = {"path": f"out/{name}.bin", "hash": "md5", "md5": out, "size": 1000 + int(out[:4], 16)}
        stages[name] = deepcopy(stage | {"outs": [entry]})
    content = hashlib.md5(metrics.encode(), usedforsecurity=False).hexdigest()
    result = {"path": "metrics.json", "hash": "md5", "md5": content, "size": len(metrics)}
    stages["evaluate"] = {"cmd": "python src/evaluate.py", "deps": [entry | {}], "outs": [result]}
    return dump({"schema": "2.0", "stages": stages})


def files(project: Project) -> dict[str, str]:
    """The project's files as they are now. in: the project; out: path -> text."""
    noise = int(md5(project.params, project.raw)[:4], 16) / 0xFFFF  # the same state measures the same
    auc = round(min(0.999, project.quality + noise / 50), 4)
    train = {"auc": round(min(1.0, auc + 0.05), 4), "loss": round(1 - auc, 4)}
    test = {"auc": auc, "latency_ms": round(20 + 40 * noise, 1)}
    metrics = json.dumps({"train": train, "test": test}, indent=2) + "\n"
    raw = {
        "md5": md5(project.name, project.raw),
        "size": project.raw * 4096,
        "hash": "md5",
        "path": "raw.csv",
    }
    texts = {
        "dvc.yaml": pipeline(project),
        "dvc.lock": lock(project, metrics),
        "params.yaml": dump(project.params),
        "metrics.json": metrics,
        "data/raw.csv.dvc": dump({"outs": [raw]}),
    }
    return {f"{project.name}/{path}": text for path, text in texts.items()}


def step(rng: random.Random, everything: list[Project], number: int) -> tuple[str, dict[str, str]]:
    """What one commit does. in: randomness, the projects (changed here); out: the subject, path -> text."""
    project = rng.choice(everything)
    kind = rng.choices(("tune", "data", "back", "code", "docs"), (40, 15, 5, 30, 10))[0]
    if kind == "code":
        name = rng.choice(("api", "train", "report", "tests"))
        return f"improve {name} of {project.name}", {f"{project.name}/src/{name}.py": f"VERSION = {number}\n"}
    if kind == "docs":
        return "write down what we know", {"README.md": f"# A long history\n\nKnown at {number}.\n"}
    if kind == "back" and project.past:
        project.params, project.raw = deepcopy(rng.choice(project.past))
        return f"go back to earlier params of {project.name}", files(project)
    project.past = [*project.past[-9:], (deepcopy(project.params), project.raw)]
    if kind == "data":
        project.raw += rng.randint(1, 40)
        subject = f"new data for {project.name}"
    else:
        for _ in range(rng.randint(1, 3)):
            section = rng.choice([values for values in project.params.values() if values])
            name = rng.choice(sorted(section))
            section[name] = knob(rng, name)
        subject = f"tune {project.name}"
    project.quality = min(0.97, max(0.5, project.quality + rng.gauss(0.0005, 0.004)))
    return subject, files(project)


def stream(size: Size) -> Iterator[bytes]:
    """The history as `git fast-import` reads it. in: its size; out: pieces of the stream."""
    rng = random.Random(size.seed)
    everything = projects(size, rng)
    texts = FIXED | {path: text for project in everything for path, text in files(project).items()}
    subject = "start"
    every = max(1, size.commits // (size.releases + 1))
    for number in range(1, size.commits + 1):
        when = START + number * 3600
        who = rng.choice(AUTHORS)
        message = rng.choice(HABITS).replace("({})", "(core)").format(subject).encode()
        yield f"commit refs/heads/main\nmark :{number}\ncommitter {who} {when} +0000\n".encode()
        yield b"data %d\n%s\n" % (len(message), message)
        for path, text in texts.items():
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text.encode()), text.encode())
        release = number // every
        if number % every == 0 and release <= size.releases:
            tag = f"v{release // 20}.{release % 20}.0"
            yield f"tag {tag}\nfrom :{number}\ntagger {who} {when} +0000\ndata {len(tag)}\n{tag}\n".encode()
        subject, texts = step(rng, everything, number)


def write(size: Size, target: Path) -> None:
    """Make the bare repository anew. in: the size, where; what is there is replaced."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "--quiet", "--bare", "--template=", str(target)], check=True)
    subprocess.run(["git", "-C", str(target), "symbolic-ref", "HEAD", "refs/heads/main"], check=True)
    command = ["git", "-C", str(target), "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for piece in stream(size):
            process.stdin.write(piece)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


if __name__ == "__main__":
    chosen = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["history"]
    write(Size(**chosen), Path("build/benchmark/history.git"))
