"""A process that reads files for another one: jobs as JSON on its input, answers on its output."""

from __future__ import annotations

import json
import sys

from codemods._finding.reading import work


def main() -> None:
    """Does what stands on the input."""
    answers = [work((file, text, names)) for file, text, names in json.load(sys.stdin.buffer)]
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
