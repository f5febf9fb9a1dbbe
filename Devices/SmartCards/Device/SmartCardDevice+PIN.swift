public import Authenticators
import PIV

extension SmartCardDevice {
    /// Asks the person for the PIN until it is right, and runs `body` in the transaction in which the card accepted it.
    ///
    /// No transaction is held while the person is asked. Each PIN goes to the card once, in the transaction that
    /// `body` runs in.
    ///
    /// - Parameter body: follows upon the PIN at once.
    func verifyingPIN<Value>(
        _ card: PIVCard, _ interaction: Interaction,
        _ body: () throws(AuthenticatorFailure) -> Value
    ) async throws(AuthenticatorFailure) -> Value {
        var isRepeated = false
        while true {
            let (reference, retriesLeft) = try card.channel.transaction {
                () throws(AuthenticatorFailure) in
                try card.select()
                let reference = try card.pinReference()
                return (reference, try card.retriesLeft(of: reference))
            }
            guard retriesLeft != 0 else { throw .pinBlocked }
            let request = PINRequest(retriesLeft: retriesLeft, isRepeated: isRepeated)
            interaction.report(.pinNeeded(request))
            let answer = await interaction.pin(request)
            try card.channel.checkCancellation()
            guard let pin = answer else { throw .pinNotGiven }
            // No card has such a PIN, so that it would cost a try for nothing.
            guard pin.fitsCard else { throw .pinInvalid(retriesLeft: retriesLeft) }
            let attempt = try card.channel.transaction {
                () throws(AuthenticatorFailure) -> Attempt<Value> in
                try card.select()
                return switch try card.verify(pin, reference) {
                case .verified: .done(try body())
                case .rejected(let retriesLeft): .rejected(retriesLeft: retriesLeft)
                case .impossible: throw .pinInvalid(retriesLeft: retriesLeft)
                }
            }
            switch attempt {
            case .done(let value): return value
            case .rejected(0): throw .pinBlocked
            case .rejected(let retriesLeft):
                interaction.report(.pinRejected(retriesLeft: retriesLeft))
                isRepeated = true
            }
        }
    }

    /// Gives the card another PIN: 6 to 8 bytes, else ``AuthenticatorFailure/pinPolicy``. It is the PIN that the card's
    /// rules put first.
    public func changePIN(
        from old: borrowing PIN, to new: borrowing PIN
    ) async throws(AuthenticatorFailure) {
        guard new.isAllowedInCard else { throw .pinPolicy }
        try await exclusively { (card) throws(AuthenticatorFailure) in
            try card.channel.transaction { () throws(AuthenticatorFailure) in
                try card.select()
                let reference = try card.pinReference()
                guard old.fitsCard else {
                    throw .pinInvalid(retriesLeft: try card.retriesLeft(of: reference))
                }
                try card.change(reference, from: old, to: new)
            }
        }
    }

    /// Gives the card another PUK: 6 to 8 bytes, else ``AuthenticatorFailure/pinPolicy``.
    public func changePUK(
        from old: borrowing PIN, to new: borrowing PIN
    ) async throws(AuthenticatorFailure) {
        guard new.isAllowedInCard else { throw .pinPolicy }
        try await exclusively { (card) throws(AuthenticatorFailure) in
            try card.channel.transaction { () throws(AuthenticatorFailure) in
                try card.select()
                guard old.fitsCard else {
                    throw .pukInvalid(retriesLeft: try card.retriesLeft(of: .puk))
                }
                try card.change(.puk, from: old, to: new)
            }
        }
    }

    /// Gives the card another PIN, of 6 to 8 bytes, by means of the PUK; the old one may be blocked or forgotten.
    public func unblockPIN(
        puk: borrowing PIN, newPIN: borrowing PIN
    ) async throws(AuthenticatorFailure) {
        guard newPIN.isAllowedInCard else { throw .pinPolicy }
        try await exclusively { (card) throws(AuthenticatorFailure) in
            try card.channel.transaction { () throws(AuthenticatorFailure) in
                try card.select()
                guard puk.fitsCard else {
                    throw .pukInvalid(retriesLeft: try card.retriesLeft(of: .puk))
                }
                try card.unblock(puk: puk, newPIN: newPIN)
            }
        }
    }
}

/// What came of a PIN that was presented.
private enum Attempt<Value> {
    case done(Value)
    case rejected(retriesLeft: Int)
}
