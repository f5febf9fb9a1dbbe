public import Encoding

/// The response to authenticatorGetInfo (CTAP 2.1 §6.4): what an authenticator says of itself.
public struct GetInfoResponse: Hashable, Sendable {
    /// The protocol versions: `FIDO_2_1`, `FIDO_2_0`, `U2F_V2`.
    public var versions: [String]
    /// The extensions by their identifiers.
    public var extensions: [String]?
    /// The model: 16 bytes.
    public var aaguid: [UInt8]
    /// What the authenticator can do and is set to, such as `rk`, `uv`, `clientPin`.
    public var options: [String: Bool]
    /// How long a request may be.
    public var maximumMessageSize: Int?
    /// The PIN/UV auth protocols, the preferred one first.
    public var pinUVAuthProtocols: [Int]?
    /// How many credentials a list may have.
    public var maximumCredentialCountInList: Int?
    /// How long a credential ID may be.
    public var maximumCredentialIDLength: Int?
    /// How a client reaches the authenticator.
    public var transports: [String]?
    /// The algorithms for credentials, the preferred one first.
    public var algorithms: [CredentialParameters]?
    /// How long the large-blob array may be.
    public var maximumLargeBlobArrayLength: Int?
    /// Whether the PIN must be changed before it opens anything.
    public var forcePINChange: Bool?
    /// The least number of code points in a PIN.
    public var minimumPINLength: Int?
    /// The firmware's version as its maker counts.
    public var firmwareVersion: Int?
    /// How many relying parties may be told the minimum PIN length.
    public var maximumRPIDsForMinimumPINLength: Int?
    /// How often a client should ask for built-in user verification before it turns to the PIN.
    public var preferredPlatformUVAttempts: Int?
    /// How built-in user verification works, as bits of the FIDO registry; 0x02 is a fingerprint.
    public var userVerificationModality: Int?
    /// How many more discoverable credentials there is room for, at least.
    public var remainingDiscoverableCredentials: Int?

    /// What every response has.
    public init(versions: [String], aaguid: [UInt8], options: [String: Bool]) {
        self.versions = versions
        self.aaguid = aaguid
        self.options = options
    }

    /// Decodes the map that follows the status.
    public init(decoding bytes: [UInt8]) throws(MalformedMessage) {
        let parameters = try Parameters(decoding: bytes)
        versions = try parameters.required(0x01, \.textArrayValue)
        extensions = try parameters.optional(0x02, \.textArrayValue)
        aaguid = try parameters.required(0x03, length: 16)
        options = try parameters.optional(0x04, \.optionsValue) ?? [:]
        maximumMessageSize = try parameters.optional(0x05, \.intValue)
        pinUVAuthProtocols = try parameters.optional(0x06, \.intArrayValue)
        maximumCredentialCountInList = try parameters.optional(0x07, \.intValue)
        maximumCredentialIDLength = try parameters.optional(0x08, \.intValue)
        transports = try parameters.optional(0x09, \.textArrayValue)
        if let items = try parameters.nestedArray(0x0A) {
            var decoded: [CredentialParameters] = []
            for item in items { decoded.append(try CredentialParameters(item)) }
            algorithms = decoded
        }
        maximumLargeBlobArrayLength = try parameters.optional(0x0B, \.intValue)
        forcePINChange = try parameters.optional(0x0C, \.boolValue)
        minimumPINLength = try parameters.optional(0x0D, \.intValue)
        firmwareVersion = try parameters.optional(0x0E, \.intValue)
        maximumRPIDsForMinimumPINLength = try parameters.optional(0x10, \.intValue)
        preferredPlatformUVAttempts = try parameters.optional(0x11, \.intValue)
        userVerificationModality = try parameters.optional(0x12, \.intValue)
        remainingDiscoverableCredentials = try parameters.optional(0x14, \.intValue)
    }

    /// The map that follows the status.
    public var cbor: CBOR {
        .map(present: [
            0x01: .array(versions.map(CBOR.text)),
            0x02: extensions.map { .array($0.map(CBOR.text)) },
            0x03: .bytes(aaguid),
            0x04: CBOR.options(options),
            0x05: maximumMessageSize.map { CBOR($0) },
            0x06: pinUVAuthProtocols.map { .array($0.map { CBOR($0) }) },
            0x07: maximumCredentialCountInList.map { CBOR($0) },
            0x08: maximumCredentialIDLength.map { CBOR($0) },
            0x09: transports.map { .array($0.map(CBOR.text)) },
            0x0A: algorithms.map { .array($0.map(\.cbor)) },
            0x0B: maximumLargeBlobArrayLength.map { CBOR($0) },
            0x0C: forcePINChange.map(CBOR.bool),
            0x0D: minimumPINLength.map { CBOR($0) },
            0x0E: firmwareVersion.map { CBOR($0) },
            0x10: maximumRPIDsForMinimumPINLength.map { CBOR($0) },
            0x11: preferredPlatformUVAttempts.map { CBOR($0) },
            0x12: userVerificationModality.map { CBOR($0) },
            0x14: remainingDiscoverableCredentials.map { CBOR($0) },
        ])
    }
}
