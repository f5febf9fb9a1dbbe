public import Encoding

/// The input of the extension hmac-secret at an assertion (CTAP 2.1 §12.5).
public struct HMACSecretInput: Hashable, Sendable {
    /// The client's public key.
    public let keyAgreement: KeyAgreementKey
    /// One or two salts of 32 bytes, encrypted.
    public let encryptedSalts: [UInt8]
    /// The client's code over the encrypted salts.
    public let authentication: [UInt8]
    /// The PIN/UV auth protocol; one where the client names none.
    public let protocolNumber: PINUVAuthProtocolNumber

    /// An input from its parts.
    public init(
        keyAgreement: KeyAgreementKey, encryptedSalts: [UInt8], authentication: [UInt8],
        protocolNumber: PINUVAuthProtocolNumber
    ) {
        self.keyAgreement = keyAgreement
        self.encryptedSalts = encryptedSalts
        self.authentication = authentication
        self.protocolNumber = protocolNumber
    }

    /// Decodes the map on the wire.
    public init(_ value: CBOR) throws(MalformedMessage) {
        let parameters = try Parameters(value, path: "hmac-secret")
        keyAgreement = try KeyAgreementKey(parameters.requiredNested(0x01))
        encryptedSalts = try parameters.required(0x02, \.bytesValue)
        authentication = try parameters.required(0x03, \.bytesValue)
        protocolNumber = PINUVAuthProtocolNumber(
            rawValue: try parameters.optional(0x04, \.intValue) ?? 1)
    }

    /// The map on the wire.
    public var cbor: CBOR {
        .map(present: [
            0x01: keyAgreement.cbor,
            0x02: .bytes(encryptedSalts),
            0x03: .bytes(authentication),
            // Protocol one is the default, and clients of CTAP 2.0 do not know the member.
            0x04: protocolNumber == .one ? nil : CBOR(protocolNumber.rawValue),
        ])
    }
}
