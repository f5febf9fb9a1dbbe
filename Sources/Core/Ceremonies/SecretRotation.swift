import Accounts
public import CredentialStore
public import Secrets
import WebAuthn

/// Seals all secrets at rest anew under the vault's current key, while the server runs.
public struct SecretRotation: Sendable {
    private let store: SQLiteStore
    private let vault: SecretVault

    /// A rotation of what a store holds.
    public init(store: SQLiteStore, vault: SecretVault) {
        self.store = store
        self.vault = vault
    }

    /// Goes through all sealed secrets, again and again until there is nothing left to do: what is written meanwhile may
    /// have been sealed before the vault had its current key.
    ///
    /// A secret that does not open stays as it is and is counted; its key must not go.
    ///
    /// - Returns: how many were sealed anew, and which could not be.
    public func resealAll() throws(CeremonyError) -> (
        resealed: Int, unreadable: [SealedSecret.Row]
    ) {
        var total = 0
        while true {
            let (found, resealed, unreadable) = try pass()
            total += resealed
            if found == 0 { return (total, unreadable) }
        }
    }

    /// Goes through them once. What was found under another key and not sealed anew was changed by others meanwhile.
    private func pass() throws(CeremonyError) -> (
        found: Int, resealed: Int, unreadable: [SealedSecret.Row]
    ) {
        var (found, resealed) = (0, 0)
        var unreadable: [SealedSecret.Row] = []
        var cursor: SealedSecretCursor?
        repeat {
            let (secrets, next) = try storing { () throws(StoreError) in
                try store.sealedSecrets(after: cursor, limit: 500)
            }
            var seals: [(old: SealedSecret, new: [UInt8])] = []
            for secret in secrets {
                do throws(SecretError) {
                    if let new = try vault.resealed(secret.sealed, at: secret.place) {
                        seals.append((secret, new))
                    }
                } catch {
                    unreadable.append(secret.row)
                }
            }
            if !seals.isEmpty {
                found += seals.count
                resealed += try storing { () throws(StoreError) in try store.replace(seals) }
            }
            cursor = next
        } while cursor != nil
        return (found, resealed, unreadable)
    }
}

extension SealedSecret {
    /// The place that the vault binds the secret to.
    fileprivate var place: SecretPlace {
        switch row {
        case .token(let id, let owner): SecretPlace(use: .token, row: id.bytes, user: owner)
        case .phone(let id, let owner):
            SecretPlace(use: .phoneSubscription, row: id.bytes, user: owner)
        case .server(let name): .server(name)
        }
    }
}
