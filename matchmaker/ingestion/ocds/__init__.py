"""Open Contracting Data Standard 1.1 with the European extensions: releases, records and packages of them, as JSON."""
