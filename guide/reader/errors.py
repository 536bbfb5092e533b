"""The exceptions of the reader."""


class ReaderError(Exception):
    """A page that cannot be followed, or does not tell the truth.

    Its text is the whole message to the page's author: where (page, line, block), what, and what to do.
    """


class Differs(ReaderError):
    """A block that could be followed, and shows something else than what happened. What relies on it can go on."""


class UnreadableError(ReaderError):
    """A page that cannot be read, by its name."""

    def __init__(self, page: str, message: str):
        super().__init__(message)
        self.page = page


class NotRun(Exception):
    """A step that relies on another one, which failed. In: the number of that one in its way, and its name."""

    def __init__(self, cause: int, name: str):
        super().__init__(f"not run: {name} failed")
        self.cause, self.name = cause, name
