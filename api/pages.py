"""The pages for people: so far the first one."""

from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from api import queries

blueprint = Blueprint("pages", __name__)

SHA_SHOWN: Final = 8


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """What this is, and what each held plan is made of."""
    counts = queries.records("plan-counts")
    plans = [
        plan
        | {
            "sha8": str(plan["sha256"] or "")[:SHA_SHOWN],
            "counts": [count for count in counts if count["plan"] == plan["plan"]],
        }
        for plan in queries.records("plans-held")
    ]
    return render_template("home.html", plans=plans, snapshot=queries.own_store().snapshot)
