import OATH
import PSKCXML
import TestSupport
import Testing

struct HostileDocumentTests {
    private static let honest = KeyContainers.container(KeyContainers.package())

    private static func error(_ document: [UInt8]) -> MalformedOATH? {
        do {
            _ = try PSKC.decode(document)
            return nil
        } catch {
            return error
        }
    }

    private static func error(_ document: String) -> MalformedOATH? {
        error(Array(document.utf8))
    }

    /// The document without the white space that its lines begin with.
    private static func compact(_ document: String) -> String {
        document.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: "\n")
    }

    /// The document with something between its declaration and its first element.
    private static func withProlog(_ prolog: String) -> String {
        honest.replacing("<KeyContainer", with: "\(prolog)\n<KeyContainer", maxReplacements: 1)
    }

    @Test func `takes the honest document, also with a byte order mark and comments`() {
        #expect(Self.error(Self.honest) == nil)
        #expect(Self.error([0xEF, 0xBB, 0xBF] + Array(Self.honest.utf8)) == nil)
        #expect(Self.error(Self.withProlog("<!-- <!DOCTYPE x> &lol; -->")) == nil)
        #expect(Self.error(Self.honest.replacing("\n", with: "\r\n")) == nil)
        let undeclared = Self.honest.drop { $0 != "\n" }.dropFirst()
        #expect(Self.error(String(undeclared)) == nil)
    }

    @Test(arguments: [
        """
        <!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
        <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]>
        """,
        #"<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>"#,
        #"<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">"#,
        #"<!DOCTYPE x PUBLIC "-//X//X" "x.dtd">"#,
        "<!DOCTYPE KeyContainer>",
        "<!doctype x>", "<!ENTITY x 'y'>", "<!ELEMENT a (b)>", "<!>", "<!-",
    ])
    func `refuses a document type before it is parsed`(prolog: String) {
        #expect(Self.error(Self.withProlog(prolog)) == .xml(.documentType))
    }

    @Test(arguments: [
        "&lol;", "&xxe;", "& ", "&", "&#x110000000;", "&#1234567890;", "&amp", "&AMP;", "&nbsp;",
    ])
    func `refuses references to other entities than XML's own`(reference: String) {
        let text = Self.honest.replacing("<Issuer>", with: "<Issuer>\(reference)")
        #expect(Self.error(text) == .xml(.entity))
        let attribute = Self.honest.replacing("exampleID1", with: "a\(reference)")
        #expect(Self.error(attribute) == .xml(.entity))
    }

    @Test func `takes XML's own entities, and characters by number`() throws {
        let text = Self.honest.replacing(
            "<Issuer>", with: "<Issuer>A &amp; B &lt;&gt;&quot;&apos;&#169;&#x20AC; ")
        let package = try #require(try PSKC.decode(Array(text.utf8)).packages.first).outcome.get()
        #expect(package.facts.issuer == #"A & B <>"'©€ Issuer"#)
        for control in ["&#0;", "&#1;", "&#xD800;", "&#xFFFF;"] {
            #expect(
                Self.error(Self.honest.replacing("<Issuer>", with: "<Issuer>\(control)"))
                    == .xml(.malformed))
        }
    }

    @Test func `refuses processing instructions and CDATA`() {
        #expect(
            Self.error(Self.withProlog(#"<?xml-stylesheet href="x.xsl"?>"#))
                == .xml(.processingInstruction))
        #expect(Self.error(Self.withProlog("<?php system(); ?>")) == .xml(.processingInstruction))
        #expect(Self.error("\n" + Self.honest) == .xml(.processingInstruction))
        #expect(
            Self.error(
                Self.honest.replacing("<PlainValue>", with: "<PlainValue><![CDATA[MTIz]]>"))
                == .xml(.characterData))
    }

    @Test(arguments: [
        #"<?xml version="1.1" encoding="UTF-8"?>"#, #"<?xml version="1.0" encoding="UTF-16"?>"#,
        #"<?xml version="1.0" encoding="ISO-8859-1"?>"#, #"<?xml version="1.0" encoding="UTF-7"?>"#,
        #"<?xml encoding="UTF-8"?>"#, #"<?xml version="1.0" version="1.0"?>"#,
        #"<?xml encoding="UTF-8" version="1.0"?>"#,
        #"<?xml version="1.0" encoding="UTF-8" x="y"?>"#,
        #"<?xml version="1.0"encoding="UTF-8"?>"#, "<?xml?>", #"<?xmlversion="1.0"?>"#, "<?xml ",
    ])
    func `refuses other declarations`(declaration: String) {
        let text = Self.honest.replacing(
            #"<?xml version="1.0" encoding="UTF-8"?>"#, with: declaration)
        #expect(Self.error(text) == .xml(.declaration))
    }

    @Test func `refuses other encodings than UTF-8`() {
        let utf16 = Self.honest.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(Self.error([0xFF, 0xFE] + utf16) == .encoding)
        #expect(Self.error(utf16) == .encoding)
        let bigEndian = Self.honest.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(Self.error([0xFE, 0xFF] + bigEndian) == .encoding)
        let utf32 = Self.honest.unicodeScalars.flatMap { [UInt8($0.value & 0xFF), 0, 0, 0] }
        #expect(Self.error(utf32) == .encoding)
        // Latin 1, an overlong form, a surrogate, and a control character.
        for bytes in [[0xE9], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0x01]] as [[UInt8]] {
            #expect(Self.error(Array(Self.honest.utf8) + bytes) == .encoding)
        }
    }

    @Test func `refuses elements without number, depth or measure`() {
        let deep = String(repeating: "<a>", count: 40) + String(repeating: "</a>", count: 40)
        #expect(Self.error(KeyContainers.container(deep)) == .xml(.depth))
        let many = String(repeating: "<a/>", count: 300_001)
        #expect(Self.error(KeyContainers.container(many)) == .xml(.elements))
        let attributes = (0...32).map { "a\($0)='b'" }.joined(separator: " ")
        #expect(Self.error(KeyContainers.container("<a \(attributes)/>")) == .xml(.tag))
        let long = String(repeating: "a", count: 2_000)
        #expect(Self.error(KeyContainers.container("<\(long)/>")) == .xml(.tag))
        #expect(Self.error(KeyContainers.container("<a b='\(long)'/>")) == .xml(.tag))
        let large = [UInt8](repeating: 0x20, count: 8 << 20 + 1)
        #expect(Self.error(large) == .tooLarge(limit: 8_388_608))
    }

    @Test(arguments: [
        "urn:ietf:params:xml:ns:keyprov:pskc:1.0", "", "urn:x",
    ])
    func `refuses another name space`(space: String) {
        let text = Self.honest.replacing(
            "urn:ietf:params:xml:ns:keyprov:pskc\">", with: "\(space)\">")
        #expect(Self.error(text) == .xml(.nameSpace))
    }

    @Test(arguments: [
        "", " ", "text", "<", "</KeyContainer>", "<?xml version=\"1.0\"?>", "<!-- --", "\u{FEFF}",
    ])
    func `refuses what is no document`(text: String) {
        #expect(Self.error(text) == .xml(.malformed))
    }

    @Test(arguments: [
        ("</KeyPackage>", "</KeyParcel>"), ("</KeyContainer>", ""),
        ("</KeyContainer>", "</KeyContainer></KeyContainer>"),
        ("</KeyContainer>", "</KeyContainer><KeyContainer/>"),
        ("Id=\"exampleID1\"", "Id=exampleID1"),
        ("Id=\"exampleID1\"", "Id=\"a\" Id=\"b\""), ("Id=\"exampleID1\"", "Id=\"<\""),
        ("Id=\"exampleID1\"", "Id"), ("Id=\"exampleID1\"", "Id=\""), ("<Issuer>", "<Issuer>]]>"),
        ("<Issuer>", "< Issuer>"), ("<Issuer>", "<1ssuer>"),
    ])
    func `refuses what is not well formed`(part: String, other: String) throws {
        try #require(Self.honest.contains(part))
        let text = Self.honest.replacing(part, with: other, maxReplacements: 1)
        let error = Self.error(text)
        #expect(error == .xml(.malformed) || error == .xml(.tag))
    }

    @Test func `refuses every proper prefix`() {
        for text in [Self.compact(KeyContainers.figure7), Self.honest] {
            for prefix in Array(text.utf8).properPrefixes {
                guard let error = Self.error(prefix) else {
                    Issue.record("a prefix of \(prefix.count) bytes was taken")
                    continue
                }
                #expect(error.code == "oath-xml")
            }
        }
    }

    @Test func `no flipped bit brings it down, or changes an encrypted secret unseen`() throws {
        let document = Array(Self.compact(KeyContainers.figure6).utf8)
        let honest = try #require(try PSKC.decode(document).packages.first).outcome.get()
        for flipped in document.singleBitFlips {
            guard let lines = try? PSKC.decode(flipped).packages else { continue }
            for case .success(let package) in lines.map(\.outcome) {
                // Never in the clear, for nothing authenticates that.
                guard case .encrypted(let ciphertext, let mac) = package.secret else {
                    Issue.record("an encrypted secret became a plain one")
                    continue
                }
                if case .encrypted(ciphertext, mac) = honest.secret { continue }
                #expect(package != honest)
            }
        }
    }

    /// As many as there are in a file of 8 MiB.
    @Test(.timeLimit(.minutes(2))) func `decodes thousands of packages`() throws {
        let packages = (1...10_000).map { KeyContainers.package(serial: "\($0)") }
        let lines = try PSKC.decode(Array(KeyContainers.container(packages.joined()).utf8)).packages
        #expect(lines.count == 10_000)
        #expect(lines.last?.serial == "10000")
        #expect(lines.allSatisfy { (try? $0.outcome.get()) != nil })
    }
}
