"""One verb per file: ``verb(workspace, ..., emit) -> value``; raises only ``BravoError``; no print, no prompt."""
