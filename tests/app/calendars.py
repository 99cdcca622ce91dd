"""Where does somebody's calendar lie in tests? On an https server of this machine, in good and bad moods."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


def calendar(*days: str, more: str = "") -> bytes:
    """A calendar whose owner is away on these days, such as `20260105`."""
    events = [
        f"BEGIN:VEVENT\r\nUID:{day}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:{day}\r\n{more}END:VEVENT\r\n"
        for day in days
    ]
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


class Shelf:
    """Gives `content` with `status`; `silent` lets it hang until it is released."""

    def __init__(self, port: int, certificate: Path) -> None:
        self.url = f"https://{HOST}:{port}/private-3f9a/ana.ics?key=hunter2"
        self.certificate = certificate
        self.content = calendar("20260105")
        self.status = 200
        self.silent = False
        self.released = threading.Event()
        self.asked: list[str] = []


@contextmanager
def shelf(folder: Path) -> Iterator[Shelf]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there.asked.append(self.path)
            if there.silent:
                there.released.wait(30)
                return
            self.send_response(there.status)
            self.send_header("content-length", str(len(there.content)))
            self.end_headers()
            self.wfile.write(there.content)

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    certificate = _certified(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = ThreadingHTTPServer((HOST, 0), Answers)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    there = Shelf(server.server_port, certificate)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield there
    finally:
        there.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _certified(folder: Path) -> Path:
    """A file with a fresh key and its certificate for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "calendars.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    return path
