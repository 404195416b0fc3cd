"""An example purchase plan for the demonstration's buyer, written for this project, and the empty template people start from."""

from collections.abc import Sequence
from datetime import date

from matchmaker.domain.messages import Message
from matchmaker.language.translate import translate

NAME = "Purchase plan (example)"
FILE_NAME = "purchase-plan-example.csv"
COUNTRY = "IE"
CURRENCY = "EUR"

HEADER = ("Title", "Estimated value", "CPV code", "Place", "Start", "Duration (months)", "Department", "Notes")

_ROWS: tuple[tuple[str, str, str, str, int, str, str, str], ...] = (
    (
        "School meals for five primary schools",
        "640 000",
        "55523100",
        "Eastern and Midland",
        3,
        "24",
        "Education",
        "Now 1,900 meals a day",
    ),
    ("Meals on wheels", "180.000,00", "", "Eastern and Midland", 2, "24", "Social services", ""),
    ("Coffee and snacks for meetings", "24k", "", "", 1, "12", "Corporate services", ""),
    ("Canteen of the civic offices", "95 000", "55510000", "Eastern and Midland", 4, "36", "Corporate services", ""),
    ("Laundry of work clothes and linen", "72,000", "98310000", "Southern", 2, "24", "Fire service", ""),
    ("Work clothes for outdoor staff", "58 000", "18110000", "", 2, "12", "Parks", ""),
    ("Sewing of curtains", "9 500", "", "Southern", 3, "6", "Housing", ""),
    (
        "School transport for pupils with disabilities",
        "1.2 million",
        "60130000",
        "Northern and Western",
        3,
        "36",
        "Education",
        "",
    ),
    ("Community bus", "150 000", "", "Northern and Western", 5, "24", "Social services", ""),
    ("Moving offices", "40 000", "98392000", "Eastern and Midland", 2, "6", "Corporate services", ""),
    (
        "Cleaning of offices",
        "310 000",
        "90919200",
        "Eastern and Midland",
        2,
        "36",
        "Corporate services",
        "Two sites, may be divided",
    ),
    ("Window cleaning", "30 000", "90911300", "Eastern and Midland", 2, "24", "Corporate services", ""),
    ("Cleaning of the library and the swimming pool", "120 000", "", "Southern", 4, "24", "Culture and sport", ""),
    ("Maintenance of parks and playgrounds", "450 000", "77310000", "Southern", 1, "36", "Parks", ""),
    ("Tree planting", "60 000", "77211600", "Southern", 4, "12", "Parks", ""),
    ("Weeding and mowing of cemeteries", "85 000", "", "Northern and Western", 2, "24", "Parks", ""),
    ("Repair of office chairs and desks", "22 000", "50850000", "", 3, "12", "Corporate services", "Repair before buying new"),
    ("Office furniture, second hand", "45 000", "39130000", "", 5, "12", "Corporate services", ""),
    ("Collection of bulky waste and reuse", "260 000", "90511000", "Eastern and Midland", 2, "36", "Environment", ""),
    ("Recycling of electrical equipment", "75 000", "", "", 3, "24", "Environment", ""),
    ("Printing and mailing of the annual report", "28 000", "79810000", "", 1, "6", "Communication", ""),
    ("Letters to households: printing, enveloping, posting", "110 000", "79571000", "", 4, "24", "Finance", ""),
    ("Scanning of the building archive", "90 000", "79999100", "Eastern and Midland", 5, "18", "Planning", ""),
    ("Training and work experience for jobseekers", "200 000", "80530000", "Southern", 3, "24", "Employment", ""),
    ("Day care for older people", "380 000", "85312100", "Northern and Western", 4, "36", "Social services", ""),
    ("Framework 7", "15 000", "", "", 6, "12", "Corporate services", "Words that say nothing: you will be asked"),
    ("Shelter for bicycles", "48 000", "45223300", "Eastern and Midland", 6, "6", "Capital projects", ""),
)
"""Title, value, CPV code, place, quarters from now, months, department, notes."""

_TEMPLATE = (
    *(Message("Title"), Message("Description"), Message("Estimated value"), Message("Currency"), Message("CPV code")),
    *(Message("Place"), Message("Start"), Message("Duration (months)"), Message("Department"), Message("Notes")),
)


def quarter_after(today: date, quarters: int) -> str:
    """``Q2 2027``, so many quarters after the one of ``today``."""
    number = today.year * 4 + (today.month - 1) // 3 + quarters
    return f"Q{number % 4 + 1} {number // 4}"


def example_plan(today: date) -> bytes:
    """The example as a CSV file, its starts counted from ``today``."""
    lines = [";".join(HEADER)]
    for title, value, cpv, place, quarters, months, department, notes in _ROWS:
        cells = (title, value, cpv, place, quarter_after(today, quarters), months, department, notes)
        lines.append(";".join(f'"{cell}"' for cell in cells))
    return "\n".join(lines).encode()


def template_table(today: date, language: str) -> tuple[list[str], list[Sequence[str | int]]]:
    """Headers in ``language`` and two rows that show how to fill them in."""
    start = quarter_after(today, 2)
    rows: list[Sequence[str | int]] = [
        [
            translate(Message("Cleaning of offices"), language),
            translate(Message("Two buildings, 3,000 square metres"), language),
            *(120000, "EUR", "90919200", "", start, 24, "", translate(Message("Example: replace it"), language)),
        ],
        [
            translate(Message("School meals"), language),
            *(
                "",
                250000,
                "EUR",
                "",
                "",
                start,
                36,
                "",
                translate(Message("Example: without a CPV code the title decides"), language),
            ),
        ],
    ]
    return [translate(column, language) for column in _TEMPLATE], rows
