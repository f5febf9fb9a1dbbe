internal import OATH

/// Reads how a container's values are protected.
enum ProtectionReader {
    static func protection(of root: ContainerElement) throws(MalformedOATH) -> PSKCProtection? {
        let authentication = try root.macMethod.one("MACMethod").map {
            method throws(MalformedOATH) in try Self.authentication(method)
        }
        guard let key = try root.encryptionKey.one("EncryptionKey") else { return nil }
        return PSKCProtection(source: try source(key), authentication: authentication)
    }

    /// RFC 6030 §6.1 and §6.2; a key that is encrypted for a certificate (§6.3) is not supported.
    private static func source(
        _ key: EncryptionKeyElement
    ) throws(MalformedOATH) -> PSKCProtection.KeySource {
        let name = try key.keyName.one("KeyName")
        guard let derived = try key.derivedKey.one("DerivedKey") else {
            guard let name else { throw .unsupported("EncryptionKey") }
            return .preShared(name: name)
        }
        guard name == nil else { throw .duplicate("EncryptionKey") }
        let method = try derived.method.required("KeyDerivationMethod")
        guard let algorithm = method.algorithm, derivations.contains(algorithm) else {
            throw .unsupported("KeyDerivationMethod")
        }
        let parameters = try method.parameters.required("PBKDF2-params")
        let salt = try parameters.salt.required("Salt").specified.required("Specified")
        let function = try parameters.function.one("PRF")?.algorithm
        return .passphrase(
            try PSKCKeyDerivation(
                salt: salt.base64Binary("Salt"),
                iterations: parameters.iterationCount.required("IterationCount")
                    .number("IterationCount"),
                keyLength: parameters.keyLength.required("KeyLength").number("KeyLength"),
                // RFC 8018 §A.2: HMAC with SHA-1 where none is named.
                hash: function.map { name throws(MalformedOATH) in
                    guard let hash = hashes[name] else { throw .unsupported("PRF") }
                    return hash
                } ?? .sha1))
    }

    private static func authentication(
        _ method: MACMethodElement
    ) throws(MalformedOATH) -> PSKCProtection.Authentication {
        guard method.keyReference.isEmpty else { throw .unsupported("MACKeyReference") }
        guard let algorithm = method.algorithm else { throw .missing("MACMethod") }
        guard let hash = hashes[algorithm] else { throw .unsupported("MACMethod") }
        let key = try method.key.one("MACKey").map { key throws(MalformedOATH) in
            try ciphertext(key)
        }
        return PSKCProtection.Authentication(hash: hash, key: key)
    }

    /// A value of XML Encryption's EncryptedDataType.
    static func ciphertext(_ element: EncryptedElement) throws(MalformedOATH) -> PSKCCiphertext {
        let method = try element.method.required("EncryptionMethod")
        guard let keyLength = method.algorithm.flatMap({ ciphers[$0] }) else {
            throw .unsupported("EncryptionMethod")
        }
        let value = try element.data.required("CipherData").value.required("CipherValue")
        return try PSKCCiphertext(keyLength: keyLength, bytes: value.base64Binary("CipherValue"))
    }

    private static let derivations: Set<String> = [
        "http://www.rsasecurity.com/rsalabs/pkcs/schemas/pkcs-5v2-0#pbkdf2",
        "http://www.w3.org/2009/xmlenc11#pbkdf2",
    ]

    private static let hashes: [String: OATHHash] = [
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1": .sha1,
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256": .sha256,
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512": .sha512,
    ]

    /// The length of each cipher's key.
    private static let ciphers = [
        "http://www.w3.org/2001/04/xmlenc#aes128-cbc": 16,
        "http://www.w3.org/2001/04/xmlenc#aes192-cbc": 24,
        "http://www.w3.org/2001/04/xmlenc#aes256-cbc": 32,
    ]
}
