package import CTAP

/// Whether a CTAP2 reply is fit to be given to libfido2.
///
/// The CBOR library below it believes what an array says of its own length and sets that much memory aside, and fills
/// it, before it looks for the items: six bytes from a hostile key cost 32 GB. So no array or map may pass that
/// announces more items than there are bytes left. Whether the reply is canonical, or what it says, is not looked at.
package enum ReplySoundness {
    private static let maximumDepth = 8

    /// Checks a whole reply to `command`: a status, and after success one CBOR item or nothing.
    package static func isSound(_ reply: [UInt8], to command: CTAPCommand?) -> Bool {
        guard reply.first == CTAPStatus.success.rawValue, reply.count > 1 else { return true }
        var skimmer = Skimmer(bytes: reply[1...])
        guard carriesAuthenticatorData(command) else {
            return skimmer.skipItem(depthLeft: maximumDepth)
        }
        return areMembersSound(&skimmer, to: command)
    }

    private static func carriesAuthenticatorData(_ command: CTAPCommand?) -> Bool {
        [.makeCredential, .getAssertion, .getNextAssertion].contains(command)
    }

    /// Walks the members of a reply that has authenticator data under key 2.
    private static func areMembersSound(
        _ skimmer: inout Skimmer, to command: CTAPCommand?
    ) -> Bool {
        guard let map = skimmer.readHead(), map.type == .map,
            map.argument <= UInt64(skimmer.rest.count) / 2
        else { return false }
        for _ in 0..<map.argument {
            var key = skimmer
            guard skimmer.skipItem(depthLeft: maximumDepth) else { return false }
            var value = skimmer
            guard skimmer.skipItem(depthLeft: maximumDepth) else { return false }
            // A key that is longer than it need be is read by the library all the same.
            if let name = key.readHead(), name == (.unsigned, 2),
                let head = value.readHead(), head.type == .bytes,
                !isSoundAuthenticatorData(
                    value.rest.prefix(Int(head.argument)), to: command)
            {
                return false
            }
        }
        return true
    }

    /// Checks the CBOR in authenticator data where the library looks for it: a key and extensions behind the
    /// identifier of a new credential; extensions right behind the fixed part of an assertion's. What is too short
    /// for that, the library refuses by itself.
    private static func isSoundAuthenticatorData(
        _ data: ArraySlice<UInt8>, to command: CTAPCommand?
    ) -> Bool {
        var rest = data.dropFirst(37)
        if command == .makeCredential {
            guard rest.count >= 18 else { return true }
            let length = rest.dropFirst(16).prefix(2).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(18 + length)
        }
        var skimmer = Skimmer(bytes: rest)
        while !skimmer.rest.isEmpty {
            guard skimmer.skipItem(depthLeft: maximumDepth) else { return false }
        }
        return true
    }
}

/// Walks over CBOR of definite lengths without making anything of it.
private struct Skimmer {
    enum MajorType: UInt8 {
        case unsigned, negative, bytes, text, array, map, tag, simple
    }

    private(set) var rest: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) { rest = bytes }

    /// Reads an item's type and argument; `nil` for one that is cut short or of indefinite length.
    mutating func readHead() -> (type: MajorType, argument: UInt64)? {
        guard let initialByte = rest.popFirst(), let type = MajorType(rawValue: initialByte >> 5)
        else { return nil }
        let additional = initialByte & 0x1F
        guard additional >= 24 else { return (type, UInt64(additional)) }
        guard additional <= 27 else { return nil }
        let length = 1 << Int(additional - 24)
        guard rest.count >= length else { return nil }
        defer { rest = rest.dropFirst(length) }
        return (type, rest.prefix(length).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Skips one item; `false` for one that cannot be whole.
    mutating func skipItem(depthLeft: Int) -> Bool {
        guard let (type, argument) = readHead() else { return false }
        switch type {
        case .unsigned, .negative, .simple: return true
        case .tag: return false
        case .bytes, .text:
            guard argument <= UInt64(rest.count) else { return false }
            rest = rest.dropFirst(Int(argument))
            return true
        case .array, .map:
            let (items, overflows) = argument.multipliedReportingOverflow(
                by: type == .map ? 2 : 1)
            guard !overflows, items <= UInt64(rest.count), depthLeft > 0 else { return false }
            return (0..<items).allSatisfy { _ in skipItem(depthLeft: depthLeft - 1) }
        }
    }
}
