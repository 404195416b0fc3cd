"""Sentences in the reader's language: gettext catalogues, plural forms, numbers, dates and money by locale."""
