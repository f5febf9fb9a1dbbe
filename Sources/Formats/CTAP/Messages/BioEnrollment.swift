internal import Encoding

/// The parameters of authenticatorBioEnrollment (CTAP 2.1 §6.7).
public struct BioEnrollmentRequest: Hashable, Sendable {
    /// What is asked for, one case a subcommand; the modality is always fingerprint.
    public enum Operation: Hashable, Sendable {
        /// getModality.
        case getModality
        /// enrollBegin, with the client's time limit for a sample.
        case enrollBegin(timeoutMilliseconds: Int?)
        /// enrollCaptureNextSample of the template that enrollBegin made.
        case enrollCaptureNext(template: [UInt8], timeoutMilliseconds: Int?)
        /// cancelCurrentEnrollment.
        case cancelEnrollment
        /// enumerateEnrollments.
        case enumerate
        /// setFriendlyName.
        case setFriendlyName(template: [UInt8], name: String)
        /// removeEnrollment.
        case remove(template: [UInt8])
        /// getFingerprintSensorInfo.
        case getSensorProperties
    }

    /// What is asked for.
    public let operation: Operation
    /// Proof of a PIN/UV auth token.
    public let authorization: PINUVAuthorization
    /// What the authorization's code is over: modality, subcommand and parameters as they are on the wire.
    public let authenticatedMessage: [UInt8]

    /// The modality fingerprint, the one that there is.
    public static let fingerprint: UInt8 = 0x01

    /// A request from its parts.
    public init(operation: Operation, authorization: PINUVAuthorization) {
        self.operation = operation
        self.authorization = authorization
        authenticatedMessage = Self.authenticatedMessage(for: operation)
    }

    /// What the authorization's code for an operation is over.
    public static func authenticatedMessage(for operation: Operation) -> [UInt8] {
        [Self.fingerprint, operation.subcommand ?? 0] + (operation.parameters?.encoded() ?? [])
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        if try parameters.optional(0x06, \.boolValue) == true {
            self.init(operation: .getModality, authorization: .absent)
            return
        }
        guard try parameters.required(0x01, \.byteValue) == Self.fingerprint else {
            throw .invalidParameter("1")
        }
        let subcommand = try parameters.required(0x02, \.byteValue)
        let inner = try parameters.nested(0x03)
        let message = inner.map { CBOR.map($0.entries).encoded() } ?? []
        self.init(
            operation: try Operation(subcommand: subcommand, parameters: inner),
            authorization: try PINUVAuthorization(
                parameters, protocolKey: 0x04, parameterKey: 0x05),
            authenticatedMessage: [Self.fingerprint, subcommand] + message)
    }

    private init(
        operation: Operation, authorization: PINUVAuthorization, authenticatedMessage: [UInt8]
    ) {
        self.operation = operation
        self.authorization = authorization
        self.authenticatedMessage = authenticatedMessage
    }

    var cbor: CBOR {
        guard let subcommand = operation.subcommand else { return [0x06: true] }
        return .map(present: [
            0x01: CBOR(Int(Self.fingerprint)),
            0x02: CBOR(Int(subcommand)),
            0x03: operation.parameters,
            0x04: authorization.protocolItem,
            0x05: authorization.parameterItem,
        ])
    }
}

extension BioEnrollmentRequest.Operation {
    init(subcommand: UInt8, parameters: Parameters?) throws(MalformedMessage) {
        let timeout = try parameters?.optional(0x03, \.intValue)
        switch subcommand {
        case 0x01: self = .enrollBegin(timeoutMilliseconds: timeout)
        case 0x02:
            self = .enrollCaptureNext(
                template: try Self.template(parameters), timeoutMilliseconds: timeout)
        case 0x03: self = .cancelEnrollment
        case 0x04: self = .enumerate
        case 0x05:
            let template = try Self.template(parameters)
            guard let name = try parameters?.required(0x02, \.textValue) else {
                throw .missingParameter("3.2")
            }
            self = .setFriendlyName(template: template, name: name)
        case 0x06: self = .remove(template: try Self.template(parameters))
        case 0x07: self = .getSensorProperties
        default: throw .unknownSubcommand(subcommand)
        }
    }

    private static func template(_ parameters: Parameters?) throws(MalformedMessage) -> [UInt8] {
        guard let parameters else { throw .missingParameter("3") }
        return try parameters.required(0x01, \.bytesValue)
    }

    /// The number of the subcommand; getModality is none.
    var subcommand: UInt8? {
        switch self {
        case .getModality: nil
        case .enrollBegin: 0x01
        case .enrollCaptureNext: 0x02
        case .cancelEnrollment: 0x03
        case .enumerate: 0x04
        case .setFriendlyName: 0x05
        case .remove: 0x06
        case .getSensorProperties: 0x07
        }
    }

    var parameters: CBOR? {
        switch self {
        case .enrollBegin(let timeout):
            timeout.map { [0x03: CBOR($0)] }
        case .enrollCaptureNext(let template, let timeout):
            .map(present: [0x01: .bytes(template), 0x03: timeout.map { CBOR($0) }])
        case .setFriendlyName(let template, let name): [0x01: .bytes(template), 0x02: .text(name)]
        case .remove(let template): [0x01: .bytes(template)]
        case .getModality, .cancelEnrollment, .enumerate, .getSensorProperties: nil
        }
    }
}
