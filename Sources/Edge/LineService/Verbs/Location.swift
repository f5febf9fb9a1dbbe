import Accounts
import Addresses
import Ceremonies
import CredentialStore
import LineProtocol

/// Places that policies can name.
extension CoreServices {
    /// `LOCATION ADD location net=192.0.2.0/24,… [trusted=yes|no]`, or `LOCATION ADD location country=AT,… [unknown=yes|no]`.
    var locationAddVerb: Verb {
        location("LOCATION ADD", "Add a named location") {
            (store, location, invocation) throws(StoreError) in
            try store.add(location, by: invocation.origin)
        }
    }

    /// `LOCATION SET …`, as `LOCATION ADD`: puts it in the place of the one that there is.
    var locationSetVerb: Verb {
        location("LOCATION SET", "Replace a named location") {
            (store, location, invocation) throws(StoreError) in
            try store.replace(location, by: invocation.origin, at: location.createdAt)
        }
    }

    private func location(
        _ verb: String, _ summary: String,
        _ body:
            @escaping @Sendable (SQLiteStore, NamedLocation, Invocation) throws(StoreError) -> Void
    ) -> Verb {
        let syntax = VerbSyntax(
            verb, summary: summary, positionals: ["location"],
            options: ["net", "trusted", "country", "unknown"], size: .large)
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageLocations
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.directoryName(at: 0, "location")
            let extent = try invocation.request.extent()
            let location: NamedLocation
            do throws(NamedLocationFailure) {
                location = try NamedLocation(name: name, extent: extent, createdAt: clock())
            } catch {
                return .refusal(
                    .badArgument, ["location": name.text, "reason": error.code],
                    text: error.advice)
            }
            do throws(StoreError) {
                try body(store, location, invocation)
                return .ok(options: Self.options(of: location))
            } catch {
                return Reply(error, ["location": name.text])
            }
        }
    }

    /// `LOCATION DEL location`. Refused while a policy names it.
    var locationDelVerb: Verb {
        let syntax = VerbSyntax(
            "LOCATION DEL", summary: "Delete a named location", positionals: ["location"])
        let (store, clock, use) = (store, clock, policies.policyUse)
        return administrative(
            syntax, requires: .administer, right: .manageLocations
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.directoryName(at: 0, "location")
            do throws(StoreError) {
                try store.deleteLocation(
                    name, unlessNamedBy: use, by: invocation.origin, at: clock())
                return .ok(["location": name.text])
            } catch {
                return Reply(error, ["location": name.text])
            }
        }
    }

    /// `LOCATION LIST`: all locations, by their names, with as many of their networks as a line has room for.
    var locationListVerb: Verb {
        let syntax = VerbSyntax("LOCATION LIST", summary: "List the named locations")
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readDirectory
        ) { (_) throws(ArgumentError) in
            do throws(StoreError) {
                return .list(
                    try store.locations().map { ListItem(options: Self.options(of: $0)) })
            } catch {
                return Reply(error)
            }
        }
    }

    /// `LOCATION GET location`: what a list shows of it, and then its networks, all of them, one a line.
    var locationGetVerb: Verb {
        let syntax = VerbSyntax(
            "LOCATION GET", summary: "Show a named location", positionals: ["location"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readDirectory
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.directoryName(at: 0, "location")
            do throws(StoreError) {
                guard let location = try store.location(name) else {
                    throw .noSuchName(.location, name.text)
                }
                var items = [ListItem(options: Self.options(of: location))]
                if case .networks(let networks, _) = location.extent {
                    items += networks.map { ListItem(["net": $0.description]) }
                }
                return .list(items, ["location": name.text])
            } catch {
                return Reply(error, ["location": name.text])
            }
        }
    }

    /// How many networks a line shows; each has at most 43 bytes, and a line 16 KiB.
    private static let shownNetworks = 300

    private static func options(of location: NamedLocation) -> [Option] {
        var options = [Option("location", location.name.text)]
        switch location.extent {
        case .networks(let networks, let isTrusted):
            let shown = networks.prefix(shownNetworks).map(\.description)
            options += [
                Option("networks", String(networks.count)),
                Option("net", shown.joined(separator: ",")),
                Option("trusted", isTrusted ? "yes" : "no"),
            ]
        case .countries(let countries, let includesUnknown):
            options += [
                Option("country", countries.sorted().map(\.code).joined(separator: ",")),
                Option("unknown", includesUnknown ? "yes" : "no"),
            ]
        }
        options.append(Option("created", String(location.createdAt.milliseconds)))
        return options
    }
}

extension Request {
    /// `net= [trusted=]` or `country= [unknown=]`.
    fileprivate func extent() throws(ArgumentError) -> NamedLocation.Extent {
        if let text = self["net"] {
            try refuse(["country", "unknown"])
            var networks: [IPNetwork] = []
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                do throws(MalformedAddress) {
                    networks.append(try IPNetwork(String(part)))
                } catch {
                    throw .badValue("net")
                }
            }
            return .networks(
                networks, isTrusted: try word("trusted", as: YesNo.self) == .yes)
        }
        try refuse(["trusted"])
        var countries: Set<Country> = []
        if let text = self["country"], !text.isEmpty {
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let country = Country(String(part)) else { throw .badValue("country") }
                countries.insert(country)
            }
        }
        return .countries(
            countries, includesUnknown: try word("unknown", as: YesNo.self) == .yes)
    }
}

extension NamedLocationFailure {
    /// What is wrong, and what is allowed.
    fileprivate var advice: String {
        switch self {
        case .empty: "give networks with net=, or countries with country= or unknown=yes"
        case .tooManyNetworks:
            "a location has at most \(NamedLocation.maximumNetworks) networks: make two of it"
        case .networkTooWide(let network):
            "\(network) is too wide: a network has more than 8 bits, of IPv6 12 at least"
        }
    }
}
