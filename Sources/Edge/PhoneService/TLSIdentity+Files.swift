import Addresses
import Cryptography

extension TLSIdentity {
    /// Takes the identity from files.
    ///
    /// - Parameters:
    ///   - certificateFile: Certificates in PEM, the service's own first and then those of the authorities between.
    ///   - keyFile: The private key in PEM, not encrypted. It must be this user's or root's, and nobody but its group may
    ///     read it.
    public init(certificateFile: String, keyFile: String) throws(PhoneServiceError) {
        let files = IdentityFiles(certificate: certificateFile, key: keyFile)
        guard let key = try files.readKey(sharedWithGroup: true) else {
            throw .unusableFile(path: keyFile)
        }
        guard let certificates = try files.readCertificates() else {
            throw .unusableFile(path: certificateFile)
        }
        try self.init(certificates: certificates, key: key, from: files)
    }

    /// Takes the identity that a folder keeps, in `phones.crt` and `phones.key`, and makes it where there is none: a key
    /// on P-256, in a file of mode 0600, and a certificate that it signs itself, for ten years. Files that are there are
    /// never written to. Where only the certificate is gone, the key gets a new one, and the ``pin`` stays.
    ///
    /// - Parameters:
    ///   - names: What the certificate calls the service, host names and addresses, at least one.
    ///   - now: Seconds since 1970.
    public static func kept(
        inFolder folder: String, names: [String], now: Int64
    ) throws(PhoneServiceError) -> TLSIdentity {
        let files = IdentityFiles(
            certificate: folder + "/phones.crt", key: folder + "/phones.key")
        var key = try files.readKey(sharedWithGroup: false)
        var certificates = try files.readCertificates()
        if key == nil {
            guard certificates == nil else { throw .missingKey(path: files.key) }
            guard let text = try? P256PrivateKey().pemRepresentation() else {
                throw .unusableFile(path: files.key)
            }
            try files.writeKey(text)
            // Whoever came first has made the one that counts.
            key = try files.readKey(sharedWithGroup: false)
        }
        guard let key else { throw .unusableFile(path: files.key) }
        if certificates == nil {
            try files.writeCertificate(certificate(key, names: names, now: now, files))
            certificates = try files.readCertificates()
        }
        guard let certificates else { throw .unusableFile(path: files.certificate) }
        return try TLSIdentity(certificates: certificates, key: key, from: files)
    }

    private static func certificate(
        _ keyFile: [UInt8], names: [String], now: Int64, _ files: IdentityFiles
    ) throws(PhoneServiceError) -> [UInt8] {
        guard let key = try? P256PrivateKey(pemRepresentation: keyFile) else {
            throw .invalidKey(path: files.key)
        }
        guard !names.isEmpty else { throw .invalidName("") }
        var serverNames: [CertificateAuthority.ServerName] = []
        for name in names { serverNames.append(try serverName(name)) }
        let day: Int64 = 86_400
        // A day early, for phones whose clock is slow.
        let validity = CertificateAuthority.Validity(
            notBefore: now - day, notAfter: now + 3_652 * day)
        let certificate = try? CertificateAuthority.serverCertificate(
            names: serverNames, key: key, validity: validity
        ).pemRepresentation()
        guard let certificate else { throw .unusableFile(path: files.certificate) }
        return certificate
    }

    private static func serverName(
        _ name: String
    ) throws(PhoneServiceError) -> CertificateAuthority.ServerName {
        if let address = try? IPAddress(name) { return .address(address.bytes) }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isHost =
            name.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.allSatisfy(isLabelByte)
                    && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            }
            // A last label of digits makes an address that is none (WHATWG URL §3.5).
            && labels.last?.allSatisfy(isDigit) == false
        guard isHost else { throw .invalidName(name) }
        return .host(name.lowercased())
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "-")
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
