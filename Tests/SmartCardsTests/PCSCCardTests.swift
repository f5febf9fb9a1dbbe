import SmartCards
import Testing

@Suite struct PCSCCardTests {
    @Test(
        arguments: [
            // Case 1 to 4.
            ([0x00, 0xA4, 0x04, 0x00], 4), ([0x00, 0xCA, 0x00, 0x00, 0x00], 5),
            ([0x00, 0x20, 0x00, 0x80, 0x02, 0x31, 0x32], 7),
            ([0x00, 0xA4, 0x04, 0x00, 0x02, 0xA0, 0x00, 0x00], 7),
            // An extended length, which T=0 does not know anyway.
            ([0x00, 0xA4, 0x04, 0x00, 0x00, 0x00, 0x01, 0xA0], 8), ([], 0),
        ] as [([UInt8], Int)])
    func `sends no Le behind data over T=0`(command: [UInt8], count: Int) {
        #expect(PCSCCard.countOverT0(of: command) == count)
    }
}
