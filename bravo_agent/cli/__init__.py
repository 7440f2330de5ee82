"""The command line: one file per command, one renderer per value, a thin door over the use cases."""
