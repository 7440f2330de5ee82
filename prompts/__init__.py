"""Texts for people and models, as jinja2 templates beside this file; no code."""
