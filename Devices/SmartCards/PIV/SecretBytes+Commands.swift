import Authenticators
import ISO7816
import PIV

extension PIN {
    private var length: Int { withNullTerminatedUTF8 { $0.count - 1 } }

    /// Whether a card could have this PIN: eight bytes at most, none of them FF, which fills a shorter one up.
    var fitsCard: Bool {
        withNullTerminatedUTF8 { bytes in
            bytes.count - 1 <= PINReference.length && !bytes.indices.contains { bytes[$0] == 0xFF }
        }
    }

    /// Whether a card may be given this PIN or PUK (NIST SP 800-73-4 Part 2 §2.4.3): 6 to 8 bytes.
    var isAllowedInCard: Bool { fitsCard && length >= 6 }
}

extension SecretBytes {
    /// Puts a PIN at `offset`, filled up with FF to eight bytes.
    func write(_ pin: borrowing PIN, at offset: Int) {
        pin.withNullTerminatedUTF8 { bytes in
            let length = bytes.count - 1
            write(bytes.extracting(0..<length), at: offset)
            for index in length..<max(length, PINReference.length) {
                write([0xFF].span, at: offset + index)
            }
        }
    }

    /// VERIFY.
    static func verify(
        _ reference: PINReference, _ pin: borrowing PIN
    ) throws(AuthenticatorFailure) -> SecretBytes {
        let command = try command { () throws(MalformedCardData) in
            try PIVCommand.verify(reference, blank)
        }
        command.write(pin, at: command.count - PINReference.length)
        return command
    }

    /// CHANGE REFERENCE DATA.
    static func change(
        _ reference: PINReference, from old: borrowing PIN, to new: borrowing PIN
    ) throws(AuthenticatorFailure) -> SecretBytes {
        let command = try command { () throws(MalformedCardData) in
            try PIVCommand.changeReference(reference, from: blank, to: blank)
        }
        command.write(old, at: command.count - 2 * PINReference.length)
        command.write(new, at: command.count - PINReference.length)
        return command
    }

    /// RESET RETRY COUNTER.
    static func unblock(
        puk: borrowing PIN, newPIN: borrowing PIN
    ) throws(AuthenticatorFailure) -> SecretBytes {
        let command = try command { () throws(MalformedCardData) in
            try PIVCommand.resetRetryCounter(puk: blank, newPIN: blank)
        }
        command.write(puk, at: command.count - 2 * PINReference.length)
        command.write(newPIN, at: command.count - PINReference.length)
        return command
    }

    /// SET MANAGEMENT KEY.
    static func setManagementKey(
        _ key: ManagementKey, _ algorithm: PIVAlgorithm
    ) throws(AuthenticatorFailure) -> SecretBytes {
        let command = try command { () throws(MalformedCardData) in
            try PIVCommand.setManagementKey(
                algorithm, [UInt8](repeating: 0, count: key.secret.count))
        }
        command.write(key, at: command.count - key.secret.count)
        return command
    }

    /// PUT DATA of the management key, to be kept for the PIN's holder.
    static func keep(_ key: ManagementKey) throws(AuthenticatorFailure) -> SecretBytes {
        let command = try command { () throws(MalformedCardData) in
            try PIVCommand.putData(
                .printedText, KeptManagementKey.blank(length: key.secret.count))
        }
        command.write(key, at: command.count - key.secret.count)
        return command
    }

    private static var blank: [UInt8] { [UInt8](repeating: 0, count: PINReference.length) }

    /// A command, in the short form, that holds zeros where the secret belongs.
    private static func command(
        _ make: () throws(MalformedCardData) -> CommandAPDU
    ) throws(AuthenticatorFailure) -> SecretBytes {
        SecretBytes(try making { () throws(MalformedCardData) in try make().encoded(.short) })
    }

    private func write(_ key: ManagementKey, at offset: Int) {
        key.secret.withBytes { write($0.span, at: offset) }
    }
}
