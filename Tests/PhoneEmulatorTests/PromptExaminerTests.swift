import Cryptography
import PhoneEmulator
import PushMessages
import TestSupport
import Testing

struct PromptExaminerTests {
    private static let now: Int64 = 1_790_000_000_000
    private let press: PromptPress
    private let examiner: PromptExaminer
    private let prompt: Prompt
    private let bytes: [UInt8]

    init() throws {
        press = try PromptPress()
        examiner = PromptExaminer(phone: try samplePhone(), serverKey: press.point)
        prompt = try press.prompt(phone: samplePhone(), issuedAt: Self.now)
        bytes = try press.sign(prompt).encoded()
    }

    @Test func `shows what the server signed for this phone, until its time is over`() throws {
        #expect(try examiner.examine(bytes, at: Self.now) == prompt)
        #expect(try examiner.examine(bytes, at: Self.now + 59_999) == prompt)
        #expect(throws: PromptFlaw.expired) {
            try examiner.examine(bytes, at: Self.now + 60_000)
        }
        #expect(throws: PromptFlaw.expired) { try examiner.examine(bytes, at: .max) }
    }

    @Test func `bears a server's clock that is a minute ahead, and no more`() throws {
        #expect(try examiner.examine(bytes, at: Self.now - 60_000) == prompt)
        #expect(throws: PromptFlaw.notYet) {
            try examiner.examine(bytes, at: Self.now - 60_001)
        }
        #expect(throws: PromptFlaw.notYet) { try examiner.examine(bytes, at: .min) }
    }

    @Test func `every proper prefix is malformed, and so is one byte more`() {
        for prefix in bytes.properPrefixes {
            #expect(throws: PromptFlaw.malformed) { try examiner.examine(prefix, at: Self.now) }
        }
        #expect(throws: PromptFlaw.malformed) {
            try examiner.examine(bytes + [0], at: Self.now)
        }
    }

    @Test func `no single bit of prompt and signature can be changed`() {
        for flipped in bytes.singleBitFlips {
            #expect(throws: PromptFlaw.self) { try examiner.examine(flipped, at: Self.now) }
        }
    }

    @Test func `another phone's prompt does not show, though the server signed it`() throws {
        let other = try press.sign(press.prompt(phone: samplePhone(0x22), issuedAt: Self.now))
        #expect(throws: PromptFlaw.anotherPhone) {
            try examiner.examine(other.encoded(), at: Self.now)
        }
    }

    @Test func `another server's prompt does not show`() throws {
        let stranger = try press.sign(prompt, with: P256PrivateKey())
        #expect(throws: PromptFlaw.wrongSignature) {
            try examiner.examine(stranger.encoded(), at: Self.now)
        }
        let keyless = PromptExaminer(
            phone: try samplePhone(), serverKey: [UInt8](repeating: 4, count: 65))
        #expect(throws: PromptFlaw.wrongSignature) { try keyless.examine(bytes, at: Self.now) }
    }

    @Test func `a signature over the prompt without its context is none`() throws {
        let bare = try SignedPrompt(
            prompt: prompt, signature: press.key.rawSignature(for: prompt.encoded()))
        #expect(throws: PromptFlaw.wrongSignature) {
            try examiner.examine(bare.encoded(), at: Self.now)
        }
    }
}
