import Emulators
import ISO7816
import PIV
import Testing

/// GET DATA and PUT DATA (NIST SP 800-73-4 part 2 §3.1.2 and §3.3.1).
struct CardDataTests {
    @Test func `a new card has an identifier and says how its PIN is used`() throws {
        let lab = try CardLab()
        #expect(
            try lab.raw("00CB3FFF035C017E") == "7E124F0BA0000003080000100001005F2F0240009000")
        let chuid = try lab.succeed(PIVCommand.getData(.cardholderUniqueIdentifier))
        let contents = try DataObject(id: .cardholderUniqueIdentifier, response: chuid).contents
        #expect(try CHUID(decoding: contents).expirationDate == "20491231")
        #expect(try lab.raw("00CB3FFF055C035FC105") == "6A82")
        #expect(try lab.raw("00CB3FFF055C035FC107") == "6A82")
        #expect(try lab.raw("00CB3FFF045C027F61") == "6A82")
    }

    @Test func `an object is written by who manages the card, read by anybody, and deleted`()
        throws
    {
        let lab = try CardLab()
        #expect(try lab.raw("00DB3FFF09 5C035FC105 53020102") == "6982")
        try lab.manage()
        #expect(try lab.raw("00DB3FFF09 5C035FC105 53020102") == "9000")
        try lab.cyclePower()
        #expect(try lab.raw("00CB3FFF055C035FC105") == "530201029000")
        try lab.manage()
        #expect(try lab.raw("00DB3FFF07 5C035FC105 5300") == "9000")
        #expect(try lab.raw("00CB3FFF055C035FC105") == "6A82")
    }

    @Test func `what is printed on the card and the biometrics are read only with the PIN`()
        throws
    {
        let lab = try CardLab()
        try lab.manage()
        for id in ["5FC103", "5FC108", "5FC109", "5FC121"] {
            #expect(try lab.raw("00DB3FFF09 5C03\(id) 53020102") == "9000")
            #expect(try lab.raw("00CB3FFF055C03\(id)") == "6982")
        }
        try lab.verifyPIN()
        for id in ["5FC103", "5FC108", "5FC109", "5FC121"] {
            #expect(try lab.raw("00CB3FFF055C03\(id)") == "530201029000")
        }
    }

    @Test(arguments: [
        ("00CB3FFE055C035FC105", "6A86"), ("00CB3F00055C035FC105", "6A86"),
        ("00CB3FFF045C035FC1", "6A80"), ("00CB3FFF055D035FC105", "6A80"),
        ("00CB3FFF0A5C035FC1055C035FC105", "6A80"), ("00CB3FFF025C00", "6A80"),
        ("00CB3FFF055C035FC17F", "6A82"), ("10CB3FFF055C035FC105", "6884"),
        ("00DB3FFE09 5C035FC105 53020102", "6A86"), ("00DB3FFF09 5C035FC105 54020102", "6A80"),
        ("00DB3FFF08 5C035FC105 530201", "6A80"), ("00DB3FFF0B 5C035FC105 530201020000", "6A80"),
        ("00DB3FFF0B 5C035FC105 53020102", "6700"),
        ("00DB3FFF0A 5C035FC105 5302010200", "6A80"), ("00DB3FFF09 53020102 5C035FC105", "6A80"),
        ("00DB3FFF09 5C035FC17F 53020102", "6A81"), ("00DB3FFF09 5C035FFF01 53020102", "6A81"),
        ("00DB3FFF04 7E020102", "6A81"), ("00DB3FFF", "6A80"),
    ])
    func `what is no request for an object is refused`(
        _ command: String, _ status: String
    ) throws {
        let lab = try CardLab()
        try lab.manage()
        #expect(try lab.raw(command) == status)
    }

    @Test func `an object has its limit, and so has a chain`() throws {
        let lab = try CardLab()
        try lab.manage()
        let most = [UInt8](repeating: 7, count: 3_052)
        try lab.succeed(PIVCommand.putData(.signatureCertificate, most))
        let read = try lab.succeed(PIVCommand.getData(.signatureCertificate))
        #expect(read == [0x53, 0x82, 0x0B, 0xEC] + most)
        #expect(try lab.status(PIVCommand.putData(.signatureCertificate, most + [7])) == "6A84")
        let tooMuch = [UInt8](repeating: 7, count: 4_090)
        #expect(try lab.status(PIVCommand.putData(.signatureCertificate, tooMuch)) == "6700")
        #expect(try lab.succeed(PIVCommand.getData(.signatureCertificate)) == read)
    }

    @Test func `the vendor's objects can be written, all but the card's own certificate`() throws {
        let lab = try CardLab()
        try lab.manage()
        #expect(try lab.raw("00DB3FFF09 5C035FFF00 53020102") == "9000")
        #expect(try lab.raw("00CB3FFF055C035FFF00") == "530201029000")
        let object = try DataObject(
            id: .attestationCertificate,
            response: lab.succeed(PIVCommand.getData(.attestationCertificate)))
        #expect(try !CertificateObject(decoding: object.contents).certificate.isEmpty)
    }
}
