import Authenticators
import ISO7816
import PIV

extension PIVCard {
    /// What became of a PIN that was presented.
    enum Verification {
        case verified
        /// It was wrong; `retriesLeft` more wrong ones may follow.
        case rejected(retriesLeft: Int)
        /// The card takes no such PIN, which cost no try.
        case impossible
    }

    /// The PIN that the card's rules name: its own, but for cards that put the one that applications share first.
    func pinReference() throws(AuthenticatorFailure) -> PINReference {
        try discovery()?.1.isGlobalPINPrimary == true ? .global : .application
    }

    /// How many wrong PINs may still follow each other; `nil` where the card does not say.
    func retriesLeft(of reference: PINReference) throws(AuthenticatorFailure) -> Int? {
        if let retries = try metadata(of: reference)?.retries { return Int(retries.left) }
        // There is no asking after the PUK but by trying it.
        guard reference != .puk else { return nil }
        let status = try channel.exchange(try PIVCommand.verify(reference)).status
        if status.isSuccess { return nil }
        guard let retries = status.retriesLeft else { throw status.failure(of: "VERIFY") }
        return retries
    }

    /// VERIFY, once.
    func verify(
        _ pin: borrowing PIN, _ reference: PINReference
    ) throws(AuthenticatorFailure) -> Verification {
        let status = try channel.exchange(secret: SecretBytes.verify(reference, pin))
        if status.isSuccess { return .verified }
        if status == .wrongData { return .impossible }
        guard let retries = status.retriesLeft else { throw status.failure(of: "VERIFY") }
        return .rejected(retriesLeft: retries)
    }

    /// CHANGE REFERENCE DATA of the PIN or the PUK.
    func change(
        _ reference: PINReference, from old: borrowing PIN, to new: borrowing PIN
    ) throws(AuthenticatorFailure) {
        let status = try channel.exchange(
            secret: SecretBytes.change(reference, from: old, to: new))
        try Self.check(status, of: reference, "CHANGE REFERENCE DATA")
    }

    /// RESET RETRY COUNTER: a new PIN by means of the PUK.
    func unblock(puk: borrowing PIN, newPIN: borrowing PIN) throws(AuthenticatorFailure) {
        let status = try channel.exchange(secret: SecretBytes.unblock(puk: puk, newPIN: newPIN))
        try Self.check(status, of: .puk, "RESET RETRY COUNTER")
    }

    private static func check(
        _ status: StatusWord, of reference: PINReference, _ name: String
    ) throws(AuthenticatorFailure) {
        if status.isSuccess { return }
        switch (status.retriesLeft, reference) {
        case (0?, .puk): throw .pukBlocked
        case (0?, _): throw .pinBlocked
        case (let left?, .puk): throw .pukInvalid(retriesLeft: left)
        case (let left?, _): throw .pinInvalid(retriesLeft: left)
        // What was right is not to be replaced by a code that the card finds too simple.
        case (nil, _): throw status == .wrongData ? .pinPolicy : status.failure(of: name)
        }
    }
}
