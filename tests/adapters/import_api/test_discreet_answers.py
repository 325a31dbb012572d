"""What the server says of a file is left out where it may not be shown."""

import json

from dropbox_agent.adapters.import_api.answer import Answer
from dropbox_agent.adapters.import_api.refusals import refused, unavailable

BODY = json.dumps({"detail": "ada@example.com is no good", "code": "E0400"}).encode()


def test_a_refusal_is_told_without_the_servers_words() -> None:
    """They may name what stands in a row; status and code remain."""
    told = refused(Answer(422, body=BODY, may_be_quoted=False))
    assert (told.message, told.code) == ("Connectif refused the file (HTTP 422).", "validation")
    assert "ada@example.com" in refused(Answer(422, body=BODY)).message


def test_a_fault_of_the_server_is_told_without_its_words() -> None:
    """It may repeat what it choked on."""
    told = unavailable(Answer(500, body=BODY, may_be_quoted=False))
    assert told.message == "Connectif has a fault of its own (HTTP 500)."


def test_a_full_queue_is_known_all_the_same() -> None:
    """What is not shown is still understood."""
    body = json.dumps({"code": "E0401"}).encode()
    assert unavailable(Answer(400, body=body, may_be_quoted=False)).code == "queue-full"
