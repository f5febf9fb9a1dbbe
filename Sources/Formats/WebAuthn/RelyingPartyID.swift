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
