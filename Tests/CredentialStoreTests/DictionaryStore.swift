import Accounts
import Addresses
import CredentialStore
import WebAuthn

/// The store as its documentation describes it, in dictionaries: what the real one is compared with.
struct DictionaryStore {
    struct StoredCredential: Hashable {
        var id: CredentialID
        var owner: User
        var relyingPartyID: RelyingPartyID
        var publicKey: COSEKey
        var counter: UInt32
        var isBackupEligible: Bool
        var isBackedUp: Bool
        var transports: [AuthenticatorTransport]
        var aaguid: AAGUID
        var attestationFormat: String
        var isAttestationTrusted: Bool
        var label: String
        var createdAt: Timestamp
        var lastUsedAt: Timestamp?
    }

    struct StoredCard: Hashable {
        var id: CredentialID
        var owner: User
        var key: CardKeyRecord
        var label: String
        var createdAt: Timestamp
        var lastUsedAt: Timestamp?
    }

    struct Row: Hashable {
        var number: Int64
        var at: Timestamp
        var method: SignInMethod
        var user: String?
        var relyingPartyID: String?
        var credentialID: [UInt8]?
        var client: String
        var service: String?
        var address: String?
        var isAccepted: Bool
        var reason: String
        var counter: UInt32?
        var isUserVerified: Bool?
    }

    private(set) var users: [UserName: User] = [:]
    private(set) var credentials: [StoredCredential] = []
    private(set) var cards: [StoredCard] = []
    private(set) var spent: [[UInt8]: Timestamp] = [:]
    private(set) var rows: [Row] = []
    var tokens: [StoredToken] = []
    var recoveryCodes: [StoredRecoveryCode] = []
    var recoveryCodeCount: Int64 = 0
    var passes: [UserName: AccessPass] = [:]
    var appPasswords: [StoredAppPassword] = []
    var appPasswordCount: Int64 = 0
    var standings: [UserName: Standing] = [:]
    var events: [Event] = []
    var sources: [UserName: [String: Timestamp]] = [:]
    private var forgottenBefore = Timestamp(milliseconds: .min)

    mutating func add(_ user: User) throws(StoreError) {
        guard users[user.name] == nil else { throw .userExists(user.name) }
        users[user.name] = user
        standings[user.name] = Standing()
    }

    mutating func deleteUser(_ name: UserName) throws(StoreError) {
        guard users.removeValue(forKey: name) != nil else { throw .noSuchUser(name) }
        credentials.removeAll { $0.owner.name == name }
        cards.removeAll { $0.owner.name == name }
        tokens.removeAll { $0.owner?.name == name }
        recoveryCodes.removeAll { $0.owner == name }
        appPasswords.removeAll { $0.owner == name }
        passes[name] = nil
        standings[name] = nil
        sources[name] = nil
    }

    mutating func register(
        _ new: NewCredential, spending challenge: SpentChallenge
    ) throws(StoreError) {
        guard isUnspent(challenge) else { throw .challengeSpent }
        guard let owner = users[new.owner] else { throw .noSuchUser(new.owner) }
        guard !credentials.contains(where: { $0.id == new.id }) else { throw .credentialExists }
        spent[challenge.identifier] = challenge.expiresAt
        let data = new.authenticatorData
        credentials.append(
            StoredCredential(
                id: new.id, owner: owner, relyingPartyID: new.relyingPartyID,
                publicKey: new.publicKey, counter: data.signatureCounter,
                isBackupEligible: data.flags.contains(.backupEligible),
                isBackedUp: data.flags.contains(.backupState), transports: new.transports,
                aaguid: new.aaguid, attestationFormat: new.attestationFormat,
                isAttestationTrusted: new.isAttestationTrusted, label: new.label,
                createdAt: new.createdAt, lastUsedAt: nil))
        enforceMFA(of: new.owner)
    }

    /// Who registers a second factor is asked for it from then on.
    mutating func enforceMFA(of name: UserName) {
        if standings[name]?.mfaState == .enabled { standings[name]?.mfaState = .enforced }
    }

    mutating func register(
        _ new: NewCardCredential, spending challenge: SpentChallenge
    ) throws(StoreError) {
        guard isUnspent(challenge) else { throw .challengeSpent }
        guard let owner = users[new.owner] else { throw .noSuchUser(new.owner) }
        guard !cards.contains(where: { $0.id == new.id }) else { throw .credentialExists }
        spent[challenge.identifier] = challenge.expiresAt
        cards.append(
            StoredCard(
                id: new.id, owner: owner, key: new.key, label: new.label,
                createdAt: new.createdAt, lastUsedAt: nil))
        enforceMFA(of: new.owner)
    }

    mutating func spend(_ challenge: SpentChallenge) {
        if isUnspent(challenge) { spent[challenge.identifier] = challenge.expiresAt }
    }

    mutating func deleteCredential(_ id: CredentialID, of name: UserName) throws(StoreError) {
        guard users[name] != nil else { throw .noSuchUser(name) }
        let before = credentials.count + cards.count + tokens.count
        credentials.removeAll { $0.id == id && $0.owner.name == name }
        cards.removeAll { $0.id == id && $0.owner.name == name }
        tokens.removeAll { $0.id == id && $0.owner?.name == name }
        guard credentials.count + cards.count + tokens.count < before else {
            throw .noSuchCredential
        }
    }

    mutating func commit(_ batch: [SignInDecision]) -> [SignInVerdict] {
        batch.map { decision in
            let verdict = decide(decision)
            record(decision, verdict)
            follow(decision, verdict)
            return verdict
        }
    }

