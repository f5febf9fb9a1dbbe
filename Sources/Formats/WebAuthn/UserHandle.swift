import Encoding

/// A relying party's name for a user account, which the authenticator keeps and gives back: 1 to 64 bytes that say
/// nothing about the person (WebAuthn Level 3 §14.6.1).
public struct UserHandle: Sendable, Hashable {
    /// The handle as it is on the wire.
    public let bytes: [UInt8]

    /// Takes 1 to 64 bytes.
    public init(bytes: [UInt8]) throws(MalformedWebAuthn) {
        guard (1...64).contains(bytes.count) else { throw .identifierLength(bytes.count) }
        self.bytes = bytes
    }

    /// The handle in base64url.
    public var text: String { Base64URL.encode(bytes) }
}
