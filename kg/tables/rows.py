"""What one row of each plan table holds: a class a table, its fields in the order of the columns."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict

from kg.tables.values import (
    Cells,
    Certainty,
    Checksum,
    CodeOf,
    Due,
    Element,
    Figure,
    Identifier,
    NameOf,
    Names,
    Period,
    Required,
    Slug,
    Text,
    Truth,
    Whole,
    year_before,
)

ANY_ELEMENT: Final = (
    "plan", "strategic priority", "delivery priority", "improvement", "indicator", "action", "measure",
)  # fmt: skip
"""The kinds of element that are a plan or a part of one; a step and a status are statements."""


class Row(BaseModel):
    """One line of a table. Blank cells are "", () or None: not stated."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @property
    def path(self) -> str:
        """What the row is, by its IRI path below the plan (or below the base, for the register)."""
        raise NotImplementedError


class Fact(Row):
    """A row read from a document: where it stands, how certain we are, and why.

    `owners` are the kinds of element it may belong to; `owner` is the one it does.
    """

    owners: ClassVar[tuple[str, ...]] = ()

    source: Cells
    certainty: Certainty
    editorial_note: str = ""

    @property
    def owner(self) -> str:
        """The path of the element it belongs to."""
        return getattr(self, "element", "") or getattr(self, "is_part_of", "") or "plan"


class StrategicPriority(Fact):
    """A strategic priority, in printed order."""

    owners = ("plan",)

    identifier: Identifier
    position: Whole
    label: Text
    description: str = ""

    @property
    def path(self) -> str:
        return f"sp/{self.identifier}"


class DeliveryPriority(Fact):
    """A delivery priority; its numbers begin again in each strategic priority."""

    owners = ("strategic priority",)

    is_part_of: Element
    identifier: Identifier
    position: Whole
    label: Text
    objective: str = ""
    description: str = ""
    state: Annotated[Names, CodeOf("status")] = ()

    @property
    def path(self) -> str:
        return f"{self.is_part_of}/dp/{self.identifier}"


class Action(Fact):
    """An action; `position` is its place in the whole plan."""

    owners = ("delivery priority",)

    is_part_of: Element
    identifier: Identifier
    position: Whole
    label: Text
    description: str = ""
    subject: Annotated[Names, CodeOf("theme")] = ()
    for_group: Annotated[Names, CodeOf("group")] = ()

    @property
    def path(self) -> str:
        return f"action/{self.identifier}"


class ImprovementAction(Fact):
    """One statement of an improvement block."""

    owners = ("delivery priority",)

    is_part_of: Element
    position: Whole
    label: Text
    description: str = ""

    @property
    def path(self) -> str:
        return f"{self.is_part_of}/improvement/{self.position}"


class Step(Fact):
    """One thing an action or improvement promises to do."""

    owners = ("action", "improvement")

    element: Element
    position: Whole
    label: Text
    due: Due = ""
    frequency: Annotated[str, CodeOf("freq")] = ""
    conditional_on: Annotated[Names, NameOf(("body", "plan"), codes="cond")] = ()
    flaw: Annotated[str, CodeOf("flaw")] = ""
    verbatim: str = ""

    @property
    def path(self) -> str:
        return f"{self.element}/step/{self.position}"


class Lead(Fact):
    """One partner named as lead, in printed order."""

    owners = ("action",)

    element: Element
    position: Whole
    partner: Annotated[Text, NameOf(("body",))]
    role: Annotated[Text, CodeOf("role")]
    verbatim: str = ""

    @property
    def path(self) -> str:
        return f"{self.element}/lead/{self.position}"


class Status(Fact):
    """Where an action stands in one year."""

    owners = ("action",)

    element: Element
    period: Annotated[Period, Required]
    label: Text
    state: Annotated[Names, CodeOf("status"), Required]
    stated_as: Annotated[Text, CodeOf("stated")]
    delivered_through: Annotated[Names, NameOf(("plan", "body"))] = ()
    due: Due = ""
    frequency: Annotated[str, CodeOf("freq")] = ""
    conditional_on: Annotated[Names, NameOf(("body", "plan"), codes="cond")] = ()
    flaw: Annotated[str, CodeOf("flaw")] = ""
    verbatim: str = ""

    @property
    def path(self) -> str:
        return f"{self.element}/status/{self.period}"


class Outcome(Fact):
    """What an action or strategic priority is to achieve, one a cell."""

    owners = ("action", "strategic priority")

    element: Element
    position: Whole
    label: Text
    flaw: Annotated[str, CodeOf("flaw")] = ""
    verbatim: str = ""

    @property
    def path(self) -> str:
        return f"{self.element}/outcome/{self.position}"


class Indicator(Fact):
    """An overarching indicator of a delivery priority; `identifier` is its slug, `type` the method."""

    owners = ("delivery priority",)

    element: Element
    identifier: Slug
    position: Whole
    label: Text
    unit: Annotated[str, CodeOf("unit")] = ""
    higher_is_better: Truth = None
    type: Annotated[str, CodeOf("method")] = ""
    state: Annotated[Names, CodeOf("status")] = ()
    verbatim: str = ""

    @property
    def path(self) -> str:
        return f"{self.element}/indicator/{self.identifier}"


