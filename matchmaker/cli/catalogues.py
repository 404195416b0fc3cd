"""``catalogues``: how complete the translations are."""

from pathlib import Path
from typing import Annotated

import typer

from matchmaker.cli.console import out
from matchmaker.language import catalogues
from matchmaker.language.extraction import sentences
from matchmaker.language.translate import CATALOGUES
from matchmaker.package_files import folder

SHOWN = 20


def register(app: typer.Typer) -> None:
    """Adds the command to ``app``."""
    app.command("catalogues")(check)


def check(
    update: Annotated[bool, typer.Option("--update", help="Write new sentences into the catalogues and drop old ones.")] = False,
) -> None:
    """Count the sentences each language still lacks; with --update make the catalogues ready for a translator."""
    found, _hidden = sentences(Path(catalogues.__file__).parents[1], folder("templates"))
    for path in sorted(CATALOGUES.glob("*.po")):
        if update:
            catalogues.update(path, found)
        covered = catalogues.coverage(path, found)
        out.print(f"{covered.language}: {covered.translated} translated, {len(covered.missing)} missing")
        for text in covered.missing[:SHOWN]:
            out.print(f"  {text}", markup=False)
