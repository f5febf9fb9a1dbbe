import LoadTest
import Testing

@Suite struct RoundExtentTests {
    @Test func `requests are cut into rounds of 20 000 at most`() {
        let extent = RoundExtent(goal: .requests(45_000), rate: nil, connections: 8)
        #expect(extent.next(answered: 0, seconds: 0) == 20_000)
        #expect(extent.next(answered: 20_000, seconds: 1) == 20_000)
        #expect(extent.next(answered: 40_000, seconds: 2) == 5000)
        #expect(extent.next(answered: 45_000, seconds: 3) == nil)
        #expect(extent.end(start: 7, seconds: 0) == .max)
    }

    @Test func `seconds are filled by what the server has shown to take`() {
        let extent = RoundExtent(goal: .seconds(2), rate: nil, connections: 8)
        #expect(extent.next(answered: 0, seconds: 0) == 20_000)
        #expect(extent.next(answered: 20_000, seconds: 1) == 20_000)
        #expect(extent.next(answered: 20_000, seconds: 1.75) == 3429)
        #expect(extent.next(answered: 1, seconds: 1.999) == 8)
        #expect(extent.next(answered: 40_000, seconds: 2) == nil)
        #expect(extent.end(start: 1000, seconds: 1.5) == 500_001_000)
    }

    @Test func `in an open loop the schedule counts, and a round is half a minute at most`() {
        let extent = RoundExtent(goal: .seconds(100), rate: 50, connections: 4)
        #expect(extent.next(answered: 0, seconds: 0) == 1500)
        #expect(extent.next(answered: 4900, seconds: 98) == 100)
        #expect(extent.next(answered: 4900, seconds: 99) == 50)
        #expect(extent.next(answered: 5000, seconds: 99.9) == nil)
        #expect(extent.next(answered: 900, seconds: 101) == nil, "too slow for its schedule")
        #expect(extent.end(start: 7, seconds: 99) == .max, "all of a round are sent")
        let slow = RoundExtent(goal: .seconds(1), rate: 0.1, connections: 4)
        #expect(slow.next(answered: 0, seconds: 0) == 1)
        #expect(slow.next(answered: 1, seconds: 0.5) == nil)
        let long = RoundExtent(goal: .requests(1000), rate: 0.1, connections: 64)
        #expect(long.next(answered: 0, seconds: 0) == 3)
    }

    @Test func `rounds shrink for a server that lets challenges expire, and give up at last`() {
        var extent = RoundExtent(goal: .requests(100_000), rate: nil, connections: 8)
        var goesOn = extent.note(sent: 20_000, of: 20_000)
        #expect(goesOn)
        #expect(extent.next(answered: 0, seconds: 0) == 20_000)
        goesOn = extent.note(sent: 9000, of: 20_000)
        #expect(goesOn)
        #expect(extent.next(answered: 0, seconds: 0) == 5000)
        for (requests, next) in [(5000, 1250), (1250, 312), (312, 78), (78, 19), (19, 8)] {
            goesOn = extent.note(sent: 0, of: requests)
            #expect(goesOn)
            #expect(extent.next(answered: 0, seconds: 0) == next)
        }
        goesOn = extent.note(sent: 0, of: 8)
        #expect(!goesOn)
    }
}
