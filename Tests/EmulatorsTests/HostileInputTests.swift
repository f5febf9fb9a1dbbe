import Authenticators
import CTAP
import Emulators
import Encoding
import TestSupport
import Testing
import WebAuthn

struct HostileInputTests {
    /// The key still serves a client that behaves.
    private func expectAlive(_ lab: Lab) throws {
        lab.client = try Client(lab.key.openTransport(), lab.clock)
        #expect(try lab.client.call(.ping, [1, 2, 3])?.payload == [1, 2, 3])
        #expect(try lab.information.versions.count == 3)
    }

    @Test func `ten thousand random reports never trap`() throws {
        var random = SplitMix64(seed: 11)
        let lab = try Lab()
        let transport = lab.client.transport
        for _ in 0..<10_000 {
            var report = random.bytes(64)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: report = random.bytes(Int.random(in: 0...200, using: &random))
            case 1: break
            case 2: report.replaceSubrange(0..<4, with: [0xFF, 0xFF, 0xFF, 0xFF])
            default:
                let channel = lab.client.channel.rawValue
                for index in 0..<4 {
                    report[index] = UInt8(truncatingIfNeeded: channel >> (24 - index * 8))
                }
                report[4] =
                    [0x81, 0x83, 0x84, 0x86, 0x88, 0x90, 0x91, 0x00, 0x01].randomElement(
                        using: &random) ?? 0
                if Bool.random(using: &random) { report[5] = 0 }
                if report[4] == 0x90 { report[7] %= 0x10 }
            }
            #expect(transport.write(report))
            while transport.read(timeout: .zero) != nil {}
            if Bool.random(using: &random) { lab.clock.advance(by: .milliseconds(100)) }
        }
        lab.clock.advance(by: .seconds(60))
        try expectAlive(lab)
    }

    private func randomCBOR(_ random: inout SplitMix64, depth: Int) -> CBOR {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &random) {
        case 0: .unsigned(random.next() >> Int.random(in: 0..<64, using: &random))
        case 1: .negative(random.next() >> Int.random(in: 0..<64, using: &random))
        case 2: .bytes(random.bytes([0, 1, 16, 32, 48, 64].randomElement(using: &random) ?? 0))
        case 3: .text(["id", "type", "public-key", "rk", "ü"].randomElement(using: &random) ?? "")
        case 4: .bool(Bool.random(using: &random))
        case 5: .null
        case 6: CBOR(Int.random(in: -10...10, using: &random))
        case 7:
            .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    randomCBOR(&random, depth: depth - 1)
                })
        default: randomMap(&random, depth: depth - 1)
        }
    }

    private func randomMap(_ random: inout SplitMix64, depth: Int) -> CBOR {
        var map: [CBOR: CBOR] = [:]
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let key: CBOR =
                Bool.random(using: &random)
                ? CBOR(Int.random(in: -3...12, using: &random))
                : .text(
                    ["id", "type", "name", "alg", "rk", "uv"].randomElement(using: &random) ?? "")
            map[key] = randomCBOR(&random, depth: depth)
        }
        return .map(map)
    }

    @Test func `ten thousand random commands never trap`() throws {
        var random = SplitMix64(seed: 12)
        let lab = try Lab(configuration: .init(resetWindow: .afterPowerUp(.zero)))
        try lab.setPIN()
        for _ in 0..<10_000 {
            let command = UInt8.random(in: 0...0x0E, using: &random)
            let body = randomMap(&random, depth: 3).encoded()
            let reply = try lab.client.call(.cbor, [command] + body.prefix(2_000))
            let payload = try #require(reply).payload
            #expect(!payload.isEmpty)
        }
        try expectAlive(lab)
    }

    @Test func `requests with a flipped bit never trap`() throws {
        let lab = try Lab()
        try lab.setPIN()
        let made = try lab.register()
        var registration = Ceremony.registration(options: ["rk": true, "uv": true])
        registration.excludeList = [CredentialDescriptor(id: [1, 2, 3])]
        registration.extensions = ["credProtect": 2, "hmac-secret": true]
        let platform = try Platform(lab, .two)
        let requests: [CTAPRequest] = [
            .makeCredential(registration), .getAssertion(Ceremony.authentication(made)),
            .clientPIN(try platform.getTokenUsingUV(.getAssertion, Ceremony.relyingPartyID)),
            .clientPIN(try platform.changePIN(Lab.pin, to: "13579")),
        ]
        for request in requests {
            let message = request.encoded()
            for bit in 8..<message.count * 8 {
                var flipped = message
                flipped[bit / 8] ^= 1 << (bit % 8)
                let reply = try lab.client.call(.cbor, flipped)
                #expect(reply?.payload.isEmpty == false)
            }
        }
        try expectAlive(lab)
    }

    @Test func `random U2F messages never trap`() throws {
        var random = SplitMix64(seed: 13)
        let lab = try Lab()
        for _ in 0..<2_000 {
            var message = random.bytes(Int.random(in: 1...150, using: &random))
            message[0] = 0
            if message.count > 1 { message[1] %= 5 }
            let reply = try lab.client.call(.message, message)
            #expect(try #require(reply).payload.count >= 2)
        }
        try expectAlive(lab)
    }
}
