"""KINDS: one file per tool, each a thin door over one use case; the file's name is the tool's."""
