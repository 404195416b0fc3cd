import httpx
import pytest

from matchmaker.storage.engine import SessionMaker


async def test_the_api_describes_itself(client: httpx.AsyncClient) -> None:
    schema = (await client.get("/api/schema/openapi.json")).json()
    assert {"/api/lots", "/api/matches", "/api/purchase", "/api/suppliers/{key}"} <= set(schema["paths"])
    parameters = {parameter["name"] for parameter in schema["paths"]["/api/lots"]["get"]["parameters"]}
    assert {"q", "country", "region", "activity", "reserved", "state", "until", "from", "to", "page"} <= parameters


@pytest.mark.usefixtures("examples")
async def test_lots_are_found_by_a_word_and_by_a_code(client: httpx.AsyncClient) -> None:
    by_word = (await client.get("/api/lots", params={"q": "blanchisserie"})).json()
    by_code = (await client.get("/api/lots", params={"q": "98310000"})).json()
    assert [lot["id"] for lot in by_word["lots"]] == ["00000001-2026/LOT-0001"]
    assert [lot["id"] for lot in by_code["lots"]] == ["00000001-2026/LOT-0001"]
    assert by_word["lots"][0]["state"] == "open"


@pytest.mark.usefixtures("examples")
async def test_a_lot_and_its_matches_are_the_page_s_twins(client: httpx.AsyncClient) -> None:
    lot = (await client.get("/api/lots/00000001-2026/LOT-0001")).json()
    assert lot["title"]["fr"] == "Linge des hôpitaux"
    assert lot["source"] == "https://ted.europa.eu/en/notice/-/detail/00000001-2026"
    matches = (await client.get("/api/matches", params={"lot": lot["id"]})).json()
    best = matches["matches"][0]
    assert best["supplier"] == "example:laundry"
    assert len(best["criteria"]) == 6
    added = sum(criterion["contribution"] for criterion in best["criteria"])
    assert best["log_odds"] == pytest.approx(best["intercept"] + added)


@pytest.mark.usefixtures("examples")
async def test_a_planned_purchase_needs_no_cookie_and_no_token(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/purchase", json={"text": "Blanchisserie du linge", "country": "FR"})
    assert answer.status_code == 200
    assert answer.json()["matches"][0]["name"] == "Blanchisserie du Lac"
    assert answer.json()["need"] == "draft"


async def test_wrong_values_are_explained_field_by_field_in_the_reader_s_language(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/purchase", json={"text": "", "country": "ZZ"}, headers={"accept-language": "fr"})
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert {error["field"] for error in answer.json()["errors"]} == {"text", "country"}


async def test_a_body_that_is_no_json_is_a_problem_document(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/purchase", content=b"{", headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_a_lot_that_does_not_exist_is_a_problem_document(client: httpx.AsyncClient, sessions: SessionMaker) -> None:
    for path in ("/api/lots/99999999-2026/LOT-0001", "/api/suppliers/example:nobody"):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.json()["next_step"]
