"""Message classes of protobuf's pure-Python form, each made when it is first asked for instead of with its module.

A generated module makes the classes of all its messages when it is imported. In pure Python that takes long, and a
migration needs few of them. Descriptors are still made at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import SimpleNamespace
from typing import Any

waiting: dict[Any, Callable[[], Any]] = {}
"""What makes the class of a message, by the message's descriptor."""


class _Class:
    """The attribute of a descriptor that holds the message's class. Once made, the descriptor has it itself."""

    def __get__(self, descriptor: Any, owner: type | None = None) -> Any:
        outermost = descriptor
        while outermost.containing_type:
            outermost = outermost.containing_type
        if outermost not in waiting:  # protobuf asks for it while it is made, too
            raise AttributeError("_concrete_class")
        waiting[outermost]()
        return vars(descriptor)["_concrete_class"]


def install() -> None:
    """Let modules that are imported from here on make their classes late. Only for protobuf's pure-Python form."""
    import_module("google.protobuf.descriptor_pb2")  # its classes describe all others
    from google.protobuf.descriptor import Descriptor
    from google.protobuf.internal import builder

    build = builder.BuildTopDescriptorsAndMessages

    def build_late(file: Any, name: str, module: dict[str, Any]) -> None:
        build(_only(file, {}), name, module)

        def make(message: str, descriptor: Any) -> None:
            del waiting[descriptor]
            build(_only(_NOTHING, {message: descriptor}), name, module)

        def find(message: str) -> Any:
            descriptor = file.message_types_by_name.get(message)
            if descriptor not in waiting:
                raise AttributeError(f"module {module['__name__']!r} has no attribute {message!r}")
            waiting[descriptor]()
            return module[message]

        for message, descriptor in file.message_types_by_name.items():
            waiting[descriptor] = partial(make, message, descriptor)
        module["__getattr__"] = find

    builder.BuildTopDescriptorsAndMessages = build_late
    Descriptor._concrete_class = _Class()


_NOTHING = SimpleNamespace(enum_types_by_name={}, extensions_by_name={}, services_by_name={})


def _only(file: Any, messages: dict[str, Any]) -> SimpleNamespace:
    """A file as the builder looks at it, with these of its messages."""
    return SimpleNamespace(
        enum_types_by_name=file.enum_types_by_name,
        extensions_by_name=file.extensions_by_name,
        services_by_name=file.services_by_name,
        message_types_by_name=messages,
    )
