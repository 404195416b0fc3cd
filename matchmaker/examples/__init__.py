"""Example suppliers and notices, written for this project: nothing here is a real organisation or a real purchase."""
