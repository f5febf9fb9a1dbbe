public import Accounts
public import AuditLog
public import CredentialStore
import Cryptography
public import OATH
public import Secrets
import VerificationCore
public import WebAuthn

/// The enrolment of a token that has begun.
public struct TokenEnrolment: Sendable {
    /// The transaction's identifier, needed to finish. It does not tell the secret.
    public let transaction: String
    /// The secret to put into the token. It is told once.
    public let secret: [UInt8]
    /// What the token is to compute.
    public let parameters: TokenParameters
    /// The account that the token is for, and whom it is with, as an authenticator app shows them.
    public let account: (issuer: String, user: UserName)
    /// What the token's HMAC is to be of, for one that answers challenges.
    public let challenge: [UInt8]
    /// What the token's code is to answer, for one that answers questions.
    public let question: String?
    /// How long it can be finished.
    public let lifetime: Duration
}

/// What shows that a token has its secret.
public enum TokenProof: Sendable, Hashable {
    /// A code.
    case code(String)
    /// The HMAC of the challenge.
    case response([UInt8])
}

/// A token to be added as it is, from a batch of devices or from another system.
public struct TokenAddition: Sendable {
    /// The secret.
    public var secret: [UInt8]
    /// What the token computes.
    public var parameters: TokenParameters
    /// The owner; `nil` for stock.
    public var owner: UserName?
    /// The counter that is next, for a token that counts.
    public var counter: UInt64
    /// By how many time steps its clock is ahead of ours, for a token that has one.
    public var drift: Int
    /// What is known of the device.
    public var device: TokenDevice
    /// The owner's name for it.
    public var label: String

    /// An addition from its parts.
    public init(
        secret: [UInt8], parameters: TokenParameters, owner: UserName?, counter: UInt64,
        drift: Int = 0, device: TokenDevice, label: String
    ) {
        self.secret = secret
        self.parameters = parameters
        self.owner = owner
        self.counter = counter
        self.drift = drift
        self.device = device
        self.label = label
    }
}

/// Enrols tokens, takes batches of them in, gives them out, and finds them again when they have gone astray.
///
/// The secret of a new token follows from its challenge and a key that only the server has: nothing is written before the
/// token has shown that it works, and the transaction does not tell the secret. Its methods block.
public final class TokenService: Sendable {
    private let store: SQLiteStore
    private let sealer: ChallengeSealer
    private let vault: TokenVault
    private let policy: ServerPolicy
    private let secretKey: [UInt8]
    private let clock: @Sendable () -> Timestamp

    /// A service over a store; `secret` is the installation's, 32 bytes.
    public init(
        store: SQLiteStore, secret: [UInt8], vault: SecretVault, policy: ServerPolicy,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.vault = TokenVault(vault: vault)
        self.policy = policy
        self.clock = clock
        sealer = ChallengeSealer(secret: secret)
        secretKey = HMACSHA256.authenticate(Array("countersign token secrets 1".utf8), key: secret)
    }

    // MARK: Enrolment

    /// Begins to enrol a token. Nothing is written.
    public func begin(
        _ parameters: TokenParameters, for user: UserName, client: String
    ) throws(CeremonyError) -> TokenEnrolment {
        if let suite = parameters.suite { try Self.check(suite) }
        guard try storing({ () throws(StoreError) in try store.user(user) }) != nil else {
            throw .store(.noSuchUser(user))
        }
        try policy.checkMethod(parameters.kind.signInMethod, of: user)
        guard let relyingParty = policy.relyingParty(nil) else { throw .unknownRelyingParty }
        let now = clock()
        let bytes = TokenChallenge.fresh()
        let challenge = IssuedChallenge(
            purpose: .tokenRegistration, bytes: bytes, user: user, relyingPartyID: relyingParty.id,
            client: client, userVerification: .discouraged, issuedAt: now,
            expiresAt: now.advanced(by: Self.lifetime), detail: parameters.sealedDetail)
        return TokenEnrolment(
            transaction: sealer.seal(challenge), secret: secret(of: challenge, parameters),
            parameters: parameters, account: (policy.codes.issuer, user), challenge: bytes,
            question: parameters.suite.map { OCRAQuestion.text(from: bytes, for: $0) },
            lifetime: Self.lifetime)
    }

    /// A person has to scan, or to write a slot, and to type.
    private static let lifetime = Duration.seconds(600)

    /// Keeps a new token that shows that it works. A wrong proof changes nothing: the person can type again.
    public func finish(
        _ transaction: String, proof: TokenProof, device: TokenDevice, label: String,
        by origin: AuditOrigin
    ) throws(CeremonyError) -> Token {
        guard
            let challenge = sealer.open(transaction), challenge.purpose == .tokenRegistration,
            challenge.client == origin.client,
            let parameters = TokenParameters(sealedDetail: challenge.detail)
        else { throw .unknownTransaction }
        let now = clock()
        guard now < challenge.expiresAt else { throw .expired }
        let owner = try storing { () throws(StoreError) in try store.user(challenge.user) }
        guard let owner, owner.createdAt <= challenge.issuedAt else {
            throw .store(.noSuchUser(challenge.user))
        }
        let secret = secret(of: challenge, parameters)
        let start = try verify(proof, of: challenge, secret, parameters, at: now)
        return try keep(
            secret, parameters, owner: owner, nextFactor: start.nextFactor, drift: start.drift,
            device: device, label: label, spending: challenge.spent, by: origin, at: now)
    }

