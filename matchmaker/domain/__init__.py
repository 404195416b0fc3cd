"""The field's own words and rules as frozen values. Imports the standard library only."""
