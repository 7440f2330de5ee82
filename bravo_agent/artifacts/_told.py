"""What the application's models say of stored documents, besides what the type of a column says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bravo_agent.artifacts._bson import Bson, bounds, counts, is_decimal
from bravo_agent.artifacts._given import Definitions
from bravo_agent.artifacts._nodes import Array, Literals, Node, Number, Object, Ref, Text, Union, without_null
from bravo_agent.artifacts._schema_nodes import read_definitions

Json = dict[str, Any]
_NUMERIC = frozenset(["int", "long", "double", "decimal"])


@dataclass(frozen=True)
class ToldByModel:
    """The properties of one model, by their keys in documents."""

    properties: Mapping[str, Node]
    bson: Bson

    def alone(self, key: str) -> Json:
        """The schema of a key that no column feeds."""
        return self.bson.schema(self.properties[key])

    def narrowed(self, schema: Json, key: str) -> Json:
        """``schema``, which the column's type gave, within what the model takes; its BSON types stay.

        A column of any type (json) holds what the model says.
        """
        node = self.properties.get(key)
        if node is None:
            return schema
        if not schema:
            return self.bson.schema(node)
        types = schema.get("bsonType")
        kinds = frozenset([types] if isinstance(types, str) else types or ())
        found = self._plain(node)
        if isinstance(found, Array) and kinds == {"array"}:
            return {**schema, **counts(found), **self._items(schema, found)}
        return _merged(schema, self._keywords(found, kinds)) if kinds else schema

    def _items(self, schema: Json, node: Array) -> Json:
        own = self.bson.schema(node.item)
        if not own:
            return {}
        return {"items": {"allOf": [schema["items"], own]} if schema.get("items") else own}

    def _keywords(self, node: Node, kinds: frozenset[str]) -> Json:
        if is_decimal(node) and isinstance(node, Union) and kinds <= _NUMERIC:
            return self._keywords(node.members[0], kinds)
        if isinstance(node, Number) and kinds <= _NUMERIC:
            return bounds(node)
        if isinstance(node, Text) and kinds == {"string"}:
            return self.bson.texts(node)
        if isinstance(node, Literals) and (kinds <= _NUMERIC or kinds == {"string"}):
            return {"enum": list(node.values)}
        return {}

    def _plain(self, node: Node) -> Node:
        """``node`` without null and names."""
        while isinstance(node, Ref):
            node = self.bson.named[node.name]
        inner, nullable = without_null(node)
        return self._plain(inner) if nullable else inner


def _merged(schema: Json, keywords: Json) -> Json:
    """Both; of two lengths the shorter, of labels those that both know, unless there are none."""
    found = {**schema, **keywords}
    if "maxLength" in schema and "maxLength" in keywords:
        found["maxLength"] = min(schema["maxLength"], keywords["maxLength"])
    if "enum" in schema and "enum" in keywords:
        found["enum"] = [one for one in schema["enum"] if one in keywords["enum"]] or schema["enum"]
    return found


def told_by_models(definitions: Definitions) -> Mapping[str, ToldByModel]:
    """By ``module:Class``."""
    named = {name: one.node for name, one in read_definitions(definitions.validation).items()}
    found = {}
    for model, name in definitions.names.items():
        node = named[name]
        if isinstance(node, Object):
            properties = {one.name: one.node for one in node.properties}
            found[model] = ToldByModel(properties, Bson(named, name, frozenset([name])))
    return found
