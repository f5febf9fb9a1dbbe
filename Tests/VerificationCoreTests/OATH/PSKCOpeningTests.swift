import Cryptography
import Encoding
import OATH
import PSKCXML
import TestSupport
import Testing
import VerificationCore

struct PSKCOpeningTests {
    private static let secret = Array("12345678901234567890".utf8)

    private static func opened(
        _ document: String, _ key: (PSKCProtection) throws -> PSKCProtectionKey
    ) throws -> [TokenDraft] {
        let container = try PSKC.decode(Array(document.utf8))
        let key = try key(#require(container.protection))
        return try container.packages.map { try $0.outcome.get().draft(with: key) }
    }

    private static func failure(
        _ document: String, _ key: (PSKCProtection) throws -> PSKCProtectionKey
    ) throws -> PSKCOpeningFailure? {
        do {
            _ = try opened(document, key)
            return nil
        } catch let failure as PSKCOpeningFailure {
            return failure
        }
    }

    private static func figure6Key(_ protection: PSKCProtection) throws -> PSKCProtectionKey {
        try PSKCProtectionKey(
            preShared: Hex.decode(KeyContainers.figure6Key), for: protection)
    }

    @Test func `opens the RFC's example with the pre-shared key`() throws {
        let drafts = try Self.opened(KeyContainers.figure6, Self.figure6Key)
        #expect(drafts.map(\.secret) == [Self.secret])
        #expect(
            drafts.map(\.parameters) == [try TokenParameters(.hotp(.eight), hash: .sha1)])
        #expect(drafts.map(\.serial) == ["987654321"])
    }

    @Test func `opens the RFC's example with the passphrase`() throws {
        let drafts = try Self.opened(KeyContainers.figure7) { protection in
            try PSKCProtectionKey(
                passphrase: Array(KeyContainers.figure7Passphrase.utf8), for: protection)
        }
        #expect(drafts.map(\.secret) == [Self.secret])
        #expect(drafts.map(\.counter) == [0])
    }

    /// Older containers authenticate with the key that encrypts; the code is HMAC-SHA-1 by python-pskc.
    @Test func `opens values that have no MAC key of their own`() throws {
        var text = KeyContainers.figure6.replacing(
            "Su+NvtQfmvfJzF6bmQiJqoLRExc=", with: "N8Agsfe5A7WQFswmdvL/MHdd3y0=")
        let start = try #require(text.firstRange(of: "<MACKey>")).lowerBound
        let end = try #require(text.firstRange(of: "</MACKey>")).upperBound
        text.removeSubrange(start..<end)
        #expect(try Self.opened(text, Self.figure6Key).map(\.secret) == [Self.secret])
    }

    @Test func `tells a wrong key from nothing else`() throws {
        let key = try Hex.decode(KeyContainers.figure6Key)
        for wrong in Array(key.singleBitFlips) + Array(key.properPrefixes) + [key + key] {
            let failure = try Self.failure(KeyContainers.figure6) { protection in
                try PSKCProtectionKey(preShared: wrong, for: protection)
            }
            #expect(failure == .wrongKey)
        }
        for wrong in ["", "Qwerty", "qwerty\n", "qwert", String(repeating: "q", count: 200)] {
            let failure = try Self.failure(KeyContainers.figure7) { protection in
                try PSKCProtectionKey(passphrase: Array(wrong.utf8), for: protection)
            }
            #expect(failure == .wrongKey)
        }
    }

