"""What schemathesis has to know beside the document: texts of its formats, and rules that no schema can tell."""

import datetime
import re

import schemathesis
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

TIMES = st.datetimes(datetime.datetime(1700, 1, 1), datetime.datetime(2200, 1, 1)).map(
    lambda time: time.isoformat() + "Z"
)
# A year of 70 is the longest that is taken.
AGES = st.tuples(st.integers(0, 70), st.sampled_from("mhdwy")).map(lambda age: f"{age[0]}{age[1]}")
LETTERS = "abcxyzABCXYZ019"

schemathesis.openapi.format("iso8601", TIMES)
schemathesis.openapi.format(
    "moment", st.one_of(TIMES, AGES, st.sampled_from(["now", "today", "yesterday"]))
)
schemathesis.openapi.format("tag", st.text(LETTERS + "-_", min_size=2, max_size=100))
schemathesis.openapi.format("identifier", st.text(LETTERS + "-_.:é", min_size=1, max_size=128))
schemathesis.openapi.format(
    "words", st.text(LETTERS + " .é\n", max_size=60).map(lambda text: "a" + text)
)

# Refusals of what every schema allows: how values go together, and what is there.
RULES = [
    re.compile(rule)
    for rule in (
        r"^until: is not after since",
        r"^(validUntil|endTime)\b",
        r"^cursor: .* is not one; expected the cursor that the page before returned",
        r"^cursor: ",
        r"^supersededBy: ",
        r"^to: is the episode the relationship starts from",
        r"^relationship ",
        r"^appliedPatterns\[\d+\]\.patternID: there is no pattern",
        r"^(steps|episodeIDs|query|checkpoint\.label|add|remove|tags): (is empty|has 0 ids)",
        r"^vector: ",
        r"^threshold: is 0",
        r"^namespace: '.*' is its name already",
        r"^line \d+: ",
        r"^context\.domain: has 0 characters",
        r"^steps\[\d+\]\.(latency|tokensUsed): is ",
        r"^context: is missing",
        r"^outcome\.",
        r"^metadata",
        r"^artifacts",
        r"^episode\.",
        r"is in namespace '",
    )
]


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.check
def valid_is_accepted(context, response, case):
    """As positive_data_acceptance, but for the rules above."""
    if response.status_code == 400:
        message = response.json()["error"]["message"]
        if any(rule.search(message) for rule in RULES):
            return None
    return positive_data_acceptance(context, response, case)
