import Accounts
import Addresses
import CredentialStore
import OATH
import TestSupport
import Testing
import WebAuthn

/// Something that is done to a store and to its model.
enum ModelOperation {
    case add(User)
    case deleteUser(UserName)
    case register(NewCredential, SpentChallenge)
    case registerCard(NewCardCredential, SpentChallenge)
    case spend(SpentChallenge)
    case deleteCredential(CredentialID, UserName)
    case commit([SignInDecision])
    case forget(Timestamp)
    case addToken(NewToken, SpentChallenge?)
    case give(CredentialID, UserName?, sealedSecret: [UInt8])
    case synchronise(CredentialID, UserName, past: UInt64, drift: Int)
    case deleteToken(CredentialID)
    case replaceRecoveryCodes(UserName, [[UInt8]])
    case issue(AccessPass, UserName)
    case deletePass(UserName)
    case addAppPassword(NewAppPassword)
    case deleteAppPasswords(UserName, Int64?)
    case passwordWasReset(UserName, deletingAppPasswords: Bool)
    case setState(MFAState, UserName)
    case setRisk(RiskLevel, UserName)
    case resumePushes(UserName)
    case note(SecurityEvent.Kind, UserName)

    static let names = ["alice", "bob", "carol"]
    /// How many tokens and app passwords a user may have.
    static let maximum = 3
    /// When what has no time of its own in an operation is done.
    static let now = Samples.at(77)

    /// Few names, identifiers and challenges, so that operations meet; numbers are for the most part those that the model
    /// has.
    init(from random: inout SplitMix64, seeing model: DictionaryStore) throws {
        let kind = Int.random(in: 0..<60, using: &random)
        switch kind {
        case 0..<4: self = .add(try Samples.user(Self.text(&random)))
        case 4 where Bool.random(using: &random): self = .deleteUser(try Self.name(&random))
        case 5..<9: self = .register(try Self.credential(&random), Self.challenge(&random))
        case 9..<11:
            let card = try Samples.card(.random(in: 0..<8, using: &random), of: Self.text(&random))
            self = .registerCard(card, Self.challenge(&random))
        case 11: self = .spend(Self.challenge(&random))
        case 12..<14:
            let seed = UInt8.random(in: 0..<8, using: &random)
            let id = try kind == 12 ? Samples.credentialID(seed) : Samples.tokenID(seed)
            self = .deleteCredential(id, try Self.name(&random))
        case 14:
            // Most challenges are to be left.
            let seconds = Int.random(in: -1...(model.rows.count / 16 + 1), using: &random)
            self = .forget(Samples.at(Int64(seconds)))
        case 15..<30: self = try Self.codes(kind, &random)
        default:
            let count = Int.random(in: 1...5, using: &random)
            self = .commit(try (0..<count).map { _ in try Self.decision(&random, model) })
        }
    }

    private static func codes(_ kind: Int, _ random: inout SplitMix64) throws -> ModelOperation {
        let user = try name(&random)
        let seed = UInt8.random(in: 0..<8, using: &random)
        switch kind {
        case 15..<18:
            let challenge = Bool.random(using: &random) ? challenge(&random) : nil
            return .addToken(try token(seed, &random), challenge)
        case 18:
            let owner = Int.random(in: 0..<4, using: &random) == 0 ? nil : user
            return .give(
                try Samples.tokenID(seed), owner, sealedSecret: random.bytes(2))
        case 19:
            return .synchronise(
                try Samples.tokenID(seed), user, past: factor(&random),
                drift: .random(in: -2...2, using: &random))
        case 20: return .deleteToken(try Samples.tokenID(seed))
        case 21:
            let count = Int.random(in: 0...3, using: &random)
            return .replaceRecoveryCodes(user, (0..<count).map { _ in random.bytes(32) })
        case 22:
            let start = Int64.random(in: 0...60, using: &random) * Samples.day
            return .issue(
                try Samples.pass(
                    seed, by: text(&random), from: start, until: start + 30 * Samples.day,
                    isOneTime: .random(using: &random)),
                user)
        case 23: return .deletePass(user)
        case 24..<26:
            let days = Int64.random(in: 0...100, using: &random)
            return .addAppPassword(
                try Samples.appPassword(
                    seed, of: user.text,
                    endsAfter: Bool.random(using: &random) ? days * Samples.day : nil))
        case 26:
            guard Bool.random(using: &random) else {
                return .passwordWasReset(
                    user, deletingAppPasswords: .random(using: &random))
            }
            let number = Int64.random(in: 1...20, using: &random)
            return .deleteAppPasswords(user, Bool.random(using: &random) ? number : nil)
        case 27:
            let state = MFAState.allCases.randomElement(using: &random) ?? .disabled
            return .setState(Bool.random(using: &random) ? .enforced : state, user)
        case 28: return .setRisk(RiskLevel.allCases.randomElement(using: &random) ?? .none, user)
        default:
            let event = SecurityEvent.Kind.allCases.randomElement(using: &random)
            guard let event, Bool.random(using: &random) else { return .resumePushes(user) }
            return .note(event, user)
        }
    }
}

/// What operations are made of.
extension ModelOperation {
    private static func text(_ random: inout SplitMix64) -> String {
        names[Int.random(in: 0..<names.count, using: &random)]
    }

    private static func name(_ random: inout SplitMix64) throws -> UserName {
        try Samples.name(text(&random))
    }

    private static func relyingParty(_ random: inout SplitMix64) -> String {
        ["example.org", "example.org", "example.com"][Int.random(in: 0..<3, using: &random)]
    }

