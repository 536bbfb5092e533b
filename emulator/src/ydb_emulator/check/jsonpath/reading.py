"""A JsonPath read into a tree of steps.

Source: yql/essentials/minikql/jsonpath/JsonPath.g and parser/ast_builder.cpp; of the texts: parser/type_check.cpp.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from ...errors import NOWHERE, unsupported
from ..regexps import regular_expression

MAX_DEPTH = 100
METHODS = ("abs", "ceiling", "double", "floor", "keyvalue", "size", "type")
_COMPARISONS = ("==", "!=", "<>", "<", "<=", ">", ">=")
_CONDITIONS = {*_COMPARISONS, "&&", "||", "!", "starts with", "like_regex", "exists", "is unknown"}
"""The steps whose result is true, false or null."""

_TOKEN = re.compile(
    r"""(?P<space>[ \r\t\n\f]+)
    |(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<variable>\$[A-Za-z0-9_$]+)
    |(?P<word>[A-Za-z_][A-Za-z0-9_$]*)
    |(?P<sign>&&|\|\||==|!=|<>|<=|>=|[*@,$.<>\[\]()!%+?/-])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"\\": "\\", '"': '"', "'": "'", "n": "\n", "t": "\t", "r": "\r"}


class PathError(Exception):
    """What is wrong with a path, or with a document that it is carried out on, and at which column of the path."""

    def __init__(self, message: str, column: int, code: int = 0) -> None:
        super().__init__(message)
        self.message, self.column, self.code = message, column, code

    def shown(self) -> str:
        code = f", code: {self.code}" if self.code else ""
        return f"jsonpath:1:{self.column}: Error: {self.message}{code}"


@dataclass(frozen=True)
class Step:
    """A step of a path: what it does, on which other steps, and with which literal."""

    kind: str
    column: int
    inputs: tuple[Step, ...] = ()
    value: object = None


@dataclass(frozen=True)
class Path:
    root: Step
    is_strict: bool


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    column: int


