/// What is left to ask of a policy once the index has found it. A class, for a thousand of them are looked at in turn
/// and a value would be copied field by field.
final class CompiledPolicy: Sendable {
    let id: PolicyID
    let isInForce: Bool
    let userAgents: UserAgentCondition?
    let devices: DeviceCondition?
    let grant: Grant
    /// All that is missing where nothing of it was shown.
    let missing: [MissingControl]
    let signInFrequency: SignInFrequency?

    init(_ policy: AccessPolicy) {
        id = policy.id
        isInForce = policy.state == .on
        userAgents = policy.conditions.userAgents
        devices = policy.conditions.devices
        grant = policy.grant
        missing = policy.grant.controls.map { control in
            switch control {
            case .multiFactor: .multiFactor
            case .strength(let id): .strength(id)
            case .passwordChange: .passwordChange
            }
        }
        signInFrequency = policy.signInFrequency
    }
}
