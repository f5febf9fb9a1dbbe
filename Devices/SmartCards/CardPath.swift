public import Authenticators

/// Where a smart card is.
public enum CardPath: Sendable, Hashable, CustomStringConvertible {
    /// In the PC/SC reader of this name: `pcsc:Yubico YubiKey OTP+FIDO+CCID 00 00`.
    case reader(name: String)
    /// A software card in this process that keeps its state in this file: `emulator:card.state`.
    case emulator(file: String)

    /// Takes a path in one of its text forms. A reader's name has 1 to 127 bytes.
    public init(_ text: some StringProtocol) throws(AuthenticatorFailure) {
        let rest: Substring
        let isReader = text.hasPrefix("pcsc:")
        if isReader {
            rest = Substring(text.dropFirst(5))
        } else if text.hasPrefix("emulator:") {
            rest = Substring(text.dropFirst(9))
        } else {
            throw .invalidPath(String(text))
        }
        guard !rest.isEmpty, !rest.utf8.contains(0), !isReader || rest.utf8.count <= 127 else {
            throw .invalidPath(String(text))
        }
        self = isReader ? .reader(name: String(rest)) : .emulator(file: String(rest))
    }

    /// The text form.
    public var description: String {
        switch self {
        case .reader(let name): "pcsc:\(name)"
        case .emulator(let file): "emulator:\(file)"
        }
    }
}
