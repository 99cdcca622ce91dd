"""What can people of ours mark on a ticket, and what does the handbook make of it?

A mark is a statement of a person; phrases of the customer's may suggest one, but never set it.
Sources: enterprise support §Escalation Triggers, channel handbook §4, service policy §Severity 1; ledger ES-2, PG-5.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Mark(StrEnum):
    """One kind of mark. All but the last bear the name of the trigger that they set off."""

    SECURITY = "security"
    DATA_LOSS = "data_loss"
    REPEATED_FAILURES = "repeated_failures"
    SEVERAL_CUSTOMERS = "several_customers"
    BUSINESS_IMPACT = "business_impact"
    CUSTOMER_SYSTEM = "customer_system"

    @property
    def counts(self) -> bool:
        """Whether it may be set again: each time is one more failure."""
        return self is Mark.REPEATED_FAILURES


def suggested(phrases: Mapping[Mark, tuple[str, ...]], text: str, *, known: Collection[Mark] = ()) -> tuple[Mark, ...]:
    """Give the marks that a handbook's phrases suggest for a text, without those that are `known`. People decide."""
    said = f" {' '.join(text.casefold().split())} "
    return tuple(
        mark for mark in Mark if mark not in known and any(each.casefold() in said for each in phrases.get(mark, ()))
    )
