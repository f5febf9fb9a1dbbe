import CTAP
import Cryptography
import WebAuthn

extension SoftwareAuthenticator {
    /// The credential with this ID, if it is this key's and this relying party's.
    func credential(_ id: [UInt8], rpIDHash: [UInt8]) -> KeyCredential? {
        let stored = state.credentials.first {
            $0.credential.id == id && $0.rpIDHash == rpIDHash
        }
        return stored?.credential
            ?? CredentialWrapping(deviceSecret: state.deviceSecret)
            .unwrap(id, rpIDHash: rpIDHash)
    }

    /// The discoverable credentials of a relying party, the newest first.
    func discoverableCredentials(rpIDHash: [UInt8]) -> [DiscoverableCredential] {
        state.credentials.filter { $0.rpIDHash == rpIDHash }.reversed()
    }

    /// The stored form of a credential, where it is discoverable.
    func stored(_ credential: KeyCredential) -> DiscoverableCredential? {
        state.credentials.first { $0.credential.id == credential.id }
    }

    /// Adds one to the counter that a credential's signatures count on, and says what it is now.
    mutating func countSignature(of credentialID: [UInt8]) -> UInt32 {
        switch configuration.signatureCounter {
        case .global:
            state.signatureCounter &+= 1
            return state.signatureCounter
        case .perCredential:
            let key = SHA256.hash(credentialID)
            let counter = (state.credentialCounters[key] ?? 0) &+ 1
            state.credentialCounters[key] = counter
            return counter
        }
    }

    /// Makes a key pair for a new credential whose private half is wrapped into its ID.
    func makeWrappedCredential(
        protection: CredentialProtection, hasHMACSecret: Bool, rpIDHash: [UInt8]
    ) throws(CTAPStatus) -> (credential: KeyCredential, key: P256PrivateKey) {
        try internally { () throws(CryptographyError) in
            let key = try random.privateKey()
            let wrapping = CredentialWrapping(deviceSecret: state.deviceSecret)
            return (
                try wrapping.wrap(
                    privateKey: key.rawRepresentation, protection: protection,
                    hasHMACSecret: hasHMACSecret, rpIDHash: rpIDHash, random: random), key
            )
        }
    }
}

extension P256PrivateKey {
    /// The public half as a credential public key.
    var credentialPublicKey: COSEKey? {
        guard let point = publicKey.p256Point, point.count == 65 else { return nil }
        return .es256(x: Array(point[1..<33]), y: Array(point[33...]))
    }
}
