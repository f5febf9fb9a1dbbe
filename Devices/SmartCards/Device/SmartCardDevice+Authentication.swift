public import Authenticators
import Cryptography
import PIV

extension SmartCardDevice {
    /// Signs a challenge with one of the keys that will do.
    ///
    /// The PIN is asked for unless the key never wants it, also where another program has presented it already.
    ///
    /// - Throws: ``AuthenticatorFailure/noCredentials`` where the card has none of the keys,
    ///   ``AuthenticatorFailure/unsupportedAlgorithm`` where the key has none of the algorithms, and whatever the card
    ///   and its person make of it.
    public func authenticate(
        _ request: CardAuthenticationRequest, interaction: Interaction
    ) async throws(AuthenticatorFailure) -> CardAuthenticationAnswer {
        try await exclusively(timeout: request.timeout) {
            (card) async throws(AuthenticatorFailure) in
            let wanted = Set(request.allowedKeys)
            let key = try card.channel.transaction { () throws(AuthenticatorFailure) in
                try card.select()
                return try card.key(among: wanted)
            }
            guard let key else { throw .noCredentials }
            let message = try Self.message(
                .authentication, challenge: request.challenge,
                relyingPartyID: request.relyingPartyID, user: request.userName,
                key: key.identifier)
            let signature = try await sign(
                message, with: key, among: request.algorithms, card, interaction)
            return CardAuthenticationAnswer(
                keyIdentifier: key.identifier, algorithm: signature.algorithm,
                signature: signature.bytes, certificate: key.certificate?.derRepresentation)
        }
    }
}

extension PIVCard {
    /// The slots in the order in which they are likely to hold a key to sign in with.
    private static var slots: [PIVSlot] {
        let likely: [PIVSlot] = [.authentication, .cardAuthentication, .signature]
        return likely + PIVSlot.all.filter { !likely.contains($0) }
    }

    /// The first key that has one of the identifiers.
    fileprivate func key(among wanted: Set<[UInt8]>) throws(AuthenticatorFailure) -> CardKey? {
        guard !wanted.isEmpty else { return nil }
        for slot in Self.slots {
            let key = try key(in: slot) { wanted.contains($0.identifier) }
            if let key { return key }
        }
        return nil
    }
}
