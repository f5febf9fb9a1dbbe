import Cryptography
import Encoding
import Testing
import VerificationCore
import WebAuthn

/// WebAuthn Level 3 §8.2: packed attestation, with the credential's own key and with a certificate.
struct PackedAttestationTests {
    private static let model = AAGUID(bytes: Array(1...16)) ?? .zero

    @Test func `self attestation verifies and is trusted by nobody`() throws {
        var ceremony = try RegistrationCeremony()
        ceremony.attestation = .packed(
            algorithm: .es256, certificates: [], signer: try Scene.key(1))
        let attestation = try ceremony.verify().attestation
        #expect(attestation.kind == .selfAttestation)
        #expect(attestation.format == "packed")
        #expect(!attestation.isTrusted)
    }

    @Test func `self attestation by another key is refused`() throws {
        var ceremony = try RegistrationCeremony()
        ceremony.attestation = .packed(
            algorithm: .es256, certificates: [], signer: try Scene.key(2))
        #expect(throws: CeremonyFailure.invalidAttestationSignature) { try ceremony.verify() }
    }

    @Test func `self attestation names the algorithm of the credential's key`() throws {
        var ceremony = try RegistrationCeremony()
        ceremony.attestation = .packed(
            algorithm: .es384, certificates: [], signer: try Scene.key(1))
        #expect(throws: CeremonyFailure.attestationAlgorithmMismatch) { try ceremony.verify() }
    }

    @Test func `a certificate verifies, and is trusted where its root is`() throws {
        var ceremony = try Self.certified()
        var attestation = try ceremony.verify().attestation
        #expect(attestation.kind == .certificate)
        #expect(attestation.format == "packed")
        #expect(!attestation.isTrusted)
        ceremony.anchors = [try Self.root(seed: 20)]
        attestation = try ceremony.verify().attestation
        #expect(attestation.isTrusted)
        ceremony.policy = .trusted
        try ceremony.verify()
    }

    @Test func `policy refuses what leads to no known root`() throws {
        var ceremony = try Self.certified()
        ceremony.policy = .trusted
        #expect(throws: CeremonyFailure.attestationNotTrusted) { try ceremony.verify() }
        ceremony.anchors = [try Self.root(seed: 21)]
        #expect(throws: CeremonyFailure.attestationNotTrusted) { try ceremony.verify() }
        ceremony.attestation = .none
        #expect(throws: CeremonyFailure.attestationNotTrusted) { try ceremony.verify() }
        ceremony.attestation = .packed(
            algorithm: .es256, certificates: [], signer: try Scene.key(1))
        #expect(throws: CeremonyFailure.attestationNotTrusted) { try ceremony.verify() }
    }

    @Test(arguments: [Int64(1_577_836_799), 1_893_456_000])
    func `a certificate outside its time is not trusted`(time: Int64) throws {
        var ceremony = try Self.certified()
        ceremony.anchors = [try Self.root(seed: 20)]
        ceremony.time = time
        #expect(try !ceremony.verify().attestation.isTrusted)
        ceremony.policy = .trusted
        #expect(throws: CeremonyFailure.attestationNotTrusted) { try ceremony.verify() }
    }

    @Test func `a signature by another key than the certificate's is refused`() throws {
        let ceremony = try Self.certified(signer: 11)
        #expect(throws: CeremonyFailure.invalidAttestationSignature) { try ceremony.verify() }
    }

