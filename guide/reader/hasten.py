"""A driver of YDB that stops at once: gRPC looks five times a second whether a channel is closed meanwhile."""

PERIOD, SHORTER = 0.2, 0.005


def hasten_grpc() -> None:
    """Let it look more often, in this process. Nothing else can be told from it than the time that a driver takes.

    Each command of a page has a driver that stops, and so have many tests.
    """
    from grpc import _channel

    code = _channel._poll_connectivity.__code__
    constants = tuple(SHORTER if constant == PERIOD else constant for constant in code.co_consts)
    _channel._poll_connectivity.__code__ = code.replace(co_consts=constants)
