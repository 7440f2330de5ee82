"""Names that cross borders: PostgreSQL column -> Python field, document key, collection, class.

Every escape is reversible and a pure function of the name, so that two columns of one table can never meet
in one field, and a version's data can be read back without the catalog it came from.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable
from hashlib import sha256

from bravo_agent.characters import seen

_PREFIX = "f_"
_MODULE = 100
# MongoDB's drivers take no dot at an end of a collection's name, and no two in a row.
_LONE_DOT = re.compile(r"^\.|\.\Z|(?<=\.)\.")
_ESCAPED = re.compile(r"_x([0-9a-f]+)_")
_PLAIN = re.compile(r"[A-Za-z0-9_]*")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9a-f]+[^A-Za-z0-9])")

_BASE_MODEL = frozenset([
    "construct", "copy", "dict", "fields", "from_orm", "json", "parse_file", "parse_obj", "parse_raw",
    "schema", "schema_json", "update_forward_refs", "validate",
])  # fmt: skip
# A field that is called like a type hides that type from every annotation below it in the class body.
_TYPES = frozenset([
    "Any", "Annotated", "ConfigDict", "Decimal", "Enum", "Field", "BaseModel", "BeforeValidator", "Callable",
    "Decimal128", "PgTime",
    "Literal", "None", "Optional", "Range", "Union", "UUID", "PgDecimal", "PgNumeric", "WrapValidator",
    "bool", "bytes", "date", "datetime", "dict", "float", "int", "list", "object", "set", "str", "time",
    "timedelta", "tuple",
])  # fmt: skip
# Collections of MongoDB's own, and of bravo-agent's (stores/mongodb/names.py).
_NOT_OURS = ("system.", "_bravo_")
_RESERVED = _BASE_MODEL | _TYPES | frozenset(keyword.kwlist)


def field_name(column: str) -> str:
    """The Python field of ``column``: itself where Python and Pydantic take it, else its escape.

    ``class`` -> ``class_``, ``model_x`` -> ``f_model_x``, ``_id`` -> ``f__id``, ``a.b`` -> ``a_x2e_b``.
    """
    name = _escape_characters(column)
    if name.rstrip("_") in _RESERVED:
        name += "_"
    return _PREFIX + name if _needs_prefix(name) else name


def column_of_field(field: str) -> str:
    """The column whose ``field_name`` is ``field``."""
    name = field
    if name.startswith(_PREFIX) and _needs_prefix(name[len(_PREFIX) :]):
        name = name[len(_PREFIX) :]
    if name.endswith("_") and name.rstrip("_") in _RESERVED:
        name = name[:-1]
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), name)


def document_name(column: str) -> str:
    """The document key of an ordinary column: MongoDB takes no ``$`` or ``.``, and ``_id`` is the key."""
    if column == "":
        return "%"
    if column == "_id":
        return "%5Fid"
    return column.replace("%", "%25").replace("$", "%24").replace(".", "%2E")


def column_of_document_name(key: str) -> str:
    """The column whose ``document_name`` is ``key``."""
    if key == "%":
        return ""
    for escape, plain in (("%5F", "_"), ("%24", "$"), ("%2E", "."), ("%25", "%")):
        key = key.replace(escape, plain)
    return key


def collection_name(schema: str, table: str) -> str:
    """The collection of a table: its name, with the schema before it unless that is ``public``."""
    name = table if schema == "public" else f"{schema}_{table}"
    name = _LONE_DOT.sub("%2E", name.replace("%", "%25").replace("$", "%24"))
    taken = name.startswith(_NOT_OURS) or name == "etl_audit"
    return f"%{ord(name[0]):02X}{name[1:]}" if taken else name or "%"


def module_name(table: str) -> str:
    """The module of a table's model: named like a field, and no longer than file systems take."""
    name = field_name(table)
    return name if len(name) <= _MODULE else f"{name[:_MODULE]}_{sha256(table.encode()).hexdigest()[:8]}"


def collection_names(tables: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Unique collections of tables (schema, name); of two that would share one, the second gets a dot."""
    names: dict[tuple[str, str], str] = {}
    for schema, table in sorted(tables, key=lambda one: (one[0] != "public", one)):
        names[schema, table] = free_collection(schema, table, set(names.values()))
    return names


def free_collection(schema: str, table: str, taken: Collection[str]) -> str:
    """The collection of a table, another than those of ``taken``."""
    plain = collection_name(schema, table)
    dotted = collection_name("public", f"{schema}.{table}")
    numbered = (f"{dotted}.{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (plain, dotted, *numbered) if one not in taken)


def class_names(
    tables: Iterable[tuple[str, str]], taken_already: Iterable[str] = ()
) -> dict[tuple[str, str], str]:
    """Unique class names of tables (schema, name): singular; a twin gets its schema, then a number."""
    names: dict[tuple[str, str], str] = {}
    taken = {name.casefold() for name in taken_already}
    for schema, table in sorted(tables):
        plain = _class_name(table)
        candidates = [plain, _class_name(schema, singular=False) + plain] if schema != "public" else [plain]
        numbered = (f"{plain}{number}" for number in range(2, len(taken) + 3))
        # Case twins of classes would be legal, but their JSON Schema files meet on some disks.
        name = next(found for found in (*candidates, *numbered) if found.casefold() not in taken)
        taken.add(name.casefold())
        names[schema, table] = name
    return names


def _escape_characters(name: str) -> str:
    safe = _ESCAPE_LIKE.sub("_x5f_", name)
    if _PLAIN.fullmatch(safe):  # nearly every column there is
        return safe
    # Python reads identifiers in NFKC: two columns could become one field.
    stable = unicodedata.normalize("NFKC", safe) == safe
    return "".join(one if _allowed(one, stable) else f"_x{ord(one):x}_" for one in safe)


def _allowed(character: str, stable: bool) -> bool:
    if character.isascii():
        return character.isalnum() or character == "_"
    return stable and f"a{character}".isidentifier() and seen(character)


def _needs_prefix(name: str) -> bool:
    if not name or name[0] == "_" or name.startswith("model_") or not name[0].isidentifier():
        return True
    return name.startswith(_PREFIX) and _needs_prefix(name[len(_PREFIX) :])


def _class_name(table: str, *, singular: bool = True) -> str:
    words = [word for word in re.split(r"[^0-9A-Za-z]+|(?<=[a-z0-9])(?=[A-Z])", table) if word]
    if words and singular:
        words[-1] = _singular(words[-1])
    name = "".join(word[0].upper() + word[1:] for word in words) or "Model"
    if not name[0].isalpha():
        name = f"Table{name}"
    return f"{name}Model" if name in _RESERVED else name


def _singular(word: str) -> str:
    lower = word.lower()
    if lower.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if lower.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is", "news", "series")) and len(word) > 2:
        return word[:-1]
    return word
