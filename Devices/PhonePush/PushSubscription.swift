import Cryptography

/// Where and for whom a push is (RFC 8291 §2): what a phone registers with.
public struct PushSubscription: Sendable, Hashable {
    /// Where messages for the phone are taken.
    public let endpoint: PushEndpoint
    /// The phone's key for messages (`p256dh`): a point on P-256 in uncompressed form, 65 bytes.
    public let publicKey: [UInt8]
    /// What the phone and whoever sends to it share (`auth`): 16 bytes. Secret.
    public let authenticationSecret: [UInt8]

    /// A subscription whose key is on the curve and whose secret has its length.
    public init(
        endpoint: PushEndpoint, publicKey: [UInt8], authenticationSecret: [UInt8]
    ) throws(PushFailure) {
        guard (try? PublicKey(p256Point: publicKey)) != nil else { throw .invalidPublicKey }
        guard authenticationSecret.count == 16 else {
            throw .invalidAuthenticationSecret(byteCount: authenticationSecret.count)
        }
        self.endpoint = endpoint
        self.publicKey = publicKey
        self.authenticationSecret = authenticationSecret
    }
}

extension PushSubscription: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The endpoint's origin alone.
    public var description: String { "\(endpoint)" }

    /// The endpoint's origin alone.
    public var debugDescription: String { description }

    /// Nothing but the endpoint's origin.
    public var customMirror: Mirror { Mirror(self, children: ["origin": description]) }
}
