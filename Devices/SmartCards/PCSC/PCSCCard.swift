import Authenticators
import CPCSC

/// A connection to a card. Ending it leaves the card as it is.
///
/// Sendable: the handle is a number, and calls of one context wait for each other.
@safe package struct PCSCCard: ~Copyable, Sendable {
    /// The protocols that are welcome: T=0 and T=1.
    static let protocols = DWORD(SCARD_PROTOCOL_T0) | DWORD(SCARD_PROTOCOL_T1)

    private let handle: SCARDHANDLE
    private var activeProtocol: DWORD

    init(owning handle: SCARDHANDLE, activeProtocol: DWORD) {
        self.handle = handle
        self.activeProtocol = activeProtocol
    }

    deinit {
        _ = SCardDisconnect(handle, DWORD(SCARD_LEAVE_CARD))
    }

    /// The card's answer to reset.
    var answerToReset: [UInt8] {
        get throws(PCSCStatus) {
            var answer = [UInt8](repeating: 0, count: Int(MAX_ATR_SIZE))
            var length = DWORD(answer.count)
            try check(unsafe SCardStatus(handle, nil, nil, nil, nil, &answer, &length))
            answer.removeLast(answer.count - min(answer.count, Int(clamping: length)))
            return answer
        }
    }

    func beginTransaction() throws(PCSCStatus) {
        try check(SCardBeginTransaction(handle))
    }

    /// Lets other programs at the card. The service resets it before, where it is to.
    func endTransaction(_ disposition: CardDisposition) {
        let action =
            switch disposition {
            case .asItIs: SCARD_LEAVE_CARD
            case .reset: SCARD_RESET_CARD
            }
        _ = SCardEndTransaction(handle, DWORD(action))
    }

    /// Takes the card up again after another program reset it, without a reset of its own.
    mutating func reconnect() throws(PCSCStatus) {
        try check(
            unsafe SCardReconnect(
                handle, DWORD(SCARD_SHARE_SHARED), Self.protocols, DWORD(SCARD_LEAVE_CARD),
                &activeProtocol))
    }

    /// Sends a command APDU and waits for the response APDU, of 65 538 bytes at most.
    func transmit(_ command: [UInt8]) throws(PCSCStatus) -> [UInt8] {
        let isT0 = activeProtocol == DWORD(SCARD_PROTOCOL_T0)
        let sent = isT0 ? Self.countOverT0(of: command) : command.count
        let control = unsafe isT0 ? countersign_pcsc_pci_t0() : countersign_pcsc_pci_t1()
        var result: LONG = 0
        let response = unsafe [UInt8](unsafeUninitializedCapacity: Self.responseCapacity) {
            buffer, count in
            var length = DWORD(buffer.count)
            result = unsafe SCardTransmit(
                handle, control, command, DWORD(sent), nil, buffer.baseAddress, &length)
            count = result == 0 ? min(Int(clamping: length), buffer.count) : 0
        }
        try check(result)
        return response
    }

    /// How much of a command is sent over T=0: there is no room for an Le behind data, and the card says with 61xx how
    /// much it has to say (ISO 7816-3 §12.2.5).
    package static func countOverT0(of command: [UInt8]) -> Int {
        guard command.count > 5, command.count == Int(command[4]) + 6 else { return command.count }
        return command.count - 1
    }

    private static let responseCapacity = 65_538
}
