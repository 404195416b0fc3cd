"""The page that answers what other weights would change."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import httpx
import pytest

Check = Callable[[str], Element]
LOT = "00000001-2026/LOT-0001"
pytestmark = pytest.mark.usefixtures("examples")


def rows(tree: Element) -> list[list[str]]:
    return [["".join(cell.itertext()).strip() for cell in row] for body in tree.iter("tbody") for row in body.iter("tr")]


async def test_published_weights_move_nobody_and_the_lot_links_here(client: httpx.AsyncClient, check_page: Check) -> None:
    lot = check_page((await client.get(f"/lots/{LOT}")).text)
    link = next(address for each in lot.iter("a") if (address := each.get("href") or "").startswith("/what-if"))
    answer = await client.get(link)
    assert answer.status_code == 200
    shown = rows(check_page(answer.text))
    assert shown
    assert {row[3] for row in shown} == {"same place"}
    assert all(row[0] == row[2] and row[4] == row[5] for row in shown)


async def test_leaving_out_what_matters_changes_scores_and_says_who_moved(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/what-if", params={"lot": LOT, "capability": "0", "place": "2"})
    shown = rows(check_page(answer.text))
    assert any(row[4] != row[5] for row in shown)
    assert all((int(row[2]) - int(row[0]) > 0) == ("up" in row[3]) for row in shown)
    assert answer.text.count("selected") >= 5


@pytest.mark.parametrize("value", ["", "much", "-1", "1e9", "nan"])
async def test_a_weight_nobody_offers_counts_as_published(client: httpx.AsyncClient, check_page: Check, value: str) -> None:
    answer = await client.get("/what-if", params={"lot": LOT, "place": value})
    assert answer.status_code == 200
    assert {row[3] for row in rows(check_page(answer.text))} == {"same place"}


async def test_a_lot_that_is_not_here_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/what-if", params={"lot": "1-2026/LOT-9999"})).status_code == 404
