import Cryptography
public import WebAuthn

/// What an authentication must answer to.
public struct AuthenticationExpectation: Sendable {
    /// The challenge that was issued: 32 bytes.
    public let challenge: [UInt8]
    /// For whom the assertion is.
    public let relyingParty: RelyingParty
    /// Whether the person must have been verified.
    public let userVerification: UserVerificationRequirement

    /// An expectation from its parts.
    public init(
        challenge: [UInt8], relyingParty: RelyingParty,
        userVerification: UserVerificationRequirement
    ) {
        self.challenge = challenge
        self.relyingParty = relyingParty
        self.userVerification = userVerification
    }
}

/// The registered credential that a response names, as far as verification needs it.
public struct RegisteredCredential: Sendable {
    /// The key that was registered.
    public let key: CredentialKey
    /// The owner's handle.
    public let userHandle: UserHandle
    /// Backup eligibility as it was registered.
    public let isBackupEligible: Bool

    /// A credential from its parts.
    public init(key: CredentialKey, userHandle: UserHandle, isBackupEligible: Bool) {
        self.key = key
        self.userHandle = userHandle
        self.isBackupEligible = isBackupEligible
    }
}

/// An assertion that has passed every check but the signature's: a member of the batch that forms.
public struct PendingAssertion: Sendable {
    let authenticatorData: AuthenticatorData
    let key: CredentialKey
    let signature: [UInt8]
    let message: [UInt8]
}

/// An assertion that verifies. Only ``verifySignatures(of:)`` makes one.
///
/// It is not yet a yes: the store must still find its challenge unspent and its counter ahead.
public struct VerifiedAssertion: Sendable, Hashable {
    /// The authenticator's word about the ceremony.
    public let authenticatorData: AuthenticatorData

    /// Whether the person was verified, by fingerprint or PIN, say.
    public var isUserVerified: Bool { authenticatorData.flags.contains(.userVerified) }
}

/// Makes all checks of an assertion but the signature's: WebAuthn Level 3 §7.2 steps 6 to 20.
///
/// The caller has made sure that the credential is the named user's and the relying party's (steps 5 and 6). Not
/// checked here, for it takes the store: the signature counter (step 22).
public func examineAssertion(
    _ response: AuthenticationResponse,
    expecting expectation: AuthenticationExpectation,
    credential: RegisteredCredential
) throws(CeremonyFailure) -> PendingAssertion {
    let checks = CeremonyChecks(
        type: .get, challenge: expectation.challenge, relyingParty: expectation.relyingParty,
        userVerification: expectation.userVerification)
    // Step 6: a user handle, where there is one, is the owner's.
    if let userHandle = response.userHandle, userHandle != credential.userHandle {
        throw .userHandleMismatch
    }
    // Steps 7 to 9.
    let clientData = try decode { () throws(MalformedWebAuthn) in
        try ClientData(decoding: response.clientDataJSON)
    }
    // Steps 10 to 14.
    try checks.verify(clientData)
    let data = try decode { () throws(MalformedWebAuthn) in
        try AuthenticatorData(decoding: response.authenticatorData)
    }
    // Steps 15 to 18.
    try checks.verify(data)
    // Step 19.
    guard data.flags.contains(.backupEligible) == credential.isBackupEligible else {
        throw .backupEligibilityChanged
    }
    // Step 20.
    let clientDataHash = SHA256.hash(response.clientDataJSON)
    return PendingAssertion(
        authenticatorData: data, key: credential.key, signature: response.signature,
        message: response.authenticatorData + clientDataHash)
}

/// Verifies the signatures of a batch, WebAuthn Level 3 §7.2 step 21; the answers are in the order of the batch.
public func verifySignatures(
    of batch: [PendingAssertion]
) -> [Result<VerifiedAssertion, CeremonyFailure>] {
    batch.map { pending in
        guard pending.key.isValidSignature(pending.signature, for: pending.message) else {
            return .failure(.invalidSignature)
        }
        return .success(VerifiedAssertion(authenticatorData: pending.authenticatorData))
    }
}
