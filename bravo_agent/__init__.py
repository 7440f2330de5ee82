"""bravo-agent: PostgreSQL production data, MongoDB documents and Pydantic models, kept together."""
