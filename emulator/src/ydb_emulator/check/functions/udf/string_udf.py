"""`String::`, which works on bytes.

Source: yql/essentials/udfs/common/string/string_udf.cpp, with its tests' results in test/canondata;
ydb/docs/en/core/yql/reference/udf/list/string.md. Not here is what YDB has until version 2025.01 of its language or
from a later one on (`Reverse`, `HasPrefixIgnoreCase`, …), as the lines' versions aren't known.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from ....errors import unsupported
from ....plan import Expr
from ....types import BOOL, DOUBLE, INT64, STRING, UINT8, UINT64, List, Value, optional
from ..arguments import Call, Function
from .signature import Argument, apply, auto, function, named, terminated

_MAX_PADDING = 1_000_000
_SPACES = b" \t\n\v\f\r"
_TEXT = optional(STRING)


def _text(compute: Callable[[bytes], Value]) -> Function:
    return function(STRING, auto(STRING))(compute)


def _unsafe(compute: Callable[[bytes], Value]) -> Function:
    """NULL where the function fails, so that its result is always optional (STRING_UNSAFE_UDF)."""

    def computed(value: bytes | None) -> Value:
        try:
            return None if value is None else compute(value)
        except ValueError:
            return None

    return function(_TEXT, _TEXT)(computed)


def _test(compute: Callable[..., bool], *others: Argument) -> Function:
    """NULL as the first argument is no match (STROKA_FIND_UDF, IS_ASCII_UDF)."""
    return function(BOOL, Argument(_TEXT), *others)(lambda value, *rest: value is not None and compute(value, *rest))


def _each(letters: bytes) -> Function:
    return _test(lambda value: all(byte in letters for byte in value))


def _base64_decode(value: bytes, strict: bool = False) -> bytes:
    if re.fullmatch(rb"[A-Za-z0-9+/]*={0,2}", value) and len(value) % 4 == 0:
        return base64.b64decode(value)
    if strict and re.search(rb"[^A-Za-z0-9+/=_-]", value):
        raise ValueError(value)
    raise unsupported("decoding text that is no padded Base64")


def _escape(value: bytes) -> bytes:
    if b"??" in value or any(not 32 <= byte < 127 and byte not in b"\n\r\t" for byte in value):
        raise unsupported("String::EscapeC of such text")
    for plain, escaped in ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n"), (b"\r", b"\\r"), (b"\t", b"\\t")):
        value = value.replace(plain, escaped)
    return value


def _encode_html(value: bytes) -> bytes:
    if b"'" in value:
        raise unsupported("String::EncodeHtml of an apostrophe")
    for plain, escaped in ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"), (b'"', b"&quot;")):
        value = value.replace(plain, escaped)
    return value


def _replace_all(value: bytes, what: bytes, by: bytes) -> bytes:
    return value.replace(what, by) if what else value


def _replace_last(value: bytes, what: bytes, by: bytes) -> bytes:
    head, found, tail = value.rpartition(what) if what else (value, b"", b"")
    return head + by + tail if found or not what else value


def remove_all(value: bytes, letters: bytes) -> bytes:
    return bytes(byte for byte in value if byte not in letters)


def _remove(value: bytes, letters: bytes, places: range) -> bytes:
    found = next((place for place in places if value[place] in letters), None)
    return value if found is None else value[:found] + value[found + 1 :]


def _reverse_find(value: bytes, part: bytes, start: int | None) -> int:
    return value.rfind(part) if start is None else value.rfind(part, 0, start + len(part))


def _substring(value: bytes, start: int | None, length: int | None) -> bytes:
    start = start or 0
    return value[start:] if length is None else value[start : start + length]


def _split(call: Call) -> Expr:
    def compute(
        value: bytes | None, separator: bytes, is_string: bool | None, skips: bool | None, limit: int | None
    ) -> Value:
        if value is None:
            return ()
        if not separator or skips and limit:
            raise unsupported(f"{call.name} of this form", call.position)
        parts: list[bytes]
        if is_string is None or is_string:
            parts = value.split(separator, limit or -1)
        else:
            parts = re.split(b"[" + re.escape(separator) + b"]", value, maxsplit=limit or 0)
        return tuple(part for part in parts if part or not skips)

    return apply(call, List(STRING), [Argument(_TEXT), Argument(STRING), *SPLIT_OPTIONS], compute, 2)


SPLIT_OPTIONS = (named("DelimeterString", BOOL), named("SkipEmpty", BOOL), named("Limit", UINT64))
"""YDB's own spelling."""


def _pad(left: bool) -> Function:
    def check(call: Call) -> Expr:
        def compute(value: bytes, width: int, filler: bytes | None) -> Value:
            if filler is not None and len(filler) != 1:
                raise terminated("Not 1 symbol in paddingSymbol", call.position)
            if width > _MAX_PADDING:
                raise terminated(f"Padding length ({width}) exceeds maximum: {_MAX_PADDING}", call.position)
            filler = filler or b" "
            return value.rjust(width, filler) if left else value.ljust(width, filler)

        return apply(call, STRING, [auto(STRING), Argument(UINT64), Argument(_TEXT)], compute, 2)

    return check


def _digits(prefix: str, form: str) -> Callable[[int], bytes]:
    return lambda value: (("-" if value < 0 else "") + prefix + format(abs(value), form)).encode()


def _collapse_text(value: bytes, limit: int) -> bytes:
    text = re.sub(rb"[ \t\n\v\f\r]+", b" ", value).strip(_SPACES)
    if len(text) >= limit:
        raise unsupported("String::CollapseText that shortens a text")
    return text


def _precise(value: float, digits: int) -> bytes:
    written = f"{value:.{digits}g}" if 0 < digits < 18 else "e"
    if "e" in written or "n" in written:
        raise unsupported("String::Prec of this number")
    return written.encode()


