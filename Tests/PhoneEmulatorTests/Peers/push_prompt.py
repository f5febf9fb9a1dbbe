"""Posts bytes to a push endpoint with pywebpush and prints the status of the answer and its Location.

usage: push_prompt.py ENDPOINT POINT SECRET SENDER BYTES

POINT and SECRET are the phone's in base64url; SENDER, the sender's private scalar, and BYTES are hexadecimal.
"""
import sys

from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

endpoint, point, secret, sender, data = sys.argv[1:]
key = Vapid02(private_key=ec.derive_private_key(int(sender, 16), ec.SECP256R1()))
try:
    answer = webpush(
        {"endpoint": endpoint, "keys": {"p256dh": point, "auth": secret}},
        data=bytes.fromhex(data), vapid_private_key=key,
        vapid_claims={"sub": "mailto:push@example.com"}, ttl=60,
        headers={"Urgency": "high", "Topic": "sign-in"}, timeout=20)
except WebPushException as failure:
    answer = failure.response
print(answer.status_code, answer.headers.get("Location", "-"))
