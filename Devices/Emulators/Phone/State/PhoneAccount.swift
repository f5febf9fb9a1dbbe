import Cryptography
import Encoding
import PushMessages

/// An account that the phone is enrolled for. It holds secrets.
struct PhoneAccount: Sendable, Hashable {
    /// How the phone takes this account's Web Push messages (RFC 8291 §3.1, §3.2).
    struct Subscription: Sendable, Hashable {
        /// The last part of the endpoint's path: 22 characters of base64url.
        let token: String
        /// The private key that messages are encrypted to: its scalar, 32 bytes.
        let privateKey: [UInt8]
        /// The secret that they are encrypted with too: 16 bytes.
        let authenticationSecret: [UInt8]
        /// The endpoint that the server knows; `nil` where it knows none.
        var endpoint: String?
        /// Whether the endpoint answers 410 for good.
        var isGone = false

        /// A fresh one.
        static func fresh() throws(CryptographyError) -> Subscription {
            Subscription(
                token: Base64URL.encode(SecureRandom.bytes(16)),
                privateKey: try P256PrivateKey().rawRepresentation,
                authenticationSecret: SecureRandom.bytes(16), endpoint: nil)
        }

        /// What the server is told, with this endpoint.
        func announcement(endpoint: String) throws(PhoneFailure) -> PhoneSubscription {
            do {
                let key = try P256PrivateKey(rawRepresentation: privateKey)
                return try PhoneSubscription(
                    endpoint: endpoint, publicKey: key.publicKey.p256Point ?? [],
                    authenticationSecret: authenticationSecret)
            } catch let error as MalformedPush {
                throw .malformedReply(error)
            } catch {
                throw .cryptography(code: "invalid-private-key")
            }
        }
    }

    /// What the server calls the phone.
    let phone: PhoneID
    /// The account's name: 1 to 128 bytes.
    let user: String
    /// The server's name: 1 to 64 bytes.
    let server: String
    /// Where the server takes what the phone sends.
    let url: PhoneServiceURL
    /// The SHA-256 of the SubjectPublicKeyInfo of the server's TLS key; `nil` only where ``url`` is `http`.
    let pin: [UInt8]?
    /// The server's key for prompts and pushes: a point of P-256, 65 bytes.
    let serverKey: [UInt8]
    /// The phone's key for this account and no other: its scalar, 32 bytes.
    let privateKey: [UInt8]
    /// How Web Push messages come; every account has one, whether or not the phone listens.
    var subscription: Subscription
    /// The JSON of the last decision that the phone sent, for the script that sends it again.
    var lastDecision: [UInt8]?

    /// The phone's key, ready to sign.
    var key: P256PrivateKey {
        get throws(PhoneFailure) {
            do throws(CryptographyError) {
                return try P256PrivateKey(rawRepresentation: privateKey)
            } catch {
                throw .cryptography(code: error.code)
            }
        }
    }
}

/// All that a phone remembers.
struct PhoneState: Sendable, Hashable {
    /// How many accounts a phone has at most.
    static let maximumAccounts = 16

    var accounts: [PhoneAccount] = []

    /// The account that the server calls by this identifier.
    func account(_ phone: PhoneID) -> PhoneAccount? { accounts.first { $0.phone == phone } }
}
