import Accounts
import StrictYAML

extension PolicyDecoder {
    private static let keys = [
        "id", "title", "state", "users", "applications", "conditions", "grant", "session",
    ]

    /// The policy that a value is; nothing where a part of it is refused.
    mutating func policy(_ value: YAMLValue) -> AccessPolicy? {
        let before = problems.count
        guard let entry = attempt("", { _ throws(YAMLError) in try value.mapping() }) else {
            return nil
        }
        check { () throws(YAMLError) in try entry.allow(only: Self.keys) }
        let id = attempt("") { _ throws(YAMLError) in
            try entry.require("id").decoded("1 to 64 of a-z, 0-9 and -") { PolicyID($0) }
        }
        let by = id?.text ?? ""
        let title = attempt(by) { _ throws(YAMLError) in
            try entry["title"].map { (title) throws(YAMLError) in
                try title.decoded("a title of 1 to 200 bytes") { $0.utf8.count <= 200 ? $0 : nil }
            }
        }
        let state = attempt(by) { _ throws(YAMLError) in
            try entry.require("state").word(of: AccessPolicy.State.self)
        }
        let users = attempt(by) { mentions throws(YAMLError) in
            try UserAssignment(entry.require("users"), &mentions)
        }
        let applications = attempt(by) { mentions throws(YAMLError) in
            try ApplicationAssignment(entry.require("applications"), &mentions)
        }
        let conditions = entry["conditions"].map { self.conditions($0, by: by) }
        let frequency = attempt(by) { _ throws(YAMLError) in
            try entry["session"].map { (session) throws(YAMLError) in
                try SignInFrequency(session: session)
            }
        }
        let grant = attempt(by) { mentions throws(YAMLError) in
            // A policy may be there for its session alone.
            if entry["grant"] == nil, entry["session"] != nil { return Grant.nothing }
            let grant = try Grant(entry.require("grant"), &mentions)
            if grant == .block, let session = entry["session"] {
                throw .invalidValue(
                    session.location, field: "session", value: "a frequency",
                    expected: "no session where ‘grant’ is block")
            }
            return grant
        }
        guard problems.count == before, let id, let title, let state, let users, let applications,
            let frequency, let grant
        else { return nil }
        return AccessPolicy(
            id: id, title: title, state: state, users: users, applications: applications,
            conditions: conditions ?? PolicyConditions(), grant: grant,
            signInFrequency: frequency, position: value.location)
    }

    private static let conditionKeys = [
        "user-risk", "sign-in-risk", "locations", "clients", "user-agents", "devices",
    ]

    private mutating func conditions(_ value: YAMLValue, by name: String) -> PolicyConditions {
        var conditions = PolicyConditions()
        guard let entry = attempt("", { _ throws(YAMLError) in try value.mapping() }) else {
            return conditions
        }
        check { () throws(YAMLError) in try entry.allow(only: Self.conditionKeys) }
        if let value = entry["user-risk"] {
            conditions.userRisk = attempt("") { _ throws(YAMLError) in try value.words() }
        }
        if let value = entry["sign-in-risk"] {
            conditions.signInRisk = attempt("") { _ throws(YAMLError) in try value.words() }
        }
        if let value = entry["locations"] {
            conditions.locations = attempt(name) { mentions throws(YAMLError) in
                try LocationCondition(value, &mentions)
            }
        }
        if let value = entry["clients"] {
            conditions.clients = attempt("") { _ throws(YAMLError) in try value.words() }
        }
        if let value = entry["user-agents"] {
            conditions.userAgents = attempt("") { _ throws(YAMLError) in
                try UserAgentCondition(value)
            }
        }
        if let value = entry["devices"] {
            conditions.devices = attempt(name) { mentions throws(YAMLError) in
                try DeviceCondition(value, &mentions)
            }
        }
        return conditions
    }
}

extension YAMLValue {
    /// A list of words of `Value`.
    func words<Value: RawRepresentable & CaseIterable & Hashable>() throws(YAMLError) -> Set<Value>
    where Value.RawValue == String {
        try set { (element) throws(YAMLError) in try element.word(of: Value.self) }
    }

    /// Whether it is the word `word`.
    func isWord(_ word: String) -> Bool {
        !isList && !isMapping && (try? text()) == word
    }
}
