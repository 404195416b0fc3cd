from collections.abc import Callable
from xml.etree.ElementTree import Element

import httpx
import pytest

Check = Callable[[str], Element]
Token = Callable[[], str]


def asked(token: str, **more: str) -> dict[str, str]:
    return {
        "_csrf_token": token,
        "text": "Blanchisserie du linge pour deux hôpitaux",
        "country": "FR",
        "place": "",
        "value": "120 000",
        "currency": "EUR",
        "start": "2027-03-01",
        **more,
    }


async def test_the_form_is_sound_and_says_what_happens_to_the_text(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/purchase")
    assert answer.status_code == 200
    check_page(answer.text)
    assert "not stored" in answer.text


@pytest.mark.usefixtures("examples")
async def test_a_planned_purchase_in_french_finds_the_laundry_first_with_reasons(
    client: httpx.AsyncClient, check_page: Check, csrf: Token
) -> None:
    await client.get("/purchase")
    answer = await client.post("/purchase", data=asked(csrf()))
    assert answer.status_code == 200
    check_page(answer.text)
    assert 0 < answer.text.index("Blanchisserie du Lac") < answer.text.index("=Jardins &amp; Compagnie")
    assert "“blanchisserie”, “hopitaux”, “linge”." in answer.text
    assert "not yet confirmed by the organisation" in answer.text
    assert "unknown" in answer.text


@pytest.mark.usefixtures("examples")
async def test_the_text_is_in_no_address_of_the_answer(client: httpx.AsyncClient, check_page: Check, csrf: Token) -> None:
    await client.get("/purchase")
    answer = await client.post("/purchase", data=asked(csrf()))
    tree = check_page(answer.text)
    addresses = [value for element in tree.iter() for name in ("href", "action", "formaction") if (value := element.get(name))]
    assert not [address for address in addresses if "linge" in address.lower()]
    assert {form.get("method") for form in tree.iter("form")} == {"post"}


async def test_an_empty_form_comes_back_with_a_summary_that_links_to_each_field(
    client: httpx.AsyncClient, check_page: Check, csrf: Token
) -> None:
    await client.get("/purchase")
    answer = await client.post("/purchase", data={"_csrf_token": csrf(), "value": "-3", "start": "soon", "cpv": "99x"})
    assert answer.status_code == 422
    tree = check_page(answer.text)
    summary = next(element for element in tree.iter("div") if element.get("class") == "error-summary")
    assert {link.get("href") for link in summary.iter("a")} == {"#text", "#country", "#value", "#start", "#cpv"}
    wrong = {element.get("id") for element in tree.iter() if element.get("aria-invalid") == "true"}
    assert wrong == {"text", "country", "value", "start", "cpv"}


async def test_a_place_nobody_knows_is_asked_again_and_what_was_typed_stays(
    client: httpx.AsyncClient, check_page: Check, csrf: Token
) -> None:
    await client.get("/purchase")
    answer = await client.post("/purchase", data=asked(csrf(), place="Nowhere <b>"))
    assert answer.status_code == 422
    check_page(answer.text)
    assert "We know no place called “Nowhere &lt;b&gt;” in France." in answer.text
    assert "Blanchisserie du linge pour deux hôpitaux</textarea>" in answer.text


@pytest.mark.usefixtures("examples")
async def test_the_list_is_saved_as_a_file_in_which_no_name_is_a_formula(client: httpx.AsyncClient, csrf: Token) -> None:
    await client.get("/purchase")
    answer = await client.post("/purchase/export", data=asked(csrf(), file="csv"))
    assert answer.headers["content-type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    assert "Blanchisserie du Lac" in text
    assert "'=Jardins & Compagnie" in text
    workbook = await client.post("/purchase/export", data=asked(csrf(), file="xlsx"))
    assert workbook.content.startswith(b"PK")


@pytest.mark.usefixtures("examples")
async def test_two_suppliers_are_shown_side_by_side(client: httpx.AsyncClient, check_page: Check, csrf: Token) -> None:
    await client.get("/purchase")
    answer = await client.post("/purchase/compare", data=asked(csrf()) | {"supplier": ["example:laundry", "example:garden"]})
    assert answer.status_code == 200
    tree = check_page(answer.text)
    table = next(tree.iter("table"))
    assert len(list(table.iter("th"))) > 8
    assert "not shown" in answer.text
    assert "1,900,000" not in answer.text


@pytest.mark.usefixtures("examples")
async def test_comparing_nobody_is_refused_with_a_next_step(client: httpx.AsyncClient, check_page: Check, csrf: Token) -> None:
    await client.get("/purchase")
    answer = await client.post("/purchase/compare", data=asked(csrf()))
    assert answer.status_code == 422
    check_page(answer.text)
    assert "tick two to four suppliers" in answer.text


@pytest.mark.usefixtures("examples")
async def test_the_order_can_be_by_name_and_only_confirmed_profiles_shown(client: httpx.AsyncClient, csrf: Token) -> None:
    await client.get("/purchase")
    by_name = await client.post("/purchase", data=asked(csrf(), sort="name"))
    assert by_name.text.index("Blanchisserie du Lac</a>") < by_name.text.index("=Jardins &amp; Compagnie</a>")
    confirmed = await client.post("/purchase", data=asked(csrf(), only="confirmed"))
    assert "No supplier is left with this filter" in confirmed.text


@pytest.mark.usefixtures("examples")
async def test_another_language_can_be_chosen_without_losing_the_list(
    client: httpx.AsyncClient, check_page: Check, csrf: Token
) -> None:
    await client.get("/purchase")
    answer = await client.post("/purchase", data=asked(csrf(), language="fr"))
    assert check_page(answer.text).get("lang") == "fr"
    assert "Blanchisserie du Lac" in answer.text
    assert '<html lang="fr">' in (await client.get("/")).text
