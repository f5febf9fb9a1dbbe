#!/usr/bin/env python3
"""Holds an authenticator that speaks CTAPHID over UDP against python-fido2 (PyPI `fido2`, 2.2.1).

usage: python_fido2_round.py HOST PORT

The authenticator must be fresh: no PIN, one fingerprint enrolled, and a person who touches at once with that finger.
Prints one line a check and exits with 1 after the first that fails.
"""

import os
import socket
import sys
from hashlib import sha256

from fido2.attestation import PackedAttestation
from fido2.cose import ES256
from fido2.ctap import CtapError
from fido2.ctap1 import Ctap1
from fido2.ctap2 import Ctap2
from fido2.ctap2.bio import FPBioEnrollment
from fido2.ctap2.blob import LargeBlobs
from fido2.ctap2.config import Config
from fido2.ctap2.credman import CredentialManagement
from fido2.ctap2.pin import ClientPin, PinProtocolV1, PinProtocolV2
from fido2.hid import CtapHidDevice
from fido2.hid.base import CtapHidConnection, HidDescriptor
from fido2.webauthn import Aaguid, AuthenticatorData

RP = {"id": "example.org", "name": "Example"}
ALGORITHMS = [{"type": "public-key", "alg": -7}]
PIN = "correct horse"
UP, UV = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.UV


class DatagramConnection(CtapHidConnection):
    """One report, one datagram."""

    def __init__(self, host, port):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.settimeout(10)
        self.socket.connect((host, port))

    def read_packet(self):
        return self.socket.recv(64)

    def write_packet(self, data):
        self.socket.send(data)

    def close(self):
        self.socket.close()


def check(name, passed=True):
    print(("PASS " if passed else "FAIL ") + name, flush=True)
    if not passed:
        sys.exit(1)


def refusal(function, *arguments, **options):
    """The name of the error that the call ends with; None where it succeeds."""
    try:
        function(*arguments, **options)
    except CtapError as error:
        return error.code.name
    return None


def new_hash():
    return sha256(os.urandom(32)).digest()


def user(name):
    return {"id": name.encode(), "name": name, "displayName": name.title()}


def verify_attestation(response, client_data_hash):
    PackedAttestation().verify(response.att_stmt, response.auth_data, client_data_hash)


def descriptor(response):
    return {"type": "public-key", "id": response.auth_data.credential_data.credential_id}


def transport(device):
    check("PING of 1000 bytes", device.ping(b"\x5a" * 1000) == b"\x5a" * 1000)
    device.wink()
    check("WINK")


def information(ctap):
    info = ctap.info
    check("versions", info.versions == ["U2F_V2", "FIDO_2_0", "FIDO_2_1"])
    check("AAGUID", info.aaguid == Aaguid.parse("c0de51a4-7e57-4b1e-9a5e-0c5ec0de0001"))
    check("firmware version", info.firmware_version == 0x0001_0000)
    check("built-in user verification is set up", info.options["uv"] is True)
    check("no PIN yet", info.options["clientPin"] is False)
    check("PIN/UV auth protocols", info.pin_uv_protocols == [2, 1])


def built_in_verification(ctap):
    digest = new_hash()
    made = ctap.make_credential(
        digest, RP, user("alice"), ALGORITHMS, options={"rk": False, "uv": True}
    )
    check("makeCredential with built-in UV sets UP and UV", made.auth_data.flags & (UP | UV) == UP | UV)
    verify_attestation(made, digest)
    check("its packed attestation verifies, with a certificate", len(made.att_stmt["x5c"]) == 1)
    digest = new_hash()
    got = ctap.get_assertion(RP["id"], digest, [descriptor(made)], options={"uv": True})
    got.verify(digest, made.auth_data.credential_data.public_key)
    check("getAssertion with built-in UV verifies", got.auth_data.flags & UV == UV)
    check("the counter went up", got.auth_data.counter > made.auth_data.counter)
    for protocol in (PinProtocolV1(), PinProtocolV2()):
        token = ClientPin(ctap, protocol).get_uv_token(
            ClientPin.PERMISSION.GET_ASSERTION, permissions_rpid=RP["id"]
        )
        digest = new_hash()
        got = ctap.get_assertion(
            RP["id"],
            digest,
            [descriptor(made)],
            pin_uv_param=protocol.authenticate(token, digest),
            pin_uv_protocol=protocol.VERSION,
        )
        got.verify(digest, made.auth_data.credential_data.public_key)
        check(f"getAssertion with a UV token of protocol {protocol.VERSION} verifies")
    again = refusal(
        ctap.make_credential, new_hash(), RP, user("alice"), ALGORITHMS, [descriptor(made)]
    )
    check("exclude list", again == "CREDENTIAL_EXCLUDED")
    unsupported = refusal(
        ctap.make_credential, new_hash(), RP, user("alice"), [{"type": "public-key", "alg": -257}]
    )
    check("RS256 is refused", unsupported == "UNSUPPORTED_ALGORITHM")


