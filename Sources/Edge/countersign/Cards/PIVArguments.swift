public import ArgumentParser
public import PIV

extension PIVSlot: ExpressibleByArgument {
    /// The slot of this name.
    public init?(argument: String) { self.init(argument) }
}

extension PINPolicy: ExpressibleByArgument {}
extension TouchPolicy: ExpressibleByArgument {}
