/// Code as it must not be. Each of these is right in what it answers, and valgrind must report each.
enum Planted {
    /// A comparison that ends at the first difference.
    static func earlyExit() {
        let code = Secrets.classified([UInt8](0..<20))
        let typed = [UInt8](0..<20)
        expect(areEqual(code, typed), "equal bytes are not")
    }

    @inline(never)
    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        for (one, other) in zip(left, right) where one != other { return false }
        return true
    }

    /// A window that is left at the code that matches.
    static func firstMatch() {
        let codes = Secrets.classified([3, 1, 4, 1, 5, 9, 2, 6])
        expect(place(of: 5, in: codes) == 4, "a wrong place")
    }

    @inline(never)
    private static func place(of code: UInt8, in window: [UInt8]) -> Int? {
        window.firstIndex(of: code)
    }

    /// A table that is read at a place that a secret gives: the cache keeps the place.
    static func lookUp() {
        let digits = Secrets.classified([3, 1, 4, 1])
        // To valgrind the address is the leak, and what is read there is no secret any more.
        expect(characters(of: digits) == Array("3141".utf8), "wrong characters")
    }

    @inline(never)
    private static func characters(of digits: [UInt8]) -> [UInt8] {
        let alphabet = Array("0123456789abcdef".utf8)
        return digits.map { alphabet[Int($0 & 0x0F)] }
    }

    /// Dynamic truncation as RFC 4226 §5.3 writes it.
    static func truncation() {
        // The example of RFC 4226 §5.4.
        let code = Secrets.classified([
            0x1F, 0x86, 0x98, 0x69, 0x0E, 0x02, 0xCA, 0x16, 0x61, 0x85,
            0x50, 0xEF, 0x7F, 0x19, 0xDA, 0x8E, 0x94, 0x5B, 0x55, 0x5A,
        ])
        expect(truncated(code) == 872_921, "a wrong number")
    }

    @inline(never)
    private static func truncated(_ code: [UInt8]) -> UInt32 {
        let offset = Int(code[19] & 0x0F)
        let number = code[offset..<offset + 4].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        return (number & 0x7FFF_FFFF) % 1_000_000
    }
}
