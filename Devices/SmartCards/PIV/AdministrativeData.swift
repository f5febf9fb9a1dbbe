package import ISO7816

/// The data object 5FFF00, in which Yubico's programs note how a card is managed.
package struct AdministrativeData: Hashable, Sendable {
    private static let templateTag: UInt32 = 0x80
    private static let flagsTag: UInt32 = 0x81
    private static let saltTag: UInt32 = 0x82
    private static let keptKeyFlag: UInt8 = 0x02

    private var members: [TLV]

    /// The object of a card that has none.
    package init() {
        members = []
    }

    /// Decodes the contents: one template, whose members are kept even where they are unknown.
    package init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        let template = try TLV.decode(bytes)
        guard template.tag == Self.templateTag else { throw .tag }
        members = try template.children()
    }

    /// Whether the management key is kept in the card, for the PIN's holder.
    package var isKeyKept: Bool { flags & Self.keptKeyFlag != 0 }

    /// The same, saying that the management key is kept in the card. A key that was derived from the PIN is so no more.
    package func keepingKey() -> AdministrativeData {
        var copy = self
        copy.members.removeAll { $0.tag == Self.flagsTag || $0.tag == Self.saltTag }
        copy.members.insert(TLV(Self.flagsTag, [flags | Self.keptKeyFlag]), at: 0)
        return copy
    }

    /// The contents.
    package func encoded() -> [UInt8] {
        TLV(Self.templateTag, children: members).encoded()
    }

    private var flags: UInt8 {
        members.first { $0.tag == Self.flagsTag }?.value.first ?? 0
    }
}

/// The management key as Yubico's programs keep it in a card: in the place of the printed text 5FC109, which only the
/// PIN's holder can read.
package enum KeptManagementKey {
    private static let templateTag: UInt32 = 0x88
    private static let keyTag: UInt32 = 0x89

    /// Decodes the contents; `nil` where they are something else, such as printed text.
    package static func decode(_ bytes: [UInt8]) throws(MalformedCardData) -> ManagementKey? {
        let objects = try TLV.decodeAll(bytes)
        guard objects.count == 1, let template = objects.first,
            template.tag == Self.templateTag
        else { return nil }
        guard let key = try template.children().first(where: { $0.tag == Self.keyTag }) else {
            return nil
        }
        return ManagementKey(key.value)
    }

    /// The contents for a key of `length` bytes, zeros in its place, which is the end.
    package static func blank(length: Int) -> [UInt8] {
        let key = TLV(Self.keyTag, [UInt8](repeating: 0, count: length))
        return TLV(Self.templateTag, children: [key]).encoded()
    }
}