def pin_token(ctap, protocol, permissions, rp_id=None):
    return ClientPin(ctap, protocol).get_pin_token(PIN, permissions, rp_id)


def pin_verification(ctap):
    ClientPin(ctap, PinProtocolV2()).set_pin("1234 5678")
    ClientPin(ctap, PinProtocolV1()).change_pin("1234 5678", PIN)
    check("PIN set with protocol 2 and changed with protocol 1", ctap.get_info().options["clientPin"])
    made = []
    for protocol, name in ((PinProtocolV1(), "bob"), (PinProtocolV2(), "carol")):
        permissions = ClientPin.PERMISSION.MAKE_CREDENTIAL
        token = pin_token(ctap, protocol, permissions, RP["id"])
        digest = new_hash()
        response = ctap.make_credential(
            digest,
            RP,
            user(name),
            ALGORITHMS,
            extensions={"hmac-secret": True, "credProtect": 2, "largeBlobKey": True},
            options={"rk": True},
            pin_uv_param=protocol.authenticate(token, digest),
            pin_uv_protocol=protocol.VERSION,
        )
        verify_attestation(response, digest)
        check(f"makeCredential with a PIN token of protocol {protocol.VERSION} verifies",
              response.auth_data.flags & (UP | UV) == UP | UV)
        check("its extensions", response.auth_data.extensions == {"credProtect": 2, "hmac-secret": True})
        made.append(response)
    client = ClientPin(ctap)
    check("a wrong PIN", refusal(client.get_pin_token, "wrong") == "PIN_INVALID")
    check("costs one retry", client.get_pin_retries()[0] == 7)
    protocol = PinProtocolV2()
    token = pin_token(ctap, protocol, ClientPin.PERMISSION.GET_ASSERTION, RP["id"])
    check("a right one gives it back", client.get_pin_retries()[0] == 8)
    digest = new_hash()
    answers = ctap.get_assertions(
        RP["id"],
        digest,
        pin_uv_param=protocol.authenticate(token, digest),
        pin_uv_protocol=protocol.VERSION,
    )
    check("two discoverable credentials answer, the newest first",
          [answer.user["name"] for answer in answers] == ["carol", "bob"])
    for answer, response in zip(answers, reversed(made)):
        answer.verify(digest, response.auth_data.credential_data.public_key)
    check("and both verify")
    check("unverified they stay hidden", refusal(ctap.get_assertion, RP["id"], new_hash()) == "NO_CREDENTIALS")
    return made


def hmac_secret(ctap, credential):
    outputs = []
    for protocol in (PinProtocolV1(), PinProtocolV2()):
        client = ClientPin(ctap, protocol)
        key_agreement, secret = client._get_shared_secret()
        salt = protocol.encrypt(secret, b"\x01" * 32 + b"\x02" * 32)
        answer = ctap.get_assertion(
            RP["id"],
            new_hash(),
            [descriptor(credential)],
            extensions={
                "hmac-secret": {
                    1: key_agreement,
                    2: salt,
                    3: protocol.authenticate(secret, salt),
                    4: protocol.VERSION,
                }
            },
        )
        outputs.append(protocol.decrypt(secret, answer.auth_data.extensions["hmac-secret"]))
    check("hmac-secret gives two codes", len(outputs[0]) == 64 and outputs[0][:32] != outputs[0][32:])
    check("the same through both protocols", outputs[0] == outputs[1])


