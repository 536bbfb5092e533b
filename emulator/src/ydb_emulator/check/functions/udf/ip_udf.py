"""`Ip::`, on addresses of 4 and 16 bytes. Subnets as values of their own are not here.

Source: ydb/docs/en/core/yql/reference/udf/list/ip.md.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

from ....errors import unsupported
from ....types import BOOL, STRING, UINT8, optional
from ..arguments import Function
from .signature import auto, function

_EMBEDDED = bytes(10) + b"\xff\xff"
_FAMILIES = {4: socket.AF_INET, 16: socket.AF_INET6}
_TEXT = optional(STRING)


def _from_string(written: bytes) -> bytes | None:
    text = written.decode(errors="replace")
    for family in _FAMILIES.values():
        try:
            return socket.inet_pton(family, text)
        except (OSError, ValueError):
            continue
    return None


def _to_string(address: bytes) -> bytes | None:
    family = _FAMILIES.get(len(address))
    return None if family is None else socket.inet_ntop(family, address).encode()


def _is(compute: Callable[[bytes], bool]) -> Function:
    return function(BOOL, _TEXT)(lambda address: address is not None and compute(address))


def _to_ipv6(address: bytes) -> bytes:
    if len(address) not in _FAMILIES:
        raise unsupported("what is no address")
    return address if len(address) == 16 else _EMBEDDED + address


def _masked(address: bytes, mask: bytes) -> bytes:
    if len(address) not in _FAMILIES or len(mask) != len(address):
        raise unsupported("what is no address, or a mask of another length")
    return bytes(a & b for a, b in zip(address, mask, strict=True))


def _subnet(address: bytes, size: int | None) -> bytes:
    bits = 8 * len(address)
    size = (24 if bits == 32 else 64) if size is None else size
    if size > bits:
        raise unsupported("a subnet of this size")
    return _masked(address, ((1 << bits) - (1 << bits - size)).to_bytes(len(address), "big"))


IP_UDF: dict[str, Function] = {
    "FromString": function(_TEXT, auto(STRING))(_from_string),
    "ToString": function(_TEXT, auto(STRING))(_to_string),
    "IsIPv4": _is(lambda address: len(address) == 4),
    "IsIPv6": _is(lambda address: len(address) == 16),
    "IsEmbeddedIPv4": _is(lambda address: len(address) == 16 and address.startswith(_EMBEDDED)),
    "ConvertToIPv6": function(STRING, auto(STRING))(_to_ipv6),
    "GetSubnet": function(STRING, auto(STRING), optional(UINT8), least=1)(_subnet),
    "GetSubnetByMask": function(STRING, auto(STRING), auto(STRING))(_masked),
}