    @Test func `tells a changed value from nothing else`() throws {
        let container = try PSKC.decode(Array(KeyContainers.figure6.utf8))
        let protection = try #require(container.protection)
        let key = try Self.figure6Key(protection)
        let package = try #require(container.packages.first).outcome.get()
        guard case .encrypted(let ciphertext, let mac) = package.secret else {
            Issue.record("the secret is in the clear")
            return
        }
        for bytes in Array(ciphertext.bytes.singleBitFlips) + [Array(ciphertext.bytes.prefix(32))] {
            let changed = PSKCValue<[UInt8]>.encrypted(
                try PSKCCiphertext(keyLength: 16, bytes: bytes), mac: mac)
            #expect(throws: PSKCOpeningFailure.wrongKey) {
                try Self.package(secret: changed).draft(with: key)
            }
        }
        for mac in Array(mac.singleBitFlips) + Array(mac.properPrefixes) {
            #expect(throws: PSKCOpeningFailure.wrongKey) {
                try Self.package(secret: .encrypted(ciphertext, mac: mac)).draft(with: key)
            }
        }
        // The right bytes said to be another cipher's.
        let other = try PSKCCiphertext(keyLength: 32, bytes: ciphertext.bytes)
        #expect(throws: PSKCOpeningFailure.wrongKey) {
            try Self.package(secret: .encrypted(other, mac: mac)).draft(with: key)
        }
    }

    private static func package(
        kind: TokenKind = .hotp, secret: PSKCValue<[UInt8]>, counter: PSKCValue<UInt64>? = nil,
        timeInterval: PSKCValue<UInt64>? = nil, timeDrift: PSKCValue<Int64>? = nil
    ) throws -> PSKCKeyPackage {
        try PSKCKeyPackage(
            kind: kind, hash: nil, digits: 6, suite: nil, facts: .init(), secret: secret,
            counter: counter, timeInterval: timeInterval, timeDrift: timeDrift)
    }

    /// What a maker does: everything encrypted with AES-256, HMAC-SHA-256 with a key of its own.
    private struct Maker {
        let encryptionKey = [UInt8](repeating: 0x5A, count: 32)
        let macKey = [UInt8](repeating: 0xC3, count: 32)
        let vector = [UInt8](16...31)

        func protection(_ source: PSKCProtection.KeySource) throws -> PSKCProtection {
            PSKCProtection(
                source: source,
                authentication: .init(hash: .sha256, key: try ciphertext(macKey)))
        }

        func ciphertext(_ plain: [UInt8]) throws -> PSKCCiphertext {
            try PSKCCiphertext(
                keyLength: 32,
                bytes: PaddedCBC.encrypt(
                    plain, key: encryptionKey, initializationVector: vector))
        }

        func value<Value>(_ plain: [UInt8], as type: Value.Type) throws -> PSKCValue<Value> {
            let ciphertext = try ciphertext(plain)
            return .encrypted(
                ciphertext, mac: HMACSHA256.authenticate(ciphertext.bytes, key: macKey))
        }
    }

    @Test func `opens encrypted numbers`() throws {
        let maker = Maker()
        let key = try PSKCProtectionKey(
            preShared: maker.encryptionKey, for: maker.protection(.preShared(name: nil)))
        let totp = try Self.package(
            kind: .totp, secret: maker.value(Self.secret, as: [UInt8].self),
            timeInterval: maker.value([0, 0, 0, 0, 0, 0, 0, 60], as: UInt64.self),
            timeDrift: maker.value([UInt8](repeating: 0xFF, count: 8), as: Int64.self))
        let draft = try totp.draft(with: key)
        #expect(draft.parameters == (try TokenParameters(.totp(.six, period: 60), hash: .sha1)))
        #expect(draft.drift == -1)
        let hotp = try Self.package(
            secret: .plain(Self.secret),
            counter: maker.value([0, 0, 0, 0, 0, 0, 1, 2], as: UInt64.self))
        #expect(try hotp.draft(with: key).counter == 258)
        #expect(throws: PSKCOpeningFailure.keyNeeded) { try hotp.draft(with: nil) }
    }

    @Test func `reports what is wrong with the right key too`() throws {
        let maker = Maker()
        let key = try PSKCProtectionKey(
            preShared: maker.encryptionKey, for: maker.protection(.preShared(name: nil)))
        for length in [0, 1, 9, 129] {
            let package = try Self.package(
                secret: maker.value([UInt8](repeating: 1, count: length), as: [UInt8].self))
            #expect(throws: PSKCOpeningFailure.malformed(.secretLength)) {
                try package.draft(with: key)
            }
        }
        for bytes in [[], [1], [0, 0, 0, 30], [UInt8](repeating: 0, count: 9)] as [[UInt8]] {
            let package = try Self.package(
                secret: .plain(Self.secret), counter: maker.value(bytes, as: UInt64.self))
            #expect(throws: PSKCOpeningFailure.malformed(.value("EncryptedValue"))) {
                try package.draft(with: key)
            }
        }
        let drifting = try Self.package(
            kind: .totp, secret: .plain(Self.secret),
            timeDrift: maker.value([0x7F] + [UInt8](repeating: 0xFF, count: 7), as: Int64.self))
        #expect(throws: PSKCOpeningFailure.malformed(.value("TimeDrift"))) {
            try drifting.draft(with: key)
        }
        let slow = try Self.package(
            kind: .totp, secret: .plain(Self.secret),
            timeInterval: maker.value([UInt8](repeating: 0xFF, count: 8), as: UInt64.self))
        #expect(throws: PSKCOpeningFailure.malformed(.period)) { try slow.draft(with: key) }
    }

    @Test func `needs no key for what is in the clear`() throws {
        let container = try PSKC.decode(Array(KeyContainers.figure3.utf8))
        let draft = try #require(container.packages.first).outcome.get().draft(with: nil)
        #expect(draft.secret == Self.secret)
        #expect(draft.user == "jsmith")
    }

    @Test func `tells a passphrase from a key`() throws {
        let derivation = try PSKCKeyDerivation(
            salt: [1], iterations: 1, keyLength: 32, hash: .sha512)
        let maker = Maker()
        #expect(throws: PSKCOpeningFailure.otherKindOfKey) {
            try PSKCProtectionKey(
                preShared: maker.encryptionKey, for: maker.protection(.passphrase(derivation)))
        }
        #expect(throws: PSKCOpeningFailure.otherKindOfKey) {
            try PSKCProtectionKey(
                passphrase: [1], for: maker.protection(.preShared(name: nil)))
        }
        #expect(throws: PSKCOpeningFailure.malformed(.missing("MACMethod"))) {
            try PSKCProtectionKey(
                preShared: [],
                for: PSKCProtection(source: .preShared(name: nil), authentication: nil))
        }
    }

    @Test func `says nothing of its key`() throws {
        let key = try Self.figure6Key(
            #require(try PSKC.decode(Array(KeyContainers.figure6.utf8)).protection))
        #expect("\(key)" == "a key of a key container")
    }

    @Test func `has a code of its own for each failure`() {
        let failures: [PSKCOpeningFailure] = [
            .keyNeeded, .otherKindOfKey, .wrongKey, .malformed(.secretLength),
            .cryptography(.invalidLength),
        ]
        #expect(
            failures.map(\.code) == [
                "pskc-key-needed", "pskc-other-kind-of-key", "pskc-wrong-key", "oath-secret-length",
                "pskc-cryptography",
            ])
    }
}
