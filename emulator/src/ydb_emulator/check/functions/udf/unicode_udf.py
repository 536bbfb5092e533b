"""`Unicode::`, which works on letters.

Source: yql/essentials/udfs/common/unicode_base/lib/unicode_base_udf.h, with its tests' results in test/canondata;
ydb/docs/en/core/yql/reference/udf/list/unicode.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Literal

from ....errors import unsupported
from ....plan import Expr
from ....types import BOOL, STRING, UINT16, UINT32, UINT64, UTF8, List, Value, optional
from ..arguments import Call, Function
from .signature import Argument, apply, auto, function, terminated
from .string_udf import SPLIT_OPTIONS, distance, simple_case, title

_NUMBER = re.compile(r"[ \t\n\v\f\r]*([-+]?)(0[xX](?=[0-9a-fA-F]))?([0-9a-zA-Z]*)", re.ASCII)
_MAX = (1 << 64) - 1


def _text(compute: Callable[[str], Value]) -> Function:
    return function(UTF8, auto(UTF8))(compute)


def _each(compute: Callable[[str], bool]) -> Function:
    """Whether all letters are of a kind; true where there are none (TCheckAllChars)."""
    return function(BOOL, auto(UTF8))(lambda value: all(map(compute, value)))


def _is_hex(letter: str) -> bool:
    if not letter.isascii() and unicodedata.normalize("NFKC", letter) in "0123456789abcdefABCDEF":
        raise unsupported("Unicode::IsHex of wide letters")
    return letter in "0123456789abcdefABCDEF"


def _found(place: int) -> int | None:
    return None if place < 0 else place


def _replace_last(value: str, what: str, by: str) -> str:
    place = value.rfind(what)
    return value if place < 0 else value[:place] + by + value[place + len(what) :]


def _remove(value: str, letters: str, places: range) -> str:
    found = next((place for place in places if value[place] in letters), None)
    return value if found is None else value[:found] + value[found + 1 :]


def _substring(value: str, start: int | None, length: int | None) -> str:
    start = start or 0
    return value[start:] if length is None else value[start : start + length]


def _split(call: Call) -> Expr:
    def compute(
        value: str | None, separator: str, is_string: bool | None, skips: bool | None, limit: int | None
    ) -> Value:
        if value is None:
            return ()
        if not separator or skips and limit:
            raise unsupported(f"{call.name} of this form", call.position)
        if is_string is None or is_string:
            parts = value.split(separator, limit or -1)
        else:
            parts = re.split(f"[{re.escape(separator)}]", value, maxsplit=limit or 0)
        return tuple(part for part in parts if part or not skips)

    return apply(call, List(UTF8), [Argument(optional(UTF8)), Argument(UTF8), *SPLIT_OPTIONS], compute, 2)


def _join(call: Call) -> Expr:
    """NULLs of the list are left out."""
    expected = [auto(List(optional(UTF8))), Argument(UTF8)]
    return apply(call, UTF8, expected, lambda parts, by: by.join(part for part in parts if part is not None))


def _parse(written: str, base: int) -> int | str:
    """What C's strtoull makes of a text, or what YDB says of it."""
    if base == 1 or base > 36:
        return "Incorrect base"
    found = _NUMBER.match(written)
    assert found is not None  # all its parts may be empty
    sign, prefix, digits = found.groups()
    rest = written[found.end() :]
    if prefix and base not in (0, 16):
        digits, rest, prefix = "0", prefix[1:] + digits + rest, None
    base = base or (16 if prefix else 8 if digits.startswith("0") else 10)
    known = 0
    while known < len(digits) and int(digits[known], 36) < base:
        known += 1
    if not known:
        return "Input string is not a number"
    value = int(digits[:known], base)
    if value > _MAX:
        return "Converted value falls out of Uint64 range"
    if known < len(digits) or rest:
        return "Input string contains junk after the number"
    return -value & _MAX if sign == "-" else value


