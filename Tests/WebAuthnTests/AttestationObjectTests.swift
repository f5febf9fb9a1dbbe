import Encoding
import Testing
import TestSupport
import WebAuthn

struct AttestationObjectTests {
    @Test func `an object without attestation decodes and encodes`() throws {
        let bytes = try Hex.decode(Samples.noneObject)
        let object = try AttestationObject(decoding: bytes)
        #expect(object.statement == .none)
        #expect(object.statement.format == "none")
        #expect(try object.authenticatorData == Samples.registration())
        #expect(try object.authenticatorDataBytes == Hex.decode(Samples.registrationData))
        #expect(object.encoded() == bytes)
        #expect(
            try object
                == AttestationObject(
                    statement: .none, authenticatorData: Samples.registration()))
    }

    @Test func `a packed statement decodes and encodes`() throws {
        let bytes = try Hex.decode(Samples.packedObject)
        let object = try AttestationObject(decoding: bytes)
        #expect(
            object.statement
                == .packed(
                    PackedAttestation(
                        algorithm: .es256, signature: [1, 2, 3], certificates: [[0xAA, 0xBB]])))
        #expect(object.statement.format == "packed")
        #expect(object.encoded() == bytes)
    }

    @Test func `a statement of an unknown format is kept`() throws {
        let object = AttestationObject(
            statement: .unknown(format: "apple", statement: ["x5c": [.bytes([1])]]),
            authenticatorData: try Samples.registration())
        #expect(try AttestationObject(decoding: object.encoded()) == object)
        #expect(object.statement.format == "apple")
    }

    @Test(arguments: [Samples.noneObject, Samples.packedObject])
    func `no proper prefix is an object`(hex: String) throws {
        for prefix in try Hex.decode(hex).properPrefixes {
            #expect(throws: MalformedWebAuthn.attestationObjectEncoding(.truncated)) {
                try AttestationObject(decoding: prefix)
            }
        }
    }

    @Test(arguments: [Samples.noneObject, Samples.packedObject])
    func `each flipped bit is refused or shows`(hex: String) throws {
        let bytes = try Hex.decode(hex)
        let whole = try AttestationObject(decoding: bytes)
        for flipped in bytes.singleBitFlips {
            guard let decoded = try? AttestationObject(decoding: flipped) else { continue }
            #expect(decoded != whole)
        }
    }

    @Test func `bytes behind the object are refused`() throws {
        let bytes = try Hex.decode(Samples.noneObject + "00")
        #expect(
            throws: MalformedWebAuthn.attestationObjectEncoding(.trailingBytes(count: 1))
        ) { try AttestationObject(decoding: bytes) }
    }

    /// Browsers wrote the object's members in other orders; what the authenticator made inside is canonical.
    @Test func `the members may stand in any order`() throws {
        let format = "63666d74" + "646e6f6e65"
        let statement = "6761747453746d74" + "a0"
        let data = "686175746844617461" + "5888" + Samples.registrationData
        let canonical = try AttestationObject(decoding: Hex.decode(Samples.noneObject))
        for members in [
            [format, data, statement], [statement, format, data], [statement, data, format],
            [data, format, statement], [data, statement, format],
        ] {
            let bytes = try Hex.decode("a3" + members.joined())
            #expect(try AttestationObject(decoding: bytes) == canonical)
        }
        for members in [[format, format, data], [data, statement, data]] {
            let bytes = try Hex.decode("a3" + members.joined())
            #expect(throws: MalformedWebAuthn.attestationObjectEncoding(.duplicateKey)) {
                try AttestationObject(decoding: bytes)
            }
        }
    }

    @Test func `a statement's members stand in canonical order`() throws {
        let bytes = try Hex.decode(
            "a3" + "63666d74" + "667061636b6564" + "6761747453746d74"
                + "a2" + "63736967" + "43010203" + "63616c67" + "26"
                + "686175746844617461" + "5888" + Samples.registrationData)
        #expect(throws: MalformedWebAuthn.attestationObjectEncoding(.unsortedKeys)) {
            try AttestationObject(decoding: bytes)
        }
    }

    @Test(
        arguments: [
            [:],
            ["fmt": "none", "attStmt": [:]],
            ["fmt": "none", "attStmt": [:], "authData": "text"],
            ["fmt": "none", "attStmt": [], "authData": .bytes([])],
            ["fmt": 1, "attStmt": [:], "authData": .bytes([])],
            ["fmt": "none", "attStmt": [:], "authData": .bytes([]), "more": 1],
            ["fmt": "none", "attStmt": [:], 1: .bytes([])],
            [], 1, "fmt",
        ] as [CBOR])
    func `an object has exactly its three members`(value: CBOR) {
        #expect(throws: MalformedWebAuthn.attestationObject) {
            try AttestationObject(decoding: value.encoded())
        }
    }

    @Test func `a statement of format none is empty`() throws {
        let error = MalformedWebAuthn.attestationStatement(format: "none")
        #expect(throws: error) {
            try AttestationObject(decoding: Self.object("none", ["alg": -7]))
        }
    }

    @Test(
        arguments: [
            [:],
            ["alg": -7],
            ["sig": .bytes([1])],
            ["alg": "ES256", "sig": .bytes([1])],
            ["alg": -7, "sig": "text"],
            ["alg": -7, "sig": .bytes([1]), "more": 1],
            ["alg": -7, "sig": .bytes([1]), "x5c": []],
            ["alg": -7, "sig": .bytes([1]), "x5c": .bytes([1])],
            ["alg": -7, "sig": .bytes([1]), "x5c": [.bytes([1]), "text"]],
            ["alg": -7, "sig": .bytes([1]), "x5c": [.bytes([1])], "more": 1],
            ["alg": -7, "sig": .bytes([1]), "ecdaaKeyId": .bytes([1])],
            ["alg": .unsigned(.max), "sig": .bytes([1])],
        ] as [CBOR])
    func `a packed statement has exactly its members`(statement: CBOR) {
        #expect(throws: MalformedWebAuthn.attestationStatement(format: "packed")) {
            try AttestationObject(decoding: Self.object("packed", statement))
        }
    }

    @Test func `the authenticator data within is decoded`() throws {
        let value: CBOR = ["fmt": "none", "attStmt": [:], "authData": .bytes([1, 2, 3])]
        #expect(throws: MalformedWebAuthn.authenticatorData(.truncated)) {
            try AttestationObject(decoding: value.encoded())
        }
    }

    @Test func `random and bent bytes never trap`() throws {
        var random = SplitMix64(seed: 12)
        let whole = try Hex.decode(Samples.packedObject)
        for round in 0..<20_000 {
            var bytes = random.bytes(Int.random(in: 0...200, using: &random))
            if round.isMultiple(of: 2) {
                bytes = whole
                for _ in 0..<2 {
                    bytes[Int.random(in: bytes.indices, using: &random)] = random.bytes(1)[0]
                }
            }
            guard let object = try? AttestationObject(decoding: bytes) else { continue }
            #expect(try AttestationObject(decoding: object.encoded()) == object)
        }
    }

    private static func object(_ format: String, _ statement: CBOR) throws -> [UInt8] {
        let value: CBOR = [
            "fmt": .text(format), "attStmt": statement,
            "authData": .bytes(try Hex.decode(Samples.registrationData)),
        ]
        return value.encoded()
    }
}
