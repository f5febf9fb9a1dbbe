internal import Encoding

/// A CTAP2 request, one case a command (CTAP 2.1 §6).
public enum CTAPRequest: Hashable, Sendable {
    /// authenticatorMakeCredential.
    case makeCredential(MakeCredentialRequest)
    /// authenticatorGetAssertion.
    case getAssertion(GetAssertionRequest)
    /// authenticatorGetNextAssertion.
    case getNextAssertion
    /// authenticatorGetInfo.
    case getInfo
    /// authenticatorClientPIN.
    case clientPIN(ClientPINRequest)
    /// authenticatorReset.
    case reset
    /// authenticatorBioEnrollment.
    case bioEnrollment(BioEnrollmentRequest)
    /// authenticatorCredentialManagement.
    case credentialManagement(CredentialManagementRequest)
    /// authenticatorSelection.
    case selection
    /// authenticatorLargeBlobs.
    case largeBlobs(LargeBlobsRequest)
    /// authenticatorConfig.
    case config(AuthenticatorConfigRequest)

    /// Decodes the payload of a CTAPHID_CBOR message: the command and the map of its parameters.
    ///
    /// Strict: the map must be canonical and fill the message; parameters must have their types. A command without
    /// parameters takes none. The numbers of the CTAP 2.1 previews mean the same as the final ones.
    public init(decoding message: [UInt8]) throws(MalformedMessage) {
        guard let first = message.first else { throw .empty }
        let command = CTAPCommand(rawValue: first)
        let rest = message.dropFirst()
        switch command {
        case .getInfo, .getNextAssertion, .reset, .selection:
            guard rest.isEmpty else { throw .encoding(.trailingBytes(count: rest.count)) }
        case .makeCredential, .getAssertion, .clientPIN, .bioEnrollment, .bioEnrollmentPreview,
            .credentialManagement, .credentialManagementPreview, .largeBlobs, .config:
            break
        default: throw .unknownCommand(first)
        }
        let parameters = try Parameters(decoding: rest)
        switch command {
        case .makeCredential: self = .makeCredential(try MakeCredentialRequest(parameters))
        case .getAssertion: self = .getAssertion(try GetAssertionRequest(parameters))
        case .clientPIN: self = .clientPIN(try ClientPINRequest(parameters))
        case .bioEnrollment, .bioEnrollmentPreview:
            self = .bioEnrollment(try BioEnrollmentRequest(parameters))
        case .credentialManagement, .credentialManagementPreview:
            self = .credentialManagement(try CredentialManagementRequest(parameters))
        case .largeBlobs: self = .largeBlobs(try LargeBlobsRequest(parameters))
        case .config: self = .config(try AuthenticatorConfigRequest(parameters))
        case .getInfo: self = .getInfo
        case .getNextAssertion: self = .getNextAssertion
        case .reset: self = .reset
        default: self = .selection
        }
    }

    /// The command.
    public var command: CTAPCommand {
        switch self {
        case .makeCredential: .makeCredential
        case .getAssertion: .getAssertion
        case .getNextAssertion: .getNextAssertion
        case .getInfo: .getInfo
        case .clientPIN: .clientPIN
        case .reset: .reset
        case .bioEnrollment: .bioEnrollment
        case .credentialManagement: .credentialManagement
        case .selection: .selection
        case .largeBlobs: .largeBlobs
        case .config: .config
        }
    }

    /// The payload of a CTAPHID_CBOR message.
    public func encoded() -> [UInt8] {
        let parameters: CBOR? =
            switch self {
            case .makeCredential(let request): request.cbor
            case .getAssertion(let request): request.cbor
            case .clientPIN(let request): request.cbor
            case .bioEnrollment(let request): request.cbor
            case .credentialManagement(let request): request.cbor
            case .largeBlobs(let request): request.cbor
            case .config(let request): request.cbor
            case .getNextAssertion, .getInfo, .reset, .selection: nil
            }
        return [command.rawValue] + (parameters?.encoded() ?? [])
    }
}
