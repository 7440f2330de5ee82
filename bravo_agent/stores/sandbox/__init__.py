"""Code that nobody has read yet, run in a process of its own: no network, no files, few resources.

It is defence in depth. What keeps data and machines safe is that a person reads and accepts the code before it
sees a row.
"""

from bravo_agent.stores.sandbox.process import Isolation, SandboxReport, TrialResult, run_in_sandbox

__all__ = ["Isolation", "SandboxReport", "TrialResult", "run_in_sandbox"]
