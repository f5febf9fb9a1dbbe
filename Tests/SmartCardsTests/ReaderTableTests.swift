import SmartCards
import Testing

/// Readers that the PC/SC service tells of, without one: by the `SCARD_STATE_` bits of winscard.h.
@Suite struct ReaderTableTests {
    private static let answer: [UInt8] = [0x3B, 0x00]
    private static let (unavailable, empty, present, mute): (UInt, UInt, UInt, UInt) =
        (0x08, 0x10, 0x20, 0x200)

    private static func reader(
        _ name: String, _ flags: UInt, count: UInt = 0, answer: [UInt8] = []
    ) -> ReaderState {
        var state = ReaderState(name: name)
        state.flags = flags | count << 16
        state.answerToReset = answer
        return state
    }

    private static func card(_ name: String, count: UInt = 1) -> ReaderState {
        reader(name, present, count: count, answer: answer)
    }

    @Test func `begins with the readers that there are`() {
        var table = ReaderTable()
        let changes = table.update([Self.reader("a", Self.empty), Self.card("b")])
        #expect(
            changes == [
                .readerAdded(CardReader(name: "a", slot: .empty)),
                .readerAdded(CardReader(name: "b", slot: .card(answerToReset: Self.answer))),
            ])
        #expect(table.update([Self.reader("a", Self.empty), Self.card("b")]).isEmpty)
    }

    @Test func `tells of readers that come and go`() {
        var table = ReaderTable()
        _ = table.update([Self.card("a")])
        #expect(
            table.update([Self.reader("b", Self.empty)]) == [
                .readerRemoved(name: "a"),
                .readerAdded(CardReader(name: "b", slot: .empty)),
            ])
        #expect(table.state(of: "a").flags == 0)
    }

    @Test func `tells of cards that come and go`() {
        var table = ReaderTable()
        _ = table.update([Self.reader("a", Self.empty)])
        #expect(
            table.update([Self.card("a")])
                == [.cardInserted(reader: "a", answerToReset: Self.answer)])
        // That another program uses it is nothing to tell of.
        #expect(table.update([Self.reader("a", 0x120, count: 1, answer: Self.answer)]).isEmpty)
        #expect(
            table.update([Self.reader("a", Self.empty, count: 2)]) == [.cardRemoved(reader: "a")])
        #expect(
            table.update([Self.reader("a", Self.present | Self.mute, count: 3)])
                == [.cardUnresponsive(reader: "a")])
        #expect(
            table.update([Self.reader("a", Self.unavailable)]) == [.cardRemoved(reader: "a")])
    }

    @Test func `sees that a card was swapped for one of its make`() {
        var table = ReaderTable()
        _ = table.update([Self.card("a", count: 0xFFFF)])
        #expect(
            table.update([Self.card("a", count: 1)]) == [
                .cardRemoved(reader: "a"),
                .cardInserted(reader: "a", answerToReset: Self.answer),
            ])
    }
}
