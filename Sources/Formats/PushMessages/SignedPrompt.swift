import Encoding

/// A prompt with the server's signature. A phone shows nothing that is not so signed.
///
/// The bytes, the same in a Web Push message and in the reply to a poll, are those of the ``Prompt`` and then 64 of
/// signature: r and s of ES256 with the server's push key over ``message``:
///
///     offset       bytes  what
///     0               64  0x20, sixty-four times
///     64              34  the ASCII characters of "countersign push prompt, version 1"
///     98               1  0x00
///     99               p  the prompt
public struct SignedPrompt: Sendable, Hashable {
    /// The context of the signature.
    public static let context = "countersign push prompt, version 1"
    /// How long the bytes can be at most: they fit one Web Push message.
    public static let maximumLength = Prompt.maximumLength + 64

    /// The prompt.
    public let prompt: Prompt
    /// r and s, 64 bytes; anything of that length until it is verified.
    public let signature: [UInt8]

    /// A prompt with a signature of 64 bytes.
    public init(prompt: Prompt, signature: [UInt8]) throws(MalformedPush) {
        guard signature.count == 64 else { throw .value("sig") }
        self.prompt = prompt
        self.signature = signature
    }

    /// What the server signs of a prompt.
    public static func message(of prompt: Prompt) -> [UInt8] {
        MessageFrame.start(context) + prompt.encoded()
    }

    /// The bytes that are signed.
    public var message: [UInt8] { Self.message(of: prompt) }

    /// Decodes a prompt and its signature, which is not verified here.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        guard bytes.count > 64 else { throw .truncated }
        prompt = try Prompt(decoding: Array(bytes.dropLast(64)))
        signature = Array(bytes.suffix(64))
    }

    /// The bytes, at most ``maximumLength``.
    public func encoded() -> [UInt8] { prompt.encoded() + signature }
}

/// The reply to a poll for which there is a prompt: `{"prompt":…}`.
public struct PolledPrompt: Sendable, Hashable {
    /// The prompt.
    public let prompt: SignedPrompt

    /// A reply with a prompt.
    public init(_ prompt: SignedPrompt) { self.prompt = prompt }

    /// Decodes the JSON body.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        let members = try JSONMembers(bytes, allowing: ["prompt"])
        prompt = try SignedPrompt(decoding: members.bytes("prompt"))
    }

    /// The JSON body.
    public func encoded() -> [UInt8] {
        JSON.object(["prompt": .base64URL(prompt.encoded())]).bytes
    }
}
