"""Which browser windows are open, and what do they need to hear?"""

import asyncio
from dataclasses import dataclass, field

from bot.sandbox.wire import Json

KEPT_FRAMES = 2000


@dataclass(eq=False, slots=True)
class Window:
    """One browser window, looking as one person; a window that reads nothing loses its oldest frames."""

    person: str
    frames: "asyncio.Queue[Json]" = field(default_factory=lambda: asyncio.Queue(KEPT_FRAMES))

    def push(self, frame: Json) -> None:
        """Hands the window a frame."""
        if self.frames.full():
            self.frames.get_nowait()
        self.frames.put_nowait(frame)


class Live:
    """The open windows."""

    def __init__(self) -> None:
        self.windows: list[Window] = []

    def push(self, frame: Json, *, to: list[str] | None = None) -> None:
        """To the windows of these people, or to all."""
        for window in self.windows:
            if to is None or window.person in to:
                window.push(frame)
