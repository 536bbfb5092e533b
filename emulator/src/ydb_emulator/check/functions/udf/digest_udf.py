"""`Digest::`. What isn't here is of kinds that Python's library doesn't have.

Source: yql/essentials/udfs/common/digest/digest_udf.cpp; ydb/docs/en/core/yql/reference/udf/list/digest.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from ....types import STRING, UINT32, UINT64
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


DIGEST_UDF: dict[str, Function] = {
    "Crc32c": function(UINT32, auto(STRING))(_crc32c),
    "Md5Hex": _text(lambda value: hashlib.md5(value).hexdigest().encode()),
    "Md5Raw": _text(lambda value: hashlib.md5(value).digest()),
    "Sha1": _text(lambda value: hashlib.sha1(value).digest()),
    "Sha256": _text(lambda value: hashlib.sha256(value).digest()),
    "IntHash64": function(UINT64, auto(UINT64))(_int_hash),
}
