public import Accounts
public import AuditLog
public import CredentialStore
public import DeviceModels
public import VerificationCore
public import WebAuthn

/// A registration that has begun: what the front end passes to the client.
public struct RegistrationTransaction: Sendable {
    /// The transaction's identifier, needed to finish.
    public let identifier: String
    /// What the client is asked for.
    public let options: CreationOptions
}

/// A registration that has ended well.
public struct CompletedRegistration: Sendable {
    /// The new credential.
    public let credentialID: CredentialID
    /// The owner.
    public let user: UserName
    /// The authenticator's model as it states it.
    public let aaguid: AAGUID
    /// What the attestation amounts to.
    public let attestation: AttestationResult
    /// Whether the person was verified.
    public let isUserVerified: Bool
    /// The model in the catalogue, where it is there.
    public let model: DeviceModel?
    /// The advisories that may concern it.
    public let findings: [Finding]
}

/// Begins and finishes registrations (WebAuthn Level 3 §7.1).
///
/// Its methods block on the store; call them from a thread that may.
public struct RegistrationService: Sendable {
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
            purpose: .registration, store: store, sealer: ChallengeSealer(secret: secret),
            policy: policy,
            clock: clock)
        self.store = store
        self.policy = policy
        self.catalogue = catalogue
    }

    /// Issues a challenge for a new credential of a user that exists.
    public func begin(
        user name: UserName, relyingPartyID: RelyingPartyID?,
        userVerification: UserVerificationRequirement?, residentKey: ResidentKeyRequirement,
        client: String
    ) throws(CeremonyError) -> RegistrationTransaction {
        let (relyingParty, userVerification) = try frame.terms(
            relyingPartyID: relyingPartyID, userVerification: userVerification)
        let (user, existing) = try storing { () throws(StoreError) in
            guard let user = try store.user(name) else { throw .noSuchUser(name) }
            return (user, try store.credentials(of: name, for: relyingParty.id))
        }
        try policy.checkMethod(.webauthn, of: name)
        guard existing.count < policy.maximumCredentialsPerUser else { throw .tooManyCredentials }
        let challenge = frame.challenge(
            for: name, at: relyingParty.id, userVerification, client: client)
        let options = CreationOptions(
            relyingPartyID: relyingParty.id, relyingPartyName: relyingParty.name,
            userHandle: user.handle, userName: name.text, userDisplayName: user.displayName,
            challenge: challenge.bytes, algorithms: policy.algorithms,
            excludedCredentials: existing.map(\.id),
            timeout: Int(policy.challengeLifetime.components.seconds) * 1000,
            userVerification: userVerification, residentKey: residentKey, attestation: .direct)
        return RegistrationTransaction(identifier: frame.sealer.seal(challenge), options: options)
    }

    /// The user that a transaction of ours is about, whatever has become of it.
    public func subject(of transaction: String) -> UserName? {
        frame.sealer.open(transaction)?.user
    }

    /// Verifies the client's answer and stores the credential. Whatever comes of it, the challenge is spent.
    public func finish(
        transaction: String, response: RegistrationResponse, label: String,
        by origin: AuditOrigin
    ) throws(CeremonyError) -> CompletedRegistration {
        try frame.finish(transaction, client: origin.client) {
            (challenge, now) throws(CeremonyError) in
            try policy.checkMethod(.webauthn, of: challenge.user)
            let verified = try verify(response, of: challenge, at: now)
            return try admit(verified, of: challenge, label: label, by: origin, at: now)
        }
    }

    /// How many bytes the identifiers of a user's credentials may have together: they must fit the replies that list
    /// them, whose lines are limited.
    private static let identifierRoom = 4096

    private func verify(
        _ response: RegistrationResponse, of challenge: IssuedChallenge, at now: Timestamp
    ) throws(CeremonyError) -> VerifiedRegistration {
        guard let relyingParty = policy.relyingParty(challenge.relyingPartyID) else {
            throw .unknownRelyingParty
        }
        do throws(CeremonyFailure) {
            return try verifyRegistration(
                response,
                expecting: RegistrationExpectation(
                    challenge: challenge.bytes, relyingParty: relyingParty,
                    userVerification: challenge.userVerification, algorithms: policy.algorithms),
                attestation: AttestationVerifier(
                    anchors: policy.attestationAnchors, policy: policy.attestation,
                    time: now.milliseconds / 1000))
        } catch {
            throw .failed(error)
        }
    }

    private func admit(
        _ verified: VerifiedRegistration, of challenge: IssuedChallenge, label: String,
        by origin: AuditOrigin, at now: Timestamp
    ) throws(CeremonyError) -> CompletedRegistration {
        let model = catalogue.model(for: verified.aaguid)
        let findings =
            model.map { model in
                catalogue.advisories(for: model, aaguid: verified.aaguid, firmware: nil)
            } ?? []
        // That a flaw may be there is reason enough: an authenticator whose firmware is not known is not cleared.
        if let refusal = findings.first(where: { $0.advisory.action == .refuse }) {
            throw .refusedByAdvisory(id: refusal.advisory.id.description)
        }
        // Others may have been registered since this one began.
        let existing = try storing { () throws(StoreError) in
            try frame.checkOwner(of: challenge)
            return try store.credentials(of: challenge.user, for: challenge.relyingPartyID)
        }
        guard
            existing.count < policy.maximumCredentialsPerUser,
            (existing.map(\.id) + [verified.credentialID]).reduce(0, { $0 + $1.bytes.count })
                <= Self.identifierRoom
        else { throw .tooManyCredentials }
        try storing { () throws(StoreError) in
            try store.register(
                NewCredential(
                    id: verified.credentialID, owner: challenge.user,
                    relyingPartyID: challenge.relyingPartyID, publicKey: verified.key.coseKey,
                    authenticatorData: verified.authenticatorData,
                    transports: verified.transports, aaguid: verified.aaguid,
                    attestationFormat: verified.attestation.format,
                    isAttestationTrusted: verified.attestation.isTrusted,
                    attestationObject: verified.attestationObject,
                    clientDataJSON: verified.clientDataJSON, label: label, createdAt: now),
                spending: challenge.spent, by: origin)
        }
        return CompletedRegistration(
            credentialID: verified.credentialID, user: challenge.user, aaguid: verified.aaguid,
            attestation: verified.attestation,
            isUserVerified: verified.authenticatorData.flags.contains(.userVerified),
            model: model, findings: findings)
    }
}
