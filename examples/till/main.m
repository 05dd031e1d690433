/* SPDX-License-Identifier: MIT */
/*
 * till: a small shop's price server, on the loopback interface only.
 *
 * `till [PORT]` says where it listens and answers "TOTAL 10 4.50" with what ten pieces at 4.50 cost.
 */
#import "Tariff.h"
#import "Till.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int
listen_on(int port)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int door = socket(AF_INET, SOCK_STREAM, 0), yes = 1;

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)port);
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(door, (struct sockaddr *)&address, sizeof address) != 0 || listen(door, 16) != 0 ||
        getsockname(door, (struct sockaddr *)&address, &size) != 0) {
        perror("till");
        exit(1);
    }
    printf("till: listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return door;
}

int
main(int argc, char **argv)
{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    Tariff *tariff = [[Tariff new] autorelease];
    Till *till = [[[Till alloc] initWithTariff:tariff] autorelease];
    int door = listen_on(argc > 1 ? atoi(argv[1]) : 0);

    for (;;) {
        NSAutoreleasePool *inner = [NSAutoreleasePool new];
        int connection = accept(door, NULL, NULL);

        if (connection >= 0)
            [NSThread detachNewThreadSelector:@selector(serve:)
                                     toTarget:till
                                   withObject:[NSNumber numberWithInt:connection]];
        [inner release];
    }
    [pool release];
    return 0;
}
