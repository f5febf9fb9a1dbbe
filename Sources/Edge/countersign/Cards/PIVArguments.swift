public import ArgumentParser
public import PIV

extension PIVSlot: ExpressibleByArgument {
    /// The slot of this name. The one with the key that attests the others is nobody's to use.
    public init?(argument: String) {
        guard let slot = PIVSlot(argument), slot != .attestation else { return nil }
        self = slot
    }

    /// The name, as it is typed.
    public var defaultValueDescription: String { description }
}

extension PINPolicy: ExpressibleByArgument {
    /// The policy of this name.
    public init?(argument: String) { self.init(argument) }

    /// The name, as it is typed.
    public var defaultValueDescription: String { description }

    /// The names, as they are typed.
    public static var allValueStrings: [String] { allCases.map(\.description) }
}

extension TouchPolicy: ExpressibleByArgument {
    /// The policy of this name.
    public init?(argument: String) { self.init(argument) }

    /// The name, as it is typed.
    public var defaultValueDescription: String { description }

    /// The names, as they are typed.
    public static var allValueStrings: [String] { allCases.map(\.description) }
}
