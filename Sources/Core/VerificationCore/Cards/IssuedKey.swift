import Cryptography
import PIV

/// A key that an organisation's authority issued a certificate for.
struct IssuedKey {
    let key: CardKey
    let chain: CardChain

    /// Decodes a certificate. What it states is not believed yet.
    init(_ issued: IssuedCertificate) throws(CardFailure) {
        chain = try CardChain(
            issued.certificate, through: issued.intermediates, or: .malformedCertificate)
        guard chain.leaf.version == 3 else { throw .malformedCertificate }
        key = try CardKey(chain.leaf.publicKey)
    }

    /// Verifies all that makes the certificate the user's: what it is for, whose it is, and who issued it.
    func verify(user: String, _ trust: CardTrust, at time: Int64) throws(CardFailure) {
        try verifyUsage()
        guard let rule = trust.subject else { throw .noSubjectRule }
        guard rule.isSatisfied(by: chain.leaf, for: user) else { throw .wrongSubject }
        try verifyPath(trust, at: time)
    }

    /// RFC 5280 §4.2.1.3, §4.2.1.9 and §4.2.1.12. Absent extensions allow everything; malformed ones nothing.
    private func verifyUsage() throws(CardFailure) {
        let certificate = chain.leaf
        if certificate.hasExtension("2.5.29.19") {
            guard certificate.isCertificateAuthority == false else {
                throw .certificateNotForAuthentication(.basicConstraints)
            }
        }
        if let usage = certificate.keyUsage, !usage.contains(.digitalSignature) {
            throw .certificateNotForAuthentication(.keyUsage)
        }
        if let usages = certificate.extendedKeyUsages, Self.signInUsages.isDisjoint(with: usages) {
            throw .certificateNotForAuthentication(.extendedKeyUsage)
        }
    }

    private static let signInUsages: Set<String> = [
        // id-kp-clientAuth.
        "1.3.6.1.5.5.7.3.2",
        // Smart card logon.
        "1.3.6.1.4.1.311.20.2.2",
        // anyExtendedKeyUsage.
        "2.5.29.37.0",
    ]

    /// An expired certificate is reported as expired, whether it is revoked or not: lists need not name it any longer
    /// (RFC 5280 §3.3).
    private func verifyPath(_ trust: CardTrust, at time: Int64) throws(CardFailure) {
        let path: [Certificate]
        do throws(PathFailure) {
            path = try chain.leaf.verifyPath(
                to: trust.issuers, through: chain.intermediates,
                revocationLists: trust.revocation.lists, at: time)
        } catch {
            throw CardFailure(error, or: .certificateNotTrusted)
        }
        // An authority that may issue for servers or mail alone issues nobody's sign-in.
        for authority in path.dropFirst().dropLast() {
            if let usages = authority.extendedKeyUsages, Self.signInUsages.isDisjoint(with: usages)
            {
                throw .certificateNotForAuthentication(.extendedKeyUsage)
            }
        }
    }

    /// Whether the certificate is one of an issuer's at all, in time and revoked or not.
    func leadsToIssuer(_ trust: CardTrust, at time: Int64) -> Bool {
        do throws(PathFailure) {
            try chain.leaf.verifyPath(
                to: trust.issuers, through: chain.intermediates, revocationLists: nil, at: time)
            return true
        } catch {
            switch error {
            case .untrusted, .invalid: return false
            case .expired, .notYetValid, .revoked, .revocationUnknown, .tooWeak: return true
            }
        }
    }
}

extension CardFailure {
    /// What a failure of a path amounts to, where that it leads nowhere amounts to `untrusted`.
    init(_ failure: PathFailure, or untrusted: CardFailure) {
        switch failure {
        case .expired: self = .certificateExpired
        case .notYetValid: self = .certificateNotYetValid
        case .revoked: self = .certificateRevoked
        case .revocationUnknown: self = .revocationUnknown
        case .tooWeak: self = .certificateTooWeak
        case .untrusted, .invalid: self = untrusted
        }
    }
}
