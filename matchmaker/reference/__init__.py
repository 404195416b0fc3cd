"""Official tables (CPV, NUTS, countries, code lists) as plain look-ups, with a small core that needs no loading."""
