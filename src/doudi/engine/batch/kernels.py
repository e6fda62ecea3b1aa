"""Kernels: the text of a loop becomes a compiled function, kept on disk under the hash of its content.

A kernel is written once, as a module named after the SHA-256 of its text, of this engine's version, of numba's
version and of the processor; numba keeps its machine code beside it. The same structure of a law – whatever its
numbers – finds its kernel again in any later process. The folder is `DOUDI_CACHE`, else the user's cache folder, else
a private temporary one: a read-only installation needs no other place to write.
"""

from __future__ import annotations

import atexit
import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock
from types import ModuleType

from doudi import __version__
from doudi.engine.batch.kernel_text import kernel_text
from doudi.engine.batch.law import Law, Mode

Kernel = Callable[..., None]


@cache
def compiled() -> bool:
    """Whether numba is here and wanted; where not, the wavefront on arrays does the same work."""
    if os.environ.get("DOUDI_NO_JIT"):
        return False
    return importlib.util.find_spec("numba") is not None


def kernel(laws: list[Law], mode: Mode) -> Kernel:
    """The compiled loop for some laws and a mode."""
    if len(laws) > 1:
        return kernel_of(kernel_text(laws, mode))
    (law,) = laws
    if mode not in law.texts:
        law.texts[mode] = kernel_text(laws, mode)
    return kernel_of(law.texts[mode])


@cache
def kernel_of(text: str) -> Kernel:
    """The compiled loop of a text; compiled at its first call in the world, read from disk afterwards."""
    with _LOADING:  # another thread must not meet a module that is still being run
        run: Kernel = _module(text).run
    return run


_LOADING = Lock()


def content_hash(text: str) -> str:
    """The name of a kernel: what it says, who wrote it, what compiles it and for which processor."""
    import llvmlite.binding as llvm
    import numba

    made_by = (text, __version__, numba.__version__, str(llvm.get_host_cpu_name()))
    return hashlib.sha256("\0".join(made_by).encode()).hexdigest()[:32]


def _module(text: str) -> ModuleType:
    name = f"doudi_kernel_{content_hash(text)}"
    if name in sys.modules:
        return sys.modules[name]
    path = cache_folder() / f"{name}.py"
    if not path.exists():
        _write_once(path, text)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # before it runs: numba looks its functions up by this name
    spec.loader.exec_module(module)
    return module


def _write_once(path: Path, text: str) -> None:
    """Put a file in its place complete or not at all; whoever comes first wins, for all write the same."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink()


@cache
def cache_folder() -> Path:
    """Where kernels are kept; made if need be, for this user alone."""
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    folder = Path(os.environ.get("DOUDI_CACHE") or Path(home, "doudi")) / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        usable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        usable = False
    return folder if usable else _private_folder()


def _private_folder() -> Path:
    """A folder of this process alone, removed at its end."""
    folder = tempfile.TemporaryDirectory(prefix="doudi-kernels-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return Path(folder.name)