def _to_number(call: Call) -> Expr:
    def compute(written: str, base: int | None) -> Value:
        found = _parse(written, base or 0)
        if isinstance(found, str):
            raise terminated(found, call.position)
        return found

    return apply(call, UINT64, [auto(UTF8), Argument(optional(UINT16))], compute, 1)


def _try_number(written: str, base: int | None) -> Value:
    found = _parse(written, base or 0)
    return None if isinstance(found, str) else found


def _is_utf8(value: bytes | None) -> bool:
    try:
        return value is not None and value.decode() is not None
    except UnicodeDecodeError:
        return False


def _code_point(number: int) -> str:
    if number >= 0x110000 or 0xD800 <= number < 0xE000:
        raise unsupported("a number that is no code point")
    return chr(number)


_Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
_FORMS: tuple[_Form, ...] = ("NFC", "NFD", "NFKC", "NFKD")


def _normalize(form: _Form) -> Function:
    return _text(lambda value: unicodedata.normalize(form, value))


_PLACE = Argument(optional(UINT64))

UNICODE_UDF: dict[str, Function] = {
    "IsUtf": function(BOOL, optional(STRING), least=0)(_is_utf8),
    "GetLength": function(UINT64, auto(UTF8))(len),
    "Find": function(optional(UINT64), auto(UTF8), UTF8, _PLACE, least=2)(
        lambda value, part, start: _found(value.find(part, start or 0))
    ),
    "RFind": function(optional(UINT64), auto(UTF8), UTF8, _PLACE, least=2)(
        lambda value, part, start: _found(value.rfind(part, 0, None if start is None else start + len(part)))
    ),
    "Substring": function(UTF8, auto(UTF8), optional(UINT64), optional(UINT64), least=2)(_substring),
    "Normalize": _normalize("NFC"),
    **{f"Normalize{form}": _normalize(form) for form in _FORMS},
    "LevensteinDistance": function(UINT64, auto(UTF8), auto(UTF8))(distance),
    "ReplaceAll": function(UTF8, auto(UTF8), UTF8, UTF8)(
        lambda value, what, by: value.replace(what, by) if what else value
    ),
    "ReplaceFirst": function(UTF8, auto(UTF8), UTF8, UTF8)(lambda value, what, by: value.replace(what, by, 1)),
    "ReplaceLast": function(UTF8, auto(UTF8), UTF8, UTF8)(_replace_last),
    "RemoveAll": function(UTF8, auto(UTF8), UTF8)(
        lambda value, letters: "".join(letter for letter in value if letter not in letters)
    ),
    "RemoveFirst": function(UTF8, auto(UTF8), UTF8)(lambda value, letters: _remove(value, letters, range(len(value)))),
    "RemoveLast": function(UTF8, auto(UTF8), UTF8)(
        lambda value, letters: _remove(value, letters, range(len(value) - 1, -1, -1))
    ),
    "ToCodePointList": function(List(UINT32), auto(UTF8))(lambda value: tuple(map(ord, value))),
    "FromCodePointList": function(UTF8, auto(List(UINT32)))(lambda numbers: "".join(map(_code_point, numbers))),
    "Reverse": _text(lambda value: value[::-1]),
    "ToLower": _text(lambda value: simple_case(str.lower, value)),
    "ToUpper": _text(lambda value: simple_case(str.upper, value)),
    "ToTitle": _text(title),
    "SplitToList": _split,
    "JoinFromList": _join,
    "ToUint64": _to_number,
    "TryToUint64": function(optional(UINT64), auto(UTF8), optional(UINT16), least=1)(_try_number),
    "Strip": _text(str.strip),
    "IsAscii": _each(str.isascii),
    "IsSpace": _each(str.isspace),
    "IsUpper": _each(str.isupper),
    "IsLower": _each(str.islower),
    "IsDigit": _each(str.isdecimal),
    "IsAlpha": _each(str.isalpha),
    "IsAlnum": _each(str.isalnum),
    "IsHex": _each(_is_hex),
}
