package import Addresses

extension IPAddress {
    /// Whether it is one of this machine's own: 127.0.0.0/8 or ::1.
    var isLoopback: Bool { SpecialPurpose.loopback.contains { $0.contains(self) } }

    /// Whether it is one that anybody on the Internet can have: global unicast, and in none of the ranges that IANA
    /// keeps for special purposes.
    ///
    /// An address of NAT64 (`64:ff9b::/96`) is what the IPv4 address in it is. IPv6 is global in 2000::/3 alone, so that
    /// what IANA has not given out yet counts as special.
    package var isPublicUnicast: Bool {
        if isVersion4 { return !SpecialPurpose.version4.contains { $0.contains(self) } }
        if SpecialPurpose.translated.contains(where: { $0.contains(self) }) {
            return IPAddress(bytes: Array(bytes.suffix(4)))?.isPublicUnicast ?? false
        }
        return SpecialPurpose.globalUnicast.contains { $0.contains(self) }
            && !SpecialPurpose.version6.contains { $0.contains(self) }
    }
}

/// The registries of RFC 6890, at IANA as "iana-ipv4-special-registry" and "iana-ipv6-special-registry", with multicast
/// and what is reserved. Ranges that are globally reachable and yet serve one purpose are among them: no push service
/// is there. So is the one public address at which a cloud has services of its own for each machine.
private enum SpecialPurpose {
    static let loopback = networks(["127.0.0.0/8", "::1/128"])

    static let version4 = networks([
        "0.0.0.0/8",  // this network
        "10.0.0.0/8",  // private
        "100.64.0.0/10",  // behind a carrier's NAT; some clouds have their metadata there
        "127.0.0.0/8",  // loopback
        "168.63.129.16/32",  // Azure's services for its machines
        "169.254.0.0/16",  // link-local; metadata of most clouds
        "172.16.0.0/12",  // private
        "192.0.0.0/24",  // protocol assignments; metadata of a cloud
        "192.0.2.0/24",  // documentation
        "192.31.196.0/24",  // AS112
        "192.52.193.0/24",  // AMT
        "192.88.99.0/24",  // 6to4 relays, deprecated
        "192.168.0.0/16",  // private
        "192.175.48.0/24",  // AS112
        "198.18.0.0/15",  // benchmarks
        "198.51.100.0/24",  // documentation
        "203.0.113.0/24",  // documentation
        "224.0.0.0/4",  // multicast
        "240.0.0.0/4",  // reserved, and broadcast
    ])

    static let globalUnicast = networks(["2000::/3"])

    static let translated = networks(["64:ff9b::/96"])

    /// Those inside 2000::/3.
    static let version6 = networks([
        "2001::/23",  // protocol assignments: Teredo, benchmarks, ORCHID, drones
        "2001:db8::/32",  // documentation
        "2002::/16",  // 6to4, which carries any IPv4 address
        "2620:4f:8000::/48",  // AS112
        "3fff::/20",  // documentation
    ])

    private static func networks(_ texts: [String]) -> [IPNetwork] {
        texts.map { text in
            do throws(MalformedAddress) {
                return try IPNetwork(text)
            } catch {
                // The texts stand above.
                preconditionFailure("\(text) is no network")
            }
        }
    }
}
