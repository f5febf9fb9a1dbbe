import CTAP

/// The state of one protocol's PIN/UV auth token (CTAP 2.1 §6.5.2.1). It lives until the key is unplugged.
struct PINUVAuthToken: Sendable {
    /// What a client got the token for, while it is in use.
    struct Grant: Sendable {
        var permissions: TokenPermissions
        var relyingPartyID: String?
        var isUserPresent: Bool
        var isUserVerified: Bool
        let begunAt: Duration
    }

    /// How long a touch or finger that came with the token counts as presence.
    static let userPresenceLimit: Duration = .seconds(30)
    /// How long a token may be used at all.
    static let usageLimit: Duration = .seconds(600)

    /// 32 bytes. Secret.
    private(set) var bytes: [UInt8]
    private(set) var grant: Grant?

    init(random: RandomSource) {
        bytes = random.bytes(32)
    }

    /// resetPinUvAuthToken and beginUsingPinUvAuthToken.
    mutating func begin(
        permissions: TokenPermissions, relyingPartyID: String?, isUserPresent: Bool,
        at now: Duration, random: RandomSource
    ) {
        bytes = random.bytes(32)
        grant = Grant(
            permissions: permissions, relyingPartyID: relyingPartyID,
            isUserPresent: isUserPresent, isUserVerified: true, begunAt: now)
    }

    /// The grant, while the token's time is not over.
    mutating func currentGrant(at now: Duration) -> Grant? {
        guard let current = grant else { return nil }
        if now - current.begunAt >= Self.usageLimit { grant = nil }
        if now - current.begunAt >= Self.userPresenceLimit { grant?.isUserPresent = false }
        return grant
    }

    /// Ties a token without a relying party to the first that it is used for.
    mutating func bind(to relyingPartyID: String) {
        if grant?.relyingPartyID == nil { grant?.relyingPartyID = relyingPartyID }
    }

    /// What follows each use: clearUserPresentFlag, clearUserVerifiedFlag and
    /// clearPinUvAuthTokenPermissionsExceptLbw.
    mutating func spend() {
        grant?.isUserPresent = false
        grant?.isUserVerified = false
        grant?.permissions.formIntersection(.largeBlobWrite)
    }
}
