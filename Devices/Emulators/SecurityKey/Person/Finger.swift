/// A finger, known by its name: what the software key's sensor sees and what an enrolled template holds.
public struct Finger: RawRepresentable, Hashable, Sendable {
    /// The finger's name, unique among all people.
    public let rawValue: String

    /// The finger of that name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The right index finger of the key's owner, which a new key has enrolled.
    public static let rightIndex = Finger(rawValue: "right index finger")
    /// The owner's left thumb.
    public static let leftThumb = Finger(rawValue: "left thumb")
    /// A finger of somebody else.
    public static let stranger = Finger(rawValue: "stranger's finger")
}
