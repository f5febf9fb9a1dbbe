import Cryptography
import ISO7816
import PIV

extension PIVApplet {
    /// VERIFY (part 2 §3.2.1) of the application's PIN.
    mutating func verify(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        guard command.parameter1 == 0x00 || command.parameter1 == 0xFF else {
            throw Refusal(.incorrectParameters)
        }
        guard command.parameter2 == PINReference.application.rawValue else {
            throw Refusal(.referencedDataNotFound)
        }
        if command.parameter1 == 0xFF {
            guard command.data.isEmpty else { throw Refusal(.wrongData) }
            session.isPINVerified = false
            return []
        }
        if command.data.isEmpty {
            if session.isPINVerified { return [] }
            throw Refusal(Self.standing(of: state.pin))
        }
        guard !state.pin.isBlocked else { throw Refusal(.authenticationMethodBlocked) }
        guard Self.isPIN(command.data) else { throw Refusal(.wrongData) }
        session.isPINVerified = false
        try present(command.data, to: \.pin)
        session.isPINVerified = true
        session.momentary.isPINVerified = true
        return []
    }

    /// CHANGE REFERENCE DATA (part 2 §3.2.2) of PIN or PUK: the old and the new.
    mutating func changeReferenceData(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        guard command.parameter1 == 0x00 else { throw Refusal(.incorrectParameters) }
        switch PINReference(rawValue: command.parameter2) {
        case .application:
            let new = try replacement(in: command.data, for: state.pin, isAllowed: Self.isPIN)
            session.isPINVerified = false
            try present(Array(command.data.prefix(PINReference.length)), to: \.pin)
            state.pin.value = new
            session.isPINVerified = true
        case .puk:
            let new = try replacement(in: command.data, for: state.puk, isAllowed: Self.isPUK)
            try present(Array(command.data.prefix(PINReference.length)), to: \.puk)
            state.puk.value = new
        case .global, nil: throw Refusal(.referencedDataNotFound)
        }
        return []
    }

    /// RESET RETRY COUNTER (part 2 §3.2.3): the PUK and a new PIN.
    mutating func resetRetryCounter(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        guard command.parameter1 == 0x00 else { throw Refusal(.incorrectParameters) }
        guard command.parameter2 == PINReference.application.rawValue else {
            throw Refusal(.referencedDataNotFound)
        }
        let new = try replacement(in: command.data, for: state.puk, isAllowed: Self.isPIN)
        try present(Array(command.data.prefix(PINReference.length)), to: \.puk)
        state.pin.value = new
        state.pin.triesLeft = state.pin.tries
        session.isPINVerified = false
        return []
    }

    /// How a PIN stands that was not verified.
    private static func standing(of reference: CardReference) -> StatusWord {
        reference.isBlocked ? .authenticationMethodBlocked : .retries(reference.triesLeft)
    }

    /// The second of the two values in `data`. It is looked at before the first costs a try.
    private func replacement(
        in data: [UInt8], for presented: CardReference, isAllowed: ([UInt8]) -> Bool
    ) throws(Refusal) -> [UInt8] {
        guard !presented.isBlocked else { throw Refusal(.authenticationMethodBlocked) }
        let new = Array(data.dropFirst(PINReference.length))
        guard data.count == 2 * PINReference.length, isAllowed(new) else {
            throw Refusal(.wrongData)
        }
        return new
    }

    /// Compares `value`, which costs a try unless it is right.
    private mutating func present(
        _ value: [UInt8], to path: WritableKeyPath<CardState, CardReference>
    ) throws(Refusal) {
        guard !state[keyPath: path].isBlocked else {
            throw Refusal(.authenticationMethodBlocked)
        }
        guard ConstantTime.areEqual(value, state[keyPath: path].value) else {
            state[keyPath: path].triesLeft -= 1
            throw Refusal(.retries(state[keyPath: path].triesLeft))
        }
        // Nothing is written where nothing changes: most PINs are right at once.
        if state[keyPath: path].triesLeft < state[keyPath: path].tries {
            state[keyPath: path].triesLeft = state[keyPath: path].tries
        }
    }

    /// Six to eight digits, filled up with FF (part 2 §2.4.3).
    private static func isPIN(_ bytes: [UInt8]) -> Bool {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return isPUK(bytes) && bytes.allSatisfy { digits.contains($0) || $0 == 0xFF }
    }

    /// Six to eight bytes, filled up with FF: the specification wants eight, vendors fill shorter ones up.
    private static func isPUK(_ bytes: [UInt8]) -> Bool {
        let content = bytes.prefix { $0 != 0xFF }
        return bytes.count == PINReference.length && content.count >= 6
            && bytes.dropFirst(content.count).allSatisfy { $0 == 0xFF }
    }
}
