internal import Encoding

/// What a card says when it is powered up (ISO 7816-3 §8.2): it names the card's make.
public struct AnswerToReset: Hashable, Sendable {
    /// The whole answer: 2 to 33 bytes.
    public let bytes: [UInt8]
    /// The historical bytes, at most 15, which the maker chooses.
    public let historicalBytes: [UInt8]
    /// The protocols that the card offers, in its order, each once: 0 and 1 are the ones in use, 15 stands for
    /// interface bytes that hold for all.
    public let protocols: [UInt8]

    /// Decodes an answer.
    ///
    /// TS is 3B or 3F. The chain of interface bytes is followed to its end. The check byte TCK stands there unless T=0
    /// is all that is offered, and must be right.
    ///
    /// - Throws: ``MalformedCardData/length`` for fewer than 2 or more than 33 bytes, ``MalformedCardData/truncated``
    ///   and ``MalformedCardData/trailingBytes`` where the format bytes promise another length,
    ///   ``MalformedCardData/value(_:)`` for `TS` and `TCK`.
    public init(bytes: [UInt8]) throws(MalformedCardData) {
        guard (2...33).contains(bytes.count) else { throw .length }
        guard bytes[0] == 0x3B || bytes[0] == 0x3F else { throw .value("TS") }
        var reader = ByteReader(bytes.dropFirst())
        var offered: [UInt8] = []
        let historical: [UInt8]
        do throws(MalformedEncoding) {
            let format = try reader.readUInt8()
            var indicator = format >> 4
            while indicator != 0 {
                for bit in [0x1, 0x2, 0x4] as [UInt8] where indicator & bit != 0 {
                    _ = try reader.readUInt8()
                }
                guard indicator & 0x8 != 0 else { break }
                let next = try reader.readUInt8()
                if !offered.contains(next & 0xF) { offered.append(next & 0xF) }
                indicator = next >> 4
            }
            historical = try reader.readBytes(Int(format & 0xF))
            if offered.contains(where: { $0 != 0 }) { _ = try reader.readUInt8() }
        } catch {
            throw .truncated
        }
        guard reader.remaining == 0 else { throw .trailingBytes }
        if offered.contains(where: { $0 != 0 }) {
            guard bytes.dropFirst().reduce(0, ^) == 0 else { throw .value("TCK") }
        }
        self.bytes = bytes
        historicalBytes = historical
        protocols = offered.isEmpty ? [0] : offered
    }
}

extension AnswerToReset: CustomStringConvertible {
    /// The bytes in hexadecimal, without spaces.
    public var description: String { Hex.encode(bytes) }
}
