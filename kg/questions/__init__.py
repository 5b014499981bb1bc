"""The named questions: a `.rq` file each, asked by name with names and words of people's own, answered as rows."""

from kg.questions.answer import Answer, Value
from kg.questions.asking import Asker, ask, bound, open_graph
from kg.questions.naming import OF_SEVERAL, Names, Thing, borough_of, short_names
from kg.questions.question import BOROUGH, Column, Parameter, Promise, Question, find_question, load_questions
from kg.questions.wording import counted, date_in_words, figure, harmless, legal, listed

__all__ = [
    "BOROUGH",
    "OF_SEVERAL",
    "Answer",
    "Asker",
    "Column",
    "Names",
    "Parameter",
    "Promise",
    "Question",
    "Thing",
    "Value",
    "ask",
    "borough_of",
    "bound",
    "counted",
    "date_in_words",
    "figure",
    "find_question",
    "harmless",
    "legal",
    "listed",
    "load_questions",
    "open_graph",
    "short_names",
]
