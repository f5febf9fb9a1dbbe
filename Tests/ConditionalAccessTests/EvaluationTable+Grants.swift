extension EvaluationTable {
    static let grants: [Group] = [
        Group(
            "all of several",
            policies: ["grant: {all: [mfa, strength: phishing-resistant]}"],
            cases: [
                ("anna pw", "missing p1 mfa, strength: phishing-resistant | p1=failure"),
                ("anna pw totp", "missing p1 strength: phishing-resistant | p1=failure"),
                ("anna webauthn!", "granted | p1=success"),
            ]),
        Group(
            "one of several",
            policies: ["conditions: {user-risk: [high]}, grant: {any: [mfa, password-change]}"],
            cases: [
                ("anna pw urisk=high", "missing p1 any of mfa, password-change | p1=failure"),
                ("anna pw urisk=high changed", "granted | p1=success"),
                ("anna pw totp urisk=high", "granted | p1=success"),
                ("anna pw urisk=high changed client=legacy", "granted | p1=success"),
                (
                    "anna pw urisk=high client=legacy",
                    "missing p1 any of mfa, password-change | p1=failure"
                ),
                ("anna pw urisk=low", "granted"),
            ]),
        Group(
            "a change of the password",
            policies: ["conditions: {user-risk: [high]}, grant: {all: [mfa, password-change]}"],
            cases: [
                ("anna pw urisk=high", "missing p1 mfa, password-change | p1=failure"),
                ("anna pw totp urisk=high", "missing p1 password-change | p1=failure"),
                ("anna pw urisk=high changed", "missing p1 mfa | p1=failure"),
                ("anna pw totp urisk=high changed", "granted | p1=success"),
                ("anna pw urisk=medium", "granted"),
            ]),
        Group(
            "two policies",
            policies: ["grant: {all: [mfa]}", "grant: {all: [strength: phishing-resistant]}"],
            cases: [
                (
                    "anna pw",
                    "missing p1 mfa; p2 strength: phishing-resistant | p1=failure p2=failure"
                ),
                ("anna pw totp", "missing p2 strength: phishing-resistant | p1=success p2=failure"),
                ("anna piv!", "granted | p1=success p2=success"),
            ]),
        Group(
            "block beside two factors",
            policies: ["grant: {all: [mfa]}", "users: {include: {users: [anna]}}, grant: block"],
            cases: [
                ("anna", "blocked by p2 | p1=failure p2=failure"),
                ("anna webauthn!", "blocked by p2 | p1=success p2=failure"),
                ("bert webauthn!", "granted | p1=success"),
                ("bert pw", "missing p1 mfa | p1=failure"),
            ]),
        Group(
            "two blocks",
            policies: ["grant: block", "grant: block"],
            cases: [
                ("anna pw", "blocked by p1 p2 | p1=failure p2=failure")
            ]),
        Group(
            "one of two strengths each",
            policies: [
                "grant: {any: [strength: passwordless, strength: phishing-resistant]}",
                "grant: {any: [mfa]}",
            ],
            cases: [
                (
                    "anna pw totp",
                    "missing p1 any of strength: passwordless, strength: phishing-resistant | p1=failure p2=success"
                ),
                (
                    "anna pw",
                    "missing p1 any of strength: passwordless, strength: phishing-resistant; p2 mfa | p1=failure p2=failure"
                ),
                ("anna push!", "granted | p1=success p2=success"),
            ]),
        Group(
            "a session alone",
            policies: ["session: {sign-in-frequency: 4h}"],
            cases: [
                ("anna pw", "granted | p1=success"),
                ("anna", "missing factor | p1=success"),
            ]),
        Group(
            "off",
            policies: ["state: off, grant: block"],
            cases: [
                ("anna pw", "granted")
            ]),
        Group(
            "a block that reports",
            policies: ["state: report-only, grant: block"],
            cases: [
                ("anna pw", "granted | p1=report-only-failure"),
                ("anna", "missing factor | p1=report-only-failure"),
            ]),
        Group(
            "two factors that report",
            policies: ["state: report-only, grant: {all: [mfa]}"],
            cases: [
                ("anna pw", "granted | p1=report-only-interrupted"),
                ("anna pw totp", "granted | p1=report-only-success"),
                ("anna pw client=legacy", "granted | p1=report-only-failure"),
                ("anna apppass", "granted | p1=report-only-failure"),
                ("anna", "missing factor | p1=report-only-interrupted"),
            ]),
        Group(
            "on beside reporting",
            policies: [
                "grant: {all: [mfa]}", "state: report-only, grant: block",
                "state: off, grant: block",
            ],
            cases: [
                ("anna pw", "missing p1 mfa | p1=failure p2=report-only-failure"),
                ("anna pw totp", "granted | p1=success p2=report-only-failure"),
            ]),
        Group(
            "a choice that reports",
            policies: [
                "state: report-only, conditions: {user-risk: [low, medium, high]}, grant: {any: [mfa, password-change]}"
            ],
            cases: [
                ("anna pw urisk=low", "granted | p1=report-only-interrupted"),
                ("anna pw urisk=low changed", "granted | p1=report-only-success"),
                ("anna pw", "granted"),
            ]),
        Group(
            "break-glass",
            policies: ["grant: block", "state: report-only, grant: {all: [mfa]}"],
            more: "break-glass: {users: [root], reason: the safe in the cellar}",
            cases: [
                ("root pw", "granted"),
                ("root", "missing factor"),
                ("root per-user pw", "missing user mfa"),
                ("root per-user pw totp", "granted"),
                ("anna pw", "blocked by p1 | p1=failure p2=report-only-interrupted"),
            ]),
    ]
}
