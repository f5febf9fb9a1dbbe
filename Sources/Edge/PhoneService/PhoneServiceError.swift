/// Why the service for phones does not start.
public enum PhoneServiceError: Error, Sendable, Hashable {
    /// The host to listen on is no address.
    case notAnAddress(host: String)
    /// Without TLS the service is for the loopback interface alone.
    case notLoopback(host: String)
    /// The system refuses to listen there; its words.
    case cannotListen(place: String, reason: String)
    /// The service was started before.
    case alreadyStarted
    /// A name that the certificate should have is neither a host name nor an address; or there is none.
    case invalidName(String)
    /// A file of the TLS identity cannot be read or written.
    case unusableFile(path: String)
    /// Others own the key's file, or can read or write it.
    case exposedKey(path: String)
    /// The file holds no certificates, or none that TLS can use.
    case invalidCertificate(path: String)
    /// The file holds no private key, or not that of the certificate.
    case invalidKey(path: String)
    /// There is a certificate, but its key is gone.
    case missingKey(path: String)

    /// The stable name of the case.
    public var code: String {
        switch self {
        case .notAnAddress: "not-an-address"
        case .notLoopback: "not-loopback"
        case .cannotListen: "cannot-listen"
        case .alreadyStarted: "already-started"
        case .invalidName: "invalid-name"
        case .unusableFile: "unusable-file"
        case .exposedKey: "exposed-key"
        case .invalidCertificate: "invalid-certificate"
        case .invalidKey: "invalid-key"
        case .missingKey: "missing-key"
        }
    }
}

extension PhoneServiceError: CustomStringConvertible {
    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .notAnAddress(let host):
            "\(host) is no address to listen on: give the one of an interface, or 0.0.0.0 or ::"
        case .notLoopback(let host):
            "\(host) is not a loopback address, and there is no TLS: use TLS or 127.0.0.1"
        case .cannotListen(let place, let reason): "cannot listen on \(place): \(reason)"
        case .alreadyStarted: "the service was started before"
        case .invalidName(let name):
            name.isEmpty
                ? "the certificate needs a name"
                : "\(name) is neither a host name nor an address"
        case .unusableFile(let path): "\(path) cannot be read or written"
        case .exposedKey(let path):
            "others own \(path), or can read or write it: run 'chmod 600 \(path)'"
        case .invalidCertificate(let path): "\(path) holds no certificates in PEM"
        case .invalidKey(let path):
            "\(path) holds no private key in PEM, or not that of the certificate"
        case .missingKey(let path):
            "\(path) is gone and its certificate is there: bring the key back, or remove the "
                + "certificate and enrol every phone anew"
        }
    }
}
