/// Something that happened at the card readers.
public enum CardReaderChange: Sendable, Hashable {
    /// A reader was plugged in, or is there from the beginning, possibly with a card in it.
    case readerAdded(CardReader)
    /// A reader was unplugged, and the card in it with it.
    case readerRemoved(name: String)
    /// A card was put into a reader.
    case cardInserted(reader: String, answerToReset: [UInt8])
    /// A card was put into a reader and does not answer to a reset.
    case cardUnresponsive(reader: String)
    /// The card was taken out of a reader.
    case cardRemoved(reader: String)
}

/// The readers as they were last seen, from which it follows what has changed. It does no input or output.
package struct ReaderTable {
    private var known: [String: ReaderState] = [:]

    /// Nothing was seen yet.
    package init() {}

    /// What has happened since the last look; at the first one, which readers there are.
    package mutating func update(_ readers: [ReaderState]) -> [CardReaderChange] {
        let names = Set(readers.map(\.name))
        var changes = known.keys.filter { !names.contains($0) }.sorted()
            .map(CardReaderChange.readerRemoved(name:))
        for reader in readers {
            if let before = known[reader.name] {
                changes += Self.changes(from: before, to: reader)
            } else {
                changes.append(.readerAdded(CardReader(name: reader.name, slot: reader.slot)))
            }
        }
        known = Dictionary(readers.map { ($0.name, $0) }) { $1 }
        return changes
    }

    /// What is known of a reader, to be told of what comes after it.
    package func state(of name: String) -> ReaderState {
        known[name] ?? ReaderState(name: name)
    }

    private static func changes(
        from before: ReaderState, to reader: ReaderState
    ) -> [CardReaderChange] {
        let old = before.slot
        // A card that was swapped for one of its make, while nobody looked, shows in the count alone.
        let wasSwapped =
            old.isOccupied && reader.slot.isOccupied
            && reader.changeCount &- before.changeCount >= 2
        guard old != reader.slot || wasSwapped else { return [] }
        var changes: [CardReaderChange] = []
        if old.isOccupied { changes.append(.cardRemoved(reader: reader.name)) }
        switch reader.slot {
        case .empty, .unavailable: break
        case .card(let answerToReset):
            changes.append(.cardInserted(reader: reader.name, answerToReset: answerToReset))
        case .unresponsive: changes.append(.cardUnresponsive(reader: reader.name))
        }
        return changes
    }
}
