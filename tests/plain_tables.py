"""What leads to what, read from the plan tables with the csv module and dicts alone: no graph, no query, no network.

It shares no code with what it checks. Things are ids as in the tables: `hackney/org/iom`, and for what lies in a plan
the plan's own id with the path behind it.
"""

import csv
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

KINDS = {
    "xref-see-also": "see also", "xref-delivers": "delivers", "xref-managed-by": "managed by",
    "xref-measured-by": "measured by", "xref-shares-indicators": "shares indicators", "xref-feeds": "feeds",
}  # fmt: skip
NAMED = {"org": "names", "place": "is at", "initiative": "uses"}
CARRYING = ("delivered through", "delivers")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def split(words: str) -> list[str]:
    return [part.strip() for part in words.split("|") if part.strip()]


@dataclass(frozen=True)
class Plain:
    """The tables of one plan and the register beside it."""

    plan_folder: Path
    register: Path

    def table(self, name: str) -> list[dict[str, str]]:
        return rows(self.plan_folder / f"{name}.csv")

    @cached_property
    def plan(self) -> str:
        meta = tomllib.loads((self.plan_folder / "plan.toml").read_text("utf-8"))
        return f"{meta['borough']}/plan/{meta['plan']}"

    @cached_property
    def ids(self) -> dict[str, str]:
        """Every name and spelling that stands for one thing."""
        found = {}
        for name in ("initiatives", "places", "plans", "bodies"):
            found |= {row["label"].casefold(): row["id"] for row in rows(self.register / f"{name}.csv")}
        for row in rows(self.register / "spellings.csv"):
            if not row["position"]:
                found.setdefault(row["spelling"].casefold(), row["of"])
        return found

    def id(self, words: str) -> str:
        if re.match(r"(action|sp)/", words):
            return f"{self.plan}/{words}"
        return self.ids.get(words.casefold(), words)

    @cached_property
    def inside(self) -> dict[str, str]:
        """What each thing lies in."""
        found = {row["id"]: row["is_part_of"] for row in rows(self.register / "sections.csv")}
        for row in self.table("priorities"):
            found[f"{self.plan}/sp/{row['identifier']}"] = self.plan
        for row in self.table("delivery-priorities"):
            found[f"{self.plan}/{row['is_part_of']}/dp/{row['identifier']}"] = f"{self.plan}/{row['is_part_of']}"
        for row in self.table("actions"):
            found[f"{self.plan}/action/{row['identifier']}"] = f"{self.plan}/{row['is_part_of']}"
        for row in self.table("improvements"):
            found[f"{self.plan}/{row['is_part_of']}/improvement/{row['position']}"] = f"{self.plan}/{row['is_part_of']}"
        return found

    def parts(self, thing: str) -> set[str]:
        """It and all that lies in it."""
        found = {thing}
        for one in self.inside:
            whole: str | None = one
            while whole:
                whole = self.inside.get(whole)
                if whole == thing:
                    found.add(one)
        return found

    @cached_property
    def facts(self) -> set[tuple[str, str, str, str | None]]:
        """Every fact: what says it, how, of what, and of which year."""
        found = set()
        for row in self.table("leads"):
            found.add((self.element(row), "led by", self.id(row["partner"]), None))
        for row in self.table("statuses"):
            for name in split(row["delivered_through"]):
                found.add((self.element(row), "delivered through", self.id(name), year(row["period"])))
        for row in self.table("cross-references"):
            stands = re.search(r"status/([0-9-]+)", row["element"]) or re.search(r"(\d{4}-\d{4})", row["source"])
            when = year(stands[1]) if stands else None
            found.add((self.element(row), KINDS[row["type"]], self.id(row["points_to"]), when))
        for row in self.table("mentions"):
            stands = re.search(r"(\d{4}-\d{4})", row["source"])
            of = self.id(row["of"])
            found.add((self.element(row), NAMED[of.split("/")[-2]], of, year(stands[1]) if stands else None))
        return found

    def element(self, row: dict[str, str]) -> str:
        path = re.sub(r"/(step|status)/[^/]+$", "", row["element"])
        return self.plan if path == "plan" else f"{self.plan}/{path}"

    @property
    def lead_bodies(self) -> set[str]:
        return {to for _, kind, to, _ in self.facts if kind == "led by"}

    @property
    def vehicles(self) -> set[str]:
        return {to for _, kind, to, _ in self.facts if kind in CARRYING}

    @property
    def actions(self) -> dict[str, str]:
        """Every action and its delivery priority."""
        return {one: whole for one, whole in self.inside.items() if "/action/" in one and "/dp/" in whole}

    @property
    def collective(self) -> set[str]:
        return {row["id"] for row in rows(self.register / "bodies.csv") if row["classification"] == "ptype-collective"}

    @property
    def indicators(self) -> dict[str, str]:
        """Every indicator that a delivery priority owns, and that."""
        return {
            f"{self.plan}/{row['element']}/indicator/{row['identifier']}": f"{self.plan}/{row['element']}"
            for row in self.table("indicators")
            if "/dp/" in row["element"]
        }

    def reached(self, start: str, direction: str) -> dict[str, int]:
        """What a thing leads to, or what leads to it, and how many facts away the nearest way is."""
        ahead: dict[str, set[str]] = defaultdict(set)
        for one, _, to, _ in self.facts:
            ahead[one if direction == "out" else to].add(to if direction == "out" else one)
        level, far = self.parts(start), 0
        begun, found = set(level), {}
        while level:
            far += 1
            level = {after for one in level for after in ahead[one]} - begun - set(found)
            found |= dict.fromkeys(level, far)
        return found


def year(period: str) -> str:
    return f"{period[:4]}/{period[-2:]}"
