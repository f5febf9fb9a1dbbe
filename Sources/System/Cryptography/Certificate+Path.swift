/// Why a certificate is not to be trusted, the first reason that was found.
public enum PathFailure: Error, Hashable, Sendable {
    /// A certificate of the path is past its time.
    case expired
    /// A certificate of the path is before its time.
    case notYetValid
    /// A certificate of the path is on its issuer's revocation list.
    case revoked
    /// Whether a certificate of the path is revoked cannot be told: its issuer's list is not there, past or before its
    /// time, not signed by the issuer, signed with a weak algorithm, or says things that OpenSSL does not know.
    case revocationUnknown
    /// The path does not lead to an anchor.
    case untrusted
    /// A key of the path is below the strength of 112 bits, or a certificate below the anchor is signed with a weak
    /// hash, such as SHA-1.
    case tooWeak
    /// The path breaks a rule of RFC 5280 §6, which OpenSSL words.
    case invalid(String)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .expired: "certificate-expired"
        case .notYetValid: "certificate-not-yet-valid"
        case .revoked: "certificate-revoked"
        case .revocationUnknown: "revocation-unknown"
        case .untrusted: "certificate-untrusted"
        case .tooWeak: "certificate-too-weak"
        case .invalid: "certificate-path-invalid"
        }
    }

    /// How much the failure says about the certificate, where several anchors were tried in vain.
    fileprivate var rank: Int {
        switch self {
        case .untrusted: 0
        case .invalid: 1
        case .tooWeak: 2
        case .notYetValid: 3
        case .expired: 4
        case .revocationUnknown: 5
        case .revoked: 6
        }
    }
}

extension Certificate {
    /// Whether the certificate chains up to one of `anchors` at `time`, seconds since 1970, through
    /// `intermediates` in any order. An anchor may be the certificate itself.
    ///
    /// Asks neither for a minimum strength nor whether anything is revoked; see
    /// ``verifyPath(to:through:revocationLists:at:)``.
    public func chains(
        to anchors: [Certificate], through intermediates: [Certificate], at time: Int64
    ) -> Bool {
        anchors.contains { anchor in
            let path = PathVerification(anchor: anchor, intermediates: intermediates, time: time)
                .path(of: self)
            return if case .success = path { true } else { false }
        }
    }

    /// Verifies the path from this certificate up to one of `anchors` (RFC 5280 §6).
    ///
    /// First comes the path itself: signatures, times, basic constraints, key usages, name constraints, a strength of
    /// at least 112 bits in keys and in signatures below the anchor. Then, where lists are given, every certificate
    /// below the anchor must have its issuer's list, in time, and not be on it. Among several anchors one that the
    /// path leads to is enough; what the certificate may be used for is not looked at.
    ///
    /// - Parameters:
    ///   - anchors: what is trusted: roots, authorities below a root, or the certificate itself.
    ///   - intermediates: other certificates that may be on the way, in any order, of any origin. Of several for one
    ///     name and key OpenSSL tries only one, preferably one that is in time.
    ///   - revocationLists: complete lists of the issuers, or `nil` to ask about no revocation.
    ///   - time: the moment to judge for, in seconds since 1970.
    /// - Returns: the path, from this certificate to the anchor, both included.
    @discardableResult
    public func verifyPath(
        to anchors: [Certificate], through intermediates: [Certificate],
        revocationLists: [RevocationList]?, at time: Int64
    ) throws(PathFailure) -> [Certificate] {
        var worst = PathFailure.untrusted
        // One at a time: among anchors of one name OpenSSL takes the first and never looks at the others.
        for anchor in anchors {
            let found = PathVerification(
                anchor: anchor, intermediates: intermediates, time: time, isStrict: true
            ).path(of: self).flatMap { path in
                guard let revocationLists else { return .success(path) }
                return PathVerification(
                    anchor: anchor, intermediates: intermediates, time: time, isStrict: true,
                    revocationLists: revocationLists.filter { !$0.isSignedWeakly }
                ).path(of: self)
            }
            switch found {
            case .success(let path): return path
            case .failure(let failure):
                if failure.rank > worst.rank { worst = failure }
            }
        }
        throw worst
    }
}
