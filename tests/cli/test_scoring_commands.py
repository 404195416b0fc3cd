import json
from pathlib import Path

from typer.testing import CliRunner

from matchmaker.cli import app

SUPPLIERS = {
    "a": ("en", "We cater for schools and events."),
    "b": ("fr", "Nettoyage de bureaux et de vitres."),
    "c": ("el", "Καθαρισμός κτιρίων και γραφείων."),
    "d": ("en", ""),
}


def inputs(folder: Path) -> list[str]:
    suppliers, lots = folder / "suppliers.jsonl", folder / "lots.jsonl"
    lines = [json.dumps({"id": key, "lang": language, "description": text}) for key, (language, text) in SUPPLIERS.items()]
    suppliers.write_text("\n".join([*lines, lines[0]]), encoding="utf-8")
    lot = {
        "qid": "Q1",
        "language": "de",
        "title": "Unterhaltsreinigung",
        "description": "",
        "main_cpv": "90911200",
        "extra_cpvs": [],
    }
    lots.write_text(json.dumps(lot) + "\n" + json.dumps(lot | {"qid": "Q2", "main_cpv": None}), encoding="utf-8")
    return ["--suppliers", str(suppliers), "--lots", str(lots)]


def test_rank_writes_a_run_with_each_supplier_once_and_cleaners_first(tmp_path: Path) -> None:
    out = tmp_path / "run.tsv"
    result = CliRunner().invoke(app, ["rank", *inputs(tmp_path), "--out", str(out)])
    assert result.exit_code == 0, result.output
    lines = [line.split("\t") for line in out.read_text(encoding="utf-8").splitlines()]
    assert all(len(fields) == 6 for fields in lines)
    for qid in ("Q1", "Q2"):
        mine = [fields for fields in lines if fields[0] == qid]
        assert [int(fields[3]) for fields in mine] == [1, 2, 3, 4]
        assert {fields[2] for fields in mine[:2]} == {"b", "c"}
        assert sorted(fields[2] for fields in mine) == ["a", "b", "c", "d"]
        scores = [float(fields[4]) for fields in mine]
        assert scores == sorted(scores, reverse=True)


def test_rank_refuses_criteria_that_files_do_not_carry(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["rank", *inputs(tmp_path), "--out", str(tmp_path / "run.tsv"), "--criteria", "place"])
    assert result.exit_code != 0
    assert "by capability" in str(result.exception)


def test_suggest_cpv_prints_codes_with_probabilities() -> None:
    result = CliRunner().invoke(app, ["suggest-cpv", "Ruokapalvelut", "--top", "3"])
    assert result.exit_code == 0, result.output
    assert len(result.output.splitlines()) == 3
    assert result.output.startswith("55")


def test_a_folder_of_code_tables_that_is_not_there_is_named(tmp_path: Path) -> None:
    lines = tmp_path / "awards.jsonl"
    lines.write_text("", encoding="utf-8")
    missing = ["--reference", str(tmp_path / "nowhere")]
    awards = ["--history", str(lines), "--queries", str(lines), "--source", "s", "--out", str(tmp_path / "run.tsv")]
    for command in (["rank-awards", *awards], ["evaluate", "cpv"], ["train", "cpv", "--out", str(tmp_path)]):
        result = CliRunner().invoke(app, [*command, *missing])
        assert "nowhere is not there" in str(result.exception)
