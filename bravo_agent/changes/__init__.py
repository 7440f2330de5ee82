"""The shelf of schema changes: one file per kind, whose name is its tag on the wire and its page in the docs.

A kind claims facts, by rank: what it yields are whole ``Change`` values with severity, default verdict, the
question and its options. It looks at nothing but the facts and the context. A file holds its own examples
(``_kind.Example``), which are its tests and its documentation.
"""
