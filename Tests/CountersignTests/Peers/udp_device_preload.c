/*
 * Gives the stock fido2-tools a device path of the form udp:HOST:PORT, for authenticators that
 * speak CTAPHID over UDP. Loaded with LD_PRELOAD, it stands in front of libfido2's fido_dev_open()
 * and hands libfido2 the four I/O functions below, through its public API; the tools and the
 * library themselves stay as the distribution built them.
 *
 *     cc -shared -fPIC -o udp_device_preload.so udp_device_preload.c -lfido2
 *     LD_PRELOAD=./udp_device_preload.so fido2-token -I udp:127.0.0.1:8111
 *
 * One datagram is one report of 64 bytes. libfido2 puts the report number, zero, in front of what
 * it writes, and wants it gone from what it reads.
 */
#define _GNU_SOURCE
#include <sys/socket.h>

#include <dlfcn.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fido.h>

static const char scheme[] = "udp:";

/* Connects a datagram socket to HOST:PORT, numbers both; -1 on failure. The kernel picks the local
 * port, so that any number of tools may run at once. */
static int
connect_datagram(const char *host_and_port)
{
	char host[64];
	const char *colon = strrchr(host_and_port, ':');
	if (colon == NULL || (size_t)(colon - host_and_port) >= sizeof(host))
		return -1;
	memcpy(host, host_and_port, (size_t)(colon - host_and_port));
	host[colon - host_and_port] = '\0';

	struct addrinfo hints, *address = NULL;
	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_DGRAM;
	hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	if (getaddrinfo(host, colon + 1, &hints, &address) != 0)
		return -1;
	int descriptor = socket(address->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (descriptor >= 0 && connect(descriptor, address->ai_addr, address->ai_addrlen) != 0) {
		close(descriptor);
		descriptor = -1;
	}
	freeaddrinfo(address);
	return descriptor;
}

static void *
device_open(const char *path)
{
	int *handle = malloc(sizeof(*handle));
	if (handle == NULL)
		return NULL;
	*handle = connect_datagram(path + strlen(scheme));
	if (*handle < 0) {
		free(handle);
		return NULL;
	}
	return handle;
}

static void
device_close(void *handle)
{
	close(*(int *)handle);
	free(handle);
}

/* A negative time limit waits for ever, for poll() as for libfido2. */
static int
device_read(void *handle, unsigned char *report, size_t length, int milliseconds)
{
	struct pollfd event = { .fd = *(int *)handle, .events = POLLIN };
	if (poll(&event, 1, milliseconds) != 1)
		return -1;
	ssize_t count = recv(event.fd, report, length, 0);
	return count == (ssize_t)length ? (int)count : -1;
}

static int
device_write(void *handle, const unsigned char *numbered_report, size_t length)
{
	if (length < 1)
		return -1;
	ssize_t count = send(*(int *)handle, numbered_report + 1, length - 1, 0);
	return count == (ssize_t)(length - 1) ? (int)length : -1;
}

int
fido_dev_open(fido_dev_t *device, const char *path)
{
	static const fido_dev_io_t io = { device_open, device_close, device_read, device_write };
	int (*library_open)(fido_dev_t *, const char *);
	*(void **)&library_open = dlsym(RTLD_NEXT, "fido_dev_open");
	if (library_open == NULL)
		return FIDO_ERR_INTERNAL;
	if (strncmp(path, scheme, strlen(scheme)) == 0) {
		int status = fido_dev_set_io_functions(device, &io);
		if (status != FIDO_OK)
			return status;
	}
	return library_open(device, path);
}
