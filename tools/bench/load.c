/* A load generator for one loopback server: keep-alive connections, one request in flight on each, for so many seconds.
 *
 *   load PORT CONNECTIONS SECONDS TEMPLATE VALUES PREFIX
 *
 * TEMPLATE is a file with one whole HTTP request (headers and body, CRLF as it stands). In it `@@@@@@@@@@@@` (12 signs)
 * becomes a number that never repeats, `########` (8 signs) becomes PREFIX (8 signs), and `$` x 36 becomes a line of
 * VALUES (36 signs each) chosen at random. Lengths do not change, so the Content-Length of the template stays right.
 * The first request of each connection counts for the rate but not for the latencies: they all arrive in one instant,
 * after a pause in which the other side had its turn, which no crowd of tills does.
 * Prints one line of JSON; stops by itself. Only 127.0.0.1 is ever asked.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { NUMBER = 12, MARK = 8, VALUE = 36, READ = 1 << 16, MAX_SLOTS = 16, MAX_SAMPLES = 4000000 };

struct slot { size_t at; char kind; };

struct connection {
    int fd;
    char *request;
    size_t sent;
    char *reply;
    size_t got, expected, answered;
    double started;
};

static char *template, *values, prefix[MARK + 1];
static size_t template_size, value_count, slot_count, connection_count;
static struct slot slots[MAX_SLOTS];
static uint64_t serial, random_state = 88172645463325252ULL;
static float *samples;
static size_t request_count, sample_count, failures, statuses[6];
static double deadline;
static int port, poll_fd;
static struct sockaddr_in server;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void stop(const char *why)
{
    fprintf(stderr, "load: %s\n", why);
    exit(2);
}

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file) stop("cannot open a file");
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*size + 1);
    if (!text || fread(text, 1, *size, file) != *size) stop("cannot read a file");
    text[*size] = 0;
    fclose(file);
    return text;
}

static void find_slots(const char *sign, size_t width, char kind)
{
    char mark[VALUE + 1];
    memset(mark, *sign, width);
    mark[width] = 0;
    for (char *at = template; (at = memmem(at, template_size - (size_t)(at - template), mark, width)); at += width) {
        if (slot_count == MAX_SLOTS) stop("too many slots in the template");
        slots[slot_count++] = (struct slot){(size_t)(at - template), kind};
    }
}

static void fill_request(struct connection *c)
{
    char number[NUMBER + 1];
    snprintf(number, sizeof number, "%012llu", (unsigned long long)++serial);
    const char *value = value_count ? values + (next_random() % value_count) * (VALUE + 1) : "";
    for (size_t i = 0; i < slot_count; i++) {
        char *at = c->request + slots[i].at;
        if (slots[i].kind == 'n') memcpy(at, number, NUMBER);
        else if (slots[i].kind == 'p') memcpy(at, prefix, MARK);
        else memcpy(at, value, VALUE);
    }
    c->sent = c->got = c->expected = 0;
    c->started = now();
}

static void send_more(struct connection *c)
{
    while (c->sent < template_size) {
        ssize_t n = send(c->fd, c->request + c->sent, template_size - c->sent, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno == EAGAIN) return;
            stop("the server closed a connection while it was written to");
        }
        c->sent += (size_t)n;
    }
}

static void open_connection(struct connection *c)
{
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    int one = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(c->fd, (struct sockaddr *)&server, sizeof server)) stop("cannot connect");
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, c->fd, &event);
    fill_request(c);
    send_more(c);
}

/* Length of the whole reply once its headers are here, else 0. */
static size_t reply_length(struct connection *c)
{
    char *end = memmem(c->reply, c->got, "\r\n\r\n", 4);
    if (!end) return 0;
    *end = 0;
    char *length = strcasestr(c->reply, "content-length:");
    size_t body = length ? strtoul(length + 15, NULL, 10) : 0;
    *end = '\r';
    return (size_t)(end - c->reply) + 4 + body;
}

