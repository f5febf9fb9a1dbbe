public import StrictYAML

/// What is allowed in policies and may surprise.
public enum PolicyWarning: Sendable, Hashable, CustomStringConvertible {
    /// No policy applies to these accounts.
    case breakGlass(FilePosition, accounts: Int, reason: String)
    /// A policy in force or reporting that is for nobody, or under conditions that never come.
    case neverApplies(FilePosition, PolicyID, reason: String)
    /// What legacy programs are asked for they cannot give: the policy blocks them.
    case blocksLegacyClients(FilePosition, PolicyID)
    /// A policy on devices sees none where nothing but a password is asked.
    case devicesAreNotAskedFor(FilePosition, PolicyID)
    /// A change of the password is asked for without two factors, so that whoever has the password can make it.
    case passwordChangeWithoutFactors(FilePosition, PolicyID)
    /// An AAGUID that the catalogue does not have.
    case unknownAAGUID(FilePosition, String)
    /// A strength holds keys to what they only claim.
    case unattestedConstraints(FilePosition, StrengthID)

    /// A stable name for logs and replies.
    public var code: String {
        switch self {
        case .breakGlass: "break-glass"
        case .neverApplies: "never-applies"
        case .blocksLegacyClients: "blocks-legacy-clients"
        case .devicesAreNotAskedFor: "devices-are-not-asked-for"
        case .passwordChangeWithoutFactors: "password-change-without-factors"
        case .unknownAAGUID: "unknown-aaguid"
        case .unattestedConstraints: "unattested-constraints"
        }
    }

    /// Where it stands.
    public var position: FilePosition {
        switch self {
        case .breakGlass(let place, _, _), .neverApplies(let place, _, _),
            .blocksLegacyClients(let place, _), .devicesAreNotAskedFor(let place, _),
            .passwordChangeWithoutFactors(let place, _), .unknownAAGUID(let place, _),
            .unattestedConstraints(let place, _):
            place
        }
    }

    /// Where, and what, in a line.
    public var description: String {
        switch self {
        case .breakGlass(let place, let accounts, let reason):
            "\(place): no policy applies to \(accounts) break-glass "
                + "\(accounts == 1 ? "account" : "accounts") (\(reason))"
        case .neverApplies(let place, let id, let reason):
            "\(place): the policy ‘\(id)’ never applies: \(reason)"
        case .blocksLegacyClients(let place, let id):
            "\(place): the policy ‘\(id)’ asks legacy programs for what they cannot give, "
                + "which blocks them; write ‘block’ if that is meant"
        case .devicesAreNotAskedFor(let place, let id):
            "\(place): the policy ‘\(id)’ does not see a sign-in by password alone; "
                + "have another policy ask for two factors"
        case .passwordChangeWithoutFactors(let place, let id):
            "\(place): the policy ‘\(id)’ lets whoever has the password change it; "
                + "ask for ‘mfa’ or a strength as well, joined by ‘all’"
        case .unknownAAGUID(let place, let aaguid):
            "\(place): the catalogue has no AAGUID \(aaguid)"
        case .unattestedConstraints(let place, let id):
            "\(place): the strength ‘\(id)’ takes a key's word for what it is; "
                + "add ‘attestation: required’"
        }
    }
}
