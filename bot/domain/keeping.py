"""For how long does the desk keep what it needs only to do things once?"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Keeping:
    """What was delivered is known for `deliveries_for`, far beyond Slack's repeats (an hour); what was sent can be
    read for `bodies_for` after its ticket is over. The record itself is kept for good.
    """

    deliveries_for: timedelta = timedelta(days=30)
    bodies_for: timedelta = timedelta(days=90)
