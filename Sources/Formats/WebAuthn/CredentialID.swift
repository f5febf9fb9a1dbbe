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

/// A relying party's identifier: a domain, in lower case, such as `example.org` (WebAuthn Level 3 §4).
public struct RelyingPartyID: Sendable, Hashable {
    /// The domain.
    public let text: String

    /// Takes a domain of letters, digits, hyphens and dots, 253 characters at most, no label empty or over 63.
    public init(_ text: String) throws(MalformedWebAuthn) {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isDomain = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { byte in
                    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
                }
        }
        guard text.utf8.count <= 253, isDomain else { throw .relyingPartyID }
        self.text = text
    }
}
