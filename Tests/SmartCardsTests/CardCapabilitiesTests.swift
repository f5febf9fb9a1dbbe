import SmartCards
import Testing

@Suite struct CardCapabilitiesTests {
    /// The answers to reset of cards that there are, and of ones made for the purpose: TCK makes all but TS even.
    @Test(
        arguments: [
            // A YubiKey 5: T=1, card capabilities 73 C0 21 C0.
            (
                [
                    0x3B, 0xFD, 0x13, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x15, 0x80, 0x73, 0xC0, 0x21,
                    0xC0,
                    0x57, 0x59, 0x75, 0x62, 0x69, 0x4B, 0x65, 0x79, 0x40,
                ], true
            ),
            // A YubiKey 4: historical bytes that are text.
            (
                [
                    0x3B, 0xF8, 0x13, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x15, 0x59, 0x75, 0x62, 0x69,
                    0x6B,
                    0x65, 0x79, 0x34, 0xD4,
                ], false
            ),
            // T=1, capabilities without extended lengths.
            ([0x3B, 0x85, 0x01, 0x80, 0x73, 0xC0, 0x21, 0x80, 0x16], false),
            // T=1, capabilities with extended lengths.
            ([0x3B, 0x85, 0x01, 0x80, 0x73, 0xC0, 0x21, 0x40, 0xD6], true),
            // The same with T=0 only, which has no extended lengths.
            ([0x3B, 0x05, 0x80, 0x73, 0xC0, 0x21, 0x40], false),
            // Category 00, with three status bytes at the end.
            ([0x3B, 0x88, 0x01, 0x00, 0x73, 0xC0, 0x21, 0x40, 0x00, 0x90, 0x00, 0xCB], true),
            // A data object that is longer than what there is.
            ([0x3B, 0x83, 0x01, 0x80, 0x7F, 0x40, 0x3D], false),
            ([0x3B, 0x00], false), ([0x3B], false), ([], false), ([0x00, 0x00], false),
        ] as [([UInt8], Bool)])
    func `says whether a card takes extended lengths`(answer: [UInt8], isTaken: Bool) {
        #expect(CardCapabilities(answer).takesExtendedLength == isTaken)
    }
}
