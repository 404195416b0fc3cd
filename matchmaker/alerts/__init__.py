"""Composing and handing over messages: text and HTML e-mail, mailers."""
