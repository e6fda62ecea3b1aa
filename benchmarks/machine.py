"""What was measured on: processor, cores, memory, and the versions of everything that takes part."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "numba", "polars", "duckdb", "pyarrow")


def processor() -> str:
    """The model as the system names it."""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def compiler() -> str:
    """The first line of `gcc --version`."""
    if shutil.which("gcc") is None:
        return "not found"
    shown = subprocess.run(["gcc", "--version"], check=True, capture_output=True, text=True).stdout
    return shown.splitlines()[0].split()[-1]


def installed(package: str) -> str:
    """The version of a package, or that there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not found"


def machine() -> dict[str, str]:
    """Everything by name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory:.1f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "gcc": compiler(),
        **{package: installed(package) for package in PACKAGES},
    }


def sentence(facts: dict[str, str]) -> str:
    """The machine in one line."""
    place = f"{facts['processor']}, {facts['cores']} cores, {facts['memory']}, {facts['system']}"
    return f"{place}; " + ", ".join(f"{name} {facts[name]}" for name in ("Python", "gcc", *PACKAGES))
