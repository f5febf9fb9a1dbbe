import Accounts
import ConditionalAccess
import Testing

struct StrengthTests {
    private static let words = [
        "webauthn", "webauthn!", "piv", "piv!", "push", "push!", "totp", "totp!", "hotp", "ocra",
        "hmac", "recovery", "tap", "apppass", "code", "password",
    ]

    @Test func `has three strengths built in, with these combinations`() {
        #expect(
            AuthenticationStrength.builtIn.map(\.id.text) == [
                "mfa", "passwordless", "phishing-resistant",
            ])
        #expect(
            AuthenticationStrength.passwordless.combinations == [[.webauthn], [.piv], [.push]])
        #expect(AuthenticationStrength.phishingResistant.combinations == [[.webauthn], [.piv]])
        #expect(
            AuthenticationStrength.multiFactor.combinations == [
                [.webauthn], [.piv], [.push], [.tap], [.password, .webauthn], [.password, .piv],
                [.password, .push], [.password, .totp], [.password, .hotp], [.password, .ocra],
                [.password, .hmac], [.password, .recovery],
            ])
    }

    @Test func `means by mfa what counts as two factors, for every pair of factors`() throws {
        for hasPassword in [false, true] {
            for first in Self.words {
                for second in Self.words {
                    let factors = [try Samples.factor(first), try Samples.factor(second)]
                    #expect(
                        AuthenticationStrength.multiFactor.isMet(
                            by: factors, hasPassword: hasPassword)
                            == AuthenticationStrength.isMultiFactor(
                                factors, hasPassword: hasPassword),
                        "\(first) \(second) \(hasPassword)")
                }
            }
        }
    }

    @Test func `counts as two factors alone only what verified its person, and a pass`() throws {
        let alone = try Self.words.filter {
            AuthenticationStrength.isMultiFactor([try Samples.factor($0)], hasPassword: false)
        }
        #expect(alone == ["webauthn!", "piv!", "push!", "tap"])
        let beside = try Self.words.filter {
            AuthenticationStrength.isMultiFactor([try Samples.factor($0)], hasPassword: true)
        }
        #expect(
            beside == [
                "webauthn", "webauthn!", "piv", "piv!", "push", "push!", "totp", "totp!", "hotp",
                "ocra", "hmac", "recovery", "tap",
            ])
        #expect(!AuthenticationStrength.isMultiFactor([], hasPassword: true))
    }

    @Test func `meets no strength that is stronger by one that is weaker`() throws {
        for word in Self.words {
            let factors = [try Samples.factor(word)]
            func meets(_ strength: AuthenticationStrength) -> Bool {
                strength.isMet(by: factors, hasPassword: true)
            }
            if meets(.phishingResistant) { #expect(meets(.passwordless)) }
            if meets(.passwordless) { #expect(meets(.multiFactor)) }
        }
    }

    @Test(arguments: ["", "A", "a b", "ä", "a_b", String(repeating: "a", count: 65)])
    func `refuses names of policies and strengths that are none`(text: String) {
        #expect(PolicyID(text) == nil)
        #expect(StrengthID(text) == nil)
    }

    @Test(arguments: ["a", "mfa-2", "-", String(repeating: "a", count: 64)])
    func `takes names of policies and strengths`(text: String) {
        #expect(PolicyID(text)?.description == text)
        #expect(StrengthID(text)?.description == text)
    }
}
