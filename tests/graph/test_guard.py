"""What is refused before the engine sees it, and what only looks like it."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg.questions
from kg.graph.guard import DEEPEST, LONGEST, Refused, check

FORBIDDEN = ["SERVICE", "LOAD", "INSERT", "DELETE", "CLEAR", "DROP"]


@pytest.mark.parametrize("word", FORBIDDEN)
@pytest.mark.parametrize("spell", [str.upper, str.lower, str.title], ids=["UPPER", "lower", "Title"])
def test_a_forbidden_word_is_refused_with_its_line(word, spell):
    with pytest.raises(Refused, match=f"^{word} in line 3 is not allowed: "):
        check(f"# a comment\nSELECT *\n{{ {spell(word)} <urn:x> {{}} }}")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE<urn:x>{} }",
        "SELECT * {SERVICE SILENT ?s {}}",
        "SELECT * { ?s ?p 1.SERVICE <urn:x> {} }",
        "SELECT * { ?s ?p 'x'SERVICE <urn:x> {} }",
        "SELECT * { <a:b#> a <a:b>;SERVICE <urn:x> {} }",
        "SELECT * { # }\nSERVICE <urn:x> {} }",
        "SELECT * { # }\rSERVICE <urn:x> {} }",
        'SELECT * { ?s ?p "\\"" . SERVICE <urn:x> {} }',
        'SELECT * { ?s ?p """a""" . SERVICE <urn:x> {} }',
        "SELECT * { FILTER(?a < 1) SERVICE <urn:x> { FILTER(2 > ?b) } }",
        "PREFIX : <urn:> SELECT * { ?s :p\\'s ?o . SERVICE <urn:x> {} } #'",
        "SELECT * { ?s ?p 'unclosed SERVICE <urn:x> {} }\n SERVICE <urn:y> {}",
        "INSERT DATA { <urn:s> <urn:p> <urn:o> }",
        "LOAD <http://example.org/>",
        "CLEAR ALL",
    ],
)
def test_a_forbidden_word_cannot_hide(query):
    with pytest.raises(Refused, match="is not allowed"):
        check(query)


ELSEWHERE = "<http://127.0.0.1:1/>"


@pytest.mark.parametrize(
    "query",
    [
        # `<` begins a comparison, though it looks like an IRI up to `>`
        f"PREFIX : {ELSEWHERE} SELECT * {{ FILTER(1<2)SERVICE:x#>\n{{ ?s ?p ?o }} }}",
        f"PREFIX x: <urn:> SELECT * {{ FILTER(1<x:y)SERVICE{ELSEWHERE}{{ ?s ?p ?o }} }}",
        f"PREFIX x: <urn:> SELECT * {{ FILTER(1<x:y#>'''\n)SERVICE{ELSEWHERE}{{ ?s ?p ?o }} #'''\n }}",
        # `<` begins an IRI, though it looks like a comparison and a comment
        f"SELECT * {{ OPTIONAL {{ ?s ?p <http://x/\\u0041#> }} SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
        f'SELECT * {{ OPTIONAL {{ ?s ?p <urn:x#>,""" \n """ }} SERVICE {ELSEWHERE} {{ ?s ?p ?o }} #"""\n }}',
        f"BASE <http://x/> SELECT * {{ OPTIONAL {{ ?s ?p <#> }} SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
        # the name goes on, so that what follows begins no comment
        f"PREFIX x: <urn:> SELECT * {{ OPTIONAL {{ ?q ?r x:、\\# . }} SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
        f"PREFIX x: <urn:> SELECT * {{ OPTIONAL {{ ?q ?r x:a.b\\# . }} SERVICE {ELSEWHERE} {{ ?s ?p ?o }} }}",
        # a keyword with no blank around it
        f"PREFIX x: {ELSEWHERE} SELECT * {{ SERVICEx:y {{ ?s ?p ?o }} }}",
        f"PREFIX : {ELSEWHERE} SELECT * {{ SERVICE:y {{ ?s ?p ?o }} }}",
    ],
)
def test_whatever_makes_the_engine_ask_another_server_is_refused(query):
    with pytest.raises((OSError, RuntimeError)):
        list(ox.Store().query(query))  # it does ask: nobody listens there
    with pytest.raises(Refused, match=r"^SERVICE in line"):
        check(query)


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX x: <urn:> SELECT * { ?s ?p x:.SERVICE <urn:x> {} }",
        "PREFIX x: <urn:> SELECT * { ?s ?p trueSERVICE <urn:x> {} }",
        "PREFIX x: <urn:> SELECT * { ?s ?p 1SERVICEx:y {} }",
        "SELECT * { ?s ?p 'x'@en--ltrSERVICE <urn:x> {} }",
        "SELECT * { ?s ?p ?o-SERVICE <urn:x> {} }",
    ],
)
def test_service_as_a_part_of_a_word_is_refused(query):
    with pytest.raises(Refused, match=r"^SERVICE in line 1"):
        check(query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE" }',
        "SELECT * { ?s ?p 'INSERT \\' LOAD' }",
        'SELECT * { ?s ?p """say "SERVICE" twice\n""" }',
        "SELECT * { ?s ?p '''it's\nDROP''' }",
        "SELECT * { ?s <urn:SERVICE> ?o }",
        "# SERVICE\nSELECT * { ?s ?p ?o }",
        "PREFIX load: <urn:> SELECT * { ?s load:SERVICE load:x-DROP }",
        "PREFIX plan: <urn:> SELECT * { ?s plan:a.SERVICE ?o }",
        "PREFIX : <urn:> SELECT * { ?s :SERVICE ?o }",
        "SELECT ?service { ?service ?load $insert }",
        'SELECT * { ?s ?p "x"@delete }',
        "SELECT * { _:service ?p ?o }",
        "PREFIX p: <urn:> SELECT * { ?s p:%41SERVICE ?o }",
        "PREFIX p: <urn:> SELECT * { ?s p:a\\#SERVICE ?o }",
        "SELECT * { ?s <http://example.org/a(b)?c=d&e=SERVICE#service> ?o }",
        "SELECT * { ?service ?p ?o FILTER(?o<1||?o>2) FILTER(?o<'a'&&?service>1) }",
        "SELECT * { ?s ?p ?o FILTER(?o < 1 && ?o > 2) FILTER(?o <= 3) FILTER(STR(?o) != 'SERVICE') }",
        "SELECT * { ?s <urn:a#b> <urn:c'd> }",
        "SELECT ?été·1 { ?été·1 ?p ?、 }",
    ],
)
def test_a_word_in_a_string_a_name_or_a_comment_is_no_keyword(query):
    check(query)
    ox.Store().query(query)  # and the engine takes it for a query, so that the case says something


