import PIV
public import WebAuthn

/// What a card's answer must answer to.
public struct CardAuthenticationExpectation: Sendable {
    /// The challenge that was issued: 32 bytes.
    public let challenge: [UInt8]
    /// For whom the card signed.
    public let relyingPartyID: RelyingPartyID
    /// Who signs in: 1 to 255 bytes.
    public let user: String
    /// Whether the card must be known to ask for its PIN.
    public let userVerification: UserVerificationRequirement
    /// The algorithms that are accepted.
    public let algorithms: [COSEAlgorithm]

    /// An expectation from its parts.
    public init(
        challenge: [UInt8], relyingPartyID: RelyingPartyID, user: String,
        userVerification: UserVerificationRequirement, algorithms: [COSEAlgorithm]
    ) {
        self.challenge = challenge
        self.relyingPartyID = relyingPartyID
        self.user = user
        self.userVerification = userVerification
        self.algorithms = algorithms
    }
}

/// A card's answer as a client sends it, untrusted.
public struct CardAuthenticationResponse: Sendable, Hashable {
    /// The algorithm of the signature.
    public let algorithm: COSEAlgorithm
    /// The signature over the encoded ``CardSignedMessage``: DER of `SEQUENCE { r, s }`, or RSA's as long as the modulus.
    public let signature: [UInt8]
    /// What was signed, where the client says it: it is compared, so that a failure can be told from another.
    public let message: [UInt8]?

    /// A response from its parts.
    public init(algorithm: COSEAlgorithm, signature: [UInt8], message: [UInt8]?) {
        self.algorithm = algorithm
        self.signature = signature
        self.message = message
    }
}

/// The registered key that answers, as far as verification needs it.
public struct RegisteredCardKey: Sendable {
    /// The key that was registered.
    public let key: CardKey
    /// Whether its registration showed that the card asks for the PIN.
    public let isPINRequired: Bool
    /// The certificate that was issued for it, where one was.
    public let issued: IssuedCertificate?

    /// A key from its parts.
    public init(key: CardKey, isPINRequired: Bool, issued: IssuedCertificate?) {
        self.key = key
        self.isPINRequired = isPINRequired
        self.issued = issued
    }
}

/// A card's answer that has passed every check but the signature's: a member of the batch that forms.
public struct PendingCardSignature: Sendable {
    let key: CardKey
    let algorithm: COSEAlgorithm
    let signature: [UInt8]
    let message: [UInt8]
    let isPINRequired: Bool
}

/// A card's answer that verifies. Only ``verifySignatures(ofCards:)`` makes one.
///
/// It is not yet a yes: the store must still find its challenge unspent.
public struct VerifiedCardSignature: Sendable, Hashable {
    /// SHA-256 of the key's SubjectPublicKeyInfo, 32 bytes.
    public let keyIdentifier: [UInt8]
    /// The algorithm that the card signed with.
    public let algorithm: COSEAlgorithm
    /// Whether the person was verified: whether the card is known to want its PIN before it signs.
    public let isUserVerified: Bool
}

/// Makes all checks of a card's answer but the signature's, at `time` in seconds since 1970.
///
/// A certificate that was issued for the key is verified as at its enrolment: its use, its user by the rule that holds now,
/// its path, its validity, and its revocation. An attestation is not: what it stated of the key was true then and stays so.
/// The caller has made sure that the key is the user's.
public func examineCardAnswer(
    _ response: CardAuthenticationResponse,
    expecting expectation: CardAuthenticationExpectation,
    key registered: RegisteredCardKey,
    trust: CardTrust, at time: Int64
) throws(CardFailure) -> PendingCardSignature {
    let checks = CardChecks(
        purpose: .authentication, challenge: expectation.challenge,
        relyingPartyID: expectation.relyingPartyID, user: expectation.user,
        userVerification: expectation.userVerification, algorithms: expectation.algorithms)
    try checks.verify(response.algorithm)
    let sent = try checks.verify(response.message)
    let message = try checks.message(signedBy: registered.key, response.algorithm, sent: sent)
    try checks.verifyUser(isPINRequired: registered.isPINRequired)
    if let certificate = registered.issued {
        let issued = try IssuedKey(certificate)
        guard issued.key.identifier == registered.key.identifier else { throw .wrongKey }
        try issued.verify(user: expectation.user, trust, at: time)
    }
    return PendingCardSignature(
        key: registered.key, algorithm: response.algorithm, signature: response.signature,
        message: message, isPINRequired: registered.isPINRequired)
}

/// Verifies the signatures of a batch of cards' answers; the results are in the order of the batch.
public func verifySignatures(
    ofCards batch: [PendingCardSignature]
) -> [Result<VerifiedCardSignature, CardFailure>] {
    batch.map { pending in
        guard
            pending.key.isValidSignature(
                pending.signature, algorithm: pending.algorithm, for: pending.message)
        else { return .failure(.invalidSignature) }
        return .success(
            VerifiedCardSignature(
                keyIdentifier: pending.key.identifier, algorithm: pending.algorithm,
                isUserVerified: pending.isPINRequired))
    }
}
