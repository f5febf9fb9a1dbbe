import Accounts
import Addresses
import CredentialStore
import OATH
import WebAuthn

/// Tokens, codes, passes, app passwords, standing and events, as the store's documentation describes them.
extension DictionaryStore {
    struct StoredToken: Hashable {
        var id: CredentialID
        var owner: User?
        var parameters: TokenParameters
        var sealedSecret: [UInt8]
        var nextFactor: UInt64
        var drift: Int
        var device: TokenDevice
        var label: String
        var createdAt: Timestamp
        var lastUsedAt: Timestamp?
    }

    struct StoredAppPassword: Hashable {
        var number: Int64
        var owner: UserName
        var prefix: String
        var digest: [UInt8]
        var services: Set<String>
        var networks: [String]
        var label: String
        var expiresAt: Timestamp?
        var createdAt: Timestamp
        var lastUsedAt: Timestamp?
        var lastUsedFrom: String?
    }

    struct StoredRecoveryCode: Hashable {
        var owner: UserName
        var code: RecoveryCode
    }

    struct Standing: Hashable {
        var mfaState = MFAState.disabled
        var risk = RiskLevel.none
        var pushesStoppedAt: Timestamp?
    }

    struct Event: Hashable {
        var number: Int64
        var at: Timestamp
        var user: String
        var kind: SecurityEvent.Kind
        var client: String
        var detail: String
    }

    mutating func add(
        _ new: NewToken, maximum: Int, spending challenge: SpentChallenge?
    ) throws(StoreError) {
        if let challenge, !isUnspent(challenge) { throw .challengeSpent }
        let owner = try owner(new.owner, ofAtMost: maximum)
        let isTaken = tokens.contains { token in
            token.id == new.id
                || (token.device.serial != nil && token.device.serial == new.device.serial)
        }
        guard !isTaken else { throw .credentialExists }
        if let challenge { spend(challenge) }
        tokens.append(
            StoredToken(
                id: new.id, owner: owner, parameters: new.parameters,
                sealedSecret: new.sealedSecret, nextFactor: new.nextFactor, drift: new.drift,
                device: new.device, label: new.label, createdAt: new.createdAt))
        if let owner { enforceMFA(of: owner.name) }
    }

    mutating func give(
        _ id: CredentialID, to name: UserName?, sealedSecret: [UInt8], label: String, maximum: Int
    ) throws(StoreError) {
        guard let index = tokens.firstIndex(where: { $0.id == id }) else {
            throw .noSuchCredential
        }
        let owner = try owner(name, ofAtMost: maximum, besides: id)
        tokens[index].owner = owner
        tokens[index].sealedSecret = sealedSecret
        tokens[index].label = label
        if let owner { enforceMFA(of: owner.name) }
    }

    mutating func synchronise(
        _ id: CredentialID, of name: UserName, past factor: UInt64, drift: Int
    ) throws(StoreError) {
        guard
            factor < UInt64(Int64.max), let index = tokenIndex(id, of: name),
            tokens[index].nextFactor <= factor
        else { throw .noSuchCredential }
        tokens[index].nextFactor = factor + 1
        tokens[index].drift = drift
    }

    mutating func deleteToken(_ id: CredentialID) throws(StoreError) {
        guard let index = tokens.firstIndex(where: { $0.id == id }) else {
            throw .noSuchCredential
        }
        tokens.remove(at: index)
    }

    mutating func replaceRecoveryCodes(
        of name: UserName, digests: [[UInt8]], client: String, at now: Timestamp
    ) throws(StoreError) {
        guard users[name] != nil else { throw .noSuchUser(name) }
        recoveryCodes.removeAll { $0.owner == name }
        for digest in digests {
            recoveryCodeCount += 1
            recoveryCodes.append(
                StoredRecoveryCode(
                    owner: name, code: RecoveryCode(number: recoveryCodeCount, digest: digest)))
        }
        note(.recoveryCodesMade, of: name, client: client, detail: "\(digests.count)", at: now)
    }

    mutating func issue(
        _ pass: AccessPass, to name: UserName, client: String
    ) throws(StoreError) {
        guard users[name] != nil else { throw .noSuchUser(name) }
        guard users[pass.issuer] != nil else { throw .noSuchUser(pass.issuer) }
        passes[name] = pass
        note(
            .accessPassIssued, of: name, client: client, detail: "by \(pass.issuer.text)",
            at: pass.createdAt)
    }

    mutating func deleteAccessPass(of name: UserName) throws(StoreError) {
        guard users[name] != nil else { throw .noSuchUser(name) }
        guard passes.removeValue(forKey: name) != nil else { throw .noSuchCredential }
    }

