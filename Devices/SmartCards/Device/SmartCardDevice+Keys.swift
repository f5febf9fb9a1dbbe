public import Authenticators
import Cryptography
public import PIV
import WebAuthn

/// How a key is to be made.
struct KeyPlan: Sendable {
    let slot: PIVSlot
    let algorithm: PIVAlgorithm
    let pinPolicy: PINPolicy
    let touchPolicy: TouchPolicy
    let managementKey: ManagementKeySource
    let existing: ExistingKey

    /// Whether a key of this kind signs by one of the algorithms.
    func canSign(in algorithms: [COSEAlgorithm]) -> Bool {
        switch algorithm {
        case .p256: algorithms.contains(.es256)
        case .p384: algorithms.contains(.es384)
        case .rsa2048, .rsa3072, .rsa4096:
            algorithms.contains(.ps256) || algorithms.contains(.rs256)
        default: false
        }
    }
}

/// A key that a card made.
public struct GeneratedKey: Sendable, Hashable {
    /// Where it is.
    public let slot: PIVSlot
    /// The DER of its SubjectPublicKeyInfo.
    public let publicKey: [UInt8]
    /// SHA-256 of ``publicKey``: 32 bytes.
    public let keyIdentifier: [UInt8]
    /// Whether the card has the management key that everybody knows.
    public let isManagementKeyDefault: Bool
}

/// A card's word that it made a key, unverified.
public struct KeyAttestation: Sendable, Hashable {
    /// The certificate for the key, DER.
    public let attestation: [UInt8]
    /// The certificate of the key that signed it, DER.
    public let intermediate: [UInt8]

    /// A card's word by its parts.
    public init(attestation: [UInt8], intermediate: [UInt8]) {
        self.attestation = attestation
        self.intermediate = intermediate
    }
}

extension SmartCardDevice {
    /// Makes a key. The management key comes from where `managementKey` says; the PIN is asked for in any case.
    public func generate(
        slot: PIVSlot, algorithm: PIVAlgorithm, pinPolicy: PINPolicy = .defaultPolicy,
        touchPolicy: TouchPolicy = .defaultPolicy,
        managementKey: ManagementKeySource = .automatic, existing: ExistingKey = .kept,
        interaction: Interaction
    ) async throws(AuthenticatorFailure) -> GeneratedKey {
        let plan = KeyPlan(
            slot: slot, algorithm: algorithm, pinPolicy: pinPolicy, touchPolicy: touchPolicy,
            managementKey: managementKey, existing: existing)
        return try await exclusively { (card) async throws(AuthenticatorFailure) in
            try check(plan, needsAttestation: false, card)
            return try await verifyingPIN(card, interaction) {
                () throws(AuthenticatorFailure) in
                let made = try generate(plan, card)
                return GeneratedKey(
                    slot: slot, publicKey: made.key.publicKey.subjectPublicKeyInfo,
                    keyIdentifier: made.key.identifier,
                    isManagementKeyDefault: made.isManagementKeyDefault)
            }
        }
    }

    /// Has the card attest that it made the key in a slot.
    ///
    /// - Throws: ``AuthenticatorFailure/unsupportedFeature(name:)`` for a card that cannot, or a key that came from
    ///   outside; ``AuthenticatorFailure/noCredentials`` for an empty slot.
    public func attest(_ slot: PIVSlot) async throws(AuthenticatorFailure) -> KeyAttestation {
        try await exclusively { (card) throws(AuthenticatorFailure) in
            try card.channel.transaction { () throws(AuthenticatorFailure) in
                try card.select()
                switch try card.attestation(of: slot) {
                case .absent: throw .noCredentials
                case .unsupported: throw .unsupportedFeature(name: "attestation")
                case .found(let attestation):
                    guard let intermediate = try card.attestationAuthority() else {
                        throw .unsupportedFeature(name: "attestation")
                    }
                    return KeyAttestation(attestation: attestation, intermediate: intermediate)
                }
            }
        }
    }

    /// Writes a certificate, DER, into a slot, in the place of the one that is there.
    ///
    /// - Throws: ``AuthenticatorFailure/invalidRequest(name:)`` where it is no certificate, or one for another key than
    ///   the card says that the slot has.
    public func importCertificate(
        _ certificate: [UInt8], into slot: PIVSlot,
        managementKey: ManagementKeySource = .automatic, interaction: Interaction
    ) async throws(AuthenticatorFailure) {
        guard let publicKey = PIVCard.subjectKey(of: certificate) else {
            throw .invalidRequest(name: "certificate")
        }
        try await exclusively { (card) async throws(AuthenticatorFailure) in
            try await verifyingPIN(card, interaction) { () throws(AuthenticatorFailure) in
                if let own = try card.metadata(of: slot).value?.publicKey?.verified {
                    guard own.identifier == publicKey.identifier else {
                        throw .invalidRequest(name: "certificate")
                    }
                }
                _ = try card.manage(by: managementKey)
                try card.put(
                    CertificateObject(certificate: certificate).encoded(),
                    into: slot.certificateObject)
            }
        }
    }

    /// Refuses what would destroy a key that is to be kept, or could not be attested, before anybody is asked for a PIN.
    func check(
        _ plan: KeyPlan, needsAttestation: Bool, _ card: PIVCard
    ) throws(AuthenticatorFailure) {
        try card.channel.transaction { () throws(AuthenticatorFailure) in
            try card.select()
            if needsAttestation, try card.attestationAuthority() == nil {
                throw .unsupportedFeature(name: "attestation")
            }
            try card.checkOccupancy(plan)
        }
    }

    /// Makes a key, the PIN having been verified.
    func generate(
        _ plan: KeyPlan, _ card: PIVCard
    ) throws(AuthenticatorFailure) -> (key: CardKey, isManagementKeyDefault: Bool) {
        // Other programs had their turn while the person was asked.
        try card.checkOccupancy(plan)
        let isDefault = try card.manage(by: plan.managementKey)
        let publicKey = try card.generateKey(
            in: plan.slot, plan.algorithm, plan.pinPolicy, plan.touchPolicy)
        let key = CardKey(
            slot: plan.slot, publicKey: publicKey, certificate: nil,
            pinPolicy: plan.pinPolicy.resolved(in: plan.slot),
            mayNeedTouch: plan.touchPolicy == .always || plan.touchPolicy == .cached)
        return (key, isDefault)
    }
}

extension PIVCard {
    fileprivate func checkOccupancy(_ plan: KeyPlan) throws(AuthenticatorFailure) {
        guard plan.existing == .kept else { return }
        guard try !isOccupied(plan.slot) else { throw .slotInUse(plan.slot.description) }
    }
}
