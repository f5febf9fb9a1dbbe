import Encoding
import OATH
import PSKCXML
import TestSupport
import Testing

struct ContainerTests {
    private static let secret = Array("12345678901234567890".utf8)

    private static func decode(_ text: String) throws -> PSKCContainer {
        try PSKC.decode(Array(text.utf8))
    }

    private static func outcomes(_ text: String) throws -> [Result<PSKCKeyPackage, MalformedOATH>] {
        try decode(text).packages.map(\.outcome)
    }

    @Test func `reads the RFC's example of a key with supplementary data`() throws {
        let container = try Self.decode(KeyContainers.figure3)
        #expect(container.protection == nil)
        #expect(!container.isSigned)
        #expect(!container.isEncrypted)
        let line = try #require(container.packages.first)
        #expect(container.packages.count == 1)
        #expect(line.number == 1)
        #expect(line.serial == "987654321")
        let package = try line.outcome.get()
        #expect(package.secret == .plain(Self.secret))
        #expect(package.counter == .plain(0))
        #expect(package.facts.serial == "987654321")
        #expect(package.facts.user == "jsmith")
        #expect(package.facts.issuer == "Issuer")
        #expect(package.facts.manufacturer == "Manufacturer")
        #expect(package.facts.model == nil)
        let draft = try package.draft(
            secret: Self.secret, counter: 7, timeInterval: nil, timeDrift: nil)
        #expect(draft.parameters == (try TokenParameters(.hotp(.eight), hash: .sha1)))
        #expect(draft.counter == 7)
        #expect(draft.serial == "987654321")
    }

    @Test func `refuses the RFC's example of a key that nobody could use`() throws {
        // Four bytes are no secret.
        #expect(try Self.outcomes(KeyContainers.figure2) == [.failure(.secretLength)])
        #expect(try Self.decode(KeyContainers.figure2).packages.map(\.serial) == ["12345678"])
    }

    @Test func `refuses the RFC's example of a key that is not in the container`() throws {
        #expect(try Self.outcomes(KeyContainers.figure4) == [.failure(.missing("Secret"))])
    }

    @Test func `takes the key with a policy of the RFC's example, and not its PIN`() throws {
        let outcomes = try Self.outcomes(KeyContainers.figure5)
        try #require(outcomes.count == 2)
        #expect(try outcomes[0].get().secret == .plain(Self.secret))
        #expect(outcomes[1] == .failure(.unsupported("Algorithm")))
    }

