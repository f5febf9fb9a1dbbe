#!/bin/bash
# Holds an authenticator that speaks CTAPHID over UDP against the stock fido2-token, fido2-cred and fido2-assert.
#
# usage: fido2_tools_round.sh HOST PORT
#
# Needs fido2-tools, libfido2-dev, a C compiler and python3. The authenticator must be fresh: no PIN, one fingerprint
# enrolled, a person who touches at once with that finger, and resets allowed at any time.
# Prints a line PASS or FAIL for each step; the exit code is 1 if any step failed.
set -u
[ $# = 2 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }
device=udp:$1:$2
sources=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
cc -shared -fPIC -o preload.so "$sources/udp_device_preload.c" -lfido2 || exit 2
failures=0

# Runs a tool against the device; what it prints goes to the file `output`.
tool() { LD_PRELOAD=$work/preload.so timeout 20 "$@" >output 2>&1 </dev/null; }

# The same, answering the PIN prompts on the tool's terminal: answering PIN... -- TOOL...
answering() {
    LD_PRELOAD=$work/preload.so timeout 20 python3 "$sources/at_terminal.py" "$@" >output 2>&1 \
        </dev/null
}

# Reports the step that has just run: passed NAME, or refused NAME ERROR for one that must fail with that error.
passed() {
    if [ $? = 0 ]; then echo "PASS $1"; else report_failure "$1"; fi
}
refused() {
    if [ $? != 0 ] && grep -q "$2" output; then echo "PASS $1"; else report_failure "$1"; fi
}
report_failure() {
    echo "FAIL $1"
    sed 's/^/    /' output
    failures=$((failures + 1))
}
# Says whether the device's information has a line that matches.
shows() {
    tool fido2-token -I "$device" && grep -Eq "$2" output
    passed "$1"
}
random() { head -c "$1" /dev/urandom | base64 -w0; }
lines() { printf '%s\n' "$@"; }

# What the authenticator is.
shows "information" '^version strings: U2F_V2, FIDO_2_0, FIDO_2_1$'
shows "AAGUID" '^aaguid: c0de51a47e574b1e9a5e0c5ec0de0001$'
shows "firmware version" '^fwversion: 0x10000$'
shows "a fingerprint and no PIN" '^options: .*[ ,]uv,.*noclientPin'

# A credential that the key does not store.
lines "$(random 32)" example.com alice "$(random 16)" >credential.in
tool fido2-cred -M -i credential.in -o credential.out "$device"
passed "makeCredential"
[ "$(sed -n 3p credential.out)" = packed ]
passed "its attestation is packed"
tool fido2-cred -V -i credential.out -o credential
passed "its attestation verifies"
lines "$(random 32)" example.com "$(head -1 credential)" >assertion.in
tail -n +2 credential >public-key
tool fido2-assert -G -i assertion.in -o assertion.out "$device"
passed "getAssertion"
tool fido2-assert -V -p -i assertion.out public-key es256
passed "its signature verifies"

# U2F.
tool fido2-cred -M -u -i credential.in -o u2f.out "$device"
passed "U2F registration"
tool fido2-cred -V -i u2f.out -o u2f
passed "its attestation verifies"
lines "$(random 32)" example.com "$(head -1 u2f)" >u2f-assertion.in
tail -n +2 u2f >u2f-public-key
tool fido2-assert -G -u -i u2f-assertion.in -o u2f-assertion.out "$device"
passed "U2F authentication"
tool fido2-assert -V -p -i u2f-assertion.out u2f-public-key es256
passed "its signature verifies"

# A discoverable credential, with the finger.
tool fido2-cred -M -r -v -h -i credential.in -o discoverable.out "$device"
passed "makeCredential: discoverable, user verification, hmac-secret"
tool fido2-cred -V -v -h -i discoverable.out -o discoverable
passed "its attestation verifies, with user verification"
tool fido2-token -L -r "$device" && grep -q 'example\.com$' output
passed "relying parties"
tool fido2-token -L -k example.com "$device" && grep -q 'es256' output
passed "credentials of a relying party"
tool fido2-token -I -c "$device" && grep -q '^existing rk(s): 1$' output
passed "credential metadata"
random 32 >blob.key
head -c 3000 /dev/urandom >blob
tool fido2-token -S -b -k blob.key blob "$device"
passed "a large blob is written"
tool fido2-token -G -b -k blob.key blob.read "$device" && cmp -s blob blob.read
passed "and read again"

# The PIN.
answering 1234 1234 -- fido2-token -S "$device"
passed "the PIN is set"
answering 9999 123456 123456 -- fido2-token -C "$device"
refused "a wrong PIN is refused" FIDO_ERR_PIN_INVALID
shows "and costs a retry" '^pin retries: 7$'
answering 1234 123456 123456 -- fido2-token -C "$device"
passed "the PIN is changed"
shows "and the retries are back" '^pin retries: 8$'
lines "$(random 32)" example.com "$(random 32)" >usernameless.in
answering 123456 -- fido2-assert -G -r -v -h -i usernameless.in -o usernameless.out "$device"
passed "getAssertion without a credential ID: PIN, hmac-secret"
tail -n +2 discoverable >discoverable-key
tool fido2-assert -V -v -h -i usernameless.out discoverable-key es256
passed "its signature verifies, with user verification"
answering 123456 -- fido2-token -L -e "$device" && grep -q 'right index finger' output
passed "fingerprints"
answering 123456 -- fido2-token -L -b "$device"
passed "large blobs"
answering 123456 -- fido2-token -S -a "$device"
passed "enterprise attestation"
shows "is on" '^options: ep,'
answering 123456 -- fido2-token -S -u "$device"
passed "alwaysUv"
shows "is on, and U2F is off" '^version strings: FIDO_2_0, FIDO_2_1$'
answering 123456 -- fido2-token -D -u "$device"
passed "alwaysUv off"
shows "is off" '^options: .*noalwaysUv'
answering 123456 -- fido2-token -S -l 8 "$device"
passed "a longer minimum for the PIN"
shows "asks for another PIN" '^pin change required: true$'

# Reset, and a first finger.
tool fido2-token -R "$device"
passed "reset"
shows "leaves nothing" '^options: .*nouv,.*noclientPin'
answering 1234 1234 -- fido2-token -S "$device"
passed "the PIN is set anew"
answering 9999 -- fido2-token -L -e "$device"
refused "a wrong PIN is refused" FIDO_ERR_PIN_INVALID
answering 1234 -- fido2-token -S -e "$device"
passed "a finger is enrolled"
shows "and verifies from now on" '^options: .*[ ,]uv,'
answering 1234 -- fido2-cred -M -r -v -i credential.in -o discoverable.out "$device"
passed "makeCredential with it"

[ $failures = 0 ]
