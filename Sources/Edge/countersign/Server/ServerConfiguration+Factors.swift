import Ceremonies
import Encoding
import PhonePush
import PushMessages
import StrictYAML

extension ServerConfiguration {
    /// What the file says of phones.
    struct Phones {
        var listen: HostAndPort
        var url: PhoneServiceURL?
        var name = "Countersign"
        var certificate: String?
        var key: String?
        var isPlaintext = false
        /// SHA-256 of the SubjectPublicKeyInfo of the key that a proxy shows, 32 bytes.
        var pin: [UInt8]?
        var lifetime: Duration = .seconds(60)
        var digits = 2
        var numberEntry: PushPolicy.NumberEntry = .typed
        var promptsPerHour = 10
        var perUser = 5
        var minimumGuard: KeyGuard = .none
        var endpoints: EndpointRule = .publicInternet
        var contact = "https://localhost"
        var connectionsPerAddress = 512
        var requestsPerSecond = 50
    }

    /// Reads the part of the file that is about tokens and codes.
    mutating func decodeTokens(_ entry: YAMLMapping) throws(YAMLError) {
        try entry.allow(only: ["issuer", "look-ahead", "time-steps", "per-user"])
        if let value = entry["issuer"] {
            codes.issuer = try value.decoded("1 to 64 bytes without a colon") { text in
                (1...64).contains(text.utf8.count) && !text.contains(":") ? text : nil
            }
        }
        if let value = entry["look-ahead"] {
            codes.lookAheadWindow = UInt64(try value.number(in: 1...100))
        }
        if let value = entry["time-steps"] {
            codes.timeStepWindow = UInt64(try value.number(in: 0...10))
        }
        if let value = entry["per-user"] {
            codes.maximumTokensPerUser = try value.number(in: 1...100)
        }
    }

    /// Reads the part of the file that is about app passwords.
    mutating func decodeAppPasswords(_ entry: YAMLMapping) throws(YAMLError) {
        try entry.allow(only: ["allowed", "services", "per-user", "delete-at-password-reset"])
        codes.allowsAppPasswords = try entry.require("allowed").bool()
        if let value = entry["services"] {
            codes.appPasswordServices = try value.set { (element) throws(YAMLError) in
                try element.decoded("a service's name: a-z, 0-9, - and _") { text in
                    let isName = text.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
                            || byte == 0x2D || byte == 0x5F
                    }
                    return isName && (1...64).contains(text.utf8.count) ? text : nil
                }
            }
        }
        if let value = entry["per-user"] {
            codes.maximumAppPasswordsPerUser = try value.number(in: 1...40)
        }
        if let value = entry["delete-at-password-reset"] {
            codes.deletesAppPasswordsAtReset = try value.bool()
        }
    }
}

extension ServerConfiguration.Phones {
    private static let keys = [
        "listen", "url", "name", "certificate", "key", "plaintext", "pin", "lifetime", "digits",
        "number",
        "prompts-per-hour", "per-user", "guard", "endpoints", "contact",
        "connections-per-address", "requests-per-second",
    ]

    private enum Entry: String, CaseIterable {
        case typed, chosen
    }

    /// Reads the part of the file that is about phones.
    init(_ entry: YAMLMapping) throws(YAMLError) {
        try entry.allow(only: Self.keys)
        listen = try entry.require("listen").decoded("host:port", by: HostAndPort.init)
        if let value = entry["url"] {
            url = try value.decoded("a URL such as https://auth.example.org:7443") { text in
                try? PhoneServiceURL(text)
            }
        }
        if let value = entry["name"] {
            name = try value.decoded("1 to 64 bytes") { text in
                (1...64).contains(text.utf8.count) ? text : nil
            }
        }
        if let value = entry["plaintext"] { isPlaintext = try value.bool() }
        // What would be ignored is refused.
        let unused = isPlaintext ? ["certificate", "key"] : ["pin"]
        try entry.allow(only: Self.keys.filter { !unused.contains($0) })
        if entry["certificate"] != nil || entry["key"] != nil {
            certificate = try entry.require("certificate").text()
            key = try entry.require("key").text()
        }
        if let value = entry["pin"] {
            pin = try value.decoded("64 hexadecimal digits") { text in
                (try? Hex.decode(text)).flatMap { $0.count == 32 ? $0 : nil }
            }
        }
        if isPlaintext, url?.isSecure == true { _ = try entry.require("pin") }
        if let value = entry["lifetime"] { lifetime = .seconds(try value.number(in: 15...300)) }
        if let value = entry["digits"] { digits = try value.number(in: 2...6) }
        if let value = entry["number"] {
            numberEntry = try value.word(of: Entry.self) == .typed ? .typed : .chosen
        }
        if let value = entry["prompts-per-hour"] {
            promptsPerHour = try value.number(in: 1...100)
        }
        if let value = entry["per-user"] { perUser = try value.number(in: 1...20) }
        if let value = entry["guard"] { minimumGuard = try value.word(of: KeyGuard.self) }
        if let value = entry["endpoints"] {
            let entries = try value.list().map { (element) throws(YAMLError) in
                try element.decoded("a host, .domain or any, perhaps with @network and :port") {
                    text in
                    try? EndpointRule.Entry(text)
                }
            }
            endpoints = EndpointRule(entries)
        }
        if let value = entry["connections-per-address"] {
            connectionsPerAddress = try value.number(in: 1...8192)
        }
        if let value = entry["requests-per-second"] {
            requestsPerSecond = try value.number(in: 1...10_000)
        }
        if let value = entry["contact"] {
            contact = try value.decoded("a mailto: or https: URL") { text in
                text.hasPrefix("mailto:") || text.hasPrefix("https://") ? text : nil
            }
        }
    }
}

extension YAMLValue {
    /// A number within bounds.
    func number(in range: ClosedRange<Int>) throws(YAMLError) -> Int {
        try decoded("a number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) && String($0) == text ? $0 : nil }
        }
    }
}
