/*
 * A disk that refuses, or a program that dies, at a chosen operation. Loaded by LD_PRELOAD into the program under test.
 *
 * GREENFLOPS_FAULT_DIR     the folder whose files are meant (absolute, no symbolic link in it)
 * GREENFLOPS_FAULT         "count": none, the number of operations is said on stderr at the end; "kill"; or the errno with which an operation fails: 28 ENOSPC, 30 EROFS
 * GREENFLOPS_FAULT_AFTER   so many operations go well before; 0 when not set
 * GREENFLOPS_FAULT_SWITCH  where set: the fault is there only as long as a file stands at this path
 *
 * An operation is what changes the folder: write, pwrite, ftruncate, rename, unlink, fsync, fdatasync, an open that makes
 * or cuts a file, and the calls by which libuv copies files. A full disk (ENOSPC) refuses neither what removes or syncs nor
 * a write that stays within the file; a read-only one (EROFS) refuses all.
 * Not modelled: the -shm of SQLite, which is written through a mapping.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

enum need { ROOM, NO_ROOM };

static int in_dir(const char *path) {
  const char *dir = getenv("GREENFLOPS_FAULT_DIR");
  size_t length = dir == NULL ? 0 : strlen(dir);
  return length > 0 && strncmp(path, dir, length) == 0 && path[length] == '/';
}

static int fd_in_dir(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return in_dir(path);
}

static long done = 0;

__attribute__((destructor)) static void tell(void) {
  const char *fault = getenv("GREENFLOPS_FAULT");
  if (fault != NULL && strcmp(fault, "count") == 0) dprintf(STDERR_FILENO, "operations=%ld\n", done);
}

/* Whether the operation is to fail now, with errno set; does not return where the program is to die. */
static int refused(enum need need) {
  const char *fault = getenv("GREENFLOPS_FAULT");
  const char *after = getenv("GREENFLOPS_FAULT_AFTER");
  const char *gate = getenv("GREENFLOPS_FAULT_SWITCH");
  if (fault == NULL || (gate != NULL && access(gate, F_OK) != 0)) return 0;
  long before = __atomic_fetch_add(&done, 1, __ATOMIC_SEQ_CST);
  if (after != NULL && before < atol(after)) return 0;
  if (strcmp(fault, "count") == 0) return 0;
  if (strcmp(fault, "kill") == 0) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  int reason = atoi(fault);
  if (reason == ENOSPC && need == NO_ROOM) return 0;
  errno = reason;
  return 1;
}

static enum need need_at(int fd, off_t end) {
  struct stat now;
  return fstat(fd, &now) == 0 && end <= now.st_size ? NO_ROOM : ROOM;
}

ssize_t write(int fd, const void *data, size_t size) {
  if (fd > STDERR_FILENO && fd_in_dir(fd) && refused(ROOM)) return -1;
  return REAL(write)(fd, data, size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  if (fd_in_dir(fd) && refused(need_at(fd, at + (off64_t)size))) return -1;
  return REAL(pwrite64)(fd, data, size, at);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  if (fd_in_dir(fd) && refused(need_at(fd, at + (off_t)size))) return -1;
  return REAL(pwrite)(fd, data, size, at);
}

int ftruncate64(int fd, off64_t size) {
  if (fd_in_dir(fd) && refused(need_at(fd, size))) return -1;
  return REAL(ftruncate64)(fd, size);
}

int ftruncate(int fd, off_t size) {
  if (fd_in_dir(fd) && refused(need_at(fd, size))) return -1;
  return REAL(ftruncate)(fd, size);
}

int rename(const char *from, const char *to) {
  if (in_dir(to) && refused(NO_ROOM)) return -1;
  return REAL(rename)(from, to);
}

int link(const char *from, const char *to) {
  if (in_dir(to) && refused(NO_ROOM)) return -1;
  return REAL(link)(from, to);
}

int unlink(const char *path) {
  if (in_dir(path) && refused(NO_ROOM)) return -1;
  return REAL(unlink)(path);
}

int fsync(int fd) {
  if (fd_in_dir(fd) && refused(NO_ROOM)) return -1;
  return REAL(fsync)(fd);
}

int fdatasync(int fd) {
  if (fd_in_dir(fd) && refused(NO_ROOM)) return -1;
  return REAL(fdatasync)(fd);
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags) {
  if (fd_in_dir(to) && refused(ROOM)) return -1;
  return REAL(copy_file_range)(from, from_at, to, to_at, size, flags);
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
  if (fd_in_dir(to) && refused(ROOM)) return -1;
  return REAL(sendfile64)(to, from, at, size);
}

ssize_t sendfile(int to, int from, off_t *at, size_t size) {
  if (fd_in_dir(to) && refused(ROOM)) return -1;
  return REAL(sendfile)(to, from, at, size);
}

static int open_refused(const char *path, int flags) {
  int changes = (flags & O_TRUNC) != 0 || ((flags & O_CREAT) != 0 && access(path, F_OK) != 0);
  int writes = (flags & O_ACCMODE) != O_RDONLY;
  const char *fault = getenv("GREENFLOPS_FAULT");
  int read_only = fault != NULL && atoi(fault) == EROFS;
  return in_dir(path) && (changes || (writes && read_only)) && refused(ROOM);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_refused(path, flags) ? -1 : REAL(open64)(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open_refused(path, flags) ? -1 : REAL(open)(path, flags, mode);
}