    @Test func `reads the RFC's example of a pre-shared key`() throws {
        let container = try Self.decode(KeyContainers.figure6)
        let macKey = try PSKCCiphertext(
            keyLength: 16,
            bytes: Hex.decode(
                """
                11223344556677889900112233445566\
                02a7e968cb6930b5b1b781312bc88517a337dbc96b604e95268cad1ec8e70497
                """))
        #expect(
            container.protection
                == PSKCProtection(
                    source: .preShared(name: "Pre-shared-key"),
                    authentication: .init(hash: .sha1, key: macKey)))
        let secret = try PSKCCiphertext(
            keyLength: 16,
            bytes: Hex.decode(
                """
                000102030405060708090a0b0c0d0e0f\
                e7081c8b650775ab6b50d4a7156f3b1da579fd5598d3c2325f23c19a8852a1af
                """))
        let package = try #require(container.packages.first).outcome.get()
        #expect(
            package.secret
                == .encrypted(
                    secret, mac: try Hex.decode("4aef8dbed41f9af7c9cc5e9b990889aa82d11317")))
        #expect(container.isEncrypted)
    }

    @Test func `reads the RFC's example of a passphrase`() throws {
        let container = try Self.decode(KeyContainers.figure7)
        let derivation = try PSKCKeyDerivation(
            salt: Hex.decode("123eff3c4a72129c"), iterations: 1000, keyLength: 16, hash: .sha1)
        #expect(container.protection?.source == .passphrase(derivation))
        #expect(container.protection?.authentication?.hash == .sha1)
        let package = try #require(container.packages.first).outcome.get()
        #expect(package.isEncrypted)
        #expect(package.facts.manufacturer == "TokenVendorAcme")
    }

    @Test func `tells that a container is signed`() throws {
        let signed = KeyContainers.figure3.replacing(
            "</KeyContainer>",
            with: """
                <Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>\
                <ds:SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/>\
                </ds:SignedInfo><ds:SignatureValue>j6lwx3rvEPO0vKtMup4NbeVu8nk=</ds:SignatureValue>\
                </Signature></KeyContainer>
                """)
        #expect(try Self.decode(signed).isSigned)
    }

    /// RFC 6030 §6.3: figure 8 has such a key.
    @Test func `refuses a key that is encrypted for a certificate`() {
        let asymmetric = KeyContainers.figure6.replacing(
            "<ds:KeyName>Pre-shared-key</ds:KeyName>",
            with: "<ds:X509Data><ds:X509Certificate>miib</ds:X509Certificate></ds:X509Data>")
        #expect(throws: MalformedOATH.unsupported("EncryptionKey")) {
            try Self.decode(asymmetric)
        }
    }

    @Test(arguments: [
        (#" Version="1.0""#, "", MalformedOATH.missing("Version")),
        (#" Version="1.0""#, #" Version="1.1""#, .unsupported("Version")),
        ("pskc:KeyPackage", "pskc:KeyParcel", .missing("KeyPackage")),
        ("xmldsig#hmac-sha1", "xmldsig#hmac-md5", .unsupported("MACMethod")),
        ("pkcs-5v2-0#pbkdf2\"", "pkcs-5v2-0#pbkdf1\"", .unsupported("KeyDerivationMethod")),
        ("<IterationCount>1000<", "<IterationCount>0<", .value("IterationCount")),
        ("<IterationCount>1000<", "<IterationCount>5000001<", .value("IterationCount")),
        ("<IterationCount>1000<", "<IterationCount>-1<", .value("IterationCount")),
        ("<IterationCount>1000<", "<IterationCount>1e3<", .value("IterationCount")),
        (
            "<IterationCount>1000<", "<IterationCount>99999999999999999999<",
            .value("IterationCount")
        ),
        ("<IterationCount>1000</IterationCount>", "", .missing("IterationCount")),
        ("<KeyLength>16<", "<KeyLength>17<", .value("KeyLength")),
        ("<Specified>Ej7/PEpyEpw=<", "<Specified>Ej7/PEpyEpw<", .value("Salt")),
        ("<Specified>Ej7/PEpyEpw=<", "<Specified><", .value("Salt")),
        ("<PRF/>", #"<PRF Algorithm="urn:crc32"/>"#, .unsupported("PRF")),
        (
            "<PRF/>", "<PRF/><KeyLength>32</KeyLength>", .duplicate("KeyLength")
        ),
        (
            "2GTTnLwM3I4e5IO5FkufoOEiOhNj91fhKRQBtBJYluUDsPOLTfUvoU2dStyOwYZx", "2GTT",
            .value("CipherValue")
        ),
    ])
    func `refuses a container that is wrong for all its packages`(
        part: String, other: String, error: MalformedOATH
    ) throws {
        try #require(KeyContainers.figure7.contains(part))
        let text = KeyContainers.figure7.replacing(part, with: other)
        #expect(throws: error) { try Self.decode(text) }
    }

    @Test(arguments: ["EncryptionKey", "MACMethod"])
    func `refuses a container that says twice how it is protected`(name: String) throws {
        let text = KeyContainers.figure6
        let start = try #require(text.firstRange(of: "<\(name)")).lowerBound
        let end = try #require(text.firstRange(of: "</\(name)>")).upperBound
        let twice = String(text[..<end]) + text[start...]
        #expect(throws: MalformedOATH.duplicate(name)) { try Self.decode(twice) }
    }

    @Test(arguments: [
        ("ValueMAC>", "OtherMAC>", MalformedOATH.missing("ValueMAC")),
        ("EncryptedValue>", "OtherValue>", .missing("Secret")),
        (">0</PlainValue>", ">0</PlainValue><PlainValue>1</PlainValue>", .duplicate("PlainValue")),
        (
            "<EncryptedValue>", "<PlainValue>MTIz</PlainValue><EncryptedValue>",
            .duplicate("Secret")
        ),
        ("Su+NvtQfmvfJzF6bmQiJqoLRExc=", "Su+NvtQfmvfJzF6bmQiJqoLREw==", .value("ValueMAC")),
        (
            "AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv",
            "AAECAwQFBgcICQoLDA0ODw==",
            .value("CipherValue")
        ),
        (
            "AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv", "",
            .value("CipherValue")
        ),
        (
            "AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUqGv",
            "AAECAwQFBgcICQoLDA0OD+cIHItlB3Wra1DUpxVvOx2lef1VmNPCMl8jwZqIUq!v",
            .value("CipherValue")
        ),
    ])
    func `reports an encrypted value that could not be opened`(
        part: String, other: String, error: MalformedOATH
    ) throws {
        try #require(KeyContainers.figure6.contains(part))
        let text = KeyContainers.figure6.replacing(part, with: other)
        #expect(try Self.outcomes(text) == [.failure(error)])
    }

    @Test func `reports an encrypted value of another cipher`() throws {
        let parts = KeyContainers.figure6.split(separator: "<KeyPackage>", maxSplits: 1)
        let text =
            "\(parts[0])<KeyPackage>" + parts[1].replacing("aes128-cbc", with: "tripledes-cbc")
        #expect(try Self.outcomes(text) == [.failure(.unsupported("EncryptionMethod"))])
    }

    @Test(arguments: ["EncryptionKey", "MACMethod"])
    func `reports an encrypted value in a container that does not say how`(name: String) throws {
        let text = KeyContainers.figure6.replacing("\(name)>", with: "Other>")
            .replacing("<\(name) ", with: "<Other ")
        #expect(try Self.outcomes(text) == [.failure(.missing(name))])
    }

    @Test func `takes a container without a MAC key of its own`() throws {
        let start = try #require(KeyContainers.figure6.firstRange(of: "<MACKey>")).lowerBound
        let end = try #require(KeyContainers.figure6.firstRange(of: "</MACKey>")).upperBound
        var text = KeyContainers.figure6
        text.removeSubrange(start..<end)
        let container = try Self.decode(text)
        #expect(container.protection?.authentication == .init(hash: .sha1, key: nil))
    }
}
