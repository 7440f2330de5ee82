"""Run by the application's own interpreter: imports its models and writes what Pydantic knows, as JSON.

Self-contained on purpose, and in the spelling of older Pythons: nothing of bravo-agent can be imported here.
``argv[1]`` is a request {command, roots, overlay, models, target}, ``argv[2]`` the file for the answer. What the
application prints goes to stderr.
"""
