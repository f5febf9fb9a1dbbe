import Cryptography
import NIOSSL
import PhonePush

/// Certificates for servers of the tests, and TLS with them.
struct TestIdentity {
    static let always = CertificateAuthority.Validity(notBefore: 0, notAfter: 4_102_444_800)

    let root: Certificate
    let key: P256PrivateKey
    let context: NIOSSLContext

    /// An identity for the name `push.test` and the address 127.0.0.1, unless it is to be for others.
    init(
        name: String? = "push.test", address: [UInt8]? = [127, 0, 0, 1],
        commonName: String = "Server of the tests",
        validity: CertificateAuthority.Validity = always, maximumVersion: TLSVersion? = nil
    ) throws {
        let authority = try CertificateAuthority(
            subject: ["CN": "Root of the tests"], key: P256PrivateKey(), validity: Self.always)
        key = try P256PrivateKey()
        var profile = CertificateAuthority.Profile()
        profile.keyUsage = .digitalSignature
        profile.extendedKeyUsages = ["1.3.6.1.5.5.7.3.1"]
        let names =
            (name.map { [0x82, UInt8($0.utf8.count)] + Array($0.utf8) } ?? [])
            + (address.map { [0x87, UInt8($0.count)] + $0 } ?? [])
        if !names.isEmpty {
            profile.extensions.append(.init("2.5.29.17", [0x30, UInt8(names.count)] + names))
        }
        let certificate = try authority.issue(
            to: ["CN": commonName], key: key.publicKey, profile: profile,
            validity: validity)
        root = authority.certificate
        // PKCS #8 (RFC 5208) around an ECPrivateKey (RFC 5915) that has the scalar alone.
        let head: [UInt8] = [
            0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D,
            0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x04, 0x27,
            0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
        ]
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [
                .certificate(
                    try NIOSSLCertificate(bytes: certificate.derRepresentation, format: .der))
            ],
            privateKey: .privateKey(
                try NIOSSLPrivateKey(bytes: head + key.rawRepresentation, format: .der)))
        if let maximumVersion {
            configuration.minimumTLSVersion = .tlsv1
            configuration.maximumTLSVersion = maximumVersion
        }
        context = try NIOSSLContext(configuration: configuration)
    }
}
