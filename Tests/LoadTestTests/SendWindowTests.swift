import LoadTest
import Testing

@Suite struct SendWindowTests {
    @Test func `fills the window and sends as replies come`() {
        var window = SendWindow(requests: 5, depth: 3, span: 3, pace: .closedLoop)
        #expect(window.take(at: 100) == 0..<3)
        #expect(window.take(at: 101) == 3..<3)
        #expect(window.nextEvent == nil, "only a reply makes room")
        #expect(window.answer(0, at: 150) == .latency(50))
        #expect(window.take(at: 160) == 3..<4)
        #expect(window.answer(1, at: 170) == .latency(70))
        #expect(window.answer(2, at: 170) == .latency(70))
        #expect(window.take(at: 170) == 4..<5)
        #expect(window.answer(4, at: 175) == .latency(5))
        #expect(!window.isFinished)
        #expect(window.answer(3, at: 180) == .latency(20))
        #expect(window.isFinished)
    }

    @Test func `a reply for what was not sent or has its reply is unexpected`() {
        var window = SendWindow(requests: 5, depth: 2, span: 2, pace: .closedLoop)
        #expect(window.answer(0, at: 1) == .unexpected)
        _ = window.take(at: 1)
        #expect(window.answer(2, at: 2) == .unexpected)
        #expect(window.answer(-1, at: 2) == .unexpected)
        #expect(window.answer(1, at: 2) == .latency(1))
        #expect(window.answer(1, at: 3) == .unexpected)
        #expect(window.outstanding == 1)
    }

    @Test func `an overtaken request holds its credential's next one back`() {
        var window = SendWindow(requests: 9, depth: 2, span: 3, pace: .closedLoop)
        #expect(window.take(at: 0) == 0..<2)
        #expect(window.answer(1, at: 1) == .latency(1))
        #expect(window.take(at: 1) == 2..<3)
        #expect(window.answer(2, at: 2) == .latency(1))
        #expect(window.take(at: 2) == 3..<3, "3 is of the same credential as 0")
        #expect(window.answer(0, at: 3) == .latency(3))
        #expect(window.take(at: 3) == 3..<5)
    }

    @Test func `nothing is sent after the deadline, and what is outstanding is waited for`() {
        var window = SendWindow(requests: 9, depth: 2, span: 2, pace: .closedLoop, deadline: 10)
        #expect(window.take(at: 9) == 0..<2)
        #expect(window.answer(0, at: 10) == .latency(1))
        #expect(window.take(at: 10) == 2..<2)
        #expect(!window.isFinished)
        #expect(window.answer(1, at: 500) == .latency(491))
        #expect(window.isFinished)
        #expect(window.sent == 2)
    }

    @Test func `a window whose deadline is over before it begins is finished with nothing`() {
        var window = SendWindow(requests: 9, depth: 2, span: 2, pace: .closedLoop, deadline: 10)
        #expect(window.take(at: 11).isEmpty)
        #expect(window.isFinished)
        #expect(window.nextEvent == nil)
    }

    @Test(arguments: [(1, 1, 1), (1, 7, 9), (3, 4, 12), (3, 4, 14), (4, 16, 67), (2, 1, 2)])
    func `no credential is ever asked twice at a time, and its turns keep their order`(
        connections: Int, depth: Int, credentials: Int
    ) throws {
        var random = SplitMix64(state: UInt64(connections * 1000 + depth * 10 + credentials))
        var schedule = Schedule(credentials: credentials, connections: connections)
        for size in [500, 1, 137] {
            let round = schedule.round(of: size)
            #expect(round.map(\.count).reduce(0, +) == size)
            var inFlight: Set<Int> = []
            for (connection, order) in round.enumerated() {
                var window = SendWindow(
                    requests: order.count, depth: depth, span: schedule.span(of: connection),
                    pace: .closedLoop)
                var open: [Int] = []
                var now: UInt64 = 0
                while true {
                    for number in window.take(at: now) {
                        #expect(inFlight.insert(order[number]).inserted)
                        open.append(number)
                    }
                    #expect(open.count <= depth)
                    guard let index = open.indices.randomElement(using: &random) else { break }
                    let number = open.remove(at: index)
                    inFlight.remove(order[number])
                    now += 1
                    try #require(window.answer(number, at: now) != .unexpected)
                }
                #expect(window.isFinished)
                #expect(window.sent == order.count)
                schedule.advance(connection, by: window.sent)
            }
        }
    }

    @Test func `a connection goes round its own credentials from round to round`() {
        var schedule = Schedule(credentials: 7, connections: 2)
        #expect(schedule.span(of: 0) == 4)
        #expect(schedule.span(of: 1) == 3)
        #expect(schedule.round(of: 5) == [[0, 2, 4], [1, 3]])
        schedule.advance(0, by: 3)
        schedule.advance(1, by: 1)
        #expect(schedule.round(of: 6) == [[6, 0, 2], [3, 5, 1]])
    }
}

@Suite struct OpenLoopTests {
    private func window(deadline: UInt64 = .max) -> SendWindow {
        SendWindow(
            requests: 6, depth: 2, span: 6, pace: .openLoop(first: 1000, interval: 100),
            deadline: deadline)
    }

    @Test func `requests go out at their times and not before`() {
        var window = window()
        #expect(window.take(at: 0).isEmpty)
        #expect(window.nextEvent == 1000)
        #expect(window.take(at: 1000) == 0..<1)
        #expect(window.nextEvent == 1100)
        #expect(window.answer(0, at: 1030) == .latency(30))
        #expect(window.take(at: 1199) == 1..<2)
        #expect(window.answer(1, at: 1200) == .latency(100), "from when it was due")
        #expect(window.take(at: 1200) == 2..<3)
    }

    @Test func `latencies count from the schedule while the server stalls`() {
        var window = window()
        #expect(window.take(at: 1100) == 0..<2)
        #expect(window.nextEvent == nil, "the window is full")
        #expect(window.take(at: 5000).isEmpty, "the server stalls")
        #expect(window.answer(0, at: 6000) == .latency(5000))
        #expect(window.answer(1, at: 6000) == .latency(4900))
        #expect(window.take(at: 6000) == 2..<4, "late, but sent")
        #expect(window.answer(2, at: 6010) == .latency(4810))
        #expect(window.answer(3, at: 6010) == .latency(4710))
        #expect(window.take(at: 6010) == 4..<6)
        #expect(window.answer(4, at: 6020) == .latency(4620))
        #expect(window.answer(5, at: 6020) == .latency(4520))
        #expect(window.isFinished)
    }

    @Test func `wakes for the deadline where that is before the next request`() {
        var window = window(deadline: 1050)
        #expect(window.take(at: 1000) == 0..<1)
        #expect(window.answer(0, at: 1010) == .latency(10))
        #expect(!window.isFinished)
        #expect(window.nextEvent == 1050)
        #expect(window.take(at: 1050).isEmpty)
        #expect(window.isFinished)
    }
}
