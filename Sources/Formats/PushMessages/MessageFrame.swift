import Encoding

/// How every signed message begins, as TLS 1.3 begins its own (RFC 8446 §4.4.3).
enum MessageFrame {
    /// 64 spaces, the context in ASCII, a zero byte.
    static func start(_ context: String) -> [UInt8] {
        [UInt8](repeating: 0x20, count: 64) + Array(context.utf8) + [0x00]
    }
}

/// Reads fields from the front of a message, never past its end.
struct FieldReader {
    private var reader: ByteReader

    init(_ bytes: [UInt8]) { reader = ByteReader(bytes) }

    mutating func context(_ context: String) throws(MalformedPush) {
        let start = MessageFrame.start(context)
        guard try bytes(start.count) == start else { throw .context }
    }

    mutating func bytes(_ count: Int) throws(MalformedPush) -> [UInt8] {
        do throws(MalformedEncoding) { return try reader.readBytes(count) } catch {
            throw .truncated
        }
    }

    mutating func byte() throws(MalformedPush) -> UInt8 {
        do throws(MalformedEncoding) { return try reader.readUInt8() } catch { throw .truncated }
    }

    /// Two bytes of length, and as many bytes.
    mutating func longBytes() throws(MalformedPush) -> [UInt8] {
        let count: UInt16
        do throws(MalformedEncoding) { count = try reader.readUInt16() } catch {
            throw .truncated
        }
        return try bytes(Int(count))
    }

    /// Eight bytes: milliseconds since 1970, of which the first bit is zero.
    mutating func time(_ name: String) throws(MalformedPush) -> Int64 {
        let value: UInt64
        do throws(MalformedEncoding) { value = try reader.readUInt64() } catch {
            throw .truncated
        }
        guard let time = Int64(exactly: value) else { throw .value(name) }
        return time
    }

    /// One byte of length, and as many bytes of UTF-8.
    mutating func text(_ name: String) throws(MalformedPush) -> String {
        let bytes = try bytes(Int(byte()))
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .value(name) }
        return text
    }

    func finish() throws(MalformedPush) {
        guard reader.remaining == 0 else { throw .trailingBytes }
    }
}

extension ByteWriter {
    /// One byte of length, and the text in UTF-8; texts here have at most 255 bytes.
    mutating func appendText(_ text: String) {
        append(UInt8(clamping: text.utf8.count))
        append(text.utf8)
    }

    /// Eight bytes. Times here are never before 1970.
    mutating func appendTime(_ milliseconds: Int64) {
        append(UInt64(clamping: milliseconds))
    }
}

/// What a text may hold that people read.
enum ShownText {
    /// Makes sure that `text` has a length in `lengths`, in bytes of UTF-8, and nothing that would draw other than it
    /// reads: no control characters, no line or paragraph separators, no marks that turn the direction of writing.
    static func check(
        _ text: String, _ name: String, lengths: ClosedRange<Int>
    ) throws(MalformedPush) {
        guard lengths.contains(text.utf8.count), !text.unicodeScalars.contains(where: misleads)
        else { throw .value(name) }
    }

    private static func misleads(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028...0x2029: true
        case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
