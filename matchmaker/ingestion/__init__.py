"""Pure readers: bytes of eForms, older TED XML, CSV, XLSX and JSON Lines to domain values. No database, no network."""
