public import Addresses
public import Cryptography

/// Why a push was not made, not opened or not delivered.
public enum PushFailure: Error, Hashable, Sendable {
    // What was given.

    /// The text is no endpoint; says which part of it is wrong.
    case invalidEndpoint(PushEndpoint.Flaw)
    /// A subscription's key is not a point on P-256 in uncompressed form.
    case invalidPublicKey
    /// A subscription's authentication secret has not 16 bytes.
    case invalidAuthenticationSecret(byteCount: Int)
    /// The sender's address is neither `mailto:` nor `https:`, or does not fit into a header.
    case invalidSubject
    /// A topic has not 1 to 32 characters of the URL-safe alphabet of base64.
    case invalidTopic
    /// The text is no entry of an endpoint rule.
    case invalidRule(entry: String)
    /// A pin has not 32 bytes.
    case invalidPin(byteCount: Int)
    /// TLS cannot be set up with these roots.
    case invalidRoots(reason: String)
    /// A header cannot be sent.
    case invalidRequest

    // Sealed messages (RFC 8291) and authorisations (RFC 8292).

    /// The message is longer than one of Web Push may be.
    case messageTooLong(byteCount: Int)
    /// The message has not the form of one record of `aes128gcm`.
    case malformedMessage
    /// The message was not sealed for this key and secret, or was changed since.
    case messageNotAuthentic
    /// The header has not the form of a VAPID authorisation by ES256.
    case malformedAuthorization
    /// The authorisation has expired, or holds for more than a day; in seconds since 1970.
    case authorizationNotInTime(expiresAt: Int64)
    /// The authorisation is for another origin.
    case wrongAudience(String)
    /// The authorisation was not signed with the key that it names.
    case invalidSignature
    /// A key could not be used.
    case cryptography(CryptographyError)

    // Delivery.

    /// The rule lets nobody go to this host at this port.
    case hostNotAllowed(origin: String)
    /// The rule lets nobody go to an address that the host has.
    case addressNotAllowed(IPAddress)
    /// Without TLS there is only this machine, and the host has another address.
    case plaintextNotAllowed(IPAddress)
    /// The host has no address, or nobody could tell it.
    case unresolved(host: String)
    /// So much is under way and waiting that this is turned away.
    case busy
    /// Nobody answers at the address. Nothing of the request was sent.
    case cannotConnect(reason: String)
    /// The server's certificate is not trusted, not for the host, or has not the key that is pinned. Nothing of the
    /// request was sent.
    case untrustedServer(reason: String)
    /// TLS failed otherwise.
    case secureChannelFailed(reason: String)
    /// The connection ended before the response did.
    case connectionClosed
    /// What came is no response of HTTP/1.
    case malformedResponse(reason: String)
    /// The response is longer than was allowed.
    case responseTooLong
    /// The time was over.
    case timedOut
    /// The task was cancelled.
    case cancelled

    /// A stable name for logs and replies.
    public var code: String {
        switch self {
        case .invalidEndpoint: "invalid-endpoint"
        case .invalidPublicKey: "invalid-public-key"
        case .invalidAuthenticationSecret: "invalid-authentication-secret"
        case .invalidSubject: "invalid-subject"
        case .invalidTopic: "invalid-topic"
        case .invalidRule: "invalid-rule"
        case .invalidPin: "invalid-pin"
        case .invalidRoots: "invalid-roots"
        case .invalidRequest: "invalid-request"
        case .messageTooLong: "message-too-long"
        case .malformedMessage: "malformed-message"
        case .messageNotAuthentic: "message-not-authentic"
        case .malformedAuthorization: "malformed-authorization"
        case .authorizationNotInTime: "authorization-not-in-time"
        case .wrongAudience: "wrong-audience"
        case .invalidSignature: "invalid-signature"
        case .cryptography: "cryptography"
        case .hostNotAllowed: "host-not-allowed"
        case .addressNotAllowed: "address-not-allowed"
        case .plaintextNotAllowed: "plaintext-not-allowed"
        case .unresolved: "unresolved"
        case .busy: "busy"
        case .cannotConnect: "cannot-connect"
        case .untrustedServer: "untrusted-server"
        case .secureChannelFailed: "secure-channel-failed"
        case .connectionClosed: "connection-closed"
        case .malformedResponse: "malformed-response"
        case .responseTooLong: "response-too-long"
        case .timedOut: "timed-out"
        case .cancelled: "cancelled"
        }
    }
}
