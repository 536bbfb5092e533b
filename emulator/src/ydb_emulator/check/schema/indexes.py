"""Indexes of CREATE TABLE and ADD INDEX."""

from __future__ import annotations

from ...errors import PRECONDITION_FAILED, refusal_at, unsupported
from ...store.catalog import Index
from ...yql import syntax
from ..context import Context


def check_index(node: syntax.Index, context: Context) -> Index:
    """An index of CREATE TABLE or ADD INDEX. Source: yql/essentials/sql/v1/sql_translation.cpp, index kinds."""
    if node.is_local:
        if node.using is None:
            raise refusal_at("local index must specify subtype with USING", node.position)
        raise unsupported("local indexes", node.position)
    if node.using is not None and node.using.lower() == "vector_kmeans_tree":
        if not context.database.line.has("EnableVectorIndex"):
            raise refusal_at("Vector index support is disabled", node.position, PRECONDITION_FAILED)
    if node.using is not None or node.settings:
        raise unsupported("indexes with USING or WITH", node.position)
    if node.unique and node.asynchronous:
        raise unsupported("asynchronous unique indexes", node.position)
    return Index(node.name, node.columns, node.cover, node.unique, node.asynchronous)
