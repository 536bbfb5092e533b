"""Indexes of CREATE TABLE and ADD INDEX."""

from __future__ import annotations

from ...errors import PRECONDITION_FAILED, YdbError, refusal_at, unsupported
from ...releases import Line
from ...store.catalog import Index
from ...yql import syntax
from ..context import Context
from ..index_settings import BLOOM, FULLTEXT, VECTOR, check_options, read_options

_GLOBAL = (VECTOR, *FULLTEXT)


def read_index(node: syntax.Index, line: Line) -> dict[str, str]:
    """What the translator says of an index, before it knows the table; its settings by lower-case name.

    Source: CreateTableIndex in yql/essentials/sql/v1/sql_translation.cpp.
    """
    using = (node.using or "").lower()
    subtype = using.upper()
    known = (*_GLOBAL, *BLOOM) if line.has("full-text and bloom indexes") else (VECTOR,)
    if node.unique and node.asynchronous:
        raise refusal_at("unique: alternative is not implemented yet", node.position)
    if node.is_local and not using:
        raise refusal_at("local index must specify subtype with USING", node.position)
    if using and using not in known:
        raise refusal_at(f"{subtype} index subtype is not supported", node.position)
    if using in _GLOBAL and (node.is_local or node.unique or node.asynchronous):
        raise refusal_at(f"{subtype} index can only be GLOBAL [SYNC]", node.position)
    if using in BLOOM and not node.is_local:
        raise refusal_at(f"{subtype} index can only be LOCAL", node.position)
    if node.settings and not using:
        raise refusal_at("with: alternative is not implemented yet", node.position)
    options = read_options(node.settings)
    if using in BLOOM and node.cover:
        raise refusal_at("COVER is not supported for local bloom indexes", node.position)
    return options


def check_index(node: syntax.Index, context: Context, is_alter: bool = False) -> Index:
    """An index with what its settings mean. Raises for kinds that the line has switched off."""
    using, options = (node.using or "").lower(), read_index(node, context.database.line)
    index = Index(node.name, node.columns, node.cover, node.unique, node.asynchronous, using=using)
    if not using:
        return index
    _check_line(node, using, context, is_alter)
    if using in FULLTEXT and len(node.columns) > 1:
        raise unsupported("a full-text index of several columns", node.position)
    if using == "bloom_filter":
        _check_bloom(node, options, is_alter)
    try:
        checked = check_options(using, options, node.position)
    except YdbError:
        line = context.database.line
        # Later sources than those of 26.2 take fewer settings of a vector index.
        if line.has("newer YQL") or (using == VECTOR and not line.has("checks of vector index settings")):
            raise unsupported("these settings of an index on this line", node.position) from None
        raise
    if checked.get("vector_type") == "bit" and not context.database.line.has("vectors of bits"):
        raise unsupported("vectors of bits on this line", node.position)
    return Index(node.name, node.columns, node.cover, using=using, options=checked)


def _check_line(node: syntax.Index, using: str, context: Context, is_alter: bool) -> None:
    """Kinds that a line has not, or behind a flag.

    Sources: ydb/core/kqp/ut/scheme/kqp_scheme_fulltext_ut.cpp (…NoFeatureFlag); measured by stokaro/ptah on 25.1: a
    vector index is refused with another status in CREATE TABLE than in ADD INDEX.
    """
    line, position = context.database.line, node.position
    if using == VECTOR:
        if not line.has("EnableVectorIndex"):
            code = 0 if is_alter else PRECONDITION_FAILED
            raise refusal_at("Vector index support is disabled", position, code)
    elif using in FULLTEXT:
        if line.has("EnableFulltextIndex"):
            return
        if not line.has("full-text indexes behind their flag"):
            raise unsupported("full-text indexes on this line", position)
        raise refusal_at("Fulltext index support is disabled", position)
    elif not line.has("EnableLocalBloomFilterIndex") or using == "bloom_ngram_filter":
        raise unsupported(f"{using} indexes", position)


def _check_bloom(node: syntax.Index, options: dict[str, str], is_alter: bool) -> None:
    """What is known of a row table's bloom filter: it is of the first columns of the key.

    Source: ydb/tests/functional/local_index_doc_audit/test_local_index_doc_audit.py.
    """
    if is_alter or set(options) - {"false_positive_probability"}:
        raise unsupported("this bloom filter", node.position)
    probability = options.get("false_positive_probability", "0.5")
    if not probability.replace(".", "", 1).isdecimal() or not 0 < float(probability) < 1:
        raise unsupported("this bloom filter", node.position)
