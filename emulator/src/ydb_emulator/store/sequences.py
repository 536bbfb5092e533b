"""The numbers of Serial columns, given out one by one.

Sources: TryToAllocate in ydb/core/tx/sequenceshard/tx_allocate_sequence.cpp, GetAlterSequenceDescription in
ydb/core/tx/schemeshard/schemeshard__operation_alter_sequence.cpp. Measured by stokaro/ptah (rule YD107): any ALTER
SEQUENCE lifts the largest number to that of Int64, and what the column's type can't hold is then stored cut off.
"""

from __future__ import annotations

from dataclasses import dataclass

LARGEST = 2**63 - 1


@dataclass
class Numbers:
    """What a sequence gives next, up to `largest`; `is_used` tells that `next` itself has been given already."""

    largest: int
    next: int = 1
    increment: int = 1
    is_used: bool = False

    def take(self) -> int | None:
        """The next number, or None where there is none; it is not given again, even after a rollback."""
        taken = self.next + (self.increment if self.is_used else 0)
        if taken > self.largest:
            return None
        if taken + self.increment <= self.largest:
            self.is_used = False
            self.next = taken + self.increment
            return taken
        if taken < self.largest:
            return None
        self.next, self.is_used = taken, True
        return taken

    def alter(self, restart: int | None, increment: int) -> None:
        """What ALTER SEQUENCE does; `restart` is the next number, None lets it be."""
        self.largest, self.increment = LARGEST, increment
        if restart is not None:
            self.next, self.is_used = restart, restart == LARGEST
