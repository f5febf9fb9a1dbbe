import Ceremonies
import LineService
import PIV
import VerificationCore
import WebAuthn

/// What `serve` is told, by its file and by its options.
struct ServerConfiguration {
    /// A program that may connect.
    struct Peer {
        /// How the server knows it.
        enum Identity: Equatable {
            /// By the user that the kernel names on the Unix socket.
            case user(UInt32)
            /// By the SHA-256 of a secret that it sends with AUTH.
            case secret(sha256: [UInt8])
        }

        var name: String
        var identity: Identity
        var capabilities: Set<Capability>

        /// Whether another client has its name or is known by the same thing.
        func isTaken(by other: Peer) -> Bool { name == other.name || identity == other.identity }
    }

    /// What the file says of the logs.
    struct Logs {
        /// How long sign-ins are kept.
        var retention: Duration = .seconds(90 * 86_400)
        /// How often a head of the audit log is signed.
        var headInterval: Duration = .seconds(300)
    }

    /// What the file says of cards.
    struct Cards {
        var attestation: AttestationVerifier.Policy = .trusted
        var attestationRoots: [String] = []
        var issuers: [String] = []
        var isRevocationChecked = true
        var revocationLists: [String] = []
        var subject: SubjectRule?
        var slots: Set<PIVSlot> = [.authentication]
        var allowsDefaultManagementKey = false
    }

    var dataFolder = "/var/lib/countersign"
    var socket: String? = ServerOptions.defaultSocket
    var tcp: HostAndPort?
    var relyingParties: [RelyingParty] = []
    var userVerification: UserVerificationRequirement = .required
    var allowsWeakerUserVerification = false
    var attestation: AttestationVerifier.Policy = .any
    var attestationRoots: [String] = []
    var challengeLifetime: Duration = .seconds(120)
    var cards = Cards()
    var codes = CodePolicy()
    var phones: Phones?
    /// The folder of the policies, where they are read from files.
    var policies: String?
    var logs = Logs()
    /// The file of the keys for secrets at rest.
    var keys: String?
    var peers: [Peer] = []

    /// The relying party of an identifier alone: its origin is `https://` and the identifier; for `localhost`, where
    /// browsers have it so, `http://` too.
    static func relyingParty(_ id: RelyingPartyID) -> RelyingParty {
        let secure = "https://\(id.text)"
        return RelyingParty(
            id: id, name: id.text,
            origins: id.text == "localhost" ? [secure, "http://\(id.text)"] : [secure])
    }
}
