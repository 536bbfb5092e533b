"""Settings of vector, full-text and bloom indexes, the `WITH (…)` of an index.

YDB reads names and values while it parses, and looks at what they mean when it knows the table. Sources:
AddIndexSetting in yql/essentials/sql/v1/sql_translation.cpp; FillSetting and ValidateSettings in
ydb/core/base/kmeans_clusters.cpp and ydb/core/base/fulltext.cpp.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyrsistent import PMap, pmap

from ..errors import Position, refusal_at, unsupported
from ..yql import syntax

VECTOR = "vector_kmeans_tree"
FULLTEXT = ("fulltext_plain", "fulltext_relevance")
BLOOM = ("bloom_filter", "bloom_ngram_filter")


def read_options(settings: tuple[syntax.Setting, ...]) -> dict[str, str]:
    """Names and values as the translator keeps them: in lower case, each name once."""
    read: dict[str, str] = {}
    for setting in settings:
        name = setting.name.lower()
        if name in read:
            raise refusal_at(f"Duplicated {name}", setting.position)
        read[name] = _text(setting).lower()
    return read


def _text(setting: syntax.Setting) -> str:
    match setting.value:
        case syntax.Name(text):
            return text
        case syntax.Bool(value):
            return str(value)
        case syntax.Real(text, ""):
            return text
        case syntax.Integer(value, ""):
            return str(value)
        case syntax.String(bytes(value), ""):
            return value.decode(errors="replace")
    raise unsupported("this value of an index setting", setting.position)


def check_options(using: str, written: Mapping[str, str], position: Position) -> PMap[str, str]:
    """The settings with values as YDB keeps them. Raises GENERIC_ERROR for those that it refuses."""
    if using in BLOOM:
        return pmap(dict(written))
    options = _Options(written, position)
    if using == VECTOR:
        _check_vector(options)
    else:
        _check_fulltext(options)
    return pmap(options.read)


@dataclass
class _Options:
    """Settings that are read one by one; `read` are those that were."""

    written: Mapping[str, str]
    position: Position

    def __post_init__(self) -> None:
        self.read: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.written

    def refuse(self, message: str) -> Exception:
        return refusal_at(message, self.position)

    def word(self, name: str, known: tuple[str, ...]) -> None:
        if name in self.written:
            if self.written[name] not in known:
                raise self.refuse(f"Invalid {name}: {self.written[name]}")
            self.read[name] = self.written[name]

    def number(self, name: str, most: int) -> None:
        """A number that the kind of the setting holds; whether it is in the setting's range, `range` tells."""
        if name in self.written:
            value = self.written[name]
            if not value.isdecimal() or int(value) > most:
                raise self.refuse(f"Invalid {name}: {value}")
            self.read[name] = str(int(value))

    def range(self, name: str, least: int, most: int) -> None:
        if not least <= int(self.read[name]) <= most:
            raise self.refuse(f"Invalid {name}: {self.read[name]} should be between {least} and {most}")

    def order(self, least: str, most: str) -> None:
        if int(self.read[least]) > int(self.read[most]):
            raise self.refuse(f"Invalid {least}: should be less than or equal to {most}")

    def boolean(self, name: str) -> None:
        if name in self.written:
            value = _BOOLEANS.get(self.written[name])
            if value is None:
                raise self.refuse(f"Invalid {name}: {self.written[name]}")
            self.read[name] = value

    def is_on(self, name: str) -> bool:
        return self.read.get(name) == "true"

    def check_known(self) -> None:
        for name in sorted(self.written):
            if name not in self.read:
                raise self.refuse(f"Unknown index setting: {name}")


_BOOLEANS = dict.fromkeys(("true", "t", "yes", "y", "on", "1"), "true") | dict.fromkeys(
    ("false", "f", "no", "n", "off", "0"), "false"
)
"""What TryFromString takes for a Bool."""

# --- vector indexes --------------------------------------------------------------------------------------------

_METRICS = {"distance": ("cosine", "manhattan", "euclidean"), "similarity": ("cosine", "inner_product")}
_RANGES = {"vector_dimension": (1, 16384), "levels": (1, 16), "clusters": (2, 2048)}
_MAX_CLUSTERS_POW_LEVELS = 1 << 30
_MAX_DIMENSION_BY_CLUSTERS = 4 << 20
_MAX_UINT32 = 2**32 - 1
_LATER = ("overlap_clusters", "overlap_ratio")