QUERIES = sorted(Path(kg.questions.__file__).parent.rglob("*.rq"))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_question_of_ours_passes(path):
    check(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "spelt",
    ["\\u0053ERVICE", "SERVI\\u0043E", "\\U00000053ERVICE", "ＳＥＲＶＩＣＥ", "SERVİCE", "ſERVICE", "SER\u200bVICE"],
)
def test_oxigraph_still_refuses_keywords_that_are_escaped_or_look_alike(spelt):
    with pytest.raises(SyntaxError):
        ox.Store().query(f"SELECT * {{ {spelt} <http://127.0.0.1:9/> {{ ?s ?p ?o }} }}")


def test_oxigraph_takes_no_update_for_a_query():
    for update in (
        "INSERT DATA { <urn:s> <urn:p> <urn:o> }",
        "CLEAR ALL",
        "CREATE GRAPH <urn:g>",
        "COPY <urn:a> TO <urn:b>",
    ):
        with pytest.raises(SyntaxError):
            ox.Store().query(update)


@pytest.mark.parametrize(
    "text",
    [
        "{" * (DEEPEST + 1),
        "SELECT (" + "(" * DEEPEST + "1",
        "[" * (DEEPEST + 1),
        "FILTER EXISTS {" * (DEEPEST + 1),
        "SELECT * { FILTER(" + "!" * (DEEPEST + 1) + "true) }",
        "SELECT * { FILTER(" + "- " * (DEEPEST + 1) + "1) }",
        "SELECT * { FILTER(" + "NOT EXISTS MINUS " * DEEPEST,
    ],
)
def test_what_is_too_deep_is_refused(text):
    with pytest.raises(Refused, match="too deep"):
        check(text)


def test_brackets_beside_each_other_are_not_deep():
    check("SELECT * {" + "{ ?s ?p (1 2) }" * 5 * DEEPEST + "}")


def test_brackets_in_strings_and_comments_do_not_count():
    check('SELECT * { ?s ?p "' + "{" * 2 * DEEPEST + '" } # ' + "(" * 2 * DEEPEST)


@pytest.mark.parametrize("nest", ["{{{}}}", "FILTER EXISTS {{{}}}"])
def test_as_deep_as_is_allowed_the_engine_lives(nest):
    open_, close = nest.format("|").split("|")
    ox.Store().query("SELECT * {" + open_ * (DEEPEST - 1) + close * (DEEPEST - 1) + "}")


def test_what_is_too_long_is_refused():
    check("#" * LONGEST)
    with pytest.raises(Refused, match=f"too long: {LONGEST + 1:,} characters"):
        check("#" * (LONGEST + 1))


@given(st.text(alphabet="\"'\\\n{}<>#?:_ aSERVICE-!.()[]、1=", max_size=60))
def test_a_query_that_reaches_for_another_server_is_always_refused(noise):
    """Wherever the engine sees SERVICE, so does the guard: nothing before the word blinds it."""
    query = f"PREFIX a: <urn:> PREFIX : <urn:> SELECT * {{ {noise} SERVICE <http://127.0.0.1:9/> {{}} }}"
    try:
        check(query)
    except Refused:
        return
    # The word lay in a string, a comment or the like; then the engine must not ask anybody either.
    try:
        list(ox.Store().query(query))
    except SyntaxError:
        return
    except (OSError, RuntimeError) as error:
        pytest.fail(f"the engine asked another server: {error}")
