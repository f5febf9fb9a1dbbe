internal import Encoding

/// The parameters of authenticatorCredentialManagement (CTAP 2.1 §6.8).
public struct CredentialManagementRequest: Hashable, Sendable {
    /// What is asked for, one case a subcommand.
    public enum Operation: Hashable, Sendable {
        /// getCredsMetadata.
        case getMetadata
        /// enumerateRPsBegin.
        case enumerateRelyingPartiesBegin
        /// enumerateRPsGetNextRP.
        case enumerateRelyingPartiesNext
        /// enumerateCredentialsBegin, for the relying party with this SHA-256 of its identifier.
        case enumerateCredentialsBegin(rpIDHash: [UInt8])
        /// enumerateCredentialsGetNextCredential.
        case enumerateCredentialsNext
        /// deleteCredential.
        case delete(CredentialDescriptor)
        /// updateUserInformation.
        case updateUser(CredentialDescriptor, UserEntity)
    }

    /// What is asked for.
    public let operation: Operation
    /// Proof of a PIN/UV auth token; the continuations of an enumeration need none.
    public let authorization: PINUVAuthorization
    /// What the authorization's code is over: the subcommand and its parameters as they are on the wire.
    public let authenticatedMessage: [UInt8]

    /// A request from its parts.
    public init(operation: Operation, authorization: PINUVAuthorization) {
        self.operation = operation
        self.authorization = authorization
        authenticatedMessage = Self.authenticatedMessage(for: operation)
    }

    /// What the authorization's code for an operation is over.
    public static func authenticatedMessage(for operation: Operation) -> [UInt8] {
        [operation.subcommand] + (operation.parameters?.encoded() ?? [])
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        let subcommand = try parameters.required(0x01, \.byteValue)
        let inner = try parameters.nested(0x02)
        operation = try Operation(subcommand: subcommand, parameters: inner)
        authorization = try PINUVAuthorization(
            parameters, protocolKey: 0x03, parameterKey: 0x04)
        let message = inner.map { CBOR.map($0.entries).encoded() } ?? []
        authenticatedMessage = [subcommand] + message
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

extension CredentialManagementRequest.Operation {
    init(subcommand: UInt8, parameters: Parameters?) throws(MalformedMessage) {
        switch subcommand {
        case 0x01: self = .getMetadata
        case 0x02: self = .enumerateRelyingPartiesBegin
        case 0x03: self = .enumerateRelyingPartiesNext
        case 0x04:
            self = .enumerateCredentialsBegin(
                rpIDHash: try Self.present(parameters).required(0x01, length: 32))
        case 0x05: self = .enumerateCredentialsNext
        case 0x06: self = .delete(try Self.descriptor(Self.present(parameters)))
        case 0x07:
            let parameters = try Self.present(parameters)
            self = .updateUser(
                try Self.descriptor(parameters),
                try UserEntity(parameters.requiredNested(0x03)))
        default: throw .unknownSubcommand(subcommand)
        }
    }

    private static func present(_ parameters: Parameters?) throws(MalformedMessage) -> Parameters {
        guard let parameters else { throw .missingParameter("2") }
        return parameters
    }

    private static func descriptor(
        _ parameters: Parameters
    ) throws(MalformedMessage) -> CredentialDescriptor {
        try CredentialDescriptor(parameters.requiredNested(0x02))
    }

    var subcommand: UInt8 {
        switch self {
        case .getMetadata: 0x01
        case .enumerateRelyingPartiesBegin: 0x02
        case .enumerateRelyingPartiesNext: 0x03
        case .enumerateCredentialsBegin: 0x04
        case .enumerateCredentialsNext: 0x05
        case .delete: 0x06
        case .updateUser: 0x07
        }
    }

    var parameters: CBOR? {
        switch self {
        case .enumerateCredentialsBegin(let rpIDHash): [0x01: .bytes(rpIDHash)]
        case .delete(let credential): [0x02: credential.cbor]
        case .updateUser(let credential, let user): [0x02: credential.cbor, 0x03: user.cbor]
        case .getMetadata, .enumerateRelyingPartiesBegin, .enumerateRelyingPartiesNext,
            .enumerateCredentialsNext:
            nil
        }
    }
}
