import StrictYAML

extension Grant {
    /// Reads `block`, or a mapping of either `all` or `any` to a list of controls.
    init(_ value: YAMLValue, _ mentions: inout MentionList) throws(YAMLError) {
        if value.isWord("block") {
            self = .block
            return
        }
        guard value.isMapping else {
            throw .wrongType(
                value.location, field: value.field,
                expected: "block, or a mapping of all or any to a list of controls")
        }
        let entry = try value.mapping()
        // Either way of joining stands alone.
        try entry.allow(only: entry["all"] == nil ? ["any"] : ["all"])
        if let list = entry["all"] {
            self = .all(try Self.controls(list, &mentions))
        } else {
            self = .any(try Self.controls(entry.require("any"), &mentions))
        }
    }

    private static func controls(
        _ value: YAMLValue, _ mentions: inout MentionList
    ) throws(YAMLError) -> [GrantControl] {
        var controls: [GrantControl] = []
        for element in try value.list() {
            let control = try GrantControl(element, &mentions)
            guard !controls.contains(control) else {
                throw .repeatedValue(
                    element.location, field: value.field, value: control.description)
            }
            controls.append(control)
        }
        return controls
    }
}

extension GrantControl {
    fileprivate init(_ value: YAMLValue, _ mentions: inout MentionList) throws(YAMLError) {
        if value.isMapping {
            let entry = try value.mapping()
            try entry.allow(only: ["strength"])
            self = .strength(try mentions.strength(entry.require("strength")))
            return
        }
        self = try value.decoded(
            "mfa, strength: and a name, or password-change; block stands alone, as ‘grant: block’"
        ) { text in
            switch text {
            case "mfa": .multiFactor
            case "password-change": .passwordChange
            default: nil
            }
        }
    }
}

extension SignInFrequency {
    /// Reads the mapping `session`.
    init(session value: YAMLValue) throws(YAMLError) {
        let entry = try value.mapping()
        try entry.allow(only: ["sign-in-frequency"])
        self = try entry.require("sign-in-frequency").decoded(
            "every-time, or a time from 1m to 365d, as 15m, 8h or 7d", by: SignInFrequency.init)
    }

    /// Reads `every-time`, `15m`, `8h` or `7d`, from a minute to 365 days.
    public init?(_ text: String) {
        if text == "every-time" {
            self = .everyTime
            return
        }
        let units: [Character: Int] = ["m": 60, "h": 3600, "d": 86_400]
        let digits = text.dropLast()
        guard let unit = text.last.flatMap({ units[$0] }), digits.utf8.count <= 6,
            let number = Int(digits), String(number) == digits, number > 0
        else { return nil }
        let seconds = number * unit
        guard seconds <= 365 * 86_400 else { return nil }
        self = .after(.seconds(seconds))
    }
}
