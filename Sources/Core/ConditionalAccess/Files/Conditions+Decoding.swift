import Accounts
import Addresses
import DeviceModels
import StrictYAML
import WebAuthn

extension LocationCondition {
    /// Reads `trusted`, a list of names, a mapping of `names`, `networks` and `trusted`, or a mapping of `include` and
    /// `exclude` of those, `include` also `any`.
    init(_ value: YAMLValue, _ mentions: inout MentionList) throws(YAMLError) {
        guard value.isMapping, try Self.hasSides(value) else {
            self.init(include: try LocationSelection(value, &mentions))
            return
        }
        let entry = try value.mapping()
        try entry.allow(only: ["include", "exclude"])
        let include = try entry.require("include")
        var selection: LocationSelection?
        if !include.isWord("any") { selection = try LocationSelection(include, &mentions) }
        var exclude = LocationSelection()
        if let value = entry["exclude"] { exclude = try LocationSelection(value, &mentions) }
        self.init(include: selection, exclude: exclude)
    }

    private static func hasSides(_ value: YAMLValue) throws(YAMLError) -> Bool {
        let keys = try value.mapping().keys
        return keys.contains("include") || keys.contains("exclude")
    }
}

extension LocationSelection {
    fileprivate init(_ value: YAMLValue, _ mentions: inout MentionList) throws(YAMLError) {
        self.init()
        if value.isList {
            names = try mentions.names(value, .location)
        } else if value.isMapping {
            let entry = try value.mapping()
            try entry.allow(only: ["names", "networks", "trusted"])
            if let value = entry["names"] { names = try mentions.names(value, .location) }
            if let value = entry["networks"] { networks = try Self.networks(value) }
            if let value = entry["trusted"] { includesTrusted = try value.bool() }
            guard !isEmpty else {
                throw .wrongType(
                    value.location, field: value.field,
                    expected: "a mapping of names, networks and trusted that selects something")
            }
        } else {
            guard value.isWord("trusted") else {
                throw .wrongType(
                    value.location, field: value.field,
                    expected: "any (to include), trusted, a list of named locations, "
                        + "or a mapping of names, networks and trusted")
            }
            includesTrusted = true
        }
    }

    private static func networks(_ value: YAMLValue) throws(YAMLError) -> Set<IPNetwork> {
        try value.set { (element) throws(YAMLError) in
            try element.decoded(
                "a network such as 192.0.2.0/24 or 2001:db8::/32, no bits set behind the prefix"
            ) { try? IPNetwork($0) }
        }
    }
}

extension UserAgentCondition {
    /// Reads a list of patterns, or a mapping of `include` and `exclude`.
    init(_ value: YAMLValue) throws(YAMLError) {
        guard value.isMapping else {
            self.init(include: try Self.patterns(value))
            return
        }
        let entry = try value.mapping()
        try entry.allow(only: ["include", "exclude"])
        guard entry["include"] != nil || entry["exclude"] != nil else {
            throw .missingKey(value.location, key: "include")
        }
        self.init(
            include: try entry["include"].map { (value) throws(YAMLError) in
                try Self.patterns(value)
            },
            exclude: try entry["exclude"].map { (value) throws(YAMLError) in
                try Self.patterns(value)
            } ?? [])
    }

    private static func patterns(_ value: YAMLValue) throws(YAMLError) -> [UserAgentPattern] {
        try value.list().map { (element) throws(YAMLError) in
            try element.decoded(
                "1 to 256 bytes in which only * is a pattern; regular expressions are not"
            ) { UserAgentPattern($0) }
        }
    }
}

extension DeviceCondition {
    /// Reads a mapping of `include` and `exclude`.
    init(_ value: YAMLValue, _ mentions: inout MentionList) throws(YAMLError) {
        let entry = try value.mapping()
        try entry.allow(only: ["include", "exclude"])
        guard entry["include"] != nil || entry["exclude"] != nil else {
            throw .missingKey(value.location, key: "include")
        }
        self.init(include: nil)
        if let value = entry["include"] { include = try DeviceFilter(value, &mentions) }
        if let value = entry["exclude"] { exclude = try DeviceFilter(value, &mentions) }
    }
}

extension DeviceFilter {
    fileprivate init(_ value: YAMLValue, _ mentions: inout MentionList) throws(YAMLError) {
        self.init()
        let entry = try value.mapping()
        try entry.allow(only: ["models", "aaguids", "attested", "health"])
        if let value = entry["models"] { models = try mentions.models(value) }
        if let value = entry["aaguids"] { aaguids = try mentions.aaguids(value) }
        if let value = entry["attested"] { isAttested = try value.bool() }
        if let value = entry["health"] { health = try value.words() }
        guard self != DeviceFilter() else {
            throw .wrongType(
                value.location, field: value.field,
                expected: "a mapping of models, aaguids, attested and health that is not empty")
        }
    }
}
