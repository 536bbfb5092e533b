"""PRAGMA: which settings there are, which change nothing here, and which queries are read by.

Source of the names, checks and texts: yql/essentials/sql/v1/sql_query.cpp (TSqlQuery::PragmaStatement); what is on by
itself: context.h beside it, and ydb/core/kqp/host/kqp_translate.cpp for queries.
"""

from __future__ import annotations

from ..errors import Issue, Position, refusal, unsupported
from ..yql import syntax
from .context import Context
from .functions.names import normalized

_HONOURED = frozenset(
    """
    ansicurrentrow ansiimplicitcrossjoin ansiinforemptyornullableitemscollections ansirankfornullablekeys
    distinctoverwindow orderedcolumns simplecolumns
    """.split()
)
"""Flags that `Context.pragmas` keeps; each has a pragma that begins with Disable."""

_TAKEN = frozenset(
    """
    allowunnamedcolumns ansilike ansioptionalas ansiorderbylimitinunionall
    compactgroupby compactnamedexprs directread disablecoalescejoinkeysonqualifiedall disablecompactgroupby
    disablecompactnamedexprs disableemitaggapply disableemitunionmerge disablefilterpushdownoverjoinoptionalside
    disablejsonqueryreturnsjsondocument disablepullupflatmapoverjoin disableseqmode disablestrictjoinkeytypes
    disableunicodeliterals disableunordered disableunorderedresult disableunorderedsubqueries disableuseblocks
    disablevalidateunusedexprs disablewarnonansialiasshadowing disablewarnuntypedstringliterals emitaggapply
    emitunionmerge equijoin filterpushdownoverjoinoptionalside flexibletypes pullupflatmapoverjoin seqmode
    unorderedresult unorderedsubqueries useblocks usetableprefixforeach warnonansialiasshadowing warnunnamedcolumns
    warnuntypedstringliterals
    """.split()
)
"""Flags that change no answer: they are on by themselves, or tell how to compute and of what to warn."""

_CHOICES = {
    "costbasedoptimizer": "disable|pg|native",
    "dqengine": "disable|auto|force",
    "blockengine": "disable|auto|force",
    "datawatermarks": "enable|disable",
}
"""Settings that change no answer, with the values that they take."""

_SWITCHES = {"classicdivision": True, "checkedops": False, "rotatejointree": None, "enablesystemcolumns": False}
"""Settings of a Bool, with the value that is theirs anyhow; None where no value changes an answer."""

_LIMITS = {"groupbylimit", "groupbycubelimit", "resultrowslimit", "resultsizelimit"}

_LACKING = frozenset(
    """
    allowdotinalias autocommit autoyqlselect bogousstaringroupbyoverjoin coalescejoinkeysonqualifiedall debugpositions
    directrowdependson disableansilike disableansioptionalas
    disabledebugpositions disableexceptintersectbefore202503 disableflexibletypes discoverymode engine
    exceptintersectbefore202503 featurer010 file fileoption folder greetings jsonqueryreturnsjsondocument library
    overridelibrary package packageversion positionalunionall pqreadby refselect regexusere2 sampleselect
    strictjoinkeytypes udf unicodeliterals validateunusedexprs warningmsg windownewpipeline yqlselect
    """.split()
)
"""What YDB has, some of it in newer versions than the source, and the emulator hasn't."""

_PROVIDERS = "config yt kikimr rtmr s3 statface solomon dq clickhouse ydb pq function generic pg".split()
"""Source: yql/essentials/providers/common/provider/yql_provider_names.h."""

_TRUE, _FALSE = ("true", "t", "yes", "y", "on", "1"), ("false", "f", "no", "n", "off", "0")


def pragma(node: syntax.Pragma, context: Context) -> None:
    """Set what a PRAGMA sets. Raises GENERIC_ERROR for a name or a value that YDB doesn't know, UNSUPPORTED for a
    setting that changes what the emulator doesn't do."""
    prefix, _, name = node.name.rpartition(".")
    values = _values(node, name, bool(prefix) or name.lower() in ("file", "folder", "udf"))
    if prefix:
        _prefixed(node, prefix.lower(), normalized(name), values)
    else:
        _global(node, normalized(name), values, context)


def _refused(message: str, position: Position) -> Exception:
    return refusal(Issue(message, position=position))


def _values(node: syntax.Pragma, name: str, may_be_named: bool) -> tuple[str | None, ...]:
    """The values as text; `default` and what is named give None."""
    values: list[str | None] = []
    for value in node.values:
        match value:
            case syntax.String(text):
                values.append(text.decode(errors="replace"))
            case syntax.Name(word) if word.lower() == "default":
                values.append(None)
            case syntax.Bind() if may_be_named:
                values.append(None)
            case _:
                kinds = "string, named parameter" if may_be_named else "string"
                message = f"Expected {kinds} or 'default' keyword as pragma value for pragma: {name}"
                raise _refused(message, node.position)
    return tuple(values)


