/// What files say of the parameters of a token, member by member.
struct TokenMembers: Sendable, Hashable {
    let kind: TokenKind
    var hash: OATHHash?
    var digits: Int?
    var period: Int?
    var suite: String?

    init(_ kind: TokenKind) {
        self.kind = kind
    }

    /// The parameters; what is absent is as apps have it: SHA-1, six digits, 30 seconds.
    ///
    /// - Throws: `.value` for a member that tokens of this kind have not.
    func parameters() throws(MalformedOATH) -> TokenParameters {
        guard period == nil || kind == .totp else { throw .value("period") }
        guard suite == nil || kind == .ocra else { throw .value("suite") }
        switch kind {
        case .totp:
            return try TokenParameters(
                .totp(OATHDigits(digits ?? 6), period: period ?? 30), hash: hash ?? .sha1)
        case .hotp:
            return try TokenParameters(.hotp(OATHDigits(digits ?? 6)), hash: hash ?? .sha1)
        case .ocra:
            guard let suite else { throw .missing("suite") }
            let parameters = try TokenParameters(OCRASuite(suite))
            guard hash == nil || hash == parameters.hash else { throw .hash }
            guard digits == nil || digits == parameters.digits?.rawValue else { throw .digits }
            return parameters
        case .hmac:
            guard digits == nil else { throw .digits }
            return try TokenParameters(.challengeResponse, hash: hash ?? .sha1)
        }
    }
}

extension OATHHash {
    /// The function of a name such as `SHA1`, in letters of either case.
    init?(name: String) {
        self.init(rawValue: name.lowercased())
    }

    /// The name in capitals, as key URIs and tables have it.
    var name: String { rawValue.uppercased() }
}
