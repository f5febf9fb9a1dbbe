import CTAP

/// What can be told from the reports of one connection without reassembling its messages (CTAP 2.1 §11.2.4).
struct ReportTraffic: Sendable {
    /// What an authenticator that asks for its person wants.
    enum Wish: Sendable, Hashable {
        /// What asking for a PIN/UV auth token leads to: user verification.
        case forToken
        /// What the ceremony's own command leads to: a touch as a rule.
        case forCommand
    }

    /// Whether a report for this client has ever come.
    private(set) var hasAnswered = false
    /// Whether the last report said that another channel is being served.
    private(set) var isBusy = false

    private var channel: ArraySlice<UInt8> = []
    private var nonce: ArraySlice<UInt8>?
    private var command: CTAPCommand?
    private var hasPrompted = false

    private static let length = 64
    private static let initialization: UInt8 = 0x80

    /// Forgets that the person was asked, so that the next request says so again.
    mutating func forgetPrompts() { hasPrompted = false }

    /// Takes note of a report on its way to the authenticator.
    mutating func noteSent(_ bytes: [UInt8]) {
        guard bytes.count == Self.length, bytes[4] & Self.initialization != 0 else { return }
        let sent = HIDCommand(rawValue: bytes[4])
        guard sent != .cancel else { return }
        channel = bytes[..<4]
        nonce = sent == .initialize ? bytes[7..<15] : nil
        command = sent == .cbor ? CTAPCommand(rawValue: bytes[7]) : nil
        if sent != .message { forgetPrompts() }
    }

    /// Whether a report is for this client: of the right length, on its channel, and where it answers
    /// CTAPHID_INIT, with its nonce.
    func accepts(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == Self.length, bytes[..<4] == channel else { return false }
        guard let nonce else { return true }
        switch HIDCommand(rawValue: bytes[4]) {
        case .initialize: return bytes[7..<15].elementsEqual(nonce)
        case .error: return true
        default: return false
        }
    }

    /// Takes note of a report that was accepted. Returns what the person is to do, the first time.
    mutating func noteReceived(_ bytes: [UInt8]) -> Wish? {
        hasAnswered = true
        isBusy = false
        guard bytes[4] & Self.initialization != 0 else { return nil }
        switch HIDCommand(rawValue: bytes[4]) {
        case .error:
            isBusy = HIDError(rawValue: bytes[7]) == .channelBusy
            return nil
        case .keepalive where KeepaliveStatus(rawValue: bytes[7]) == .userPresenceNeeded:
            return firstTime(command == .clientPIN ? .forToken : .forCommand)
        // A U2F key answers at once and is asked again: 0x6985 means that it was not touched yet.
        case .message where bytes[5...8].elementsEqual([0, 2, 0x69, 0x85]):
            return firstTime(.forCommand)
        default: return nil
        }
    }

    /// The CTAP2 command whose reply begins with a report that was accepted; `nil` for a report of another kind.
    func command(answeredBy bytes: [UInt8]) -> CTAPCommand? {
        let isReply =
            bytes[4] & Self.initialization != 0 && HIDCommand(rawValue: bytes[4]) == .cbor
        return isReply ? command : nil
    }

    /// Whether the authenticator has nothing more to say to the request that was cancelled: the report begins a
    /// message that is neither a keepalive nor goes on in further reports.
    func isLastWord(_ bytes: [UInt8]) -> Bool {
        guard accepts(bytes), bytes[4] & Self.initialization != 0,
            HIDCommand(rawValue: bytes[4]) != .keepalive
        else { return false }
        return Int(bytes[5]) << 8 | Int(bytes[6]) <= Self.length - 7
    }

    /// Whether a report says no more than that the authenticator is still at it.
    static func isKeepalive(_ bytes: [UInt8]) -> Bool {
        bytes[4] & initialization != 0 && HIDCommand(rawValue: bytes[4]) == .keepalive
    }

    private mutating func firstTime(_ wish: Wish) -> Wish? {
        guard !hasPrompted else { return nil }
        hasPrompted = true
        return wish
    }
}
