public import Cryptography
import Encoding

/// The name of a key that signs notes: 1 to 255 bytes of UTF-8 without spaces, plus signs and control characters, better
/// yet an address without its scheme (C2SP signed-note).
public struct NoteKeyName: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    public let text: String

    /// Takes a name, or throws ``AuditLogError/badKeyName``.
    public init(_ text: String) throws(AuditLogError) {
        let isName = text.unicodeScalars.allSatisfy { scalar in
            scalar != "+" && !scalar.properties.isWhitespace && !HarmlessText.isHarmful(scalar)
        }
        guard isName, (1...255).contains(text.utf8.count) else { throw .badKeyName }
        self.text = text
    }

    /// The name.
    public var description: String { text }

    /// Whether two names are the same bytes.
    public static func == (left: NoteKeyName, right: NoteKeyName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

/// A key that notes are verified with, for Ed25519.
public struct NoteVerifierKey: Sendable, CustomStringConvertible {
    /// The byte that says Ed25519.
    static let algorithm: UInt8 = 1

    /// The key's name.
    public let name: NoteKeyName
    /// The key's id: the first four bytes of SHA-256 over the name, a line feed, 1, and the key.
    public let identifier: [UInt8]
    /// The key.
    public let publicKey: Ed25519PublicKey

    /// The key of this name.
    public init(name: NoteKeyName, publicKey: Ed25519PublicKey) {
        self.name = name
        self.publicKey = publicKey
        let named = Array(name.text.utf8) + [0x0A, Self.algorithm] + publicKey.rawRepresentation
        identifier = Array(SHA256.hash(named).prefix(4))
    }

    /// Reads what ``description`` gives. Throws ``AuditLogError/malformedVerifierKey``.
    public init(_ text: String) throws(AuditLogError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let name = try? NoteKeyName(String(parts[0])),
            let key = Base64.decode(parts[2]), key.first == Self.algorithm,
            let publicKey = try? Ed25519PublicKey(rawRepresentation: Array(key.dropFirst()))
        else { throw .malformedVerifierKey }
        self.init(name: name, publicKey: publicKey)
        guard description.utf8.elementsEqual(text.utf8) else { throw .malformedVerifierKey }
    }

    /// The key as verifiers are told it: name, id in hexadecimal, and algorithm and key in Base64, `+` between them.
    public var description: String {
        let key = Base64.encode([Self.algorithm] + publicKey.rawRepresentation)
        return "\(name.text)+\(Hex.encode(identifier))+\(key)"
    }
}

/// A key that signs notes.
public struct NoteSigner: Sendable {
    private let privateKey: Ed25519PrivateKey

    /// What the signatures are verified with.
    public let verifierKey: NoteVerifierKey

    /// The key of this name.
    public init(name: NoteKeyName, privateKey: Ed25519PrivateKey) {
        self.privateKey = privateKey
        verifierKey = NoteVerifierKey(name: name, publicKey: privateKey.publicKey)
    }

    func signature(over text: String) throws(AuditLogError) -> NoteSignature {
        do throws(CryptographyError) {
            return NoteSignature(
                name: verifierKey.name, identifier: verifierKey.identifier,
                bytes: try privateKey.signature(for: Array(text.utf8)))
        } catch {
            throw .cryptography
        }
    }
}