def _global(node: syntax.Pragma, name: str, values: tuple[str | None, ...], context: Context) -> None:
    flag = name.removeprefix("disable")
    if name == "tablepathprefix":
        _path_prefix(node, values, context)
    elif name == "warning":
        _warning(node, values)
    elif flag in _HONOURED:
        context.pragmas = context.pragmas - {flag} if name != flag else context.pragmas | {flag}
    elif name in _TAKEN:
        pass
    elif name in _CHOICES:
        if _only(values) not in _CHOICES[name].split("|"):
            raise _refused(f"Expected `{_CHOICES[name]}' argument for: {node.name}", node.position)
    elif name in _SWITCHES:
        _switch(node, values, _SWITCHES[name])
    elif name in _LIMITS:
        if not _only(values).isdecimal():
            message = f"Expected unsigned integer literal as a single argument for: {node.name}"
            raise _refused(message, node.position)
        raise unsupported(f"PRAGMA {node.name}", node.position)
    elif name == "disableansiorderbylimitinunionall":
        message = "DisableAnsiOrderByLimitInUnionAll pragma is deprecated and no longer supported"
        raise _refused(message, node.position)
    elif name == "errormsg":
        match values:
            case (str(message),):
                raise _refused(message, node.position)
        raise _refused(f"Expected string literal as a single argument for: {node.name}", node.position)
    elif name in _LACKING:
        raise unsupported(f"PRAGMA {node.name}", node.position)
    else:
        raise _refused(f"Unknown pragma: {node.name}", node.position)


def _only(values: tuple[str | None, ...]) -> str:
    """The value of a pragma that takes one, empty where it has none, several, or one that is no literal."""
    match values:
        case (str(value),):
            return value
    return ""


def _path_prefix(node: syntax.Pragma, values: tuple[str | None, ...], context: Context) -> None:
    if len(values) not in (1, 2):
        message = "Expected path prefix or tuple of (Provider, PathPrefix) or (Cluster, PathPrefix) as pragma value"
        raise _refused(message, node.position)
    if len(values) == 2 or values[0] is None:
        raise unsupported(f"PRAGMA {node.name} of this form", node.position)
    context.use_prefix(values[0].rstrip("/"), node.position)


def _warning(node: syntax.Pragma, values: tuple[str | None, ...]) -> None:
    """Warnings are not given here, so that switching them off changes nothing."""
    if len(values) != 2 or not all(values):
        raise _refused(f"Expected arguments <action>, <issueId> for: {node.name}", node.position)
    action, code = (value or "" for value in values)
    if action not in ("disable", "default") or not (code == "*" or code.isdecimal()):
        raise unsupported(f"PRAGMA {node.name} of this form", node.position)


def _switch(node: syntax.Pragma, values: tuple[str | None, ...], is_so: bool | None) -> None:
    given = _only(values).lower()
    if given not in (*_TRUE, *_FALSE):
        raise _refused(f"Expected boolean literal as a single argument for: {node.name}", node.position)
    if is_so is not None and (given in _TRUE) is not is_so:
        raise unsupported(f"PRAGMA {node.name} = '{given}'", node.position)


def _prefixed(node: syntax.Pragma, prefix: str, name: str, values: tuple[str | None, ...]) -> None:
    if prefix == "yson":
        _yson(node, name, values)
        return
    if prefix not in _PROVIDERS and prefix != "db":
        message = f"Unknown pragma prefix: {node.name.rpartition('.')[0]}, please use cluster name or one of provider "
        raise _refused(message + ", ".join(_PROVIDERS), node.position)
    if name not in ("flags", "packageversion") and len(values) > 1:
        raise _refused("Expected at most one value in the pragma", node.position)
    if name == "auth" and prefix in ("kikimr", "ydb", "db"):
        # Source: ydb/core/kqp/provider/yql_kikimr_datasource.cpp; ydb/core/kqp/ut/yql/kqp_pragma_ut.cpp (Auth).
        raise _refused("Pragma auth not supported inside Kikimr query.", node.position)
    raise unsupported(f"PRAGMA {node.name}", node.position)


def _yson(node: syntax.Pragma, name: str, values: tuple[str | None, ...]) -> None:
    shown = node.name.rpartition(".")[2]
    if name == "fast":
        return
    if name in ("strict", "disablestrict", "casttostring", "disablecasttostring"):
        given = _only(values).lower()
        if values and given not in (*_TRUE, *_FALSE):
            raise _refused(f"Expected 'true', 'false' or no parameter for: {shown}", node.position)
        if name == "strict" and (not values or given in _TRUE):
            return  # it is on by itself
    elif name != "autoconvert":
        raise _refused(f"Unknown pragma: '{shown}'", node.position)
    raise unsupported(f"PRAGMA {node.name}", node.position)
