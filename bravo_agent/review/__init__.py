"""The review page: what changed, what follows from each answer, and the answers, in a browser of this machine.

A front end beside the terminal. Values become a page (`page.py`); the page becomes HTML that is served, one static
file, or Markdown. Nothing is decided here in another way than there: the use cases and the file are the same.
"""
