import Synchronization
package import VerificationCore
package import WebAuthn

/// Imported public keys, so that one is imported once and not for each sign-in.
///
/// A key stands for itself: whatever becomes of credentials, an entry is never wrong. When the cache is full it is
/// emptied; with room for the keys in use that does not come about.
package final class KeyCache: Sendable {
    private let keys = Mutex<[COSEKey: CredentialKey]>([:])
    private let capacity: Int

    package init(capacity: Int) {
        self.capacity = capacity
    }

    /// The imported key.
    package func key(_ coseKey: COSEKey) throws(CeremonyFailure) -> CredentialKey {
        if let key = keys.withLock({ $0[coseKey] }) { return key }
        let key = try CredentialKey(coseKey)
        keys.withLock { keys in
            if keys.count >= capacity { keys.removeAll() }
            keys[coseKey] = key
        }
        return key
    }
}
