internal import Encoding

/// The number of a PIN/UV auth protocol (CTAP 2.1 §6.5.6, §6.5.7). Unknown values are kept.
public struct PINUVAuthProtocolNumber: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: Int

    /// The protocol with this number.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Protocol one.
    public static let one = PINUVAuthProtocolNumber(rawValue: 1)
    /// Protocol two.
    public static let two = PINUVAuthProtocolNumber(rawValue: 2)
}

/// What shows that a request comes from a client that has a PIN/UV auth token (pinUvAuthProtocol and
/// pinUvAuthParam). Either may be missing; what that means is for the command to say.
public struct PINUVAuthorization: Hashable, Sendable {
    /// Which protocol made the parameter.
    public let protocolNumber: PINUVAuthProtocolNumber?
    /// The authentication code; of no length where a client only asks which authenticator the person means.
    public let parameter: [UInt8]?

    /// Neither.
    public static let absent = PINUVAuthorization(protocolNumber: nil, parameter: nil)

    /// Authorization from its parts.
    public init(protocolNumber: PINUVAuthProtocolNumber?, parameter: [UInt8]?) {
        self.protocolNumber = protocolNumber
        self.parameter = parameter
    }

    init(
        _ parameters: Parameters, protocolKey: CBOR, parameterKey: CBOR
    ) throws(MalformedMessage) {
        protocolNumber = try parameters.optional(protocolKey, \.intValue)
            .map(PINUVAuthProtocolNumber.init(rawValue:))
        parameter = try parameters.optional(parameterKey, \.bytesValue)
    }

    var protocolItem: CBOR? { protocolNumber.map { CBOR($0.rawValue) } }
    var parameterItem: CBOR? { parameter.map(CBOR.bytes) }
}

/// What a PIN/UV auth token may be used for (CTAP 2.1 §6.5.5.7). Unknown bits are kept.
public struct TokenPermissions: OptionSet, Hashable, Sendable {
    /// The bits on the wire.
    public let rawValue: UInt8

    /// The permissions with these bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// mc: makeCredential for one relying party.
    public static let makeCredential = TokenPermissions(rawValue: 0x01)
    /// ga: getAssertion for one relying party.
    public static let getAssertion = TokenPermissions(rawValue: 0x02)
    /// cm: credential management.
    public static let credentialManagement = TokenPermissions(rawValue: 0x04)
    /// be: fingerprint enrolment.
    public static let bioEnrollment = TokenPermissions(rawValue: 0x08)
    /// lbw: writing large blobs.
    public static let largeBlobWrite = TokenPermissions(rawValue: 0x10)
    /// acfg: configuration of the authenticator.
    public static let authenticatorConfiguration = TokenPermissions(rawValue: 0x20)
}

/// A public key for the agreement between client and authenticator: a COSE_Key on P-256 with the algorithm
/// ECDH-ES+HKDF-256 (CTAP 2.1 §6.5.6). Not checked to be on the curve.
public struct KeyAgreementKey: Hashable, Sendable {
    /// The abscissa: 32 bytes.
    public let x: [UInt8]
    /// The ordinate: 32 bytes.
    public let y: [UInt8]

    /// A key with these coordinates, 32 bytes each.
    public init(x: [UInt8], y: [UInt8]) {
        self.x = x
        self.y = y
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        guard
            try parameters.required(1, \.intValue) == 2,
            try parameters.required(3, \.intValue) == -25,
            try parameters.required(-1, \.intValue) == 1
        else { throw .invalidParameter(parameters.name(of: 3)) }
        x = try parameters.required(-2, length: 32)
        y = try parameters.required(-3, length: 32)
    }

    var cbor: CBOR { [1: 2, 3: -25, -1: 1, -2: .bytes(x), -3: .bytes(y)] }
}
