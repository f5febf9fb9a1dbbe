public import PIV

/// Why a card's key is to be believed in.
public enum CardEvidence: Sendable, Hashable {
    /// The card made the key and says so: the attestation, a certificate about the key, and those above it, the card's own
    /// (slot F9) among them. Each in DER; eight in all at most.
    case attested(attestation: [UInt8], intermediates: [[UInt8]])
    /// An authority issued a certificate for the key, and the card may attest the key besides: it, those above it, each in DER, eight in all at most; and the card's
    /// discovery object (SP 800-73-4 part 1 §3.3.2), where it has one: what its template 7E contains.
    ///
    /// A certificate that leads to no issuer that is trusted, as one that its owner made does, counts for nothing beside
    /// an attestation. Beside a certificate that does, a trusted attestation states the key's PIN policy, and the
    /// discovery object, which can only speak for the application, is not asked.
    case issued(
        certificate: [UInt8], attestation: [UInt8]?, intermediates: [[UInt8]], discovery: [UInt8]?)
}

/// A certificate that was issued for a card's key, as it was given.
public struct IssuedCertificate: Sendable, Hashable {
    /// The certificate, in DER.
    public let certificate: [UInt8]
    /// Those that may stand between it and an authority that is trusted, each in DER; seven at most.
    public let intermediates: [[UInt8]]

    /// A certificate and those above it.
    public init(certificate: [UInt8], intermediates: [[UInt8]]) {
        self.certificate = certificate
        self.intermediates = intermediates
    }
}

/// What shows whether a card asks for its PIN before it uses a key.
public enum PINEvidence: Sendable, Hashable {
    /// An attestation that led to a known root states the key's policy.
    case attested(PINPolicy)
    /// The card's discovery object says that the PIV application has a PIN, which SP 800-73-4 wants for every slot but 9E.
    ///
    /// No one signs a discovery object, or the slot that the certificate was read from: this is as good as the software
    /// that enrolled the card.
    case discovered
    /// Nothing that can be believed.
    case none

    /// Whether the key in `slot` needs the PIN, as far as this shows.
    func isPINRequired(in slot: PIVSlot) -> Bool {
        switch self {
        case .attested(let policy): policy.resolved(in: slot) != .never
        // SP 800-73-4 part 1, table 4b: the card authentication key alone is free for use.
        case .discovered: slot != .cardAuthentication
        case .none: false
        }
    }
}
