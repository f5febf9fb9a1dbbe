import PhoneService
import Synchronization
import Testing

@Suite struct SmallPartTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
        (1_709_251_200, "Fri, 01 Mar 2024 00:00:00 GMT"),
        (1_795_521_600, "Tue, 24 Nov 2026 12:00:00 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (Int64.max, "Fri, 31 Dec 9999 23:59:59 GMT"), (Int64.min, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
    func `writes dates as HTTP has them`(seconds: Int64, text: String) {
        #expect(HTTPDate.text(seconds) == text)
    }

    @Test func `a pending reply is settled once, before or after somebody waits`() async {
        let early = PendingReply<Int>()
        early.settle(1)
        early.settle(2)
        #expect(await early.outcome() == 1)
        early.settle(3)

        for _ in 0..<200 {
            let late = PendingReply<Int>()
            let outcome = await withTaskGroup(of: Int?.self) { group in
                group.addTask { await late.outcome() }
                for value in 1...4 {
                    group.addTask {
                        late.settle(value)
                        return nil
                    }
                }
                return await group.reduce(into: [Int]()) { if let value = $1 { $0.append(value) } }
            }
            #expect(outcome.count == 1)
        }
    }

    @Test func `a watch tells what was and what comes, until it is told to forget`() {
        let watch = ConnectionWatch()
        let heard = Mutex<[ConnectionWatch.Event]>([])
        watch.note(.stopping)
        watch.observe { event in heard.withLock { $0.append(event) } }
        watch.note(.closed)
        watch.note(.stopping)
        watch.forget()
        watch.note(.inputEnded)
        #expect(heard.withLock { $0 } == [.stopping, .closed, .stopping])
        watch.observe { event in heard.withLock { $0.append(event) } }
        #expect(heard.withLock { $0 }.last == .closed, "what outweighs the rest is remembered")
    }
}
