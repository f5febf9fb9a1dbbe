import CTAP
import Encoding
import Testing

struct CTAPResponseTests {
    private func checkPrefixesAndBits<Value: Equatable>(
        _ bytes: [UInt8], _ decode: ([UInt8]) throws(MalformedMessage) -> Value
    ) throws {
        let value = try decode(bytes)
        for count in 1..<bytes.count {
            #expect(throws: MalformedMessage.self) { try decode(Array(bytes.prefix(count))) }
        }
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            do throws(MalformedMessage) {
                #expect(try decode(flipped) != value, "bit \(bit)")
            } catch {
                #expect(!error.code.isEmpty)
            }
        }
    }

    @Test func `a getInfo response comes out as it went in`() throws {
        var response = GetInfoResponse(
            versions: ["FIDO_2_1"], aaguid: Array(0..<16), options: ["rk": true, "uv": false])
        response.extensions = ["hmac-secret"]
        response.maximumMessageSize = 1200
        response.pinUVAuthProtocols = [2, 1]
        response.maximumCredentialCountInList = 8
        response.maximumCredentialIDLength = 128
        response.transports = ["usb", "nfc"]
        response.algorithms = [CredentialParameters(algorithm: -7)]
        response.maximumLargeBlobArrayLength = 1024
        response.forcePINChange = false
        response.minimumPINLength = 4
        response.firmwareVersion = 0x0001_0000
        response.maximumRPIDsForMinimumPINLength = 1
        response.preferredPlatformUVAttempts = 3
        response.userVerificationModality = 2
        response.remainingDiscoverableCredentials = 25
        let bytes = response.cbor.encoded()
        #expect(try GetInfoResponse(decoding: bytes) == response)
        try checkPrefixesAndBits(bytes, GetInfoResponse.init(decoding:))
    }

    @Test func `a getInfo response must have versions and an AAGUID of 16 bytes`() {
        #expect(throws: MalformedMessage.missingParameter("1")) {
            try GetInfoResponse(decoding: [])
        }
        let short: CBOR = [0x01: ["FIDO_2_0"], 0x03: .bytes([1])]
        #expect(throws: MalformedMessage.invalidParameter("3")) {
            try GetInfoResponse(decoding: short.encoded())
        }
    }

    @Test func `a makeCredential response comes out as it went in`() throws {
        let response = MakeCredentialResponse(
            format: "packed", authenticatorData: [1, 2, 3],
            statement: ["alg": -7, "sig": .bytes([4]), "x5c": [.bytes([5])]],
            isEnterpriseAttestation: true, largeBlobKey: [6])
        let bytes = response.cbor.encoded()
        #expect(try MakeCredentialResponse(decoding: bytes) == response)
        try checkPrefixesAndBits(bytes, MakeCredentialResponse.init(decoding:))
    }

    @Test func `a getAssertion response comes out as it went in`() throws {
        let response = GetAssertionResponse(
            credential: CredentialDescriptor(id: [1]), authenticatorData: [2], signature: [3],
            user: UserEntity(id: [4], name: "alice", displayName: "Alice"),
            numberOfCredentials: 2, largeBlobKey: [5])
        let bytes = response.cbor.encoded()
        #expect(try GetAssertionResponse(decoding: bytes) == response)
        try checkPrefixesAndBits(bytes, GetAssertionResponse.init(decoding:))
    }

    @Test func `a clientPIN response comes out as it went in`() throws {
        let response = ClientPINResponse(
            keyAgreement: KeyAgreementKey(
                x: [UInt8](repeating: 1, count: 32), y: [UInt8](repeating: 2, count: 32)),
            encryptedToken: [3], pinRetries: 8, needsPowerCycle: false, uvRetries: 3)
        let bytes = response.cbor.encoded()
        #expect(try ClientPINResponse(decoding: bytes) == response)
        try checkPrefixesAndBits(bytes, ClientPINResponse.init(decoding:))
    }

    @Test func `a credentialManagement response comes out as it went in`() throws {
        var response = CredentialManagementResponse()
        response.existingCredentials = 1
        response.remainingCredentials = 24
        response.relyingParty = RelyingPartyEntity(id: "example.com")
        response.rpIDHash = [1]
        response.totalRelyingParties = 1
        response.user = UserEntity(id: [2])
        response.credential = CredentialDescriptor(id: [3])
        response.publicKey = [1: 2, 3: -7]
        response.totalCredentials = 1
        response.credentialProtection = 2
        response.largeBlobKey = [4]
        let bytes = response.cbor.encoded()
        #expect(try CredentialManagementResponse(decoding: bytes) == response)
        try checkPrefixesAndBits(bytes, CredentialManagementResponse.init(decoding:))
    }

    @Test func `a bioEnrollment response comes out as it went in`() throws {
        var response = BioEnrollmentResponse()
        response.modality = 1
        response.fingerprintKind = 1
        response.samplesRequired = 3
        response.template = [1]
        response.sampleStatus = .exists
        response.remainingSamples = 2
        response.templates = [
            .init(id: [1], friendlyName: "thumb"), .init(id: [2], friendlyName: nil),
        ]
        response.maximumFriendlyNameLength = 64
        let bytes = response.cbor.encoded()
        #expect(try BioEnrollmentResponse(decoding: bytes) == response)
        try checkPrefixesAndBits(bytes, BioEnrollmentResponse.init(decoding:))
    }

    @Test func `a status keeps its number and knows its name`() throws {
        let response = try CTAPResponse(decoding: [0x31])
        #expect(response.status == .pinInvalid)
        #expect(response.payload.isEmpty)
        #expect(response.status.description == "CTAP2_ERR_PIN_INVALID")
        #expect(CTAPStatus(rawValue: 0xEE).description == "status 238")
        #expect(try CTAPResponse(decoding: [0xEE]).encoded() == [0xEE])
        #expect(CTAPResponse.success([1: 2]).encoded() == [0x00, 0xA1, 0x01, 0x02])
        #expect(throws: MalformedMessage.empty) { try CTAPResponse(decoding: []) }
    }

    @Test func `an hmac-secret input comes out as it went in`() throws {
        for number: PINUVAuthProtocolNumber in [.one, .two] {
            let input = HMACSecretInput(
                keyAgreement: KeyAgreementKey(
                    x: [UInt8](repeating: 1, count: 32), y: [UInt8](repeating: 2, count: 32)),
                encryptedSalts: [3], authentication: [4], protocolNumber: number)
            #expect(try HMACSecretInput(input.cbor) == input)
        }
    }
}

struct MalformedMessageTests {
    @Test func `each case has a code of its own`() {
        let all: [MalformedMessage] = [
            .reportLength(0), .messageTooLong(0), .packetOutOfSequence,
            .unsupportedProtocolVersion, .empty, .encoding(.truncated),
            .unexpectedType(parameter: ""), .missingParameter(""), .invalidParameter(""),
            .parameterTooLong(""), .unknownCommand(0), .unknownSubcommand(0), .apduLength,
            .unsupportedInstruction(class: 0, instruction: 0),
        ]
        #expect(Set(all.map(\.code)).count == all.count)
        #expect(all.allSatisfy { $0.status != .success })
    }

    @Test func `what is wrong with a request decides its status`() {
        #expect(MalformedMessage.unexpectedType(parameter: "1").status.rawValue == 0x11)
        #expect(MalformedMessage.encoding(.unsortedKeys).status.rawValue == 0x12)
        #expect(MalformedMessage.missingParameter("1").status.rawValue == 0x14)
        #expect(MalformedMessage.unknownCommand(3).status.rawValue == 0x01)
        #expect(MalformedMessage.unknownSubcommand(3).status.rawValue == 0x3E)
    }
}
