"""Whether a file that the reader writes can be what its name says."""

import ast
import configparser
import json
import tomllib
from collections.abc import Callable

import yaml


def check_syntax(name: str, text: str) -> None:
    """Raises ValueError if a file that the reader writes can't be what its name says: Python, ini, toml, yaml, json."""
    check = SYNTAX.get(name.rpartition(".")[2])
    try:
        if check:
            check(text)
    except (SyntaxError, configparser.Error, yaml.YAMLError, ValueError) as error:
        raise ValueError(f"{name} cannot be read: {error}") from None


def _parse_ini(text: str) -> None:
    configparser.RawConfigParser().read_string(text)


SYNTAX: dict[str, Callable[[str], object]] = {
    "py": ast.parse,
    "ini": _parse_ini,
    "cfg": _parse_ini,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
    "yml": yaml.safe_load,
    "json": json.loads,
}
