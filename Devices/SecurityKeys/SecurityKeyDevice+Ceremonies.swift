public import Authenticators
import WebAuthn

extension SecurityKeyDevice {
    /// Makes a credential.
    ///
    /// The first of the wanted algorithms that the key has is used. User verification is by the key's own means where
    /// they are set up, else by PIN; where it is only preferred and nothing is set up, there is none.
    public func register(
        _ request: CredentialCreationRequest, interaction: Interaction
    ) async throws(AuthenticatorFailure) -> CreatedCredential {
        try await exclusively(interaction) { (device) async throws(AuthenticatorFailure) in
            let information = try device.information()
            guard let algorithm = information.algorithm(among: request.algorithms) else {
                throw .unsupportedAlgorithm
            }
            let credential = try CredentialHandle.request(
                request, algorithm: algorithm,
                isDiscoverable: information.isDiscoverable(request.residentKey))
            try await carryOut(
                credential, verification: request.userVerification, timeout: request.timeout,
                information: information, device: device, interaction: interaction)
            return CreatedCredential(
                credentialID: try credential.credentialID,
                attestationObject: try credential.attestationObject,
                transports: information.transports.isEmpty ? [.usb] : information.transports)
        }
    }

    /// Gets assertions: one where the request names credentials, else one for each account that the key knows at the
    /// relying party, the youngest first, for the caller to choose from. Never none.
    public func authenticate(
        _ request: AssertionRequest, interaction: Interaction
    ) async throws(AuthenticatorFailure) -> [Assertion] {
        try await exclusively(interaction) { (device) async throws(AuthenticatorFailure) in
            let information = try device.information()
            let assertion = try AssertionHandle.request(request)
            try await carryOut(
                assertion, verification: request.userVerification, timeout: request.timeout,
                information: information, device: device, interaction: interaction)
            return try assertion.assertions(allowedCredentials: request.allowedCredentials)
        }
    }

    /// Attempts a ceremony until it succeeds or nothing is left to try.
    private func carryOut(
        _ ceremony: borrowing some CeremonyHandle & ~Copyable,
        verification: UserVerificationRequirement, timeout: Duration,
        information: KeyInformation, device: borrowing DeviceHandle, interaction: Interaction
    ) async throws(AuthenticatorFailure) {
        var plan = VerificationPlan(requirement: verification, abilities: information.abilities)
        var step = plan.firstStep()
        var isRepeated = false
        while true {
            let method: VerificationPlan.Method
            switch step {
            case .fail(let failure): throw failure
            case .attempt(let next): method = next
            }
            let pin: PIN?
            if method == .pin {
                pin = try await askForPIN(
                    isRepeated: isRepeated, information: information, device: device,
                    interaction: interaction)
                isRepeated = true
            } else {
                pin = nil
            }
            let status = try device.run(
                ceremony, by: method, pin: pin, means: information.means, timeout: timeout)
            if status == .success { return }
            let retriesLeft = try device.retriesLeft(after: status)
            step = plan.step(after: status, retriesLeft: retriesLeft)
            switch (method, status) {
            case (.builtIn, .userVerificationInvalid):
                interaction.report(
                    .verificationFailed(information.means, retriesLeft: retriesLeft))
            case (.pin, .pinInvalid): interaction.report(.pinRejected(retriesLeft: retriesLeft))
            default: break
            }
            if method == .builtIn, step == .attempt(.pin) {
                interaction.report(.verificationUnavailable(information.means))
            }
        }
    }

    /// Asks the person for the PIN, unless it is known to be of no use.
    private func askForPIN(
        isRepeated: Bool, information: KeyInformation, device: borrowing DeviceHandle,
        interaction: Interaction
    ) async throws(AuthenticatorFailure) -> PIN {
        if information.isPINChangeRequired { throw .pinPolicy }
        let request = PINRequest(retriesLeft: try device.pinRetries(), isRepeated: isRepeated)
        guard request.retriesLeft != 0 else { throw .pinBlocked }
        interaction.report(.pinNeeded(request))
        guard let pin = await interaction.pin(request) else { throw .pinNotGiven }
        return pin
    }
}

extension DeviceHandle {
    /// How often the method that has just failed may fail again, where that means something.
    borrowing func retriesLeft(after status: FIDOStatus) throws(AuthenticatorFailure) -> Int? {
        switch status {
        case .userVerificationInvalid: try verificationRetries()
        case .pinInvalid: try pinRetries()
        default: nil
        }
    }
}

extension KeyInformation {
    var abilities: VerificationPlan.Abilities {
        VerificationPlan.Abilities(
            builtIn: .init(option: options["uv"]), pin: .init(option: options["clientPin"]))
    }

    /// Whether to ask for a discoverable credential.
    func isDiscoverable(
        _ requirement: ResidentKeyRequirement
    ) throws(AuthenticatorFailure) -> Bool {
        let isSupported = options["rk"] == true
        switch requirement {
        case .discouraged: return false
        case .preferred: return isSupported
        case .required:
            guard isSupported else { throw .unsupportedFeature(name: "rk") }
            return true
        }
    }
}
