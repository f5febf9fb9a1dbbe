import Cryptography
import Testing
import VerificationCore

/// Which users a certificate is about, by each rule.
struct SubjectRuleTests {
    private static func certificate(
        subject: CardCertificate.Name = [], alternativeNames: [[UInt8]] = []
    ) throws -> Certificate {
        var certificate = CardCertificate(
            "", by: "Example Issuer", for: try CardScene.spki(CardScene.card))
        certificate.subject = subject
        if !alternativeNames.isEmpty {
            certificate.extensions = [DER.alternativeNames(alternativeNames)]
        }
        return try Certificate(
            derRepresentation: certificate.signed(by: Scene.key(CardScene.issuer)))
    }

    @Test func `each source is read from its own place`() throws {
        let certificate = try Self.certificate(
            subject: [
                (CardCertificate.commonName, "name"), (CardCertificate.userIdentifier, "uid"),
                (CardCertificate.serialNumberAttribute, "serial"),
            ],
            alternativeNames: [DER.email("email"), DER.userPrincipalName("upn")])
        for (source, user) in [
            (.commonName, "name"), (.userIdentifier, "uid"), (.subjectSerialNumber, "serial"),
            (.email, "email"), (.userPrincipalName, "upn"),
        ] as [(SubjectRule.Source, String)] {
            #expect(SubjectRule(source: source).users(of: certificate) == [user])
        }
    }

    @Test(arguments: SubjectRule.Source.allCases)
    func `a certificate without the source is nobody's`(source: SubjectRule.Source) throws {
        let certificate = try Self.certificate(subject: [("2.5.4.10", "Example")])
        #expect(SubjectRule(source: source).users(of: certificate).isEmpty)
    }

    @Test func `several values are several users, in the certificate's order`() throws {
        let certificate = try Self.certificate(
            subject: [
                (CardCertificate.commonName, "b"), (CardCertificate.commonName, "a"),
            ],
            alternativeNames: ["z@example.org", "y@example.com", "x@example.org"].map(DER.email))
        #expect(SubjectRule(source: .commonName).users(of: certificate) == ["b", "a"])
        #expect(
            SubjectRule(source: .email, domain: "example.org").users(of: certificate)
                == ["z", "x"])
    }

    @Test(
        arguments: [
            ("alice@example.org", ["alice"]),
            // In domains, and only there, the case of letters is nothing.
            ("alice@EXAMPLE.Org", ["alice"]), ("ALICE@example.org", ["ALICE"]),
            ("alice@evil@example.org", ["alice@evil"]), ("@@example.org", ["@"]),
            ("alice@example.org@evil", []), ("@example.org", []), ("alice", []), ("alice@", []),
            ("", []), ("example.org", []), ("alice@sub.example.org", []),
            ("alice@xexample.org", []), ("alice@example.orgx", []), ("alice@example.or", []),
            ("alice@example\u{FF0E}org", []), ("alice@ex\u{E0}mple.org", []),
            // Letters and what lies 32 beside them are not to be confused elsewhere.
            ("alice@example\u{0E}org", []),
        ] as [(String, [String])])
    func `the domain follows the last at sign and is cut`(value: String, users: [String]) throws {
        let certificate = try Self.certificate(alternativeNames: [DER.userPrincipalName(value)])
        let rule = SubjectRule(source: .userPrincipalName, domain: "example.org")
        #expect(rule.users(of: certificate) == users)
    }

    @Test func `without a domain the value is taken whole and an empty one not at all`() throws {
        let certificate = try Self.certificate(
            alternativeNames: ["", "alice@example.org"].map(DER.userPrincipalName))
        let rule = SubjectRule(source: .userPrincipalName)
        #expect(rule.users(of: certificate) == ["alice@example.org"])
    }

    @Test func `an empty domain fits nothing`() throws {
        let certificate = try Self.certificate(
            alternativeNames: ["alice@", "alice"].map(DER.userPrincipalName))
        let rule = SubjectRule(source: .userPrincipalName, domain: "")
        #expect(rule.users(of: certificate).isEmpty)
    }

    @Test func `a zero byte ends no name`() throws {
        let text = "alice\0@example.org"
        let certificate = try Self.certificate(
            subject: [(CardCertificate.commonName, text)],
            alternativeNames: [DER.userPrincipalName(text), DER.email(text)])
        for source in [.commonName, .userPrincipalName, .email] as [SubjectRule.Source] {
            let users = SubjectRule(source: source, domain: "example.org").users(of: certificate)
            #expect(!users.contains("alice"), "\(source)")
        }
    }

    @Test func `names are compared byte for byte and not as Unicode sees them`() throws {
        // U+212A, the Kelvin sign, is canonically equivalent to the letter K.
        try CardEnrolment.expect(.wrongSubject, [.issued]) {
            $0.user = "Kim"
            $0.message.user = "Kim"
            $0.papers.certificate.extensions[3] = DER.alternativeNames([
                DER.userPrincipalName("\u{212A}im@example.org")
            ])
        }
    }

    @Test func `the words of the configuration name the sources`() {
        #expect(
            SubjectRule.Source.allCases.map(\.rawValue)
                == ["upn", "email", "common-name", "uid", "subject-serial-number"])
    }
}
