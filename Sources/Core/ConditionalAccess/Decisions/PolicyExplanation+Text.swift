import Accounts
import Addresses

extension PolicyMismatch: CustomStringConvertible {
    /// A stable name for logs and replies.
    public var code: String {
        switch self {
        case .off: "off"
        case .breakGlass: "break-glass"
        case .userNotIncluded: "user-not-included"
        case .userExcluded: "user-excluded"
        case .groupExcluded: "group-excluded"
        case .roleExcluded: "role-excluded"
        case .applicationNotIncluded: "application-not-included"
        case .applicationExcluded: "application-excluded"
        case .userRisk: "user-risk"
        case .signInRisk: "sign-in-risk"
        case .locationNotIncluded: "location-not-included"
        case .locationExcluded: "location-excluded"
        case .client: "client"
        case .userAgentNotIncluded: "user-agent-not-included"
        case .userAgentExcluded: "user-agent-excluded"
        case .deviceNotShown: "device-not-shown"
        case .deviceNotIncluded: "device-not-included"
        case .deviceExcluded: "device-excluded"
        }
    }

    /// In words, with the facts. What a program calls itself stands there as it was sent.
    public var description: String {
        switch self {
        case .off: "it is off"
        case .breakGlass: "the account is a break-glass one"
        case .userNotIncluded: "it does not include the user"
        case .userExcluded: "it excludes the user"
        case .groupExcluded(let group): "it excludes the group \(group)"
        case .roleExcluded(let role): "it excludes the role \(role.rawValue)"
        case .applicationNotIncluded(let name?): "it does not include the application \(name)"
        case .applicationNotIncluded(nil): "it is for applications, and the sign-in names none"
        case .applicationExcluded(let name): "it excludes the application \(name)"
        case .userRisk(let level): "it is not for a user risk of \(level.rawValue)"
        case .signInRisk(let level): "it is not for a sign-in risk of \(level.rawValue)"
        case .locationNotIncluded(let address, let country):
            "it does not include \(Self.place(address, country))"
        case .locationExcluded(let name): "it excludes \(name)"
        case .client(let kind): "it is not for a \(kind.rawValue) program"
        case .userAgentNotIncluded(let text?): "it does not include the program ‘\(text)’"
        case .userAgentNotIncluded(nil): "it is for programs by name, and this one gives none"
        case .userAgentExcluded(let pattern): "it excludes programs such as ‘\(pattern)’"
        case .deviceNotShown: "it is for devices, and none was shown yet"
        case .deviceNotIncluded: "it includes none of the devices shown"
        case .deviceExcluded: "it excludes the devices shown"
        }
    }

    private static func place(_ address: IPAddress?, _ country: Country?) -> String {
        let place = address.map { "the address \($0)" } ?? "an address that is not known"
        return place + (country.map { " in \($0)" } ?? "")
    }
}

extension PolicyMatch: CustomStringConvertible {
    /// In words, with the facts.
    public var description: String {
        switch self {
        case .allUsers: "everyone"
        case .user: "the user"
        case .group(let group): "group \(group)"
        case .role(let role): "role \(role.rawValue)"
        case .allApplications: "every application"
        case .application(let name): "application \(name)"
        case .userRisk(let level): "user risk \(level.rawValue)"
        case .signInRisk(let level): "sign-in risk \(level.rawValue)"
        case .anyLocation: "any place not excluded"
        case .location(let name): "location \(name)"
        case .client(let kind): "\(kind.rawValue) program"
        case .anyUserAgent: "any program not excluded"
        case .userAgent(let pattern): "program ‘\(pattern)’"
        case .device(let method): "device shown by \(method.rawValue)"
        }
    }
}
