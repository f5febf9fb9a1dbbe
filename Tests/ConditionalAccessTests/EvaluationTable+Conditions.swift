extension EvaluationTable {
    static let conditions: [Group] = [
        Group(
            "a user at high risk",
            policies: ["conditions: {user-risk: [high]}, grant: block"],
            cases: [
                ("anna pw urisk=high", "blocked by p1 | p1=failure"),
                ("anna pw urisk=medium", "granted"),
                ("anna pw", "granted"),
                ("anna pw srisk=high", "granted"),
            ]),
        Group(
            "a user at low or medium risk",
            policies: ["conditions: {user-risk: [low, medium]}, grant: block"],
            cases: [
                ("anna pw urisk=low", "blocked by p1 | p1=failure"),
                ("anna pw urisk=medium", "blocked by p1 | p1=failure"),
                ("anna pw urisk=high", "granted"),
            ]),
        Group(
            "a sign-in at risk",
            policies: ["conditions: {sign-in-risk: [medium, high]}, grant: {all: [mfa]}"],
            cases: [
                ("anna pw srisk=high", "missing p1 mfa | p1=failure"),
                ("anna pw totp srisk=medium", "granted | p1=success"),
                ("anna pw srisk=low", "granted"),
                ("anna pw urisk=high", "granted"),
            ]),
        Group(
            "both risks",
            policies: ["conditions: {user-risk: [high], sign-in-risk: [high]}, grant: block"],
            cases: [
                ("anna pw urisk=high srisk=high", "blocked by p1 | p1=failure"),
                ("anna pw urisk=high", "granted"),
                ("anna pw srisk=high", "granted"),
            ]),
        Group(
            "no risk",
            policies: ["conditions: {sign-in-risk: [none]}, grant: block"],
            cases: [
                ("anna pw", "blocked by p1 | p1=failure"),
                ("anna pw srisk=low", "granted"),
            ]),
        Group(
            "legacy programs",
            policies: ["conditions: {clients: [legacy]}, grant: block"],
            cases: [
                ("anna pw client=legacy", "blocked by p1 | p1=failure"),
                ("anna pw client=browser", "granted"),
                ("anna pw client=native", "granted"),
            ]),
        Group(
            "programs that can ask",
            policies: ["conditions: {clients: [browser, native]}, grant: {all: [mfa]}"],
            cases: [
                ("anna pw client=legacy", "granted"),
                ("anna pw client=native", "missing p1 mfa | p1=failure"),
                ("anna pw totp", "granted | p1=success"),
            ]),
        Group(
            "a program by name",
            policies: ["conditions: {user-agents: ['*Firefox*']}, grant: block"],
            cases: [
                ("anna pw ua=Mozilla/5.0_Firefox/130", "blocked by p1 | p1=failure"),
                ("anna pw ua=Firefox", "blocked by p1 | p1=failure"),
                ("anna pw ua=Mozilla/5.0_Chrome/130", "granted"),
                ("anna pw ua=firefox", "granted"),
                ("anna pw", "granted"),
            ]),
        Group(
            "every program but one",
            policies: ["conditions: {user-agents: {exclude: ['Corp/*']}}, grant: block"],
            cases: [
                ("anna pw ua=Corp/1", "granted"),
                ("anna pw ua=Corp/", "granted"),
                ("anna pw ua=Corp", "blocked by p1 | p1=failure"),
                ("anna pw ua=My_Corp/1", "blocked by p1 | p1=failure"),
                ("anna pw", "blocked by p1 | p1=failure"),
            ]),
        Group(
            "programs without some",
            policies: [
                "conditions: {user-agents: {include: ['Mozilla/*', Curl], exclude: ['*Edge*']}}, grant: block"
            ],
            cases: [
                ("anna pw ua=Mozilla/5.0", "blocked by p1 | p1=failure"),
                ("anna pw ua=Curl", "blocked by p1 | p1=failure"),
                ("anna pw ua=Mozilla/5.0_Edge/1", "granted"),
                ("anna pw ua=Curl/8", "granted"),
            ]),
        Group(
            "several conditions at once",
            policies: [
                "users: {include: {groups: [staff]}}, applications: [vpn], conditions: {clients: [native], locations: [branch], sign-in-risk: [none, low]}, grant: block"
            ],
            cases: [
                (
                    "anna pw g=staff app=vpn client=native ip=198.51.100.9",
                    "blocked by p1 | p1=failure"
                ),
                ("anna pw app=vpn client=native ip=198.51.100.9", "granted"),
                ("anna pw g=staff app=mail client=native ip=198.51.100.9", "granted"),
                ("anna pw g=staff app=vpn ip=198.51.100.9", "granted"),
                ("anna pw g=staff app=vpn client=native ip=192.0.2.9", "granted"),
                ("anna pw g=staff app=vpn client=native ip=198.51.100.9 srisk=high", "granted"),
            ]),
    ]
}
