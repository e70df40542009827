// SPDX-License-Identifier: GPL-3.0-or-later
#include "file/source.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

SfmSource *sfm_source_open(const char *path, GError **error)
{
    g_autoptr(SfmSource) source = g_new0(SfmSource, 1);
    source->path = g_strdup(path);

    // Without O_NONBLOCK a named pipe would keep us waiting for its writer.
    source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (source->fd < 0 || fstat(source->fd, &source->opened) != 0) {
        const SfmError code = errno == ENOENT ? SFM_ERROR_NOT_FOUND : SFM_ERROR_BAD_FILE;
        sfm_fail(error, code, "%s: %s", path, g_strerror(errno));
        return NULL;
    }
    if (!S_ISREG(source->opened.st_mode)) {
        sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: not a regular file", path);
        return NULL;
    }
    source->size = (uint64_t)source->opened.st_size;
    return g_steal_pointer(&source);
}

void sfm_source_close(SfmSource *source)
{
    if (!source)
        return;
    if (source->fd >= 0)
        close(source->fd);
    g_free(source->path);
    g_free(source);
}

static bool check_unchanged(SfmSource *source, GError **error)
{
    struct stat now;
    if (fstat(source->fd, &now) != 0)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s", source->path, g_strerror(errno));
    if (now.st_size != source->opened.st_size ||
        now.st_mtim.tv_sec != source->opened.st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != source->opened.st_mtim.tv_nsec)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: changed while it was read", source->path);
    return true;
}

bool sfm_source_read(SfmSource *source, uint64_t offset, void *out, size_t size, GError **error)
{
    char *bytes = out;

    if (offset > source->size || size > source->size - offset)
        return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: cut off at byte %" G_GUINT64_FORMAT,
                        source->path, source->size);
    while (size > 0) {
        const ssize_t got = pread(source->fd, bytes, MIN(size, 1u << 30), (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: %s", source->path, g_strerror(errno));
        if (got == 0)
            return sfm_fail(error, SFM_ERROR_BAD_FILE, "%s: cut off at byte %" G_GUINT64_FORMAT,
                            source->path, offset);
        bytes += got;
        offset += (uint64_t)got;
        size -= (size_t)got;
    }
    return check_unchanged(source, error);
}

char *sfm_source_load(const char *path, size_t max, size_t *size, GError **error)
{
    g_autoptr(SfmSource) source = sfm_source_open(path, error);
    if (!source)
        return NULL;
    if (source->size > max) {
        sfm_fail(error, SFM_ERROR_BAD_FILE,
                 "%s: %" G_GUINT64_FORMAT " bytes are more than the %zu that are read", path,
                 source->size, max);
        return NULL;
    }
    g_autofree char *text = g_try_malloc0((size_t)source->size + 1);
    if (!text) {
        sfm_fail(error, SFM_ERROR_NO_MEMORY, "%s: no memory for %" G_GUINT64_FORMAT " bytes", path,
                 source->size);
        return NULL;
    }
    if (!sfm_source_read(source, 0, text, (size_t)source->size, error))
        return NULL;
    *size = (size_t)source->size;
    return g_steal_pointer(&text);
}

char *sfm_printable(const char *text)
{
    const size_t max_chars = 80;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    size_t num_chars = 0;

    for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
        const gunichar letter = g_utf8_get_char(c);
        if (num_chars++ == max_chars) {
            g_string_append(out, "...");
            break;
        }
        g_string_append_unichar(out, g_unichar_isprint(letter) ? letter : '?');
    }
    return g_string_free(out, FALSE);
}
