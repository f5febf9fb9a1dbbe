public import CredentialStore
import Cryptography
public import DeviceModels
public import PIV
public import VerificationCore
public import WebAuthn

/// An enrolment of a card's key that has begun: what the front end passes to the client.
public struct CardRegistrationTransaction: Sendable, Hashable {
    /// The transaction's identifier, needed to finish.
    public let identifier: String
    /// The challenge: 32 bytes.
    public let challenge: [UInt8]
    /// The relying party.
    public let relyingPartyID: RelyingPartyID
    /// Whether the key must need the card's PIN.
    public let userVerification: UserVerificationRequirement
    /// The slots that the key may be in.
    public let slots: Set<PIVSlot>
    /// The algorithms that are welcome, the best first.
    public let algorithms: [COSEAlgorithm]
    /// How long it can be answered.
    public let lifetime: Duration
}

/// What the client says of a card beside what can be verified. Whoever may enrol vouches for it.
public struct CardClaims: Sendable, Hashable {
    /// The answer to reset; empty where it is not told.
    public var answerToReset: [UInt8]
    /// Whether the card is managed with the key that everybody knows; `nil` where it is not told.
    public var isManagementKeyDefault: Bool?

    /// Claims from their parts.
    public init(answerToReset: [UInt8] = [], isManagementKeyDefault: Bool? = nil) {
        self.answerToReset = answerToReset
        self.isManagementKeyDefault = isManagementKeyDefault
    }
}

/// An enrolment of a card's key that has ended well.
public struct CompletedCardRegistration: Sendable {
    /// The new credential.
    public let credentialID: CredentialID
    /// The owner.
    public let user: UserName
    /// What is known of the key.
    public let key: CardKeyRecord
    /// The algorithm that the card signed with.
    public let algorithm: COSEAlgorithm
    /// The models that the card may be.
    public let models: [DeviceModel]
    /// The advisories that may concern it.
    public let findings: [Finding]
}

/// Begins and finishes enrolments of cards' keys.
///
/// Its methods block on the store; call them from a thread that may.
public struct CardRegistrationService: Sendable {
    let store: SQLiteStore
    let sealer: ChallengeSealer
    let policy: ServerPolicy
    let catalogue: Catalogue
    let clock: @Sendable () -> Timestamp

    /// A service over a store; `secret` is the installation's, 32 bytes.
    public init(
        store: SQLiteStore, secret: [UInt8], policy: ServerPolicy, catalogue: Catalogue,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        sealer = ChallengeSealer(secret: secret)
        self.policy = policy
        self.catalogue = catalogue
        self.clock = clock
    }

    /// Issues a challenge for a new key of a user that exists.
    public func begin(
        user name: UserName, relyingPartyID: RelyingPartyID?,
        userVerification: UserVerificationRequirement?, client: String
    ) throws(CeremonyError) -> CardRegistrationTransaction {
        guard let relyingParty = policy.relyingParty(relyingPartyID) else {
            throw .unknownRelyingParty
        }
        guard let userVerification = policy.userVerification(asked: userVerification) else {
            throw .userVerificationRequired
        }
        let existing = try storing { () throws(StoreError) in
            guard try store.user(name) != nil else { throw .noSuchUser(name) }
            return try store.cardCredentialIDs(of: [name]).first?.count ?? 0
        }
        guard existing < policy.maximumCredentialsPerUser else { throw .tooManyCredentials }
        let now = clock()
        let challenge = IssuedChallenge(
            purpose: .cardRegistration, bytes: SecureRandom.bytes(32), user: name,
            relyingPartyID: relyingParty.id, client: client, userVerification: userVerification,
            issuedAt: now, expiresAt: now.advanced(by: policy.challengeLifetime))
        return CardRegistrationTransaction(
            identifier: sealer.seal(challenge), challenge: challenge.bytes,
            relyingPartyID: relyingParty.id, userVerification: userVerification,
            slots: policy.cards.slots, algorithms: policy.cards.algorithms,
            lifetime: policy.challengeLifetime)
    }

