"""The target: a MongoDB database whose readers see one whole version at a time."""

from bravo_agent.stores.mongodb.build import ChunkDone
from bravo_agent.stores.mongodb.connection import SwitchMode
from bravo_agent.stores.mongodb.names import database_name
from bravo_agent.stores.mongodb.plans import PlanRecord, PlanState
from bravo_agent.stores.mongodb.target import MongoTarget
from bravo_agent.stores.mongodb.writer import Documents, Writer

__all__ = [
    "ChunkDone",
    "Documents",
    "MongoTarget",
    "PlanRecord",
    "PlanState",
    "SwitchMode",
    "Writer",
    "database_name",
]
