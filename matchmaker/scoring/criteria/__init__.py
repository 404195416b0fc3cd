"""The six criteria: each reads one need and one supplier and says a value or unknown, why, and from which words."""
