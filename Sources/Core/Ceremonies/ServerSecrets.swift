import Accounts
package import CredentialStore
package import Secrets

/// Secrets of the server's own, sealed in the store.
package struct ServerSecrets: Sendable {
    private let store: SQLiteStore
    private let vault: SecretVault

    /// The secrets in a store.
    package init(store: SQLiteStore, vault: SecretVault) {
        self.store = store
        self.vault = vault
    }

    /// The secret of this name. Where there is none it is made, and kept from then on.
    package func secret(
        named name: String, make: () throws(CeremonyError) -> [UInt8]
    ) throws(CeremonyError) -> [UInt8] {
        let place = SecretPlace.server(name)
        if let sealed = try storing({ () throws(StoreError) in
            try store.serverSecret(named: name)
        }) {
            return try opening { () throws(SecretError) in try vault.open(sealed, at: place) }
        }
        let fresh = try make()
        let kept = try vault.keeping { () throws(CeremonyError) in
            let sealed = try opening { () throws(SecretError) in try vault.seal(fresh, at: place) }
            return try storing { () throws(StoreError) in
                try store.keepServerSecret(sealed, named: name)
            }
        }
        return try opening { () throws(SecretError) in try vault.open(kept, at: place) }
    }
}

/// Runs a call of the vault and makes its error the ceremony's.
func opening<Value>(
    _ body: () throws(SecretError) -> Value
) throws(CeremonyError) -> Value {
    do throws(SecretError) {
        return try body()
    } catch {
        throw .secret(error)
    }
}
