"""Which browser windows are open, and what do they need to hear?"""

import asyncio
import json
from dataclasses import dataclass, field

from bot.sandbox.wire import Json

KEPT_FRAMES = 2000
MOST_AT_ONCE = 100


@dataclass(eq=False, slots=True)
class Window:
    """One browser window, looking as one person; a window that reads nothing loses its oldest frames."""

    person: str
    frames: "asyncio.Queue[str]" = field(default_factory=lambda: asyncio.Queue(KEPT_FRAMES))

    def push(self, frame: str) -> None:
        """Hands the window a frame, written as JSON."""
        if self.frames.full():
            self.frames.get_nowait()
        self.frames.put_nowait(frame)

    async def next(self) -> str:
        """A JSON list of the frames that wait, at least one and at most a hundred, oldest first."""
        found = [await self.frames.get()]
        while not self.frames.empty() and len(found) < MOST_AT_ONCE:
            found.append(self.frames.get_nowait())
        return f"[{','.join(found)}]"


class Live:
    """The open windows."""

    def __init__(self) -> None:
        self.windows: list[Window] = []

    def push(self, frame: Json, *, to: list[str] | None = None) -> None:
        """To the windows of these people, or to all; written out once, however many they are."""
        reached = [window for window in self.windows if to is None or window.person in to]
        if reached:
            text = json.dumps(frame, separators=(",", ":"))
            for window in reached:
                window.push(text)
