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

# Refusals of what the document allows, and why it cannot say them. Each is the whole message.
RULES = [
    re.compile(rule)
    for rule in (
        # How two values of a request go together.
        r"until: is not after since; expected a later time, or one of both",
        r"(validUntil|endTime): \S+ is before (validFrom|startTime) \S+; expected a time not before it",
        r"within: is there beside near; expected one of both",
        r"within: reaches from latitude \S+ to \S+; expected two latitudes from -90 to 90, the southern first",
        r"to: is the episode the relationship starts from; expected another episode",
        r"cleared: has '\w+', which is set as well; expected one of both",
        r"context: is missing; expected the domain of the task",
        r"namespace: '.*' is its name already; expected another name",
        r"arguments: name nothing to change; expected .*",
        r"filter: has no condition, and would forget every episode; expected a condition, or to say that all are meant",
        # What is stored: which ids there are, how episodes are linked, in which namespace they are.
        r"appliedPatterns\[\d+\]\.patternID: there is no pattern '.*'; .*",
        r"supersededBy: '.*'; expected .*",
        r"(episodeIDs?|to): '.*' is in namespace '.*'; expected .*",
        # Only a page says what its cursor is.
        r"cursor: '.*' is not one; expected the cursor that the page before returned",
        # The model is not loaded yet when the document is made.
        r"vector: has \d+ dimensions; expected \d+, as .* makes them",
        # A body of lines is one text to a schema.
        r"line \d+: .*",
    )
]


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


@schemathesis.check
def valid_is_accepted(context, response, case):
    """As positive_data_acceptance, but for the rules above."""
    try:
        return positive_data_acceptance(context, response, case)
    except AssertionError:
        if response.status_code == 400:
            message = response.json()["error"]["message"]
            if any(rule.fullmatch(message.replace("\n", " ")) for rule in RULES):
                return None
        raise
