public import ISO7816

/// The discovery object: which PIN the card wants (NIST SP 800-73-4 Part 1 §3.3.2).
public struct DiscoveryObject: Hashable, Sendable {
    /// 4F: the application's identifier: 11 bytes, those of ``PIVCommand/applicationIdentifier`` in a card of version 1.
    public let applicationIdentifier: [UInt8]
    /// 5F2F: the PIN usage policy: two bytes, as one big-endian number.
    public let usagePolicy: UInt16

    /// An object from its members.
    public init(
        applicationIdentifier: [UInt8] = PIVCommand.applicationIdentifier, usagePolicy: UInt16
    ) {
        self.applicationIdentifier = applicationIdentifier
        self.usagePolicy = usagePolicy
    }

    /// Decodes the contents of a ``DataObject``, which must have these two members and no others.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        var members = try TLV.decodeTemplate(bytes)
        guard let identifier = members.removeValue(forKey: 0x4F) else { throw .missing("AID") }
        guard identifier.count == PIVCommand.applicationIdentifier.count,
            identifier.starts(with: PIVCommand.applicationIdentifier.dropLast(2))
        else { throw .value("AID") }
        guard let policy = members.removeValue(forKey: 0x5F2F) else {
            throw .missing("PIN usage policy")
        }
        guard policy.count == 2 else { throw .value("PIN usage policy") }
        guard members.isEmpty else { throw .tag }
        self.init(
            applicationIdentifier: identifier,
            usagePolicy: policy.reduce(0) { $0 << 8 | UInt16($1) })
    }

    /// The contents.
    public func encoded() -> [UInt8] {
        let policy = [UInt8(usagePolicy >> 8), UInt8(usagePolicy & 0xFF)]
        return TLV(0x4F, applicationIdentifier).encoded() + TLV(0x5F2F, policy).encoded()
    }

    /// Whether the PIV card application's own PIN satisfies the card's rules. The specification demands it.
    public var isApplicationPINUsed: Bool { usagePolicy & 0x4000 != 0 }

    /// Whether the PIN that applications share satisfies the card's rules too.
    public var isGlobalPINUsed: Bool { usagePolicy & 0x2000 != 0 }

    /// Whether a fingerprint that the card compares satisfies the card's rules too.
    public var isBiometricComparisonUsed: Bool { usagePolicy & 0x1000 != 0 }

    /// Whether the card can be used over the air as if it were in a reader.
    public var isVirtualContactInterfaceUsed: Bool { usagePolicy & 0x0800 != 0 }

    /// Whether that use needs no pairing code.
    public var isPairingCodeUnneeded: Bool { usagePolicy & 0x0400 != 0 }

    /// Whether the cardholder should be asked for the PIN that applications share. Without meaning unless
    /// ``isGlobalPINUsed``.
    public var isGlobalPINPrimary: Bool { isGlobalPINUsed && usagePolicy & 0xFF == 0x20 }
}
