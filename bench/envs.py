"""One environment per rival, made from its lock and made again only when the lock changes."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def python_of(name: str) -> Path:
    """Name the interpreter of an environment; acflow's is the one that runs the bench."""
    return Path(sys.executable) if name == "acflow" else HERE / ".envs" / name / "bin" / "python"


def ensure(name: str) -> None:
    """Make the environment unless it already stands as its lock says."""
    lock = HERE / "requirements" / f"{name}.lock"
    stamp = HERE / ".envs" / name / ".lock-hash"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"environment of {name}: making it", file=sys.stderr)
    uv = _uv()
    folder = HERE / ".envs" / name
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True)
    install: list[str | Path] = [
        uv,
        "pip",
        "sync",
        "--quiet",
        "--compile-bytecode",
        "--require-hashes",
        "--python",
        python_of(name),
        lock,
    ]
    subprocess.run(install, check=True)
    stamp.write_text(wanted)


def version(name: str, package: str) -> str:
    """Ask the environment what it really holds."""
    if not python_of(name).exists():
        return "not installed"
    question = f"from importlib.metadata import version; print(version({package!r}))"
    answer = subprocess.run([python_of(name), "-c", question], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "not installed"


def _uv() -> str:
    beside = Path(sys.executable).parent / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise SystemExit("The bench makes its environments with uv. Start it with: make bench")
    return found
