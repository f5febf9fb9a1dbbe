import ISO7816
import TestSupport
import Testing

struct StatusWordTests {
    @Test func `a status word shows its four digits`() {
        #expect(StatusWord.notFound.description == "6A82")
        #expect(StatusWord(rawValue: 0x000F).description == "000F")
        #expect("\(StatusWord.success)" == "9000")
    }

    @Test func `only 9000 is success`() {
        #expect(StatusWord.success.isSuccess)
        for value in [0x9001, 0x6100, 0x6200, 0x6C10, 0x0000] as [UInt16] {
            #expect(!StatusWord(rawValue: value).isSuccess)
        }
    }

    @Test(arguments: [(0x6101, 1), (0x6180, 128), (0x61FF, 255), (0x6100, 256)] as [(UInt16, Int)])
    func `61xx says how many bytes wait`(value: UInt16, count: Int) {
        #expect(StatusWord(rawValue: value).remainingBytes == count)
        #expect(StatusWord(rawValue: value).exactLength == nil)
        #expect(StatusWord.remaining(count).rawValue == value)
    }

    @Test(arguments: [(0x6C01, 1), (0x6CFF, 255), (0x6C00, 256)] as [(UInt16, Int)])
    func `6Cxx says which length is right`(value: UInt16, count: Int) {
        #expect(StatusWord(rawValue: value).exactLength == count)
        #expect(StatusWord(rawValue: value).remainingBytes == nil)
    }

    @Test func `63Cx and 6983 say how many tries are left`() {
        #expect(StatusWord(rawValue: 0x63C3).retriesLeft == 3)
        #expect(StatusWord(rawValue: 0x63CF).retriesLeft == 15)
        #expect(StatusWord(rawValue: 0x63C0).retriesLeft == 0)
        #expect(StatusWord.authenticationMethodBlocked.retriesLeft == 0)
        for value in [0x6300, 0x63B3, 0x63D3, 0x9000, 0x6982] as [UInt16] {
            #expect(StatusWord(rawValue: value).retriesLeft == nil)
        }
        #expect(StatusWord.retries(5).rawValue == 0x63C5)
    }

    @Test func `what does not fit into a status word is clamped`() {
        #expect(StatusWord.retries(.max).rawValue == 0x63CF)
        #expect(StatusWord.retries(-1).rawValue == 0x63C0)
        #expect(StatusWord.remaining(.max).rawValue == 0x6100)
        #expect(StatusWord.remaining(.min).rawValue == 0x6101)
    }

    @Test func `no value is read in two ways`() {
        for value in UInt16.min...UInt16.max {
            let status = StatusWord(rawValue: value)
            let readings: [Bool] = [
                status.isSuccess, status.remainingBytes != nil, status.exactLength != nil,
                status.retriesLeft != nil,
            ]
            #expect(readings.count { $0 } <= 1)
        }
    }
}

struct MalformedCardDataTests {
    @Test func `each error has a code of its own`() {
        let errors: [MalformedCardData] = [
            .truncated, .trailingBytes, .length, .tag, .duplicateTag, .missing("a"), .value("a"),
            .unexpectedResponse,
        ]
        #expect(
            errors.map(\.code) == [
                "card-data-truncated", "card-data-trailing-bytes", "card-data-length",
                "card-data-tag", "card-data-duplicate-tag", "card-data-missing", "card-data-value",
                "card-unexpected-response",
            ])
    }
}
