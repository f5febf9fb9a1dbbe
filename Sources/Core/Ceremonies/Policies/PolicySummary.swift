import Accounts
import Addresses
import ConditionalAccess
import DeviceModels
import WebAuthn

/// What policies say, in a line each, for lists and for the audit log.
extension AccessPolicy {
    /// Its parts besides its state, each in a line, in the order and by the names of the files. Those that are not there
    /// are left out.
    package var summary: [(part: String, text: String)] {
        [
            ("title", title == id.text ? "" : title), ("users", users.summary),
            ("applications", applications.summary), ("conditions", conditions.summary),
            ("grant", grant.summary), ("session", signInFrequency?.summary ?? ""),
        ].filter { !$0.1.isEmpty }
    }
}

extension UserAssignment {
    /// Whom it is for: `all except user:root group:service`.
    package var summary: String {
        let included =
            switch include {
            case .all: "all"
            case .none: "none"
            case .selected(let selection): selection.summary
            }
        return joined(included, except: exclude.summary)
    }
}

extension UserSelection {
    fileprivate var summary: String {
        (users.map { "user:\($0.text)" }.sorted() + groups.sorted().map { "group:\($0)" }
            + roles.map { "role:\($0.rawValue)" }.sorted()).joined(separator: " ")
    }
}

extension ApplicationAssignment {
    fileprivate var summary: String {
        joined(
            include.map { $0.sorted().map(\.text).joined(separator: " ") } ?? "all",
            except: exclude.sorted().map(\.text).joined(separator: " "))
    }
}

extension PolicyConditions {
    fileprivate var summary: String {
        func words<Word: RawRepresentable & CaseIterable & Hashable>(_ set: Set<Word>) -> String
        where Word.RawValue == String {
            Word.allCases.filter(set.contains).map(\.rawValue).joined(separator: " ")
        }
        let parts: [(String, String?)] = [
            ("user-risk", userRisk.map(words)), ("sign-in-risk", signInRisk.map(words)),
            ("locations", locations?.summary), ("clients", clients.map(words)),
            ("user-agents", userAgents?.summary), ("devices", devices?.summary),
        ]
        return parts.compactMap { name, text in text.map { "\(name): \($0)" } }
            .joined(separator: "; ")
    }
}

extension LocationCondition {
    fileprivate var summary: String {
        joined(include?.summary ?? "any", except: exclude.summary)
    }
}

extension LocationSelection {
    fileprivate var summary: String {
        ((includesTrusted ? ["trusted"] : []) + names.sorted().map(\.text)
            + networks.map(\.description).sorted()).joined(separator: " ")
    }
}

extension UserAgentCondition {
    fileprivate var summary: String {
        func quoted(_ patterns: [UserAgentPattern]) -> String {
            patterns.map { "‘\($0)’" }.joined(separator: " ")
        }
        return joined(include.map(quoted) ?? "any", except: quoted(exclude))
    }
}

extension DeviceCondition {
    fileprivate var summary: String {
        joined(include?.summary ?? "any", except: exclude?.summary ?? "")
    }
}

extension DeviceFilter {
    fileprivate var summary: String {
        var words = models.map { $0.sorted().map(\.description) } ?? []
        words += aaguids.map { $0.map(\.description).sorted() } ?? []
        if let isAttested { words.append(isAttested ? "attested" : "not-attested") }
        if let health { words += health.map(\.rawValue).sorted() }
        return words.isEmpty ? "any" : words.joined(separator: " ")
    }
}

extension Grant {
    /// What it asks: `block`, `all: mfa password-change`.
    package var summary: String {
        switch self {
        case .block: "block"
        case .all(let controls): "all: \(Self.words(controls))"
        case .any(let controls): "any: \(Self.words(controls))"
        case .nothing: "nothing"
        }
    }

    private static func words(_ controls: [GrantControl]) -> String {
        controls.map(\.description).joined(separator: ", ")
    }
}

extension SignInFrequency {
    /// `every-time`, or the hours, or the minutes where there is no whole number of hours.
    fileprivate var summary: String {
        switch self {
        case .everyTime: "every-time"
        case .after(let duration):
            duration.components.seconds.isMultiple(of: 3600)
                ? "\(duration.components.seconds / 3600) hours"
                : "\(duration.components.seconds / 60) minutes"
        }
    }
}

extension AuthenticationStrength {
    /// Its combinations, and what keys have to be.
    package var summary: String {
        let order = SignInMethod.allCases
        let combinations = combinations.map { combination in
            order.filter(combination.contains).map(\.rawValue).joined(separator: "+")
        }
        let constraints = key.summary
        return combinations.joined(separator: " | ")
            + (constraints.isEmpty ? "" : "; keys: \(constraints)")
    }
}

extension KeyConstraints {
    fileprivate var summary: String {
        var words: [String] = []
        if let aaguids { words.append("aaguids \(aaguids.map(\.description).sorted())") }
        if let models { words.append("models \(models.sorted().map(\.description))") }
        if isAttestationRequired { words.append("attested") }
        if isBiometricRequired { words.append("biometric") }
        if let certification { words.append("certified \(certification.rawValue)") }
        switch withoutAdvisories {
        case nil: break
        case .any: words.append("without advisories")
        case .these(let advisories):
            words.append("without \(advisories.sorted().map(\.description))")
        }
        if isHardwareRequired { words.append("hardware") }
        return words.joined(separator: ", ")
    }
}

private func joined(_ included: String, except excluded: String) -> String {
    excluded.isEmpty ? included : "\(included) except \(excluded)"
}
