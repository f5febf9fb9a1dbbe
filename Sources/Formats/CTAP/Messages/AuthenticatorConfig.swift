internal import Encoding

/// The parameters of authenticatorConfig (CTAP 2.1 §6.11).
public struct AuthenticatorConfigRequest: Hashable, Sendable {
    /// What is asked for, one case a subcommand.
    public enum Operation: Hashable, Sendable {
        /// enableEnterpriseAttestation.
        case enableEnterpriseAttestation
        /// toggleAlwaysUv.
        case toggleAlwaysUv
        /// setMinPINLength: a new minimum, the relying parties that may learn it, and whether the PIN must be
        /// changed.
        case setMinimumPINLength(
            length: Int?, relyingPartyIDs: [String]?, forceChange: Bool?)
    }

    /// What is asked for.
    public let operation: Operation
    /// Proof of a PIN/UV auth token.
    public let authorization: PINUVAuthorization
    /// What the authorization's code is over: 32 bytes of 0xFF, the command, the subcommand and its parameters as
    /// they are on the wire.
    public let authenticatedMessage: [UInt8]

    /// A request from its parts.
    public init(operation: Operation, authorization: PINUVAuthorization) {
        self.operation = operation
        self.authorization = authorization
        authenticatedMessage = Self.authenticatedMessage(for: operation)
    }

    /// What the authorization's code for an operation is over.
    public static func authenticatedMessage(for operation: Operation) -> [UInt8] {
        message(operation.subcommand, operation.parameters?.encoded() ?? [])
    }

    private static func message(_ subcommand: UInt8, _ parameters: [UInt8]) -> [UInt8] {
        [UInt8](repeating: 0xFF, count: 32) + [CTAPCommand.config.rawValue, subcommand]
            + parameters
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        let subcommand = try parameters.required(0x01, \.byteValue)
        let inner = try parameters.nested(0x02)
        switch subcommand {
        case 0x01: operation = .enableEnterpriseAttestation
        case 0x02: operation = .toggleAlwaysUv
        case 0x03:
            operation = .setMinimumPINLength(
                length: try inner?.optional(0x01, \.intValue),
                relyingPartyIDs: try inner?.optional(0x02, \.textArrayValue),
                forceChange: try inner?.optional(0x03, \.boolValue))
        default: throw .unknownSubcommand(subcommand)
        }
        authorization = try PINUVAuthorization(
            parameters, protocolKey: 0x03, parameterKey: 0x04)
        authenticatedMessage = Self.message(
            subcommand, inner.map { CBOR.map($0.entries).encoded() } ?? [])
    }

    var cbor: CBOR {
        .map(present: [
            0x01: CBOR(Int(operation.subcommand)),
            0x02: operation.parameters,
            0x03: authorization.protocolItem,
            0x04: authorization.parameterItem,
        ])
    }
}

extension AuthenticatorConfigRequest.Operation {
    var subcommand: UInt8 {
        switch self {
        case .enableEnterpriseAttestation: 0x01
        case .toggleAlwaysUv: 0x02
        case .setMinimumPINLength: 0x03
        }
    }

    var parameters: CBOR? {
        guard case .setMinimumPINLength(let length, let relyingPartyIDs, let forceChange) = self
        else { return nil }
        return .map(present: [
            0x01: length.map { CBOR($0) },
            0x02: relyingPartyIDs.map { .array($0.map(CBOR.text)) },
            0x03: forceChange.map(CBOR.bool),
        ])
    }
}
