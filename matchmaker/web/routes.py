"""Every route handler and middleware of the site. Rooms of the web add theirs here."""

from litestar.types import ControllerRouterHandler, Middleware

from matchmaker.web import (
    api,
    health,
    home,
    i18n,
    lot,
    lots,
    officer_desk,
    operator_desk,
    purchase,
    sign_in,
    stop_alerts,
    supplier,
    supplier_desk,
    suppliers,
)
from matchmaker.web.session import SessionMiddleware
from matchmaker.web.static_files import static_router

HANDLERS: list[ControllerRouterHandler] = [
    home.home,
    home.how_matching_works,
    i18n.choose_language,
    purchase.purchase_form,
    purchase.purchase_matches,
    purchase.purchase_comparison,
    purchase.purchase_export,
    lots.lots_page,
    lots.lots_file,
    lot.lot_page,
    lot.lot_comparison,
    lot.lot_matches_file,
    suppliers.suppliers_page,
    supplier.supplier_page,
    supplier.object_to_listing,
    supplier.objection_recorded,
    sign_in.sign_in_form,
    sign_in.sign_in_link,
    sign_in.sign_in_confirm,
    sign_in.sign_in_use,
    sign_in.sign_out_here,
    sign_in.account,
    stop_alerts.stop_alerts_form,
    stop_alerts.stop_alerts_now,
    supplier_desk.supplier_desk,
    supplier_desk.supplier_profile,
    supplier_desk.save_supplier_profile,
    supplier_desk.supplier_alert,
    supplier_desk.save_supplier_alert,
    supplier_desk.stop_own_alerts,
    officer_desk.officer_desk,
    officer_desk.new_list,
    officer_desk.make_list,
    officer_desk.invitation_list,
    officer_desk.invitation_list_file,
    operator_desk.operator_mail,
    api.api_lots,
    api.api_lot,
    api.api_matches,
    api.api_purchase,
    api.api_supplier,
    suppliers.api_suppliers,
    health.live,
    health.ready,
    static_router(),
]

MIDDLEWARE: list[Middleware] = [SessionMiddleware()]
"""Outermost first. The session middleware puts the person signed in into the scope."""
