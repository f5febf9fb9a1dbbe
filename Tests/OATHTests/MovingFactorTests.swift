import OATH
import Testing

struct MovingFactorTests {
    @Test(
        arguments: [
            (0, [0, 0, 0, 0, 0, 0, 0, 0]), (1, [0, 0, 0, 0, 0, 0, 0, 1]),
            (0x0102_0304_0506_0708, [1, 2, 3, 4, 5, 6, 7, 8]),
            (.max, [255, 255, 255, 255, 255, 255, 255, 255]),
        ] as [(UInt64, [UInt8])])
    func `a factor is eight bytes, the most significant first`(factor: UInt64, bytes: [UInt8]) {
        #expect(MovingFactor.message(factor) == bytes)
    }

    /// RFC 6238 appendix B, and what is around an edge.
    @Test(
        arguments: [
            (59_000, 30, 0x1), (1_111_111_109_000, 30, 0x023523EC),
            (1_111_111_111_000, 30, 0x023523ED),
            (1_234_567_890_000, 30, 0x0273EF07), (2_000_000_000_000, 30, 0x03F940AA),
            (20_000_000_000_000, 30, 0x27BC86AA), (0, 30, 0), (29_999, 30, 0), (30_000, 30, 1),
            (59_999, 60, 0), (60_000, 60, 1), (.max, 1, 9_223_372_036_854_775),
        ] as [(Int64, Int, UInt64)])
    func `a time lies in its time step`(milliseconds: Int64, period: Int, step: UInt64) {
        #expect(MovingFactor.timeStep(atMilliseconds: milliseconds, period: period) == step)
    }

    @Test(arguments: [(-1, 30), (.min, 30), (0, 0), (0, -30), (0, .min)] as [(Int64, Int)])
    func `there is no time step before 1970, or of no length`(milliseconds: Int64, period: Int) {
        #expect(MovingFactor.timeStep(atMilliseconds: milliseconds, period: period) == nil)
    }
}
