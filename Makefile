# make demo   installs what the build needs, builds, and tells the whole story in a minute
# make test   the same, and what the tests need; builds and tests
# make lint   checks the format of the sources
# make bench  the load test at several depths, and what policies cost a sign-in

BUILD_PACKAGES = ca-certificates libfido2-dev libpcsclite-dev libpng-dev libqrencode-dev libsqlite3-dev libssl-dev pkg-config
TEST_PACKAGES = chromium curl fido2-tools gcc libc6-dev librsvg2-bin netcat-openbsd oathtool opensc opensc-pkcs11 \
	openssh-client openssl pcscd python3 python3-venv redis-tools valgrind vsmartcard-vpcd yubico-piv-tool \
	zbar-tools

SWIFT = swift
CONFIGURATION = release
PROGRAM = .build/$(CONFIGURATION)/countersign
PEERS = .build/peers

.PHONY: build demo test lint bench bench-reports

build:
	@Scripts/install-packages $(BUILD_PACKAGES)
	$(SWIFT) build -c $(CONFIGURATION) --product countersign

demo: build
	$(PROGRAM) demo

test:
	@Scripts/install-packages $(BUILD_PACKAGES) $(TEST_PACKAGES)
	@Scripts/install-python-peers $(PEERS)
	$(SWIFT) build -c $(CONFIGURATION) --product countersign
	$(SWIFT) build -c $(CONFIGURATION) --build-tests
	COUNTERSIGN_PEERS=$(CURDIR)/$(PEERS) $(SWIFT) test -c $(CONFIGURATION) --skip-build --no-parallel

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Devices Firmware-notes Tests Benchmarks/*/Package.swift Benchmarks/*/Sources

bench: build
	$(PROGRAM) loadtest --scratch --credentials 64 --connections 1 --pipeline 1 --seconds 10
	$(PROGRAM) loadtest --scratch --credentials 256 --connections 16 --pipeline 1 --seconds 10
	$(PROGRAM) loadtest --scratch --credentials 1024 --connections 16 --pipeline 16 --seconds 10
	$(PROGRAM) loadtest --scratch --credentials 1024 --connections 16 --pipeline 16 --seconds 10 --rate 2000
	$(PROGRAM) loadtest --scratch --method hotp --credentials 1024 --connections 16 --pipeline 16 --seconds 10
	$(PROGRAM) loadtest --scratch --method apppass --credentials 1024 --connections 16 --pipeline 16 --seconds 10
	$(PROGRAM) policy measure --policies 1000

# The reports over ten million sign-ins: takes minutes, and 6 GB under --folder, which goes again.
bench-reports:
	cd Benchmarks/ReportFigures && $(SWIFT) run -c $(CONFIGURATION) report-figures --rows 10000000 --users 1000 --folder .build
