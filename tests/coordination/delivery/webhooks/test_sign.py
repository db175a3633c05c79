"""Signatures, by our own hand and by the standard's library; the vectors that the docs print."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from config.embedded import PROJECT
from coordination.delivery.signing import good_at, headers, new_secret, read_id, sign, written_id

AT = datetime(2020, 3, 9, 1, tzinfo=UTC)
DOCUMENT = (PROJECT / "docs/webhooks.md").read_text()
BEGIN, END = "```json vectors\n", "```"
VECTORS: list[dict[str, Any]] = json.loads(DOCUMENT.partition(BEGIN)[2].partition(END)[0])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["id"])
def test_the_vectors_in_the_documentation(vector: dict[str, Any]) -> None:
    body, timestamp = vector["body"].encode(), vector["timestamp"]
    made = [
        sign(each, message=vector["id"], timestamp=timestamp, body=body)
        for each in vector["secrets"]
    ]
    assert " ".join(made) == vector["signature"]
    for secret, one in zip(vector["secrets"], made, strict=True):
        moment = datetime.fromtimestamp(timestamp, UTC)
        assert Webhook(secret).sign(vector["id"], moment, vector["body"]) == one


def test_there_are_vectors_enough_and_both_languages_print_them() -> None:
    assert [len(each["secrets"]) for each in VECTORS] == [1, 1, 2]
    assert any(ord(mark) > 127 for each in VECTORS for mark in each["body"])
    assert DOCUMENT.index("## 中文") < DOCUMENT.index(BEGIN) < DOCUMENT.index("## English")


def test_a_secret_is_the_standards() -> None:
    secret = new_secret()
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    assert new_secret() != secret


def test_a_forged_body_or_an_old_message_is_not_taken() -> None:
    secret, now = new_secret(), datetime.now(UTC)
    made = headers([secret], message_id=UUID(int=1), at=now, body=b'{"a":1}')
    assert Webhook(secret).verify(b'{"a":1}', made) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(b'{"a":2}', made)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(b'{"a":1}', made)
    old = headers([secret], message_id=UUID(int=1), at=now - timedelta(hours=1), body=b'{"a":1}')
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(b'{"a":1}', old)


def test_which_secrets_sign() -> None:
    kept: list[dict[str, Any]] = [
        {"secret": "new", "until": None},
        {"secret": "old", "until": AT.isoformat()},
    ]  # fmt: skip
    assert good_at(kept, AT - timedelta(microseconds=1)) == ["new", "old"]
    assert good_at(kept, AT) == ["new"]


def test_an_id_is_read_as_it_is_written() -> None:
    assert read_id(written_id(UUID(int=5))) == UUID(int=5)
    assert read_id("msg_nonsense") is None
