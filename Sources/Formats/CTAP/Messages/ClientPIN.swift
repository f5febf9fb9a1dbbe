internal import Encoding

/// The parameters of authenticatorClientPIN, one case a subcommand (CTAP 2.1 §6.5.5).
public enum ClientPINRequest: Hashable, Sendable {
    /// getPINRetries.
    case getPINRetries
    /// getKeyAgreement.
    case getKeyAgreement(PINUVAuthProtocolNumber)
    /// setPIN: the new PIN padded to 64 bytes and encrypted.
    case setPIN(Agreement, authorization: [UInt8], newPINEncrypted: [UInt8])
    /// changePIN: the new PIN as in setPIN, and the hash of the one so far.
    case changePIN(
        Agreement, authorization: [UInt8], newPINEncrypted: [UInt8], pinHashEncrypted: [UInt8])
    /// getPinToken, the one of CTAP 2.0, which asks for no permissions.
    case getPINToken(Agreement, pinHashEncrypted: [UInt8])
    /// getPinUvAuthTokenUsingUvWithPermissions.
    case getTokenUsingUV(Agreement, Grant)
    /// getUVRetries.
    case getUVRetries
    /// getPinUvAuthTokenUsingPinWithPermissions.
    case getTokenUsingPIN(Agreement, pinHashEncrypted: [UInt8], Grant)

    /// With which protocol and key the client encrypts.
    public struct Agreement: Hashable, Sendable {
        /// The PIN/UV auth protocol.
        public let protocolNumber: PINUVAuthProtocolNumber
        /// The client's public key.
        public let key: KeyAgreementKey

        /// An agreement from its parts.
        public init(protocolNumber: PINUVAuthProtocolNumber, key: KeyAgreementKey) {
            self.protocolNumber = protocolNumber
            self.key = key
        }
    }

    /// What a token is asked for.
    public struct Grant: Hashable, Sendable {
        /// The permissions.
        public let permissions: TokenPermissions
        /// The one relying party that the token is for.
        public let relyingPartyID: String?

        /// A grant from its parts.
        public init(permissions: TokenPermissions, relyingPartyID: String?) {
            self.permissions = permissions
            self.relyingPartyID = relyingPartyID
        }
    }

    private enum Key {
        static let protocolNumber: CBOR = 0x01
        static let subcommand: CBOR = 0x02
        static let keyAgreement: CBOR = 0x03
        static let authorization: CBOR = 0x04
        static let newPINEncrypted: CBOR = 0x05
        static let pinHashEncrypted: CBOR = 0x06
        static let permissions: CBOR = 0x09
        static let relyingPartyID: CBOR = 0x0A
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        switch try parameters.required(Key.subcommand, \.byteValue) {
        case 0x01: self = .getPINRetries
        case 0x02: self = .getKeyAgreement(try Self.protocolNumber(parameters))
        case 0x03:
            self = .setPIN(
                try Self.agreement(parameters),
                authorization: try parameters.required(Key.authorization, \.bytesValue),
                newPINEncrypted: try parameters.required(Key.newPINEncrypted, \.bytesValue))
        case 0x04:
            self = .changePIN(
                try Self.agreement(parameters),
                authorization: try parameters.required(Key.authorization, \.bytesValue),
                newPINEncrypted: try parameters.required(Key.newPINEncrypted, \.bytesValue),
                pinHashEncrypted: try parameters.required(Key.pinHashEncrypted, \.bytesValue))
        case 0x05:
            self = .getPINToken(
                try Self.agreement(parameters),
                pinHashEncrypted: try parameters.required(Key.pinHashEncrypted, \.bytesValue))
        case 0x06:
            self = .getTokenUsingUV(try Self.agreement(parameters), try Self.grant(parameters))
        case 0x07: self = .getUVRetries
        case 0x09:
            self = .getTokenUsingPIN(
                try Self.agreement(parameters),
                pinHashEncrypted: try parameters.required(Key.pinHashEncrypted, \.bytesValue),
                try Self.grant(parameters))
        case let other: throw .unknownSubcommand(other)
        }
    }

    private static func protocolNumber(
        _ parameters: Parameters
    ) throws(MalformedMessage) -> PINUVAuthProtocolNumber {
        PINUVAuthProtocolNumber(
            rawValue: try parameters.required(Key.protocolNumber, \.intValue))
    }

    private static func agreement(_ parameters: Parameters) throws(MalformedMessage) -> Agreement {
        Agreement(
            protocolNumber: try protocolNumber(parameters),
            key: try KeyAgreementKey(parameters.requiredNested(Key.keyAgreement)))
    }

    private static func grant(_ parameters: Parameters) throws(MalformedMessage) -> Grant {
        Grant(
            permissions: TokenPermissions(
                rawValue: try parameters.required(Key.permissions, \.byteValue)),
            relyingPartyID: try parameters.optional(Key.relyingPartyID, \.textValue))
    }

    var cbor: CBOR {
        switch self {
        case .getPINRetries: [Key.subcommand: 0x01]
        case .getKeyAgreement(let number):
            [Key.protocolNumber: CBOR(number.rawValue), Key.subcommand: 0x02]
        case .setPIN(let agreement, let authorization, let newPINEncrypted):
            Self.map(
                0x03, agreement, authorization: authorization, newPINEncrypted: newPINEncrypted)
        case .changePIN(
            let agreement, let authorization, let newPINEncrypted, let pinHashEncrypted):
            Self.map(
                0x04, agreement, authorization: authorization, newPINEncrypted: newPINEncrypted,
                pinHashEncrypted: pinHashEncrypted)
        case .getPINToken(let agreement, let pinHashEncrypted):
            Self.map(0x05, agreement, pinHashEncrypted: pinHashEncrypted)
        case .getTokenUsingUV(let agreement, let grant):
            Self.map(0x06, agreement, grant: grant)
        case .getUVRetries: [Key.subcommand: 0x07]
        case .getTokenUsingPIN(let agreement, let pinHashEncrypted, let grant):
            Self.map(0x09, agreement, pinHashEncrypted: pinHashEncrypted, grant: grant)
        }
    }

    private static func map(
        _ subcommand: CBOR, _ agreement: Agreement, authorization: [UInt8]? = nil,
        newPINEncrypted: [UInt8]? = nil, pinHashEncrypted: [UInt8]? = nil, grant: Grant? = nil
    ) -> CBOR {
        .map(present: [
            Key.protocolNumber: CBOR(agreement.protocolNumber.rawValue),
            Key.subcommand: subcommand,
            Key.keyAgreement: agreement.key.cbor,
            Key.authorization: authorization.map(CBOR.bytes),
            Key.newPINEncrypted: newPINEncrypted.map(CBOR.bytes),
            Key.pinHashEncrypted: pinHashEncrypted.map(CBOR.bytes),
            Key.permissions: grant.map { CBOR(Int($0.permissions.rawValue)) },
            Key.relyingPartyID: grant?.relyingPartyID.map(CBOR.text),
        ])
    }
}
