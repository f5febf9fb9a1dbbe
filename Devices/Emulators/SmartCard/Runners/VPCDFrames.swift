/// The framing of vpcd, seen from the card: messages with a length of two bytes before them, the more significant
/// first. A message of one byte is about power, any other is a command APDU.
package struct VPCDFrames: Sendable {
    /// What vpcd wants.
    package enum Message: Hashable, Sendable {
        /// The card has no power any more.
        case powerOff
        /// The card has power.
        case powerOn
        /// The card is reset.
        case reset
        /// The answer to reset is to be sent. It is the only message of one byte that is answered.
        case answerToReset
        /// A command APDU, whose response is to be sent.
        case command([UInt8])
    }

    private var received: [UInt8] = []

    /// Nothing has arrived.
    package init() {}

    /// Takes bytes as they arrive.
    package mutating func append(_ bytes: some Sequence<UInt8>) {
        received.append(contentsOf: bytes)
    }

    /// The next whole message. Control bytes without a meaning are passed over.
    package mutating func next() -> Message? {
        while received.count >= 2 {
            let length = Int(received[0]) << 8 | Int(received[1])
            guard received.count >= 2 + length else { return nil }
            let body = Array(received[2..<2 + length])
            received.removeFirst(2 + length)
            if let message = Self.message(body) { return message }
        }
        return nil
    }

    private static func message(_ body: [UInt8]) -> Message? {
        guard body.count == 1 else { return .command(body) }
        return switch body.first {
        case 0x00: .powerOff
        case 0x01: .powerOn
        case 0x02: .reset
        case 0x04: .answerToReset
        default: nil
        }
    }

    /// A message from the card. What does not fit into a message is left out.
    package static func encoded(_ body: [UInt8]) -> [UInt8] {
        let body = body.prefix(Int(UInt16.max))
        return [UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }
}
