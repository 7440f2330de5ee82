"""Calls of dictionaries, lists and their like: what they hold goes on."""

from __future__ import annotations

from codemods._strings.call_parts import Known, inner, key_text, plain
from codemods._strings.graph import Call, Node, copy, equal, flow, load, look_up, store


def _element(*path: str) -> Known:
    """The result's elements are what lies there in the receiver."""

    def draw(call: Call, receiver: Node) -> None:
        store(call.result, "e", inner(call, receiver, *path))

    return draw


def _items(call: Call, receiver: Node) -> None:
    pair = plain(call)
    pair.kind = "fresh"
    store(pair, "p0", inner(call, receiver, "K"))
    store(pair, "p1", inner(call, receiver, "v"))
    store(call.result, "e", pair)


def _get(call: Call, receiver: Node) -> None:
    """``get`` and ``pop`` of a dictionary; ``getlist`` too."""
    if call.is_request:
        return
    if not call.positional:
        store_element(call, receiver)
        return
    look_up(call.positional[0], receiver)
    key = key_text(call)
    load(receiver, "*" if key is None else f"k:{key}", call.result)
    if len(call.positional) > 1:
        flow(call.positional[1], call.result)


def store_element(call: Call, receiver: Node) -> None:
    """``pop()`` of a list."""
    load(receiver, "e", call.result)


def _setdefault(call: Call, receiver: Node) -> None:
    _get(call, receiver)
    if call.positional:
        store(receiver, "K", call.positional[0])
    if len(call.positional) > 1:
        key = key_text(call)
        store(receiver, "v" if key is None else f"k:{key}", call.positional[1])


def _update(call: Call, receiver: Node) -> None:
    for one in (*call.positional, *call.spread):
        copy(one, receiver)
    for name, value in call.named.items():
        store(receiver, f"k:{name}", value)


def _add(call: Call, receiver: Node) -> None:
    for one in call.positional[-1:]:
        store(receiver, "e", one)


def _extend(call: Call, receiver: Node) -> None:
    for one in call.positional:
        copy(one, receiver)


def _copy_receiver(call: Call, receiver: Node) -> None:
    copy(receiver, call.result)


def _union(call: Call, receiver: Node) -> None:
    for one in (receiver, *call.positional):
        copy(one, call.result)


def _list(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        copy(one, call.result)
        store(call.result, "e", inner(call, one, "e"))


def _dict(call: Call, receiver: Node) -> None:
    for one in (*call.positional[:1], *call.spread):
        copy(one, call.result)
        store(call.result, "K", inner(call, one, "e", "p0"))
        store(call.result, "v", inner(call, one, "e", "p1"))
        load(one, "D", copied := plain(call))  # dict(model)
        copy(copied, call.result)
    for name, value in call.named.items():
        store(call.result, f"k:{name}", value)


def _empty(call: Call, receiver: Node) -> None:
    """A new object that holds only what is put into it."""


def _from_keys(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        store(call.result, "K", inner(call, one, "e"))


def _enumerate(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        _tuples(call, [None, one])


def _zip(call: Call, receiver: Node) -> None:
    _tuples(call, list(call.positional))


def _tuples(call: Call, parts: list[Node | None]) -> None:
    together = plain(call)
    together.kind = "fresh"
    for place, one in enumerate(parts):
        if one is not None:
            store(together, f"p{place}", inner(call, one, "e"))
    store(call.result, "e", together)


def _first(call: Call, receiver: Node) -> None:
    """``next``, ``min``, ``max``: one of the elements."""
    for one in call.positional[:1]:
        load(one, "e", call.result)
    for one in call.positional[1:]:
        flow(one, call.result)
    _sorting(call, receiver)


def _parameters(call: Call, receiver: Node) -> None:
    """``pytest.param``: a tuple."""
    for place, one in enumerate(call.positional):
        store(call.result, f"p{place}", one)


def _sorted(call: Call, receiver: Node) -> None:
    _list(call, receiver)
    _sorting(call, receiver)


def _sorting(call: Call, receiver: Node) -> None:
    """``key=attrgetter("x")`` and ``itemgetter``, held against the elements."""
    key = call.named.get("key")
    elements = call.positional[0] if call.positional else receiver
    if key is not None:
        equal(inner(call, key, "G"), inner(call, elements, "e", "D"))
        equal(inner(call, key, "GI"), inner(call, elements, "e"))


def _filter(call: Call, receiver: Node) -> None:
    for one in call.positional[1:2]:
        copy(one, call.result)
        store(call.result, "e", inner(call, one, "e"))


def _chain(call: Call, receiver: Node) -> None:
    for one in (*call.positional, *call.rest):
        store(call.result, "e", inner(call, one, "e"))
        store(call.result, "e", inner(call, one, "e", "e"))
        copy(one, call.result)


def _copies(call: Call, receiver: Node) -> None:
    for one in call.positional[:1]:
        copy(one, call.result)


METHODS: dict[str, Known] = {
    "items": _items,
    "keys": _element("K"),
    "values": _element("v"),
    "get": _get,
    "pop": _get,
    "getlist": _get,
    "setdefault": _setdefault,
    "update": _update,
    "append": _add,
    "add": _add,
    "discard": _add,
    "remove": _add,
    "insert": _add,
    "appendleft": _add,
    "extend": _extend,
    "copy": _copy_receiver,
    "union": _union,
    "difference": _union,
    "intersection": _union,
    "isdisjoint": _union,
    "issubset": _union,
    "issuperset": _union,
    "fromkeys": _from_keys,
    "sort": _sorting,
}
BUILTINS: dict[str, Known] = {
    "list": _list,
    "set": _list,
    "tuple": _list,
    "frozenset": _list,
    "iter": _list,
    "reversed": _list,
    "sorted": _sorted,
    "dict": _dict,
    "enumerate": _enumerate,
    "zip": _zip,
    "next": _first,
    "min": _first,
    "max": _first,
    "filter": _filter,
}
FUNCTIONS: dict[str, Known] = {
    "deque": _list,
    "OrderedDict": _dict,
    "ChainMap": _chain,
    "chain": _chain,
    "from_iterable": _chain,
    "deepcopy": _copies,
    "MappingProxyType": _copies,
    "StringIO": _empty,
    "BytesIO": _empty,
    "defaultdict": _empty,
    "param": _parameters,
}
