import ISO7816
import PIV
import TestSupport
import Testing

struct PIVSlotTests {
    @Test(
        arguments: [
            ("9a", .authentication, 0x5F_C105), ("9c", .signature, 0x5F_C10A),
            ("9d", .keyManagement, 0x5F_C10B), ("9e", .cardAuthentication, 0x5F_C101),
            ("f9", .attestation, 0x5F_FF01),
        ] as [(String, PIVSlot, UInt32)])
    func `a slot has a name and a certificate object`(
        name: String, slot: PIVSlot, object: UInt32
    ) {
        #expect(slot.description == name)
        #expect(PIVSlot(name) == slot)
        #expect(PIVSlot(name.uppercased()) == slot)
        #expect(slot.certificateObject.rawValue == object)
    }

    @Test func `the retired slots are numbered from 1 to 20`() throws {
        #expect(PIVSlot.retired(1)?.rawValue == 0x82)
        #expect(PIVSlot.retired(20)?.rawValue == 0x95)
        #expect(PIVSlot.retired(1)?.certificateObject.rawValue == 0x5F_C10D)
        #expect(PIVSlot.retired(20)?.certificateObject.rawValue == 0x5F_C120)
        for number in [0, 21, -1, .max, .min] { #expect(PIVSlot.retired(number) == nil) }
    }

    @Test func `all slots of the cardholder are there, each once`() {
        #expect(PIVSlot.all.count == 24)
        #expect(Set(PIVSlot.all).count == 24)
        #expect(!PIVSlot.all.contains(.attestation))
        #expect(Set(PIVSlot.all.map(\.certificateObject)).count == 24)
    }

    @Test func `only references of key pairs are slots`() {
        let known = PIVSlot.all.map(\.rawValue) + [0xF9]
        for reference in UInt8.min...UInt8.max {
            #expect(
                PIVSlot(rawValue: reference)?.rawValue
                    == (known.contains(reference) ? reference : nil))
        }
        for text in ["", "9", "9b", "80", "9a9a", "0x9a", "9g", " 9a"] {
            #expect(PIVSlot(text) == nil)
        }
    }
}

struct AlgorithmTests {
    @Test(
        arguments: [
            (0x03, .tripleDES), (0x05, .rsa3072), (0x06, .rsa1024), (0x07, .rsa2048),
            (0x08, .aes128), (0x0A, .aes192), (0x0C, .aes256), (0x11, .p256), (0x14, .p384),
            (0x16, .rsa4096), (0xE0, .ed25519), (0xE1, .x25519),
        ] as [(UInt8, PIVAlgorithm)])
    func `an algorithm has its number`(number: UInt8, algorithm: PIVAlgorithm) {
        #expect(algorithm.rawValue == number)
        #expect(PIVAlgorithm(algorithm.description) == algorithm)
    }

    @Test func `lengths follow from the algorithm`() {
        #expect(PIVAlgorithm.p256.signatureInputLength == 32)
        #expect(PIVAlgorithm.p384.signatureInputLength == 48)
        #expect(PIVAlgorithm.rsa2048.signatureInputLength == 256)
        #expect(PIVAlgorithm.aes192.signatureInputLength == nil)
        #expect(PIVAlgorithm.tripleDES.managementKeyLength == 24)
        #expect(PIVAlgorithm.aes128.managementKeyLength == 16)
        #expect(PIVAlgorithm.aes192.managementKeyLength == 24)
        #expect(PIVAlgorithm.aes256.managementKeyLength == 32)
        #expect(PIVAlgorithm.p256.managementKeyLength == nil)
        #expect(PIVAlgorithm.tripleDES.blockLength == 8)
        #expect(PIVAlgorithm.aes256.blockLength == 16)
        #expect(PIVAlgorithm.rsa2048.blockLength == nil)
    }

    @Test func `names are names of one thing`() {
        #expect(Set(PIVAlgorithm.allCases.map(\.description)).count == PIVAlgorithm.allCases.count)
        #expect(PIVAlgorithm("") == nil)
        #expect(PIVAlgorithm("P256") == nil)
    }
}

struct KeyPolicyTests {
    @Test func `policies have their numbers and names`() {
        #expect(PINPolicy.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5])
        #expect(
            PINPolicy.allCases.map(\.description)
                == ["default", "never", "once", "always", "match-once", "match-always"])
        #expect(TouchPolicy.allCases.map(\.rawValue) == [0, 1, 2, 3])
        #expect(
            TouchPolicy.allCases.map(\.description) == ["default", "never", "always", "cached"])
        for policy in PINPolicy.allCases { #expect(PINPolicy(policy.description) == policy) }
        for policy in TouchPolicy.allCases { #expect(TouchPolicy(policy.description) == policy) }
        #expect(PINPolicy("sometimes") == nil)
        #expect(TouchPolicy("") == nil)
    }

    @Test func `a slot has a policy of its own`() {
        #expect(PINPolicy.defaultPolicy.resolved(in: .authentication) == .once)
        #expect(PINPolicy.defaultPolicy.resolved(in: .signature) == .always)
        #expect(PINPolicy.defaultPolicy.resolved(in: .keyManagement) == .once)
        #expect(PINPolicy.defaultPolicy.resolved(in: .cardAuthentication) == .never)
        #expect(PINPolicy.never.resolved(in: .signature) == .never)
    }
}

struct PINReferenceTests {
    @Test func `a PIN is filled up with FF`() throws {
        #expect(
            try PINReference.padded(Array("123456".utf8))
                == [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0xFF, 0xFF])
        #expect(try PINReference.padded(Array("12345678".utf8)) == Array("12345678".utf8))
    }

    @Test func `a PIN of another length, or that reads as filling, is refused`() {
        for length in [0, 1, 5, 9, 100] {
            #expect(throws: MalformedCardData.length) {
                try PINReference.padded([UInt8](repeating: 0x31, count: length))
            }
        }
        #expect(throws: MalformedCardData.value("PIN")) {
            try PINReference.padded([0x31, 0x32, 0x33, 0x34, 0x35, 0xFF])
        }
    }

    @Test func `references have their numbers`() {
        #expect(PINReference.global.rawValue == 0x00)
        #expect(PINReference.application.rawValue == 0x80)
        #expect(PINReference.puk.rawValue == 0x81)
    }
}
