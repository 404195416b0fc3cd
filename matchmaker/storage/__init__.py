"""The only room that knows SQL: tables, their queries, the engine, the outbox."""
