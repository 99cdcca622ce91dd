"""A typed address reaches the public internet only."""

import pytest

from bot.app.fetch import CannotFetch, admitted_address, fetch
from bot.delivery.fence import Fence


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
        fetch(url, fence=Fence(), resolve=lambda *_: ["93.184.216.34"])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "2002:0a00:0001::1",
        "64:ff9b::10.0.0.1",
    ],
)  # fmt: skip
def test_an_address_inside_a_private_network_is_not_fetched(address: str) -> None:
    with pytest.raises(CannotFetch, match="private network"):
        fetch("https://calendar.example/a.ics", fence=Fence(), resolve=lambda *_: [address])
    with pytest.raises(CannotFetch, match="private network"):
        admitted_address("calendar.example", 443, fence=Fence(), resolve=lambda *_: ["93.184.216.34", address])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_a_private_address_is_seen_in_every_spelling(host: str) -> None:
    with pytest.raises(CannotFetch):
        fetch(f"https://{host}/a.ics", fence=Fence())


def test_all_addresses_of_a_host_must_be_public() -> None:
    assert (
        admitted_address("calendar.example", 443, fence=Fence(), resolve=lambda *_: ["93.184.216.34"])
        == "93.184.216.34"
    )
    with pytest.raises(CannotFetch, match="private network"):
        admitted_address("calendar.example", 443, fence=Fence(), resolve=lambda *_: [])


def test_a_host_that_the_operator_names_is_fetched() -> None:
    for gate in ("10.1.0.0/16", "10.1.2.3"):
        assert admitted_address("mail.inside", 443, fence=Fence((gate,)), resolve=lambda *_: ["10.1.2.3"]) == "10.1.2.3"
    with pytest.raises(CannotFetch, match="PRIVATE_HOSTS"):
        admitted_address("mail.inside", 443, fence=Fence(("10.2.0.0/16",)), resolve=lambda *_: ["10.1.2.3"])
