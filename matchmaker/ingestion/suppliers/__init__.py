"""Supplier registers in CSV, XLSX and JSON Lines: bytes to organisations of the domain, row by row."""
