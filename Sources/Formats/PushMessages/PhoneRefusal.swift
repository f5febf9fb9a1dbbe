/// Why a server does not do what a phone asks. The raw value is the code on the wire.
///
/// What a decision about a prompt comes to is not among these: a ``DecisionReply`` says that.
public enum PhoneRefusal: String, Error, Sendable, Hashable, CaseIterable {
    /// The body is not what this request has.
    case malformed = "malformed-request"
    /// The enrolment ticket is none of this server's, or its user is gone.
    case unknownTicket = "ticket-unknown"
    /// The enrolment ticket's time is over.
    case ticketExpired = "ticket-expired"
    /// The enrolment ticket has been used.
    case ticketSpent = "ticket-spent"
    /// Policy wants the key guarded better than the phone says it is.
    case guardTooWeak = "key-guard-too-weak"
    /// The key is registered already, to this user or another.
    case keyRegistered = "key-registered"
    /// The user has as many phones as policy allows.
    case tooManyPhones = "too-many-phones"
    /// The server may not call this endpoint.
    case endpointRefused = "endpoint-refused"
    /// No phone of this identifier is enrolled, or not any more.
    case unknownPhone = "phone-unknown"
    /// The signature does not verify, or the key is no point of the curve.
    case invalidSignature = "invalid-signature"
    /// The message's time is more than two minutes from the server's, which the error reply tells.
    case wrongTime = "wrong-time"
    /// The message's time is not later than that of the message before.
    case replayed = "replayed"
    /// Too much waits already.
    case busy = "busy"
    /// The server cannot write or read at the moment.
    case unavailable = "unavailable"

    /// The HTTP status of the reply.
    public var status: Int {
        switch self {
        case .malformed: 400
        case .unknownTicket, .unknownPhone: 404
        case .guardTooWeak, .endpointRefused, .invalidSignature, .wrongTime: 403
        case .keyRegistered, .tooManyPhones, .replayed: 409
        case .ticketExpired, .ticketSpent: 410
        case .busy, .unavailable: 503
        }
    }
}
