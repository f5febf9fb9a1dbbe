import CTAP
import Encoding

/// Requests as python-fido2 encodes them, with what they mean.
enum RequestVectors {
    static let clientDataHash = Array(UInt8(0)..<32)
    private static let code = [UInt8](repeating: 7, count: 32)
    private static let authorization = PINUVAuthorization(protocolNumber: .two, parameter: code)
    private static let codeHex = String(repeating: "07", count: 32)
    private static let hashHex =
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

    static let all: [(hex: String, request: CTAPRequest)] = [
        (
            "01aa015820\(hashHex)02a26269646b6578616d706c652e636f6d646e616d65674578616d706c65"
                + "03a3626964420102646e616d6565616c6963656b646973706c61794e616d6565416c696365"
                + "0481a263616c672664747970656a7075626c69632d6b6579"
                + "0581a262696442aabb64747970656a7075626c69632d6b6579"
                + "06a16b6372656450726f746563740207a162726bf508501010101010101010101010101010101009"
                + "010a02",
            .makeCredential(
                MakeCredentialRequest(
                    clientDataHash: clientDataHash,
                    relyingParty: RelyingPartyEntity(id: "example.com", name: "Example"),
                    user: UserEntity(id: [1, 2], name: "alice", displayName: "Alice"),
                    algorithms: [CredentialParameters(algorithm: -7)],
                    excludeList: [CredentialDescriptor(id: [0xAA, 0xBB])],
                    extensions: ["credProtect": 2],
                    options: ["rk": true],
                    authorization: PINUVAuthorization(
                        protocolNumber: .one, parameter: [UInt8](repeating: 0x10, count: 16)),
                    enterpriseAttestation: 2))
        ),
        (
            "02a6016b6578616d706c652e636f6d025820\(hashHex)"
                + "0381a362696442aabb64747970656a7075626c69632d6b65796a7472616e73706f727473816375"
                + "736205a1627570f5065820\(codeHex)0702",
            .getAssertion(
                GetAssertionRequest(
                    relyingPartyID: "example.com", clientDataHash: clientDataHash,
                    allowList: [CredentialDescriptor(id: [0xAA, 0xBB], transports: ["usb"])],
                    options: ["up": true], authorization: authorization))
        ),
        (
            "06a60102020903a501020338182001215820\(String(repeating: "01", count: 32))225820"
                + "\(String(repeating: "02", count: 32))065820\(String(repeating: "05", count: 32))"
                + "09050a6b6578616d706c652e636f6d",
            .clientPIN(
                .getTokenUsingPIN(
                    ClientPINRequest.Agreement(
                        protocolNumber: .two,
                        key: KeyAgreementKey(
                            x: [UInt8](repeating: 1, count: 32),
                            y: [UInt8](repeating: 2, count: 32))),
                    pinHashEncrypted: [UInt8](repeating: 5, count: 32),
                    ClientPINRequest.Grant(
                        permissions: [.makeCredential, .credentialManagement],
                        relyingPartyID: "example.com")))
        ),
        (
            "0aa4010602a102a262696441aa64747970656a7075626c69632d6b65790302045820\(codeHex)",
            .credentialManagement(
                CredentialManagementRequest(
                    operation: .delete(CredentialDescriptor(id: [0xAA])),
                    authorization: authorization))
        ),
        (
            "09a50101020503a20142010202657468756d620402055820\(codeHex)",
            .bioEnrollment(
                BioEnrollmentRequest(
                    operation: .setFriendlyName(template: [1, 2], name: "thumb"),
                    authorization: authorization))
        ),
        (
            "0da4010302a3010602816b6578616d706c652e636f6d03f50302045820\(codeHex)",
            .config(
                AuthenticatorConfigRequest(
                    operation: .setMinimumPINLength(
                        length: 6, relyingPartyIDs: ["example.com"], forceChange: true),
                    authorization: authorization))
        ),
        (
            "0ca5024380808003000411055820\(codeHex)0602",
            .largeBlobs(
                LargeBlobsRequest(
                    operation: .set([0x80, 0x80, 0x80], totalLength: 17), offset: 0,
                    authorization: authorization))
        ),
    ]

    private static let agreement = ClientPINRequest.Agreement(
        protocolNumber: .one, key: KeyAgreementKey(x: code, y: clientDataHash))
    private static let grant = ClientPINRequest.Grant(
        permissions: .getAssertion, relyingPartyID: "a")

    /// One request of each kind that `all` has not.
    static let others: [CTAPRequest] = [
        .getInfo, .getNextAssertion, .reset, .selection,
        .clientPIN(.getPINRetries),
        .clientPIN(.getUVRetries),
        .clientPIN(.getKeyAgreement(.two)),
        .clientPIN(.setPIN(agreement, authorization: code, newPINEncrypted: code + code)),
        .clientPIN(
            .changePIN(
                agreement, authorization: code, newPINEncrypted: code + code,
                pinHashEncrypted: code)),
        .clientPIN(.getPINToken(agreement, pinHashEncrypted: code)),
        .clientPIN(.getTokenUsingUV(agreement, grant)),
        .credentialManagement(
            CredentialManagementRequest(operation: .getMetadata, authorization: authorization)),
        .credentialManagement(
            CredentialManagementRequest(
                operation: .enumerateRelyingPartiesBegin, authorization: authorization)),
        .credentialManagement(
            CredentialManagementRequest(
                operation: .enumerateRelyingPartiesNext, authorization: .absent)),
        .credentialManagement(
            CredentialManagementRequest(
                operation: .enumerateCredentialsBegin(rpIDHash: code),
                authorization: authorization)),
        .credentialManagement(
            CredentialManagementRequest(
                operation: .enumerateCredentialsNext, authorization: .absent)),
        .credentialManagement(
            CredentialManagementRequest(
                operation: .updateUser(
                    CredentialDescriptor(id: [1]), UserEntity(id: [2], name: "n")),
                authorization: authorization)),
        .bioEnrollment(BioEnrollmentRequest(operation: .getModality, authorization: .absent)),
        .bioEnrollment(
            BioEnrollmentRequest(
                operation: .enrollBegin(timeoutMilliseconds: 500), authorization: authorization)),
        .bioEnrollment(
            BioEnrollmentRequest(
                operation: .enrollCaptureNext(template: [1], timeoutMilliseconds: nil),
                authorization: authorization)),
        .bioEnrollment(
            BioEnrollmentRequest(operation: .cancelEnrollment, authorization: .absent)),
        .bioEnrollment(
            BioEnrollmentRequest(operation: .enumerate, authorization: authorization)),
        .bioEnrollment(
            BioEnrollmentRequest(
                operation: .remove(template: [1]), authorization: authorization)),
        .bioEnrollment(
            BioEnrollmentRequest(operation: .getSensorProperties, authorization: .absent)),
        .config(
            AuthenticatorConfigRequest(
                operation: .enableEnterpriseAttestation, authorization: authorization)),
        .config(
            AuthenticatorConfigRequest(operation: .toggleAlwaysUv, authorization: authorization)),
        .largeBlobs(LargeBlobsRequest(operation: .get(count: 960), offset: 64)),
    ]
}
