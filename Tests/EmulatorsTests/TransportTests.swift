import Authenticators
import CTAP
import Emulators
import Testing
import WebAuthn

struct TransportTests {
    private let registration = CTAPRequest.makeCredential(Ceremony.registration())

    @Test func `a key that is pulled out is gone, and back once it is plugged in`() throws {
        let lab = try Lab(PersonScript([.unplug.after(.seconds(1))]))
        #expect(try lab.client.call(.cbor, registration.encoded()) == nil)
        #expect(!lab.key.isPluggedIn)
        #expect(try !lab.client.send(.ping, [1]))
        #expect(lab.client.transport.read(timeout: .seconds(60)) == nil)
        let early = lab.key.openTransport()
        #expect(!early.write([UInt8](repeating: 0, count: 64)))
        let old = lab.client
        try lab.cyclePower()
        #expect(try lab.status(registration) == .success)
        #expect(try !old.send(.ping, [1]))
    }

    @Test func `a key that is pulled out by hand ends what waits`() throws {
        let lab = try Lab(PersonScript([.wait]))
        #expect(try lab.client.send(.cbor, registration.encoded()))
        lab.key.unplug()
        #expect(try lab.client.receive() == nil)
        try lab.cyclePower()
        #expect(try lab.status(registration) == .success)
    }

    @Test func `a U2F client finds an unplugged key gone`() throws {
        let lab = try Lab(PersonScript([.unplug]))
        let request = U2FRequest.register(
            challenge: Ceremony.clientDataHash, application: Ceremony.clientDataHash)
        #expect(try lab.client.call(.message, request.encoded()) == nil)
        #expect(!lab.key.isPluggedIn)
    }

    @Test func `CANCEL ends the wait and leaves the key usable`() throws {
        let lab = try Lab(PersonScript([.wait]))
        #expect(try lab.client.send(.cbor, registration.encoded()))
        #expect(try lab.client.send(.cancel))
        let reply = try lab.client.receive()
        #expect(reply?.payload == [CTAPStatus.keepaliveCancel.rawValue])
        #expect(lab.client.keepalives == [.userPresenceNeeded])
        #expect(try lab.status(registration) == .success)
    }

    @Test func `keepalives come every 100 milliseconds while the person is awaited`() throws {
        let lab = try Lab(PersonScript([.touch.after(.seconds(3))]))
        #expect(try lab.status(registration) == .success)
        #expect((30...31).contains(lab.client.keepalives.count))
        #expect(lab.client.keepalives.allSatisfy { $0 == .userPresenceNeeded })
    }

    @Test func `INIT in mid-wait gives the request up`() throws {
        let lab = try Lab(PersonScript([.touch.after(.seconds(3))]))
        #expect(try lab.client.send(.cbor, registration.encoded()))
        let reply = try lab.client.call(.initialize, [UInt8](repeating: 1, count: 8))
        #expect(reply?.command == .initialize)
        lab.clock.advance(by: .seconds(5))
        #expect(lab.client.transport.read(timeout: .zero) == nil)
        #expect(try lab.register().data.signatureCounter == 1)
    }

    @Test func `two clients have channels of their own`() throws {
        let lab = try Lab(PersonScript([.touch.after(.seconds(3))]))
        var other = try Client(lab.key.openTransport(), lab.clock)
        #expect(other.channel != lab.client.channel)
        #expect(try lab.client.send(.cbor, registration.encoded()))
        let refused = try other.call(.ping, [1])
        #expect(refused?.command == .error)
        #expect(refused?.payload == [HIDError.channelBusy.rawValue])
        let reply = try #require(try lab.client.receive())
        #expect(reply.payload.first == CTAPStatus.success.rawValue)
        #expect(try other.call(.ping, [1])?.payload == [1])
    }

    @Test func `a closed transport hears no more`() throws {
        let lab = try Lab()
        lab.client.transport.close()
        #expect(try !lab.client.send(.ping, [1]))
        #expect(lab.client.transport.read(timeout: .seconds(60)) == nil)
    }

    @Test func `WINK is seen`() throws {
        let lab = try Lab()
        #expect(try lab.client.call(.wink)?.payload == [])
        #expect(lab.key.winkCount == 1)
    }

    @Test func `faults come as planned, and then no more`() throws {
        let lab = try Lab(
            faults: FaultPlan([
                (.getInfo, .badCBOR), (.getInfo, .stall), (.getInfo, .missingFrame),
                (.getInfo, .tornFrame),
            ]))
        let bad = try lab.call(.getInfo)
        #expect(bad.status == .success)
        #expect(throws: MalformedMessage.self) { try GetInfoResponse(decoding: bad.payload) }
        #expect(try lab.client.call(.cbor, [4]) == nil)
        #expect(throws: MalformedMessage.packetOutOfSequence) {
            try lab.client.call(.cbor, [4])
        }
        lab.client = try Client(lab.key.openTransport(), lab.clock)
        #expect(throws: MalformedMessage.reportLength(32)) { try lab.client.call(.cbor, [4]) }
        #expect(try lab.information.versions.count == 3)
    }
}
