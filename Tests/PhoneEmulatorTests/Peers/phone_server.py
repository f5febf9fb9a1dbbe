"""A server for phones, written from Documentation/push-messages.md alone, that asks one prompt and judges the answer.

usage: phone_server.py

It prints the ticket of an enrolment, then the number that belongs to the prompt, then a line for each decision that
comes: what it is and whether it is as it should be. It polls and pushes nothing; the phone asks.
"""
import base64
import json
import os
import struct
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ES256 = ec.ECDSA(hashes.SHA256())
key = ec.generate_private_key(ec.SECP256R1())
point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
phone_id = os.urandom(16)
phones = {}
prompts = []


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def context(name):
    return b" " * 64 + name.encode() + b"\0"


def short(text):
    return bytes([len(text.encode())]) + text.encode()


def sign(message):
    r, s = utils.decode_dss_signature(key.sign(message, ES256))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def verify(point, signature, message):
    numbers = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    try:
        public.verify(utils.encode_dss_signature(*numbers), message, ES256)
        return len(signature) == 64
    except InvalidSignature:
        return False


def make_prompt():
    now = int(time.time() * 1000)
    return (
        os.urandom(16) + os.urandom(32) + phone_id + struct.pack(">QQ", now, now + 60_000)
        + bytes([2, 3]) + b"076093" + short("Python's") + short("alice") + short("ssh")
        + short("ssh to db1") + short("192.0.2.7") + short("DE"))


def say(*words):
    print(*words, flush=True)


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def reply(self, status, body=None):
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        if data:
            self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        assert self.path == "/v1/server"
        self.reply(200, {"version": 1, "name": "Python's", "push": b64(point)})

    def do_POST(self):
        assert self.headers["Content-Type"] == "application/json"
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        getattr(self, self.path.rsplit("/", 1)[-1])(body)

    def phones(self, body):
        public = unb64(body["key"])
        message = context("countersign phone registration, version 1")
        message += struct.pack(">H", len(body["ticket"])) + body["ticket"].encode() + public
        message += short(body["guard"]) + short(body["name"]) + b"\0"
        assert "subscription" not in body and body["ticket"] == "one-time"
        assert verify(public, unb64(body["sig"]), message)
        phones[phone_id] = public
        self.reply(200, {"phone": b64(phone_id), "user": "alice", "server": "Python's"})

    def prompts(self, body):
        message = unb64(body["message"])
        start = context("countersign phone poll, version 1") + phone_id
        assert message.startswith(start) and len(message) == len(start) + 24
        assert verify(phones[phone_id], unb64(body["sig"]), message)
        if prompts:
            time.sleep(1)
            return self.reply(204)
        prompts.append(make_prompt())
        say("60")
        signature = sign(context("countersign push prompt, version 1") + prompts[0])
        self.reply(200, {"prompt": b64(prompts[0] + signature)})

    def decisions(self, body):
        message = unb64(body["message"])
        prompt = prompts[0]
        start = context("countersign push decision, version 1")
        start += struct.pack(">H", len(prompt)) + prompt
        signed = verify(phones[phone_id], unb64(body["sig"]), message)
        known = message.startswith(start)
        decision, length = message[len(start)], message[len(start) + 1]
        number = message[len(start) + 2:len(start) + 2 + length].decode()
        whole = len(message) == len(start) + 2 + length + 8
        say(f"decision {decision} number {number or '-'} signed {signed} prompt {known and whole}")
        self.reply(200, {"state": "accepted"})


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
say(
    f"countersign://enrol?v=1&url=http%3A%2F%2F127.0.0.1%3A{server.server_port}&ticket=one-time"
    f"&exp={int(time.time()) + 600}&name=Python%27s&user=alice")
server.serve_forever()