    mutating func add(_ new: NewAppPassword, maximum: Int) throws(StoreError) -> Int64 {
        guard users[new.owner] != nil else { throw .noSuchUser(new.owner) }
        guard standings[new.owner]?.mfaState == .enforced else {
            throw .mfaNotEnforced(new.owner)
        }
        guard standings[new.owner]?.risk != .high else { throw .userAtRisk(new.owner) }
        guard appPasswords.count(where: { $0.owner == new.owner }) < maximum else {
            throw .tooMany
        }
        appPasswordCount += 1
        appPasswords.append(
            StoredAppPassword(
                number: appPasswordCount, owner: new.owner, prefix: new.prefix, digest: new.digest,
                services: new.services, networks: new.networks, label: new.label,
                expiresAt: new.expiresAt, createdAt: new.createdAt))
        return appPasswordCount
    }

    mutating func deleteAppPasswords(
        of name: UserName, number: Int64?
    ) throws(StoreError) -> Int {
        guard users[name] != nil else { throw .noSuchUser(name) }
        let before = appPasswords.count
        appPasswords.removeAll { $0.owner == name && (number ?? $0.number) == $0.number }
        guard number == nil || appPasswords.count < before else { throw .noSuchCredential }
        return before - appPasswords.count
    }

    mutating func passwordWasReset(
        of name: UserName, deletingAppPasswords: Bool, client: String, at now: Timestamp
    ) throws(StoreError) -> Int {
        guard users[name] != nil else { throw .noSuchUser(name) }
        let count = deletingAppPasswords ? try deleteAppPasswords(of: name, number: nil) : 0
        note(
            .passwordReset, of: name, client: client, detail: "app passwords deleted: \(count)",
            at: now)
        return count
    }

    mutating func set(_ state: MFAState, of name: UserName) throws(StoreError) {
        guard users[name] != nil else { throw .noSuchUser(name) }
        standings[name]?.mfaState = state
    }

    mutating func set(
        _ risk: RiskLevel, of name: UserName, because reason: String, client: String,
        at now: Timestamp
    ) throws(StoreError) {
        guard users[name] != nil else { throw .noSuchUser(name) }
        standings[name]?.risk = risk
        let detail = reason.isEmpty ? risk.rawValue : "\(risk.rawValue): \(reason)"
        note(.riskReported, of: name, client: client, detail: detail, at: now)
    }

    mutating func resumePushes(
        of name: UserName, client: String, at now: Timestamp
    ) throws(StoreError) {
        guard users[name] != nil else { throw .noSuchUser(name) }
        standings[name]?.pushesStoppedAt = nil
        note(.pushesResumed, of: name, client: client, detail: "administrator", at: now)
    }

    mutating func note(
        _ kind: SecurityEvent.Kind, of user: UserName, client: String, detail: String,
        at now: Timestamp
    ) {
        events.append(
            Event(
                number: Int64(events.count + 1), at: now, user: user.text, kind: kind,
                client: client, detail: detail))
    }

    func tokenIndex(_ id: CredentialID?, of name: UserName?) -> Int? {
        tokens.firstIndex { $0.id == id && $0.owner != nil && $0.owner?.name == name }
    }

    private func owner(
        _ name: UserName?, ofAtMost maximum: Int, besides token: CredentialID? = nil
    ) throws(StoreError) -> User? {
        guard let name else { return nil }
        guard let user = users[name] else { throw .noSuchUser(name) }
        let others = tokens.count { $0.owner?.name == name && $0.id != token }
        guard others < maximum else { throw .tooMany }
        return user
    }
}

/// What the writer decides of codes, and what follows from a decision.
extension DictionaryStore {
    mutating func consume(
        _ factor: UInt64, drift: Int, _ decision: SignInDecision
    ) -> SignInVerdict {
        guard
            factor < UInt64(Int64.max),
            let index = tokenIndex(decision.credentialID, of: decision.user)
        else { return .refused(code: "credential-not-allowed") }
        guard tokens[index].nextFactor <= factor else { return .refused(code: "code-replayed") }
        tokens[index].nextFactor = factor + 1
        tokens[index].drift = drift
        tokens[index].lastUsedAt = decision.at
        return .accepted
    }

    mutating func respond(_ decision: SignInDecision) -> SignInVerdict {
        guard
            decision.challenge != nil,
            let index = tokenIndex(decision.credentialID, of: decision.user)
        else { return .refused(code: "credential-not-allowed") }
        tokens[index].lastUsedAt = decision.at
        return .accepted
    }