def distance(left: bytes | str, right: bytes | str) -> int:
    """Levenshtein's. Raises UNSUPPORTED where it would take long."""
    if len(left) * len(right) > 10**7:
        raise unsupported("the distance of texts of this length")
    costs = list(range(len(right) + 1))
    for row, a in enumerate(left, start=1):
        diagonal, costs[0] = costs[0], row
        for column, b in enumerate(right, start=1):
            diagonal, costs[column] = (
                costs[column],
                min(costs[column] + 1, costs[column - 1] + 1, diagonal + (a != b)),
            )
    return costs[-1]


def simple_case(change: Callable[[str], str], value: str) -> str:
    """A text whose letters change one by one, each into one letter."""
    return "".join(made if len(made := change(letter)) == 1 else letter for letter in value)


def title(value: str) -> str:
    """The first letter is a title's, all others are small."""
    return simple_case(str.title, value[:1]) + simple_case(str.lower, value[1:])


def _cased(change: Callable[[str], str]) -> Function:
    """Letters of all alphabets, NULL for what is no UTF-8 (STROKA_CASE_UDF)."""
    return _unsafe(lambda value: change(value.decode()).encode())


def _join(call: Call) -> Expr:
    """NULLs of the list are left out."""
    expected = [auto(List(_TEXT)), Argument(STRING)]
    return apply(call, STRING, expected, lambda parts, by: by.join(part for part in parts if part is not None))


_UPPER, _LOWER, _NUMERALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz", b"0123456789"
_WITH = Argument(STRING)
_FULL, _FULL_BITS = _digits("0x", "016X"), _digits("0b", "064b")

STRING_UDF: dict[str, Function] = {
    "Base64Encode": _text(base64.b64encode),
    "Base64Decode": _unsafe(_base64_decode),
    "Base64StrictDecode": _unsafe(lambda value: _base64_decode(value, strict=True)),
    "HexEncode": _text(lambda value: value.hex().upper().encode()),
    "HexDecode": _unsafe(binascii.unhexlify),
    "EscapeC": _text(_escape),
    "EncodeHtml": _text(_encode_html),
    "Strip": _text(lambda value: value.strip(_SPACES)),
    "Collapse": _text(lambda value: re.sub(rb"[ \t\n\v\f\r]+", b" ", value)),
    "CollapseText": function(STRING, auto(STRING), UINT64)(_collapse_text),
    "AsciiToLower": _text(bytes.lower),
    "AsciiToUpper": _text(bytes.upper),
    "AsciiToTitle": _text(lambda value: value[:1].upper() + value[1:].lower()),
    "ToLower": _cased(lambda value: simple_case(str.lower, value)),
    "ToUpper": _cased(lambda value: simple_case(str.upper, value)),
    "ToTitle": _cased(title),
    "Contains": _test(lambda value, part: part in value, _WITH),
    "HasPrefix": _test(bytes.startswith, _WITH),
    "StartsWith": _test(bytes.startswith, _WITH),
    "HasSuffix": _test(bytes.endswith, _WITH),
    "EndsWith": _test(bytes.endswith, _WITH),
    "Find": function(INT64, auto(STRING), STRING, optional(UINT64), least=2)(
        lambda value, part, start: value.find(part, start or 0)
    ),
    "ReverseFind": function(INT64, auto(STRING), STRING, optional(UINT64), least=2)(_reverse_find),
    "Substring": function(STRING, auto(STRING), optional(UINT64), optional(UINT64), least=2)(_substring),
    "ReplaceAll": function(STRING, auto(STRING), STRING, STRING)(_replace_all),
    "ReplaceFirst": function(STRING, auto(STRING), STRING, STRING)(lambda value, what, by: value.replace(what, by, 1)),
    "ReplaceLast": function(STRING, auto(STRING), STRING, STRING)(_replace_last),
    "RemoveAll": function(STRING, auto(STRING), STRING)(remove_all),
    "RemoveFirst": function(STRING, auto(STRING), STRING)(
        lambda value, letters: _remove(value, letters, range(len(value)))
    ),
    "RemoveLast": function(STRING, auto(STRING), STRING)(
        lambda value, letters: _remove(value, letters, range(len(value) - 1, -1, -1))
    ),
    "SplitToList": _split,
    "JoinFromList": _join,
    "ToByteList": function(List(UINT8), STRING)(tuple),
    "FromByteList": function(STRING, List(UINT8))(bytes),
    "LevensteinDistance": function(UINT64, auto(STRING), auto(STRING))(distance),
    "LeftPad": _pad(left=True),
    "RightPad": _pad(left=False),
    "Hex": function(STRING, auto(UINT64))(_FULL),
    "SHex": function(STRING, auto(INT64))(_FULL),
    "Bin": function(STRING, auto(UINT64))(_FULL_BITS),
    "SBin": function(STRING, auto(INT64))(_FULL_BITS),
    "HexText": _text(lambda value: value.hex(" ").upper().encode()),
    "BinText": _text(lambda value: " ".join(f"{byte:08b}" for byte in value).encode()),
    "Prec": function(STRING, auto(DOUBLE), UINT64)(_precise),
    "IsAscii": _test(bytes.isascii),
    "IsAsciiSpace": _each(_SPACES),
    "IsAsciiUpper": _each(_UPPER),
    "IsAsciiLower": _each(_LOWER),
    "IsAsciiDigit": _each(_NUMERALS),
    "IsAsciiAlpha": _each(_UPPER + _LOWER),
    "IsAsciiAlnum": _each(_UPPER + _LOWER + _NUMERALS),
    "IsAsciiHex": _each(_NUMERALS + b"abcdefABCDEF"),
}
