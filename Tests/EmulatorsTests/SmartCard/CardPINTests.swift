import Emulators
import ISO7816
import PIV
import Testing

/// VERIFY, CHANGE REFERENCE DATA and RESET RETRY COUNTER (NIST SP 800-73-4 part 2 §3.2).
struct CardPINTests {
    @Test func `the PIN is verified, asked after and forgotten`() throws {
        let lab = try CardLab()
        #expect(try lab.raw("00200080") == "63C3")
        #expect(try lab.raw("0020008008 313233343536FFFF") == "9000")
        #expect(try lab.raw("00200080") == "9000")
        #expect(try lab.raw("0020FF80") == "9000")
        #expect(try lab.raw("00200080") == "63C3")
    }

    @Test func `each wrong PIN costs a try, and the right one gives them back`() throws {
        let lab = try CardLab()
        #expect(try lab.raw("0020008008 393939393939FFFF") == "63C2")
        #expect(try lab.raw("0020008008 393939393939FFFF") == "63C1")
        #expect(try lab.raw("00200080") == "63C1")
        #expect(try lab.raw("0020008008 313233343536FFFF") == "9000")
        #expect(try lab.raw("0020FF80") == "9000")
        #expect(try lab.raw("00200080") == "63C3")
    }

    @Test func `after three wrong PINs the right one is refused too`() throws {
        let lab = try CardLab()
        for status in ["63C2", "63C1", "63C0", "6983"] {
            #expect(try lab.raw("0020008008 393939393939FFFF") == status)
        }
        #expect(try lab.raw("0020008008 313233343536FFFF") == "6983")
        #expect(try lab.raw("00200080") == "6983")
        try lab.cyclePower()
        #expect(try lab.raw("0020008008 313233343536FFFF") == "6983")
    }

    @Test func `a wrong PIN undoes the right one before it`() throws {
        let lab = try CardLab()
        try lab.verifyPIN()
        #expect(try lab.raw("0020008008 393939393939FFFF") == "63C2")
        #expect(try lab.raw("00200080") == "63C2")
    }

    @Test(arguments: [
        ("0020008006 313233343536", "6A80"), ("0020008008 3132333435FFFFFF", "6A80"),
        ("0020008008 313233343536FF37", "6A80"), ("0020008008 4142434445464748", "6A80"),
        ("0020008008 FFFFFFFFFFFFFFFF", "6A80"), ("0020008009 313233343536FFFFFF", "6A80"),
        ("0020FF8008 313233343536FFFF", "6A80"), ("0020018008 313233343536FFFF", "6A86"),
        ("0020000008 313233343536FFFF", "6A88"), ("0020008108 3132333435363738", "6A88"),
        ("0020009600", "6A88"), ("1020008008 313233343536FFFF", "6884"),
        ("0024018010 313233343536FFFF363534333231FFFF", "6A86"),
        ("0024000010 313233343536FFFF363534333231FFFF", "6A88"),
        ("0024009B10 313233343536FFFF363534333231FFFF", "6A88"),
        ("0024008008 313233343536FFFF", "6A80"),
        ("0024008010 313233343536FFFF3635343332FFFFFF", "6A80"),
        ("0024008010 313233343536FFFF363534333261FFFF", "6A80"),
        ("002400810F 3132333435363738616263646566FF", "6A80"),
        ("002C008110 3132333435363738363534333231FFFF", "6A88"),
        ("002C018010 3132333435363738363534333231FFFF", "6A86"),
        ("002C008010 3132333435363738363534FFFFFFFFFF", "6A80"),
    ])
    func `what is no PIN costs no try`(_ command: String, _ status: String) throws {
        let lab = try CardLab()
        #expect(try lab.raw(command) == status)
        #expect(try lab.raw("00200080") == "63C3")
        #expect(try lab.metadata(PIVCommand.metadata(of: .puk)).retries?.left == 3)
    }

    @Test func `the PIN is changed by who knows it`() throws {
        let lab = try CardLab()
        #expect(try lab.raw("0024008010 393939393939FFFF363534333231FFFF") == "63C2")
        #expect(try lab.raw("0024008010 313233343536FFFF363534333231FFFF") == "9000")
        // Whoever changed it has also shown that they know it.
        #expect(try lab.raw("00200080") == "9000")
        try lab.cyclePower()
        #expect(try lab.raw("0020008008 313233343536FFFF") == "63C2")
        #expect(try lab.raw("0020008008 363534333231FFFF") == "9000")
    }

