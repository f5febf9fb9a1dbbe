public import ISO7816

/// The application property template 61, the response to SELECT (NIST SP 800-73-4 Part 2 §3.1.1, table 3).
public struct ApplicationProperties: Hashable, Sendable {
    /// 4F: the application's identifier, whole, or from the sixth byte on as the specification wants it.
    public let applicationIdentifier: [UInt8]
    /// 50: what the maker calls the application. Empty where it is absent; what is not UTF-8 is replaced.
    public let label: String
    /// AC: the algorithm identifiers of all the templates that name any. Empty where there is none, which says nothing.
    public let algorithms: [UInt8]

    /// A template from its members.
    public init(
        applicationIdentifier: [UInt8] = Array(PIVCommand.applicationIdentifier.dropFirst(5)),
        label: String = "", algorithms: [UInt8] = []
    ) {
        self.applicationIdentifier = applicationIdentifier
        self.label = label
        self.algorithms = algorithms
    }

    /// Decodes a template that fills `bytes`.
    ///
    /// Cards differ much here: other members are passed over, and only the first of several 4F or 50 counts.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        let template = try TLV.decode(bytes)
        guard template.tag == 0x61 else { throw .tag }
        let members = try template.children()
        guard let identifier = members.first(where: { $0.tag == 0x4F }) else {
            throw .missing("AID")
        }
        var algorithms: [UInt8] = []
        for member in members where member.tag == 0xAC {
            for algorithm in try member.children() where algorithm.tag == 0x80 {
                algorithms += algorithm.value
            }
        }
        self.init(
            applicationIdentifier: identifier.value,
            label: members.first { $0.tag == 0x50 }
                .map { String(decoding: $0.value, as: UTF8.self) } ?? "",
            algorithms: algorithms)
    }

    /// The template, with the allocation authority 79 that the specification demands.
    public func encoded() -> [UInt8] {
        var members = [
            TLV(0x4F, applicationIdentifier),
            TLV(
                0x79, children: [TLV(0x4F, Array(PIVCommand.applicationIdentifier.prefix(5)))]),
        ]
        if !label.isEmpty { members.append(TLV(0x50, Array(label.utf8))) }
        members += algorithms.map { TLV(0xAC, children: [TLV(0x80, [$0]), TLV(0x06, [0x00])]) }
        return TLV(0x61, children: members).encoded()
    }

    /// Whether the application that was selected is PIV's, of whatever version.
    public var isPIV: Bool {
        let identifier = PIVCommand.applicationIdentifier.dropLast(2)
        return applicationIdentifier.starts(with: identifier)
            || applicationIdentifier.starts(with: identifier.dropFirst(5))
    }
}
