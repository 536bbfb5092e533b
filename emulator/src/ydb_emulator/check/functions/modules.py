"""The modules of functions that the emulator has.

Source: ydb/docs/en/core/yql/reference/udf/list/*.md.
"""

from __future__ import annotations

from .arguments import Function
from .udf.datetime_udf import DATETIME_UDF
from .udf.digest_udf import DIGEST_UDF
from .udf.ip_udf import IP_UDF
from .udf.math_udf import MATH_UDF
from .udf.re2_udf import RE2_UDF
from .udf.string_udf import STRING_UDF
from .udf.unicode_udf import UNICODE_UDF

MODULES: dict[str, dict[str, Function]] = {
    "datetime": DATETIME_UDF,
    "digest": DIGEST_UDF,
    "ip": IP_UDF,
    "math": MATH_UDF,
    "re2": RE2_UDF,
    "string": STRING_UDF,
    "unicode": UNICODE_UDF,
}
"""Functions by module in lower case, then by their own name, whose case counts."""
