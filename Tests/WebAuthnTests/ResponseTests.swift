import Encoding
import Testing
import TestSupport
import WebAuthn

struct ResponseTests {
    private static let registration = #"""
        {"id":"3q2-7w","type":"public-key","response":{"clientDataJSON":"e30",\#
        "attestationObject":"AAEC_w","transports":["usb","nfc"]}}
        """#
    private static let authentication = #"""
        {"id":"3q2-7w","type":"public-key","response":{"clientDataJSON":"e30",\#
        "authenticatorData":"AQID","signature":"MEQ","userHandle":"oQ"}}
        """#

    @Test func `a registration's answer decodes`() throws {
        let response = try RegistrationResponse(decoding: Array(Self.registration.utf8))
        #expect(response.credentialID.bytes == [0xDE, 0xAD, 0xBE, 0xEF])
        #expect(response.clientDataJSON == Array("{}".utf8))
        #expect(response.attestationObject == [0, 1, 2, 255])
        #expect(response.transports == [.usb, .nfc])
        #expect(try RegistrationResponse(decoding: Array(response.encoded().utf8)) == response)
    }

    @Test func `an authentication's answer decodes`() throws {
        let response = try AuthenticationResponse(decoding: Array(Self.authentication.utf8))
        #expect(response.credentialID.bytes == [0xDE, 0xAD, 0xBE, 0xEF])
        #expect(response.clientDataJSON == Array("{}".utf8))
        #expect(response.authenticatorData == [1, 2, 3])
        #expect(response.signature == [0x30, 0x44])
        #expect(response.userHandle?.bytes == [0xA1])
        #expect(try AuthenticationResponse(decoding: Array(response.encoded().utf8)) == response)
    }

    @Test func `no proper prefix is an answer`() {
        for prefix in Array(Self.registration.utf8).properPrefixes {
            #expect(throws: MalformedWebAuthn.messageEncoding(.truncated)) {
                try RegistrationResponse(decoding: prefix)
            }
        }
        for prefix in Array(Self.authentication.utf8).properPrefixes {
            #expect(throws: MalformedWebAuthn.messageEncoding(.truncated)) {
                try AuthenticationResponse(decoding: prefix)
            }
        }
    }

    @Test func `each flipped bit is refused or shows`() throws {
        let registration = try RegistrationResponse(decoding: Array(Self.registration.utf8))
        for flipped in Array(Self.registration.utf8).singleBitFlips {
            #expect((try? RegistrationResponse(decoding: flipped)) != registration)
        }
        let authentication = try AuthenticationResponse(decoding: Array(Self.authentication.utf8))
        for flipped in Array(Self.authentication.utf8).singleBitFlips {
            #expect((try? AuthenticationResponse(decoding: flipped)) != authentication)
        }
    }

    @Test func `what a browser adds is ignored`() throws {
        let json = #"""
            {"id":"3q2-7w","rawId":"3q2-7w","type":"public-key","authenticatorAttachment":null,\#
            "clientExtensionResults":{"credProps":{"rk":true}},"response":{"clientDataJSON":"e30",\#
            "attestationObject":"AAEC_w","authenticatorData":"AA","publicKey":"AA",\#
            "publicKeyAlgorithm":-7,"transports":["usb","nfc"]}}
            """#
        #expect(
            try RegistrationResponse(decoding: Array(json.utf8))
                == RegistrationResponse(decoding: Array(Self.registration.utf8)))
    }

    @Test(arguments: [
        ("type", #""type":"public-key""#, #""type":"password""#),
        ("type", #""type":"public-key","#, ""),
        ("id", #""id":"3q2-7w""#, #""id":7"#),
        ("id", #""id":"3q2-7w","#, ""),
        ("id", #""id":"3q2-7w""#, #""id":"3q2-7x""#),
        ("id", #""id":"3q2-7w""#, #""id":"3q2-7w==""#),
        ("rawId", #""id":"3q2-7w""#, #""id":"3q2-7w","rawId":"3q2-7g""#),
        ("rawId", #""id":"3q2-7w""#, #""id":"3q2-7w","rawId":null"#),
        ("clientDataJSON", #""clientDataJSON":"e30""#, #""clientDataJSON":{}"#),
        ("clientDataJSON", #""clientDataJSON":"e30","#, ""),
        ("attestationObject", "AAEC_w", "AAEC/w"),
        ("attestationObject", #""attestationObject":"AAEC_w","#, ""),
        ("transports", #"["usb","nfc"]"#, #""usb""#),
        ("transports", #"["usb","nfc"]"#, #"["usb",1]"#),
        ("transports", #""nfc""#, #""a word of more than thirty-two bytes""#),
        ("response", #""response":{"#, #""other":{"#),
    ])
    func `a member of a registration's answer that is wrong is named`(
        member: String, right: String, wrong: String
    ) throws {
        let json = Self.registration.split(separator: right, maxSplits: 1)
            .joined(separator: wrong)
        #expect(json != Self.registration)
        #expect(throws: MalformedWebAuthn.messageMember(member)) {
            try RegistrationResponse(decoding: Array(json.utf8))
        }
    }

    @Test(arguments: [
        ("authenticatorData", #""authenticatorData":"AQID","#, ""),
        ("authenticatorData", "AQID", "AQI="),
        ("signature", #""signature":"MEQ""#, #""signature":null"#),
        ("signature", "MEQ", "MER"),
        ("userHandle", #""userHandle":"oQ""#, #""userHandle":7"#),
        ("userHandle", "oQ", "oR"),
    ])
    func `a member of an authentication's answer that is wrong is named`(
        member: String, right: String, wrong: String
    ) {
        let json = Self.authentication.split(separator: right, maxSplits: 1)
            .joined(separator: wrong)
        #expect(throws: MalformedWebAuthn.messageMember(member)) {
            try AuthenticationResponse(decoding: Array(json.utf8))
        }
    }

    @Test(arguments: [#""userHandle":"""#, #""userHandle":null"#, #""other":1"#])
    func `an empty user handle and null are none`(member: String) throws {
        let json = Self.authentication.split(separator: #""userHandle":"oQ""#, maxSplits: 1)
            .joined(separator: member)
        #expect(try AuthenticationResponse(decoding: Array(json.utf8)).userHandle == nil)
    }

    @Test func `transports are few`() throws {
        let words = [String](repeating: #""usb""#, count: 17).joined(separator: ",")
        let json = Self.registration.split(separator: #""usb","nfc""#).joined(separator: words)
        #expect(throws: MalformedWebAuthn.messageMember("transports")) {
            try RegistrationResponse(decoding: Array(json.utf8))
        }
        for none in ["null", "[]"] {
            let json = Self.registration.split(separator: #"["usb","nfc"]"#)
                .joined(separator: none)
            let response = try RegistrationResponse(decoding: Array(json.utf8))
            #expect(response.transports.isEmpty)
        }
    }

    @Test func `identifiers have the lengths of the specification`() throws {
        let long = Base64URL.encode([UInt8](repeating: 1, count: 1024))
        let json = Self.registration.split(separator: "3q2-7w").joined(separator: long)
        #expect(throws: MalformedWebAuthn.identifierLength(1024)) {
            try RegistrationResponse(decoding: Array(json.utf8))
        }
        let handle = Base64URL.encode([UInt8](repeating: 1, count: 65))
        let answer = Self.authentication.split(separator: #""oQ""#)
            .joined(separator: "\"\(handle)\"")
        #expect(throws: MalformedWebAuthn.identifierLength(65)) {
            try AuthenticationResponse(decoding: Array(answer.utf8))
        }
    }

    @Test func `a member that occurs twice is refused`() {
        let json = Self.registration.split(separator: #""type":"#)
            .joined(separator: #""id":"3q2-7w","type":"#)
        #expect(throws: MalformedWebAuthn.messageEncoding(.duplicateKey)) {
            try RegistrationResponse(decoding: Array(json.utf8))
        }
    }
}
