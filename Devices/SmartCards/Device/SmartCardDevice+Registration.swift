public import Authenticators
import Cryptography
import PIV
import WebAuthn

extension SmartCardDevice {
    /// Registers a key of the card: one that it makes now, or one that it has.
    ///
    /// - Throws: ``AuthenticatorFailure/slotInUse(_:)`` where a key would be destroyed that is to be kept,
    ///   ``AuthenticatorFailure/noCredentials`` where the slot has no key that anything speaks for, and whatever the card
    ///   and its person make of it.
    public func register(
        _ request: CardRegistrationRequest, interaction: Interaction
    ) async throws(AuthenticatorFailure) -> CardRegistrationAnswer {
        try await exclusively(timeout: request.timeout) {
            (card) async throws(AuthenticatorFailure) in
            switch request.way {
            case .existing(let slot):
                return try await registerExisting(request, slot, card, interaction)
            case .generate(
                let slot, let algorithm, let pinPolicy, let touchPolicy, let managementKey,
                let existing):
                let plan = KeyPlan(
                    slot: slot, algorithm: algorithm, pinPolicy: pinPolicy,
                    touchPolicy: touchPolicy, managementKey: managementKey, existing: existing)
                return try await registerGenerated(request, plan, card, interaction)
            }
        }
    }

    private func registerExisting(
        _ request: CardRegistrationRequest, _ slot: PIVSlot, _ card: PIVCard,
        _ interaction: Interaction
    ) async throws(AuthenticatorFailure) -> CardRegistrationAnswer {
        let (key, evidence, isDefault) = try card.channel.transaction {
            () throws(AuthenticatorFailure) in
            try card.select()
            guard let key = try card.key(in: slot, where: { _ in true }) else {
                throw .noCredentials
            }
            let evidence: CardRegistrationAnswer.Evidence
            if let certificate = key.certificate {
                evidence = .issued(
                    certificate: certificate.derRepresentation,
                    discovery: try card.discovery()?.contents)
            } else if let attested = try card.evidence(for: key.publicKey, in: slot) {
                evidence = attested
            } else {
                throw .noCredentials
            }
            return (key, evidence, try card.isManagementKeyWellKnown())
        }
        let signature = try await sign(
            try Self.message(request, key.identifier), with: key, among: request.algorithms,
            card, interaction)
        return CardRegistrationAnswer(
            key, signature, evidence, card, isManagementKeyDefault: isDefault)
    }

    private func registerGenerated(
        _ request: CardRegistrationRequest, _ plan: KeyPlan, _ card: PIVCard,
        _ interaction: Interaction
    ) async throws(AuthenticatorFailure) -> CardRegistrationAnswer {
        // Nobody is asked for the PIN in vain, and nothing is destroyed in vain.
        let blank = [UInt8](repeating: 0, count: CardSignedMessage.keyIdentifierLength)
        _ = try Self.message(request, blank)
        guard plan.canSign(in: request.algorithms) else { throw .unsupportedAlgorithm }
        try check(plan, needsAttestation: true, card)
        return try await verifyingPIN(card, interaction) {
            (pin, reference) throws(AuthenticatorFailure) in
            let made = try generate(plan, card)
            guard let evidence = try card.evidence(for: made.key.publicKey, in: plan.slot) else {
                throw .unsupportedFeature(name: "attestation")
            }
            let message = try Self.message(request, made.key.identifier)
            var signing = try Signing(message, with: made.key, among: request.algorithms)
            if made.key.pinPolicy == .always || made.key.pinPolicy == .matchAlways {
                // Such a key wants the PIN right before. The card has accepted this one a moment ago, and nobody
                // else could change it, so that it costs no try.
                guard case .verified = try card.verify(pin, reference) else {
                    throw .malformedReply
                }
            }
            guard let signature = try signing.attempt(card, interaction) else {
                throw made.key.mayNeedTouch ? .timedOut : .unexpectedStatus(Self.notAuthorised)
            }
            return CardRegistrationAnswer(
                made.key, signature, evidence, card,
                isManagementKeyDefault: made.isManagementKeyDefault)
        }
    }

    private static func message(
        _ request: CardRegistrationRequest, _ key: [UInt8]
    ) throws(AuthenticatorFailure) -> [UInt8] {
        try message(
            .registration, challenge: request.challenge, relyingPartyID: request.relyingPartyID,
            user: request.userName, key: key)
    }
}

extension CardRegistrationAnswer {
    fileprivate init(
        _ key: CardKey, _ signature: CardSignature, _ evidence: Evidence, _ card: PIVCard,
        isManagementKeyDefault: Bool?
    ) {
        self.init(
            publicKey: key.publicKey.subjectPublicKeyInfo, keyIdentifier: key.identifier,
            slot: key.slot, algorithm: signature.algorithm, signature: signature.bytes,
            evidence: evidence, answerToReset: card.channel.answerToReset,
            isManagementKeyDefault: isManagementKeyDefault)
    }
}

extension PIVCard {
    /// The card's word that it made a key; `nil` where it gives none.
    fileprivate func evidence(
        for key: PublicKey, in slot: PIVSlot
    ) throws(AuthenticatorFailure) -> CardRegistrationAnswer.Evidence? {
        guard let attestation = try attestation(of: slot).value,
            let intermediate = try attestationAuthority()
        else { return nil }
        // A word on another key is none on this one.
        guard Self.subjectKey(of: attestation)?.identifier == key.identifier else {
            throw .malformedReply
        }
        return .attested(attestation: attestation, intermediate: intermediate)
    }

    /// The DER of the certificate of the key that attests others; `nil` where the card has none.
    func attestationAuthority() throws(AuthenticatorFailure) -> [UInt8]? {
        switch try certificate(in: .attestation) {
        case .absent: nil
        case .compressed: throw .unsupportedFeature(name: "compressed certificate")
        case .unreadable: throw .malformedReply
        case .certificate(let certificate): certificate.derRepresentation
        }
    }
}
