"""Advertising backend: campaigns, ad groups, ads and their daily metrics."""
