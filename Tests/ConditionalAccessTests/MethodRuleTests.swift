import Accounts
import ConditionalAccess
import Testing

struct MethodRuleTests {
    private static let text = """
        schema: 1
        methods:
          push: {include: {groups: [staff]}, exclude: {groups: [guests]}}
          totp: {include: all, exclude: {roles: [global-administrator]}}
          recovery: none
          apppass: {include: {users: [anna], roles: [help-desk]}}
        """

    private static let always: Set<SignInMethod> = [.webauthn, .piv, .hotp, .ocra, .hmac, .tap]

    static let cases: [(facts: String, extra: Set<SignInMethod>)] = [
        ("bert", [.totp]), ("bert g=staff", [.totp, .push]), ("bert g=staff,guests", [.totp]),
        ("bert r=global-administrator g=staff", [.push]), ("anna", [.totp, .apppass]),
        ("carl r=help-desk", [.totp, .apppass]), ("Anna", [.totp]),
    ]

    @Test(arguments: cases)
    func `allows the methods that a rule gives a user`(
        facts: String, extra: Set<SignInMethod>
    ) throws {
        let set = try Samples.set(Self.text)
        let request = try Samples.request(facts)
        let allowed = set.allowedMethods(
            for: request.user, groups: request.groups, roles: request.roles)
        #expect(allowed == Self.always.union(extra))
    }

    @Test func `allows every method without a rule`() throws {
        let allowed = PolicySet.empty.allowedMethods(
            for: try Samples.user("bert"), groups: [], roles: [])
        #expect(allowed == Self.always.union([.push, .totp, .recovery, .apppass]))
        #expect(allowed == MethodRule.methods)
    }
}
