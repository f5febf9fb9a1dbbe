extension EvaluationTable {
    static let places: [Group] = [
        Group(
            "anywhere not trusted",
            policies: ["conditions: {locations: {include: any, exclude: trusted}}, grant: block"],
            cases: [
                ("anna pw ip=192.0.2.1", "granted"),
                ("anna pw ip=192.0.2.255", "granted"),
                ("anna pw ip=192.0.3.0", "blocked by p1 | p1=failure"),
                ("anna pw ip=198.51.100.1", "blocked by p1 | p1=failure"),
                ("anna pw ip=203.0.113.15", "blocked by p1 | p1=failure"),
                ("anna pw ip=203.0.113.16", "granted"),
                ("anna pw ip=203.0.113.31", "granted"),
                ("anna pw ip=203.0.113.32", "blocked by p1 | p1=failure"),
                ("anna pw ip=2001:db8::1", "granted"),
                ("anna pw ip=2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "granted"),
                ("anna pw ip=2001:db9::1", "blocked by p1 | p1=failure"),
                ("anna pw ip=::ffff:192.0.2.9", "granted"),
                ("anna pw", "blocked by p1 | p1=failure"),
                ("anna pw cc=DE", "blocked by p1 | p1=failure"),
            ]),
        Group(
            "trusted places",
            policies: ["conditions: {locations: trusted}, grant: block"],
            cases: [
                ("anna pw ip=192.0.2.77", "blocked by p1 | p1=failure"),
                ("anna pw ip=198.51.100.1", "granted"),
                ("anna pw", "granted"),
            ]),
        Group(
            "a place by name",
            policies: ["conditions: {locations: [branch]}, grant: block"],
            cases: [
                ("anna pw ip=198.51.100.200", "blocked by p1 | p1=failure"),
                ("anna pw ip=192.0.2.1", "granted"),
                ("anna pw", "granted"),
            ]),
        Group(
            "countries",
            policies: ["conditions: {locations: [home]}, grant: block"],
            cases: [
                ("anna pw cc=DE", "blocked by p1 | p1=failure"),
                ("anna pw cc=AT ip=8.8.8.8", "blocked by p1 | p1=failure"),
                ("anna pw cc=FR", "granted"),
                ("anna pw", "granted"),
            ]),
        Group(
            "anywhere but home",
            policies: ["conditions: {locations: {include: any, exclude: [home]}}, grant: block"],
            cases: [
                ("anna pw cc=DE", "granted"),
                ("anna pw cc=FR", "blocked by p1 | p1=failure"),
                ("anna pw", "blocked by p1 | p1=failure"),
            ]),
        Group(
            "no country known",
            policies: ["conditions: {locations: [nowhere]}, grant: block"],
            cases: [
                ("anna pw", "blocked by p1 | p1=failure"),
                ("anna pw ip=192.0.2.1", "blocked by p1 | p1=failure"),
                ("anna pw cc=FR", "granted"),
            ]),
        Group(
            "a country or a network",
            policies: ["conditions: {locations: [home, branch]}, grant: block"],
            cases: [
                ("anna pw cc=FR ip=198.51.100.7", "blocked by p1 | p1=failure"),
                ("anna pw cc=DE ip=8.8.8.8", "blocked by p1 | p1=failure"),
                ("anna pw cc=FR ip=8.8.8.8", "granted"),
            ]),
        Group(
            "networks written out",
            policies: [
                "conditions: {locations: {networks: [10.0.0.0/8, '2001:db8:1::/48', 172.16.0.1]}}, grant: block"
            ],
            cases: [
                ("anna pw ip=10.0.0.0", "blocked by p1 | p1=failure"),
                ("anna pw ip=10.255.255.255", "blocked by p1 | p1=failure"),
                ("anna pw ip=11.0.0.0", "granted"),
                ("anna pw ip=9.255.255.255", "granted"),
                ("anna pw ip=172.16.0.1", "blocked by p1 | p1=failure"),
                ("anna pw ip=172.16.0.2", "granted"),
                ("anna pw ip=2001:db8:1:ffff::1", "blocked by p1 | p1=failure"),
                ("anna pw ip=2001:db8:2::1", "granted"),
            ]),
        Group(
            "all of one version",
            policies: ["conditions: {locations: {networks: [0.0.0.0/0]}}, grant: block"],
            cases: [
                ("anna pw ip=255.255.255.255", "blocked by p1 | p1=failure"),
                ("anna pw ip=0.0.0.0", "blocked by p1 | p1=failure"),
                ("anna pw ip=2001:db8::1", "granted"),
            ]),
        Group(
            "trusted and named without one",
            policies: [
                "conditions: {locations: {include: {trusted: true, names: [branch]}, exclude: [vault]}}, grant: block"
            ],
            cases: [
                ("anna pw ip=192.0.2.1", "blocked by p1 | p1=failure"),
                ("anna pw ip=198.51.100.1", "blocked by p1 | p1=failure"),
                ("anna pw ip=203.0.113.17", "granted"),
                ("anna pw ip=8.8.8.8", "granted"),
            ]),
    ]
}