    @Test func `the attestation covers the authenticator data and the client data`() throws {
        var ceremony = try Self.certified()
        let genuine = try ceremony.response().attestationObject
        ceremony.attestationObject = genuine
        try ceremony.verify()
        ceremony.clientDataJSON =
            Array(#"{"x":1,"#.utf8) + ceremony.clientData.encoded().dropFirst()
        #expect(throws: CeremonyFailure.invalidAttestationSignature) { try ceremony.verify() }
    }

    @Test func `the certificate's algorithm is the statement's`() throws {
        let ceremony = try Self.certified(algorithm: .eddsa)
        #expect(throws: CeremonyFailure.attestationAlgorithmMismatch) { try ceremony.verify() }
    }

    @Test func `a certificate for a key on another curve does not sign with this algorithm`() throws
    {
        // The base point of P-384 (SEC 2 §2.5.1).
        let point = try Hex.decode(
            """
            04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c\
            3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a\
            60b1ce1d7e819d7a431d7c90ea0e5f
            """)
        let ceremony = try Self.certified {
            $0.publicKey = AttestationCertificate.publicKey(
                curve: DER.Identifier.secp384r1, point: point)
        }
        #expect(throws: CeremonyFailure.attestationAlgorithmMismatch) { try ceremony.verify() }
    }

    @Test(arguments: [0, nil] as [UInt8?])
    func `a certificate of another version is refused`(version: UInt8?) throws {
        try expect(.version) { $0.version = version }
    }

    @Test(arguments: [[], [""], ["S"], ["SWE"], ["SE", "DE"]])
    func `the subject's country is two letters, once`(countries: [String]) throws {
        try expect(.subject) { $0.countries = countries }
    }

    @Test(arguments: [[], [""]])
    func `the subject has an organisation`(organizations: [String]) throws {
        try expect(.subject) { $0.organizations = organizations }
    }

    @Test(arguments: [
        [], [""], ["Authenticator attestation"], ["Authenticator Attestation "],
        ["Authenticator Attestation", "Other"],
    ])
    func `the subject's unit is the literal one`(units: [String]) throws {
        try expect(.subject) { $0.units = units }
    }

    @Test(arguments: [[], [""]])
    func `the subject has a common name`(names: [String]) throws {
        try expect(.subject) { $0.names = names }
    }

    @Test func `basic constraints are there and say no authority`() throws {
        let aaguid = AttestationCertificate.aaguid(DER.octets(Self.model.bytes))
        try expect(.basicConstraints) { $0.extensions = [aaguid] }
        for value in [DER.sequence(DER.yes), [0x05, 0x00], []] {
            try expect(.basicConstraints) {
                $0.extensions = [AttestationCertificate.basicConstraints(value), aaguid]
            }
        }
    }

    @Test func `the certificate's model is the authenticator's`() throws {
        let basic = AttestationCertificate.basicConstraints(DER.sequence())
        let model = Self.model.bytes
        for value in [
            DER.octets(AAGUID.zero.bytes), DER.octets(model + [0]), DER.octets(model.dropLast()),
            DER.octets(model) + [0], model, DER.text("0102030405060708"), [],
        ] {
            try expect(.aaguid) {
                $0.extensions = [basic, AttestationCertificate.aaguid(value)]
            }
        }
        try expect(.aaguid) {
            $0.extensions = [
                basic, AttestationCertificate.aaguid(DER.octets(model), critical: DER.yes),
            ]
        }
    }

    @Test func `a certificate may leave the model out`() throws {
        let ceremony = try Self.certified {
            $0.extensions = [AttestationCertificate.basicConstraints(DER.sequence())]
        }
        #expect(try ceremony.verify().attestation.kind == .certificate)
    }

    @Test func `every certificate of the chain is one DER certificate`() throws {
        let genuine = try Self.certified()
        guard case .packed(let algorithm, let certificates, let signer) = genuine.attestation
        else { return }
        let leaf = try #require(certificates.first)
        for chain in [[leaf.dropLast()], [leaf + [0]], [[]], [leaf, []], [leaf, leaf + leaf]] {
            var ceremony = genuine
            ceremony.attestation = .packed(
                algorithm: algorithm, certificates: chain, signer: signer)
            #expect(throws: CeremonyFailure.invalidAttestationCertificate(.malformed)) {
                try ceremony.verify()
            }
        }
    }

    private func expect(
        _ fault: CeremonyFailure.CertificateFault,
        sourceLocation: SourceLocation = #_sourceLocation,
        after bend: (inout AttestationCertificate) throws -> Void
    ) throws {
        let ceremony = try Self.certified(bend)
        #expect(
            throws: CeremonyFailure.invalidAttestationCertificate(fault),
            sourceLocation: sourceLocation
        ) { try ceremony.verify() }
    }

    /// A registration attested by a certificate of root 20, bent before the root signs it.
    private static func certified(
        algorithm: COSEAlgorithm = .es256, signer: UInt64 = 10,
        _ bend: (inout AttestationCertificate) throws -> Void = { _ in }
    ) throws -> RegistrationCeremony {
        var certificate = try AttestationCertificate(
            publicKey: Scene.key(10).publicKey, aaguid: model.bytes)
        try bend(&certificate)
        var ceremony = try RegistrationCeremony()
        ceremony.aaguid = model
        ceremony.attestation = .packed(
            algorithm: algorithm, certificates: [try certificate.signed(by: Scene.key(20))],
            signer: try Scene.key(signer))
        return ceremony
    }

    /// The root that ``AttestationCertificate`` names as its issuer, with the key of `seed`.
    private static func root(seed: UInt64) throws -> Certificate {
        let key = try Scene.key(seed)
        var root = try AttestationCertificate(publicKey: key.publicKey, aaguid: model.bytes)
        root.countries = []
        root.organizations = []
        root.units = []
        root.names = ["Example Root"]
        root.extensions = [
            AttestationCertificate.basicConstraints(DER.sequence(DER.yes))
        ]
        return try Certificate(derRepresentation: root.signed(by: key))
    }
}
