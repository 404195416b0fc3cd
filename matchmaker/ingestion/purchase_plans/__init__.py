"""Purchase plans as buyers keep them in spreadsheets, in any of the EU's languages, to rows of the domain."""
