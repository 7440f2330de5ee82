"""The shelf of ways to settle a question. Precedence is fixed by rank: recorded > policy > safe > undecided.

A decider gives an ``Answer``, or None for "I can't tell". It never guesses and never changes a verdict.
"""
