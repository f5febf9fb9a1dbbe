import Accounts
import CredentialStore
import Cryptography
import Secrets
import WebAuthn

/// Makes recovery codes, passes and app passwords, and the digests by which the store knows them.
///
/// A digest is HMAC-SHA256 under a key of the server's that the vault seals. What is digested is random and long enough, or
/// short-lived and counted, so nothing slower is needed:
///
///     use 1 | handle of the user 16 | the code in its canonical form
struct SpareSecrets: Sendable {
    /// What a code is for.
    enum Use: UInt8, Sendable {
        case appPassword = 1
        case recoveryCode = 2
        case accessPass = 3
    }

    private static let name = "code-digest-key"
    private let key: [UInt8]

    /// Takes the server's key from the store, and makes it where there is none.
    init(store: SQLiteStore, vault: SecretVault) throws(CeremonyError) {
        key = try ServerSecrets(store: store, vault: vault).secret(named: Self.name) {
            SecureRandom.bytes(32)
        }
    }

    /// The digest of a code of a user: 32 bytes.
    func digest(of code: String, for use: Use, user: UserHandle) -> [UInt8] {
        digest(of: code, for: use, handle: user.bytes)
    }

    /// The digest of a code of nobody's, which takes as long.
    func digestOfNobody(_ code: String, for use: Use) -> [UInt8] {
        digest(of: code, for: use, handle: [UInt8](repeating: 0, count: 16))
    }

    private func digest(of code: String, for use: Use, handle: [UInt8]) -> [UInt8] {
        HMACSHA256.authenticate([use.rawValue] + handle + Array(code.utf8), key: key)
    }

    /// A fresh app password in its canonical form.
    func makeAppPassword() -> String {
        Self.text(AppPasswordText.length, of: AppPasswordText.letters)
    }

    /// A fresh recovery code in its canonical form.
    func makeRecoveryCode() -> String {
        Self.text(RecoveryCodeText.length, of: RecoveryCodeText.characters)
    }

    /// A fresh pass of 8 to 48 characters.
    func makeAccessPass(length: Int) -> String {
        let all = AccessPassText.letters + AccessPassText.digits
        while true {
            let pass = Self.text(length, of: all)
            let digits = pass.utf8.filter(AccessPassText.digits.contains).count
            if digits > 0, digits < pass.utf8.count { return pass }
        }
    }

    /// Characters at random, each as likely as any other.
    private static func text(_ count: Int, of characters: [UInt8]) -> String {
        let limit = 256 - 256 % characters.count
        var text: [UInt8] = []
        while text.count < count {
            for byte in SecureRandom.bytes(2 * count)
            where text.count < count && Int(byte) < limit {
                text.append(characters[Int(byte) % characters.count])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
