// SPDX-License-Identifier: GPL-3.0-or-later
#include <sfumato/write.h>

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"

static void assert_holds(const char *path, const char *text)
{
    g_autofree char *got = NULL;
    g_assert_true(g_file_get_contents(path, &got, NULL, NULL));
    g_assert_cmpstr(got, ==, text);
}

static int num_files(void)
{
    g_autoptr(GDir) dir = g_dir_open(scratch, 0, NULL);
    int num = 0;
    while (g_dir_read_name(dir))
        num++;
    return num;
}

static void replaces_a_file_and_keeps_its_permissions(void)
{
    g_autofree char *path = scratch_text("a.txt", "old");
    struct stat st;

    g_assert_cmpint(g_chmod(path, 0640), ==, 0);
    g_assert_true(sfm_write_file(path, "new", 3, NULL));
    assert_holds(path, "new");
    g_assert_cmpint(g_stat(path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0640);
    g_assert_cmpint(num_files(), ==, 1);
    g_remove(path);
}

static void touches_nothing_until_the_commit(void)
{
    g_autofree char *path = scratch_text("a.txt", "old");
    SfmWriter *writer = sfm_writer_new(path, NULL);

    g_assert_nonnull(writer);
    g_assert_true(sfm_writer_append(writer, "new", 3, NULL));
    assert_holds(path, "old");
    g_assert_cmpint(num_files(), ==, 2);
    sfm_writer_free(writer);
    assert_holds(path, "old");
    g_assert_cmpint(num_files(), ==, 1);
    g_remove(path);
}

enum { MANY = 200 };

// More of them than files may be open.
static void many_get_their_names_together(void)
{
    SfmWriter *writers[MANY];
    struct rlimit old, few;

    g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &old), ==, 0);
    few = old;
    few.rlim_cur = 64;
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &few), ==, 0);
    for (int i = 0; i < MANY; i++) {
        g_autofree char *name = g_strdup_printf("%d.txt", i);
        g_autofree char *path = g_build_filename(scratch, name, NULL);
        writers[i] = sfm_writer_new(path, NULL);
        g_assert_nonnull(writers[i]);
        g_assert_true(sfm_writer_append(writers[i], name, strlen(name), NULL));
        g_assert_true(sfm_writer_finish(writers[i], NULL));
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    }
    g_assert_true(sfm_writers_commit(writers, MANY, NULL));
    g_assert_cmpint(num_files(), ==, MANY);
    for (int i = 0; i < MANY; i++) {
        g_autofree char *name = g_strdup_printf("%d.txt", i);
        g_autofree char *path = g_build_filename(scratch, name, NULL);
        assert_holds(path, name);
        g_remove(path);
        sfm_writer_free(writers[i]);
    }
    g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &old), ==, 0);
}

// A limit on file sizes fails a write as a full disk does.
static void a_full_disk_leaves_the_old_file_alone(void)
{
    g_autofree char *path = scratch_text("a.txt", "old");
    g_autofree char *big = g_malloc0(1 << 20);
    g_autoptr(GError) error = NULL;
    struct rlimit before, small;

    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    small = (struct rlimit){ .rlim_cur = 4096, .rlim_max = before.rlim_max };
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
    const bool written = sfm_write_file(path, big, 1 << 20, &error);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);

    g_assert_false(written);
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN, "a.txt: cannot be written: ");
    assert_holds(path, "old");
    g_assert_cmpint(num_files(), ==, 1);
    g_remove(path);
}

static void a_folder_that_is_missing_or_not_one_is_refused(void)
{
    g_autofree char *file = scratch_text("file", "");
    g_autofree char *below = g_build_filename(file, "a.txt", NULL);
    g_autofree char *missing = g_build_filename(scratch, "missing", "a.txt", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_false(sfm_write_file(missing, "x", 1, &error));
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN, "missing/a.txt: cannot be written: ");
    g_assert_false(sfm_write_file(below, "x", 1, &error));
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN, "file/a.txt: cannot be written: ");
    g_assert_false(sfm_write_file(scratch, "x", 1, &error));
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN, "cannot be written: Is a directory");
    g_remove(file);
}

static void a_folder_without_permission_is_refused(void)
{
    g_autofree char *folder = g_build_filename(scratch, "closed", NULL);
    g_autofree char *path = g_build_filename(folder, "a.txt", NULL);
    g_autoptr(GError) error = NULL;

    if (geteuid() == 0) {
        g_test_skip("nothing is closed to root");
        return;
    }
    g_assert_cmpint(g_mkdir(folder, 0500), ==, 0);
    g_assert_false(sfm_write_file(path, "x", 1, &error));
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN, "closed/a.txt: cannot be written: ");
    g_remove(folder);
}

static void a_device_is_not_replaced(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(sfm_write_file("/dev/full", "x", 1, &error));
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN, "/dev/full: cannot be written: ");
    g_assert_false(g_file_test("/dev/full", G_FILE_TEST_IS_REGULAR));
}

static void what_a_link_points_to_is_replaced(void)
{
    g_autofree char *path = scratch_text("a.txt", "old");
    g_autofree char *link = g_build_filename(scratch, "link", NULL);

    g_assert_cmpint(symlink("a.txt", link), ==, 0);
    g_assert_true(sfm_write_file(link, "new", 3, NULL));
    assert_holds(path, "new");
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    g_remove(link);
    g_remove(path);
}

static void a_link_to_nothing_is_refused_and_stays(void)
{
    g_autofree char *link = g_build_filename(scratch, "link", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(symlink("nothing", link), ==, 0);
    g_assert_false(sfm_write_file(link, "new", 3, &error));
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN,
                   "link: cannot be written: it is a link to a file");
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    g_assert_cmpint(num_files(), ==, 1);
    g_remove(link);
}

static void links_in_a_circle_are_refused_as_file_and_as_folder(void)
{
    g_autofree char *link = g_build_filename(scratch, "link", NULL);
    g_autofree char *below = g_build_filename(link, "a.txt", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(symlink("link", link), ==, 0);
    g_assert_false(sfm_write_file(link, "new", 3, &error));
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN, "link: cannot be written: Too many levels");
    g_assert_false(sfm_write_file(below, "new", 3, &error));
    assert_refused(&error, SFM_ERROR_NOT_WRITTEN, "a.txt: cannot be written: Too many levels");
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    g_remove(link);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    scratch_open();
#define TEST(name) g_test_add_func("/base/write/" #name, name)
    TEST(replaces_a_file_and_keeps_its_permissions);
    TEST(touches_nothing_until_the_commit);
    TEST(many_get_their_names_together);
    TEST(a_full_disk_leaves_the_old_file_alone);
    TEST(a_folder_that_is_missing_or_not_one_is_refused);
    TEST(a_folder_without_permission_is_refused);
    TEST(a_device_is_not_replaced);
    TEST(what_a_link_points_to_is_replaced);
    TEST(a_link_to_nothing_is_refused_and_stays);
    TEST(links_in_a_circle_are_refused_as_file_and_as_folder);
    const int result = g_test_run();
    scratch_close();
    return result;
}
