"""Print the statements that create the tables and views of the database, without what YDB changes by itself."""

import os
import re

import sqlalchemy as sa

OWN = ("PARTITION_AT_KEYS", "AUTO_PARTITIONING_MIN_PARTITIONS_COUNT")
NUMBERS = re.compile(
    r"^(ALTER SEQUENCE `.+`)((?: (?:START WITH|INCREMENT BY) -?\d+)*)(?: RESTART(?: WITH -?\d+)?)?;\n",
    re.MULTILINE,
)
SIGNS = re.compile(r"'(?:\\.|[^'\\])*'|[(),]", re.DOTALL)


def split(text: str) -> tuple[list[str], str]:
    """In: what follows `WITH (`. Out: its settings, and what follows their bracket."""
    settings, depth, start = [], 1, 0
    for sign in SIGNS.finditer(text):
        depth += {"(": 1, ")": -1}.get(sign[0], 0)
        if not depth or depth == 1 and sign[0] == ",":
            settings.append(text[start : sign.start()].strip())
            start = sign.end()
        if not depth:
            break
    return settings, text[start:]


def settled(statement: str) -> str:
    """The statement without the current partitions and the next numbers of sequences."""
    made, found, rest = statement.partition("\n)\nWITH (")
    if found:
        settings, rest = split(rest)
        kept = ",\n".join(f"    {setting}" for setting in settings if not setting.startswith(OWN))
        made += f"\n)\nWITH (\n{kept}\n)" if kept else "\n)"
    quiet = NUMBERS.sub(lambda found: f"{found[1]}{found[2]};\n" if found[2] else "", made + rest)
    return re.sub(r"\n{3,}", "\n\n", quiet).rstrip() + "\n"


if __name__ == "__main__":
    url = os.environ.get("YDB_URL", "yql+ydb://localhost:2136/local")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        found = sa.inspect(connection)
        for kind, names in (("TABLE", found.get_table_names()), ("VIEW", found.get_view_names())):
            for name in sorted(names):
                print(settled(connection.execute(sa.text(f"SHOW CREATE {kind} `{name}`")).one().CreateQuery))
