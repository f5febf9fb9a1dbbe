import Authenticators
import Emulators
import ISO7816
import PIV
import Testing

/// Chains, responses in parts and extended lengths (ISO 7816-4 §5.1).
struct CardTransmissionTests {
    private func labWithObject(
        _ lengths: CommandAPDU.Encoding = .short, count: Int = 600
    ) throws -> CardLab {
        let lab = try CardLab(configuration: .init(serialNumber: 1, lengths: lengths))
        try lab.manage()
        try lab.succeed(
            PIVCommand.putData(.authenticationCertificate, [UInt8](repeating: 5, count: count)))
        return lab
    }

    @Test func `a long response comes in parts`() throws {
        let lab = try labWithObject()
        // 600 bytes and the four before them make 256, 256 and 92.
        let first = try lab.raw("00CB3FFF055C035FC10500")
        #expect(first.hasPrefix("5382025805") && first.hasSuffix("056100"))
        #expect(first.count == 2 * 258)
        let second = try lab.raw("00C0000000")
        #expect(second.hasSuffix("05615C") && second.count == 2 * 258)
        #expect(try lab.raw("00C000005D") == "6C5C")
        #expect(try lab.raw("00C0000010").hasSuffix("05614C"))
        let last = try lab.raw("00C000004C")
        #expect(last.hasSuffix("059000") && last.count == 2 * (0x4C + 2))
        #expect(try lab.raw("00C0000000") == "6985")
    }

    @Test func `as much comes as was asked for`() throws {
        let lab = try labWithObject(count: 20)
        #expect(try lab.raw("00CB3FFF055C035FC10504") == "531405056112")
        #expect(try lab.raw("00C0000002") == "05056110")
        #expect(try lab.raw("00C0000000") == String(repeating: "05", count: 16) + "9000")
    }

    @Test func `another command drops the rest of a response`() throws {
        let lab = try labWithObject()
        _ = try lab.raw("00CB3FFF055C035FC10500")
        #expect(try lab.raw("00C0000100") == "6A86")
        #expect(try lab.raw("00FD000000") == "0507009000")
        #expect(try lab.raw("00C0000000") == "6985")
        _ = try lab.raw("00CB3FFF055C035FC10500")
        lab.card.resetByAnotherProgram()
        try lab.transport.reconnect()
        #expect(try lab.raw("00C0000000") == "6985")
    }

    @Test func `a chain is one command`() throws {
        let lab = try CardLab()
        try lab.manage()
        #expect(try lab.raw("10DB3FFF02 5C03") == "9000")
        #expect(try lab.raw("10DB3FFF05 5FC1055303") == "9000")
        #expect(try lab.raw("00DB3FFF03 010203") == "9000")
        #expect(try lab.raw("00CB3FFF055C035FC105") == "53030102039000")
    }

    @Test func `a chain that another command breaks into is forgotten`() throws {
        let lab = try CardLab()
        try lab.manage()
        #expect(try lab.raw("10DB3FFF07 5C035FC1055303") == "9000")
        #expect(try lab.raw("00CB3FFF055C035FC105") == "6A82")
        #expect(try lab.raw("00DB3FFF03 010203") == "6A80")
        #expect(try lab.raw("10DB3FFF07 5C035FC1055303") == "9000")
        #expect(try lab.raw("00DB3FFE03 010203") == "6A86")
        #expect(try lab.raw("00CB3FFF055C035FC105") == "6A82")
    }

    @Test func `a chain has an end`() throws {
        let lab = try CardLab()
        try lab.manage()
        let link = "10DB3FFFFF" + String(repeating: "00", count: 255)
        for _ in 0..<16 { #expect(try lab.raw(link) == "9000") }
        #expect(try lab.raw(link) == "6700")
        #expect(try lab.raw("00DB3FFF03 010203") == "6A80")
    }

    @Test func `extended lengths are taken where the answer to reset says so`() throws {
        let short = try labWithObject()
        #expect(try short.raw("00CB3FFF00000005 5C035FC105") == "6700")
        #expect(try short.raw("00CB3FFF000005 5C035FC105 0000") == "6700")
        let extended = try labWithObject(.extended)
        let whole = try extended.raw("00CB3FFF000005 5C035FC105 0000")
        #expect(whole.count == 2 * 606 && whole.hasSuffix("059000"))
        let part = try extended.raw("00CB3FFF000005 5C035FC105 0140")
        #expect(part.count == 2 * (320 + 2) && part.hasSuffix("056100"))
        #expect(try extended.raw("00CB3FFF055C035FC10500").hasSuffix("056100"))
    }
}
