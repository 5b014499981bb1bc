"""The web faces of Plangraph: parse a request, ask kg, show the answer."""

from flask import Flask
from jinja2 import StrictUndefined

from api import failures, headers, health, pages, sparql
from kg.graph.store import Store
from kg.settings import Settings

__all__ = ["create_app"]

# A query longer than this is no question an analyst asks; the worker has its own, narrower limits.
BODY_LIMIT = 256 * 1024


def create_app(settings: Settings, store: Store, pool: Store) -> Flask:
    """Wire the pages to their two stores.

    `store` answers our own questions in this process; `pool` answers queries from outside in processes that
    can be killed. Neither is opened or closed here.
    """
    app = Flask(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    # A page that names something it was not given fails in the tests instead of showing a gap.
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["plangraph.store"] = store
    app.extensions["plangraph.pool"] = pool
    for room in (pages, sparql, health):
        app.register_blueprint(room.blueprint)
    headers.add_to(app, settings)
    failures.handle(app)
    return app
