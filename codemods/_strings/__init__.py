"""What texts of the code, and keys of data files, mean: by the flow of values through the whole program."""

from codemods._strings.judge import Judged
from codemods._strings.verdicts import StringAnalysis, string_verdicts

__all__ = ["Judged", "StringAnalysis", "string_verdicts"]
