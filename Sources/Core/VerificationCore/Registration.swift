import Cryptography
public import WebAuthn

/// What a registration must answer to.
public struct RegistrationExpectation: Sendable {
    /// The challenge that was issued: 32 bytes.
    public let challenge: [UInt8]
    /// For whom the credential is.
    public let relyingParty: RelyingParty
    /// Whether the person must have been verified.
    public let userVerification: UserVerificationRequirement
    /// The algorithms that were offered.
    public let algorithms: [COSEAlgorithm]

    /// An expectation from its parts.
    public init(
        challenge: [UInt8], relyingParty: RelyingParty,
        userVerification: UserVerificationRequirement, algorithms: [COSEAlgorithm]
    ) {
        self.challenge = challenge
        self.relyingParty = relyingParty
        self.userVerification = userVerification
        self.algorithms = algorithms
    }
}

/// A credential whose registration has been verified. Only ``verifyRegistration(_:expecting:attestation:)`` makes one.
public struct VerifiedRegistration: Sendable {
    /// The credential's identifier.
    public let credentialID: CredentialID
    /// The credential's key, on its curve.
    public let key: CredentialKey
    /// The authenticator's word about the ceremony.
    public let authenticatorData: AuthenticatorData
    /// The authenticator's model as it states it; to be believed as far as ``attestation`` is.
    public let aaguid: AAGUID
    /// How the client believes the authenticator can be reached; nobody vouches for it.
    public let transports: [AuthenticatorTransport]
    /// What the attestation amounts to.
    public let attestation: AttestationResult
    /// The attestation object, whole.
    public let attestationObject: [UInt8]
    /// The client data, whole.
    public let clientDataJSON: [UInt8]
}

/// Verifies a registration, WebAuthn Level 3 §7.1 steps 5 to 25.
///
/// Cheap checks come first and the attestation's signature last. Not checked here, for it takes the store: that the
/// challenge is unspent and that the credential is not registered yet (step 26).
public func verifyRegistration(
    _ response: RegistrationResponse,
    expecting expectation: RegistrationExpectation,
    attestation verifier: AttestationVerifier
) throws(CeremonyFailure) -> VerifiedRegistration {
    let checks = CeremonyChecks(
        type: .create, challenge: expectation.challenge, relyingParty: expectation.relyingParty,
        userVerification: expectation.userVerification)
    // Steps 5 and 6.
    let clientData = try decode { () throws(MalformedWebAuthn) in
        try ClientData(decoding: response.clientDataJSON)
    }
    // Steps 7 to 11.
    try checks.verify(clientData)
    // Step 12.
    let clientDataHash = SHA256.hash(response.clientDataJSON)
    // Step 13; the length of the credential's identifier, step 25, is checked on the way.
    let object = try decode { () throws(MalformedWebAuthn) in
        try AttestationObject(decoding: response.attestationObject)
    }
    // Steps 14 to 17. Steps 18 and 19 are the relying party's own use of the backup flags.
    try checks.verify(object.authenticatorData)
    guard let credential = object.authenticatorData.attestedCredential else {
        throw .noAttestedCredential
    }
    guard credential.credentialID == response.credentialID else { throw .credentialIDMismatch }
    // Step 20.
    guard expectation.algorithms.contains(credential.publicKey.algorithm) else {
        throw .algorithmNotOffered(credential.publicKey.algorithm)
    }
    // Step 21 asks nothing: no extension was requested, and unsolicited outputs are ignored.
    let key = try CredentialKey(credential.publicKey)
    // Steps 22 to 24.
    let result = try verifier.verify(
        object, credential: credential, key: key, clientDataHash: clientDataHash)
    return VerifiedRegistration(
        credentialID: credential.credentialID, key: key,
        authenticatorData: object.authenticatorData, aaguid: credential.aaguid,
        transports: response.transports, attestation: result,
        attestationObject: response.attestationObject, clientDataJSON: response.clientDataJSON)
}
