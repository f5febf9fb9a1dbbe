import Authenticators
import Cryptography
import ISO7816
import PIV
import WebAuthn

/// A key in a card, as far as it can be known from outside.
struct CardKey {
    let slot: PIVSlot
    let publicKey: PublicKey
    /// The certificate in the slot, where it is for this key.
    var certificate: Certificate?
    /// When the card wants the PIN, by its own account or else as the slot has it.
    var pinPolicy: PINPolicy
    /// Whether the card may want a touch.
    var mayNeedTouch: Bool

    /// SHA-256 of the SubjectPublicKeyInfo: 32 bytes.
    var identifier: [UInt8] { publicKey.identifier }

    /// Whether the card wants the PIN right before each signature.
    var wantsPINEachTime: Bool { pinPolicy == .always || pinPolicy == .matchAlways }
}

extension PublicKey {
    /// SHA-256 of the SubjectPublicKeyInfo: 32 bytes.
    var identifier: [UInt8] { SHA256.hash(subjectPublicKeyInfo) }
}

/// What a slot's certificate object holds.
enum SlotCertificate {
    case absent
    /// A certificate that was compressed, which is not supported.
    case compressed
    /// Something else than a certificate.
    case unreadable
    case certificate(Certificate)
}

/// How a card answers when it is to sign.
enum SigningOutcome {
    case signed([UInt8])
    /// The PIN, or a touch, is wanting.
    case notAuthorised
    /// What was to be signed is refused.
    case inputRefused
}

extension PIVCard {
    /// The certificate in a slot. What cannot be read is no failure: another slot may be meant.
    func certificate(in slot: PIVSlot) throws(AuthenticatorFailure) -> SlotCertificate {
        guard let contents = try contents(of: slot.certificateObject) else { return .absent }
        let object: CertificateObject
        do throws(MalformedCardData) {
            object = try CertificateObject(decoding: contents)
        } catch {
            return .unreadable
        }
        // Yubico's programs mark a deleted certificate like this.
        guard !object.certificate.isEmpty else { return .absent }
        guard !object.isCompressed else { return .compressed }
        do throws(CryptographyError) {
            return .certificate(try Certificate(derRepresentation: object.certificate))
        } catch {
            return .unreadable
        }
    }

    /// The key in a slot by its certificate, by what the card knows of it, and by its attestation, in this order.
    ///
    /// - Parameter isWanted: passes over a certificate that is for another key than the one that is sought: a slot may
    ///   hold the certificate of a key that was there before.
    func key(
        in slot: PIVSlot, where isWanted: (PublicKey) -> Bool
    ) throws(AuthenticatorFailure) -> CardKey? {
        if case .certificate(let certificate) = try certificate(in: slot),
            let publicKey = certificate.publicKey, isWanted(publicKey)
        {
            return try key(publicKey, in: slot, certificate, readableMetadata(of: slot).value)
        }
        let metadata = try readableMetadata(of: slot)
        switch metadata {
        case .found(let facts):
            guard let publicKey = facts.publicKey?.verified, isWanted(publicKey) else {
                return nil
            }
            return key(publicKey, in: slot, nil, facts)
        case .absent: return nil
        case .unsupported:
            guard let attestation = try attestation(of: slot).value,
                let publicKey = Self.subjectKey(of: attestation), isWanted(publicKey)
            else { return nil }
            return key(publicKey, in: slot, nil, nil)
        }
    }

    /// Whether a slot has a key, as far as the card lets on.
    func isOccupied(_ slot: PIVSlot) throws(AuthenticatorFailure) -> Bool {
        switch try readableMetadata(of: slot) {
        case .found: return true
        case .absent: return false
        case .unsupported: break
        }
        if case .absent = try certificate(in: slot) {
            return try attestation(of: slot).value != nil
        }
        return true
    }

    /// GENERATE ASYMMETRIC KEY PAIR, which needs the management key, and destroys the key that the slot has.
    func generateKey(
        in slot: PIVSlot, _ algorithm: PIVAlgorithm, _ pinPolicy: PINPolicy,
        _ touchPolicy: TouchPolicy
    ) throws(AuthenticatorFailure) -> PublicKey {
        // Cards that do not know the policies take the command without them only.
        let response = try channel.exchange(
            pace: .leisurely,
            try PIVCommand.generateKey(
                slot, algorithm, pinPolicy: pinPolicy == .defaultPolicy ? nil : pinPolicy,
                touchPolicy: touchPolicy == .defaultPolicy ? nil : touchPolicy))
        switch response.status {
        case .success: break
        case .wrongData, .functionNotSupported: throw .unsupportedAlgorithm
        default: throw response.status.managementFailure("GENERATE ASYMMETRIC KEY PAIR")
        }
        let key = try decoding { () throws(MalformedCardData) in
            try CardPublicKey(decoding: response.data)
        }
        guard key.algorithm == algorithm, let publicKey = key.verified else {
            throw .malformedReply
        }
        return publicKey
    }

    /// GENERAL AUTHENTICATE that signs what was prepared for the key.
    func sign(
        in slot: PIVSlot, _ input: SignatureInput
    ) throws(AuthenticatorFailure) -> SigningOutcome {
        let response = try channel.exchange(
            pace: .leisurely, try PIVCommand.sign(slot, input.cardAlgorithm, input.bytes))
        switch response.status {
        case .success: break
        case .securityStatusNotSatisfied, .conditionsNotSatisfied: return .notAuthorised
        case .wrongData: return .inputRefused
        case .referencedDataNotFound, .notFound, .incorrectParameters: throw .noCredentials
        default: throw response.status.failure(of: "GENERAL AUTHENTICATE")
        }
        let template = try decoding { () throws(MalformedCardData) in
            try AuthenticationTemplate(decoding: response.data)
        }
        guard let signature = template.response else {
            throw .malformedReply
        }
        return .signed(signature)
    }

    /// The key that a certificate is for, where it is one.
    static func subjectKey(of certificate: [UInt8]) -> PublicKey? {
        do throws(CryptographyError) {
            return try Certificate(derRepresentation: certificate).publicKey
        } catch {
            return nil
        }
    }

    /// What the card knows of the key in a slot; of a kind of key that is not known here, that there is one.
    func readableMetadata(
        of slot: PIVSlot
    ) throws(AuthenticatorFailure) -> Finding<CardMetadata> {
        do throws(AuthenticatorFailure) {
            return try metadata(of: slot)
        } catch .malformedReply {
            return .found(CardMetadata(algorithm: nil))
        }
    }

    /// A key with what the card knows of it, or else what its slot stands for.
    func key(
        _ publicKey: PublicKey, in slot: PIVSlot, _ certificate: Certificate?,
        _ metadata: CardMetadata?
    ) -> CardKey {
        let touch = metadata?.touchPolicy ?? .defaultPolicy
        return CardKey(
            slot: slot, publicKey: publicKey, certificate: certificate,
            pinPolicy: (metadata?.pinPolicy ?? .defaultPolicy).resolved(in: slot),
            mayNeedTouch: touch == .always || touch == .cached)
    }
}

extension CardPublicKey {
    /// The key, where it is one: points lie on their curve.
    var verified: PublicKey? {
        do throws(CryptographyError) {
            switch self {
            case .p256(let point): return try PublicKey(p256Point: point)
            case .p384(let point): return try PublicKey(p384Point: point)
            case .rsa(let modulus, let exponent):
                return try PublicKey(rsaModulus: modulus, exponent: exponent)
            }
        } catch {
            return nil
        }
    }
}
