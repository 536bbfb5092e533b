"""Transaction control of requests: QueryService and TableService name the same things in messages of their own.

Source: ydb/core/grpc_services/query/rpc_execute_query.cpp, rpc_kqp_tx.cpp; rpc_execute_data_query.cpp.
"""

from __future__ import annotations

from google.protobuf.message import Message

from ..errors import Issue, Status, YdbError, unsupported
from ..session import TxControl
from ..store.database import Mode

_MODES = {
    "serializable_read_write": Mode.SERIALIZABLE,
    "snapshot_read_write": Mode.SNAPSHOT_RW,
    "snapshot_read_only": Mode.SNAPSHOT_RO,
    "online_read_only": Mode.ONLINE_RO,
    "stale_read_only": Mode.STALE_RO,
}
_MODE_NAMES = {Mode.ONLINE_RO: "OnlineReadOnly", Mode.STALE_RO: "StaleReadOnly"}


def bad_request(message: str) -> YdbError:
    return YdbError(Status.BAD_REQUEST, Issue(message))


def tx_control(message: Message) -> TxControl:
    """The transaction that a statement is to run in, from a TransactionControl of either service."""
    match message.WhichOneof("tx_selector"):
        case "tx_id":
            return TxControl(id=message.tx_id, commit=message.commit_tx)
        case "begin_tx":
            return TxControl(begin=_mode(message.begin_tx), commit=message.commit_tx)
    raise bad_request("Invalid tx_control settings")


def begin_mode(request: Message) -> Mode:
    """The mode of a transaction that a BeginTransactionRequest of either service opens."""
    if not request.HasField("tx_settings"):
        raise bad_request("Empty tx_settings.")
    if request.tx_settings.WhichOneof("tx_mode") is None:
        raise bad_request("Failed to begin transaction: tx mode was not set")
    mode = _mode(request.tx_settings)
    if mode in _MODE_NAMES:
        raise bad_request(
            f"Failed to begin transaction: open transactions not supported for transaction mode {_MODE_NAMES[mode]}, "
            "use tx_control field in ExecuteDataQueryRequest to begin transaction with this mode."
        )
    return mode


def open_tx_id(request: Message) -> str:
    """The transaction that a CommitTransactionRequest or RollbackTransactionRequest of either service ends."""
    if not request.tx_id:
        raise bad_request("Empty transaction id.")
    return request.tx_id


def check_can_stay_open(control: TxControl) -> None:
    """TableService alone refuses to leave a transaction of these modes open."""
    if control.begin in _MODE_NAMES and not control.commit:
        raise bad_request(
            "Failed to execute query: open transactions not supported for transaction mode: "
            f"{_MODE_NAMES[control.begin]}, use commit_tx flag to explicitely commit transaction."
        )


def _mode(settings: Message) -> Mode:
    name = settings.WhichOneof("tx_mode")
    if name is None:
        raise bad_request("Invalid tx_settings")
    if name not in _MODES:
        raise unsupported(f"the transaction mode {name}")
    return _MODES[name]
