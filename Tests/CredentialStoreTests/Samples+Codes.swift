import Accounts
import Addresses
import CredentialStore
import OATH
import PushMessages
import Testing
import WebAuthn

/// Tokens, codes, passes and app passwords to start from.
extension Samples {
    static let day: Int64 = 86_400

    /// So many seconds after the start of all tests.
    static func at(_ seconds: Int64) -> Timestamp { start.advanced(by: .seconds(seconds)) }

    static func tokenID(_ seed: UInt8) throws -> CredentialID {
        try CredentialID(bytes: Array(repeating: seed, count: 16))
    }

    static func digest(_ seed: UInt8) -> [UInt8] { Array(repeating: seed, count: 32) }

    /// Each kind of token, with what is particular to it.
    static func parameters() throws -> [TokenParameters] {
        [
            try TokenParameters(.hotp(.six), hash: .sha1),
            try TokenParameters(.totp(.eight, period: 60), hash: .sha512),
            try TokenParameters(OCRASuite("OCRA-1:HOTP-SHA256-7:C-QN08")),
            try TokenParameters(.challengeResponse, hash: .sha256),
        ]
    }

    /// A counter token of `owner`, or in stock; its bytes follow from `seed`.
    static func token(
        _ seed: UInt8, of owner: String?, _ parameters: TokenParameters? = nil,
        nextFactor: UInt64 = 0, serial: String? = nil
    ) throws -> NewToken {
        NewToken(
            id: try tokenID(seed), owner: try owner.map(name),
            parameters: try parameters ?? TokenParameters(.hotp(.six), hash: .sha1),
            sealedSecret: [1, 2, seed], nextFactor: nextFactor, drift: 0,
            device: TokenDevice(serial: serial), label: "token \(seed)", createdAt: start)
    }

    static func pass(
        _ seed: UInt8, by issuer: String, from start: Int64 = 0, until end: Int64 = 3600,
        isOneTime: Bool = false
    ) throws -> AccessPass {
        AccessPass(
            digest: digest(seed), startsAt: at(start), expiresAt: at(end), isOneTime: isOneTime,
            issuer: try name(issuer), createdAt: Samples.start)
    }

    static func appPassword(
        _ seed: UInt8, of owner: String, endsAfter seconds: Int64? = nil
    ) throws -> NewAppPassword {
        NewAppPassword(
            owner: try name(owner), prefix: "pre\(seed % 4)", digest: digest(seed),
            services: ["imap", "smtp"], networks: [], label: "mail \(seed)",
            expiresAt: seconds.map(at), createdAt: start)
    }

    /// A phone of `owner`, with a subscription where there is a sealed secret of one.
    static func phone(_ seed: UInt8, of owner: String, sealed: [UInt8]?) throws -> NewPhone {
        NewPhone(
            id: try tokenID(seed), owner: try name(owner),
            publicKey: [4] + [UInt8](repeating: seed, count: 64), keyGuard: .pin, name: "phone",
            subscription: sealed.map {
                StoredSubscription(
                    endpoint: "https://push.example", publicKey: [4], sealedSecret: $0)
            },
            createdAt: start)
    }

    /// A decision of this judgement, without a challenge.
    static func decision(
        _ judgement: SignInDecision.Judgement, _ method: SignInMethod, of user: String,
        by credential: CredentialID? = nil, at seconds: Int64 = 5, from address: String? = nil
    ) throws -> SignInDecision {
        SignInDecision(
            challenge: nil, method: method, user: try name(user), relyingPartyID: nil,
            credentialID: credential, client: "front", service: "imap",
            address: try address.map { try IPAddress($0) }, at: at(seconds), judgement: judgement,
            access: .granted,
            log: Samples.log)
    }

    /// A code of token `seed` that was found right.
    static func code(
        _ factor: UInt64, by seed: UInt8, of user: String, drift: Int = 0, at seconds: Int64 = 5,
        from address: String? = nil
    ) throws -> SignInDecision {
        try decision(
            .codeVerified(movingFactor: factor, drift: drift), .hotp, of: user, by: tokenID(seed),
            at: seconds, from: address)
    }
}

extension Fixture {
    /// A store with these users, and for each a counter token whose number is the user's, from 1.
    static func withTokens(_ users: String...) throws -> Fixture {
        let fixture = try Fixture()
        for (index, user) in users.enumerated() {
            try fixture.store.add(Samples.user(user))
            try fixture.store.add(Samples.token(UInt8(index + 1), of: user), maximum: 5)
        }
        return fixture
    }

    /// Token `seed`, which has to be there.
    func token(_ seed: UInt8) throws -> Token {
        try #require(try store.token(Samples.tokenID(seed)))
    }

    /// The verdict on one decision.
    func commit(_ decision: SignInDecision) throws -> SignInVerdict {
        try #require(try store.commit([decision]).first)
    }

    /// Has the MFA of a user enforced and gives the user an app password.
    func addAppPassword(
        _ seed: UInt8, of user: String, endsAfter seconds: Int64? = nil, maximum: Int = 40
    ) throws -> Int64 {
        try store.set(.enforced, of: Samples.name(user))
        return try store.add(
            Samples.appPassword(seed, of: user, endsAfter: seconds), maximum: maximum)
    }

    /// What a typed code is compared with, of a user who has to be there.
    func factors(_ lookup: CodeLookup, at now: Timestamp = Samples.start) throws -> CodeFactors {
        let found = try #require(try store.codeFactors(for: [lookup], at: now).first)
        return try #require(try found.get())
    }

    /// Kinds of the events of a user, the earliest first.
    func events(of user: String) throws -> [SecurityEvent.Kind] {
        try store.events(of: Samples.name(user), limit: 1000).reversed().map(\.kind)
    }
}
