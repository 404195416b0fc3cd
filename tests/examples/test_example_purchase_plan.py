from datetime import date

from matchmaker.domain.values import CpvCode
from matchmaker.examples.purchase_plan import CURRENCY, FILE_NAME, example_plan, quarter_after, template_table
from matchmaker.ingestion.purchase_plans.rows import Defaults, read_plan
from matchmaker.language.translate import languages
from matchmaker.reference.bundle import core_reference
from matchmaker.web.spreadsheets import as_csv

TODAY = date(2026, 11, 24)


def test_the_example_reads_without_a_remark_and_covers_every_product_group_first_served() -> None:
    found = read_plan(example_plan(TODAY), FILE_NAME, Defaults(CURRENCY))
    assert 25 <= len(found.rows) <= 30
    assert not found.refused
    assert not [row.title for row in found.rows if row.remarks or row.value is None]
    codes = [code for row in found.rows for code in row.cpvs]
    activities = core_reference().activities
    groups = {each.group for each in activities for code in codes if each.covers(code)}
    assert {"food", "textiles", "transport", "cleaning", "green", "furniture", "waste"} <= groups
    assert all(row.period.start and row.period.start > TODAY for row in found.rows)


def test_the_template_is_understood_in_every_language_it_is_offered_in() -> None:
    for language in languages():
        header, rows = template_table(TODAY, language)
        found = read_plan(as_csv(header, rows), "template.csv", Defaults("EUR"))
        assert len(found.rows) == 2, language
        assert [str(row.value.amount) for row in found.rows if row.value] == ["120000", "250000"], language
        assert found.rows[0].cpvs == (CpvCode("90919200"),), language
        assert found.rows[0].period.months == 24, language


def test_quarters_are_counted_over_the_year() -> None:
    assert [quarter_after(TODAY, quarters) for quarters in (0, 1, 4, 5)] == ["Q4 2026", "Q1 2027", "Q4 2027", "Q1 2028"]
