import Encoding

/// What a phone signs to change how it takes Web Push messages.
///
///     offset       bytes  what
///     0               64  0x20, sixty-four times
///     64              41  the ASCII characters of "countersign phone subscription, version 1"
///     105              1  0x00
///     106             16  the phone
///     122              8  the time, in ms since 1970, by the phone's clock: later than that of any message before
///     130              1  1 where a subscription follows, 0 where the phone only polls from now on
///     131              …  the subscription, as in a ``PhoneRegistration``
public struct SubscriptionMessage: Sendable, Hashable {
    /// The context of the signature.
    public static let context = "countersign phone subscription, version 1"

    /// The phone.
    public let phone: PhoneID
    /// When, by the phone's clock, in ms since 1970.
    public let time: Int64
    /// How it takes messages from now on; `nil` where it only polls.
    public let subscription: PhoneSubscription?

    /// A message from its parts.
    ///
    /// - Throws: ``MalformedPush/value(_:)`` for a time before 1970.
    public init(
        phone: PhoneID, time: Int64, subscription: PhoneSubscription?
    ) throws(MalformedPush) {
        guard time >= 0 else { throw .value("time") }
        self.phone = phone
        self.time = time
        self.subscription = subscription
    }

    /// Decodes a message, every byte of which must be as ``encoded()`` makes it.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        var reader = FieldReader(bytes)
        try reader.context(Self.context)
        guard let phone = try PhoneID(bytes: reader.bytes(PhoneID.byteCount)) else {
            throw .truncated
        }
        let time = try reader.time("time")
        let subscription = try PhoneSubscription.read(from: &reader)
        try reader.finish()
        try self.init(phone: phone, time: time, subscription: subscription)
    }

    /// The bytes that are signed.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 512)
        writer.append(MessageFrame.start(Self.context))
        writer.append(phone.bytes)
        writer.appendTime(time)
        PhoneSubscription.append(subscription, to: &writer)
        return writer.bytes
    }
}

/// A new subscription with the phone's signature: `{"message":…,"sig":…}`.
public struct SubscriptionUpdate: Sendable, Hashable {
    /// What was signed.
    public let message: SubscriptionMessage
    /// r and s of ES256 over the message's bytes, 64 bytes; anything of that length until it is verified.
    public let signature: [UInt8]

    /// An update with a signature of 64 bytes.
    public init(message: SubscriptionMessage, signature: [UInt8]) throws(MalformedPush) {
        guard signature.count == 64 else { throw .value("sig") }
        self.message = message
        self.signature = signature
    }

    /// Decodes the JSON body. The signature is not verified here.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        let members = try JSONMembers(bytes, allowing: ["message", "sig"])
        message = try SubscriptionMessage(decoding: members.bytes("message"))
        signature = try members.bytes("sig", count: 64)
    }

    /// The JSON body.
    public func encoded() -> [UInt8] {
        JSON.object(["message": .base64URL(message.encoded()), "sig": .base64URL(signature)])
            .bytes
    }
}
