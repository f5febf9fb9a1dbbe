import Accounts
import LineService
import Testing

struct AdministrativeRightTests {
    /// The table of the documentation, right by right: global administrator, authentication administrator, help desk,
    /// security reader; and whether one does it to oneself.
    private static let table: [(AdministrativeRight, [Bool], onOneself: Bool)] = [
        (.readDirectory, [true, true, true, false], true),
        (.manageUsers, [true, false, false, false], true),
        (.manageGroups, [true, false, false, false], false),
        (.manageRoles, [true, false, false, false], false),
        (.manageApplications, [true, false, false, false], true),
        (.manageLocations, [true, false, false, false], true),
        (.managePolicies, [true, false, false, false], true),
        (.manageMethods, [true, true, false, false], true),
        (.manageMFA, [true, true, false, false], false),
        (.manageRisk, [true, true, false, false], false),
        (.resetPasswords, [true, true, true, false], false),
        (.issuePasses, [true, true, true, false], false),
        (.manageKeys, [true, false, false, false], true),
        (.readLogs, [true, false, false, true], true),
    ]
    private static let roles: [AdministratorRole] = [
        .globalAdministrator, .authenticationAdministrator, .helpDesk, .securityReader,
    ]

    private func refusal(
        _ right: AdministrativeRight, _ roles: Set<AdministratorRole>,
        _ subject: AdministrativeRight.Subject
    ) -> AdministrativeRefusal? {
        do throws(AdministrativeRefusal) {
            try right.check(roles, on: subject)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the table has every right and every role`() {
        #expect(Set(Self.table.map(\.0)) == Set(AdministrativeRight.allCases))
        #expect(Self.table.count == AdministrativeRight.allCases.count)
        #expect(Set(Self.roles) == Set(AdministratorRole.allCases))
        #expect(Set(AdministrativeRight.allCases.map(\.rawValue)).count == Self.table.count)
    }

    @Test func `a role may do what the table says, to users who have none`() {
        for (right, isAllowed, _) in Self.table {
            for (role, isAllowed) in zip(Self.roles, isAllowed) {
                let expected: AdministrativeRefusal? = isAllowed ? nil : .right
                #expect(refusal(right, [role], .nobody) == expected, "\(right) \(role)")
                #expect(
                    refusal(right, [role], .other(hasRole: false)) == expected,
                    "\(right) \(role)")
            }
        }
    }

    @Test func `only global administrators change anything of an administrator`() {
        for (right, isAllowed, _) in Self.table {
            let isReading = [.readDirectory, .readLogs].contains(right)
            for (role, isAllowed) in zip(Self.roles, isAllowed) where isAllowed {
                let mayDo = isReading || role == .globalAdministrator
                #expect(
                    refusal(right, [role], .other(hasRole: true))
                        == (mayDo ? nil : .administratorsAccount), "\(right) \(role)")
            }
        }
    }

    @Test func `nobody raises the own rights`() {
        for (right, isAllowed, onOneself) in Self.table {
            let isReading = [.readDirectory, .readLogs].contains(right)
            for (role, isAllowed) in zip(Self.roles, isAllowed) where isAllowed {
                let expected: AdministrativeRefusal? =
                    if !onOneself {
                        .ownAccount
                    } else if role != .globalAdministrator, !isReading {
                        .administratorsAccount
                    } else {
                        nil
                    }
                #expect(refusal(right, [role], .oneself) == expected, "\(right) \(role)")
            }
        }
    }

    @Test func `who has no role may do nothing, and who has several what any of them may`() {
        for right in AdministrativeRight.allCases {
            #expect(refusal(right, [], .nobody) == .notAdministrator)
        }
        let both: Set<AdministratorRole> = [.helpDesk, .securityReader]
        #expect(refusal(.readLogs, both, .nobody) == nil)
        #expect(refusal(.issuePasses, both, .other(hasRole: false)) == nil)
        #expect(refusal(.manageMFA, both, .other(hasRole: false)) == .right)
        #expect(refusal(.issuePasses, both, .other(hasRole: true)) == .administratorsAccount)
    }

    @Test func `each refusal has a code and words of its own`() {
        #expect(
            AdministrativeRefusal.allCases.map(\.rawValue) == [
                "not-an-administrator", "ticket-over", "no-right", "own-account",
                "administrators-account",
            ])
        #expect(Set(AdministrativeRefusal.allCases.map(\.explanation)).count == 5)
    }
}