    @Test func `a new PIN may have eight digits, and a PUK any bytes`() throws {
        let lab = try CardLab()
        #expect(try lab.raw("0024008010 313233343536FFFF3837363534333231") == "9000")
        #expect(try lab.raw("0020008008 3837363534333231") == "9000")
        #expect(try lab.raw("0024008110 3132333435363738 00616200FE2020FF") == "9000")
        #expect(try lab.raw("002C008010 00616200FE2020FF 313233343536FFFF") == "9000")
        #expect(try lab.raw("0020008008 313233343536FFFF") == "9000")
    }

    @Test func `the PUK unblocks the PIN, and has its own tries`() throws {
        let lab = try CardLab()
        for _ in 0..<3 { _ = try lab.raw("0020008008 393939393939FFFF") }
        #expect(try lab.raw("002C008010 3132333435363700363534333231FFFF") == "63C2")
        #expect(try lab.raw("00200080") == "6983")
        #expect(try lab.raw("002C008010 3132333435363738363534333231FFFF") == "9000")
        #expect(try lab.raw("00200080") == "63C3")
        #expect(try lab.raw("0020008008 363534333231FFFF") == "9000")
        #expect(try lab.metadata(PIVCommand.metadata(of: .puk)).retries?.left == 3)
    }

    @Test func `a blocked PUK stays blocked`() throws {
        let lab = try CardLab()
        for status in ["63C2", "63C1", "63C0", "6983"] {
            #expect(try lab.raw("002C008010 3030303030303030363534333231FFFF") == status)
        }
        #expect(try lab.raw("002C008010 3132333435363738363534333231FFFF") == "6983")
        #expect(try lab.raw("0024008110 31323334353637383837363534333231") == "6983")
        // Changing the PIN costs tries of its own.
        for status in ["63C2", "63C1", "63C0", "6983"] {
            #expect(try lab.raw("0024008010 393939393939FFFF363534333231FFFF") == status)
        }
    }

    @Test func `how often one may err can be set by who has key and PIN`() throws {
        let lab = try CardLab()
        #expect(try lab.raw("00FA0514") == "6982")
        try lab.manage()
        #expect(try lab.raw("00FA0514") == "6982")
        try lab.verifyPIN()
        #expect(try lab.raw("00FA0005") == "6A80")
        #expect(try lab.raw("00FA0514") == "9000")
        #expect(try lab.raw("00200080") == "63C5")
        // Twenty do not fit into a status word; the metadata tells.
        #expect(try lab.raw("002C008010 3030303030303030363534333231FFFF") == "63CF")
        let puk = try lab.metadata(PIVCommand.metadata(of: .puk))
        #expect(puk.retries == CardMetadata.Retries(total: 20, left: 19))
    }

    @Test func `a card with everything blocked can be reset, no other`() throws {
        let lab = try CardLab()
        _ = try lab.generate()
        try lab.succeed(PIVCommand.putData(.printedText, [1, 2, 3]))
        try lab.succeed(PIVCommand.changeReference(.puk, from: CardLab.puk, to: CardLab.newPIN))
        #expect(try lab.raw("00FB0000") == "6985")
        for _ in 0..<3 { _ = try lab.raw("0020008008 393939393939FFFF") }
        #expect(try lab.raw("00FB0000") == "6985")
        for _ in 0..<3 { _ = try lab.raw("002C008010 3030303030303030363534333231FFFF") }
        #expect(try lab.raw("00FB0001") == "6A86")
        let attestation = try lab.raw("00CB3FFF055C035FFF01")
        #expect(try lab.raw("00FB0000") == "9000")
        #expect(try lab.raw("00200080") == "63C3")
        #expect(try lab.raw("00F7009A00") == "6A88")
        #expect(try lab.raw("00CB3FFF055C035FC109") == "6982")
        try lab.verifyPIN()
        #expect(try lab.raw("00CB3FFF055C035FC109") == "6A82")
        #expect(try lab.raw("00F8000000") == "00BC614E9000")
        #expect(try lab.raw("00CB3FFF055C035FFF01") == attestation)
        try lab.manage()
        #expect(try lab.metadata(PIVCommand.metadata(of: .puk)).isDefault == true)
    }

    @Test func `the metadata tell a new PIN from the factory's`() throws {
        let lab = try CardLab()
        #expect(try lab.raw("00F7008000") == "0101FF050101060203039000")
        _ = try lab.raw("0020008008 393939393939FFFF")
        #expect(try lab.raw("00F7008000") == "0101FF050101060203029000")
        #expect(try lab.raw("0024008010 313233343536FFFF363534333231FFFF") == "9000")
        #expect(try lab.raw("00F7008000") == "0101FF050100060203039000")
        #expect(try lab.raw("00F7008100") == "0101FF050101060203039000")
        #expect(try lab.raw("00F7018000") == "6A86")
        #expect(try lab.raw("00F7000000") == "6A88")
    }
}
