import Cryptography
import Encoding
import PhonePush
import Testing
import TestSupport

struct WebPushMessageTests {
    private typealias Vector = PushVectors.Message

    private static func subscription() throws -> PushSubscription {
        try PushSubscription(
            endpoint: PushEndpoint(
                "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"),
            publicKey: Base64URL.decode(Vector.receiverPoint),
            authenticationSecret: Base64URL.decode(Vector.authenticationSecret))
    }

    private static func open(_ message: [UInt8]) throws -> [UInt8] {
        try WebPushMessage.open(
            message, privateKey: PushVectors.receiver(),
            authenticationSecret: Base64URL.decode(Vector.authenticationSecret))
    }

    @Test func `the RFC's message is made and opened`() throws {
        let sealed = try WebPushMessage.seal(
            Array(Vector.plaintext.utf8), for: Self.subscription(),
            salt: Base64URL.decode(Vector.salt), key: PushVectors.sender())
        #expect(Base64URL.encode(sealed) == Vector.sealed)
        #expect(
            try Self.open(Base64URL.decode(Vector.sealed)) == Array(Vector.plaintext.utf8))
    }

    @Test func `the content coding has its RFC's example`() throws {
        let sealed = try Base64URL.decode(PushVectors.Coding.sealed)
        let secret = try Base64URL.decode(PushVectors.Coding.secret)
        let salt = Array(sealed.prefix(16))
        let plaintext = Array(PushVectors.Coding.plaintext.utf8)
        let header = ContentEncoding.Header(salt: salt, keyName: [])
        #expect(try ContentEncoding.seal(plaintext, secret: secret, header: header) == sealed)
        #expect(
            try ContentEncoding.open(Array(sealed.dropFirst(21)), secret: secret, salt: salt)
                == plaintext)
    }

    @Test func `every length that fits goes there and back`() throws {
        var random = SplitMix64(seed: 1)
        let subscription = try Self.subscription()
        let longest = WebPushMessage.maximumPlaintextByteCount
        #expect(longest == 3_993)
        for count in Array(0...40) + [255, 256, 1_000, longest - 1, longest] {
            let plaintext = random.bytes(count)
            let sealed = try WebPushMessage.seal(plaintext, for: subscription)
            #expect(sealed.count == 103 + count)
            #expect(try Self.open(sealed) == plaintext)
        }
        #expect(throws: PushFailure.messageTooLong(byteCount: longest + 1)) {
            try WebPushMessage.seal(random.bytes(longest + 1), for: subscription)
        }
    }

    @Test func `salt and key are never the same twice`() throws {
        let subscription = try Self.subscription()
        let heads = try (0..<64).map { _ in
            try Array(WebPushMessage.seal([1], for: subscription).prefix(86))
        }
        #expect(Set(heads.map { Array($0.prefix(16)) }).count == 64)
        #expect(Set(heads.map { Array($0.suffix(65)) }).count == 64)
    }

    @Test func `no prefix of a message opens`() throws {
        let sealed = try Base64URL.decode(Vector.sealed)
        for prefix in sealed.properPrefixes {
            let failure: PushFailure =
                prefix.count < 103 ? .malformedMessage : .messageNotAuthentic
            #expect(throws: failure) { try Self.open(prefix) }
        }
        #expect(throws: PushFailure.messageNotAuthentic) { try Self.open(sealed + [0]) }
    }

    @Test func `no message with a bit changed opens`() throws {
        let sealed = try Base64URL.decode(Vector.sealed)
        for (bit, flipped) in sealed.singleBitFlips.enumerated() {
            // The record size, the length of the name, and a point that leaves the curve.
            let isForm = (16..<86).contains(bit / 8)
            let failure: PushFailure = isForm ? .malformedMessage : .messageNotAuthentic
            #expect(throws: failure, "bit \(bit)") { try Self.open(flipped) }
        }
    }

    @Test func `a message opens with its key and secret alone`() throws {
        let sealed = try Base64URL.decode(Vector.sealed)
        let secret = try Base64URL.decode(Vector.authenticationSecret)
        #expect(throws: PushFailure.messageNotAuthentic) {
            try WebPushMessage.open(
                sealed, privateKey: P256PrivateKey(), authenticationSecret: secret)
        }
        for other in secret.singleBitFlips {
            #expect(throws: PushFailure.messageNotAuthentic) {
                try WebPushMessage.open(
                    sealed, privateKey: PushVectors.receiver(), authenticationSecret: other)
            }
        }
        for count in [0, 15, 17] {
            #expect(throws: PushFailure.invalidAuthenticationSecret(byteCount: count)) {
                try WebPushMessage.open(
                    sealed, privateKey: PushVectors.receiver(),
                    authenticationSecret: [UInt8](repeating: 0, count: count))
            }
        }
    }

    /// Seals what no sender should, with the content coding alone.
    private static func record(_ padded: [UInt8], keyName: [UInt8]? = nil) throws -> [UInt8] {
        let sender = try PushVectors.sender()
        let point = try #require(sender.publicKey.p256Point)
        let receiver = try Base64URL.decode(Vector.receiverPoint)
        let secret = try HKDFSHA256.derive(
            secret: sender.sharedSecret(with: PublicKey(p256Point: receiver)),
            salt: Base64URL.decode(Vector.authenticationSecret),
            info: Array("WebPush: info\0".utf8) + receiver + point, length: 32)
        let salt = [UInt8](repeating: 3, count: 16)
        let key = try HKDFSHA256.derive(
            secret: secret, salt: salt, info: Array("Content-Encoding: aes128gcm\0".utf8),
            length: 16)
        let nonce = try HKDFSHA256.derive(
            secret: secret, salt: salt, info: Array("Content-Encoding: nonce\0".utf8), length: 12)
        return salt + [0, 0, 16, 0, 65] + point
            + (try AES128GCM.seal(padded, key: key, nonce: nonce, authenticating: []))
    }

    @Test(
        arguments: [
            ([2], []), ([2, 0, 0, 0], []), ([1, 2], [1]), ([0, 2], [0]), ([2, 2], [2]),
            ([9, 0, 2, 0], [9, 0]),
        ] as [([UInt8], [UInt8])])
    func `padding is taken off`(padded: [UInt8], plaintext: [UInt8]) throws {
        #expect(try Self.open(Self.record(padded)) == plaintext)
    }

    @Test(arguments: [[0], [0, 0, 0], [1], [7, 1], [7, 1, 0], [2, 3], [255]] as [[UInt8]])
    func `a record that is not the last, or has no delimiter, is refused`(padded: [UInt8]) throws {
        #expect(throws: PushFailure.malformedMessage) { try Self.open(Self.record(padded)) }
    }

    @Test func `more than a record of 4096 bytes is refused before it is opened`() throws {
        let longest = try Self.record([UInt8](repeating: 5, count: 3_993) + [2])
        #expect(longest.count == 4_096)
        #expect(try Self.open(longest).count == 3_993)
        let longer = try Self.record([UInt8](repeating: 5, count: 3_994) + [2])
        #expect(throws: PushFailure.messageTooLong(byteCount: 4_097)) { try Self.open(longer) }
    }

    @Test func `noise does not open`() throws {
        var random = SplitMix64(seed: 2)
        for _ in 0..<2_000 {
            let noise = random.bytes(Int.random(in: 0...300, using: &random))
            #expect(throws: PushFailure.malformedMessage) { try Self.open(noise) }
        }
    }

    @Test func `a salt of another length seals nothing`() throws {
        let subscription = try Self.subscription()
        for count in [0, 15, 17] {
            #expect(throws: PushFailure.cryptography(.invalidLength)) {
                try WebPushMessage.seal(
                    [1], for: subscription, salt: [UInt8](repeating: 0, count: count),
                    key: P256PrivateKey())
            }
        }
    }
}
