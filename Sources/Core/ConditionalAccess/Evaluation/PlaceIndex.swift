import Accounts
import Addresses

/// The places that policies name, prepared for looking an address up: named locations in the order of their names, then
/// the networks that policies write out.
struct PlaceIndex: Sendable {
    private struct Place: Sendable {
        let name: String
        let sample: IPAddress?
        let version4: AddressRanges
        let version6: AddressRanges
        let countries: Set<Country>
        let includesUnknownCountry: Bool
    }

    private var places: [Place] = []
    private var byName: [DirectoryName: Int] = [:]
    private var byNetwork: [IPNetwork: Int] = [:]
    private var trusted: [Int] = []

    /// The index of what the conditions of `policies` name and of what is trusted.
    init(_ policies: [AccessPolicy], locations: [PolicyLocation]) {
        let selections = policies.compactMap(\.conditions.locations).flatMap { condition in
            [condition.include, condition.exclude].compactMap { $0 }
        }
        let names = Set(selections.flatMap(\.names))
        let asksForTrust = selections.contains(where: \.includesTrusted)
        for location in locations.sorted(by: { $0.name < $1.name })
        where byName[location.name] == nil {
            let isAskedFor = asksForTrust && location.isTrusted
            guard names.contains(location.name) || isAskedFor else { continue }
            byName[location.name] = places.count
            if location.isTrusted { trusted.append(places.count) }
            places.append(
                Place(
                    name: location.name.text, sample: location.networks.first?.address,
                    version4: AddressRanges(location.networks.filter(\.address.isVersion4)),
                    version6: AddressRanges(location.networks.filter { !$0.address.isVersion4 }),
                    countries: location.countries,
                    includesUnknownCountry: location.includesUnknownCountry))
        }
        let networks = Set(selections.flatMap(\.networks))
        for network in networks.sorted(by: { $0.description < $1.description }) {
            byNetwork[network] = places.count
            let isVersion4 = network.address.isVersion4
            places.append(
                Place(
                    name: network.description, sample: network.address,
                    version4: AddressRanges(isVersion4 ? [network] : []),
                    version6: AddressRanges(isVersion4 ? [] : [network]), countries: [],
                    includesUnknownCountry: false))
        }
    }

    /// How many places there are.
    var count: Int { places.count }

    /// Addresses and countries of each place, the addresses with no country and with one that is nobody's (`ZZ`).
    var samples: [(IPAddress?, Country?)] {
        let nobodys = Country("ZZ")
        var samples: [(IPAddress?, Country?)] = [(nil, nobodys)]
        for place in places {
            if let address = place.sample {
                samples += [(address, nil), (address, nobodys)]
            }
            samples += place.countries.sorted().map { (nil, $0) }
        }
        return samples
    }

    /// What a place is called.
    func name(of place: Int) -> String { places[place].name }

    /// The places of a selection, in order, each once.
    func places(of selection: LocationSelection) -> [Int] {
        var found = Set(selection.names.compactMap { byName[$0] })
        found.formUnion(selection.networks.compactMap { byNetwork[$0] })
        if selection.includesTrusted { found.formUnion(trusted) }
        return found.sorted()
    }

    /// The places that an address or a country is in, in order.
    func places(of address: IPAddress?, _ country: Country?) -> [Int] {
        let number = address.map(AddressRanges.number)
        let isVersion4 = address?.isVersion4 ?? false
        return places.indices.filter { index in
            let place = places[index]
            if let number {
                let ranges = isVersion4 ? place.version4 : place.version6
                if ranges.contains(number) { return true }
            }
            guard let country else { return place.includesUnknownCountry }
            return place.countries.contains(country)
        }
    }
}

/// Ranges of addresses of one version, for looking one up in as many steps as their number has bits.
struct AddressRanges: Sendable {
    private var first: [UInt128] = []
    private var last: [UInt128] = []

    /// The ranges of networks of one version.
    init(_ networks: [IPNetwork]) {
        let bounds = networks.map { network in
            let low = Self.number(network.address)
            let free = 8 * network.address.bytes.count - network.prefixLength
            let span = free >= 128 ? UInt128.max : (1 << UInt128(free)) - 1
            return (low, low | span)
        }
        for (low, high) in bounds.sorted(by: { $0.0 < $1.0 }) {
            if let end = last.last, low <= end {
                last[last.count - 1] = max(end, high)
            } else {
                first.append(low)
                last.append(high)
            }
        }
    }

    /// An address as a number.
    static func number(_ address: IPAddress) -> UInt128 {
        address.bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// Whether a number is in one of the ranges.
    func contains(_ number: UInt128) -> Bool {
        var low = 0
        var high = first.count
        while low < high {
            let middle = (low + high) / 2
            if first[middle] <= number { low = middle + 1 } else { high = middle }
        }
        return low > 0 && number <= last[low - 1]
    }
}
