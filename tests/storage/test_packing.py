"""Messages as they are stored: whatever is packed comes back as it was."""

import json

from hypothesis import given
from hypothesis import strategies as st

from ozgflow.domain.messages import Message, pack, unpack

names = st.text(min_size=1, max_size=8)
values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates()
messages = st.recursive(
    st.builds(Message, names, st.dictionaries(names, values | st.lists(values, max_size=3), max_size=4)),
    lambda inner: st.builds(Message, names, st.dictionaries(names, values | inner | st.lists(inner), max_size=4)),
    max_leaves=8,
)


@given(sentence=messages)
def test_a_message_survives_the_database(sentence: Message) -> None:
    stored = json.dumps(pack(sentence))

    assert unpack(json.loads(stored)) == sentence


def test_a_tuple_comes_back_as_a_list_which_reads_the_same() -> None:
    sentence = Message("list", {"items": ("a", Message("b"))})

    assert unpack(json.loads(json.dumps(pack(sentence)))) == Message("list", {"items": ["a", Message("b")]})
