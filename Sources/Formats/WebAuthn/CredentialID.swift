import Encoding

/// A credential's identifier, chosen by its authenticator: 1 to 1 023 bytes (WebAuthn Level 3 §4, §7.1 step 25).
public struct CredentialID: Sendable, Hashable {
    /// The identifier as it is on the wire.
    public let bytes: [UInt8]

    /// Takes 1 to 1 023 bytes.
    public init(bytes: [UInt8]) throws(MalformedWebAuthn) {
        guard (1...1023).contains(bytes.count) else { throw .identifierLength(bytes.count) }
        self.bytes = bytes
    }

    /// Decodes base64url.
    public init(text: some StringProtocol) throws(MalformedWebAuthn) {
        let bytes: [UInt8]
        do throws(MalformedEncoding) {
            bytes = try Base64URL.decode(text)
        } catch {
            throw .messageMember("id")
        }
        try self.init(bytes: bytes)
    }

    /// The identifier in base64url.
    public var text: String { Base64URL.encode(bytes) }
}
