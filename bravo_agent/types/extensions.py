"""Types that nobody knows better -> string: xml, the system's own, and whatever an extension brings.

Asked after all other families (see _families.py). A base type of another schema than ``pg_catalog`` is an
extension's: its text is exact by definition of its output function, until a file of its own says more.
"""

from __future__ import annotations

from bravo_agent.model.catalog import ColumnType
from bravo_agent.types._kind import Kind

_SYSTEM = frozenset(
    {
        "xml", "jsonpath", "pg_lsn", "xid", "xid8", "cid", "tid", "txid_snapshot", "pg_snapshot", "refcursor",
        "aclitem", "int2vector", "oidvector", "regclass", "regtype", "regproc", "regprocedure", "regoper",
        "regoperator", "regrole", "regnamespace", "regconfig", "regdictionary", "regcollation",
    }
)  # fmt: skip


class _Extensions(Kind):
    kernel = "string"
    cast = "text"

    def matches(self, type_: ColumnType) -> bool:
        return type_.form == "base" and (type_.name in _SYSTEM or type_.schema != "pg_catalog")


KIND = _Extensions()
