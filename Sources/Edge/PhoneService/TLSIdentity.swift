import Cryptography
import HummingbirdCore
import HummingbirdTLS
import NIOSSL

/// What the service proves itself with: certificates and the private key, which stays inside.
public struct TLSIdentity: Sendable {
    /// SHA-256 of the SubjectPublicKeyInfo of the service's own certificate, 32 bytes: what an enrolment ticket carries
    /// and a phone checks. It stays the same as long as the key does.
    public let pin: [UInt8]
    /// The last moment at which the service's own certificate is valid, in seconds since 1970.
    public let notAfter: Int64

    private let chain: [NIOSSLCertificate]
    private let key: NIOSSLPrivateKey

    /// Takes certificates, the service's own first, and the key from what their files hold.
    ///
    /// - Parameter files: The paths, for errors.
    init(
        certificates: [UInt8], key keyFile: [UInt8], from files: IdentityFiles
    ) throws(PhoneServiceError) {
        guard
            let decoded = try? Certificate.decodeAll(certificates), let own = decoded.first,
            let publicKey = own.publicKey,
            let chain = try? decoded.map({
                try NIOSSLCertificate(bytes: $0.derRepresentation, format: .der)
            })
        else { throw .invalidCertificate(path: files.certificate) }
        guard let key = try? NIOSSLPrivateKey(bytes: keyFile, format: .pem) else {
            throw .invalidKey(path: files.key)
        }
        pin = SHA256.hash(publicKey.subjectPublicKeyInfo)
        notAfter = own.notAfter
        self.chain = chain
        self.key = key
        // BoringSSL compares the key with the certificate.
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            throw .invalidKey(path: files.key)
        }
    }

    private var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = [
            .TLS_AES_128_GCM_SHA256, .TLS_AES_256_GCM_SHA384, .TLS_CHACHA20_POLY1305_SHA256,
            .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ]
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    /// Connections behind TLS.
    func channel<Child: ServerChildChannel>(
        around child: Child
    ) throws(PhoneServiceError) -> TLSChannel<Child> {
        do {
            return try TLSChannel(child, tlsConfiguration: configuration)
        } catch {
            // It was tried when the identity was made.
            throw .invalidKey(path: "the key")
        }
    }
}

extension TLSIdentity: CustomStringConvertible {
    /// Nothing of what is inside.
    public var description: String { "TLSIdentity" }
}
