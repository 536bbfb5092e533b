"""`Digest::`. What isn't here is of kinds that Python's library doesn't have.

Source: yql/essentials/udfs/common/digest/digest_udf.cpp; ydb/docs/en/core/yql/reference/udf/list/digest.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from ....errors import unsupported
from ....types import STRING, UINT32, UINT64, optional
from ..arguments import Function
from .signature import auto, function

_MASK = (1 << 64) - 1
_CRC32C = 0x82F63B78


def _text(compute: Callable[[bytes], bytes]) -> Function:
    return function(STRING, auto(STRING))(compute)


def _crc32c(value: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in value:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (_CRC32C if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def _int_hash(value: int) -> int:
    value ^= 0x4CF2D2BAAE6DA887
    value ^= value >> 33
    value = value * 0xFF51AFD7ED558CCD & _MASK
    value ^= value >> 33
    value = value * 0xC4CEB9FE1A85EC53 & _MASK
    return value ^ value >> 33


def _numeric_hash(value: int) -> int:
    """Source: util/digest/numeric.h; the documentation has a value of it."""
    for shift, is_left, inverts in (
        (32, True, True), (22, False, False), (13, True, True), (8, False, False), (3, True, False),
        (15, False, False), (27, True, True), (31, False, False),
    ):  # fmt: skip
        if is_left:
            value = (value + ((value << shift) ^ (_MASK if inverts else 0))) & _MASK
        else:
            value ^= value >> shift
    return value


def _blake(value: bytes, key: bytes | None) -> bytes:
    if key is not None and len(key) > 64:
        raise unsupported("Digest::Blake2B with a key of this length")
    return hashlib.blake2b(value, digest_size=32, key=key or b"").digest()


DIGEST_UDF: dict[str, Function] = {
    "Crc32c": function(UINT32, auto(STRING))(_crc32c),
    "Md5Hex": _text(lambda value: hashlib.md5(value).hexdigest().encode()),
    "Md5Raw": _text(lambda value: hashlib.md5(value).digest()),
    "Blake2B": function(STRING, auto(STRING), optional(STRING), least=1)(_blake),
    "Sha1": _text(lambda value: hashlib.sha1(value).digest()),
    "Sha256": _text(lambda value: hashlib.sha256(value).digest()),
    "NumericHash": function(UINT64, auto(UINT64))(_numeric_hash),
    "IntHash64": function(UINT64, auto(UINT64))(_int_hash),
}
