"""Values of named fields that nobody changes: parts of syntax trees, of plans, of the catalog."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import dataclass_transform


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Fixed:
    """What is made from it is a dataclass. Two are equal where they are of one class and their fields are.

    That nobody changes one is for type checkers to see. There are so many classes that `frozen`, and methods that are
    made for each, would be half of what it takes to import the emulator.
    """

    def __init_subclass__(cls) -> None:
        cls.__doc__ = cls.__doc__ or cls.__name__  # else it would be the signature, which takes as long as all the rest
        dataclass(eq=False, repr=False)(cls)

    def compared(self) -> tuple[object, ...]:
        """The fields that tell it from another one."""
        return tuple(vars(self).values())

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.compared() == other.compared()

    def __hash__(self) -> int:
        return hash((type(self), self.compared()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"
