public import Cryptography

/// How the user whom a certificate is about is found in it.
///
/// What the rule yields is compared with the user's name byte for byte: neither case nor what Unicode calls equivalent is
/// overlooked.
public struct SubjectRule: Sendable, Hashable {
    /// Where in the certificate the name stands.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// The user principal names among the alternative names (otherName 1.3.6.1.4.1.311.20.2.3).
        case userPrincipalName = "upn"
        /// The mail addresses among the alternative names (rfc822Name).
        case email
        /// The subject's common names.
        case commonName = "common-name"
        /// The subject's user identifiers (UID, 0.9.2342.19200300.100.1.1).
        case userIdentifier = "uid"
        /// The subject's serial numbers (2.5.4.5), which are people's and not the certificate's.
        case subjectSerialNumber = "subject-serial-number"
    }

    /// Where in the certificate the name stands.
    public let source: Source
    /// The domain that must follow the value's last `@`, and that is cut with it; `nil`: the value is taken whole. In
    /// domains the case of ASCII letters is nothing (RFC 4343), and only there.
    public let domain: String?

    /// A rule from its parts. An empty domain fits nothing.
    public init(source: Source, domain: String? = nil) {
        self.source = source
        self.domain = domain
    }

    /// The users whom `certificate` is about: one for each value that the rule fits, in the certificate's order. Values
    /// that are empty, or have nothing before the `@`, are none's.
    public func users(of certificate: Certificate) -> [String] {
        values(in: certificate).compactMap(user(named:))
    }

    /// Whether the certificate is about `user`, byte for byte, and about nobody else.
    func isSatisfied(by certificate: Certificate, for user: String) -> Bool {
        let users = users(of: certificate)
        guard users.count == 1, let only = users.first else { return false }
        return only.utf8.elementsEqual(user.utf8)
    }

    private func values(in certificate: Certificate) -> [String] {
        switch source {
        case .userPrincipalName: certificate.userPrincipalNames
        case .email: certificate.emails
        case .commonName: certificate.subjectValues("CN")
        case .userIdentifier: certificate.subjectValues("UID")
        case .subjectSerialNumber: certificate.subjectValues("serialNumber")
        }
    }

    private func user(named value: String) -> String? {
        guard let domain else { return value.isEmpty ? nil : value }
        let bytes = Array(value.utf8)
        guard
            !domain.isEmpty, let at = bytes.lastIndex(of: UInt8(ascii: "@")), at > 0,
            bytes[(at + 1)...].elementsEqual(domain.utf8, by: Self.areEqualIgnoringCase)
        else { return nil }
        return String(decoding: bytes[..<at], as: UTF8.self)
    }

    private static func areEqualIgnoringCase(_ left: UInt8, _ right: UInt8) -> Bool {
        lowercased(left) == lowercased(right)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
