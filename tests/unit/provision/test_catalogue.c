/* SPDX-License-Identifier: Apache-2.0 */
/* What people call images, and which can be relied on. */
#include "scratch.h"

#include <stdlib.h>
#include <string.h>

#include "provision/image/catalogue.h"

#define ONE "1111111111111111111111111111111111111111111111111111111111111111"
#define TWO "2222222222222222222222222222222222222222222222222222222222222222"
#define TOP "3333333333333333333333333333333333333333333333333333333333333333"

static char *debian[] = {(char *)"debian12", (char *)"base"};
static char *older[] = {(char *)"debian12"};
static char *app[] = {(char *)"app"};

static struct catalogue_image items[] = {
    {.host = "local",
     .digest = (char *)ONE,
     .names = debian,
     .name_count = 2,
     .name = (char *)"debian12, base",
     .state = IMAGE_SEALED},
    {.host = "local",
     .digest = (char *)TWO,
     .names = older,
     .name_count = 1,
     .name = (char *)"debian12",
     .state = IMAGE_SEALED},
    {.host = "local",
     .digest = (char *)TOP,
     .names = app,
     .name_count = 1,
     .name = (char *)"app",
     .parent = (char *)ONE,
     .state = IMAGE_SEALED},
};
static const struct catalogue catalogue = {.items = items, .count = ARRAY_SIZE(items)};

static int find(const char *word, const char **ret, struct error **err)
{
    auto_free const struct catalogue_image **found = NULL;
    struct site site = {0};
    size_t count = 0;

    if (catalogue_find(&site, NULL, &catalogue, word, &found, &count, err) < 0)
        return -1;
    assert_int_equal(count, 1);
    *ret = found[0]->digest;
    return 0;
}

static void found(void **state)
{
    static const char *const cases[][2] = {
        {"base", ONE}, {"app", TOP}, {"1111", ONE}, {"2222222", TWO}, {TOP, TOP}};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const char *digest = NULL;
        struct error *err = NULL;

        expect_ok(find(cases[i][0], &digest, &err), &err);
        assert_string_equal(digest, cases[i][1]);
    }
}

static void not_found(void **state)
{
    const char *digest = NULL;
    struct error *err = NULL;

    (void)state;
    expect_error(find("debian12", &digest, &err), &err,
                 "'debian12' means several images: 111111111111, 222222222222",
                 "name it by its digest");
    expect_error(find("debian13", &digest, &err), &err,
                 "there is no image 'debian13' in the store", "did you mean 'debian12'?");
    expect_error(find("111", &digest, &err), &err, "there is no image '111' in the store",
                 "`virtopo image list` shows what there is");
}

static void relied_on(void **state)
{
    const char *hint = "`virtopo image verify` says what is wrong, and what to do";
    struct error *err = NULL;

    (void)state;
    expect_ok(catalogue_check(&catalogue, &items[2], &err), &err);
    items[0].state = IMAGE_CHANGED;
    expect_error(catalogue_check(&catalogue, &items[0], &err), &err,
                 "image debian12, base cannot be relied on: its file 111111111111 is changed",
                 hint);
    expect_error(catalogue_check(&catalogue, &items[2], &err), &err,
                 "image app cannot be relied on: below it, 111111111111 is changed", hint);
    expect_ok(catalogue_check(&catalogue, &items[1], &err), &err);
    items[0].state = IMAGE_SEALED;
    items[2].missing = (char *)"/store/gone";
    assert_string_equal(catalogue_state_name(&items[2]), "incomplete");
    expect_error(catalogue_check(&catalogue, &items[2], &err), &err,
                 "image app cannot be relied on: its file 333333333333 is incomplete", hint);
    items[2].missing = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found),
        cmocka_unit_test(not_found),
        cmocka_unit_test(relied_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
