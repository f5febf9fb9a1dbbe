import DeviceModels
import Testing

struct FirmwareVersionTests {
    @Test(arguments: ["0.0.0", "5.4.3", "5.10.0", "65535.65535.65535"])
    func `reads what it writes`(text: String) throws {
        #expect(try #require(FirmwareVersion(text)).description == text)
    }

    @Test(arguments: [
        "", "5", "5.4", "5.4.3.2", "5.4.", ".4.3", "05.4.3", "5.4.03", "5.4.3 ", "v5.4.3", "5.4.x",
        "65536.0.0", "99999999999999999999.0.0", "-1.0.0", "５.4.3", "5.4.3\0",
    ])
    func `refuses other text`(text: String) {
        #expect(FirmwareVersion(text) == nil)
    }

    @Test func `orders by number and not by letter`() {
        let versions: [FirmwareVersion] = [
            .init(5, 10, 0), .init(5, 4, 3), .init(5, 4, 12), .init(4, 99, 9),
        ]
        #expect(versions.sorted().map(\.description) == ["4.99.9", "5.4.3", "5.4.12", "5.10.0"])
    }

    @Test func `takes the firmware number as the model means it`() {
        // 328706 stands in the metadata statement of a YubiKey with firmware 5.4.2.
        #expect(FirmwareVersion(reported: 328_706, encoding: .byteTriple) == .init(5, 4, 2))
        #expect(FirmwareVersion(reported: 0, encoding: .byteTriple) == .init(0, 0, 0))
        #expect(
            FirmwareVersion(reported: 0xFF_FFFF, encoding: .byteTriple) == .init(255, 255, 255))
        #expect(FirmwareVersion(reported: 0x100_0000, encoding: .byteTriple) == nil)
        #expect(FirmwareVersion(reported: .max, encoding: .byteTriple) == nil)
        #expect(FirmwareVersion(reported: 2, encoding: .counter) == nil)
    }

    @Test func `includes the first version of a range and not the last`() throws {
        let range = try #require(FirmwareRange(from: .init(5, 2, 0), until: .init(5, 7, 0)))
        #expect(range.contains(.init(5, 2, 0)))
        #expect(range.contains(.init(5, 6, 65535)))
        #expect(!range.contains(.init(5, 7, 0)))
        #expect(!range.contains(.init(5, 1, 9)))
        #expect(FirmwareRange(from: .init(1, 0, 0), until: .init(1, 0, 0)) == nil)
        #expect(FirmwareRange(from: .init(2, 0, 0), until: .init(1, 0, 0)) == nil)
    }

    @Test func `agrees with counting about ranges`() throws {
        let versions = (0..<5).map { FirmwareVersion(1, 0, $0) }
        let bounds: [FirmwareVersion?] = [nil] + versions
        let ranges = bounds.flatMap { from in
            bounds.compactMap { FirmwareRange(from: from, until: $0) }
        }
        #expect(ranges.count == 21)
        // Beyond the bounds on both sides, so that open ends count too.
        let probes = [FirmwareVersion(0, 0, 0)] + versions + [FirmwareVersion(9, 0, 0)]
        for first in ranges {
            for second in ranges {
                let inFirst = probes.filter(first.contains)
                #expect(first.overlaps(second) == inFirst.contains(where: second.contains))
                #expect(first.isWithin(second) == inFirst.allSatisfy(second.contains))
            }
        }
    }

    @Test func `says ranges in words`() {
        let low = FirmwareVersion(1, 0, 0)
        let high = FirmwareVersion(2, 0, 0)
        #expect(FirmwareRange(from: low, until: high)?.description == "1.0.0 until 2.0.0")
        #expect(FirmwareRange(from: nil, until: high)?.description == "before 2.0.0")
        #expect(FirmwareRange(from: low, until: nil)?.description == "1.0.0 and later")
        #expect(FirmwareRange.all.description == "any version")
    }
}
