"""The group robots of 企业微信, 钉钉 and 飞书: a line of text into a chat.

All three always answer 200; success or failure is a code in the answer's body.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote_plus

from django.conf import settings

from coordination.delivery.client import Answer, Unreachable, post
from coordination.delivery.senders.base import Parcel, Result, Sender, result_of
from projects.record.clock import machine_now

LONGEST_TEXT: Final = 2_000  # bytes; 企业微信 takes 2,048
OK: Final = 200


def _text(parcel: Parcel) -> str:
    parts = (str(parcel.payload.get(name, "")) for name in ("title", "text", "url"))
    text = "\n".join(each for each in parts if each).encode()[:LONGEST_TEXT]
    return text.decode(errors="ignore")  # a character that was cut in two is left out


def _signed(key: str, message: str) -> str:
    digest = hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def to_wecom(text: str, address: str, _secret: str) -> tuple[str, dict[str, Any]]:
    """企业微信: the key in the address suffices."""
    return address, {"msgtype": "text", "text": {"content": text}}


def to_dingtalk(text: str, address: str, secret: str) -> tuple[str, dict[str, Any]]:
    """钉钉: signed in the address where the robot has a secret (加签)."""
    if secret:
        stamp = str(int(machine_now().timestamp() * 1000))
        mark = quote_plus(_signed(secret, f"{stamp}\n{secret}"))
        address = f"{address}&timestamp={stamp}&sign={mark}"
    return address, {"msgtype": "text", "text": {"content": text}}


def to_feishu(text: str, address: str, secret: str) -> tuple[str, dict[str, Any]]:
    """飞书: signed in the body where the robot has a secret (签名校验)."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(int(machine_now().timestamp()))
        body |= {"timestamp": stamp, "sign": _signed(f"{stamp}\n{secret}", "")}
    return address, body


def robot(shape: Callable[[str, str, str], tuple[str, dict[str, Any]]], code: str) -> Sender:
    """A sender for one make of robot; ``code`` is the member of the answer with its result."""

    def send(parcel: Parcel, secrets: dict[str, str]) -> Result:
        address, body = shape(_text(parcel), secrets["address"], secrets.get("secret", ""))
        try:
            answer = post(
                address, body=json.dumps(body, ensure_ascii=False).encode(),
                headers={"Content-Type": "application/json; charset=utf-8"},
                networks=settings.OUTBOUND_NETWORKS,
            )  # fmt: skip
        except Unreachable as reason:
            return Result(is_success=False, detail=str(reason))
        return _judged(answer, code)

    return send


def _judged(answer: Answer, code: str) -> Result:
    """Only the result code is stored: the answer might repeat our address."""
    result_code: object = None
    try:
        body = json.loads(answer.body)
        result_code = body.get(code) if isinstance(body, dict) else None
    except (ValueError, RecursionError):
        pass
    is_taken = answer.status == OK and result_code == 0 and not isinstance(result_code, bool)
    detail = f"{code} {result_code}" if isinstance(result_code, int) else ""
    return result_of(answer, is_success=is_taken, detail=detail)
