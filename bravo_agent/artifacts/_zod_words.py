"""How Zod 4 says what is not made of other nodes: texts, numbers, literals; and the types of its schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bravo_agent.artifacts._exported import literal
from bravo_agent.artifacts._nodes import Literals, Number, Scalar, Text
from bravo_agent.artifacts._patterns import CannotSayError, javascript
from bravo_agent.artifacts._schema_nodes import unsupported

_SAFE = 2**53 - 1
_FORMATS: Mapping[str, tuple[str, str]] = {
    # Pydantic writes a datetime without a zone as one without a zone, and calls that date-time too.
    "date-time": (
        'z.iso.datetime({ offset: true, local: true }).meta({ format: "date-time" })',
        "z.ZodISODateTime",
    ),
    "date": ("z.iso.date()", "z.ZodISODate"),
    "time": ('z.string().regex(_TIME).meta({ format: "time" })', "z.ZodString"),
    "duration": ('z.string().regex(_DURATION).meta({ format: "duration" })', "z.ZodString"),
    # z.uuid() asks for a known version; a UUID of Python may be any 128 bits.
    "uuid": ("z.guid()", "z.ZodGUID"),
    "uuid4": ("z.uuidv4()", "z.ZodUUID"),
    "email": ("z.email({ pattern: z.regexes.unicodeEmail })", "z.ZodEmail"),
    "uri": ("z.url()", "z.ZodURL"),
    "ipv4": ("z.ipv4()", "z.ZodIPv4"),
    "ipv6": ("z.ipv6()", "z.ZodIPv6"),
}
HELPERS = {
    "_TIME": r"const _TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$/;"
    "\n",
    "_DURATION": (
        r"const _DURATION = /^[+-]?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;"
        "\n"
    ),
    "_length": """\
// Lengths count code points, as Pydantic and JSON Schema do: an emoji is one, though its JavaScript length is two.
const _length = (least: number, most: number) => (text: string) => {
  const length = [...text].length;
  return least <= length && length <= most;
};
""",
    "_unique": """\
const _unique = (items: readonly unknown[]) => {
  const sorted = (_: string, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return new Set(items.map((item) => JSON.stringify(item, sorted))).size === items.length;
};
""",
    "_keys": """\
const _keys = (least: number, most: number) => (value: object) => {
  const count = Object.keys(value).length;
  return least <= count && count <= most;
};
""",
}


def text_code(node: Text, place: str) -> str:
    """The schema of a text; raises ``FailedError`` ``artifact-unsupported`` for a pattern of Python's alone."""
    plain = "z.string()" if node.format is None else f"z.string().meta({{ format: {literal(node.format)} }})"
    found = _FORMATS.get(node.format or "", (plain, ""))[0]
    if node.pattern is not None:
        try:
            found += f".regex({javascript(node.pattern)})"
        except CannotSayError as error:
            raise unsupported(place, f"{error} in a pattern (JavaScript has no word for it)") from None
    return found + _length(node.least or 0, node.most)


def _length(least: int, most: int | None) -> str:
    if least <= 1 and not most:
        # here both ways to count agree
        return (".min(1)" if least else "") + (".max(0)" if most == 0 else "")
    return bounds("_length", least, most, "characters", ("minLength", "maxLength"))


def bounds(check: str, least: int | None, most: int | None, of: str, names: tuple[str, str]) -> str:
    """A refinement by ``check``, which JSON Schema calls ``names``."""
    told = {names[0]: least or None, names[1]: most}
    meta = ", ".join(f"{name}: {value}" for name, value in told.items() if value is not None)
    said = (
        f"{least} to {most} {of}"
        if least and most
        else f"at least {least} {of}"
        if least
        else f"at most {most} {of}"
    )
    return (
        f'.refine({check}({least or 0}, {"Infinity" if most is None else most}), "{said}").meta({{ {meta} }})'
    )


def text_type(node: Text) -> str:
    """Its type."""
    return _FORMATS.get(node.format or "", ("", "z.ZodString"))[1]


def number_code(node: Number) -> str:
    """The schema of a number; ``z.int()`` takes none that a number of JavaScript cannot hold exactly."""
    words = {
        "min": node.least,
        "max": node.most,
        "gt": node.above,
        "lt": node.below,
        "multipleOf": node.multiple_of,
    }
    calls = "".join(
        f".{word}({number(value)})"
        for word, value in words.items()
        if value is not None and not (node.whole and abs(value) > _SAFE)
    )
    return ("z.int()" if node.whole else "z.number()") + calls


def number(value: float) -> str:
    """``value`` as JavaScript writes it."""
    return str(int(value)) if value == int(value) and abs(value) <= _SAFE else literal(value)


def literals_code(node: Literals) -> str:
    """``z.enum`` where all are texts, else ``z.literal``."""
    texts = ", ".join(map(literal, node.values))
    if len(node.values) == 1:
        return f"z.literal({texts})"
    return f"z.enum([{texts}])" if _texts(node.values) else f"z.literal([{texts}])"


def literals_type(node: Literals) -> str:
    """Its type."""
    if len(node.values) > 1 and _texts(node.values):
        return f"z.ZodEnum<{{ {'; '.join(f'{literal(one)}: {literal(one)}' for one in node.values)} }}>"
    return f"z.ZodLiteral<{' | '.join(map(literal, node.values))}>"


def _texts(values: Sequence[Scalar]) -> bool:
    return all(isinstance(value, str) for value in values)
