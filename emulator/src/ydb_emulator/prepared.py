"""The queries that a node keeps for the table service, by id.

Source: ydb/core/kqp/compile_service/kqp_compile_service.cpp; ydb/public/lib/operation_id/operation_id.cpp
(FormatPreparedQueryIdCompat, DecodePreparedQueryIdCompat).
"""

from __future__ import annotations

import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from .errors import Issue, Status, YdbError, unsupported

_PREFIX = "ydb://preparedqueryid/4?id="
MAX_QUERIES = 1000
"""The one that was not used for longest makes room (TKqpQueryCache; the size is QueryCacheSize of its settings)."""


@dataclass
class Prepared:
    """The texts of a node's prepared queries by id, as long as the node runs."""

    _texts: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _ids: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def keep(self, text: str) -> str:
        """The id of a text, the same whenever it comes again."""
        with self._lock:
            id = self._ids.setdefault(text, _new_id())
            self._texts[id] = text
            self._texts.move_to_end(id)
            if len(self._texts) > MAX_QUERIES:
                _, forgotten = self._texts.popitem(last=False)
                del self._ids[forgotten]
            return _PREFIX + id

    def find(self, id: str) -> str:
        """The text of a query. Raises BAD_REQUEST for what is no id, NOT_FOUND for one that isn't there."""
        if not id:
            raise _bad_request("Empty query id")
        if len(id) <= len(_PREFIX):
            raise _bad_request("Unable to parse input string")
        if not id.startswith(_PREFIX):
            raise unsupported("a query id of another form")
        with self._lock:
            name = id.removeprefix(_PREFIX)
            if name not in self._texts:
                raise YdbError(Status.NOT_FOUND, Issue(f"Query not found: {name}"))
            self._texts.move_to_end(name)
            return self._texts[name]


def _new_id() -> str:
    words = uuid.uuid4().bytes
    return "-".join(words[i : i + 4].hex() for i in range(0, 16, 4))


def _bad_request(message: str) -> YdbError:
    return YdbError(Status.BAD_REQUEST, Issue(message))