class Measure(Fact):
    """How an action says it will be measured; `type` is the method."""

    owners = ("action",)

    element: Element
    position: Whole
    label: Text
    type: Annotated[str, CodeOf("method")] = ""
    unit: Annotated[str, CodeOf("unit")] = ""
    higher_is_better: Truth = None
    state: Annotated[Names, CodeOf("status")] = ()
    verbatim: str = ""

    @property
    def path(self) -> str:
        return f"{self.element}/measure/{self.position}"


class Reading(Fact):
    """Figures of an indicator for one year, as printed (73 for +73 %), against a base year."""

    owners = ("indicator", "measure")

    element: Element
    period: Annotated[Period, Required]
    base_year: Period = ""
    target: Figure = None
    actual: Figure = None
    state: Annotated[Names, CodeOf("status")] = ()
    verbatim: str = ""

    @property
    def restated(self) -> bool:
        """Whether the figures are against another year than the one before."""
        return self.base_year not in ("", year_before(self.period))

    @property
    def path(self) -> str:
        return f"{self.element}/reading/{self.period}" + (f"-vs-{self.base_year}" if self.restated else "")


class Deadline(Fact):
    """By when, or how often, an action is to be done, as its own column says it; `state` where it is still to come."""

    owners = ("action",)

    element: Element
    position: Whole
    label: Text
    due: Due = ""
    period: Period = ""
    frequency: Annotated[str, CodeOf("freq")] = ""
    state: Annotated[Names, CodeOf("status")] = ()
    verbatim: str = ""

    @property
    def path(self) -> str:
        return f"{self.element}/deadline/{self.position}"


class Owner(Fact):
    """The post that answers for an action; never a person's name."""

    owners = ("action",)

    element: Element
    position: Whole
    post: Text
    partner: Annotated[str, NameOf(("body",))] = ""

    @property
    def path(self) -> str:
        return f"{self.element}/owner/{self.position}"


class Update(Fact):
    """What was said of an action after it was planned: by whom, when, of which period.

    `file` and `sha256` name the workbook it was said in; blank where the plan's own document says it.
    """

    owners = ("action",)

    element: Element
    position: Whole
    period: Period = ""
    was_attributed_to: Annotated[str, NameOf(("body",))] = ""
    date: Due = ""
    label: Text
    state: Annotated[Names, CodeOf("status")] = ()
    rag: Annotated[str, CodeOf("rag")] = ""
    progress: str = ""
    verbatim: str = ""
    file: str = ""
    sha256: Checksum = ""

    @property
    def path(self) -> str:
        return f"{self.element}/update/{self.position}"


class CrossReference(Fact):
    """A pointer to another plan, a section of one, an element of this plan, or a body; `type` is its kind."""

    owners = (*ANY_ELEMENT, "status", "step")

    element: Element
    position: Whole
    type: Annotated[Text, CodeOf("xref")]
    points_to: Annotated[Text, NameOf(("plan", "section", "body", "initiative"), elements=True)]
    locator: str = ""
    link: str = ""
    verbatim: str = ""

    @property
    def path(self) -> str:
        return f"{self.element}/xref/{self.position}"


class Mention(Fact):
    """A body, place or initiative named somewhere."""

    owners = (*ANY_ELEMENT, "step")

    element: Element
    position: Whole
    of: Annotated[Text, NameOf(("body", "place", "initiative"))]
    link: str = ""
    verbatim: str = ""

    @property
    def path(self) -> str:
        return f"{self.element}/mention/{self.position}"


class Difference(Row):
    """Where the reader sees the document otherwise, and why the table stays as it is. Not in the graph."""

    table: Text
    key: Text
    column: str = ""
    read: str = ""
    kept: str = ""
    editorial_note: Text

    @property
    def path(self) -> str:
        return f"{self.table}:{self.key}:{self.column}"


TABLES: Final[dict[str, type[Row]]] = {
    "priorities": StrategicPriority,
    "delivery-priorities": DeliveryPriority,
    "actions": Action,
    "improvements": ImprovementAction,
    "steps": Step,
    "leads": Lead,
    "statuses": Status,
    "outcomes": Outcome,
    "indicators": Indicator,
    "measures": Measure,
    "readings": Reading,
    "deadlines": Deadline,
    "owners": Owner,
    "updates": Update,
    "cross-references": CrossReference,
    "mentions": Mention,
    "differences": Difference,
}
"""The row class of each table; `{table}.csv` is its file."""

_LAST: Final = ("source", "certainty", "editorial_note")


def header(row_type: type[Row]) -> tuple[str, ...]:
    """The columns of a table of such rows: its own fields in order, then what is said about the row."""
    # By alias, because the column `class` cannot be a field of that name.
    names = [info.alias or name for name, info in row_type.model_fields.items()]
    return (*(name for name in names if name not in _LAST), *(name for name in _LAST if name in names))
