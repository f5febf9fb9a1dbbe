import Encoding

/// A client's answer to a registration, untrusted: `RegistrationResponseJSON` (WebAuthn Level 3 §5.1.8).
public struct RegistrationResponse: Sendable, Hashable {
    /// The identifier of the credential that the client names.
    public let credentialID: CredentialID
    /// The client data, as it was hashed.
    public let clientDataJSON: [UInt8]
    /// The attestation object.
    public let attestationObject: [UInt8]
    /// How the client believes the authenticator can be reached.
    public let transports: [AuthenticatorTransport]

    /// An answer from its parts.
    public init(
        credentialID: CredentialID, clientDataJSON: [UInt8], attestationObject: [UInt8],
        transports: [AuthenticatorTransport]
    ) {
        self.credentialID = credentialID
        self.clientDataJSON = clientDataJSON
        self.attestationObject = attestationObject
        self.transports = transports
    }

    /// Decodes the JSON that `PublicKeyCredential.toJSON()` makes. Members that are not needed are ignored: what
    /// they repeat is read from where it is signed.
    public init(decoding json: [UInt8]) throws(MalformedWebAuthn) {
        let message = try CredentialMessage(decoding: json)
        credentialID = message.credentialID
        clientDataJSON = try message.responseBytes("clientDataJSON")
        attestationObject = try message.responseBytes("attestationObject")
        switch message.response["transports"] {
        case nil, .null: transports = []
        case .array(let items):
            let words = items.compactMap(\.stringValue)
            guard words.count == items.count, words.count <= 16,
                words.allSatisfy(Self.isTransport)
            else { throw .messageMember("transports") }
            transports = words.map(AuthenticatorTransport.init(rawValue:))
        default: throw .messageMember("transports")
        }
    }

    /// Known transports and those to come are words such as `smart-card`.
    private static func isTransport(_ word: String) -> Bool {
        (1...32).contains(word.utf8.count)
            && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F }
    }

    /// The JSON form.
    public func encoded() -> String {
        let message: JSON = [
            "id": .string(credentialID.text),
            "rawId": .string(credentialID.text),
            "type": "public-key",
            "clientExtensionResults": [:],
            "response": [
                "clientDataJSON": .string(Base64URL.encode(clientDataJSON)),
                "attestationObject": .string(Base64URL.encode(attestationObject)),
                "transports": .array(transports.map { .string($0.rawValue) }),
            ],
        ]
        return message.encoded()
    }
}

/// A client's answer to an authentication, untrusted: `AuthenticationResponseJSON` (WebAuthn Level 3 §5.1.8).
public struct AuthenticationResponse: Sendable, Hashable {
    /// The identifier of the credential that signed.
    public let credentialID: CredentialID
    /// The client data, as it was hashed.
    public let clientDataJSON: [UInt8]
    /// The authenticator data, as it was signed.
    public let authenticatorData: [UInt8]
    /// The assertion's signature.
    public let signature: [UInt8]
    /// The user handle that a discoverable credential gives back. Some clients send an empty one for none.
    public let userHandle: UserHandle?

    /// An answer from its parts.
    public init(
        credentialID: CredentialID, clientDataJSON: [UInt8], authenticatorData: [UInt8],
        signature: [UInt8], userHandle: UserHandle?
    ) {
        self.credentialID = credentialID
        self.clientDataJSON = clientDataJSON
        self.authenticatorData = authenticatorData
        self.signature = signature
        self.userHandle = userHandle
    }

    /// Decodes the JSON that `PublicKeyCredential.toJSON()` makes.
    public init(decoding json: [UInt8]) throws(MalformedWebAuthn) {
        let message = try CredentialMessage(decoding: json)
        credentialID = message.credentialID
        clientDataJSON = try message.responseBytes("clientDataJSON")
        authenticatorData = try message.responseBytes("authenticatorData")
        signature = try message.responseBytes("signature")
        switch message.response["userHandle"] {
        case nil, .null: userHandle = nil
        default:
            let bytes = try message.responseBytes("userHandle")
            userHandle = bytes.isEmpty ? nil : try UserHandle(bytes: bytes)
        }
    }

    /// The JSON form.
    public func encoded() -> String {
        var response: [String: JSON] = [
            "clientDataJSON": .string(Base64URL.encode(clientDataJSON)),
            "authenticatorData": .string(Base64URL.encode(authenticatorData)),
            "signature": .string(Base64URL.encode(signature)),
        ]
        if let userHandle { response["userHandle"] = .string(userHandle.text) }
        let message: JSON = [
            "id": .string(credentialID.text),
            "rawId": .string(credentialID.text),
            "type": "public-key",
            "clientExtensionResults": [:],
            "response": .object(response),
        ]
        return message.encoded()
    }
}

/// What both answers share.
private struct CredentialMessage {
    let credentialID: CredentialID
    let response: JSON

    init(decoding json: [UInt8]) throws(MalformedWebAuthn) {
        let message: JSON
        do throws(MalformedEncoding) {
            message = try JSON.decode(json)
        } catch {
            throw .messageEncoding(error)
        }
        guard message["type"]?.stringValue == "public-key" else { throw .messageMember("type") }
        guard let identifier = message["id"]?.stringValue else { throw .messageMember("id") }
        if let raw = message["rawId"], raw != .string(identifier) { throw .messageMember("rawId") }
        guard let response = message["response"], response.objectValue != nil else {
            throw .messageMember("response")
        }
        credentialID = try CredentialID(text: identifier)
        self.response = response
    }

    func responseBytes(_ member: String) throws(MalformedWebAuthn) -> [UInt8] {
        guard let text = response[member]?.stringValue else { throw .messageMember(member) }
        do throws(MalformedEncoding) {
            return try Base64URL.decode(text)
        } catch {
            throw .messageMember(member)
        }
    }
}
