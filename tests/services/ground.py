"""On what do many lives of a desk begin, one after the other, and how may each of them lose its process?"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.messages.render import Catalog
from bot.store.database import Database
from tests.postgres import Server
from tests.services.misfortune import Killed
from tests.services.office import Office


class Quiet(Office):
    """A desk from which only the relay sends."""

    def delivers(self) -> None:
        """Nothing leaves by itself."""


class OneWording(Catalog):
    """Says the same at every time: these lives are about who is called, and the words have tests of their own."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, dict[str, str]] = {}

    def say(self, name: str, *, zone: str, now: datetime, **values: object) -> dict[str, str]:
        if name not in self._said:
            self._said[name] = super().say(name, zone=zone, now=now, **values)
        return self._said[name]


class Ground:
    """The database under all lives: each begins with the same desk on it, and each may lose its process on it.

    `forget` makes the database anew as it was when it was called for the first time.
    """

    def __init__(self, url: str, forget: Callable[[], None], *, now: datetime) -> None:
        self._forget = forget
        self.dies_at = ""
        self.changed = True
        # One for all lives, since it knows the statements; a new process is a new desk on it.
        self.db = Database(url, fault=self._may_die)
        self.db.on_commit(self._has_changed)
        self.office = Quiet(self.db, now=now)
        self.office.desk = replace(self.office.desk, catalog=OneWording())
        self.steps = 0
        self.seen: Counter[str] = Counter()
        """How often what happened in all lives."""

    def begins_again(self) -> None:
        """Forget everything but the directory."""
        self.db.dispose()
        self._forget()
        self.dies_at, self.changed = "", True

    def _has_changed(self) -> None:
        self.changed = True

    def _may_die(self, point: str) -> None:
        if point == self.dies_at:
            self.dies_at = ""
            raise Killed


@contextmanager
def on_sqlite(template: Path, *, now: datetime) -> Iterator[Ground]:
    """A file in memory where the system has such a folder: a commit there waits for no disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(prefix="watchbell-life-", dir=memory if memory.is_dir() else None) as folder:
        file, kept = Path(folder) / "life.db", Path(folder) / "kept.db"
        shutil.copyfile(template, file)

        def forget() -> None:
            if not kept.exists():
                shutil.copyfile(file, kept)
            for beside in ("-wal", "-shm"):
                Path(f"{file}{beside}").unlink(missing_ok=True)
            shutil.copyfile(kept, file)

        ground = Ground(f"sqlite:///{file}", forget, now=now)
        yield ground
        ground.db.dispose()


@contextmanager
def on_postgres(server: Server, *, now: datetime) -> Iterator[Ground]:
    """A database of a server's, made anew for each life as a copy of the first one's beginning."""
    name, kept = f"life_{id(server)}", f"life_{id(server)}_kept"
    made = False

    def forget() -> None:
        nonlocal made
        if not made:
            server.run(f'CREATE DATABASE "{kept}" TEMPLATE "{name}" STRATEGY FILE_COPY')
            made = True
        server.drop(name)
        server.run(f'CREATE DATABASE "{name}" TEMPLATE "{kept}" STRATEGY FILE_COPY')

    ground = Ground(server.create(name), forget, now=now)
    yield ground
    ground.db.dispose()
    server.drop(name)
    server.drop(kept)