def management(ctap, made):
    protocol = PinProtocolV2()
    token = pin_token(ctap, protocol, ClientPin.PERMISSION.CREDENTIAL_MGMT)
    credentials = CredentialManagement(ctap, protocol, token)
    metadata = credentials.get_metadata()
    check("credential metadata", metadata[CredentialManagement.RESULT.EXISTING_CRED_COUNT] == 2)
    parties = credentials.enumerate_rps()
    check("relying parties", [p[CredentialManagement.RESULT.RP]["id"] for p in parties] == [RP["id"]])
    listed = credentials.enumerate_creds(sha256(RP["id"].encode()).digest())
    check("credentials", len(listed) == 2)
    renamed = dict(user("carol"), displayName="Carol of Example")
    credentials.update_user_info(descriptor(made[1]), renamed)
    listed = credentials.enumerate_creds(sha256(RP["id"].encode()).digest())
    names = [c[CredentialManagement.RESULT.USER]["displayName"] for c in listed]
    check("update of an account", names == ["Carol of Example", "Bob"])
    credentials.delete_cred(descriptor(made[0]))
    metadata = credentials.get_metadata()
    check("deletion", metadata[CredentialManagement.RESULT.EXISTING_CRED_COUNT] == 1)


def fingerprints(ctap):
    protocol = PinProtocolV2()
    token = pin_token(ctap, protocol, ClientPin.PERMISSION.BIO_ENROLL)
    bio = FPBioEnrollment(ctap, protocol, token)
    enrolled = bio.enumerate_enrollments()
    check("one fingerprint is enrolled", len(enrolled) == 1)
    template = next(iter(enrolled))
    bio.set_name(template, "thumb, perhaps")
    check("and renamed", bio.enumerate_enrollments() == {template: "thumb, perhaps"})


def large_blobs(ctap, credential):
    protocol = PinProtocolV2()
    token = pin_token(ctap, protocol, ClientPin.PERMISSION.LARGE_BLOB_WRITE)
    blobs = LargeBlobs(ctap, protocol, token)
    content = os.urandom(3000)
    blobs.put_blob(credential.large_blob_key, content)
    check("a large blob in fragments", blobs.get_blob(credential.large_blob_key) == content)


def configuration(ctap):
    protocol = PinProtocolV2()

    def config():
        token = pin_token(ctap, protocol, ClientPin.PERMISSION.AUTHENTICATOR_CFG)
        return Config(ctap, protocol, token)

    config().toggle_always_uv()
    check("alwaysUv on, and with it U2F off",
          ctap.get_info().options["alwaysUv"] and "U2F_V2" not in ctap.get_info().versions)
    config().toggle_always_uv()
    check("alwaysUv off", not ctap.get_info().options["alwaysUv"])
    config().set_min_pin_length(8, ["example.org"])
    check("minimum PIN length", ctap.get_info().min_pin_length == 8)
    config().enable_enterprise_attestation()
    check("enterprise attestation", ctap.get_info().options["ep"])


def u2f(device):
    ctap = Ctap1(device)
    check("U2F version", ctap.get_version() == "U2F_V2")
    challenge, application = new_hash(), sha256(b"https://example.org").digest()
    registration = ctap.register(challenge, application)
    registration.verify(application, challenge)
    check("U2F registration verifies")
    challenge = new_hash()
    signature = ctap.authenticate(challenge, application, registration.key_handle)
    signature.verify(application, challenge, registration.public_key)
    check("U2F authentication verifies", signature.user_presence == 1)
    public_key = ES256.from_ctap1(registration.public_key)
    answer = Ctap2(device).get_assertion(
        "https://example.org", challenge, [{"type": "public-key", "id": registration.key_handle}]
    )
    answer.verify(challenge, public_key)
    check("a U2F credential answers CTAP2")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    host, port = sys.argv[1], int(sys.argv[2])
    descriptor_of_device = HidDescriptor(f"udp:{host}:{port}", 0, 0, 64, 64, None, None)
    device = CtapHidDevice(descriptor_of_device, DatagramConnection(host, port))
    transport(device)
    ctap = Ctap2(device)
    information(ctap)
    built_in_verification(ctap)
    made = pin_verification(ctap)
    hmac_secret(ctap, made[1])
    management(ctap, made)
    fingerprints(ctap)
    large_blobs(ctap, made[1])
    u2f(device)
    configuration(ctap)
    ctap.selection()
    check("selection")
    outcome = refusal(ctap.reset)
    check("reset, or its refusal after ten seconds", outcome in (None, "NOT_ALLOWED"))
    if outcome is None:
        check("reset leaves no PIN and no finger",
              not (ctap.get_info().options["clientPin"] or ctap.get_info().options["uv"]))
    device.close()


if __name__ == "__main__":
    main()
