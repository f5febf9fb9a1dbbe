import Authenticators
import Dispatch
import Emulators
import Encoding
import ISO7816
import PIV
import Testing

struct CardTransportTests {
    @Test func `another program's reset is told until the driver reconnects`() throws {
        let lab = try CardLab()
        try lab.verifyPIN()
        lab.card.resetByAnotherProgram()
        #expect(throws: AuthenticatorFailure.wasReset) { try lab.raw("00200080") }
        #expect(throws: AuthenticatorFailure.wasReset) { try lab.transport.beginTransaction() }
        try lab.transport.reconnect()
        try lab.transport.beginTransaction()
        #expect(try lab.raw("00200080") == "6D00")
        lab.transport.endTransaction(.asItIs)
        try lab.succeed(PIVCommand.select())
        #expect(try lab.raw("00200080") == "63C3")
    }

    @Test func `a transaction can end with a reset, which everybody is told`() throws {
        let lab = try CardLab()
        let other = lab.card.openTransport()
        try lab.transport.beginTransaction()
        try lab.transport.beginTransaction()
        try lab.verifyPIN()
        try lab.manage()
        // An inner one ends nothing.
        lab.transport.endTransaction(.asItIs)
        #expect(try lab.raw("00200080") == "9000")
        lab.transport.endTransaction(.reset)
        #expect(throws: AuthenticatorFailure.wasReset) { try lab.raw("00200080") }
        #expect(throws: AuthenticatorFailure.wasReset) { try other.beginTransaction() }
        lab.transport.close()
        lab.transport = other
        try other.reconnect()
        #expect(try lab.raw("00200080") == "6D00")
        try lab.succeed(PIVCommand.select())
        #expect(try lab.raw("00200080") == "63C3")
        #expect(try lab.status(PIVCommand.putData(.keyHistory, [])) == "6982")
    }

    @Test func `a reset is for the card that was connected to only`() throws {
        let lab = try CardLab()
        try lab.transport.beginTransaction()
        lab.card.remove()
        lab.card.insert()
        let other = lab.card.openTransport()
        lab.transport.endTransaction(.reset)
        try other.beginTransaction()
        #expect(try other.transmit([0x00, 0xFD, 0x00, 0x00]) == [0x6D, 0x00])
        other.endTransaction(.asItIs)
    }

    @Test func `a card that was taken out stays gone for who held it`() throws {
        let lab = try CardLab()
        lab.card.remove()
        #expect(!lab.card.isInserted)
        #expect(throws: AuthenticatorFailure.unplugged) { try lab.raw("00200080") }
        #expect(throws: AuthenticatorFailure.unplugged) { try lab.transport.reconnect() }
        let early = lab.card.openTransport()
        lab.card.insert()
        #expect(lab.card.isInserted)
        #expect(throws: AuthenticatorFailure.unplugged) { try lab.raw("00200080") }
        #expect(throws: AuthenticatorFailure.unplugged) { try lab.transport.beginTransaction() }
        #expect(throws: AuthenticatorFailure.unplugged) { try early.transmit([0, 0xFD, 0, 0]) }
        #expect(throws: AuthenticatorFailure.unplugged) { try early.reconnect() }
        lab.transport = lab.card.openTransport()
        #expect(try lab.raw("00FD0000") == "6D00")
    }

    @Test func `the person may pull the card out instead of touching it`() throws {
        let lab = try CardLab(PersonScript([.unplug.after(.seconds(2))]))
        _ = try lab.generate(.cardAuthentication, touchPolicy: .always)
        let sign = try PIVCommand.sign(.cardAuthentication, .p256, Signing.input(.p256))
        #expect(throws: AuthenticatorFailure.unplugged) { try lab.call(sign) }
        #expect(!lab.card.isInserted)
        try lab.cyclePower()
        #expect(try lab.status(sign) == "9000")
    }

    @Test func `a transaction keeps others waiting`() throws {
        let lab = try CardLab()
        let other = lab.card.openTransport()
        try lab.transport.beginTransaction()
        try lab.transport.beginTransaction()
        let done = DispatchSemaphore(value: 0)
        DispatchQueue(label: "another program").async {
            _ = try? other.transmit([0x00, 0x20, 0x00, 0x80])
            done.signal()
        }
        #expect(done.wait(timeout: .now() + .milliseconds(50)) == .timedOut)
        #expect(try lab.raw("00200080") == "63C3")
        lab.transport.endTransaction(.asItIs)
        #expect(done.wait(timeout: .now() + .milliseconds(50)) == .timedOut)
        lab.transport.endTransaction(.asItIs)
        #expect(done.wait(timeout: .now() + .seconds(10)) == .success)
        lab.transport.endTransaction(.asItIs)
    }

    @Test func `a transport that is closed lets go of the card`() throws {
        let lab = try CardLab()
        try lab.transport.beginTransaction()
        lab.transport.close()
        #expect(throws: AuthenticatorFailure.unplugged) { try lab.raw("00200080") }
        do {
            let forgotten = lab.card.openTransport()
            try forgotten.beginTransaction()
        }
        lab.transport = lab.card.openTransport()
        try lab.transport.beginTransaction()
        #expect(try lab.raw("00200080") == "63C3")
        lab.transport.endTransaction(.asItIs)
    }

    @Test(arguments: [true, false])
    func `whoever takes the card out or resets it ends the wait for a touch`(
        isTakenOut: Bool
    ) throws {
        let asked = DispatchSemaphore(value: 0)
        let person = PersonScript { _ in
            asked.signal()
            return .wait
        }
        // On the real clock, where the wait would take an hour.
        let lab = try CardLab(
            card: SoftwareCard(configuration: .init(touchTimeout: .seconds(3_600)), person: person))
        _ = try lab.generate(.cardAuthentication, touchPolicy: .always)
        let card = lab.card
        DispatchQueue(label: "another").async {
            asked.wait()
            if isTakenOut { card.remove() } else { card.resetByAnotherProgram() }
        }
        let sign = try PIVCommand.sign(.cardAuthentication, .p256, Signing.input(.p256))
        #expect(throws: isTakenOut ? AuthenticatorFailure.unplugged : .wasReset) {
            try lab.call(sign)
        }
    }
}