    /// The user of a transaction of ours.
    public func subject(of transaction: String) -> UserName? {
        guard let challenge = sealer.open(transaction), challenge.purpose == .tokenRegistration
        else { return nil }
        return challenge.user
    }

    private func secret(of challenge: IssuedChallenge, _ parameters: TokenParameters) -> [UInt8] {
        let value = MessageAuthentication.hmac(challenge.bytes, key: secretKey, with: .sha512)
        return Array(value.prefix(parameters.recommendedSecretLength))
    }

    private func verify(
        _ proof: TokenProof, of challenge: IssuedChallenge, _ secret: [UInt8],
        _ parameters: TokenParameters, at now: Timestamp
    ) throws(CeremonyError) -> (nextFactor: UInt64, drift: Int) {
        let key: TokenKey
        do throws(MalformedOATH) {
            key = try TokenKey(secret: secret, parameters: parameters)
        } catch {
            throw .token(error)
        }
        switch (proof, parameters.mechanism) {
        case (.code(let code), .hotp):
            guard let factor = findMovingFactor(of: code, key, in: policy.codes.counters(from: 0))
            else { throw .code(.wrongCode) }
            return (factor + 1, 0)
        case (.code(let code), .totp(_, let period)):
            guard
                let steps = policy.codes.steps(
                    period, drift: 0, around: policy.codes.timeStepWindow, at: now),
                let factor = findMovingFactor(of: code, key, in: steps)
            else { throw .code(.wrongCode) }
            return (factor + 1, parameters.drift(of: factor, at: now))
        case (.code(let code), .ocra(let suite)):
            let question = OCRAQuestion.text(from: challenge.bytes, for: suite)
            let steps = suite.timeStepPeriod.flatMap {
                policy.codes.steps($0, drift: 0, around: policy.codes.timeStepWindow, at: now)
            }
            let match = try? findOCRAMatch(
                of: code, to: OCRAInput(question: question), key,
                counters: suite.hasCounter ? policy.codes.counters(from: 0) : nil,
                timeSteps: steps)
            guard let match else { throw .code(.wrongCode) }
            return (match.counter.map { $0 + 1 } ?? 0, 0)
        case (.response(let response), .challengeResponse):
            guard isValidResponse(response, to: challenge.bytes, key) else {
                throw .code(.wrongResponse)
            }
            return (0, 0)
        case (.code, .challengeResponse), (.response, _):
            throw .code(.malformedCode)
        }
    }

    /// A sign-in has a question to offer, a counter and the time; not a PIN, and not what a session would be. Where the
    /// code depends on nothing but the question, there must be so many that none comes twice by itself.
    private static func check(_ suite: OCRASuite) throws(CeremonyError) {
        if !suite.hasCounter, suite.timeStepPeriod == nil {
            guard suite.questionLength >= 8 else { throw .token(.dataInput("Q")) }
        }
        guard suite.pinHash == nil else { throw .token(.dataInput("P")) }
        guard suite.sessionLength == nil else { throw .token(.dataInput("S")) }
    }

    // MARK: Batches

    /// Adds a token as it is.
    public func add(
        _ addition: TokenAddition, by origin: AuditOrigin
    ) throws(CeremonyError) -> Token {
        if let suite = addition.parameters.suite { try Self.check(suite) }
        do throws(MalformedOATH) {
            _ = try TokenKey(secret: addition.secret, parameters: addition.parameters)
        } catch {
            throw .token(error)
        }
        guard addition.counter < UInt64(Int64.max) else { throw .token(.counter) }
        let owner = try addition.owner.map { name throws(CeremonyError) in try user(name) }
        return try keep(
            addition.secret, addition.parameters, owner: owner, nextFactor: addition.counter,
            drift: addition.drift, device: addition.device, label: addition.label, spending: nil,
            by: origin, at: clock())
    }

    /// Gives a token to a user, or takes it back into stock. Its secret is sealed anew for its new place.
    public func give(
        _ id: CredentialID, to name: UserName?, label: String?, by origin: AuditOrigin
    ) throws(CeremonyError) -> Token {
        var last: [UInt8]?
        while true {
            guard
                let token = try storing({ () throws(StoreError) in try store.token(id) }),
                token.sealedSecret != last
            else { throw .store(.noSuchCredential) }
            last = token.sealedSecret
            do throws(CeremonyError) {
                try give(token, to: name, label: label ?? token.label, by: origin)
                break
            } catch {
                // A rotation of keys may have sealed it anew meanwhile.
                guard error == .store(.noSuchCredential) else { throw error }
            }
        }
        guard let given = try storing({ () throws(StoreError) in try store.token(id) }) else {
            throw .store(.noSuchCredential)
        }
        return given
    }

