/*
 * What would be on the disk after a power cut. Loaded by LD_PRELOAD into the program under test.
 *
 * GREENFLOPS_SHIM_DIR   the folder that the program writes (absolute, no symbolic link in it, no folders within)
 * GREENFLOPS_SHIM_COPY  "the disk": holds of each file only what an fsync or fdatasync that returned 0 made durable
 *
 * Nothing but fsync and fdatasync is taken over: whatever a program does between two syncs of a file (write, pwrite,
 * writev, truncate, through one descriptor or several) is not durable, so it need not be watched. At a sync the file is
 * read first, then really synced, and only a success puts what was read in place of the old copy. A write that comes while
 * the sync runs is therefore never in the copy, although a real disk might have it: the copy is the worst case.
 *
 * Files are read through the caller's own descriptor: to open and close a database once more would drop the POSIX locks
 * that the process holds on it (fcntl(2)). Several processes may share a folder; a lock beside the copy puts them in order.
 *
 * Directory: a file that is gone (unlinked, renamed) leaves the copy when its directory is synced, not before.
 * Not modelled: that a new name needs a sync of its directory too; a rename, whose new name comes with its own next sync;
 * files opened with O_SYNC or O_DSYNC, sync(2), syncfs(2), sync_file_range(2), msync(2) and io_uring, whose effect never
 * reaches the copy; SQLite's -shm, which is never synced and is rebuilt from the -wal.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef int (*sync_call)(int);

/* A shim that cannot do its work must not look like a disk that lost nothing: it ends the program. */
static void fail(const char *what, const char *path) {
  dprintf(STDERR_FILENO, "fsync-shim: %s %s: %s\n", what, path, strerror(errno));
  abort();
}

static const char *setting(const char *name) {
  const char *value = getenv(name);
  if (value == NULL || value[0] != '/') {
    errno = EINVAL;
    fail("needs an absolute path in", name);
  }
  return value;
}

/* The name within DIR of what a descriptor stands for: "" for DIR itself, NULL for anything elsewhere or unlinked. */
static const char *name_in_dir(int fd, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return NULL; /* a bad descriptor: the real call will say so */
  path[length] = '\0';

  const char *dir = setting("GREENFLOPS_SHIM_DIR");
  size_t prefix = strlen(dir);
  if (strncmp(path, dir, prefix) != 0) return NULL;
  if (path[prefix] == '\0') return "";
  if (path[prefix] != '/' || strchr(path + prefix + 1, '/') != NULL) return NULL;
  struct stat open_file, named_file;
  if (fstat(fd, &open_file) != 0 || stat(path, &named_file) != 0) return NULL;
  if (open_file.st_ino != named_file.st_ino || !S_ISREG(open_file.st_mode)) return NULL;
  return path + prefix + 1;
}

static void copy_content(int from, const char *path, const char *target) {
  /* A descriptor for writing only cannot be read: then, and only then, the file is opened once more. */
  int reader = (fcntl(from, F_GETFL) & O_ACCMODE) == O_WRONLY ? open(path, O_RDONLY | O_CLOEXEC) : from;
  int to = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (reader < 0 || to < 0) fail("cannot open", reader < 0 ? path : target);
  char buffer[1 << 16];
  off_t at = 0;
  for (ssize_t got; (got = pread(reader, buffer, sizeof buffer, at)) != 0; at += got) {
    if (got < 0) fail("cannot read", path);
    if (write(to, buffer, got) != got) fail("cannot write", target);
  }
  close(to);
  if (reader != from) close(reader);
}

/* Takes the names that DIR has no more out of COPY. */
static void drop_gone_names(const char *copy) {
  DIR *entries = opendir(copy);
  if (entries == NULL) fail("cannot list", copy);
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    char original[PATH_MAX], kept[PATH_MAX];
    snprintf(original, sizeof original, "%s/%s", setting("GREENFLOPS_SHIM_DIR"), entry->d_name);
    snprintf(kept, sizeof kept, "%s/%s", copy, entry->d_name);
    if (entry->d_type == DT_REG && access(original, F_OK) != 0 && unlink(kept) != 0) fail("cannot remove", kept);
  }
  closedir(entries);
}

static int durable(const char *symbol, int fd) {
  sync_call real = (sync_call)dlsym(RTLD_NEXT, symbol);
  char path[PATH_MAX];
  const char *name = name_in_dir(fd, path);
  if (name == NULL) return real(fd);

  const char *copy = setting("GREENFLOPS_SHIM_COPY");
  char lock_path[PATH_MAX], staged[PATH_MAX], kept[PATH_MAX];
  snprintf(lock_path, sizeof lock_path, "%s.lock", copy);
  snprintf(staged, sizeof staged, "%s.staged", copy);
  snprintf(kept, sizeof kept, "%s/%s", copy, name);
  int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || flock(lock, LOCK_EX) != 0) fail("cannot lock", lock_path);

  if (name[0] != '\0') copy_content(fd, path, staged);
  int result = real(fd);
  int reason = errno;
  if (result == 0 && name[0] == '\0') drop_gone_names(copy);
  if (result == 0 && name[0] != '\0' && rename(staged, kept) != 0) fail("cannot put in place", kept);

  close(lock); /* and with it the flock */
  errno = reason;
  return result;
}

int fsync(int fd) { return durable("fsync", fd); }
int fdatasync(int fd) { return durable("fdatasync", fd); }
