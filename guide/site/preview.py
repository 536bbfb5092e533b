"""`python -m guide.site.preview serve --dirty …`: MkDocs, for which a page has changed or not for a whole build.

It asks twice, before it reads a page and before it writes it. One that is touched in between would be written unread,
which ends the build in a traceback of the search. It is newer than what was built, so the next build has it.
"""

from mkdocs.__main__ import cli
from mkdocs.structure.files import File

is_modified = File.is_modified


def is_modified_in_this_build(file: File) -> bool:
    return vars(file).setdefault("modified", is_modified(file))


if __name__ == "__main__":
    File.is_modified = is_modified_in_this_build  # type: ignore[assignment, method-assign] # MkDocs has no hook for it
    cli()
