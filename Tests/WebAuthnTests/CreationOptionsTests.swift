import Encoding
import Testing
import TestSupport
import WebAuthn

struct CreationOptionsTests {
    private static func options() throws -> CreationOptions {
        CreationOptions(
            relyingPartyID: try RelyingPartyID("example.org"), relyingPartyName: "Exämple \"Org\"",
            userHandle: try UserHandle(bytes: [0xA1]), userName: "alice",
            userDisplayName: "Alice\nAdams", challenge: [UInt8](repeating: 0xC4, count: 32),
            algorithms: [.es256, .eddsa],
            excludedCredentials: [try CredentialID(bytes: [0xDE, 0xAD, 0xBE, 0xEF])],
            timeout: 30_000, userVerification: .required, residentKey: .required,
            attestation: .direct)
    }

    /// Nothing that a client may ignore or replace by a default.
    private static let json = #"""
        {"rp":{"id":"example.org","name":"E"},"user":{"id":"oQ","name":"a","displayName":"A"},\#
        "challenge":"AAEC_w","pubKeyCredParams":[{"alg":-7}],"excludeCredentials":[{"id":"3q2-7w"}],\#
        "timeout":30000,"authenticatorSelection":{"userVerification":"required",\#
        "residentKey":"required"},"attestation":"direct"}
        """#

    @Test func `options come out as they went in`() throws {
        let options = try Self.options()
        #expect(try CreationOptions(decoding: Array(options.encoded().utf8)) == options)
    }

    @Test(arguments: UserVerificationRequirement.allCases, ResidentKeyRequirement.allCases)
    func `each requirement comes out as it went in`(
        userVerification: UserVerificationRequirement, residentKey: ResidentKeyRequirement
    ) throws {
        for attestation in AttestationConveyance.allCases {
            let options = CreationOptions(
                relyingPartyID: try RelyingPartyID("example.org"), relyingPartyName: "",
                userHandle: try UserHandle(bytes: [1]), userName: "", userDisplayName: "",
                challenge: [], algorithms: [], excludedCredentials: [], timeout: 0,
                userVerification: userVerification, residentKey: residentKey,
                attestation: attestation)
            #expect(try CreationOptions(decoding: Array(options.encoded().utf8)) == options)
        }
    }

    @Test func `the JSON form has the specification's members`() throws {
        let json = try JSON.decode(Array(Self.options().encoded().utf8))
        #expect(json["rp"] == ["id": "example.org", "name": "Exämple \"Org\""])
        #expect(json["user"] == ["id": "oQ", "name": "alice", "displayName": "Alice\nAdams"])
        #expect(json["challenge"] == "xMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMQ")
        #expect(
            json["pubKeyCredParams"]
                == [["type": "public-key", "alg": -7], ["type": "public-key", "alg": -8]])
        #expect(json["excludeCredentials"] == [["type": "public-key", "id": "3q2-7w"]])
        #expect(json["timeout"] == 30_000)
        #expect(
            json["authenticatorSelection"]
                == [
                    "userVerification": "required", "residentKey": "required",
                    "requireResidentKey": true,
                ])
        #expect(json["attestation"] == "direct")
    }

    @Test func `what is left out has the specification's defaults`() throws {
        let json = #"""
            {"rp":{"id":"example.org","name":"E"},"user":{"id":"oQ","name":"a","displayName":"A"},\#
            "challenge":"AAEC_w"}
            """#
        let options = try CreationOptions(decoding: Array(json.utf8))
        #expect(options.algorithms.isEmpty)
        #expect(options.excludedCredentials.isEmpty)
        #expect(options.userVerification == .preferred)
        #expect(options.residentKey == .discouraged)
        #expect(options.attestation == .none)
    }

    @Test func `no proper prefix is options`() {
        for prefix in Array(Self.json.utf8).properPrefixes {
            #expect(throws: MalformedWebAuthn.messageEncoding(.truncated)) {
                try CreationOptions(decoding: prefix)
            }
        }
    }

    @Test func `each flipped bit is refused or shows`() throws {
        let whole = try CreationOptions(decoding: Array(Self.json.utf8))
        for flipped in Array(Self.json.utf8).singleBitFlips {
            #expect(
                (try? CreationOptions(decoding: flipped)) != whole,
                "\(String(decoding: flipped, as: UTF8.self))")
        }
    }

    @Test(arguments: [
        (MalformedWebAuthn.messageMember("rp.id"), #""id":"example.org""#, #""id":1"#),
        (.relyingPartyID, "example.org", "Example.org"),
        (.messageMember("rp.name"), #""name":"E""#, #""other":"E""#),
        (.messageMember("user.id"), "oQ", "oR"),
        (.identifierLength(0), "oQ", ""),
        (.messageMember("user.name"), #""name":"a""#, #""name":null"#),
        (.messageMember("user.displayName"), #""displayName""#, #""title""#),
        (.messageMember("challenge"), "AAEC_w", "AAEC_w=="),
        (.messageMember("excludeCredentials"), "3q2-7w", "3q2-7x"),
        (.identifierLength(0), "3q2-7w", ""),
    ])
    func `a member that is wrong is named`(
        error: MalformedWebAuthn, right: String, wrong: String
    ) {
        let json = Self.json.split(separator: right, maxSplits: 1).joined(separator: wrong)
        #expect(throws: error) { try CreationOptions(decoding: Array(json.utf8)) }
    }
}
