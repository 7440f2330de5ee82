# ruff: noqa: PTH100, PTH119, PTH120
"""The script: finds its own package wherever it is, for the application's interpreter does not have it."""

import importlib
import os
import sys

if __name__ == "__main__":
    folder = os.path.dirname(os.path.abspath(__file__))
    sys.path[0] = os.path.dirname(folder)
    importlib.import_module(f"{os.path.basename(folder)}._answers").main()
