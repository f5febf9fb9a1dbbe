import ArgumentParser
import Glibc
import SmartCards

/// The key that a card is managed with.
struct ManagementKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file that has the card's management key, in hexadecimal.",
            discussion: """
                Without it the card is asked for the key that it keeps for its PIN's holder; a card that still has the \
                key that everybody knows is given one of its own, and keeps it.
                """,
            valueName: "file"))
    var managementKeyFile: String?

    /// Where the key comes from. It is never an argument, which other users could see.
    func source() throws(CommandFailure) -> ManagementKeySource {
        guard let managementKeyFile else { return .automatic }
        let descriptor = unsafe open(managementKeyFile, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(.configuration, "\(managementKeyFile) cannot be read")
        }
        defer { close(descriptor) }
        // 64 digits, a line's end, and one more to see that there is no more.
        var text = [UInt8](repeating: 0, count: 67)
        defer { unsafe explicit_bzero(&text, text.count) }
        let count = unsafe read(descriptor, &text, text.count)
        var digits = text.prefix(max(0, count))
        while let last = digits.last, [0x0A, 0x0D, 0x20].contains(last) { digits.removeLast() }
        guard let key = Self.key(of: digits) else {
            throw CommandFailure(
                .configuration, "\(managementKeyFile) holds no management key",
                advice: "It should have 32, 48 or 64 hexadecimal digits and nothing else.")
        }
        return .given(key)
    }

    private static func key(of digits: ArraySlice<UInt8>) -> ManagementKey? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        defer { unsafe explicit_bzero(&bytes, bytes.count) }
        for (place, digit) in digits.enumerated() {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            if place.isMultiple(of: 2) {
                bytes.append(value << 4)
            } else {
                bytes[place / 2] |= value
            }
        }
        return ManagementKey(bytes)
    }
}