    private static func challenge(_ random: inout SplitMix64) -> SpentChallenge {
        // A challenge's number is also when it expires, so that a challenge always expires at the same time.
        let number = Int.random(in: 0..<4096, using: &random)
        return SpentChallenge(
            challenge: [UInt8(number >> 8), UInt8(number & 0xFF)] + Array(repeating: 0, count: 30),
            expiresAt: Samples.at(Int64(number / 8)))
    }

    private static func credential(_ random: inout SplitMix64) throws -> NewCredential {
        let flags: [AuthenticatorData.Flags] = [
            [.userPresent], [.userPresent, .backupEligible],
            [.userPresent, .userVerified, .backupEligible, .backupState],
        ]
        return try Samples.credential(
            .random(in: 0..<8, using: &random), of: text(&random),
            for: relyingParty(&random), counter: .random(in: 0...2, using: &random),
            flags: flags[Int.random(in: 0..<3, using: &random)])
    }

    private static func token(_ seed: UInt8, _ random: inout SplitMix64) throws -> NewToken {
        let owner = Int.random(in: 0..<4, using: &random) == 0 ? nil : text(&random)
        let serial = Int.random(in: 0..<6, using: &random)
        return try Samples.token(
            seed, of: owner, Samples.parameters().randomElement(using: &random),
            nextFactor: .random(in: 0...5, using: &random),
            serial: serial < 4 ? "S\(serial)" : nil)
    }

    private static func factor(_ random: inout SplitMix64) -> UInt64 {
        let ends: [UInt64] = [0, UInt64(Int64.max), UInt64(Int64.max) + 1, .max]
        if Int.random(in: 0..<12, using: &random) == 0 {
            return ends[Int.random(in: 0..<ends.count, using: &random)]
        }
        return .random(in: 0...30, using: &random)
    }

    private static func decision(
        _ random: inout SplitMix64, _ model: DictionaryStore
    ) throws -> SignInDecision {
        var decision =
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<3: try keyAnswer(&random)
            case 3:
                try Samples.cardAnswer(
                    challenge(&random), by: .random(in: 0..<8, using: &random), of: text(&random))
            default: try codeAnswer(&random, model)
            }
        decision.at = Samples.at(
            Int64.random(in: 0...100, using: &random) * Samples.day
                + Int64.random(in: 0...9, using: &random))
        if Bool.random(using: &random) { decision.address = try address(&random) }
        if Int.random(in: 0..<8, using: &random) == 0 { decision.consequences.append(.stopPushes) }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: decision.access = .denied(code: "blocked-by-policy")
        case 1: decision.access = .unfinished(until: decision.at.advanced(by: .seconds(60)))
        case 2: decision.grantedConsequences = [.enforceMFA]
        case 3: decision.judgement = .passwordVouched
        default: break
        }
        if Int.random(in: 0..<8, using: &random) == 0 {
            decision.consequences.append(.event(.codeGuessing, detail: text(&random)))
        }
        return decision
    }

    private static func keyAnswer(_ random: inout SplitMix64) throws -> SignInDecision {
        var decision = try Samples.answer(
            challenge(&random), by: .random(in: 0..<8, using: &random), of: text(&random),
            for: relyingParty(&random), counter: .random(in: 0...6, using: &random),
            isBackupEligible: .random(using: &random), isBackedUp: .random(using: &random))
        switch Int.random(in: 0..<12, using: &random) {
        case 0: decision.challenge = nil
        case 1: decision.user = nil
        case 2: decision.judgement = .refused(code: "wrong-origin")
        case 3:
            decision.judgement = .verified(
                counter: 9, isBackupEligible: false, isBackedUp: false, isUserVerified: false)
        default: break
        }
        return decision
    }

    private static func codeAnswer(
        _ random: inout SplitMix64, _ model: DictionaryStore
    ) throws -> SignInDecision {
        let user = text(&random)
        let token = try Samples.tokenID(.random(in: 0..<8, using: &random))
        let other = Int64.random(in: 0...40, using: &random)
        let digest = Samples.digest(.random(in: 0..<8, using: &random))
        var decision =
            switch Int.random(in: 0..<9, using: &random) {
            case 0..<3:
                try Samples.decision(
                    .codeVerified(
                        movingFactor: factor(&random), drift: .random(in: -3...3, using: &random)),
                    .totp, of: user, by: token)
            case 3: try Samples.decision(.responseVerified, .hmac, of: user, by: token)
            case 4:
                try Samples.decision(
                    .recoveryCodeVerified(
                        number: model.recoveryCodes.randomElement(using: &random)?.code.number
                            ?? other),
                    .recovery, of: user)
            case 5: try Samples.decision(.accessPassVerified(digest: digest), .tap, of: user)
            case 6..<8:
                try Samples.decision(
                    .appPasswordVerified(
                        number: model.appPasswords.randomElement(using: &random)?.number ?? other),
                    .apppass, of: user)
            default:
                try Samples.decision(
                    .phoneApproved(isUserVerified: .random(using: &random)), .push, of: user,
                    by: token)
            }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: decision.challenge = challenge(&random)
        case 4: decision.user = nil
        case 5: decision.judgement = .refused(code: "wrong-code")
        default: break
        }
        return decision
    }

    private static func address(_ random: inout SplitMix64) throws -> IPAddress {
        let number = Int.random(in: 1...60, using: &random)
        return try IPAddress(number < 50 ? "192.0.2.\(number)" : "2001:db8::\(number % 3):0:0:0:1")
    }
}
