import CQREncode
import Glibc

/// A QR Code symbol (ISO/IEC 18004): a square of dark and light modules that holds a byte string.
///
/// What a symbol holds is as secret as the content it was made of, and so is every picture of it.
public struct QRSymbol: Sendable, Hashable {
    /// How much of the symbol may be unreadable: about 7, 15, 25 or 30 per cent.
    public enum Correction: Sendable, Hashable, CaseIterable {
        case low
        case medium
        case quartile
        case high
    }

    /// The modules, row by row from the top, without the quiet zone; true is dark. As many rows as columns, 21 to 177.
    public let rows: [[Bool]]

    /// How many modules a side has, without the quiet zone.
    public var size: Int { rows.count }

    /// How many light modules surround the symbol in every picture of it (ISO/IEC 18004 §6.3.8).
    public static let quietZone = 4

    /// The smallest symbol that holds the UTF-8 bytes of `text`.
    public init(_ text: String, correction: Correction = .medium) throws(QRSymbolError) {
        try self.init(Array(text.utf8), correction: correction)
    }

    /// The smallest symbol that holds `content`, in byte mode.
    ///
    /// The largest symbol holds 2 953, 2 331, 1 663 or 1 273 bytes at the four levels of correction.
    public init(_ content: [UInt8], correction: Correction = .medium) throws(QRSymbolError) {
        guard !content.isEmpty else { throw .empty }
        guard content.count <= 2_953, let count = Int32(exactly: content.count) else {
            throw .tooLong(bytes: content.count)
        }
        guard let code = unsafe QRcode_encodeData(count, content, 0, correction.level) else {
            throw errno == ERANGE ? .tooLong(bytes: content.count) : .encoderFailed
        }
        defer { unsafe QRcode_free(code) }
        let size = unsafe Int(code.pointee.width)
        guard (21...177).contains(size), let data = unsafe code.pointee.data else {
            throw .encoderFailed
        }
        let modules = unsafe UnsafeBufferPointer(start: data, count: size * size)
        rows = (0..<size).map { row in
            unsafe modules[row * size..<(row + 1) * size].map { $0 & 1 == 1 }
        }
    }

    /// Whether the module is dark; places count from the symbol's upper left corner, and all around it is light.
    func isDark(row: Int, column: Int) -> Bool {
        rows.indices.contains(row) && rows.indices.contains(column) && rows[row][column]
    }
}

extension QRSymbol.Correction {
    fileprivate var level: QRecLevel {
        switch self {
        case .low: QR_ECLEVEL_L
        case .medium: QR_ECLEVEL_M
        case .quartile: QR_ECLEVEL_Q
        case .high: QR_ECLEVEL_H
        }
    }
}
