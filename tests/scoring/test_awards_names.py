import numpy as np

from matchmaker.scoring.awards_names import SupplierNames, named

NAMES = ("Tipografia Rossi srl", "Bianchi Catering srl", "Verdi Impianti srl", "Neri Giardini srl")
TITLES = tuple(f"fornitura {thing}" for thing in ("carta", "pasti", "luci", "piante", "sedie", "toner"))


def test_supplier_named_in_the_title_is_found_first() -> None:
    found = SupplierNames(NAMES, TITLES).found_in(["Affidamento alla ditta Bianchi Catering"])[0]
    assert named(found, np.ones(4, bool)).tolist() == [1]
    assert found[0, 1] > 0.99


def test_legal_form_alone_names_nobody() -> None:
    found = SupplierNames(NAMES, TITLES).found_in(["Fornitura dalla Gialli srl"])[0]
    assert named(found, np.ones(4, bool)).tolist() == []


def test_name_that_tells_the_trade_is_nearer_by_its_letters() -> None:
    found = SupplierNames(NAMES, TITLES).found_in(["Stampa tipografica di manifesti"])[0]
    assert found[2].argmax() == 0


def test_supplier_not_yet_known_is_not_named() -> None:
    found = SupplierNames(NAMES, TITLES).found_in(["Bianchi Catering"])[0]
    assert named(found, np.array([True, False, True, True])).tolist() == []
