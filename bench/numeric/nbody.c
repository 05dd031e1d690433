/* SPDX-License-Identifier: MIT */
#include "numeric.h"

double sqrt(double x);

struct body {
    double x, y, z, vx, vy, vz, mass;
};

static struct body bodies[5];

static void place(int i, double x, double y, double z, double vx, double vy, double vz, double mass)
{
    struct body b = {x, y, z, vx * 365.24, vy * 365.24, vz * 365.24, mass * 39.47841760435743};

    bodies[i] = b;
}

static void advance(struct body *b, int count, double dt)
{
    for (int i = 0; i < count; i++) {
        struct body *p = &b[i];

        for (int j = i + 1; j < count; j++) {
            struct body *q = &b[j];
            double dx = p->x - q->x, dy = p->y - q->y, dz = p->z - q->z;
            double square = dx * dx + dy * dy + dz * dz;
            double mag = dt / (square * sqrt(square));

            p->vx -= dx * q->mass * mag;
            p->vy -= dy * q->mass * mag;
            p->vz -= dz * q->mass * mag;
            q->vx += dx * p->mass * mag;
            q->vy += dy * p->mass * mag;
            q->vz += dz * p->mass * mag;
        }
    }
    for (int i = 0; i < count; i++) {
        struct body *p = &b[i];

        p->x += dt * p->vx;
        p->y += dt * p->vy;
        p->z += dt * p->vz;
    }
}

double kernel_nbody(int n)
{
    place(0, 0, 0, 0, 0, 0, 0, 1);
    place(1, 4.841431442464721, -1.1603200440274284, -0.10362204447112311, 0.001660076642744037, 0.007699011184197404,
          -0.0000690460016972063, 0.0009547919384243266);
    place(2, 8.34336671824458, 4.124798564124305, -0.4035234171143214, -0.002767425107268624, 0.004998528012349172,
          0.00002304172975737639, 0.0002858859806661308);
    place(3, 12.894369562139131, -15.111151401698631, -0.22330757889265573, 0.002964601375647616, 0.0023784717395948095,
          -0.000029658956854023756, 0.00004366244043351563);
    place(4, 15.379697114850917, -25.919314609987964, 0.17925877295037118, 0.0026806777249038932, 0.001628241700382423,
          -0.00009515922545197159, 0.00005151389020466115);
    for (int i = 0; i < n; i++)
        advance(bodies, 5, 0.01);
    return bodies[0].x + bodies[1].y + bodies[4].vz;
}
