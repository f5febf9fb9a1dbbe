import Encoding

/// What a phone registers with: its key, proof that it holds it, and how it wants to be reached.
///
/// The signature is over ``message``:
///
///     offset       bytes  what
///     0               64  0x20, sixty-four times
///     64              41  the ASCII characters of "countersign phone registration, version 1"
///     105              1  0x00
///     106              2  t, the length of the ticket: 1…400
///     108              t  the ticket, ASCII
///     108+t           65  the phone's public key: an uncompressed point of P-256
///     173+t            1  g, the length of the key guard
///     174+t            g  the key guard, ASCII: "biometric", "pin" or "none"
///     174+t+g          1  n, the length of the phone's name: 1…64
///     175+t+g          n  the phone's name, UTF-8
///     175+t+g+n        1  1 where a subscription follows, otherwise 0
///
/// and where one follows
///
///     0                2  e, the length of the endpoint: 1…1024
///     2                e  the endpoint, ASCII
///     2+e             65  its key `p256dh`
///     67+e            16  its secret `auth`
///
/// A phone makes a key for each registration and uses it for no other server, so that what it signs is for this one.
public struct PhoneRegistration: Sendable, Hashable {
    /// The context of the signature.
    public static let context = "countersign phone registration, version 1"

    /// The one-time secret of the ``EnrolmentTicket``.
    public let ticket: String
    /// The phone's public key: an uncompressed point of P-256, 65 bytes, not checked to be on the curve.
    public let publicKey: [UInt8]
    /// How the phone says that it guards the key.
    public let keyGuard: KeyGuard
    /// The phone's name for people, 1 to 64 bytes.
    public let name: String
    /// How the phone takes Web Push messages; `nil` for a phone that only polls.
    public let subscription: PhoneSubscription?
    /// r and s, 64 bytes; anything of that length until it is verified.
    public private(set) var signature: [UInt8]

    /// A registration that is to be signed: ``signed(_:)`` gives the ``message``'s signature to it.
    ///
    /// - Throws: ``MalformedPush/value(_:)`` naming the part that is not what it should be.
    public init(
        ticket: String, publicKey: [UInt8], keyGuard: KeyGuard, name: String,
        subscription: PhoneSubscription?
    ) throws(MalformedPush) {
        guard EnrolmentTicket.isSecret(ticket) else { throw .value("ticket") }
        guard publicKey.count == 65, publicKey.first == 0x04 else { throw .value("key") }
        try ShownText.check(name, "name", lengths: 1...64)
        self.ticket = ticket
        self.publicKey = publicKey
        self.keyGuard = keyGuard
        self.name = name
        self.subscription = subscription
        signature = [UInt8](repeating: 0, count: 64)
    }

    /// The same with a signature of 64 bytes.
    public func signed(_ signature: [UInt8]) throws(MalformedPush) -> PhoneRegistration {
        guard signature.count == 64 else { throw .value("sig") }
        var copy = self
        copy.signature = signature
        return copy
    }

    /// The bytes that are signed with the phone's key (ES256).
    public var message: [UInt8] {
        var writer = ByteWriter(capacity: 1536)
        writer.append(MessageFrame.start(Self.context))
        writer.append(UInt16(clamping: ticket.utf8.count))
        writer.append(ticket.utf8)
        writer.append(publicKey)
        writer.appendText(keyGuard.rawValue)
        writer.appendText(name)
        PhoneSubscription.append(subscription, to: &writer)
        return writer.bytes
    }

    /// Decodes the JSON body of a registration.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        let members = try JSONMembers(
            bytes, allowing: ["ticket", "key", "guard", "name", "subscription", "sig"])
        guard let keyGuard = try KeyGuard(rawValue: members.text("guard")) else {
            throw .value("guard")
        }
        var subscription: PhoneSubscription?
        if let json = members.optional("subscription") {
            subscription = try PhoneSubscription(json: json)
        }
        self = try PhoneRegistration(
            ticket: members.text("ticket"), publicKey: members.bytes("key", count: 65),
            keyGuard: keyGuard, name: members.text("name"), subscription: subscription
        ).signed(members.bytes("sig", count: 64))
    }

    /// The JSON body.
    public func encoded() -> [UInt8] {
        var members: [String: JSON] = [
            "ticket": .string(ticket), "key": .base64URL(publicKey),
            "guard": .string(keyGuard.rawValue), "name": .string(name),
            "sig": .base64URL(signature),
        ]
        members["subscription"] = subscription?.json
        return JSON.object(members).bytes
    }

    /// Whether two registrations have the same bytes.
    public static func == (left: PhoneRegistration, right: PhoneRegistration) -> Bool {
        left.message == right.message && left.signature == right.signature
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(message)
        hasher.combine(signature)
    }
}
