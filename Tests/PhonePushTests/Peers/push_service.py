"""A push service on loopback with its phone: verifies with py-vapid, opens with http-ece.

usage: push_service.py SCALAR SECRET

SCALAR and SECRET are the phone's, in hexadecimal. Prints its port, then a line of JSON for each message. Ends with its
input.
"""
import http.server
import json
import sys
import threading

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

phone = ec.derive_private_key(int(sys.argv[1], 16), ec.SECP256R1())
secret = bytes.fromhex(sys.argv[2])


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        print(json.dumps({
            "path": self.path,
            "ttl": self.headers["TTL"],
            "urgency": self.headers["Urgency"],
            "topic": self.headers["Topic"],
            "verified": Vapid02.verify(self.headers["Authorization"]),
            "plaintext": http_ece.decrypt(
                body, private_key=phone, auth_secret=secret,
                version=self.headers["Content-Encoding"]).hex(),
        }), flush=True)
        self.send_response(201)
        self.send_header("Location", "/message/1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