    private func give(
        _ token: Token, to name: UserName?, label: String, by origin: AuditOrigin
    ) throws(CeremonyError) {
        let owner = try name.map { name throws(CeremonyError) in try user(name) }
        if let name { try policy.checkMethod(token.parameters.kind.signInMethod, of: name) }
        try vault.vault.keeping { () throws(CeremonyError) in
            let sealed = try opening { () throws(SecretError) in
                try vault.seal(try vault.secret(of: token), of: token.id, owner: owner)
            }
            try storing { () throws(StoreError) in
                try store.give(
                    token, to: name, sealedSecret: sealed, label: label,
                    maximum: policy.codes.maximumTokensPerUser, by: origin, at: clock())
            }
        }
    }

    /// Finds out where a user's token has come to by two codes that follow each other (RFC 4226 §7.4, RFC 6238 §6).
    public func synchronise(
        _ id: CredentialID, of name: UserName, by first: String, _ second: String,
        origin: AuditOrigin
    ) throws(CeremonyError) {
        let now = clock()
        guard
            let token = try storing({ () throws(StoreError) in try store.token(id) }),
            token.owner?.name == name,
            let window = policy.codes.resynchronisationWindow(of: token, at: now)
        else { throw .store(.noSuchCredential) }
        guard let key = vault.key(of: token) else { throw .code(.secretUnreadable) }
        guard let factor = findConsecutive(first, second, key, in: window) else {
            throw .code(.wrongCode)
        }
        guard factor >= token.nextFactor else { throw .code(.codeReplayed) }
        try storing { () throws(StoreError) in
            try store.synchronise(
                id, of: name, past: factor, drift: token.parameters.drift(of: factor, at: now),
                by: origin, at: now)
        }
    }

    private func user(_ name: UserName) throws(CeremonyError) -> User {
        guard let user = try storing({ () throws(StoreError) in try store.user(name) }) else {
            throw .store(.noSuchUser(name))
        }
        return user
    }

    private func keep(
        _ secret: [UInt8], _ parameters: TokenParameters, owner: User?, nextFactor: UInt64,
        drift: Int, device: TokenDevice, label: String, spending challenge: SpentChallenge?,
        by origin: AuditOrigin, at now: Timestamp
    ) throws(CeremonyError) -> Token {
        if let owner { try policy.checkMethod(parameters.kind.signInMethod, of: owner.name) }
        let id: CredentialID
        do throws(MalformedWebAuthn) {
            id = try CredentialID(bytes: SecureRandom.bytes(16))
        } catch {
            throw .secret(.cryptography)
        }
        try vault.vault.keeping { () throws(CeremonyError) in
            let sealed = try opening { () throws(SecretError) in
                try vault.seal(secret, of: id, owner: owner)
            }
            try storing { () throws(StoreError) in
                try store.add(
                    NewToken(
                        id: id, owner: owner?.name, parameters: parameters, sealedSecret: sealed,
                        nextFactor: nextFactor, drift: drift, device: device, label: label,
                        createdAt: now),
                    maximum: policy.codes.maximumTokensPerUser, spending: challenge, by: origin)
            }
        }
        guard let token = try storing({ () throws(StoreError) in try store.token(id) }) else {
            throw .store(.noSuchCredential)
        }
        return token
    }
}

/// What an enrolment's transaction says of the token: kind, hash, digits, period or suite, with spaces between.
extension TokenParameters {
    fileprivate var sealedDetail: [UInt8] {
        let words: [String] =
            switch mechanism {
            case .hotp(let digits): ["hotp", hash.rawValue, String(digits.rawValue)]
            case .totp(let digits, let period):
                ["totp", hash.rawValue, String(digits.rawValue), String(period)]
            case .ocra(let suite): ["ocra", suite.text]
            case .challengeResponse: ["hmac", hash.rawValue]
            }
        return Array(words.joined(separator: " ").utf8)
    }

    fileprivate init?(sealedDetail: [UInt8]) {
        let words = String(decoding: sealedDetail, as: UTF8.self).split(separator: " ")
            .map(String.init)
        guard words.count >= 2 else { return nil }
        let hash = OATHHash(rawValue: words[1])
        let digits =
            words.count > 2 ? Int(words[2]).flatMap(OATHDigits.init(rawValue:)) : nil
        do throws(MalformedOATH) {
            switch words[0] {
            case "hotp":
                guard let hash, let digits else { return nil }
                try self.init(.hotp(digits), hash: hash)
            case "totp":
                guard let hash, let digits, words.count == 4, let period = Int(words[3]) else {
                    return nil
                }
                try self.init(.totp(digits, period: period), hash: hash)
            case "ocra": try self.init(OCRASuite(words[1]))
            case "hmac":
                guard let hash else { return nil }
                try self.init(.challengeResponse, hash: hash)
            default: return nil
            }
        } catch {
            return nil
        }
    }
}
