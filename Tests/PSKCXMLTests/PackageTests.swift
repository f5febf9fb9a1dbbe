import Encoding
import OATH
import PSKCXML
import TestSupport
import Testing

struct PackageTests {
    private static let secret = Array("12345678901234567890".utf8)

    private static func lines(_ packages: String) throws -> [ImportedLine<PSKCKeyPackage>] {
        try PSKC.decode(Array(KeyContainers.container(packages).utf8)).packages
    }

    private static func draft(_ package: String) throws -> TokenDraft {
        let lines = try lines(package)
        try #require(lines.count == 1)
        let package = try lines[0].outcome.get()
        guard case .plain(let secret) = package.secret else { throw MalformedOATH.missing("") }
        return try package.draft(
            secret: secret, counter: plain(package.counter),
            timeInterval: plain(package.timeInterval), timeDrift: plain(package.timeDrift))
    }

    private static func plain<Value>(_ value: PSKCValue<Value>?) -> Value? {
        guard case .plain(let value) = value else { return nil }
        return value
    }

    private static func value(_ name: String, _ text: String) -> String {
        "<\(name)><PlainValue>\(text)</PlainValue></\(name)>"
    }

    @Test func `reads a time-based token with its interval and its drift`() throws {
        let draft = try Self.draft(
            KeyContainers.package(
                algorithm: "totp",
                parameters:
                    #"<Suite>HMAC-SHA256</Suite><ResponseFormat Length="6" Encoding="DECIMAL"/>"#,
                data: KeyContainers.secret + Self.value("Time", "0")
                    + Self.value("TimeInterval", "60") + Self.value("TimeDrift", "-4")))
        #expect(draft.parameters == (try TokenParameters(.totp(.six, period: 60), hash: .sha256)))
        #expect(draft.drift == -4)
        #expect(draft.counter == 0)
        #expect(draft.secret == Self.secret)
    }

    @Test(arguments: [
        ("HMAC-SHA1", OATHHash.sha1), ("HMAC-SHA-512", .sha512), ("SHA256", .sha256), ("", .sha1),
    ])
    func `reads the hash function of a suite`(suite: String, hash: OATHHash) throws {
        let parameters = #"<Suite>\#(suite)</Suite><ResponseFormat Length="7" Encoding="DECIMAL"/>"#
        let draft = try Self.draft(KeyContainers.package(parameters: parameters))
        #expect(draft.parameters == (try TokenParameters(.hotp(.seven), hash: hash)))
    }