@functools.lru_cache(maxsize=256)
def read(text: str) -> Path:
    """The steps of a path. Raises PathError for what is none; the words of a wrong syntax are the emulator's own."""
    if "\n" in text:
        raise unsupported("a JsonPath of several lines")
    reader = _Reader(_tokens(text))
    mode = reader.take_word("strict", "lax")
    root = reader.expression(0)
    if reader.here.kind != "end":
        raise reader.wrong()
    return Path(root, mode == "strict")


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise PathError("Unexpected character", at)
        if match.lastgroup != "space":
            kind = match.lastgroup if match.lastgroup in ("number", "string", "variable", "word") else match[0]
            found.append(_Token(str(kind), match[0], at))
        at = match.end()
    return [*found, _Token("end", "", len(text))]


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    @property
    def here(self) -> _Token:
        return self.tokens[self.at]

    def wrong(self) -> PathError:
        return PathError(f"Unexpected token '{self.here.text}'", self.here.column)

    def take(self, *kinds: str) -> _Token | None:
        if self.here.kind not in kinds:
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def need(self, *kinds: str) -> _Token:
        token = self.take(*kinds)
        if token is None:
            raise self.wrong()
        return token

    def take_word(self, *words: str) -> str | None:
        if self.here.kind != "word" or self.here.text not in words:
            return None
        self.at += 1
        return self.tokens[self.at - 1].text

    def expression(self, level: int) -> Step:
        """An expression of the operators from a level on, loosest first."""
        if level == len(_LEVELS):
            return self.unary()
        if level == 0:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise unsupported("a JsonPath as deep as this")
        signs, repeats = _LEVELS[level]
        left = self.expression(level + 1)
        while sign := self.take(*signs):
            right = self.expression(level + 1)
            if sign.kind in ("&&", "||"):
                for side, name in ((left, "Left"), (right, "Right")):
                    _require_condition(side, f"{name} argument of logical operation needs to be boolean")
            left = Step("!=" if sign.kind == "<>" else sign.kind, sign.column, (left, right))
            if not repeats:
                break
        if level == 0:
            self.depth -= 1
        return left

    def unary(self) -> Step:
        sign = self.take("+", "-", "!")
        inner = self.predicate()
        if sign is None:
            return inner
        if sign.kind == "!":
            _require_condition(inner, "Logical not needs boolean argument")
        return Step("!" if sign.kind == "!" else f"unary {sign.kind}", sign.column, (inner,))

    def predicate(self) -> Step:
        column = self.here.column
        if self.take_word("exists"):
            return Step("exists", column, (self.bracketed(),))
        plain = self.accessors()
        column = self.here.column
        if self.take_word("starts"):
            if not self.take_word("with"):
                raise self.wrong()
            return Step("starts with", column, (plain, self.accessors()))
        if self.take_word("like_regex"):
            pattern, flags = self.string(), ""
            if self.take_word("flag"):
                column_of_flags = self.here.column
                flags = self.string()
                wrong = flags.replace("i", "")
                if len(wrong) > 1:  # each of them is an issue of its own
                    raise unsupported("several unknown flags of like_regex")
                if wrong:
                    raise PathError(f"Unsupported regex flag '{wrong}'", column_of_flags)
            expression = regular_expression(("(?i)" if flags else "") + pattern, NOWHERE)
            return Step("like_regex", column, (plain,), expression)
        return plain

    def bracketed(self) -> Step:
        self.need("(")
        inner = self.expression(0)
        self.need(")")
        return inner

    def string(self) -> str:
        token = self.need("string")
        if token.text[0] == "'":
            raise PathError("Only double quoted strings allowed", token.column)
        return _unescaped(token)

    def primary(self) -> Step:
        token = self.here
        match token.kind:
            case "(":
                inner = self.bracketed()
                column = self.here.column
                if not self.take_word("is"):
                    return inner
                if not self.take_word("unknown"):
                    raise self.wrong()
                _require_condition(inner, "is unknown predicate expectes boolean argument")
                return Step("is unknown", column, (inner,))
            case "string":
                return Step("literal", token.column, value=self.string())
            case "number":
                self.at += 1
                return Step("literal", token.column, value=float(token.text))
            case "variable":
                self.at += 1
                return Step("variable", token.column, value=token.text[1:])
            case "$" | "@":
                self.at += 1
                return Step(token.kind, token.column)
        if word := self.take_word("true", "false", "null"):
            return Step("literal", token.column, value={"true": True, "false": False}.get(word))
        if self.take_word("last"):
            return Step("last", token.column)
        raise self.wrong()

    def accessors(self) -> Step:
        step = self.primary()
        while token := self.take(".", "[", "?"):
            match token.kind:
                case ".":
                    step = self.member(step, token)
                case "[":
                    step = self.subscripts(step, token)
                case "?":
                    column = self.here.column
                    condition = self.bracketed()
                    _require_condition(condition, "Filter must return boolean value")
                    step = Step("filter", column, (step, condition))
        return step

    def member(self, step: Step, dot: _Token) -> Step:
        token = self.need("word", "string", "*")
        if token.kind == "*":
            return Step(".*", token.column, (step,))
        if token.kind == "word" and token.text in METHODS and self.here.kind == "(":
            self.need("(")
            self.need(")")
            return Step(token.text, token.column, (step,))
        return Step("member", dot.column, (step,), _unescaped(token) if token.kind == "string" else token.text)

    def subscripts(self, step: Step, bracket: _Token) -> Step:
        if self.take("*"):
            self.need("]")
            return Step("[*]", bracket.column, (step,))
        ranges = []
        while True:
            first = self.expression(0)
            ranges.append((first, self.expression(0) if self.take_word("to") else None))
            if not self.take(","):
                break
        self.need("]")
        return Step("[]", bracket.column, (step,), tuple(ranges))


_LEVELS = (
    (("||",), True),
    (("&&",), True),
    (("==", "!=", "<>"), False),
    (("<", "<=", ">", ">="), False),
    (("+", "-"), True),
    (("*", "/", "%"), True),
)


def _require_condition(step: Step, message: str) -> None:
    """Raises PathError for a step that isn't known to be true, false or null. Of the literals it isn't known here."""
    if step.kind == "literal" and isinstance(step.value, bool | None):
        raise unsupported("a literal as a condition of a JsonPath")
    if step.kind not in _CONDITIONS:
        raise PathError(message, step.column)


def _unescaped(token: _Token) -> str:
    def letter(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPES:
            raise unsupported("this escape in a JsonPath")
        return _ESCAPES[match[1]]

    return re.sub(r"\\(.)", letter, token.text[1:-1], flags=re.DOTALL)
