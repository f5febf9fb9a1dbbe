import Encoding

/// Where and how a phone takes Web Push messages (RFC 8030, RFC 8291), as the phone says. Whether the server may call
/// the endpoint is not decided here.
public struct PhoneSubscription: Sendable, Hashable {
    /// How long an endpoint's URL may be, in bytes.
    public static let maximumEndpointLength = 1024

    /// The URL that messages are posted to: 1 to ``maximumEndpointLength`` visible ASCII characters.
    public let endpoint: String
    /// The phone's key for these messages (`p256dh`): an uncompressed point of P-256, 65 bytes, not checked to be on the
    /// curve.
    public let publicKey: [UInt8]
    /// The secret that they are encrypted with too (`auth`): 16 bytes.
    public let authenticationSecret: [UInt8]

    /// A subscription from its parts.
    ///
    /// - Throws: ``MalformedPush/value(_:)`` naming the part that is not what it should be.
    public init(
        endpoint: String, publicKey: [UInt8], authenticationSecret: [UInt8]
    ) throws(MalformedPush) {
        guard
            (1...Self.maximumEndpointLength).contains(endpoint.utf8.count),
            endpoint.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .value("endpoint") }
        guard publicKey.count == 65, publicKey.first == 0x04 else { throw .value("p256dh") }
        guard authenticationSecret.count == 16 else { throw .value("auth") }
        self.endpoint = endpoint
        self.publicKey = publicKey
        self.authenticationSecret = authenticationSecret
    }

    /// One byte that says whether there is one; then the endpoint's length in two bytes, the endpoint, key and secret.
    static func append(_ subscription: PhoneSubscription?, to writer: inout ByteWriter) {
        guard let subscription else {
            writer.append(UInt8(0))
            return
        }
        writer.append(UInt8(1))
        writer.append(UInt16(clamping: subscription.endpoint.utf8.count))
        writer.append(subscription.endpoint.utf8)
        writer.append(subscription.publicKey)
        writer.append(subscription.authenticationSecret)
    }

    static func read(from reader: inout FieldReader) throws(MalformedPush) -> PhoneSubscription? {
        switch try reader.byte() {
        case 0: return nil
        case 1:
            let endpoint = try reader.longBytes()
            guard let text = String(validating: endpoint, as: UTF8.self) else {
                throw .value("endpoint")
            }
            return try PhoneSubscription(
                endpoint: text, publicKey: reader.bytes(65),
                authenticationSecret: reader.bytes(16))
        default: throw .value("subscription")
        }
    }

    init(json: JSON) throws(MalformedPush) {
        let members = try JSONMembers(
            json, "subscription", allowing: ["endpoint", "p256dh", "auth"])
        try self.init(
            endpoint: members.text("endpoint"), publicKey: members.bytes("p256dh", count: 65),
            authenticationSecret: members.bytes("auth", count: 16))
    }

    var json: JSON {
        [
            "endpoint": .string(endpoint), "p256dh": .base64URL(publicKey),
            "auth": .base64URL(authenticationSecret),
        ]
    }
}
