import Cryptography
import ISO7816
public import PIV
public import WebAuthn

/// What a card's enrolment must answer to.
public struct CardRegistrationExpectation: Sendable {
    /// The challenge that was issued: 32 bytes.
    public let challenge: [UInt8]
    /// For whom the card signed.
    public let relyingPartyID: RelyingPartyID
    /// Whose the card is to be: 1 to 255 bytes.
    public let user: String
    /// Whether the card must be known to ask for its PIN.
    public let userVerification: UserVerificationRequirement
    /// The algorithms that were offered.
    public let algorithms: [COSEAlgorithm]
    /// The slots whose keys are taken.
    public let slots: Set<PIVSlot>

    /// An expectation from its parts.
    public init(
        challenge: [UInt8], relyingPartyID: RelyingPartyID, user: String,
        userVerification: UserVerificationRequirement, algorithms: [COSEAlgorithm],
        slots: Set<PIVSlot>
    ) {
        self.challenge = challenge
        self.relyingPartyID = relyingPartyID
        self.user = user
        self.userVerification = userVerification
        self.algorithms = algorithms
        self.slots = slots
    }
}

/// A card's enrolment as a client sends it, untrusted.
public struct CardRegistrationResponse: Sendable, Hashable {
    /// The slot that the key is said to be in.
    public let slot: PIVSlot
    /// The algorithm of the signature.
    public let algorithm: COSEAlgorithm
    /// The signature over the encoded ``CardSignedMessage``: DER of `SEQUENCE { r, s }`, or RSA's as long as the modulus.
    public let signature: [UInt8]
    /// What was signed, where the client says it: it is compared, so that a failure can be told from another.
    public let message: [UInt8]?
    /// Why the key is to be believed in.
    public let evidence: CardEvidence

    /// A response from its parts.
    public init(
        slot: PIVSlot, algorithm: COSEAlgorithm, signature: [UInt8], message: [UInt8]?,
        evidence: CardEvidence
    ) {
        self.slot = slot
        self.algorithm = algorithm
        self.signature = signature
        self.message = message
        self.evidence = evidence
    }
}

/// A card's key whose enrolment has been verified. Only ``verifyCardRegistration(_:expecting:trust:at:)`` makes one.
public struct VerifiedCardRegistration: Sendable {
    /// What the key is believed in for.
    public enum Basis: Sendable, Hashable {
        /// The card's attestation.
        case attestation
        /// The certificate of an issuer that is trusted.
        case certificate
    }

    /// What the key is believed in for.
    public let basis: Basis
    /// The key.
    public let key: CardKey
    /// The slot that it is in: attested, or for an issued certificate the client's word.
    public let slot: PIVSlot
    /// The algorithm that the card signed with.
    public let algorithm: COSEAlgorithm
    /// The evidence, whole.
    public let evidence: CardEvidence
    /// What the card states of the key and itself, its firmware for the caller's advisories; `nil` where it states nothing.
    /// To be believed where there is an ``attestationRoot``.
    public let attestation: SlotAttestation?
    /// Whether the evidence leads to a configured root. Always, for an issued certificate.
    public let isTrusted: Bool
    /// SHA-256 of the anchor that an attestation leads to, 32 bytes: whose word it is.
    public let attestationRoot: [UInt8]?
    /// What shows whether the card asks for the PIN.
    public let pinEvidence: PINEvidence
    /// The subject of the attestation or of the issued certificate (RFC 2253), for people to read.
    public let subject: String
    /// The last moment at which that certificate is valid, in seconds since 1970.
    public let notAfter: Int64

    /// Whether it is known that the card uses the key only after its PIN, or a finger in its stead.
    public var isPINRequired: Bool { pinEvidence.isPINRequired(in: slot) }
}

