import Encoding

/// What a person decided about a prompt.
public enum Decision: UInt8, Sendable, Hashable, CaseIterable {
    /// It is they who sign in.
    case approve = 1
    /// They do not want to sign in.
    case decline = 2
    /// Somebody else tries to sign in as them.
    case notMe = 3
}

/// What a phone signs of a decision: all that the person saw, and what came of it.
///
///     offset       bytes  what
///     0               64  0x20, sixty-four times
///     64              36  the ASCII characters of "countersign push decision, version 1"
///     100              1  0x00
///     101              2  p, the length of the prompt
///     103              p  the prompt, as the server sent it
///     103+p            1  the decision: 1 approve, 2 decline, 3 not me
///     104+p            1  n, how many digits were entered: as many as the prompt says to approve, otherwise 0
///     105+p            n  the number, ASCII digits
///     105+p+n          8  when it was decided, in ms since 1970, by the phone's clock
public struct DecisionMessage: Sendable, Hashable {
    /// The context of the signature.
    public static let context = "countersign push decision, version 1"

    /// What the person was asked.
    public let prompt: Prompt
    /// What they decided.
    public let decision: Decision
    /// The number that they chose or typed; empty unless they approve.
    public let number: String
    /// When, by the phone's clock, in ms since 1970. Nothing depends on it.
    public let decidedAt: Int64

    /// A decision from its parts.
    ///
    /// - Throws: ``MalformedPush/value(_:)`` for an approval without a number of the prompt's digits, another decision
    ///   with one, and a time before 1970.
    public init(
        prompt: Prompt, decision: Decision, number: String, decidedAt: Int64
    ) throws(MalformedPush) {
        let fits =
            decision == .approve
            ? Prompt.isNumber(number, digits: prompt.digits) : number.isEmpty
        guard fits else { throw .value("number") }
        guard decidedAt >= 0 else { throw .value("decided") }
        self.prompt = prompt
        self.decision = decision
        self.number = number
        self.decidedAt = decidedAt
    }

    /// Decodes a message, every byte of which must be as ``encoded()`` makes it.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        var reader = FieldReader(bytes)
        try reader.context(Self.context)
        let prompt = try Prompt(decoding: reader.longBytes())
        guard let decision = try Decision(rawValue: reader.byte()) else {
            throw .value("decision")
        }
        let number = try reader.text("number")
        let decidedAt = try reader.time("decided")
        try reader.finish()
        try self.init(prompt: prompt, decision: decision, number: number, decidedAt: decidedAt)
    }

    /// The bytes that are signed.
    public func encoded() -> [UInt8] {
        let prompt = prompt.encoded()
        var writer = ByteWriter(capacity: 512)
        writer.append(MessageFrame.start(Self.context))
        writer.append(UInt16(clamping: prompt.count))
        writer.append(prompt)
        writer.append(decision.rawValue)
        writer.appendText(number)
        writer.appendTime(decidedAt)
        return writer.bytes
    }
}

/// A decision with the phone's signature: `{"message":…,"sig":…}`.
public struct SignedDecision: Sendable, Hashable {
    /// What was decided.
    public let message: DecisionMessage
    /// r and s of ES256 over the message's bytes, 64 bytes; anything of that length until it is verified.
    public let signature: [UInt8]

    /// A decision with a signature of 64 bytes.
    public init(message: DecisionMessage, signature: [UInt8]) throws(MalformedPush) {
        guard signature.count == 64 else { throw .value("sig") }
        self.message = message
        self.signature = signature
    }

    /// Decodes the JSON body. The signature is not verified here.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        let members = try JSONMembers(bytes, allowing: ["message", "sig"])
        message = try DecisionMessage(decoding: members.bytes("message"))
        signature = try members.bytes("sig", count: 64)
    }

    /// The JSON body.
    public func encoded() -> [UInt8] {
        JSON.object(["message": .base64URL(message.encoded()), "sig": .base64URL(signature)])
            .bytes
    }
}