    mutating func forget(expiredBefore moment: Timestamp) -> Int {
        let before = spent.count
        if let latest = spent.values.filter({ $0 < moment }).max() {
            forgottenBefore = max(forgottenBefore, latest.advanced(by: .milliseconds(1)))
        }
        spent = spent.filter { $0.value >= moment }
        return before - spent.count
    }

    func isUnspent(_ challenge: SpentChallenge) -> Bool {
        spent[challenge.identifier] == nil && challenge.expiresAt >= forgottenBefore
    }

    private mutating func decide(_ decision: SignInDecision) -> SignInVerdict {
        for challenge in [decision.challenge, decision.transactionStep].compactMap(\.self) {
            guard isUnspent(challenge) else { return .refused(code: "challenge-spent") }
            spent[challenge.identifier] = challenge.expiresAt
        }
        let verdict = verify(decision)
        guard verdict == .accepted, let user = decision.user else { return verdict }
        if case .denied(let code) = decision.access { return .refused(code: code) }
        guard standings[user] != nil else { return .refused(code: "unknown-user") }
        if case .unfinished = decision.access { return .unfinished }
        return .accepted
    }

    private mutating func verify(_ decision: SignInDecision) -> SignInVerdict {
        switch decision.judgement {
        case .refused(let code): return .refused(code: code)
        case .verified(let counter, let isBackupEligible, let isBackedUp, _):
            let index = credentials.firstIndex { credential in
                credential.id == decision.credentialID && credential.owner.name == decision.user
                    && credential.relyingPartyID == decision.relyingPartyID
            }
            guard decision.challenge != nil, let index else {
                return .refused(code: "credential-not-allowed")
            }
            guard credentials[index].isBackupEligible == isBackupEligible else {
                return .refused(code: "backup-eligibility-changed")
            }
            let stored = credentials[index].counter
            guard counter > stored || (counter == 0 && stored == 0) else {
                return .refused(code: "counter-not-ahead")
            }
            credentials[index].counter = counter
            credentials[index].isBackedUp = isBackedUp
            credentials[index].lastUsedAt = decision.at
            return .accepted
        case .cardVerified:
            let index = cards.firstIndex { card in
                card.id == decision.credentialID && card.owner.name == decision.user
            }
            guard decision.challenge != nil, let index else {
                return .refused(code: "credential-not-allowed")
            }
            cards[index].lastUsedAt = decision.at
            return .accepted
        case .codeVerified(let factor, let drift):
            return consume(factor, drift: drift, decision)
        case .responseVerified: return respond(decision)
        // Questions have a test of their own.
        case .questionAnswered: return respond(decision)
        case .recoveryCodeVerified(let number): return spend(recoveryCode: number, decision)
        case .accessPassVerified(let digest): return use(pass: digest, decision)
        case .appPasswordVerified(let number): return use(appPassword: number, decision)
        case .passwordVouched: return .accepted
        case .phoneApproved:
            // Nobody has a phone here.
            let isStopped = decision.user.flatMap { standings[$0]?.pushesStoppedAt } != nil
            return .refused(code: isStopped ? "pushes-stopped" : "credential-not-allowed")
        }
    }

    private mutating func record(_ decision: SignInDecision, _ verdict: SignInVerdict) {
        if verdict == .unfinished { return }
        var row = Row(
            number: Int64(rows.count + 1), at: decision.at, method: decision.method,
            user: decision.user?.text,
            relyingPartyID: decision.relyingPartyID?.text,
            credentialID: decision.credentialID?.bytes, client: decision.client,
            service: decision.service, address: decision.address?.description,
            isAccepted: verdict == .accepted, reason: "ok")
        if case .refused(let code) = verdict { row.reason = code }
        switch decision.judgement {
        case .verified(let counter, _, _, let isUserVerified):
            row.counter = counter
            row.isUserVerified = isUserVerified
        case .cardVerified(let isUserVerified), .phoneApproved(let isUserVerified):
            row.isUserVerified = isUserVerified
        case .codeVerified, .responseVerified, .questionAnswered, .recoveryCodeVerified,
            .accessPassVerified, .appPasswordVerified, .passwordVouched, .refused:
            break
        }
        rows.append(row)
    }
}

extension DictionaryStore.StoredCredential {
    init(_ credential: Credential) {
        self.init(
            id: credential.id, owner: credential.owner,
            relyingPartyID: credential.relyingPartyID, publicKey: credential.publicKey,
            counter: credential.signatureCounter, isBackupEligible: credential.isBackupEligible,
            isBackedUp: credential.isBackedUp, transports: credential.transports,
            aaguid: credential.aaguid, attestationFormat: credential.attestationFormat,
            isAttestationTrusted: credential.isAttestationTrusted, label: credential.label,
            createdAt: credential.createdAt, lastUsedAt: credential.lastUsedAt)
    }
}

extension DictionaryStore.StoredCard {
    init(_ card: CardCredential) {
        self.init(
            id: card.id, owner: card.owner, key: card.key, label: card.label,
            createdAt: card.createdAt, lastUsedAt: card.lastUsedAt)
    }
}

extension DictionaryStore.Row {
    init(_ row: SignIn) {
        self.init(
            number: row.number, at: row.at, method: row.method, user: row.user,
            relyingPartyID: row.relyingPartyID,
            credentialID: row.credentialID, client: row.client, service: row.service,
            address: row.address, isAccepted: row.isAccepted,
            reason: row.reason, counter: row.signatureCounter, isUserVerified: row.isUserVerified)
    }
}
