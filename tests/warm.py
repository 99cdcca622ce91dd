"""What does each process of the desk read alike at its start? Importing this reads it, for all forks."""

from bot.handbook.loader import load, names
from bot.messages import check

HANDBOOKS = tuple(load(name) for name in names())
WORDS = check.load()