def _check_vector(options: _Options) -> None:
    if "distance" in options and "similarity" in options:
        raise options.refuse("only one of distance or similarity should be set, not both")
    for name, known in _METRICS.items():
        options.word(name, known)
    options.word("vector_type", ("float", "uint8", "int8", "bit"))
    for name, (least, most) in _RANGES.items():
        options.number(name, _MAX_UINT32)
        if name in options:
            options.range(name, least, most)
    if any(name in options for name in _LATER):
        raise unsupported("overlap settings of a vector index", options.position)
    options.check_known()
    if not any(name in options for name in _METRICS):
        raise options.refuse("either distance or similarity should be set")
    for name in ("vector_type", "vector_dimension", "levels", "clusters"):
        if name not in options:
            raise options.refuse(f"{name} should be set")
    dimension, levels, clusters = (int(options.read[name]) for name in _RANGES)
    if clusters**levels > _MAX_CLUSTERS_POW_LEVELS:
        limit = _MAX_CLUSTERS_POW_LEVELS
        raise options.refuse(f"Invalid clusters^levels: {clusters}^{levels} should be less than {limit}")
    if dimension * clusters > _MAX_DIMENSION_BY_CLUSTERS:
        limit = _MAX_DIMENSION_BY_CLUSTERS
        raise options.refuse(f"Invalid vector_dimension*clusters: {dimension}*{clusters} should be less than {limit}")


# --- full-text indexes -----------------------------------------------------------------------------------------

_BOOLEAN = (
    "use_filter_lowercase", "use_filter_stopwords", "use_filter_ngram", "use_filter_edge_ngram", "use_filter_length",
    "use_filter_snowball",
)  # fmt: skip
_NUMBERS = ("filter_ngram_min_length", "filter_ngram_max_length", "filter_length_min", "filter_length_max")
_MAX_INT32 = 2**31 - 1
_LANGUAGES = frozenset(
    "arabic armenian basque catalan danish dutch english finnish french german greek hindi hungarian indonesian irish "
    "italian lithuanian nepali norwegian porter portuguese romanian russian serbian spanish swedish tamil turkish "
    "yiddish".split()
)
_MAYBE_LANGUAGES = frozenset("czech dutch_porter esperanto estonian kraaij_pohlmann lovins polish slovak".split())
"""Stemmers that some releases of the Snowball library have."""


def _check_fulltext(options: _Options) -> None:
    options.word("tokenizer", ("whitespace", "standard", "keyword"))
    for name in _BOOLEAN:
        options.boolean(name)
    for name in _NUMBERS:
        options.number(name, _MAX_INT32)
    if "language" in options:
        options.read["language"] = options.written["language"]
    options.check_known()
    if "tokenizer" not in options:
        raise options.refuse("tokenizer should be set")
    _check_language(options)
    if options.is_on("use_filter_stopwords"):
        raise options.refuse("Unsupported use_filter_stopwords setting")
    _check_ngrams(options)
    _check_lengths(options)


def _check_language(options: _Options) -> None:
    language = options.read.get("language")
    if not options.is_on("use_filter_snowball"):
        if language is not None:
            raise options.refuse(
                "language setting is only supported with use_filter_snowball at present; "
                "other uses may be supported in the future"
            )
        return
    if options.is_on("use_filter_ngram") or options.is_on("use_filter_edge_ngram"):
        raise options.refuse(
            "cannot set use_filter_snowball with use_filter_ngram or use_filter_edge_ngram at the same time"
        )
    if language is None:
        raise options.refuse("language required when use_filter_snowball is set")
    if language in _MAYBE_LANGUAGES:
        raise unsupported(f"the language {language} of a full-text index", options.position)
    if language not in _LANGUAGES:
        raise options.refuse("language is not supported by snowball")


def _check_ngrams(options: _Options) -> None:
    bounds = least, most = "filter_ngram_min_length", "filter_ngram_max_length"
    ngram, edge = options.is_on("use_filter_ngram"), options.is_on("use_filter_edge_ngram")
    if ngram and edge:
        raise options.refuse("only one of use_filter_ngram or use_filter_edge_ngram should be set, not both")
    for name in bounds:
        if (ngram or edge) and name not in options:
            raise options.refuse(f"{name} should be set with use_filter_ngram/use_filter_edge_ngram")
        if not (ngram or edge) and name in options:
            raise options.refuse(f"use_filter_ngram or use_filter_edge_ngram should be set with {name}")
    if ngram or edge:
        for name in bounds:
            options.range(name, 1, 20)
        options.order(least, most)


def _check_lengths(options: _Options) -> None:
    bounds = least, most = "filter_length_min", "filter_length_max"
    set_bounds = [name for name in bounds if name in options]
    if not options.is_on("use_filter_length"):
        if set_bounds:
            raise options.refuse(f"use_filter_length should be set with {set_bounds[0]}")
        return
    if not set_bounds:
        raise options.refuse("either filter_length_min or filter_length_max should be set with use_filter_length")
    for name in set_bounds:
        options.range(name, 1, 1000)
    if set_bounds == [least, most]:
        options.order(least, most)