/// Verifies a card's enrolment at `time`, in seconds since 1970.
///
/// In this order, the first failure ends it: slot and algorithm; what the client says was signed; the evidence's structure,
/// the key and its slot; the certificates, that is for an issued one its use, its user and its path, for an attestation
/// its signature and its path; whether the PIN is needed; whether a key is weak; and last the signature over the message.
///
/// Not checked here: that the challenge is unspent, that the key is not registered yet, and advisories on the firmware.
public func verifyCardRegistration(
    _ response: CardRegistrationResponse,
    expecting expectation: CardRegistrationExpectation,
    trust: CardTrust, at time: Int64
) throws(CardFailure) -> VerifiedCardRegistration {
    let checks = CardChecks(
        purpose: .registration, challenge: expectation.challenge,
        relyingPartyID: expectation.relyingPartyID, user: expectation.user,
        userVerification: expectation.userVerification, algorithms: expectation.algorithms)
    guard expectation.slots.contains(response.slot) else {
        throw .slotNotAllowed(response.slot)
    }
    try checks.verify(response.algorithm)
    let sent = try checks.verify(response.message)
    let finding: Finding
    switch response.evidence {
    case .attested(let attestation, let intermediates):
        let attested = try AttestedKey(attestation: attestation, intermediates: intermediates)
        try attested.verify(response.slot)
        _ = try checks.message(signedBy: attested.key, response.algorithm, sent: sent)
        finding = try Finding(attested, trust, at: time)
    case .issued(let certificate, let attestation, let intermediates, let discovery):
        let issued = try IssuedKey(
            IssuedCertificate(certificate: certificate, intermediates: intermediates))
        var attested: AttestedKey?
        if let attestation {
            let stated = try AttestedKey(attestation: attestation, intermediates: intermediates)
            try stated.verify(response.slot)
            guard stated.key.identifier == issued.key.identifier else { throw .wrongKey }
            attested = stated
        }
        let discovered = try PINEvidence(discovery: discovery)
        _ = try checks.message(signedBy: issued.key, response.algorithm, sent: sent)
        if let attested, !issued.leadsToIssuer(trust, at: time) {
            finding = try Finding(attested, trust, at: time)
        } else {
            try issued.verify(user: expectation.user, trust, at: time)
            finding = try Finding(issued, attested, discovered, trust, at: time)
        }
    }
    let registration = VerifiedCardRegistration(response, finding)
    try checks.verifyUser(isPINRequired: registration.isPINRequired)
    guard !finding.chain.hasWeakKey else { throw .weakKey }
    let message = try checks.message(
        signedBy: registration.key, response.algorithm, sent: sent)
    guard
        registration.key.isValidSignature(
            response.signature, algorithm: response.algorithm, for: message)
    else { throw .invalidSignature }
    return registration
}

/// What the evidence for a key came to.
private struct Finding {
    let basis: VerifiedCardRegistration.Basis
    let key: CardKey
    let chain: CardChain
    let attestation: SlotAttestation?
    let anchor: Certificate?
    let pinEvidence: PINEvidence

    /// By the card's own word.
    init(_ attested: AttestedKey, _ trust: CardTrust, at time: Int64) throws(CardFailure) {
        basis = .attestation
        key = attested.key
        chain = attested.chain
        attestation = attested.statement
        anchor = try attested.verifyPath(trust, trust.attestation, at: time)
        pinEvidence = anchor == nil ? .none : .attested(attested.statement.pinPolicy)
    }

    /// By a certificate that has been verified, and what the card says besides.
    init(
        _ issued: IssuedKey, _ attested: AttestedKey?, _ discovered: PINEvidence,
        _ trust: CardTrust, at time: Int64
    ) throws(CardFailure) {
        basis = .certificate
        key = issued.key
        chain = issued.chain
        anchor = try attested?.verifyPath(trust, .any, at: time)
        attestation = attested?.statement
        switch attested?.statement.pinPolicy {
        case nil: pinEvidence = discovered
        case let policy? where anchor != nil: pinEvidence = .attested(policy)
        // Nobody vouches for the statement, but the card itself says that the key works without.
        case .never?: pinEvidence = .none
        case .some: pinEvidence = discovered
        }
    }
}

extension VerifiedCardRegistration {
    fileprivate init(_ response: CardRegistrationResponse, _ finding: Finding) {
        basis = finding.basis
        key = finding.key
        slot = response.slot
        algorithm = response.algorithm
        evidence = response.evidence
        attestation = finding.attestation
        isTrusted = finding.basis == .certificate || finding.anchor != nil
        attestationRoot = finding.anchor.map { SHA256.hash($0.derRepresentation) }
        pinEvidence = finding.pinEvidence
        subject = finding.chain.leaf.subject
        notAfter = finding.chain.leaf.notAfter
    }
}

extension PINEvidence {
    /// What a discovery object shows, where there is one.
    fileprivate init(discovery: [UInt8]?) throws(CardFailure) {
        guard let discovery else {
            self = .none
            return
        }
        let object = try decode(or: .malformedDiscovery) { () throws(MalformedCardData) in
            try DiscoveryObject(decoding: discovery)
        }
        self = object.isApplicationPINUsed ? .discovered : .none
    }
}
