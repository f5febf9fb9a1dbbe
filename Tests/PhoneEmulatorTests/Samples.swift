import Cryptography
import PushMessages
import Testing

/// A server's side as tests need it: its push key, and prompts that it signs.
struct PromptPress: Sendable {
    let key: P256PrivateKey

    init() throws {
        key = try P256PrivateKey(rawRepresentation: [UInt8](repeating: 7, count: 32))
    }

    var point: [UInt8] { key.publicKey.p256Point ?? [] }

    /// A prompt from its parts; all but the phone and the times have values of their own.
    func prompt(
        phone: PhoneID, issuedAt: Int64, lifetime: Int64 = 60_000, digits: Int = 2,
        choices: [String] = [], id: [UInt8] = SecureRandom.bytes(16),
        shown: Prompt.Shown = Self.shown
    ) throws -> Prompt {
        try Prompt(
            id: #require(PromptID(bytes: id)), challenge: [UInt8](repeating: 0xC5, count: 32),
            phone: phone, issuedAt: issuedAt, expiresAt: issuedAt + lifetime, digits: digits,
            choices: choices, shown: shown)
    }

    func sign(_ prompt: Prompt, with other: P256PrivateKey? = nil) throws -> SignedPrompt {
        try SignedPrompt(
            prompt: prompt,
            signature: (other ?? key).rawSignature(for: SignedPrompt.message(of: prompt)))
    }

    static let shown = Prompt.Shown(
        server: "Example", user: "alice", application: "ssh", detail: "ssh to db1",
        address: "192.0.2.7", country: "DE")
}

func samplePhone(_ byte: UInt8 = 0x11) throws -> PhoneID {
    try #require(PhoneID(bytes: [UInt8](repeating: byte, count: 16)))
}
