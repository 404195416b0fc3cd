"""Puts the application together."""

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, YamlRenderPlugin
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig

from matchmaker.language.templates import environment
from matchmaker.package_files import folder
from matchmaker.web import demo, routes
from matchmaker.web.api_problems import DescribeProblems
from matchmaker.web.errors import HANDLERS
from matchmaker.web.guards import everyone
from matchmaker.web.rate_limit import RateLimit
from matchmaker.web.security import MAX_FORM_BYTES, add_security_headers, csrf_config
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.token_scopes import BEARER, COMPONENTS, within_scope

SCHEMA = "/api/schema"
SCHEMA_PLUGINS = (JsonRenderPlugin(), YamlRenderPlugin())


async def _only_documents(request: WebRequest) -> None:
    """The framework answers unknown addresses beside the API's description with a page of its own; programs get a problem."""
    served = {SCHEMA, *(f"{SCHEMA}{path}" for plugin in SCHEMA_PLUGINS for path in plugin.paths)}
    if request.url.path.rstrip("/") not in served:
        raise NotFoundException


def create_app(services: Services) -> Litestar:
    """The site over ``services``; it keeps nothing else."""

    def provide_services() -> Services:
        return services

    return Litestar(
        route_handlers=[*routes.HANDLERS, *(demo.HANDLERS if services.settings.demo else ())],
        guards=[within_scope],
        middleware=[RateLimit(), *routes.MIDDLEWARE],
        dependencies={"services": Provide(provide_services, sync_to_thread=False, use_cache=True)},
        exception_handlers=dict(HANDLERS),
        before_send=[add_security_headers],
        plugins=[DescribeProblems()],
        csrf_config=csrf_config(services.settings),
        request_max_body_size=MAX_FORM_BYTES,
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment(folder("templates")))),
        openapi_config=OpenAPIConfig(
            title="Matchmaker",
            version="1",
            description="Lots, suppliers and explained matches as JSON.",
            components=COMPONENTS,
            security=[{}, {BEARER: []}],
            openapi_router=Router(
                SCHEMA, route_handlers=[], guards=[everyone], include_in_schema=False, before_request=_only_documents
            ),
            render_plugins=SCHEMA_PLUGINS,
        ),
        state=State({"services": services}),
        logging_config=None,
        debug=False,
    )
