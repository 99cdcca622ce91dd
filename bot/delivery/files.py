"""How do files that somebody of ours chose reach a thread where they were not, and how do they leave it again?

Slack does not say which message bears an upload, and takes no metadata with it: each copy's name ends in letters of the
row's id, by which it is found again.
"""

import urllib.request
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient

from bot.delivery.errors import DeliveryError
from bot.delivery.refusals import NETWORK_ERRORS, TIMEOUT_SECONDS, call, meaning_of
from bot.store.tables import OutboxRow

MARK_LETTERS = 8
"""How much of a row's id a file's name bears."""

GONE = frozenset({"file_not_found", "file_deleted", "message_not_found"})


class Files:
    """Copies of files through Slack's Web API. Threads may share one."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def share(self, row: OutboxRow, *, channel: str) -> None:
        """Post copies of a row's files in its thread, with its text beside them. Raises DeliveryError."""
        copies = [
            {"content": self._content(each["id"]), "filename": _marked(each["name"], row.id), "title": each["name"]}
            for each in row.payload["files"]
        ]
        given: dict[str, Any] = {"channel": channel, "initial_comment": row.payload["text"]}
        call(self._client.files_upload_v2, file_uploads=copies, thread_ts=row.thread, **given)

    def remove(self, message: Mapping[str, Any], *, channel: str) -> None:
        """Delete a message with its files; what is gone already is no error. Raises DeliveryError."""
        for each in message.get("files") or ():
            self._unless_gone(self._client.files_delete, file=each["id"])
        self._unless_gone(self._client.chat_delete, channel=channel, ts=message["ts"])

    def _unless_gone(self, method: Any, **given: str) -> None:
        try:
            call(method, **given)
        except DeliveryError as refused:
            if refused.code not in GONE:
                raise

    def _content(self, file_id: str) -> bytes:
        found: Mapping[str, Any] = call(self._client.files_info, file=file_id).get("file") or {}
        address = str(found.get("url_private_download") or found.get("url_private") or "")
        if not self._is_slacks(address):
            # A file of another service stands in Slack by its address there: our token is not for that service.
            raise DeliveryError("file_not_found", permanent=True)
        headers = {"Authorization": f"Bearer {self._client.token}"}
        request = urllib.request.Request(address, headers=headers)  # noqa: S310 - Slack named the address
        try:
            with urllib.request.build_opener(_Stay()).open(request, timeout=TIMEOUT_SECONDS) as answer:
                content: bytes = answer.read()
        except NETWORK_ERRORS as error:
            raise meaning_of(error) from error
        return content

    def _is_slacks(self, address: str) -> bool:
        """Whether an address is Slack's own, or that of the API that we speak to."""
        parts = urlsplit(address)
        api = urlsplit(self._client.base_url)
        if (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
            return True
        return parts.scheme == "https" and (parts.hostname or "").endswith(".slack.com")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else: a redirect would take our token along."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow nothing."""
        return


def bears(message: Mapping[str, Any], row_id: str) -> bool:
    """Whether a message holds the files of that row."""
    names = [PurePath(str(each.get("name") or "")).stem for each in message.get("files") or () if each]
    return any(name.endswith(f"-{row_id[-MARK_LETTERS:]}") for name in names)


def _marked(name: str, row_id: str) -> str:
    path = PurePath(name)
    return f"{path.stem}-{row_id[-MARK_LETTERS:]}{path.suffix}"
