import Addresses

extension EndpointRule {
    /// Reads entries with commas between, such as `any,.push.example:8443,10.1.2.0/24:any`; see ``Entry/init(_:)``.
    public init(_ text: String) throws(PushFailure) {
        var entries: [Entry] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            entries.append(try Entry(String(item)))
        }
        self.init(entries)
    }
}

extension EndpointRule.Entry: CustomStringConvertible {
    /// Reads one entry: `HOSTS[@NETWORK][:PORT]` or `NETWORK[:PORT]`.
    ///
    /// - HOSTS: `any`, a name, or `.` and a name for all below it.
    /// - NETWORK: an address or a network in the notation of CIDR; one of IPv6 in brackets, its length inside:
    ///   `[fd00::/8]`. Without one, all public addresses.
    /// - PORT: a number, or `any`. Without one, 443.
    public init(_ text: String) throws(PushFailure) {
        do throws(PushFailure) {
            let (place, port) = try Self.split(text)
            let parts = place.split(separator: "@", omittingEmptySubsequences: false)
            switch parts.count {
            case 2:
                self.init(
                    hosts: try Self.hosts(parts[0]), network: try Self.network(parts[1]),
                    port: port)
            case 1 where place.contains("/") || place.hasPrefix("["):
                self.init(hosts: .any, network: try Self.network(place), port: port)
            case 1:
                if let address = canonicalAddress(String(place)) {
                    let length = 8 * address.bytes.count
                    let network = IPNetwork(containing: address, prefixLength: length)
                    self.init(hosts: .any, network: network, port: port)
                } else {
                    self.init(hosts: try Self.hosts(place), port: port)
                }
            default: throw .invalidRule(entry: text)
            }
        } catch {
            throw .invalidRule(entry: text)
        }
    }

    /// The text that ``init(_:)`` reads.
    public var description: String {
        let suffix = port == 443 ? "" : ":\(port.map { String($0) } ?? "any")"
        let names =
            switch hosts {
            case .any: "any"
            case .named(let name): name
            case .below(let name): ".\(name)"
            }
        guard let network else { return names + suffix }
        let place = network.address.isVersion4 ? "\(network)" : "[\(network)]"
        return (hosts == .any ? place : "\(names)@\(place)") + suffix
    }

    /// What stands before the port, and the port.
    private static func split(_ text: String) throws(PushFailure) -> (Substring, Int?) {
        // The colons in brackets belong to an address.
        let searched = text.lastIndex(of: "]").map { text[$0...] } ?? text[...]
        guard let colon = searched.firstIndex(of: ":") else { return (text[...], 443) }
        let port = text[text.index(after: colon)...]
        if port == "any" { return (text[..<colon], nil) }
        guard let number = portNumber(port) else { throw .invalidRule(entry: text) }
        return (text[..<colon], number)
    }

    private static func hosts(_ text: Substring) throws(PushFailure) -> Hosts {
        if text == "any" { return .any }
        let isBelow = text.hasPrefix(".")
        let name = String(isBelow ? text.dropFirst(1) : text)
        guard isHostName(name) else { throw .invalidRule(entry: String(text)) }
        return isBelow ? .below(name) : .named(name)
    }

    private static func network(_ text: Substring) throws(PushFailure) -> IPNetwork {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let inside = isBracketed ? text.dropFirst().dropLast() : text
        guard
            let network = try? IPNetwork(String(inside)),
            network.address.isVersion4 != isBracketed
        else { throw .invalidRule(entry: String(text)) }
        return network
    }
}
