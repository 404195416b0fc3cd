"""``records verify|export|list``: prove and hand out sourcing records."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from matchmaker.cli.console import database, out, progress, run, say
from matchmaker.domain.errors import InvalidValue, Refusal
from matchmaker.domain.hash_chain import Link, first_broken
from matchmaker.domain.messages import Message
from matchmaker.domain.sourcing_record import SourcingRecord
from matchmaker.language.translate import languages
from matchmaker.scoring.capability import default_capability
from matchmaker.settings import read_settings
from matchmaker.storage.codec import json_line
from matchmaker.web.names import Names
from matchmaker.web.record_file import record_html, record_json
from matchmaker.workflows.load_reference import stored_reference
from matchmaker.workflows.prove_record import Proof, prove
from matchmaker.workflows.sourcing_record import every_record, export_for_operator, record_for_operator

group = typer.Typer(help="Sourcing records: what buyers searched, found and decided.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.add_typer(group, name="records")


@group.command()
def verify(
    record_id: Annotated[str | None, typer.Argument(metavar="RECORD_ID", help="One record, as in its address.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every record there is.")] = False,
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="Instead: an exported JSON file; needs no database.")] = None,
    digest: Annotated[
        str | None, typer.Option("--hash", metavar="HASH", help="Also ask that this hash, from a print or a file, stands in it.")
    ] = None,
) -> None:
    """Prove that nothing was altered and that order and scores come out again. Exit code 1 where something does not hold."""
    if sum((record_id is not None, everything, file is not None)) != 1:
        raise typer.BadParameter(str(Message("Name one record, or give --all or --file.")))
    wanted = [record_id] if record_id else []
    sound = run(_verify(wanted, digest)) if file is None else _verify_file(file, digest)
    if not sound:
        raise typer.Exit(1)


async def _verify(wanted: Sequence[str], digest: str | None) -> bool:
    model, sound = default_capability(), True
    async with database(read_settings()) as sessions:
        ids = wanted or await every_record(sessions)
        for record_id in progress(ids, len(ids), str(Message("Records"))):
            record = await record_for_operator(sessions, record_id)
            proof = prove(record, model)
            named = digest is None or digest in {link.digest for link in record.links}
            _tell(proof, record.digest, named)
            sound = sound and proof.holds and named
    say(Message("%(count)s records proven.", {"count": len(ids)}) if sound else Message("Not every record holds."))
    return sound


def _tell(proof: Proof, digest: str, named: bool) -> None:
    chain = "whole" if proof.whole else f"broken at {proof.broken_at}"
    again = {True: "the same", False: "different", None: "not tested"}[proof.repeated]
    gap = "-" if proof.difference is None else f"{proof.difference:.1e}"
    found = "" if named else "\thash not in it"
    line = f"{proof.record_id}\tentries: {proof.events}, {chain}\tscores: {proof.scores}, {again} ({gap})\t{digest}{found}"
    out.print(line, markup=False)


def _verify_file(file: Path, digest: str | None) -> bool:
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        links = [Link(each["number"], each["body"], each["hash"]) for each in record["events"]]
        last = record["hash"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidValue(
            Message("“%(file)s” is not an exported sourcing record.", {"file": str(file)}),
            Message("Export one with “matchmaker records export RECORD_ID --json”."),
        ) from error
    except OSError as error:
        reason = {"file": str(file), "reason": str(error.strerror)}
        raise Refusal(Message("“%(file)s” cannot be read: %(reason)s.", reason), Message("Check the path.")) from error
    broken = first_broken(links)
    ended = bool(links) and links[-1].digest == last
    named = digest is None or digest in {link.digest for link in links}
    if broken is not None:
        say(Message("Entry %(number)s was altered, or entries are missing.", {"number": broken}))
    elif not ended:
        say(Message("The file names another hash than its last entry's."))
    elif not named:
        say(Message("That hash does not stand in the record."))
    else:
        say(Message("%(count)s entries, unaltered; hash %(hash)s.", {"count": len(links), "hash": last}))
    return broken is None and ended and named


@group.command("list")
def list_all() -> None:
    """Print the ids of all records; what stands in them is for the teams."""
    for record_id in run(_ids()):
        out.print(record_id, markup=False)


async def _ids() -> list[str]:
    async with database(read_settings()) as sessions:
        return await every_record(sessions)


@group.command()
def export(
    record_id: Annotated[str, typer.Argument(metavar="RECORD_ID", help="As in the record's address.")],
    as_json: Annotated[bool, typer.Option("--json", help="For programs; anybody can verify it (the default).")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="To print: one page with the hash on every sheet.")] = False,
    language: Annotated[str, typer.Option(help="Two-letter language of the page.")] = "en",
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to this file instead of printing.")] = None,
) -> None:
    """Write one record out. That it was exported is written into it first."""
    if as_json and as_html:
        raise typer.BadParameter(str(Message("Give --json or --html, not both.")))
    if language not in languages():
        raise typer.BadParameter(str(Message("“%(language)s” is not offered.", {"language": language})))
    record, names = run(_export(record_id, "html" if as_html else "json", language))
    content = record_html(record, names) if as_html else json_line(record_json(record)).decode()
    if to is None:
        typer.echo(content, nl=False)
        return
    to.write_text(content, encoding="utf-8")
    say(Message("Written to %(file)s.", {"file": str(to)}))


async def _export(record_id: str, form: str, language: str) -> tuple[SourcingRecord, Names]:
    async with database(read_settings()) as sessions:
        record = await export_for_operator(sessions, record_id, form, datetime.now(UTC))
        return record, Names(await stored_reference(sessions), language)
