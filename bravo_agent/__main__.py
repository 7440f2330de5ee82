"""``python -m bravo_agent``: the same as the script ``bravo-agent``."""

from __future__ import annotations

from bravo_agent.cli.main import main

if __name__ == "__main__":
    main()
