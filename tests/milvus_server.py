"""A real Milvus 2.3.5 on loopback, with TLS and accounts, that can be killed and started again."""

from __future__ import annotations

import datetime
import ipaddress
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from index.base import MilvusAddress
from index.errors import StoreError
from index.milvus.client import Connection

PACKAGES = ("milvus==2.3.5", "setuptools<70")
TOKEN = "root:Milvus"  # what every server has at first
_SILENT_WAIT = 90  # seconds


class MilvusServer:
    """The server of PyPI's package `milvus`, in a virtual environment of its own.

    Only one can run on a machine: it has one place for its lock.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.certificate = folder / "server.pem"
        self._data = folder / "data"
        _certify(self.certificate, folder / "server.key")
        self._process: subprocess.Popen[bytes] | None = None

    def address(self, collection: str) -> MilvusAddress:
        return MilvusAddress(f"127.0.0.1:{self.port}", collection)

    def install(self) -> None:
        if not sys.platform.startswith("linux") or os.uname().machine != "x86_64":
            pytest.skip("PyPI has Milvus' server for Linux on x86-64 alone")
        venv.create(self.folder / "venv", with_pip=True)
        pip = [self.folder / "venv/bin/python", "-m", "pip", "install", "-q", *PACKAGES]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"Milvus' server cannot be installed: {done.stderr.strip()[-200:]}")

    def start(self) -> None:
        """Start the server, through its package's launcher."""
        options = {
            "common.security.authorizationEnabled": "true",
            "common.security.tlsMode": "1",
            "common.session.ttl": "5",  # seconds until a new server takes over from a killed one
            "tls.serverPemPath": str(self.certificate),
            "tls.serverKeyPath": str(self.folder / "server.key"),
            "tls.caPemPath": str(self.certificate),
        }
        self._run(
            [
                self.folder / "venv/bin/milvus-server", "--data", self._data,
                "--proxy-port", str(self.port),
                *(f"--extra-config={name}={value}" for name, value in options.items()),
            ],
            {},
        )  # fmt: skip

    def start_again(self) -> None:
        """Start what was killed, on the port it had, where its launcher would take the next."""
        binaries = self._data / "bin"
        own = {
            "DEPLOY_MODE": "STANDALONE",
            "MILVUS_RUN_DIR": str(self._data / "run"),
            "LD_LIBRARY_PATH": str(binaries),
        }
        self._run([binaries / "milvus", "run", "standalone"], own)

    def _run(self, command: Sequence[str | Path], own: Mapping[str, str]) -> None:
        self._data.mkdir(exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, cwd=self._data,
                env=os.environ | own,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until the server answers; skip the test if none can run here."""
        assert self._process is not None
        until = time.monotonic() + _SILENT_WAIT
        while True:
            try:
                Connection(self.address("none")).has("none")
                return
            except StoreError as error:
                if self._process.poll() is not None or time.monotonic() > until:
                    pytest.skip(f"no Milvus server runs here: {error}")
                time.sleep(0.2)

    def kill(self) -> None:
        """Kill it as kill -9 does."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def remove(self) -> None:
        """Kill it, and remove its half gigabyte."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def _certify(certificate: Path, private: Path) -> None:
    """Write a certificate for 127.0.0.1 that nobody else has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "article-qa tests")])
    now, day = datetime.datetime.now(datetime.timezone.utc), datetime.timedelta(days=1)
    loopback = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([loopback]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
