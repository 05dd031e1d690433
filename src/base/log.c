/* SPDX-License-Identifier: MIT */
/* One line a call, written by one write(2) so that lines of several processes do not mix. */
#include "base/log.h"

#include "base/error.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*sink)(void *data, enum mn_log_level level, const char *line);
static void *sink_data;

static int
threshold(void)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    static atomic_int cached; /* the level plus 1; 0 = not read yet */
    int level = atomic_load_explicit(&cached, memory_order_relaxed);
    const char *wanted;

    if (level != 0)
        return level - 1;
    level = MN_LOG_WARNING;
    if ((wanted = getenv("MEND_LOG")) != NULL)
        for (int i = 0; i < 4; i++)
            if (strcmp(wanted, names[i]) == 0)
                level = i;
    atomic_store_explicit(&cached, level + 1, memory_order_relaxed);
    return level;
}

void
mn_log(enum mn_log_level level, const char *format, ...)
{
    char text[1000], line[1024];
    va_list args;
    int n;

    if ((int)level > threshold())
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    mn_copy_text(line, sizeof line, text);
    for (char *p = line; (p = strchr(p, '\n')) != NULL;)
        *p = '?'; /* a name cannot forge a second line */
    if (sink != NULL) {
        sink(sink_data, level, line);
        return;
    }
    n = snprintf(text, sizeof text, "mend: %.980s\n", line);
    if (n > 0 && write(STDERR_FILENO, text, (size_t)n) < 0)
        return; /* the host closed its stderr: nobody is left to tell */
}

void
mn_log_to(void (*to)(void *data, enum mn_log_level level, const char *line), void *data)
{
    sink = to;
    sink_data = data;
}
