import Cryptography

/// Who the clients are: by the user that the kernel names, or by a name and a secret.
public struct AccessList: Sendable {
    /// A client that says its name and a secret.
    public struct Secret: Sendable {
        let digest: [UInt8]
        let client: Client

        /// - Parameters:
        ///   - sha256: SHA-256 of the secret, 32 bytes. The secret is random and long; this is no
        ///     hash for passwords.
        ///   - client: Whom the secret proves.
        /// - Precondition: The digest has 32 bytes.
        public init(sha256: [UInt8], client: Client) {
            precondition(sha256.count == 32, "a SHA-256 digest has 32 bytes")
            digest = sha256
            self.client = client
        }
    }

    private let peers: [UInt32: Client]
    private let secrets: [String: Secret]

    /// - Parameters:
    ///   - peers: Clients on the Unix socket, by user id.
    ///   - secrets: Clients that say AUTH, by the name of the secret's client.
    public init(peers: [UInt32: Client] = [:], secrets: [Secret] = []) {
        self.peers = peers
        self.secrets = Dictionary(
            secrets.map { ($0.client.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The client that runs as this user.
    func client(userID: UInt32) -> Client? { peers[userID] }

    /// The client of this name, if the secret is its own.
    ///
    /// Takes a time that depends on the length of the secret given, not on the digest kept; an
    /// unknown name takes as long as a known one.
    func client(name: String, secret: String) -> Client? {
        let entry = secrets[name]
        let digest = SHA256.hash(Array(secret.utf8))
        let isEqual = ConstantTime.areEqual(
            digest, entry?.digest ?? [UInt8](repeating: 0, count: 32))
        guard let entry, isEqual else { return nil }
        return entry.client
    }
}
