"""The MCP server: a front end over the use cases, as the command line is one.

``server`` makes it, ``tools/`` holds one file per tool, ``_edge`` stands between a tool and the protocol.
"""
