"""A typed address reaches the public internet only."""

import pytest

from bot.app.fetch import CannotFetch, fetch, public_address


@pytest.mark.parametrize(
    "url",
    [
        "http://calendar.example/a.ics",
        "file:///etc/passwd",
        "https://",
        "https://ana:secret@calendar.example/a.ics",
        "ftp://calendar.example/a.ics",
        "https://calendar.example:99999/a.ics",
    ],
)
def test_only_https_without_a_password_is_fetched(url: str) -> None:
    with pytest.raises(CannotFetch, match=r"https://|no port"):
        fetch(url, resolve=lambda *_: ["93.184.216.34"])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:0a00:0001::1",
    ],
)  # fmt: skip
def test_an_address_inside_a_private_network_is_not_fetched(address: str) -> None:
    with pytest.raises(CannotFetch, match="private network"):
        fetch("https://calendar.example/a.ics", resolve=lambda *_: [address])
    with pytest.raises(CannotFetch, match="private network"):
        public_address("calendar.example", 443, resolve=lambda *_: ["93.184.216.34", address])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_a_private_address_is_seen_in_every_spelling(host: str) -> None:
    with pytest.raises(CannotFetch):
        fetch(f"https://{host}/a.ics")


def test_all_addresses_of_a_host_must_be_public() -> None:
    assert public_address("calendar.example", 443, resolve=lambda *_: ["93.184.216.34"]) == "93.184.216.34"
    with pytest.raises(CannotFetch, match="private network"):
        public_address("calendar.example", 443, resolve=lambda *_: [])
