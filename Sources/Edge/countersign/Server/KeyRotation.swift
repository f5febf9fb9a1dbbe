import Accounts
import Ceremonies
import CredentialStore
import LineService
import Logging
import Secrets
import Synchronization

/// Goes over to a new key for the secrets at rest, while the server runs.
///
/// The new key is in the file before anything is sealed under it, and the old ones stay there until nothing is: whenever
/// this is cut off, what is in the database opens with what is in the file.
final class KeyRotation: Sendable {
    private let file: KeyFile
    private let vault: SecretVault
    private let store: SQLiteStore
    private let logger: Logger
    private let ring: Mutex<KeyRing>

    init(
        file: KeyFile, ring: KeyRing, vault: SecretVault, store: SQLiteStore, logger: Logger
    ) {
        self.logger = logger
        self.file = file
        self.vault = vault
        self.store = store
        self.ring = Mutex(ring)
    }

    /// Seals everything anew. Where the file cannot be written, as with a unit's credential, its last key is gone over to.
    func rotate() throws -> KeyRotationReport {
        try ring.withLock { ring in
            // A rotation that left old keys behind is gone on with, or each try would add another.
            if file.isWritable, ring.identifiers.count == 1 {
                let extended = try ring.extended()
                try file.replace(with: extended)
                ring = extended
                vault.adopt(extended)
                vault.waitForKeeping()
            }
            let (resealed, unreadable) = try SecretRotation(store: store, vault: vault).resealAll()
            for row in unreadable { logger.error("a secret does not open: \(row)") }
            if file.isWritable, unreadable.isEmpty {
                let reduced = ring.reduced()
                try file.replace(with: reduced)
                ring = reduced
                vault.adopt(reduced)
            }
            return KeyRotationReport(
                key: ring.current, resealed: resealed, unreadable: unreadable.count)
        }
    }
}
