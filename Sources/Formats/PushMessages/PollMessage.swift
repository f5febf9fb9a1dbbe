import Encoding

/// What a phone signs to ask for its prompt.
///
///     offset       bytes  what
///     0               64  0x20, sixty-four times
///     64              33  the ASCII characters of "countersign phone poll, version 1"
///     97               1  0x00
///     98              16  the phone
///     114              8  the time, in ms since 1970, by the phone's clock: later than that of any message before
///     122             16  a nonce
public struct PollMessage: Sendable, Hashable {
    /// The context of the signature.
    public static let context = "countersign phone poll, version 1"
    /// How long the nonce is.
    public static let nonceLength = 16

    /// The phone that asks.
    public let phone: PhoneID
    /// When, by the phone's clock, in ms since 1970.
    public let time: Int64
    /// Random bytes of the phone's.
    public let nonce: [UInt8]

    /// A message from its parts.
    ///
    /// - Throws: ``MalformedPush/value(_:)`` for a time before 1970 and a nonce of another length.
    public init(phone: PhoneID, time: Int64, nonce: [UInt8]) throws(MalformedPush) {
        guard time >= 0 else { throw .value("time") }
        guard nonce.count == Self.nonceLength else { throw .value("nonce") }
        self.phone = phone
        self.time = time
        self.nonce = nonce
    }

    /// Decodes a message, every byte of which must be as ``encoded()`` makes it.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        var reader = FieldReader(bytes)
        try reader.context(Self.context)
        guard let phone = try PhoneID(bytes: reader.bytes(PhoneID.byteCount)) else {
            throw .truncated
        }
        let time = try reader.time("time")
        let nonce = try reader.bytes(Self.nonceLength)
        try reader.finish()
        try self.init(phone: phone, time: time, nonce: nonce)
    }

    /// The bytes that are signed.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 138)
        writer.append(MessageFrame.start(Self.context))
        writer.append(phone.bytes)
        writer.appendTime(time)
        writer.append(nonce)
        return writer.bytes
    }
}

/// A poll with the phone's signature: `{"message":…,"sig":…,"wait":…}`.
public struct SignedPoll: Sendable, Hashable {
    /// How many seconds a poll may wait at most.
    public static let maximumWait = 50

    /// What was signed.
    public let message: PollMessage
    /// r and s of ES256 over the message's bytes, 64 bytes; anything of that length until it is verified.
    public let signature: [UInt8]
    /// How many seconds the server may wait for a prompt before it says that there is none: 0 to ``maximumWait``.
    public let wait: Int

    /// A poll with a signature of 64 bytes.
    public init(message: PollMessage, signature: [UInt8], wait: Int) throws(MalformedPush) {
        guard signature.count == 64 else { throw .value("sig") }
        guard (0...Self.maximumWait).contains(wait) else { throw .value("wait") }
        self.message = message
        self.signature = signature
        self.wait = wait
    }

    /// Decodes the JSON body. The signature is not verified here.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        let members = try JSONMembers(bytes, allowing: ["message", "sig", "wait"])
        message = try PollMessage(decoding: members.bytes("message"))
        signature = try members.bytes("sig", count: 64)
        wait = try members.integer("wait", in: 0...Self.maximumWait)
    }

    /// The JSON body.
    public func encoded() -> [UInt8] {
        JSON.object([
            "message": .base64URL(message.encoded()), "sig": .base64URL(signature),
            "wait": .integer(wait),
        ]).bytes
    }
}
