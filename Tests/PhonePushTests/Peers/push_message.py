"""Sends one message with pywebpush and prints the status of the answer.

usage: push_message.py ENDPOINT POINT SECRET SENDER TEXT

POINT and SECRET are the phone's in base64url, SENDER is the sender's private scalar in hexadecimal.
"""
import sys

from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import webpush

endpoint, point, secret, sender, text = sys.argv[1:]
key = Vapid02(private_key=ec.derive_private_key(int(sender, 16), ec.SECP256R1()))
answer = webpush(
    {"endpoint": endpoint, "keys": {"p256dh": point, "auth": secret}}, data=text,
    vapid_private_key=key, vapid_claims={"sub": "mailto:push@example.com"}, ttl=60,
    headers={"Urgency": "high", "Topic": "login"}, timeout=20)
print(answer.status_code)
