/* SPDX-License-Identifier: MIT */
/* What C++ throws and catches, for test_leaving_cxx.m. Destructors on the way count. */
extern "C" {
int cxx_destroyed;

void
cxx_throw(int value)
{
    throw value;
}

/* Calls `call`, and gives what it threw; 0: nothing. */
int
cxx_caught(void (*call)(void *), void *data)
{
    struct watch {
        ~watch() { cxx_destroyed++; }
    };

    try {
        watch here;

        call(data);
    } catch (int value) {
        return value;
    }
    return 0;
}
}
