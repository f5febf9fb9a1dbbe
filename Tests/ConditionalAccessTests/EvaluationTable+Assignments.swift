extension EvaluationTable {
    static let assignments: [Group] = [
        Group(
            "one user",
            policies: ["users: {include: {users: [anna]}}, grant: block"],
            cases: [
                ("anna pw", "blocked by p1 | p1=failure"),
                ("bert pw", "granted"),
                ("Anna pw", "granted"),
                ("anna pw g=guests r=help-desk", "blocked by p1 | p1=failure"),
            ]),
        Group(
            "one group",
            policies: ["users: {include: {groups: [staff]}}, grant: block"],
            cases: [
                ("anna pw", "granted"),
                ("anna pw g=staff", "blocked by p1 | p1=failure"),
                ("anna pw g=guests", "granted"),
                ("anna pw g=guests,staff", "blocked by p1 | p1=failure"),
                ("anna pw g=Staff", "granted"),
                ("staff pw", "granted"),
            ]),
        Group(
            "one role",
            policies: ["users: {include: {roles: [help-desk]}}, grant: block"],
            cases: [
                ("anna pw r=help-desk", "blocked by p1 | p1=failure"),
                ("anna pw r=security-reader", "granted"),
                ("anna pw r=security-reader,help-desk", "blocked by p1 | p1=failure"),
                ("anna pw g=help-desk", "granted"),
            ]),
        Group(
            "users, groups and roles",
            policies: [
                "users: {include: {users: [anna], groups: [finance], roles: [security-reader]}}, grant: block"
            ],
            cases: [
                ("anna pw", "blocked by p1 | p1=failure"),
                ("bert pw g=finance", "blocked by p1 | p1=failure"),
                ("carl pw r=security-reader", "blocked by p1 | p1=failure"),
                ("dora pw g=staff r=help-desk", "granted"),
            ]),
        Group(
            "everyone but some",
            policies: [
                "users: {include: all, exclude: {users: [anna], groups: [finance], roles: [global-administrator]}}, grant: block"
            ],
            cases: [
                ("anna pw", "granted"),
                ("bert pw", "blocked by p1 | p1=failure"),
                ("bert pw g=finance", "granted"),
                ("bert pw g=finance,staff", "granted"),
                ("bert pw g=staff", "blocked by p1 | p1=failure"),
                ("bert pw r=global-administrator", "granted"),
                ("bert pw r=help-desk", "blocked by p1 | p1=failure"),
            ]),
        Group(
            "a group without another",
            policies: [
                "users: {include: {groups: [staff]}, exclude: {groups: [finance]}}, grant: block"
            ],
            cases: [
                ("anna pw g=staff", "blocked by p1 | p1=failure"),
                ("anna pw g=staff,finance", "granted"),
                ("anna pw g=finance", "granted"),
            ]),
        Group(
            "a user without a group",
            policies: [
                "users: {include: {users: [anna]}, exclude: {groups: [finance]}}, grant: block"
            ],
            cases: [
                ("anna pw g=finance", "granted"),
                ("anna pw", "blocked by p1 | p1=failure"),
            ]),
        Group(
            "nobody",
            policies: ["users: none, grant: block"],
            cases: [
                ("anna pw", "granted")
            ]),
        Group(
            "one application",
            policies: ["applications: [mail], grant: block"],
            cases: [
                ("anna pw app=mail", "blocked by p1 | p1=failure"),
                ("anna pw app=vpn", "granted"),
                ("anna pw app=Mail", "granted"),
                ("anna pw", "granted"),
            ]),
        Group(
            "every application but one",
            policies: ["applications: {include: all, exclude: [crm]}, grant: block"],
            cases: [
                ("anna pw app=crm", "granted"),
                ("anna pw app=mail", "blocked by p1 | p1=failure"),
                ("anna pw app=new", "blocked by p1 | p1=failure"),
                ("anna pw app=a,b", "blocked by p1 | p1=failure"),
                ("anna pw", "blocked by p1 | p1=failure"),
            ]),
        Group(
            "two applications without one",
            policies: ["applications: {include: [mail, vpn], exclude: [vpn]}, grant: block"],
            cases: [
                ("anna pw app=mail", "blocked by p1 | p1=failure"),
                ("anna pw app=vpn", "granted"),
            ]),
    ]
}
