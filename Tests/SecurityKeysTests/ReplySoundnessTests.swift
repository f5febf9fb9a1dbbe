import CTAP
import Encoding
import SecurityKeys
import TestSupport
import Testing

@Suite struct ReplySoundnessTests {
    private static let fixedPart = [UInt8](repeating: 0, count: 37)
    private static let newCredential =
        fixedPart + [UInt8](repeating: 0, count: 16) + [0, 2, 0xAA, 0xBB]

    private func creation(_ tail: [UInt8]) -> [UInt8] {
        [0]
            + CBOR.map([
                1: "packed", 2: .bytes(Self.newCredential + tail), 3: ["sig": .bytes([1])],
            ]).encoded()
    }

    private func assertion(_ tail: [UInt8]) -> [UInt8] {
        [0] + CBOR.map([2: .bytes(Self.fixedPart + tail), 3: .bytes([1])]).encoded()
    }

    @Test func `passes what a key says`() {
        #expect(ReplySoundness.isSound([], to: .getInfo))
        #expect(ReplySoundness.isSound([0], to: .reset))
        #expect(ReplySoundness.isSound([0x2E, 0x9A, 0xFF, 0xFF, 0xFF, 0xFF], to: .getAssertion))
        #expect(ReplySoundness.isSound(creation([0xA1, 1, 2]), to: .makeCredential))
        #expect(ReplySoundness.isSound(creation([0xA1, 1, 2, 0xA0]), to: .makeCredential))
        #expect(ReplySoundness.isSound(assertion([]), to: .getAssertion))
        #expect(ReplySoundness.isSound(assertion([0xA0]), to: .getNextAssertion))
        // Lengths that are not canonical are no danger.
        #expect(ReplySoundness.isSound([0, 0x9A, 0, 0, 0, 1, 0x18, 1], to: .getInfo))
        // A token is no authenticator data, whatever its bytes look like.
        let token = CBOR.map([2: .bytes(Self.fixedPart + [0x9A, 0xFF, 0xFF, 0xFF, 0xFF])])
        #expect(ReplySoundness.isSound([0] + token.encoded(), to: .clientPIN))
    }

    @Test func `refuses lengths that lie`() {
        let lie: [UInt8] = [0x9A, 0xFF, 0xFF, 0xFF, 0xFF]
        #expect(!ReplySoundness.isSound([0] + lie, to: .getInfo))
        #expect(!ReplySoundness.isSound([0, 0xBB] + [UInt8](repeating: 0xFF, count: 8), to: nil))
        #expect(!ReplySoundness.isSound([0, 0xA1, 1, 0x82, 1], to: .getInfo))
        #expect(!ReplySoundness.isSound([0, 0xA1, 1, 0x5A, 1, 0, 0, 0], to: .getInfo))
        #expect(!ReplySoundness.isSound(creation(lie), to: .makeCredential))
        #expect(!ReplySoundness.isSound(creation([0xA0] + lie), to: .makeCredential))
        #expect(!ReplySoundness.isSound(assertion(lie), to: .getAssertion))
        // The same with the key 2 in two bytes.
        let longKey = [0, 0xA1, 0x18, 2] + CBOR.bytes(Self.fixedPart + lie).encoded()
        #expect(!ReplySoundness.isSound(longKey, to: .getAssertion))
        #expect(!ReplySoundness.isSound([0, 0xFF], to: .getInfo))
        #expect(!ReplySoundness.isSound([0, 0x9F, 0xFF], to: .getInfo))
        #expect(!ReplySoundness.isSound([0] + [UInt8](repeating: 0x81, count: 500), to: .getInfo))
    }

    @Test func `refuses every proper prefix, and traps at none`() {
        for reply in [creation([0xA1, 1, 2]), assertion([0xA0])] {
            let command: CTAPCommand = reply == assertion([0xA0]) ? .getAssertion : .makeCredential
            for length in 2..<reply.count {
                #expect(!ReplySoundness.isSound(Array(reply.prefix(length)), to: command))
            }
        }
    }

    @Test func `traps at nothing`() {
        var generator = SplitMix64(seed: 7)
        var sound = 0
        for _ in 0..<20_000 {
            let length = Int.random(in: 1..<80, using: &generator)
            let junk = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            for command in [CTAPCommand.getInfo, .makeCredential, .getAssertion] {
                if ReplySoundness.isSound([0] + junk, to: command) { sound += 1 }
            }
        }
        #expect(sound > 0)
    }
}
