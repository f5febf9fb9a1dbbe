public import Cryptography
import NIOCore
import NIOSSL

/// How a server shows that it is the one that was meant.
public enum ServerTrust: Sendable {
    /// By a certificate for its host that leads to one of the machine's roots.
    case systemRoots
    /// By a certificate for its host that leads to one of these.
    case roots([Certificate])
    /// By having this key. Nothing else of its certificate is looked at: neither names nor times.
    case pinned(PublicKeyPin)
}

/// The SHA-256 of a public key's SubjectPublicKeyInfo (as RFC 7469 §2.4 pins it).
public struct PublicKeyPin: Sendable, Hashable {
    /// 32 bytes.
    public let digest: [UInt8]

    /// A pin of 32 bytes.
    public init(digest: [UInt8]) throws(PushFailure) {
        guard digest.count == 32 else { throw .invalidPin(byteCount: digest.count) }
        self.digest = digest
    }

    /// The pin of a key.
    public init(of key: PublicKey) {
        digest = SHA256.hash(key.subjectPublicKeyInfo)
    }
}

/// TLS as a client, set up once: reading the machine's roots takes milliseconds.
struct SecureChannels: Sendable {
    private let context: NIOSSLContext
    private let pin: PublicKeyPin?

    init(_ trust: ServerTrust) throws(PushFailure) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // How long a server may take over its goodbye.
        configuration.shutdownTimeout = .milliseconds(200)
        do {
            switch trust {
            case .systemRoots:
                pin = nil
            case .roots(let roots):
                pin = nil
                configuration.trustRoots = .certificates(
                    try roots.map {
                        try NIOSSLCertificate(bytes: $0.derRepresentation, format: .der)
                    })
            case .pinned(let pin):
                self.pin = pin
                configuration.certificateVerification = .noHostnameVerification
                // Without them, what the machine trusts would be read for nothing.
                configuration.trustRoots = .certificates([])
            }
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw .invalidRoots(reason: "\(error)")
        }
    }

    /// Adds what one connection to `host` needs.
    ///
    /// Without a pin the certificate must be for the name, or for the address that is connected to where the host is
    /// one.
    func add(to pipeline: ChannelPipeline.SynchronousOperations, host: PushEndpoint.Host) throws {
        let name: String?
        switch host {
        case .name(let text): name = text
        case .address: name = nil
        }
        guard let pin else {
            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
            if let name { try pipeline.addHandler(ServerNameCheck(name)) }
            return
        }
        try pipeline.addHandler(
            NIOSSLClientHandler(
                context: context, serverHostname: name,
                customVerificationCallback: { certificates, verdict in
                    // The handshake proves that the server has the key of the first certificate.
                    let key = try? certificates.first?.extractPublicKey().toSPKIBytes()
                    let isPinned = key.map { SHA256.hash($0) == pin.digest } ?? false
                    verdict.succeed(isPinned ? .certificateVerified : .failed)
                }))
    }
}
