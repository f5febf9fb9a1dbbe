import Glibc
import SecurityKeys
import Testing

@Suite struct DescriptorTransportTests {
    private func pair() throws -> (Int32, Int32) {
        var descriptors: [Int32] = [-1, -1]
        let status = unsafe socketpair(
            AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &descriptors)
        try #require(status == 0)
        return (descriptors[0], descriptors[1])
    }

    private static let report = (0..<64).map { UInt8($0) }

    @Test func `puts the report number in front for a HID device only`() throws {
        for (framing, prefix) in [
            (DescriptorTransport.Framing.numbered, [UInt8(0)]), (.plain, []),
        ] {
            let (near, far) = try pair()
            let transport = DescriptorTransport(owning: near, framing: framing)
            #expect(transport.write(Self.report))
            var buffer = [UInt8](repeating: 0xFF, count: 100)
            let count = unsafe read(far, &buffer, buffer.count)
            #expect(Array(buffer.prefix(max(0, count))) == prefix + Self.report)
            transport.close()
            _ = close(far)
        }
    }

    @Test func `reads reports and drops what has another length`() throws {
        let (near, far) = try pair()
        let transport = DescriptorTransport(owning: near, framing: .plain)
        for length in [1, 63, 65, 64] {
            let bytes = [UInt8](repeating: UInt8(length), count: length)
            #expect(unsafe write(far, bytes, length) == length)
        }
        #expect(transport.read(timeout: .seconds(1)) == [UInt8](repeating: 64, count: 64))
        #expect(transport.read(timeout: .zero) == nil)
        transport.close()
        _ = close(far)
    }

    @Test func `notices that the other end is gone`() throws {
        let (near, far) = try pair()
        let transport = DescriptorTransport(owning: near, framing: .plain)
        _ = close(far)
        let start = ContinuousClock.now
        #expect(transport.read(timeout: .seconds(60)) == nil)
        #expect(ContinuousClock.now - start < .seconds(30))
        transport.close()
    }
}
