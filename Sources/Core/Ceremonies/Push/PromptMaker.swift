import Accounts
import Addresses
import CredentialStore
import Cryptography
import Encoding
import PushMessages
import Secrets
import WebAuthn

/// Makes prompts for a user's phones, and signs them.
struct PromptMaker: Sendable {
    let policy: PushPolicy
    let key: P256PrivateKey
    let vault: SecretVault
    let random: @Sendable (Int) -> [UInt8]

    /// A prompt for whoever of `audience` may be asked. With nobody there it is a decoy, and made with the same steps.
    ///
    /// - Throws: ``PushMessages/MalformedPush`` for texts that a prompt cannot show.
    func draft(
        _ request: PushRequest, _ audience: PushAudience, at now: Timestamp
    ) throws(MalformedPush) -> PromptDraft {
        guard let id = PromptID(bytes: random(PromptID.byteCount)) else { throw .value("prompt") }
        let challenge = random(Prompt.challengeLength)
        let expiry = now.advanced(by: policy.boundedLifetime)
        let (number, choices) = numbers()
        let shown = Prompt.Shown(
            server: policy.serverName, user: request.user.text, application: request.application,
            detail: request.detail, address: request.address?.description ?? "",
            country: request.country ?? "")
        func prompt(_ phone: PhoneID) throws(MalformedPush) -> Prompt {
            try Prompt(
                id: id, challenge: challenge, phone: phone, issuedAt: now.milliseconds,
                expiresAt: expiry.milliseconds, digits: policy.boundedDigits, choices: choices,
                shown: shown)
        }
        var prompts: [PhoneID: Prompt] = [:]
        for phone in asked(of: audience) {
            if let phone = phone.phoneID { prompts[phone] = try prompt(phone) }
        }
        if prompts.isEmpty, let nobody = PhoneID(bytes: random(PhoneID.byteCount)) {
            _ = try prompt(nobody)
        }
        return PromptDraft(
            id: id,
            facts: PromptFacts(
                transaction: Base64URL.encode(random(16)), user: request.user,
                client: request.client, application: request.application,
                address: request.address,
                challenge: SpentChallenge(challenge: challenge, expiresAt: expiry),
                attempt: request.attempt),
            number: number, lifetime: policy.boundedLifetime, prompts: prompts,
            silence: silence(of: audience, isAsked: !prompts.isEmpty))
    }

    /// The phones that may be asked.
    func asked(of audience: PushAudience) -> [Phone] {
        guard audience.stoppedAt == nil else { return [] }
        return audience.phones.filter { $0.keyGuard >= policy.minimumGuard }
    }

    private func silence(of audience: PushAudience, isAsked: Bool) -> PushReason {
        if audience.stoppedAt != nil { return .stopped }
        return isAsked ? .expired : .noPhone
    }

    /// The number to match, and those that it is to be chosen from.
    private func numbers() -> (number: String, choices: [String]) {
        let number = freshNumber()
        guard policy.numberEntry == .chosen else { return (number, []) }
        var choices = [number]
        while choices.count < 3 {
            let other = freshNumber()
            if !choices.contains(other) { choices.append(other) }
        }
        // Where the right one stands is random too.
        choices.swapAt(0, Int(below(3)))
        return (number, choices)
    }

    private func freshNumber() -> String {
        let digits = policy.boundedDigits
        let bound = (0..<digits).reduce(UInt64(1)) { bound, _ in bound * 10 }
        let text = String(below(bound))
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }

    /// A random number below a bound that is so small that the remainder favours none.
    private func below(_ bound: UInt64) -> UInt64 {
        random(8).reduce(0) { $0 << 8 | UInt64($1) } % bound
    }

    /// The prompts with the server's signature; a prompt that cannot be signed is absent.
    func signed(_ prompts: [PhoneID: Prompt]) -> [PhoneID: SignedPrompt] {
        prompts.compactMapValues { prompt in
            guard
                let signature = try? key.rawSignature(for: SignedPrompt.message(of: prompt))
            else { return nil }
            return try? SignedPrompt(prompt: prompt, signature: signature)
        }
    }

    /// What is to be sent to a phone that takes Web Push messages.
    ///
    /// - Throws: ``Secrets/SecretError`` where the phone's secret does not open, as after its row was moved.
    func dispatch(
        _ prompt: SignedPrompt, to phone: Phone
    ) throws -> PushDispatch? {
        guard let stored = phone.subscription else { return nil }
        let secret = try vault.open(
            stored.sealedSecret, at: .subscription(of: phone.id, phone.owner))
        return PushDispatch(
            message: prompt.encoded(),
            subscription: try PhoneSubscription(
                endpoint: stored.endpoint, publicKey: stored.publicKey,
                authenticationSecret: secret),
            lifetime: policy.boundedLifetime, topic: phone.id.text)
    }
}
