"""What does a process of the desk read at its start that is the same in each? Importing this reads it, for all forks."""

from bot.handbook.loader import load, names
from bot.messages import check

HANDBOOKS = tuple(load(name) for name in names())
WORDS = check.load()
