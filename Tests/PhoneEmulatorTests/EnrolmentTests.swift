import Cryptography
import Encoding
import NIOSSL
import PhoneEmulator
import PhonePush
import PushMessages
import Testing

@Suite(.timeLimit(.minutes(1)))
struct EnrolmentTests {
    private static func failure(
        _ office: PhoneOffice, ticket: EnrolmentTicket? = nil
    ) async throws -> PhoneFailure? {
        let phone = try SoftwarePhone()
        defer { #expect(phone.accounts.isEmpty) }
        let ticket = try ticket ?? office.ticket()
        do throws(PhoneFailure) {
            try await phone.enrol(ticket)
            return nil
        } catch {
            return error
        }
    }

    @Test func `registers a fresh key with proof that it has it, and its endpoint`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        #expect(registration.ticket == "one-time_secret")
        #expect(registration.name == "Alice's phone")
        #expect(registration.keyGuard == .pin)
        #expect(
            try registration.key.isValidRawSignature(
                registration.signature, for: registration.message))
        let subscription = try #require(registration.subscription)
        #expect(try PushEndpoint(subscription.endpoint).isSecure == false)
        #expect(throws: Never.self) { try PublicKey(p256Point: subscription.publicKey) }
        #expect(subscription.publicKey != registration.publicKey)
        #expect(
            phone.accounts == [
                SoftwarePhone.Account(
                    phone: try PhoneOffice.phoneID(registration), user: "alice",
                    server: "Example", endpoint: subscription.endpoint)
            ])
        #expect(office.contentTypes == ["application/json"])
    }

    @Test func `makes another key, secret and endpoint for each account`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, first) = try await office.enrolled()
        try await phone.enrol(office.ticket())
        let second = try #require(office.registrations.last)
        #expect(phone.accounts.count == 2)
        #expect(first.publicKey != second.publicKey)
        #expect(first.subscription?.publicKey != second.subscription?.publicKey)
        #expect(
            first.subscription?.authenticationSecret != second.subscription?.authenticationSecret)
        #expect(first.subscription?.endpoint != second.subscription?.endpoint)
    }

    @Test func `a phone that only polls registers no endpoint`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled(.poll)
        #expect(registration.subscription == nil)
        #expect(phone.accounts.map(\.endpoint) == [nil])
    }

    @Test func `a ticket whose time is over does not reach the server`() async throws {
        let office = try await PhoneOffice.start()
        let clock = FakeClock(1_790_000_000_000)
        var configuration = SoftwarePhone.Configuration()
        configuration.clock = clock.clock
        let phone = try SoftwarePhone(configuration: configuration)
        await #expect(throws: PhoneFailure.ticketExpired) {
            try await phone.enrol(office.ticket(expiresAt: 1_790_000_000))
        }
        #expect(office.connectionCount == 0)
        try await phone.enrol(office.ticket(expiresAt: 1_790_000_001))
    }

    @Test(arguments: [
        (404, "ticket-unknown"), (410, "ticket-spent"), (409, "key-registered"),
        (403, "key-guard-too-weak"), (503, "busy"),
    ])
    func `says why the server refuses`(_ status: Int, _ code: String) async throws {
        let office = try await PhoneOffice.start()
        office.answer("/v1/phones", with: [.json(status, ErrorReply(code: code).encoded())])
        #expect(try await Self.failure(office) == .refused(code: code))
    }

    @Test func `an answer that is none of the protocol's is a failure`() async throws {
        let office = try await PhoneOffice.start()
        let introduction = try ServerIntroduction(name: "Example", pushKey: office.press.point)
            .encoded()
        let point = Base64URL.encode(office.press.point)
        let json = { (text: String) in ScriptedService.Answer.json(200, Array(text.utf8)) }
        let cases: [(ScriptedService.Answer, PhoneFailure)] = [
            (json(""), .malformedReply(.json(.truncated))),
            (
                .json(200, Array(introduction.dropLast())), .malformedReply(.json(.truncated))
            ),
            (
                .json(200, introduction + introduction),
                .malformedReply(.json(.trailingBytes(count: introduction.count)))
            ),
            (json("{}"), .malformedReply(.missing("version"))),
            (
                json(#"{"name":"E","push":"","version":2}"#), .malformedReply(.value("version"))
            ),
            (
                json(#"{"name":"E","name":"F","push":"","version":1}"#),
                .malformedReply(.json(.duplicateKey))
            ),
            (json(#"{"name":"E","push":"BA","version":1}"#), .malformedReply(.value("push"))),
            (
                json(#"{"name":"\u001b[2J","push":"\#(point)","version":1}"#),
                .malformedReply(.value("name"))
            ),
            (
                .json(
                    200,
                    try ServerIntroduction(
                        name: "E", pushKey: [4] + [UInt8](repeating: 1, count: 64)
                    ).encoded()), .malformedReply(.value("push"))
            ),
            (.json(500, Array("oops".utf8)), .unexpectedStatus(500)),
            (.json(201, introduction), .unexpectedStatus(201)),
            (.redirect(to: "http://127.0.0.1:1/v1/server"), .unexpectedStatus(307)),
            (.torn(introduction, missing: 1), .unreachable(.connectionClosed)),
            (.endless, .unreachable(.responseTooLong)),
            (.huge(Int.max), .unreachable(.responseTooLong)),
        ]
        for (answer, expected) in cases {
            office.answer("/v1/server", with: [answer])
            let failure = try await Self.failure(office)
            #expect(failure == expected, "\(answer)")
        }
        #expect(office.registrations.isEmpty)
    }

    @Test func `noise is a failure too`() async throws {
        let office = try await PhoneOffice.start()
        office.answer("/v1/server", with: [.noise])
        guard case .unreachable(.malformedResponse) = try await Self.failure(office) else {
            Issue.record("no malformed response")
            return
        }
    }

    @Test func `a reply to the registration is read as strictly`() async throws {
        let office = try await PhoneOffice.start()
        let phones: [(ScriptedService.Answer, PhoneFailure)] = [
            (.json(200, Array("{}".utf8)), .malformedReply(.missing("phone"))),
            (
                .json(200, Array(#"{"phone":"AA","server":"E","user":"a"}"#.utf8)),
                .malformedReply(.value("phone"))
            ),
            (.empty(204), .unexpectedStatus(204)),
            (.json(302, []), .unexpectedStatus(302)),
        ]
        for (answer, expected) in phones {
            office.answer("/v1/phones", with: [answer])
            #expect(try await Self.failure(office) == expected, "\(answer)")
        }
    }

    @Test func `two accounts cannot be one phone to the server`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let reply = try RegistrationReply(
            phone: PhoneOffice.phoneID(registration), user: "bob", server: "Example")
        office.answer("/v1/phones", with: [.json(200, reply.encoded())])
        await #expect(throws: PhoneFailure.malformedReply(.value("phone"))) {
            try await phone.enrol(office.ticket())
        }
        #expect(phone.accounts.map(\.user) == ["alice"])
    }

    @Test func `a phone has room for sixteen accounts`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, _) = try await office.enrolled(.poll)
        for _ in 1..<16 { try await phone.enrol(office.ticket()) }
        await #expect(throws: PhoneFailure.tooManyAccounts) {
            try await phone.enrol(office.ticket())
        }
        #expect(office.registrations.count == 16)
    }

    @Test func `an account that was forgotten is none any more`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let id = try PhoneOffice.phoneID(registration)
        try await phone.forget(id)
        #expect(phone.accounts.isEmpty)
        await #expect(throws: PhoneFailure.noSuchAccount) { try await phone.forget(id) }
        await #expect(throws: PhoneFailure.noSuchAccount) { try await phone.unsubscribe(id) }
        await #expect(throws: PhoneFailure.noSuchAccount) { try await phone.moveEndpoint(id) }
        #expect(
            try await office.push([1], to: registration.subscription) == .gone)
    }

    @Test func `a server that is not there is unreachable`() async throws {
        let office = try await PhoneOffice.start()
        let ticket = try office.ticket()
        office.stop()
        guard
            case .unreachable(.cannotConnect) = try await Self.failure(office, ticket: ticket)
        else {
            Issue.record("it was reached")
            return
        }
    }

    @Test func `knows its server by the pinned key, whatever its certificate says`() async throws {
        let identity = try ServerIdentity()
        let office = try await PhoneOffice.start(tls: identity.context)
        let phone = try SoftwarePhone()
        let account = try await phone.enrol(office.ticket(pin: identity.pin))
        #expect(account.user == "alice")
    }

    @Test func `a server with another key gets nothing`() async throws {
        let identity = try ServerIdentity()
        let office = try await PhoneOffice.start(tls: identity.context)
        let other = try ServerIdentity().pin
        let failure = try await Self.failure(office, ticket: office.ticket(pin: other))
        guard case .unreachable(.untrustedServer) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(office.registrations.isEmpty)
    }

    @Test func `an endpoint is on loopback only`() async throws {
        let office = try await PhoneOffice.start()
        var configuration = SoftwarePhone.Configuration()
        configuration.host = "0.0.0.0"
        let phone = try SoftwarePhone(configuration: configuration)
        await #expect(throws: PhoneFailure.notLoopback(address: "0.0.0.0:0")) {
            try await phone.enrol(office.ticket())
        }
        #expect(office.connectionCount == 0)
    }
}

/// A certificate of a server's own, valid never and for nobody, and TLS with it.
struct ServerIdentity {
    let pin: [UInt8]
    let context: NIOSSLContext

    init() throws {
        let key = try P256PrivateKey()
        let past = CertificateAuthority.Validity(notBefore: 0, notAfter: 1_000_000_000)
        let authority = try CertificateAuthority(
            subject: ["CN": "nobody"], key: P256PrivateKey(), validity: past)
        let certificate = try authority.issue(
            to: ["CN": "nobody.example"], key: key.publicKey, aaguid: nil, validity: past)
        pin = SHA256.hash(key.publicKey.subjectPublicKeyInfo)
        // PKCS #8 (RFC 5208) around an ECPrivateKey (RFC 5915) with nothing but the scalar.
        let head: [UInt8] = [
            0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D,
            0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x04, 0x27,
            0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
        ]
        context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [
                    .certificate(
                        try NIOSSLCertificate(
                            bytes: certificate.derRepresentation, format: .der))
                ],
                privateKey: .privateKey(
                    try NIOSSLPrivateKey(bytes: head + key.rawRepresentation, format: .der))))
    }
}
