public import Authenticators
import Cryptography
import PIV
import WebAuthn

extension SmartCardDevice {
    /// Registers a key of the card: one that it makes now, or one that it has.
    ///
    /// - Throws: ``AuthenticatorFailure/slotInUse(_:)`` where a key would be destroyed that is to be kept,
    ///   ``AuthenticatorFailure/noCredentials`` where the slot has no key that anything speaks for,
    ///   ``AuthenticatorFailure/unsupportedFeature(name:)`` where only a compressed certificate may, and whatever the
    ///   card and its person make of it.
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
            let (key, evidence) = try card.existingKey(in: slot)
            return (key, evidence, try card.isManagementKeyWellKnown())
        }
        let signature = try await sign(
            try Self.message(request, key.identifier), with: key, among: request.algorithms,
            card, interaction)
        return CardRegistrationAnswer(
            key, signature, evidence, card, isManagementKeyDefault: isDefault)
    }

    /// A key that was just made, what speaks for it, and its signature, unless the PIN has to be asked for first.
    private typealias Fresh = (
        made: (key: CardKey, isManagementKeyDefault: Bool),
        evidence: CardRegistrationAnswer.Evidence, signature: CardSignature?
    )

    private func registerGenerated(
        _ request: CardRegistrationRequest, _ plan: KeyPlan, _ card: PIVCard,
        _ interaction: Interaction
    ) async throws(AuthenticatorFailure) -> CardRegistrationAnswer {
        // Nobody is asked for the PIN in vain, and nothing is destroyed in vain.
        let blank = [UInt8](repeating: 0, count: CardSignedMessage.keyIdentifierLength)
        _ = try Self.message(request, blank)
        guard plan.canSign(in: request.algorithms) else { throw .unsupportedAlgorithm }
        try check(plan, needsAttestation: true, card)
        let (made, evidence, early) = try await verifyingPIN(card, interaction) {
            () throws(AuthenticatorFailure) -> Fresh in
            let made = try generate(plan, card)
            guard let authority = try card.attestationAuthority(),
                let attestation = try card.attested(plan.slot, by: authority),
                let evidence = CardRegistrationAnswer.Evidence(attestation: attestation.word)
            else { throw .unsupportedFeature(name: "attestation") }
            // A word on another key is none on this one.
            guard attestation.key?.identifier == made.key.identifier else { throw .malformedReply }
            // Such a key wants the PIN right before it signs, and this one has been sent.
            guard !made.key.wantsPINEachTime else { return (made, evidence, nil) }
            var signing = try Signing(
                Self.message(request, made.key.identifier), with: made.key,
                among: request.algorithms)
            guard let signature = try signing.attempt(card, interaction) else {
                throw made.key.mayNeedTouch ? .timedOut : .unexpectedStatus(Self.notAuthorised)
            }
            return (made, evidence, signature)
        }
        let signature: CardSignature
        if let early {
            signature = early
        } else {
            signature = try await sign(
                Self.message(request, made.key.identifier), with: made.key,
                among: request.algorithms, card, interaction)
        }
        return CardRegistrationAnswer(
            made.key, signature, evidence, card,
            isManagementKeyDefault: made.isManagementKeyDefault)
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
    /// The key that a slot has, and all that speaks for it.
    ///
    /// Which key that is the card knows best: its certificate may be left from another. What does not speak for this key
    /// is passed over.
    fileprivate func existingKey(
        in slot: PIVSlot
    ) throws(AuthenticatorFailure) -> (CardKey, CardRegistrationAnswer.Evidence) {
        let held = try certificate(in: slot)
        let metadata = try readableMetadata(of: slot)
        if case .absent = metadata { throw .noCredentials }
        var attested: (word: KeyAttestation, key: PublicKey?)?
        if case .certificate(let authority) = try self.certificate(in: .attestation) {
            attested = try self.attested(slot, by: authority.derRepresentation)
        }
        var certificate: Certificate?
        if case .certificate(let held) = held { certificate = held }
        if let publicKey = metadata.value?.publicKey?.verified ?? attested?.key
            ?? certificate?.publicKey
        {
            if certificate?.publicKey?.identifier != publicKey.identifier { certificate = nil }
            let key = key(publicKey, in: slot, certificate, metadata.value)
            // The discovery object tells of the application, and some keys in it do without the PIN.
            let hasDiscovery = certificate != nil && key.pinPolicy != .never
            let evidence = CardRegistrationAnswer.Evidence(
                attestation: attested?.key?.identifier == key.identifier ? attested?.word : nil,
                certificate: certificate?.derRepresentation,
                discovery: hasDiscovery ? try discovery()?.contents : nil)
            if let evidence { return (key, evidence) }
        }
        if case .compressed = held { throw .unsupportedFeature(name: "compressed certificates") }
        throw .noCredentials
    }

    /// The card's word that it made the key in a slot, and which key it means; `nil` where it gives none.
    ///
    /// - Parameter authority: the certificate of the key that signs it, DER.
    fileprivate func attested(
        _ slot: PIVSlot, by authority: [UInt8]
    ) throws(AuthenticatorFailure) -> (word: KeyAttestation, key: PublicKey?)? {
        guard let attestation = try attestation(of: slot).value else { return nil }
        return (
            KeyAttestation(attestation: attestation, intermediate: authority),
            Self.subjectKey(of: attestation)
        )
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
