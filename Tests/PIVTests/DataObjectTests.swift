import ISO7816
import PIV
import TestSupport
import Testing

struct DataObjectTests {
    @Test func `a response is opened by the tag that its object has`() throws {
        let chuid = try DataObject(
            id: .cardholderUniqueIdentifier, response: bytes("53 03 010203"))
        #expect(chuid.contents == [1, 2, 3])
        #expect(try chuid.response == bytes("53 03 010203"))
        let discovery = try DataObject(id: .discovery, response: bytes("7e 01 09"))
        #expect(discovery.contents == [9])
        let templates = try DataObject(id: .biometricTemplates, response: bytes("7f61 01 09"))
        #expect(templates.contents == [9])
        #expect(try templates.response == bytes("7f61 01 09"))
    }

    @Test func `a response in another template, or with more, is refused`() throws {
        let plain = try bytes("53 01 09")
        #expect(throws: MalformedCardData.tag) {
            try DataObject(id: .discovery, response: plain)
        }
        let discovery = try bytes("7e 01 09")
        #expect(throws: MalformedCardData.tag) {
            try DataObject(id: .authenticationCertificate, response: discovery)
        }
        #expect(throws: MalformedCardData.trailingBytes) {
            try DataObject(id: .discovery, response: discovery + [0])
        }
        #expect(throws: MalformedCardData.truncated) {
            try DataObject(id: .discovery, response: [])
        }
    }

    @Test func `what is written comes out as it went in`() throws {
        for id in [
            DataObjectID.authenticationCertificate, .discovery, .biometricTemplates,
            .administrativeData,
        ] {
            let object = DataObject(id: id, contents: [1, 2, 3])
            #expect(try DataObject(putData: object.putData) == object)
            #expect(try DataObject(id: id, response: object.response) == object)
            #expect(try DataObjectID(tagList: id.tagList) == id)
        }
    }

    @Test(
        arguments: [
            ("", .tag), ("53 00", .tag), ("5c 03 5fc105", .tag), ("5c 03 5fc105 54 00", .tag),
            ("53 00 5c 03 5fc105", .tag), ("5c 03 5fc105 53 00 53 00", .tag),
            ("5c 00 53 00", .value("tag list")), ("5c 02 5fc1 53 00", .value("tag list")),
            ("5c 06 5fc105 5fc10a 53 00", .value("tag list")),
            ("5c 01 7e 53 00", .value("tag list")), ("7e 00 00 00", .tag),
            ("5c 03 5fc105 53 01", .truncated),
        ] as [(String, MalformedCardData)])
    func `what is no data to write is refused`(text: String, error: MalformedCardData) throws {
        let bytes = try bytes(text)
        #expect(throws: error) { try DataObject(putData: bytes) }
    }

    @Test(
        arguments: [
            ("", .truncated), ("5c 00", .value("tag list")), ("5d 01 7e", .tag),
            ("5c 02 7e 7e", .value("tag list")), ("5c 04 5fc10500", .value("tag list")),
            ("5c 01 7e 00", .trailingBytes), ("5c 03 5fc1", .truncated),
        ] as [(String, MalformedCardData)])
    func `what is no list of one tag is refused`(text: String, error: MalformedCardData) throws {
        let bytes = try bytes(text)
        #expect(throws: error) { try DataObjectID(tagList: bytes) }
    }

    @Test func `every prefix is refused and every bit counts`() throws {
        try expectStrict(bytes("5c 03 5fc105 53 04 70 02 aa bb")) {
            bytes throws(MalformedCardData) in try DataObject(putData: bytes)
        }
    }

    @Test func `an identifier shows its tag`() {
        #expect(DataObjectID.discovery.description == "7e")
        #expect(DataObjectID.cardholderUniqueIdentifier.description == "5fc102")
        #expect(DataObjectID(rawValue: 0).bytes.isEmpty)
    }
}

struct CertificateObjectTests {
    @Test func `a certificate decodes and encodes`() throws {
        let object = CertificateObject(certificate: [0x30, 0x01, 0x05])
        let bytes = try bytes("70 03 300105 71 01 00 fe 00")
        #expect(try CertificateObject(decoding: bytes) == object)
        #expect(object.encoded() == bytes)
    }

    @Test func `both marks of compression are understood`() throws {
        let object = CertificateObject(certificate: [0x1F, 0x8B], isCompressed: true)
        #expect(try CertificateObject(decoding: bytes("70 02 1f8b 71 01 80 fe 00")) == object)
        #expect(try CertificateObject(decoding: bytes("70 02 1f8b 71 01 01 fe 00")) == object)
        #expect(try object.encoded() == bytes("70 02 1f8b 71 01 01 fe 00"))
    }

    @Test func `what cards leave out or add is understood`() throws {
        #expect(
            try CertificateObject(decoding: bytes("70 01 aa"))
                == CertificateObject(certificate: [0xAA]))
        let identified = CertificateObject(certificate: [0xAA], microsoftIdentifier: [1, 2])
        #expect(
            try CertificateObject(decoding: bytes("70 01 aa 71 01 00 72 02 0102 fe 00"))
                == identified)
        #expect(try CertificateObject(decoding: identified.encoded()) == identified)
    }

    @Test(
        arguments: [
            ("", .missing("certificate")), ("71 01 00 fe 00", .missing("certificate")),
            ("70 01 aa 71 00", .value("CertInfo")), ("70 01 aa 71 01 02", .value("CertInfo")),
            ("70 01 aa 71 02 0000", .value("CertInfo")), ("70 01 aa fe 01 00", .length),
            ("70 01 aa 73 00", .tag), ("70 01 aa 70 01 aa", .duplicateTag),
            ("70 02 aa", .truncated), ("70 01 aa 00", .tag), ("70 84 ffffffff aa", .length),
        ] as [(String, MalformedCardData)])
    func `what is no certificate is refused`(text: String, error: MalformedCardData) throws {
        let bytes = try bytes(text)
        #expect(throws: error) { try CertificateObject(decoding: bytes) }
    }

    @Test func `every prefix is refused and every bit counts`() throws {
        // Cards that stop after the certificate or after CertInfo are understood too.
        try expectStrict(bytes("70 03 300105 71 01 00 fe 00"), prefixes: [5, 8]) {
            bytes throws(MalformedCardData) in try CertificateObject(decoding: bytes)
        }
    }
}
