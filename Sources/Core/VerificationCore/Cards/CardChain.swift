import Cryptography

/// A card's certificate and those that came with it, decoded and not trusted.
struct CardChain {
    /// Above a card's own certificate there are two or three as a rule.
    static let maximumLength = 8

    /// The certificate of the card's key.
    let leaf: Certificate
    /// Those that may stand between it and an anchor, in any order.
    let intermediates: [Certificate]

    /// Decodes certificates, each in DER that is read to its end.
    init(
        _ leaf: [UInt8], through intermediates: [[UInt8]], or failure: CardFailure
    ) throws(CardFailure) {
        guard intermediates.count < Self.maximumLength else { throw failure }
        do throws(CryptographyError) {
            self.leaf = try Certificate(derRepresentation: leaf)
            var decoded: [Certificate] = []
            for der in intermediates { decoded.append(try Certificate(derRepresentation: der)) }
            self.intermediates = decoded
        } catch {
            throw failure
        }
    }

    /// Whether one of the keys is known to give its private half away. Above the card's own this matters no less: what such
    /// a key has signed, anybody may have signed.
    var hasWeakKey: Bool {
        ([leaf] + intermediates).contains { certificate in
            certificate.publicKey?.rsaModulus.map(ROCA.hasFingerprint(modulus:)) ?? false
        }
    }
}