    /// The user that a transaction of ours is about, whatever has become of it.
    public func subject(of transaction: String) -> UserName? { sealer.open(transaction)?.user }

    /// Verifies the card's answer and stores its key. Whatever comes of it, the challenge is spent.
    public func finish(
        transaction: String, response: Result<CardRegistrationResponse, CardFailure>,
        claims: CardClaims, label: String, client: String
    ) throws(CeremonyError) -> CompletedCardRegistration {
        guard
            let challenge = sealer.open(transaction), challenge.purpose == .cardRegistration,
            challenge.client == client
        else { throw .unknownTransaction }
        let now = clock()
        guard now < challenge.expiresAt else { throw .expired }
        do {
            let verified = try verify(response, of: challenge, at: now)
            return try admit(verified, of: challenge, claims: claims, label: label, at: now)
        } catch {
            // A challenge that a failed answer left unspent could be tried again.
            try storing { () throws(StoreError) in try store.spend(challenge.spent) }
            throw error
        }
    }

    private func verify(
        _ response: Result<CardRegistrationResponse, CardFailure>, of challenge: IssuedChallenge,
        at now: Timestamp
    ) throws(CeremonyError) -> VerifiedCardRegistration {
        guard policy.relyingParty(challenge.relyingPartyID) != nil else {
            throw .unknownRelyingParty
        }
        do throws(CardFailure) {
            return try verifyCardRegistration(
                response.get(),
                expecting: CardRegistrationExpectation(
                    challenge: challenge.bytes, relyingPartyID: challenge.relyingPartyID,
                    user: challenge.user.text, userVerification: challenge.userVerification,
                    algorithms: policy.cards.algorithms, slots: policy.cards.slots),
                trust: policy.cards.trust, at: now.milliseconds / 1000)
        } catch {
            throw .card(error)
        }
    }

    private func admit(
        _ verified: VerifiedCardRegistration, of challenge: IssuedChallenge, claims: CardClaims,
        label: String, at now: Timestamp
    ) throws(CeremonyError) -> CompletedCardRegistration {
        let record = CardKeyRecord(verified, claims: claims)
        // An organisation that issues cards manages them too, and its clients may not be able to tell how.
        let isManaged =
            claims.isManagementKeyDefault == false
            || (record.evidence == .issued && claims.isManagementKeyDefault == nil)
        guard isManaged || policy.cards.allowsDefaultManagementKey else {
            throw .defaultManagementKey
        }
        let findings = record.findings(in: catalogue, algorithm: verified.algorithm)
        // Of an issued key's card the client alone may tell the model, and none the firmware; the key itself was tested.
        let refusal = findings.first { finding in
            finding.advisory.action == .refuse
                && (record.attestationRoot != nil || finding.status == .affected)
        }
        if let refusal {
            throw .refusedByAdvisory(id: refusal.advisory.id.description)
        }
        // Others may have been registered since this one began, and the name may have passed to another account.
        let existing = try storing { () throws(StoreError) in
            guard let user = try store.user(challenge.user), user.createdAt <= challenge.issuedAt
            else {
                throw .noSuchUser(challenge.user)
            }
            return try store.cardCredentialIDs(of: [challenge.user]).first?.count ?? 0
        }
        guard existing < policy.maximumCredentialsPerUser else { throw .tooManyCredentials }
        guard let identifier = try? CredentialID(bytes: verified.key.identifier) else {
            throw .card(.unsupportedKey)
        }
        try storing { () throws(StoreError) in
            try store.register(
                NewCardCredential(
                    id: identifier, owner: challenge.user, key: record, label: label,
                    createdAt: now),
                spending: challenge.spent)
        }
        return CompletedCardRegistration(
            credentialID: identifier, user: challenge.user, key: record,
            algorithm: verified.algorithm, models: record.models(in: catalogue),
            findings: findings)
    }
}
