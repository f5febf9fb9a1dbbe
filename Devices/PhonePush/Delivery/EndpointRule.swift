public import Addresses

/// Where this server may be made to connect to.
///
/// Endpoints come from phones, and a phone could name an address of the server's own network. A connection is made only
/// where one entry allows the host, its address and the port; every address that the host has must be allowed.
public struct EndpointRule: Sendable, Hashable, CustomStringConvertible {
    /// What one entry allows.
    public struct Entry: Sendable, Hashable {
        /// Which hosts, by their names.
        public enum Hosts: Sendable, Hashable {
            /// All, also those that are addresses.
            case any
            /// This one.
            case named(String)
            /// All whose names end in a dot and this name.
            case below(String)
        }

        /// The hosts.
        public let hosts: Hosts
        /// The addresses; `nil` for all public ones.
        public let network: IPNetwork?
        /// The port; `nil` for all.
        public let port: Int?

        /// An entry of these parts.
        public init(hosts: Hosts, network: IPNetwork? = nil, port: Int? = 443) {
            self.hosts = hosts
            self.network = network
            self.port = port
        }
    }

    /// The entries, any one of which is enough.
    public let entries: [Entry]

    /// A rule of these entries. Without any it allows nothing.
    public init(_ entries: [Entry]) {
        self.entries = entries
    }

    /// All hosts at public addresses, at port 443.
    public static let publicInternet = EndpointRule([Entry(hosts: .any)])

    /// Every address and port. For a client that was told by its owner where to go.
    public static let anywhere = EndpointRule(
        [[UInt8](repeating: 0, count: 4), [UInt8](repeating: 0, count: 16)]
            .compactMap(IPAddress.init(bytes:))
            .map {
                Entry(
                    hosts: .any, network: IPNetwork(containing: $0, prefixLength: 0), port: nil)
            })

    /// The entries' texts, with commas between.
    public var description: String { entries.map(\.description).joined(separator: ",") }

    /// Whether the endpoint may be allowed, as far as can be told without looking its host up: what is asked before that,
    /// and when a phone registers. Where the host is an address, this is the whole answer.
    package func allowsLookUp(of endpoint: PushEndpoint) -> Bool {
        switch endpoint.host {
        case .name: return covers(endpoint)
        case .address(let address):
            do throws(PushFailure) {
                try check([address], of: endpoint)
                return true
            } catch {
                return false
            }
        }
    }

    /// Refuses the host unless all of its addresses are allowed, of which there is at least one.
    package func check(_ addresses: [IPAddress], of endpoint: PushEndpoint) throws(PushFailure) {
        guard covers(endpoint) else { throw .hostNotAllowed(origin: endpoint.origin) }
        for address in addresses {
            guard entries.contains(where: { $0.covers(endpoint) && $0.allows(address) }) else {
                throw .addressNotAllowed(address)
            }
            guard endpoint.isSecure || address.isLoopback else {
                throw .plaintextNotAllowed(address)
            }
        }
    }

    private func covers(_ endpoint: PushEndpoint) -> Bool {
        entries.contains { $0.covers(endpoint) }
    }
}

extension EndpointRule.Entry {
    fileprivate func covers(_ endpoint: PushEndpoint) -> Bool {
        guard port == nil || port == endpoint.port else { return false }
        return switch (hosts, endpoint.host) {
        case (.any, _): true
        case (.named(let name), .name(let host)): host == name
        case (.below(let name), .name(let host)): host.hasSuffix(".\(name)")
        case (_, .address): false
        }
    }

    fileprivate func allows(_ address: IPAddress) -> Bool {
        network?.contains(address) ?? address.isPublicUnicast
    }
}
