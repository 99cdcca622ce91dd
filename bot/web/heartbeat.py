"""Who notices that the desk has gone silent? A monitor that misses our call.

A chore calls HEARTBEAT_URL while all is well. When it does not come the monitor alarms, whatever the reason is here.
"""

import http.client
import logging
from urllib.parse import urlsplit

from bot.web.health import Health

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10


def beat(url: str, health: Health) -> bool:
    """Calls the monitor where this process is ready; whether the monitor took it. A monitor that is away is logged."""
    if wrong := health.check():
        log.warning("no heartbeat: %s", "; ".join(wrong.values()))
        return False
    parts = urlsplit(url)
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.netloc, timeout=TIMEOUT_SECONDS)
    try:
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        connection.request("GET", path, headers={"User-Agent": "watchbell"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        log.warning("the heartbeat was not heard: %s", error)
        return False
    finally:
        connection.close()
    if status >= http.client.BAD_REQUEST:
        log.warning("the heartbeat was refused: HTTP %d", status)
    return status < http.client.BAD_REQUEST
