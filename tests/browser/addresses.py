"""An address or two of each page type over the bundled plan, for the browser and the benchmark."""

MISSING = "/nothing-here"
"""An address where nothing is."""
PLAN = "/hackney/plan/community-safety-plan-2015-18"
# An address of each page type, with what it shows best. A page that is not here is found by the test below.
ADDRESSES = {
    "home.home": ["/", "/?as=MPS"],
    "about.about": ["/about"],
    "about.accessibility": ["/accessibility"],
    "actions.actions": ["/actions", "/actions?partner=MPS&place=Dalston"],
    "brief.brief": ["/brief", "/brief?partner=Hackney+Housing", "/brief?priority=1"],
    "compare_plans.plans": ["/compare/plans"],
    "compare_versions.versions": ["/compare/versions"],
    "downloads.downloads": ["/downloads"],
    "gaps.gaps": ["/gaps", "/gaps?kind=status-tbc", "/gaps?severity=blocks&partner=Hackney+Housing"],
    "indicators.indicators": ["/indicators"],
    "maps.maps": [
        "/map",
        "/map?of=actions&select=MPS",
        "/map?of=dependencies",
        "/map?view=explore",
        "/map?select=Hackney+Housing&beside=MPS",
    ],
    "openapi.openapi": ["/openapi"],
    "partners.partners": ["/partners"],
    "plans.plans": ["/plans"],
    "questions.questions": ["/questions"],
    "references.references": ["/references"],
    "search.search": ["/search", "/search?q=burglary", "/search?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"],
    "shared.shared": ["/shared", "/shared?a=Hackney+Housing&b=Safer+Communities"],
    "status.status": ["/status"],
    "trace.trace": ["/trace", "/trace?from=Safer+Communities", "/trace?from=2.2&to=VAWG+Strategy"],
    "updates.updates": ["/updates", "/updates?partner=Hackney+Housing&on=2017-03-31"],
    "vocabulary.codes": ["/code"],
    "vocabulary.vocabulary": ["/ns"],
    "what_if.what_if_page": [
        "/what-if",
        "/what-if?withdraw=MPS&stops=Partnership+Tasking",
        "/what-if?withdraw=Pub+Watch",
    ],
    "things.action": [f"{PLAN}/action/2.5", f"{PLAN}/action/4.15"],
    "things.body": ["/hackney/org/hackney-housing", "/org/metropolitan-police"],
    "things.cell": ["/hackney/source/6935b8e2/cell/L087-activity"],
    "things.delivery_priority": [f"{PLAN}/sp/1/dp/1"],
    "things.initiative": ["/hackney/initiative/operation-makesafe"],
    "things.anything": [f"{PLAN}/action/2.5/lead/1"],
    "things.place": ["/hackney/place/dalston"],
    "things.plan": [PLAN, "/hackney/plan/youth-justice-plan"],
    "things.strategic_priority": [f"{PLAN}/sp/2"],
    "": [
        "/questions/what-a-partner-owes",
        "/questions/shared-actions",
        "/query",
        "/query?example=who-leads-an-action",
        MISSING,
    ],
}
