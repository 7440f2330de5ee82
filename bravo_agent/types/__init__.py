"""The shelf of PostgreSQL's types: one file per family; ``family`` finds the one that reads a type.

What a family says of a type: the expressions that export it exactly (``select``), the canonical Arrow array made
of what comes back (``restore``, ``arrow``), the exact way from PostgreSQL's text to BSON (``reader``), and what it is
in a model (``shape``, ``python``) and in a validator (``bson_schema``). ``SESSION`` must be set while exporting.
"""

from __future__ import annotations

from collections.abc import Mapping

from bravo_agent.types._cast_arrays import FITS, OUTSIDE, UNFIT, Cast, cast_between, printed_values
from bravo_agent.types._families import family, skipped
from bravo_agent.types._keys import escape_key, unescape_key
from bravo_agent.types._kind import Kind, Lane
from bravo_agent.types._prelude import PRELUDE, PRELUDE_NAMES
from bravo_agent.types._rejection import Rejection

SESSION: Mapping[str, str] = {
    "intervalstyle": "iso_8601",
    "timezone": "UTC",
    "datestyle": "ISO, MDY",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "lc_monetary": "C",
    "xmloption": "content",
}

__all__ = [
    "FITS",
    "OUTSIDE",
    "PRELUDE",
    "PRELUDE_NAMES",
    "SESSION",
    "UNFIT",
    "Cast",
    "Kind",
    "Lane",
    "Rejection",
    "cast_between",
    "escape_key",
    "family",
    "printed_values",
    "skipped",
    "unescape_key",
]
