"""The MCP server: not there yet (docs/status.md). Nothing imports this package, and no command starts it."""
