"""Embedded servers for development and tests: PostgreSQL, MongoDB (replica set), S3; shared by processes.

The servers of one folder belong to every process that holds a `ServerSet` of it. A detached watchdog stops
them when the last such process released its set, ended, or was killed. The data stay in the folder.
"""

from bravo_agent.stores.servers.access import S3Access
from bravo_agent.stores.servers.lifecycle import ServerSet, running, start_servers, stop_servers

__all__ = ["S3Access", "ServerSet", "running", "start_servers", "stop_servers"]
