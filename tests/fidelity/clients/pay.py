"""A shop in Python, with its standard library alone: `pay.py pay`, or `pay.py verify` with a webhook on standard input."""

import base64
import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

CREDENTIALS = base64.b64encode(f"{os.environ['SHOP_ID']}:{os.environ['SECRET_KEY']}".encode()).decode()


def ask(path, request=None):
    headers = {"Authorization": f"Basic {CREDENTIALS}", "Content-Type": "application/json", "RequestID": str(uuid.uuid4())}
    body = None if request is None else json.dumps({"request": request}).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(os.environ["BASE_URL"] + path, body, headers)) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def result(request):
    task = ask("/async/transactions/payments", request)[1]["request_id"]
    while True:
        time.sleep(0.05)
        status, body = ask(f"/async/result/{task}")
        if body.get("status") != "processing":
            return status, body, task


def is_signed(body):
    """RSASSA-PKCS1-v1_5 with SHA-256, by a key of 2048 bits: the modulus ends five bytes before the exponent does."""
    der, signature = (base64.b64decode(os.environ[name]) for name in ("PUBLIC_KEY", "SIGNATURE"))
    modulus, exponent = int.from_bytes(der[-261:-5], "big"), int.from_bytes(der[-3:], "big")
    digest = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(body).digest()
    padded = b"\x00\x01" + b"\xff" * (253 - len(digest)) + b"\x00" + digest
    return pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(256, "big") == padded


if sys.argv[1] == "verify":
    sys.exit(0 if is_signed(sys.stdin.buffer.read()) else 1)

CARD = {"number": "4200000000000000", "verification_value": "123", "exp_month": "05", "exp_year": "2035"}
ORDER = {"amount": 3245, "currency": "KZT", "description": "Order", "credit_card": CARD}
ORDER |= {"tracking_id": "paid", "notification_url": os.environ["NOTIFICATION_URL"]}
print("payment", result(ORDER)[1]["transaction"]["status"])
status, _, task = result(ORDER | {"tracking_id": "broken", "amount": 1})
again, unknown = ask(f"/async/result/{task}")
print(f"error {status}, then {again} {unknown['status']}")
print("lookup", ask("/v2/transactions/tracking_id/paid")[1]["transactions"][0]["status"])
