extension EvaluationTable {
    static let strengths: [Group] = [
        Group(
            "a finger, attested",
            policies: ["grant: {all: [strength: own]}"],
            more:
                "strengths: [{id: own, combinations: [[webauthn]], key: {user-verification: biometric, attestation: required}}]",
            cases: [
                ("anna webauthn!@anvil", "granted | p1=success"),
                ("anna webauthn@anvil", "missing p1 strength: own | p1=failure"),
                ("anna webauthn!@claimed", "missing p1 strength: own | p1=failure"),
                ("anna webauthn!@sensorless", "missing p1 strength: own | p1=failure"),
                ("anna webauthn!", "missing p1 strength: own | p1=failure"),
                ("anna piv!@card", "missing p1 strength: own | p1=failure"),
                ("anna pw webauthn@anvil", "missing p1 strength: own | p1=failure"),
                ("anna webauthn!@anvil client=legacy", "missing p1 strength: own | p1=failure"),
            ]),
        Group(
            "allowed AAGUIDs",
            policies: ["grant: {all: [strength: own]}"],
            more:
                "strengths: [{id: own, combinations: [[webauthn]], key: {aaguids: [00112233-4455-6677-8899-aabbccddeeff]}}]",
            cases: [
                ("anna webauthn!@anvil", "granted | p1=success"),
                ("anna webauthn!@stranger", "missing p1 strength: own | p1=failure"),
                ("anna webauthn!@claimed", "granted | p1=success"),
                ("anna webauthn!", "missing p1 strength: own | p1=failure"),
            ]),
        Group(
            "allowed models",
            policies: ["grant: {all: [strength: own]}"],
            more:
                "strengths: [{id: own, combinations: [[webauthn], [piv]], key: {models: [acme-card]}}]",
            cases: [
                ("anna piv!@card", "granted | p1=success"),
                ("anna piv@card", "missing p1 strength: own | p1=failure"),
                ("anna webauthn!@anvil", "missing p1 strength: own | p1=failure"),
                ("anna piv!", "missing p1 strength: own | p1=failure"),
            ]),
        Group(
            "certified to level 2",
            policies: ["grant: {all: [strength: own]}"],
            more:
                "strengths: [{id: own, combinations: [[webauthn]], key: {certification: fido-l2}}]",
            cases: [
                ("anna webauthn!@anvil", "missing p1 strength: own | p1=failure"),
                ("anna webauthn!@certified", "granted | p1=success"),
                ("anna webauthn!@uncertified", "missing p1 strength: own | p1=failure"),
            ]),
        Group(
            "certified to level 1",
            policies: ["grant: {all: [strength: own]}"],
            more:
                "strengths: [{id: own, combinations: [[webauthn]], key: {certification: fido-l1}}]",
            cases: [
                ("anna webauthn!@anvil", "granted | p1=success"),
                ("anna webauthn!@certified", "granted | p1=success"),
                ("anna webauthn!@uncertified", "missing p1 strength: own | p1=failure"),
            ]),
        Group(
            "without any advisory",
            policies: ["grant: {all: [strength: own]}"],
            more:
                "strengths: [{id: own, combinations: [[webauthn]], key: {without-advisories: any}}]",
            cases: [
                ("anna webauthn!@anvil", "granted | p1=success"),
                ("anna webauthn!@flawed", "missing p1 strength: own | p1=failure"),
                ("anna webauthn!@stranger", "missing p1 strength: own | p1=failure"),
            ]),
        Group(
            "without one advisory",
            policies: ["grant: {all: [strength: own]}"],
            more:
                "strengths: [{id: own, combinations: [[webauthn]], key: {without-advisories: [ACME-2030-01]}}]",
            cases: [
                ("anna webauthn!@anvil", "granted | p1=success"),
                ("anna webauthn!@flawed", "missing p1 strength: own | p1=failure"),
                ("anna webauthn!@stranger", "missing p1 strength: own | p1=failure"),
            ]),
        Group(
            "without another advisory",
            policies: ["grant: {all: [strength: own]}"],
            more:
                "strengths: [{id: own, combinations: [[webauthn]], key: {without-advisories: [ACME-2030-02]}}]",
            cases: [
                ("anna webauthn!@flawed", "granted | p1=success"),
                ("anna webauthn!", "missing p1 strength: own | p1=failure"),
            ]),
        Group(
            "in hardware",
            policies: ["grant: {all: [strength: own]}"],
            more:
                "strengths: [{id: own, combinations: [[webauthn], [password, totp]], key: {hardware: required}}]",
            cases: [
                ("anna webauthn!^", "granted | p1=success"),
                ("anna webauthn!", "missing p1 strength: own | p1=failure"),
                ("anna pw totp", "granted | p1=success"),
                ("anna webauthn! webauthn!^", "granted | p1=success"),
                ("anna pw webauthn^", "missing p1 strength: own | p1=failure"),
            ]),
        Group(
            "a code with the password, or a card",
            policies: ["grant: {all: [strength: own]}"],
            more: "strengths: [{id: own, combinations: [[password, totp], [piv]]}]",
            cases: [
                ("anna pw totp", "granted | p1=success"),
                ("anna totp", "missing p1 strength: own | p1=failure"),
                ("anna pw hotp", "missing p1 strength: own | p1=failure"),
                ("anna piv!", "granted | p1=success"),
                ("anna piv", "missing p1 strength: own | p1=failure"),
                ("anna pw piv", "missing p1 strength: own | p1=failure"),
                ("anna tap", "missing p1 strength: own | p1=failure"),
                ("anna pw totp client=native", "granted | p1=success"),
            ]),
        Group(
            "two things at once",
            policies: ["grant: {all: [strength: own]}"],
            more: "strengths: [{id: own, combinations: [[webauthn, totp]]}]",
            cases: [
                ("anna webauthn! totp", "granted | p1=success"),
                ("anna totp webauthn!", "granted | p1=success"),
                ("anna webauthn!", "missing p1 strength: own | p1=failure"),
                ("anna webauthn totp", "missing p1 strength: own | p1=failure"),
                ("anna pw webauthn totp", "missing p1 strength: own | p1=failure"),
            ]),
        Group(
            "the password and a model",
            policies: ["grant: {all: [strength: own]}"],
            more:
                "strengths: [{id: own, combinations: [[password, webauthn]], key: {models: [acme-anvil]}}]",
            cases: [
                ("anna pw webauthn@anvil", "granted | p1=success"),
                ("anna pw webauthn", "missing p1 strength: own | p1=failure"),
                ("anna pw totp", "missing p1 strength: own | p1=failure"),
                ("anna webauthn!@anvil", "missing p1 strength: own | p1=failure"),
                ("anna password webauthn@anvil", "granted | p1=success"),
            ]),
        Group(
            "a pass or a phone",
            policies: ["grant: {all: [strength: own]}"],
            more: "strengths: [{id: own, combinations: [[tap], [push]]}]",
            cases: [
                ("anna tap", "granted | p1=success"),
                ("anna push!", "granted | p1=success"),
                ("anna push", "missing p1 strength: own | p1=failure"),
                ("anna pw push", "missing p1 strength: own | p1=failure"),
            ]),
    ]
}
