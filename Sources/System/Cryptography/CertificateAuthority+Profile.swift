extension CertificateAuthority {
    /// Whom a certificate is about.
    public struct Subject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
        struct Attribute: Sendable, Hashable {
            let shortName: String
            let value: String
        }

        let attributes: [Attribute]

        /// A subject with these attributes in this order, by OpenSSL's short names for them, such as `CN`.
        public init(dictionaryLiteral attributes: (String, String)...) {
            self.attributes = attributes.map { Attribute(shortName: $0.0, value: $0.1) }
        }

        /// A subject with the four attributes that an attestation certificate must have. Country is the two-letter
        /// code of ISO 3166.
        public init(
            country: String, organization: String, organizationalUnit: String, commonName: String
        ) {
            self = ["C": country, "O": organization, "OU": organizationalUnit, "CN": commonName]
        }
    }

    /// From when to when a certificate or a list is valid, in seconds since 1970.
    public struct Validity: Sendable, Hashable {
        let notBefore: Int64
        let notAfter: Int64

        /// Valid from the first moment to the last, both included.
        public init(notBefore: Int64, notAfter: Int64) {
            self.notBefore = notBefore
            self.notAfter = notAfter
        }
    }

    /// An extension of a certificate (RFC 5280 §4.2).
    public struct Extension: Sendable, Hashable {
        /// The dotted identifier.
        public let objectIdentifier: String
        /// The contents of the OCTET STRING, DER as a rule.
        public let value: [UInt8]
        /// Whether who does not know the extension must refuse the certificate.
        public let isCritical: Bool

        /// An extension with this dotted identifier and value.
        public init(_ objectIdentifier: String, _ value: [UInt8], isCritical: Bool = false) {
            self.objectIdentifier = objectIdentifier
            self.value = value
            self.isCritical = isCritical
        }
    }

    /// What a certificate says beyond its subject, key and validity. At first, nothing.
    public struct Profile: Sendable, Hashable {
        /// What the key may be used for, a critical extension, or `nil` not to say.
        public var keyUsage: Certificate.KeyUsage?
        /// The dotted identifiers of the purposes; empty not to say.
        public var extendedKeyUsages: [String] = []
        /// Mail addresses for the alternative names; ASCII.
        public var emails: [String] = []
        /// User principal names for the alternative names.
        public var userPrincipalNames: [String] = []
        /// Further extensions, behind those of the other properties.
        public var extensions: [Extension] = []
        /// From 1 to 20 bytes, big-endian, or `nil` for a random one.
        public var serialNumber: [UInt8]?

        /// Nothing.
        public init() {}

        func allExtensions() throws(CryptographyError) -> [Extension] {
            var all: [Extension] = []
            if let keyUsage {
                all.append(Extension("2.5.29.15", DER.keyUsage(keyUsage), isCritical: true))
            }
            if !extendedKeyUsages.isEmpty {
                var purposes: [UInt8] = []
                for purpose in extendedKeyUsages { purposes += try DER.objectIdentifier(purpose) }
                all.append(Extension("2.5.29.37", DER.element(0x30, purposes)))
            }
            if !emails.isEmpty || !userPrincipalNames.isEmpty {
                var names = emails.flatMap { DER.element(0x81, Array($0.utf8)) }
                let type = try DER.objectIdentifier("1.3.6.1.4.1.311.20.2.3")
                for name in userPrincipalNames {
                    let text = DER.element(0x0C, Array(name.utf8))
                    names += DER.element(0xA0, type + DER.element(0xA0, text))
                }
                all.append(Extension("2.5.29.17", DER.element(0x30, names)))
            }
            return all + extensions
        }
    }
}