    mutating func spend(recoveryCode number: Int64, _ decision: SignInDecision) -> SignInVerdict {
        let index = recoveryCodes.firstIndex { code in
            code.code.number == number && code.owner == decision.user
        }
        guard let index else { return .refused(code: "recovery-code-spent") }
        recoveryCodes.remove(at: index)
        return .accepted
    }

    mutating func use(pass digest: [UInt8], _ decision: SignInDecision) -> SignInVerdict {
        guard
            let name = decision.user, let pass = passes[name], pass.digest == digest,
            pass.startsAt <= decision.at, decision.at < pass.expiresAt,
            !pass.isOneTime || pass.lastUsedAt == nil
        else { return .refused(code: "access-pass-spent") }
        passes[name]?.lastUsedAt = decision.at
        return .accepted
    }

    mutating func use(appPassword number: Int64, _ decision: SignInDecision) -> SignInVerdict {
        let index = appPasswords.firstIndex { password in
            password.number == number && password.owner == decision.user
        }
        guard
            let index, let standing = standings[appPasswords[index].owner],
            standing.mfaState == .enforced, standing.risk != .high,
            appPasswords[index].expiresAt.map({ decision.at < $0 }) ?? true
        else { return .refused(code: "app-password-not-in-force") }
        appPasswords[index].lastUsedAt = decision.at
        appPasswords[index].lastUsedFrom = decision.address?.description
        return .accepted
    }

    mutating func follow(_ decision: SignInDecision, _ verdict: SignInVerdict) {
        guard let user = decision.user else { return }
        if verdict == .accepted {
            let isOfProgram =
                if case .appPasswordVerified = decision.judgement { true } else { false }
            if let address = decision.address, !isOfProgram {
                remember(address.subscriber.description, of: user, at: decision.at)
            }
            if decision.isStrong, standings[user]?.pushesStoppedAt != nil {
                standings[user]?.pushesStoppedAt = nil
                note(
                    .pushesResumed, of: user, client: decision.client,
                    detail: decision.method.rawValue, at: decision.at)
            }
        }
        guard verdict != .refused(code: "challenge-spent") else { return }
        let granted = verdict == .accepted ? decision.grantedConsequences : []
        for consequence in decision.consequences + granted {
            switch consequence {
            case .enforceMFA:
                if standings[user]?.mfaState == .enabled { standings[user]?.mfaState = .enforced }
            case .stopPushes:
                if standings[user] != nil, standings[user]?.pushesStoppedAt == nil {
                    standings[user]?.pushesStoppedAt = decision.at
                }
            case .event(let kind, let detail):
                note(kind, of: user, client: decision.client, detail: detail, at: decision.at)
            }
        }
    }

    private mutating func remember(_ source: String, of user: UserName, at now: Timestamp) {
        var known = sources[user] ?? [:]
        if let seen = known[source], seen.milliseconds >= now.milliseconds - 86_400_000 { return }
        known[source] = now
        let latest = known.sorted { left, right in
            left.value == right.value ? left.key < right.key : left.value > right.value
        }
        sources[user] = Dictionary(
            uniqueKeysWithValues: latest.prefix(32).map { ($0.key, $0.value) })
    }
}

extension SignInDecision {
    /// Whether a key that verifies the person answers.
    fileprivate var isStrong: Bool {
        switch judgement {
        case .verified(_, _, _, true), .cardVerified(true): true
        default: false
        }
    }
}

extension DictionaryStore.StoredToken {
    init(_ token: Token) {
        self.init(
            id: token.id, owner: token.owner, parameters: token.parameters,
            sealedSecret: token.sealedSecret, nextFactor: token.nextFactor, drift: token.drift,
            device: token.device, label: token.label, createdAt: token.createdAt,
            lastUsedAt: token.lastUsedAt)
    }
}

extension DictionaryStore.StoredAppPassword {
    init(_ password: AppPassword) {
        self.init(
            number: password.number, owner: password.owner, prefix: password.prefix,
            digest: password.digest, services: password.services, networks: password.networks,
            label: password.label, expiresAt: password.expiresAt, createdAt: password.createdAt,
            lastUsedAt: password.lastUsedAt, lastUsedFrom: password.lastUsedFrom)
    }
}

extension DictionaryStore.Standing {
    init(_ standing: UserStanding) {
        self.init(
            mfaState: standing.mfaState, risk: standing.risk,
            pushesStoppedAt: standing.pushesStoppedAt)
    }
}

extension DictionaryStore.Event {
    init(_ event: SecurityEvent) {
        self.init(
            number: event.number, at: event.at, user: event.user, kind: event.kind,
            client: event.client, detail: event.detail)
    }
}
