public import ISO7816

/// What a card signs to prove that it holds a key: never a challenge alone.
///
/// A PIV card signs whatever digest or block it is given, and does not know what for. So the message that is hashed says
/// what it is, in a form that nothing else that such a key may sign can have:
///
///     offset       bytes  what
///     0               64  0x20, sixty-four times
///     64              37  the ASCII characters of "countersign card signature, version 1"
///     101              1  0x00
///     102              1  purpose: 1 registration, 2 authentication
///     103             32  the challenge, as the server made it
///     135             32  key identifier: SHA-256 of the DER SubjectPublicKeyInfo of the key that signs
///     167              1  r, the length of the relying party identifier: 1…255
///     168              r  the relying party identifier, UTF-8
///     168+r            1  u, the length of the user name: 1…255
///     169+r            u  the user name, UTF-8
///
/// Every field has a fixed length or says its length, and nothing follows the last: two different messages never have
/// the same bytes.
///
/// The spaces and the context that ends with a zero byte are those of TLS 1.3 (RFC 8446 §4.4.3), which keeps the
/// signatures of its own protocol apart in the same way. A message that begins with them is
/// - not a certificate, certification request, revocation list or OCSP response to be signed, nor signed attributes of
///   CMS: those are DER and begin with 30 or 31;
/// - not an SSH authentication request (RFC 4252 §7): it begins with the length of a session identifier, which would be
///   0x20202020;
/// - not a CertificateVerify of TLS 1.3: its context differs; nor a CertificateVerify of TLS 1.2, which
///   begins with the type of a handshake message, nor its ServerKeyExchange, where the signer's own 32 random bytes would
///   have to be spaces;
/// - not another protocol's raw challenge of 32, 48 or 64 bytes, for what the card is given is a digest of this message,
///   and the verifier makes the message itself.
public struct CardSignedMessage: Hashable, Sendable {
    /// What a signature is for.
    public enum Purpose: UInt8, Hashable, Sendable, CaseIterable {
        /// A key is registered.
        case registration = 1
        /// A user signs in with a registered key.
        case authentication = 2
    }

    /// The bytes in front of the context.
    public static let padding = [UInt8](repeating: 0x20, count: 64)
    /// The name of the format, which changes whenever the format does. ASCII, without the zero byte that ends it.
    public static let context = "countersign card signature, version 1"
    /// How long the challenge is.
    public static let challengeLength = 32
    /// How long the key identifier is.
    public static let keyIdentifierLength = 32

    /// What the signature is for.
    public let purpose: Purpose
    /// The server's challenge: ``challengeLength`` bytes.
    public let challenge: [UInt8]
    /// SHA-256 of the SubjectPublicKeyInfo of the key that signs: ``keyIdentifierLength`` bytes.
    public let keyIdentifier: [UInt8]

    // As bytes, for two texts can be equal to Unicode and yet have different ones.
    private let relyingPartyBytes: [UInt8]
    private let userBytes: [UInt8]

    /// A message from its parts.
    ///
    /// - Throws: ``MalformedCardData/value(_:)`` where a part has not the length that its place wants: 32 bytes of
    ///   challenge and key identifier, 1…255 bytes of UTF-8 of relying party identifier and user name.
    public init(
        purpose: Purpose, challenge: [UInt8], relyingPartyID: String, user: String,
        keyIdentifier: [UInt8]
    ) throws(MalformedCardData) {
        guard challenge.count == Self.challengeLength else { throw .value("challenge") }
        guard keyIdentifier.count == Self.keyIdentifierLength else {
            throw .value("key identifier")
        }
        guard (1...255).contains(relyingPartyID.utf8.count) else {
            throw .value("relying party identifier")
        }
        guard (1...255).contains(user.utf8.count) else { throw .value("user name") }
        self.purpose = purpose
        self.challenge = challenge
        self.keyIdentifier = keyIdentifier
        relyingPartyBytes = Array(relyingPartyID.utf8)
        userBytes = Array(user.utf8)
    }

    /// The relying party that the signature is meant for.
    public var relyingPartyID: String { String(decoding: relyingPartyBytes, as: UTF8.self) }

    /// The user who signs in, or for whom the key is registered.
    public var user: String { String(decoding: userBytes, as: UTF8.self) }

    /// The bytes to be hashed and signed.
    public func encoded() -> [UInt8] {
        var bytes = Self.padding + Array(Self.context.utf8) + [0x00, purpose.rawValue]
        bytes += challenge
        bytes += keyIdentifier
        bytes += [UInt8(clamping: relyingPartyBytes.count)] + relyingPartyBytes
        bytes += [UInt8(clamping: userBytes.count)] + userBytes
        return bytes
    }
}
