import Encoding
import Testing
import TestSupport
import WebAuthn

struct AuthenticatorDataTests {
    @Test func `an assertion's data decodes and encodes`() throws {
        let bytes = try Hex.decode(Samples.assertionData)
        let data = try AuthenticatorData(decoding: bytes)
        #expect(data.rpIDHash == Array(bytes.prefix(32)))
        #expect(data.flags == [.userPresent, .userVerified])
        #expect(data.signatureCounter == 0x0102_0304)
        #expect(data.attestedCredential == nil)
        #expect(data.extensions == nil)
        #expect(data.encoded() == bytes)
    }

    @Test func `a registration's data decodes and encodes`() throws {
        let bytes = try Hex.decode(Samples.registrationData)
        let data = try AuthenticatorData(decoding: bytes)
        #expect(try data == Samples.registration())
        #expect(data.flags == [.userPresent, .userVerified, .attestedCredentialData])
        #expect(data.encoded() == bytes)
    }

    @Test func `extensions follow the credential`() throws {
        let bytes = try Hex.decode(Samples.extendedData)
        let data = try AuthenticatorData(decoding: bytes)
        let backedUp: AuthenticatorData.Flags = [
            .userPresent, .userVerified, .backupEligible, .backupState,
        ]
        #expect(
            try data
                == Samples.registration(
                    flags: backedUp, counter: 9, extensions: ["credProtect": 2]))
        #expect(data.extensions?["credProtect"] == 2)
        #expect(data.encoded() == bytes)
    }

    @Test func `extensions may follow the counter`() throws {
        let bytes = try Hex.decode(Samples.rpIDHash + "81" + "00000001" + Samples.extensions)
        let data = try AuthenticatorData(decoding: bytes)
        #expect(data.attestedCredential == nil)
        #expect(data.extensions == ["credProtect": 2])
        #expect(data.encoded() == bytes)
    }

    @Test(arguments: [
        Samples.assertionData, Samples.registrationData, Samples.extendedData,
    ])
    func `no proper prefix is authenticator data`(hex: String) throws {
        for prefix in try Hex.decode(hex).properPrefixes {
            #expect(throws: MalformedWebAuthn.self) { try AuthenticatorData(decoding: prefix) }
        }
    }

    @Test(arguments: [
        Samples.assertionData, Samples.registrationData, Samples.extendedData,
    ])
    func `each flipped bit is refused or shows`(hex: String) throws {
        let bytes = try Hex.decode(hex)
        let whole = try AuthenticatorData(decoding: bytes)
        for flipped in bytes.singleBitFlips {
            guard let decoded = try? AuthenticatorData(decoding: flipped) else { continue }
            #expect(decoded != whole)
            #expect(decoded.encoded() == flipped)
        }
    }

    @Test func `flag AT announces a credential and nothing else does`() throws {
        let announced = try Hex.decode(Samples.rpIDHash + "45" + "01020304")
        #expect(throws: MalformedWebAuthn.authenticatorData(.truncated)) {
            try AuthenticatorData(decoding: announced)
        }
        let silent = try Hex.decode(Samples.rpIDHash + "05" + "00000000" + Samples.credential)
        #expect(throws: MalformedWebAuthn.authenticatorData(.trailingBytes(count: 99))) {
            try AuthenticatorData(decoding: silent)
        }
    }

    @Test func `flag ED announces extensions and nothing else does`() throws {
        let announced = try Hex.decode(Samples.rpIDHash + "85" + "01020304")
        #expect(throws: MalformedWebAuthn.authenticatorData(.truncated)) {
            try AuthenticatorData(decoding: announced)
        }
        let silent = try Hex.decode(Samples.registrationData + Samples.extensions)
        #expect(throws: MalformedWebAuthn.authenticatorData(.trailingBytes(count: 14))) {
            try AuthenticatorData(decoding: silent)
        }
    }

    @Test func `extensions are one map to the end`() throws {
        let head = Samples.rpIDHash + "85" + "01020304"
        #expect(throws: MalformedWebAuthn.authenticatorData(.trailingBytes(count: 1))) {
            try AuthenticatorData(decoding: Hex.decode(head + Samples.extensions + "00"))
        }
        #expect(throws: MalformedWebAuthn.self) {
            try AuthenticatorData(decoding: Hex.decode(head + "80"))
        }
    }

    @Test func `the flags AT and ED follow from the parts`() throws {
        let claimed = AuthenticatorData(
            rpIDHash: try Hex.decode(Samples.rpIDHash),
            flags: [.userPresent, .attestedCredentialData, .extensionData], signatureCounter: 0)
        #expect(claimed.flags == .userPresent)
    }

    @Test func `reserved flags are kept`() throws {
        let bytes = try Hex.decode(Samples.rpIDHash + "23" + "01020304")
        let data = try AuthenticatorData(decoding: bytes)
        #expect(data.flags.rawValue == 0x23)
        #expect(data.encoded() == bytes)
    }

    @Test(arguments: [(0, "0000"), (1024, "0400"), (65_535, "ffff")])
    func `a credential's identifier has 1 to 1 023 bytes`(length: Int, field: String) throws {
        let bytes =
            try Hex.decode(Samples.rpIDHash + "41" + "00000000" + Samples.aaguid + field)
            + [UInt8](repeating: 7, count: length) + Hex.decode(Samples.coseKey)
        #expect(throws: MalformedWebAuthn.identifierLength(length)) {
            try AuthenticatorData(decoding: bytes)
        }
    }

    @Test func `the longest identifier decodes`() throws {
        let bytes =
            try Hex.decode(Samples.rpIDHash + "41" + "00000000" + Samples.aaguid + "03ff")
            + [UInt8](repeating: 7, count: 1023) + Hex.decode(Samples.coseKey)
        let data = try AuthenticatorData(decoding: bytes)
        #expect(data.attestedCredential?.credentialID.bytes.count == 1023)
        #expect(data.encoded() == bytes)
    }

    @Test func `random bytes and bent data never trap`() throws {
        var random = SplitMix64(seed: 11)
        let whole = try Hex.decode(Samples.extendedData)
        for round in 0..<20_000 {
            var bytes = random.bytes(Int.random(in: 0...160, using: &random))
            if round.isMultiple(of: 2) {
                bytes = whole
                for _ in 0..<3 {
                    bytes[Int.random(in: 32..<bytes.count, using: &random)] =
                        random.bytes(1)[0]
                }
            }
            guard let data = try? AuthenticatorData(decoding: bytes) else { continue }
            #expect(data.encoded() == bytes)
        }
    }
}
