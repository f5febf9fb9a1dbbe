import AuditLog
import Testing

struct HarmlessTextTests {
    @Test func `what does something is written out`() {
        #expect(HarmlessText.escaped("a\u{1B}[2Jb") == "a\\u{1b}[2Jb")
        #expect(HarmlessText.escaped("bob\u{202E}nimda") == "bob\\u{202e}nimda")
        #expect(
            HarmlessText.escaped("\u{0}\r\n\t\u{7F}\u{85}\u{9B}")
                == "\\u{0}\\u{d}\\u{a}\\u{9}\\u{7f}\\u{85}\\u{9b}")
        #expect(
            HarmlessText.escaped("a\u{200B}\u{2066}\u{2028}\u{FEFF}\u{E0041}")
                == "a\\u{200b}\\u{2066}\\u{2028}\\u{feff}\\u{e0041}")
    }

    @Test func `what people write stays`() {
        for text in ["", "alice", "Jürgen \\ O'Neil <x>", "日本 مرحبا שלום", "e\u{301}", "…—"] {
            #expect(HarmlessText.escaped(text) == text)
        }
    }

    @Test func `every line end and every mark of direction is harmful`() {
        for value: UInt32 in [
            0x0A, 0x0D, 0x61C, 0x200E, 0x200F, 0x202A, 0x202E, 0x2066, 0x2069, 0x2029,
        ] {
            #expect(Unicode.Scalar(value).map(HarmlessText.isHarmful) == true)
        }
    }
}

struct UTCTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_795_545_240_123, "2026-11-24T18:34:00.123Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "253402300800000"), (-1, "-1"), (.max, "9223372036854775807"),
        ] as [(Int64, String)])
    func `moments are written in UTC`(milliseconds: Int64, text: String) {
        #expect(UTCTime.text(milliseconds) == text)
    }
}
