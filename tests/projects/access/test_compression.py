"""Pages are compressed for those who take it, and what is short or no text is not."""

import gzip

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
def test_a_page_is_compressed_for_a_browser_that_takes_it(client: Client) -> None:
    address = reverse("admin:login")
    plain, packed = client.get(address), client.get(address, headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert b"csrfmiddlewaretoken" in gzip.decompress(packed.content)
    head = client.head(address, headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in head
    short = client.get("/healthz", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in short
