public import Encoding

/// The response to authenticatorClientPIN (CTAP 2.1 §6.5.5); which members it has depends on the subcommand.
public struct ClientPINResponse: Hashable, Sendable {
    /// The authenticator's public key.
    public let keyAgreement: KeyAgreementKey?
    /// The PIN/UV auth token, encrypted.
    public let encryptedToken: [UInt8]?
    /// How many wrong PINs are left.
    public let pinRetries: Int?
    /// Whether a power cycle must come before the next PIN.
    public let needsPowerCycle: Bool?
    /// How many failed user verifications are left.
    public let uvRetries: Int?

    /// A response from its parts.
    public init(
        keyAgreement: KeyAgreementKey? = nil, encryptedToken: [UInt8]? = nil,
        pinRetries: Int? = nil, needsPowerCycle: Bool? = nil, uvRetries: Int? = nil
    ) {
        self.keyAgreement = keyAgreement
        self.encryptedToken = encryptedToken
        self.pinRetries = pinRetries
        self.needsPowerCycle = needsPowerCycle
        self.uvRetries = uvRetries
    }

    /// Decodes the map that follows the status.
    public init(decoding bytes: [UInt8]) throws(MalformedMessage) {
        let parameters = try Parameters(decoding: bytes)
        if let key = try parameters.nested(0x01) {
            keyAgreement = try KeyAgreementKey(key)
        } else {
            keyAgreement = nil
        }
        encryptedToken = try parameters.optional(0x02, \.bytesValue)
        pinRetries = try parameters.optional(0x03, \.intValue)
        needsPowerCycle = try parameters.optional(0x04, \.boolValue)
        uvRetries = try parameters.optional(0x05, \.intValue)
    }

    /// The map that follows the status.
    public var cbor: CBOR {
        .map(present: [
            0x01: keyAgreement?.cbor,
            0x02: encryptedToken.map(CBOR.bytes),
            0x03: pinRetries.map { CBOR($0) },
            0x04: needsPowerCycle.map(CBOR.bool),
            0x05: uvRetries.map { CBOR($0) },
        ])
    }
}
