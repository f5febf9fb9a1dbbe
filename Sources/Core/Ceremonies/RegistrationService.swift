public import CredentialStore
import Cryptography
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

    /// Issues a challenge for a new credential of a user that exists.
    public func begin(
        user name: UserName, relyingPartyID: RelyingPartyID?,
        userVerification: UserVerificationRequirement?, residentKey: ResidentKeyRequirement,
        client: String
    ) throws(CeremonyError) -> RegistrationTransaction {
        guard let relyingParty = policy.relyingParty(relyingPartyID) else {
            throw .unknownRelyingParty
        }
        guard let userVerification = policy.userVerification(asked: userVerification) else {
            throw .userVerificationRequired
        }
        let (user, existing) = try storing { () throws(StoreError) in
            guard let user = try store.user(name) else { throw .noSuchUser(name) }
            return (user, try store.credentials(of: name, for: relyingParty.id))
        }
        guard existing.count < policy.maximumCredentialsPerUser else { throw .tooManyCredentials }
        let now = clock()
        let challenge = IssuedChallenge(
            purpose: .registration, bytes: SecureRandom.bytes(32), user: name,
            relyingPartyID: relyingParty.id, client: client, userVerification: userVerification,
            issuedAt: now, expiresAt: now.advanced(by: policy.challengeLifetime))
        let options = CreationOptions(
            relyingPartyID: relyingParty.id, relyingPartyName: relyingParty.name,
            userHandle: user.handle, userName: name.text, userDisplayName: user.displayName,
            challenge: challenge.bytes, algorithms: policy.algorithms,
            excludedCredentials: existing.map(\.id),
            timeout: Int(policy.challengeLifetime.components.seconds) * 1000,
            userVerification: userVerification, residentKey: residentKey, attestation: .direct)
        return RegistrationTransaction(identifier: sealer.seal(challenge), options: options)
    }

    /// The user that a transaction of ours is about, whatever has become of it.
    public func subject(of transaction: String) -> UserName? { sealer.open(transaction)?.user }

    /// Verifies the client's answer and stores the credential. Whatever comes of it, the challenge is spent.
    public func finish(
        transaction: String, response: RegistrationResponse, label: String, client: String
    ) throws(CeremonyError) -> CompletedRegistration {
        guard
            let challenge = sealer.open(transaction), challenge.purpose == .registration,
            challenge.client == client
        else { throw .unknownTransaction }
        let now = clock()
        guard now < challenge.expiresAt else { throw .expired }
        do {
            let verified = try verify(response, of: challenge, at: now)
            return try admit(verified, of: challenge, label: label, at: now)
        } catch {
            // A challenge that a failed answer left unspent could be tried again.
            try storing { () throws(StoreError) in try store.spend(challenge.spent) }
            throw error
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
        at now: Timestamp
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
        // Others may have been registered since this one began, and the name may have passed to another account.
        let existing = try storing { () throws(StoreError) in
            guard let user = try store.user(challenge.user), user.createdAt <= challenge.issuedAt
            else {
                throw .noSuchUser(challenge.user)
            }
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
                spending: challenge.spent)
        }
        return CompletedRegistration(
            credentialID: verified.credentialID, user: challenge.user, aaguid: verified.aaguid,
            attestation: verified.attestation,
            isUserVerified: verified.authenticatorData.flags.contains(.userVerified),
            model: model, findings: findings)
    }
}

/// Runs a call of the store and makes its error the ceremony's.
func storing<Value>(
    _ body: () throws(StoreError) -> Value
) throws(CeremonyError) -> Value {
    do throws(StoreError) {
        return try body()
    } catch {
        throw .store(error)
    }
}
