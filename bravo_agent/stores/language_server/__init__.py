"""A type checker as an outside system: asked where names are defined, of what type they are, and what is wrong."""

from bravo_agent.model.code import Point as Token
from bravo_agent.stores.language_server.server import DefinitionServer, checker_version

__all__ = ["DefinitionServer", "Token", "checker_version"]
