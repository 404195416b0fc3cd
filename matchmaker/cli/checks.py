"""``check parity`` and ``bench read``: is what we read right, and how fast is it read."""

from pathlib import Path
from typing import Annotated

import typer

from matchmaker.cli.console import err, out, progress, say
from matchmaker.cli.groups import bench, check
from matchmaker.domain.messages import Message
from matchmaker.ingestion.archives import documents
from matchmaker.settings import read_settings
from matchmaker.workflows.bench_read import ReadingSpeed, reading_speed
from matchmaker.workflows.check_pairs import PAIR_FIELDS, PairResult, check_pairs
from matchmaker.workflows.check_parity import TARGET, ParityReport, check_parity, read_reference, sample


def register(_app: typer.Typer) -> None:
    """Adds the commands to their groups."""
    check.command()(parity)
    bench.command()(read)


def parity(
    notices: Annotated[Path | None, typer.Option(help="Folder with notices; default: data/notices of MATCHMAKER_SHARED.")] = None,
    lots: Annotated[Path | None, typer.Option(help="The independent reading; default: data/lots.jsonl.gz there.")] = None,
    differences: Annotated[int, typer.Option(help="How many differences to list; -1 lists all.")] = 20,
    sample_size: Annotated[int | None, typer.Option("--sample", help="Compare only this many notices.")] = None,
    seed: Annotated[int, typer.Option(help="Which notices a sample takes.")] = 1,
    pairs: Annotated[bool, typer.Option("--pairs", help="Compare notices published in both schemas instead.")] = False,
) -> None:
    """Compare our reading of real notices with an independent one, field by field.

    Exit code 1 when a field is equal in fewer than 99.5 % of the lots.
    """
    shared = read_settings().shared / "data"
    if pairs:
        raise typer.Exit(_print_pairs(check_pairs(notices or shared / "pairs")))
    files = sample([notices or shared / "notices"], sample_size, seed)
    reference = read_reference(lots or shared / "lots.jsonl.gz")
    report = check_parity(progress(documents(files), len(files), "Comparing"), reference)
    _print_report(report, differences)
    raise typer.Exit(0 if report.reached else 1)


def _print_report(report: ParityReport, listed: int) -> None:
    counts = {"notices": report.notices, "refused": len(report.refusals)}
    say(Message("%(notices)s notices compared, %(refused)s unreadable.", counts))
    for refusal in report.refusals:
        out.print(f"  {refusal}", markup=False)
    out.print(f"{'field':<12} {'compared':>9} {'equal':>9} {'%':>7} {'explained':>10} {'% with explained':>17}")
    for name, tally in report.tallies.items():
        out.print(
            f"{name:<12} {tally.compared:>9} {tally.equal:>9} {100 * tally.share:>7.2f} {tally.explained:>10} "
            f"{100 * tally.share_with_explained:>17.2f}"
        )
    chosen = report.differences if listed < 0 else report.differences[:listed]
    if chosen:
        say(Message("%(shown)s of %(all)s differences:", {"shown": len(chosen), "all": len(report.differences)}))
    for difference, reason in chosen:
        out.print(f"{difference.notice.notice_id}/{difference.lot_id} {difference.field}", markup=False)
        out.print(f"   ours:   {str(difference.ours)[:300]}", markup=False)
        out.print(f"   theirs: {str(difference.theirs)[:300]}", markup=False)
        out.print(f"   why:    {reason or 'not explained'}", markup=False)
    if not report.reached:
        err.print(str(Message("A field is below %(target)s %%, or a document was unreadable.", {"target": 100 * TARGET})))


def _print_pairs(results: list[PairResult]) -> int:
    """The table of pairs; 1 when a pair differs in a field for no known reason."""
    read = [result for result in results if result.refusal is None]
    say(Message("%(pairs)s pairs, %(read)s readable in both schemas.", {"pairs": len(results), "read": len(read)}))
    for result in results:
        if result.refusal:
            out.print(f"  {result.refusal}", markup=False)
    out.print(f"{'field':<10} {'compared':>9} {'equal':>6} {'explained':>10}")
    unexplained = 0
    for name in PAIR_FIELDS:
        found = [difference for result in read for difference in result.differences if difference[0] == name]
        explained = sum(difference[3] is not None for difference in found)
        unexplained += len(found) - explained
        out.print(f"{name:<10} {len(read):>9} {len(read) - len(found):>6} {explained:>10}")
    for result in read:
        for name, older, newer, reason in result.differences:
            out.print(f"{result.name} {name}: {str(older)[:200]} / {str(newer)[:200]}: {reason or 'not explained'}", markup=False)
    return 1 if unexplained else 0


def read(
    notices: Annotated[Path | None, typer.Option(help="Folder with notices; default: data/notices of MATCHMAKER_SHARED.")] = None,
    repeat: Annotated[int, typer.Option(min=1, help="Read everything this many times.")] = 1,
) -> None:
    """Measure how many notices one core reads per second, from bytes in memory to a notice."""
    folder = notices or read_settings().shared / "data" / "notices"
    found = list(progress(documents([folder]), None, "Loading"))
    print_speed(reading_speed(found, repeat))


def print_speed(speed: ReadingSpeed) -> None:
    """One line per schema, and the whole."""
    for name, part in {**speed.by_schema, "all": speed.whole}.items():
        out.print(
            f"{name:<8} {part.documents:>7} documents {part.megabytes:>8.1f} MB {part.seconds:>7.2f} s processor time "
            f"{part.per_second:>8.0f} documents per second and core"
        )
    if speed.refused:
        say(Message("%(count)s documents could not be read.", {"count": speed.refused}))
