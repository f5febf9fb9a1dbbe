/*
 * Keeps a pcscd that tests start to itself. Preloaded into it,
 *
 * - it has all that pcscd keeps in /run/pcscd kept in the folder PCSCD_FOLDER instead, so that it needs no
 *   privileges and is in nobody's way;
 * - it makes every IPv4 address that is bound 127.0.0.1: vpcd's driver binds all of them;
 * - it ends the process when its standard input ends, which is when whoever started it is gone.
 *
 * Built by the tests: cc -shared -fPIC -o confinement.so pcscd.c
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define HOME "/run/pcscd"
#define NEXT(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))

/* Where a file of pcscd's really is. A path that is too long is left alone, and the call will say so. */
static const char *moved(const char *path, char *room, size_t capacity) {
	const char *folder = getenv("PCSCD_FOLDER");
	if (folder == NULL || path == NULL || strncmp(path, HOME, sizeof HOME - 1) != 0) {
		return path;
	}
	int length = snprintf(room, capacity, "%s%s", folder, path + sizeof HOME - 1);
	return length > 0 && (size_t) length < capacity ? room : path;
}

int bind(int socket, const struct sockaddr *address, socklen_t length) {
	if (address != NULL && address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		struct sockaddr_in loopback;
		memcpy(&loopback, address, sizeof loopback);
		loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return NEXT(bind)(socket, (const struct sockaddr *) &loopback, sizeof loopback);
	}
	if (address != NULL && address->sa_family == AF_UNIX && length == sizeof(struct sockaddr_un)) {
		struct sockaddr_un place = {.sun_family = AF_UNIX};
		char room[sizeof place.sun_path];
		const char *path = ((const struct sockaddr_un *) address)->sun_path;
		path = moved(path, room, sizeof room);
		memcpy(place.sun_path, path, strnlen(path, sizeof place.sun_path - 1));
		return NEXT(bind)(socket, (const struct sockaddr *) &place, sizeof place);
	}
	return NEXT(bind)(socket, address, length);
}

int open(const char *path, int flags, ...) {
	char room[512];
	mode_t mode = 0;
	if ((flags & O_CREAT) != 0) {
		va_list arguments;
		va_start(arguments, flags);
		mode = va_arg(arguments, mode_t);
		va_end(arguments);
	}
	return NEXT(open)(moved(path, room, sizeof room), flags, mode);
}

FILE *fopen(const char *path, const char *mode) {
	char room[512];
	return NEXT(fopen)(moved(path, room, sizeof room), mode);
}

int chmod(const char *path, mode_t mode) {
	char room[512];
	return NEXT(chmod)(moved(path, room, sizeof room), mode);
}

int mkdir(const char *path, mode_t mode) {
	char room[512];
	return NEXT(mkdir)(moved(path, room, sizeof room), mode);
}

int remove(const char *path) {
	char room[512];
	return NEXT(remove)(moved(path, room, sizeof room));
}

int stat(const char *path, struct stat *status) {
	char room[512];
	return NEXT(stat)(moved(path, room, sizeof room), status);
}

static void *end_with_input(void *argument) {
	int input = (int) (intptr_t) argument;
	char byte;
	ssize_t count;
	do {
		count = read(input, &byte, 1);
	} while (count > 0 || (count < 0 && errno == EINTR));
	kill(getpid(), SIGTERM);
	/* A driver that waits for a card is not waited for. */
	sleep(5);
	_exit(0);
}

__attribute__((constructor)) static void begin(void) {
	pthread_t thread;
	/* pcscd may close its own. */
	int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 64);
	if (input >= 0 && pthread_create(&thread, NULL, end_with_input, (void *) (intptr_t) input) == 0) {
		pthread_detach(thread);
	}
}
