public import Accounts
public import AuditLog
public import CredentialStore
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
    private let frame: EnrolmentFrame
    private let store: SQLiteStore
    private let policy: ServerPolicy
    private let catalogue: Catalogue

    /// A service over a store; `secret` is the installation's, 32 bytes.
    public init(
        store: SQLiteStore, secret: [UInt8], policy: ServerPolicy, catalogue: Catalogue,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        frame = EnrolmentFrame(
            purpose: .cardRegistration, store: store, sealer: ChallengeSealer(secret: secret),
            policy: policy,
            clock: clock)
        self.store = store
        self.policy = policy
        self.catalogue = catalogue
    }

    /// Issues a challenge for a new key of a user that exists.
    public func begin(
        user name: UserName, relyingPartyID: RelyingPartyID?,
        userVerification: UserVerificationRequirement?, client: String
    ) throws(CeremonyError) -> CardRegistrationTransaction {
        let (relyingParty, userVerification) = try frame.terms(
            relyingPartyID: relyingPartyID, userVerification: userVerification)
        let existing = try storing { () throws(StoreError) in
            guard try store.user(name) != nil else { throw .noSuchUser(name) }
            return try store.cardCredentialIDs(of: [name]).first?.count ?? 0
        }
        try policy.checkMethod(.piv, of: name)
        guard existing < policy.maximumCredentialsPerUser else { throw .tooManyCredentials }
        let challenge = frame.challenge(
            for: name, at: relyingParty.id, userVerification, client: client)
        return CardRegistrationTransaction(
            identifier: frame.sealer.seal(challenge), challenge: challenge.bytes,
            relyingPartyID: relyingParty.id, userVerification: userVerification,
            slots: policy.cards.slots, algorithms: policy.cards.algorithms,
            lifetime: policy.challengeLifetime)
    }

    /// The user that a transaction of ours is about, whatever has become of it.
    public func subject(of transaction: String) -> UserName? {
        frame.sealer.open(transaction)?.user
    }

    /// Verifies the card's answer and stores its key. Whatever comes of it, the challenge is spent.
    public func finish(
        transaction: String, response: Result<CardRegistrationResponse, CardFailure>,
        claims: CardClaims, label: String, by origin: AuditOrigin
    ) throws(CeremonyError) -> CompletedCardRegistration {
        try frame.finish(transaction, client: origin.client) {
            (challenge, now) throws(CeremonyError) in
            try policy.checkMethod(.piv, of: challenge.user)
            let verified = try verify(response, of: challenge, at: now)
            return try admit(
                verified, of: challenge, claims: claims, label: label, by: origin, at: now)
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
        label: String, by origin: AuditOrigin, at now: Timestamp
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
        // Others may have been registered since this one began.
        let existing = try storing { () throws(StoreError) in
            try frame.checkOwner(of: challenge)
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
                spending: challenge.spent, by: origin)
        }
        return CompletedCardRegistration(
            credentialID: identifier, user: challenge.user, key: record,
            algorithm: verified.algorithm, models: record.models(in: catalogue),
            findings: findings)
    }
}
