public import Encoding

/// What a registration yields: authenticator data and a statement about the authenticator (WebAuthn Level 3 §6.5.4).
public struct AttestationObject: Sendable, Hashable {
    /// The statement, by its format.
    public let statement: AttestationStatement
    /// The authenticator data, as it was signed.
    public let authenticatorDataBytes: [UInt8]
    /// The authenticator data, decoded.
    public let authenticatorData: AuthenticatorData

    /// Wraps authenticator data and a statement.
    public init(
        statement: AttestationStatement, authenticatorData: AuthenticatorData
    ) {
        self.statement = statement
        self.authenticatorData = authenticatorData
        authenticatorDataBytes = authenticatorData.encoded()
    }

    /// Decodes a map of exactly `fmt`, `attStmt` and `authData` that fills `bytes` to the end.
    ///
    /// The three may stand in any order, for it is the client that wraps them and browsers have ordered them as they
    /// liked; what the authenticator made is canonical.
    public init(decoding bytes: [UInt8]) throws(MalformedWebAuthn) {
        let value: CBOR
        do throws(MalformedEncoding) {
            value = try CBOR.decode(bytes, outermostKeys: .any)
        } catch {
            throw .attestationObjectEncoding(error)
        }
        guard
            value.mapValue?.count == 3,
            let format = value["fmt"]?.textValue,
            let statement = value["attStmt"], statement.mapValue != nil,
            let authenticatorDataBytes = value["authData"]?.bytesValue
        else { throw .attestationObject }
        self.statement = try AttestationStatement(format: format, value: statement)
        self.authenticatorDataBytes = authenticatorDataBytes
        authenticatorData = try AuthenticatorData(decoding: authenticatorDataBytes)
    }

    /// The canonical CBOR.
    public func encoded() -> [UInt8] {
        let value: CBOR = [
            "fmt": .text(statement.format),
            "attStmt": statement.cbor,
            "authData": .bytes(authenticatorDataBytes),
        ]
        return value.encoded()
    }
}

/// An attestation statement (WebAuthn Level 3 §8). One case a format that is known here.
public enum AttestationStatement: Sendable, Hashable {
    /// `none` (§8.7): nothing is attested.
    case none
    /// `packed` (§8.2).
    case packed(PackedAttestation)
    /// A format that is not known here, kept as it came.
    case unknown(format: String, statement: CBOR)

    /// The format's registered identifier.
    public var format: String {
        switch self {
        case .none: "none"
        case .packed: "packed"
        case .unknown(let format, _): format
        }
    }

    init(format: String, value: CBOR) throws(MalformedWebAuthn) {
        switch format {
        case "none":
            guard value == [:] else { throw .attestationStatement(format: format) }
            self = .none
        case "packed":
            self = .packed(try PackedAttestation(value))
        default:
            self = .unknown(format: format, statement: value)
        }
    }

    /// The statement itself, `attStmt`.
    public var cbor: CBOR {
        switch self {
        case .none: [:]
        case .packed(let attestation): attestation.cbor
        case .unknown(_, let statement): statement
        }
    }
}

/// A packed attestation statement (WebAuthn Level 3 §8.2).
public struct PackedAttestation: Sendable, Hashable {
    /// The algorithm of the signature.
    public let algorithm: COSEAlgorithm
    /// The signature over authenticator data and the client data's hash.
    public let signature: [UInt8]
    /// The attestation certificate first and its chain behind it, DER each; empty for self attestation.
    public let certificates: [[UInt8]]

    /// A statement from its parts; no certificates make it self attestation.
    public init(algorithm: COSEAlgorithm, signature: [UInt8], certificates: [[UInt8]]) {
        self.algorithm = algorithm
        self.signature = signature
        self.certificates = certificates
    }

    init(_ value: CBOR) throws(MalformedWebAuthn) {
        guard
            let algorithm = value["alg"]?.intValue,
            let signature = value["sig"]?.bytesValue
        else { throw .attestationStatement(format: "packed") }
        self.algorithm = COSEAlgorithm(rawValue: algorithm)
        self.signature = signature
        guard let chain = value["x5c"] else {
            guard value.mapValue?.count == 2 else { throw .attestationStatement(format: "packed") }
            certificates = []
            return
        }
        let encoded = chain.arrayValue?.map(\.bytesValue) ?? []
        certificates = encoded.compactMap(\.self)
        guard
            value.mapValue?.count == 3, !certificates.isEmpty,
            certificates.count == encoded.count
        else { throw .attestationStatement(format: "packed") }
    }

    /// The statement itself, `attStmt`.
    public var cbor: CBOR {
        var members: [CBOR: CBOR] = [
            "alg": CBOR(algorithm.rawValue), "sig": .bytes(signature),
        ]
        if !certificates.isEmpty { members["x5c"] = .array(certificates.map(CBOR.bytes)) }
        return .map(members)
    }
}
