import CTAP
import Cryptography
import WebAuthn

/// When a credential may be used or even seen without user verification (CTAP 2.1 §12.1, credProtect).
enum CredentialProtection: Int, Sendable {
    /// userVerificationOptional.
    case optional = 1
    /// userVerificationOptionalWithCredentialIDList.
    case optionalWithCredentialIDList = 2
    /// userVerificationRequired.
    case required = 3
}

/// A credential that the key can sign with.
struct KeyCredential: Hashable, Sendable {
    let id: [UInt8]
    /// The scalar: 32 bytes. Secret.
    let privateKey: [UInt8]
    let protection: CredentialProtection
    let hasHMACSecret: Bool

    var descriptor: CredentialDescriptor { CredentialDescriptor(id: id) }

    /// Whether it may answer (CTAP 2.1 §6.2.2 step 7).
    func isUsable(userVerified: Bool, isNamed: Bool) -> Bool {
        switch protection {
        case .optional: true
        case .optionalWithCredentialIDList: userVerified || isNamed
        case .required: userVerified
        }
    }
}

/// A credential that the key stores, so that it can be found without its ID.
struct DiscoverableCredential: Hashable, Sendable {
    let credential: KeyCredential
    let relyingParty: RelyingPartyEntity
    var user: UserEntity
    let largeBlobKey: [UInt8]?

    var rpIDHash: [UInt8] { SHA256.hash(Array(relyingParty.id.utf8)) }
}

/// Wraps a credential into its own ID, so that the key stores nothing for it.
///
/// The ID is a version byte, a nonce of 12 bytes, and private key, protection and extension flag sealed with
/// AES-256-GCM; the hash of the relying party identifier is authenticated with them, so that an ID opens for its own
/// relying party only.
struct CredentialWrapping {
    private let key: [UInt8]

    private static let version: UInt8 = 1
    static let idLength = 1 + 12 + 34 + 16

    init(deviceSecret: [UInt8]) {
        key = HMACSHA256.authenticate(Array("credential wrapping".utf8), key: deviceSecret)
    }

    func wrap(
        privateKey: [UInt8], protection: CredentialProtection, hasHMACSecret: Bool,
        rpIDHash: [UInt8], random: RandomSource
    ) throws(CryptographyError) -> KeyCredential {
        let nonce = random.bytes(12)
        let flags = [UInt8(protection.rawValue), hasHMACSecret ? 1 : 0]
        let sealed = try AES256GCM.seal(
            privateKey + flags, key: key, nonce: nonce,
            authenticating: [Self.version] + rpIDHash)
        return KeyCredential(
            id: [Self.version] + nonce + sealed, privateKey: privateKey, protection: protection,
            hasHMACSecret: hasHMACSecret)
    }

    /// The credential in an ID that this key made for this relying party; `nil` for any other ID.
    func unwrap(_ id: [UInt8], rpIDHash: [UInt8]) -> KeyCredential? {
        guard id.count == Self.idLength, id.first == Self.version else { return nil }
        let content: [UInt8]
        do throws(CryptographyError) {
            content = try AES256GCM.open(
                Array(id[13...]), key: key, nonce: Array(id[1..<13]),
                authenticating: [Self.version] + rpIDHash)
        } catch {
            return nil
        }
        guard
            content.count == 34,
            let protection = CredentialProtection(rawValue: Int(content[32]))
        else { return nil }
        return KeyCredential(
            id: id, privateKey: Array(content[..<32]), protection: protection,
            hasHMACSecret: content[33] == 1)
    }
}
