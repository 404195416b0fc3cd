"""The ranking under other weights, with what moved."""

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from matchmaker.cli.console import out, say
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.scoring.what_if import Moved
from matchmaker.storage.codec import json_line


def show_what_if(moves: Sequence[Moved], organisations: Mapping[str, Organisation], as_json: bool) -> None:
    """Prints the ranking for people or as one JSON array."""
    if as_json:
        typer.echo(json_line(moves_as_plain(moves)).decode(), nl=False)
    else:
        show_moves(moves, organisations)


def show_moves(moves: Sequence[Moved], organisations: Mapping[str, Organisation]) -> None:
    """For people: new rank, the rank by score as published, both scores and the name."""
    say(Message("Under these weights; in brackets the rank and score as published."))
    for move in moves:
        supplier = organisations.get(move.match.supplier_key)
        name = supplier.name if supplier else move.match.supplier_key
        ranks = f"{move.rank_after:3}. ({move.rank_before:3}, {move.rise:+d})"
        out.print(f"{ranks}  {move.score:6.1%} ({move.match.score:6.1%})  {name}", markup=False)


def moves_as_plain(moves: Sequence[Moved]) -> list[dict[str, Any]]:
    """For programs."""
    return [
        {
            "rank": move.rank_after,
            "rank_as_published": move.rank_before,
            "supplier": move.match.supplier_key,
            "score": move.score,
            "score_as_published": move.match.score,
            "log_odds": move.log_odds,
        }
        for move in moves
    ]
