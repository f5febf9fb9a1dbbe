/// What a typed code could be, by its looks.
package struct CodeForm: Sendable, Hashable {
    /// Six to eight digits.
    package let oneTimeCode: String?
    /// Sixteen letters, without what people put between them.
    package let appPassword: String?
    /// A recovery code in its canonical form.
    package let recoveryCode: String?
    /// 8 to 48 characters.
    package let accessPass: String?

    /// Looks at a code as it was typed. Programs keep app passwords with the dashes, people leave them out, and capitalise.
    package init(_ typed: String) {
        let utf8 = Array(typed.utf8)
        let isDigits = (6...8).contains(utf8.count) && utf8.allSatisfy(Self.isDigit)
        oneTimeCode = isDigits ? typed : nil
        appPassword = AppPasswordText.canonical(typed)
        recoveryCode = RecoveryCodeText.canonical(typed)
        accessPass = AccessPassText.lengths.contains(utf8.count) ? typed : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// How app passwords are written: sixteen of the letters a to z, 75.2 bits, in groups of four with dashes between.
package enum AppPasswordText {
    static let letters = Array("abcdefghijklmnopqrstuvwxyz".utf8)
    static let length = 16
    /// How many letters, which are no secret, find the password.
    static let prefixLength = 4

    /// The letters alone, in lower case, of a text that has sixteen and beside them nothing but dashes and spaces.
    package static func canonical(_ text: String) -> String? {
        guard text.utf8.count <= 64 else { return nil }
        var letters: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): letters.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): letters.append(byte | 0x20)
            case UInt8(ascii: "-"), UInt8(ascii: " "): continue
            default: return nil
            }
        }
        return letters.count == length ? String(decoding: letters, as: UTF8.self) : nil
    }

    /// The text for people.
    package static func grouped(_ canonical: String) -> String { groups(of: 4, canonical) }
}

/// How recovery codes are written: ten characters without I, L, O and U, 50 bits, in groups of five.
package enum RecoveryCodeText {
    static let characters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    static let length = 10

    /// The characters alone, in upper case, with what is easily mistaken put right (as Crockford's base32 does).
    package static func canonical(_ text: String) -> String? {
        guard text.utf8.count <= 32 else { return nil }
        var code: [UInt8] = []
        for byte in text.utf8 {
            var character = byte
            if (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) { character = byte & 0xDF }
            switch character {
            case UInt8(ascii: "-"), UInt8(ascii: " "): continue
            case UInt8(ascii: "O"): character = UInt8(ascii: "0")
            case UInt8(ascii: "I"), UInt8(ascii: "L"): character = UInt8(ascii: "1")
            default: break
            }
            guard characters.contains(character) else { return nil }
            code.append(character)
        }
        return code.count == length ? String(decoding: code, as: UTF8.self) : nil
    }

    /// The text for people.
    package static func grouped(_ canonical: String) -> String { groups(of: 5, canonical) }
}

/// How Temporary Access Passes are written: letters and digits without those that look alike, a letter and a digit at
/// least, so that a pass looks like no other code.
public enum AccessPassText {
    static let letters = Array("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ".utf8)
    static let digits = Array("23456789".utf8)
    /// How long a pass may be.
    public static let lengths = 8...48
    /// How long it is where nobody says.
    public static let usualLength = 8
}

private func groups(of size: Int, _ text: String) -> String {
    let bytes = Array(text.utf8)
    return stride(from: 0, to: bytes.count, by: size)
        .map { String(decoding: bytes[$0..<min($0 + size, bytes.count)], as: UTF8.self) }
        .joined(separator: "-")
}
