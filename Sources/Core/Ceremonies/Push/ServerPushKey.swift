import Accounts
public import CredentialStore
public import Cryptography
public import Secrets

/// The key that signs prompts and, as VAPID key, Web Push messages.
public enum ServerPushKey {
    /// What the key is called in the store.
    public static let name = "push-key"

    /// The installation's key, which is made and kept at first use. Blocks on the store.
    public static func load(
        from store: SQLiteStore, vault: SecretVault
    ) throws(CeremonyError) -> P256PrivateKey {
        let scalar = try ServerSecrets(store: store, vault: vault).secret(named: name) {
            () throws(CeremonyError) in
            try making { () throws(CryptographyError) in try P256PrivateKey().rawRepresentation }
        }
        return try making { () throws(CryptographyError) in
            try P256PrivateKey(rawRepresentation: scalar)
        }
    }

    private static func making<Value>(
        _ body: () throws(CryptographyError) -> Value
    ) throws(CeremonyError) -> Value {
        do throws(CryptographyError) {
            return try body()
        } catch {
            throw .secret(.cryptography)
        }
    }
}
