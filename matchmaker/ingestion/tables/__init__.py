"""Tables people keep in spreadsheets, whatever they are about: CSV and XLSX, and the values in their cells."""