static void finish(struct connection *c)
{
    int status = c->got > 12 ? atoi(c->reply + 9) : 0;
    if (status >= 100 && status < 600) statuses[status / 100]++;
    if (status < 200 || status > 299) {
        if (!failures++) fprintf(stderr, "load: first failure: %.*s\n", (int)(c->got > 600 ? 600 : c->got), c->reply);
    }
    if (c->answered++ && sample_count < MAX_SAMPLES) samples[sample_count++] = (float)(now() - c->started);
    request_count++;
}

static void receive(struct connection *c)
{
    ssize_t n = recv(c->fd, c->reply + c->got, READ - c->got, 0);
    if (n <= 0) {
        if (n < 0 && errno == EAGAIN) return;
        failures++;
        close(c->fd);
        open_connection(c);
        return;
    }
    c->got += (size_t)n;
    if (!c->expected) c->expected = reply_length(c);
    if (c->expected > READ) stop("a reply is longer than the buffer");
    if (!c->expected || c->got < c->expected) return;
    finish(c);
    if (now() < deadline) {
        fill_request(c);
        send_more(c);
    } else {
        close(c->fd);
        connection_count--;
    }
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void report(double seconds)
{
    qsort(samples, sample_count, sizeof *samples, by_size);
    double sum = 0;
    for (size_t i = 0; i < sample_count; i++) sum += samples[i];
    double at[3] = {0.50, 0.95, 0.99}, quantile[3] = {0};
    for (int i = 0; i < 3 && sample_count; i++) quantile[i] = samples[(size_t)(at[i] * (double)(sample_count - 1))];
    printf("{\"requests\": %zu, \"failures\": %zu, \"seconds\": %.4f, \"per_second\": %.1f, \"mean_ms\": %.3f, "
           "\"p50_ms\": %.3f, \"p95_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f}\n",
           request_count, failures, seconds, (double)request_count / seconds,
           sample_count ? 1e3 * sum / (double)sample_count : 0, 1e3 * quantile[0], 1e3 * quantile[1], 1e3 * quantile[2],
           sample_count ? 1e3 * samples[sample_count - 1] : 0);
}

int main(int argc, char **argv)
{
    if (argc != 7) stop("usage: load PORT CONNECTIONS SECONDS TEMPLATE VALUES PREFIX");
    port = atoi(argv[1]);
    connection_count = strtoul(argv[2], NULL, 10);
    double seconds = atof(argv[3]);
    if (seconds > 600 || connection_count > 4096 || strlen(argv[6]) != MARK) stop("bounds: 600 s, 4096 connections, 8 signs");
    size_t values_size;
    template = read_file(argv[4], &template_size);
    values = read_file(argv[5], &values_size);
    value_count = values_size / (VALUE + 1);
    memcpy(prefix, argv[6], MARK + 1);
    random_state ^= (uint64_t)getpid() << 20 ^ (uint64_t)time(NULL);
    find_slots("@", NUMBER, 'n');
    find_slots("#", MARK, 'p');
    find_slots("$", VALUE, 'v');
    samples = malloc(sizeof *samples * MAX_SAMPLES);
    server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, "127.0.0.1", &server.sin_addr);
    poll_fd = epoll_create1(0);

    size_t opened = connection_count;
    struct connection *all = calloc(opened, sizeof *all);
    double begun = now();
    deadline = begun + seconds;
    for (size_t i = 0; i < opened; i++) {
        all[i].request = malloc(template_size);
        memcpy(all[i].request, template, template_size);
        all[i].reply = malloc(READ + 1);
        open_connection(&all[i]);
    }
    struct epoll_event events[256];
    while (connection_count && now() < deadline + 10) {
        int n = epoll_wait(poll_fd, events, 256, 100);
        for (int i = 0; i < n; i++) receive(events[i].data.ptr);
    }
    report(now() - begun);
    return 0;
}
