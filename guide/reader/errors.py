"""The one exception of the reader test."""


class ReaderError(Exception):
    """A page that cannot be followed, or does not tell the truth.

    Its text is the whole message to the page's author: where (page, line, block), what, and what to do.
    """
