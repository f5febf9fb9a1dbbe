extension EvaluationTable {
    static let devices: [Group] = [
        Group(
            "an advisory",
            policies: ["conditions: {devices: {include: {health: [advisory]}}}, grant: block"],
            cases: [
                ("anna", "missing factor"),
                ("anna pw", "granted"),
                ("anna webauthn!@anvil", "granted"),
                ("anna webauthn!@flawed", "blocked by p1 | p1=failure"),
                ("anna totp", "granted"),
                ("anna tap", "granted"),
                ("anna webauthn!@anvil webauthn!@flawed", "blocked by p1 | p1=failure"),
            ]),
        Group(
            "nothing known",
            policies: ["conditions: {devices: {include: {health: [unknown]}}}, grant: block"],
            cases: [
                ("anna pw", "granted"),
                ("anna pw totp", "blocked by p1 | p1=failure"),
                ("anna webauthn!", "blocked by p1 | p1=failure"),
                ("anna webauthn!@stranger", "blocked by p1 | p1=failure"),
                ("anna webauthn!@anvil", "granted"),
                ("anna apppass", "granted"),
                ("anna tap", "granted"),
            ]),
        Group(
            "every model but one",
            policies: ["conditions: {devices: {exclude: {models: [acme-anvil]}}}, grant: block"],
            cases: [
                ("anna pw", "granted"),
                ("anna webauthn!@anvil", "granted"),
                ("anna webauthn!@stranger", "blocked by p1 | p1=failure"),
                ("anna piv!@card", "blocked by p1 | p1=failure"),
                ("anna pw totp", "blocked by p1 | p1=failure"),
                ("anna webauthn!@anvil totp", "blocked by p1 | p1=failure"),
            ]),
        Group(
            "attested ones",
            policies: [
                "conditions: {devices: {include: {attested: true}}}, grant: {all: [strength: phishing-resistant]}"
            ],
            cases: [
                ("anna pw webauthn@anvil", "missing p1 strength: phishing-resistant | p1=failure"),
                ("anna webauthn!@anvil", "granted | p1=success"),
                ("anna pw webauthn@claimed", "granted"),
            ]),
        Group(
            "ones not attested",
            policies: ["conditions: {devices: {include: {attested: false}}}, grant: block"],
            cases: [
                ("anna webauthn!@claimed", "blocked by p1 | p1=failure"),
                ("anna webauthn!@anvil", "granted"),
                ("anna pw totp", "blocked by p1 | p1=failure"),
            ]),
        Group(
            "an AAGUID",
            policies: [
                "conditions: {devices: {include: {aaguids: [00112233-4455-6677-8899-aabbccddeeff]}}}, grant: block"
            ],
            cases: [
                ("anna webauthn!@anvil", "blocked by p1 | p1=failure"),
                ("anna webauthn!@stranger", "granted"),
                ("anna piv!@card", "granted"),
            ]),
        Group(
            "a model that is not well",
            policies: [
                "conditions: {devices: {include: {models: [acme-anvil]}, exclude: {health: [healthy]}}}, grant: block"
            ],
            cases: [
                ("anna webauthn!@anvil", "granted"),
                ("anna webauthn!@flawed", "blocked by p1 | p1=failure"),
                ("anna piv!@card", "granted"),
            ]),
    ]
}
