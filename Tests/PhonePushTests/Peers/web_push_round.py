"""Holds Web Push messages and authorisations against http-ece, pywebpush and py-vapid.

usage: web_push_round.py FILE

FILE is JSON, bytes in hexadecimal:
  key, auth     the phone's private scalar and its secret
  sealed        messages for the phone, which http-ece opens
  plaintexts    texts for the phone, which pywebpush seals
  claims        claims, which py-vapid signs with the scalar `sender`
  headers       values of Authorization, which py-vapid verifies
Prints JSON: opened, sealed, headers, and verified (true, or why not), each in the order of what it answers.
"""
import base64
import json
import sys

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import WebPusher


def private_key(scalar):
    return ec.derive_private_key(int(scalar, 16), ec.SECP256R1())


def text(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def verify(header):
    try:
        return Vapid02.verify(header)
    except Exception as failure:
        return repr(failure)


with open(sys.argv[1]) as file:
    work = json.load(file)
phone = private_key(work["key"])
secret = bytes.fromhex(work["auth"])
point = phone.public_key().public_bytes(
    serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
pusher = WebPusher({
    "endpoint": "https://push.example.net/", "keys": {"p256dh": text(point), "auth": text(secret)}})
sender = Vapid02(private_key=private_key(work["sender"]))
print(json.dumps({
    "opened": [
        http_ece.decrypt(
            bytes.fromhex(message), private_key=phone, auth_secret=secret, version="aes128gcm"
        ).hex() for message in work["sealed"]],
    "sealed": [pusher.encode(bytes.fromhex(plain))["body"].hex() for plain in work["plaintexts"]],
    "headers": [sender.sign(claims)["Authorization"] for claims in work["claims"]],
    "verified": [verify(header) for header in work["headers"]],
}))
