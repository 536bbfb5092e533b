"""Statements checked against a catalog: names resolved, types inferred, and functions made that compute them."""

# They enter what they check into the table of `dispatch`.
from . import constants, expressions, functions, json_api, lambdas, members, operators, patterns, subqueries

__all__ = [
    "constants",
    "expressions",
    "functions",
    "json_api",
    "lambdas",
    "members",
    "operators",
    "patterns",
    "subqueries",
]
