"""Is a password found wherever people put it, and is nothing else taken for one?"""

import re
import string
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services.secrets import BEARER, BLOCK, HINT, LABELLED, NEWER, PATTERNS, masked, secrets_in

# Written in halves, so that nobody's own scan takes this file for a leak.
SECRETS = {
    "password: hunter2": "hunter2",
    "The password is Tr0ub4dor&3, thanks": "Tr0ub4dor&3",
    "pw = s3cr3t!": "s3cr3t",
    "DB_PASSWORD=correcthorse": "correcthorse",
    '{"user": "cy", "password": "opensesame"}': "opensesame",
    "my passphrase was Xy9-zz-Blue": "Xy9-zz-Blue",
    "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY": "wJalrXUtnFEMI/K7MDENG",
    "the key AKIA" + "IOSFODNN7EXAMPLE is ours": "IOSFODNN7EXAMPLE",
    "postgres://app:s3cret" + "@db:5432/shop": "s3cret",
    "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345": "0123456789abcdefghij",
    "github_pat_" + "11ABCDEFG0123456789_abcdefghijk": "11ABCDEFG0123456789",
    "curl -H 'Authorization: Bearer " + "abcdef0123456789abcdef'": "abcdef0123456789abcdef",
    "xoxb-" + "123456789012-123456789012-abcdefABCDEF123456": "123456789012",
    "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N": "dozjgNryP4J3jVmNHl0w5N",
    "sk_live_" + "0123456789abcdefghijklmn": "0123456789abcdefghijklmn",
    "api key: 9f86d081884c7d659a2feaa0c55ad015": "9f86d081884c7d659a2feaa0c55ad015",
    "client_secret=aB3dE5gH7": "aB3dE5gH7",
    "token: 8d2f6c1e9b7a4035": "8d2f6c1e9b7a4035",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----\nso far": "MIIEow",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk": "b3BlbnNzaC1rZXk",
}

NO_SECRETS = (
    "The password is wrong for everybody",
    "password: please reset it",
    "Password reset does not work",
    "the password is case-sensitive",
    "The new password was not accepted",
    "Invalid token: expired",
    "token is expired since 10:32",
    "The access token is rejected",
    "The API key is not accepted",
    "secret key is missing",
    "Unexpected token '<', \"<!DOCTYPE\" is not valid JSON",
    "commit 3f786850e387550fdaab836ed6a64881de823eca broke it",
    "request 3fa85f64-5717-4562-b3fc-2c963f66afa6 failed",
    "  at com.acme.Foo.bar(Foo.java:42) [acme-1.2.jar!/:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b]",
    "image@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "password: ****",
    "secret: ${DB_SECRET}",
    "primary key: 123456",
    "Bearer authentication required, basic authentication fails with 401",
    "http://localhost:8080/a and https://acme.com:8443/x?mail=cy@acme.com",
    "APACHEHTTPD restarts, ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
    "T-1042 since 2026-03-02T15:00:00Z from 10.2.3.4:5432",
)


@pytest.mark.parametrize(("text", "secret"), SECRETS.items())
def test_a_secret_is_found_where_people_put_it(text: str, secret: str) -> None:
    read = masked(text)

    assert read.kinds
    assert secret not in read.text
    assert "removed]" in read.text


@pytest.mark.parametrize("text", NO_SECRETS)
def test_words_about_secrets_and_ids_are_left_alone(text: str) -> None:
    assert masked(text).text == text


def test_a_secret_that_is_repeated_is_taken_out_everywhere() -> None:
    read = masked("password: hunter2\nI typed hunter2 three times, and HUNTER also.")

    assert "hunter2" not in read.text
    assert "three times, and HUNTER also." in read.text
    assert read.kinds == ("password",)


def test_an_address_keeps_what_is_no_secret_of_it() -> None:
    assert masked("postgres://app:" + "s3cret@db:5432/shop").text == "postgres://app:[password removed]@db:5432/shop"


@given(st.text(max_size=400))
@settings(max_examples=200)
def test_what_is_masked_once_is_not_masked_again(text: str) -> None:
    once = masked(text)

    assert masked(once.text).text == once.text
    spans = secrets_in(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))


@given(
    st.uuids(),
    st.text("0123456789abcdef", min_size=40, max_size=40),
    st.text("0123456789abcdef", min_size=64, max_size=64),
    st.sampled_from(("request {}", "at {} failed", "commit {}", "id={}", "trace-id: {}", "sha256:{}", "build {},")),
)
@settings(max_examples=150)
def test_an_id_a_commit_or_a_digest_is_no_secret(uid: object, commit: str, digest: str, said: str) -> None:
    for each in (str(uid), commit, digest):
        text = said.format(each)
        assert masked(text).text == text


@given(
    st.text(string.ascii_letters + string.digits + "!$%&*+-_", min_size=8, max_size=40).filter(
        lambda word: any(each.isdigit() for each in word) and any(each.isalpha() for each in word) and word[0].isalnum()
    ),
    st.sampled_from(("password: {}", "the password is {} for now", "PASSWORD={}", "pwd:{}\nthanks", "passwd = '{}'")),
)
@settings(max_examples=200)
def test_any_password_after_its_label_is_gone(password: str, said: str) -> None:
    kept = password.rstrip("!*_")
    assert kept not in masked(said.format(password)).text


@pytest.mark.parametrize("piece", ["a", "password ", "pass", "-", "a:", "eyJ.", "://a:", "aws key ", "glpat-", "sk-"])
def test_a_text_of_one_piece_over_and_over_is_read_like_any_other(piece: str) -> None:
    assert len(masked(piece * (4_000 // len(piece))).text) >= 1


@pytest.mark.parametrize("shape", [*(pattern for pattern, _, _ in PATTERNS), NEWER, BEARER, LABELLED, BLOCK])
def test_whatever_has_the_shape_of_a_secret_holds_the_hint_of_one(shape: re.Pattern[str]) -> None:
    @settings(max_examples=10)
    @given(st.from_regex(shape))
    def holds(text: str) -> None:
        assert shape.search(text) is None or HINT.search(text)

    holds()
