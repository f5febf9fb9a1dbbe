/// The name that front ends know a user by: 1 to 128 bytes of UTF-8 without control characters, compared byte by byte.
public struct UserName: Sendable, Hashable {
    /// The name.
    public let text: String

    /// Takes a name, or nothing where it is not one.
    public init?(_ text: String) {
        let hasControl = text.unicodeScalars.contains { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        }
        guard (1...128).contains(text.utf8.count), !hasControl else { return nil }
        self.text = text
    }

    /// Whether two names are the same bytes; names that Unicode holds for equivalent are different users.
    public static func == (left: UserName, right: UserName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