    @Test func `reads a challenge-response token by its suite, wherever that is`() throws {
        let suite = "OCRA-1:HOTP-SHA512-8:C-QN08"
        let expected = try TokenParameters(OCRASuite(suite))
        let counter = KeyContainers.secret + Self.value("Counter", "12")
        let named = try Self.draft(
            KeyContainers.package(
                algorithm: "ocra", parameters: "<Suite>\(suite)</Suite>", data: counter))
        #expect(named.parameters == expected)
        #expect(named.counter == 12)
        let text = KeyContainers.package(algorithm: suite, parameters: "", data: counter)
            .replacing("keyprov:pskc:OCRA", with: "keyprov:pskc#OCRA")
        #expect(try Self.draft(text).parameters == expected)
        let both = KeyContainers.package(
            algorithm: suite, parameters: "<Suite>OCRA-1:HOTP-SHA1-6:QN08</Suite>")
        #expect(try Self.lines(both).map(\.outcome) == [.failure(.duplicate("Suite"))])
        let other = KeyContainers.package(
            algorithm: "ocra",
            parameters: #"<Suite>\#(suite)</Suite><ResponseFormat Length="6" Encoding="DECIMAL"/>"#)
        #expect(try Self.lines(other).map(\.outcome) == [.failure(.digits)])
    }

    @Test func `reads when a token may be used, whoever limits it`() throws {
        let draft = try Self.draft(
            KeyContainers.package(
                device: """
                    <StartDate>2006-05-01T00:00:00Z</StartDate><ExpiryDate>2037-12-31T00:00:00Z</ExpiryDate>
                    """,
                trailer: """
                    <Policy><StartDate>2012-08-01T00:00:00Z</StartDate>\
                    <ExpiryDate>2030-01-01T02:00:00+02:00</ExpiryDate></Policy>
                    """))
        #expect(draft.startAt == 1_343_779_200)
        #expect(draft.expiresAt == 1_893_456_000)
    }

    private static let badSurroundings: [(String, String, MalformedOATH)] = [
        ("", #"<ResponseFormat Length="9" Encoding="DECIMAL"/>"#, .digits),
        ("", #"<ResponseFormat Length="5" Encoding="DECIMAL"/>"#, .digits),
        (
            "", #"<ResponseFormat Length="99999999999999999999" Encoding="DECIMAL"/>"#,
            .value("Length")
        ),
        ("", #"<ResponseFormat Length="+6" Encoding="DECIMAL"/>"#, .value("Length")),
        ("", #"<ResponseFormat Encoding="DECIMAL"/>"#, .missing("Length")),
        ("", #"<ResponseFormat Length="6"/>"#, .unsupported("ResponseFormat")),
        (
            "", #"<ResponseFormat Length="6" Encoding="HEXADECIMAL"/>"#,
            .unsupported("ResponseFormat")
        ),
        (
            "", #"<ResponseFormat Length="6" Encoding="DECIMAL" CheckDigits="true"/>"#,
            .unsupported("CheckDigits")
        ),
        (
            "", #"<ResponseFormat Length="6" Encoding="DECIMAL" CheckDigits="1"/>"#,
            .unsupported("CheckDigits")
        ),
        (
            "",
            #"<ResponseFormat Length="6" Encoding="DECIMAL"/><ResponseFormat Length="8" Encoding="DECIMAL"/>"#,
            .duplicate("ResponseFormat")
        ),
        ("", "", .missing("ResponseFormat")),
        ("", #"<Suite>HMAC-MD5</Suite><ResponseFormat Length="6" Encoding="DECIMAL"/>"#, .hash),
        ("<Policy><Weekdays>1</Weekdays></Policy>", "", .unsupported("Policy")),
        (
            "<Policy><NumberOfTransactions>9</NumberOfTransactions></Policy>", "",
            .unsupported("Policy")
        ),
        ("<Policy><KeyUsage>Encrypt</KeyUsage></Policy>", "", .unsupported("KeyUsage")),
        (#"<Policy><PINPolicy PINUsageMode="Prepend"/></Policy>"#, "", .unsupported("PINPolicy")),
        ("<Policy><PINPolicy/></Policy>", "", .unsupported("PINPolicy")),
        ("<Policy><ExpiryDate>tomorrow</ExpiryDate></Policy>", "", .value("ExpiryDate")),
        ("<Policy/><Policy/>", "", .duplicate("Policy")),
        ("<UserId>a</UserId><UserId>b</UserId>", "", .duplicate("UserId")),
        (KeyContainers.secret.replacing("Secret", with: "Data"), "", .duplicate("Data")),
    ]

    @Test(arguments: badSurroundings.indices)
    func `refuses a package for what stands beside its key`(
        index: Int
    ) throws {
        let (trailer, stated, error) = Self.badSurroundings[index]
        let parameters =
            trailer.isEmpty ? stated : #"<ResponseFormat Length="6" Encoding="DECIMAL"/>"#
        let package = KeyContainers.package(parameters: parameters, trailer: trailer)
        #expect(try Self.lines(package).map(\.outcome) == [.failure(error)])
    }

    private static func secretAnd(_ other: String) -> String { KeyContainers.secret + other }

    private static let badData: [(String, MalformedOATH)] = [
        ("<Secret/>", .missing("Secret")),
        ("<Secret>MTIz</Secret>", .missing("Secret")),
        (value("Secret", ""), .secretLength),
        (value("Secret", "MTIzNDU2Nzg5"), .secretLength),
        (value("Secret", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA"), .value("Secret")),
        (value("Secret", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTB="), .value("Secret")),
        (value("Secret", "MTIzNDU2Nzg5MDEyMzQ1Njc4OT-="), .value("Secret")),
        (secretAnd(KeyContainers.secret), .duplicate("Secret")),
        (secretAnd(value("Counter", "-1")), .value("Counter")),
        (secretAnd(value("Counter", "")), .value("Counter")),
        (secretAnd(value("Counter", "0x10")), .value("Counter")),
        (secretAnd(value("Counter", "18446744073709551616")), .value("Counter")),
        (secretAnd("<Counter/>"), .missing("Counter")),
    ]

    @Test(arguments: badData)
    func `refuses a package for its data`(data: String, error: MalformedOATH) throws {
        #expect(
            try Self.lines(KeyContainers.package(data: data)).map(\.outcome) == [.failure(error)])
    }

    @Test(arguments: [
        ("0", MalformedOATH.period), ("14", .period), ("301", .period),
        ("-30", .value("TimeInterval")),
    ])
    func `refuses a time step that there cannot be`(interval: String, error: MalformedOATH) throws {
        let package = KeyContainers.package(
            algorithm: "totp", data: KeyContainers.secret + Self.value("TimeInterval", interval))
        #expect(try Self.lines(package).map(\.outcome) == [.failure(error)])
    }

    @Test(arguments: ["\n", "\r\n", " ", "\t", "\n            ", "&#13;\n"])
    func `takes Base64 in several lines`(space: String) throws {
        let data = Self.value(
            "Secret", "\(space)MTIzNDU2\(space)Nzg5MDEyMzQ1Njc4\(space)OTA=\(space)")
        #expect(try Self.draft(KeyContainers.package(data: data)).secret == Self.secret)
    }

    @Test func `takes the greatest counter`() throws {
        let data = KeyContainers.secret + Self.value("Counter", "18446744073709551615")
        #expect(try Self.draft(KeyContainers.package(data: data)).counter == .max)
    }

    @Test(arguments: ["pin", "hotp2", "", "securid-aes", "sha1"])
    func `refuses a key of another algorithm`(algorithm: String) throws {
        #expect(
            try Self.lines(KeyContainers.package(algorithm: algorithm)).map(\.outcome)
                == [.failure(.unsupported("Algorithm"))])
    }

    @Test func `reports each package by itself`() throws {
        let lines = try Self.lines(
            KeyContainers.package(serial: "1")
                + KeyContainers.package(serial: "2", algorithm: "pin")
                + "<KeyPackage/><KeyPackage>text</KeyPackage><KeyPackage><Key/></KeyPackage>"
                + KeyContainers.package(serial: "3") + KeyContainers.package(serial: "1"))
        #expect(lines.map(\.number) == [1, 2, 3, 4, 5, 6, 7])
        #expect(lines.map(\.serial) == ["1", "2", nil, nil, nil, "3", "1"])
        let errors = lines.map { line -> MalformedOATH? in
            if case .failure(let error) = line.outcome { error } else { nil }
        }
        #expect(
            errors == [
                nil, .unsupported("Algorithm"), .missing("Key"), .missing("Key"),
                .missing("Algorithm"), nil, .repeatedSerial(line: 1),
            ])
    }
}
